#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <chemnne/chemistry/environment.hpp>
#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/chemistry/rate_context.hpp>
#include <chemnne/support/error.hpp>

namespace chemnne {

/// dc_i/dt = sum_r nu_ir k_r prod_j c_j^order_jr with its analytic sparse Jacobian, for one mechanism in one
/// environment.
///
/// Units: c and fixed species in molecules cm-3, time in s. Shapes: c and dcdt [size()], the mechanism's
/// variable species in order; Jacobian values [column_pointers().back()] in compressed columns, row indices
/// ascending, the whole diagonal present. `tendency` and `jacobian` do not allocate or throw. Copy it to give
/// each thread its own.
class ChemicalSystem {
 public:
  /// In the default environment; fixed species begin at the mechanism's initial values, or 0.
  explicit ChemicalSystem(const Mechanism& mechanism) : size_(mechanism.variable_species) {
    collect_fixed(mechanism);
    for (const Reaction& reaction : mechanism.reactions) add_reaction(reaction);
    build_pattern();
    set_environment({});
  }

  /// Number of variable species.
  std::size_t size() const { return size_; }
  std::size_t reactions() const { return rates_.size(); }

  /// Evaluates all rate constants, and sets those fixed species that are named M, O2, N2 or H2O.
  /// Errors: Error when the environment is not physical, or a rate constant is not finite (names the
  /// reaction).
  void set_environment(const Environment& environment) {
    const RateContext context = make_rate_context(environment);
    for (std::size_t r = 0; r < rates_.size(); ++r) {
      rate_constants_[r] = rates_[r].value(context);
      if (!std::isfinite(rate_constants_[r]))
        throw Error("reaction <" + labels_[r] + ">", "a finite rate constant",
                    std::to_string(rate_constants_[r]));
    }
    for (const auto& [index, variable] : environment_fixed_) fixed_[index] = context.*variable;
    fold_fixed_species();
  }

  /// k_r [(cm3 molecule-1)^(order-1) s-1], without the fixed species.
  std::span<const double> rate_constants() const { return rate_constants_; }

  /// Number densities of the fixed species, in the mechanism's order; M, O2, N2 and H2O until the next
  /// `set_environment`. Errors: Error when the count is not that of the fixed species.
  void set_fixed(std::span<const double> values) {
    if (values.size() != fixed_.size())
      throw Error("fixed species", std::to_string(fixed_.size()) + " values", std::to_string(values.size()));
    fixed_.assign(values.begin(), values.end());
    fold_fixed_species();
  }
  std::span<const double> fixed() const { return fixed_; }

  /// f(c). Cost: (factors + changes) multiply-adds.
  void tendency(std::span<const double> c, std::span<double> dcdt) const {
    std::fill(dcdt.begin(), dcdt.end(), 0.0);
    for (std::size_t r = 0; r < effective_.size(); ++r) {
      double rate = effective_[r];
      for (std::size_t f = factor_begin_[r]; f < factor_begin_[r + 1]; ++f) rate *= c[factors_[f]];
      for (std::size_t n = change_begin_[r]; n < change_begin_[r + 1]; ++n)
        dcdt[changes_[n].species] += changes_[n].coefficient * rate;
    }
  }

  /// Compressed columns of the pattern [size() + 1].
  std::span<const int> column_pointers() const { return column_pointers_; }
  std::span<const int> row_indices() const { return row_indices_; }

  /// df_i/dc_j in the order of `row_indices`.
  void jacobian(std::span<const double> c, std::span<double> values) const {
    std::fill(values.begin(), values.end(), 0.0);
    const std::size_t* position = positions_.data();
    for (std::size_t r = 0; r < effective_.size(); ++r) {
      for (std::size_t f = factor_begin_[r]; f < factor_begin_[r + 1]; f += multiplicity(r, f)) {
        const double derivative = rate_derivative(c, r, f);
        for (std::size_t n = change_begin_[r]; n < change_begin_[r + 1]; ++n)
          values[*position++] += changes_[n].coefficient * derivative;
      }
    }
  }

 private:
  struct FixedFactor {
    std::size_t reaction;
    std::size_t fixed;
    int order;
  };

  void collect_fixed(const Mechanism& mechanism) {
    static constexpr std::array<std::string_view, 4> from_environment{"M", "O2", "N2", "H2O"};
    for (std::size_t i = size_; i < mechanism.species.size(); ++i) {
      const std::string& name = mechanism.species[i].name;
      const auto initial = mechanism.initial_values.find(name);
      fixed_.push_back(initial == mechanism.initial_values.end() ? 0 : initial->second);
      if (std::find(from_environment.begin(), from_environment.end(), name) == from_environment.end())
        continue;
      for (const NamedRateVariable& row : rate_variables)
        if (row.name == name) environment_fixed_.emplace_back(i - size_, row.variable);
    }
  }

  void add_reaction(const Reaction& reaction) {
    std::vector<Term> changes;
    for (const Term& term : reaction.reactants) {
      add_factor(term);
      add_change(changes, {term.species, -term.coefficient});
    }
    for (const Term& term : reaction.products) add_change(changes, term);
    std::sort(factors_.begin() + static_cast<std::ptrdiff_t>(factor_begin_.back()), factors_.end());
    factor_begin_.push_back(factors_.size());
    for (const Term& change : changes)
      if (change.coefficient != 0) changes_.push_back(change);
    change_begin_.push_back(changes_.size());
    rates_.push_back(reaction.rate);
    labels_.push_back(reaction.label);
    rate_constants_.push_back(0);
    effective_.push_back(0);
  }

  /// A variable species as often as its order says; a fixed one is folded into the rate constant later.
  void add_factor(const Term& term) {
    const int order = static_cast<int>(term.coefficient);
    if (order < 1 || order != term.coefficient)
      throw Error("reaction " + std::to_string(rates_.size() + 1), "whole orders of 1 or more",
                  std::to_string(term.coefficient));
    if (term.species >= size_)
      fixed_factors_.push_back({rates_.size(), term.species - size_, order});
    else
      factors_.insert(factors_.end(), static_cast<std::size_t>(order), term.species);
  }

  void add_change(std::vector<Term>& changes, const Term& term) const {
    if (term.species >= size_) return;
    const auto same = [&](const Term& other) { return other.species == term.species; };
    const auto found = std::find_if(changes.begin(), changes.end(), same);
    if (found == changes.end())
      changes.push_back(term);
    else
      found->coefficient += term.coefficient;
  }

  void fold_fixed_species() {
    effective_ = rate_constants_;
    for (const FixedFactor& factor : fixed_factors_)
      effective_[factor.reaction] *= std::pow(fixed_[factor.fixed], factor.order);
  }

  /// How often the species of factor f of reaction r occurs; equal ones stand together.
  std::size_t multiplicity(std::size_t r, std::size_t f) const {
    std::size_t end = f + 1;
    while (end < factor_begin_[r + 1] && factors_[end] == factors_[f]) ++end;
    return end - f;
  }

  /// d(rate)/dc of the species of factor f: its order times the product of the other factors.
  double rate_derivative(std::span<const double> c, std::size_t r, std::size_t f) const {
    double derivative = effective_[r] * static_cast<double>(multiplicity(r, f));
    for (std::size_t other = factor_begin_[r]; other < factor_begin_[r + 1]; ++other)
      if (other != f) derivative *= c[factors_[other]];
    return derivative;
  }

  void build_pattern() {
    std::vector<std::vector<int>> rows(size_);
    for (std::size_t i = 0; i < size_; ++i) rows[i].push_back(static_cast<int>(i));
    for_each_entry(
        [&](std::size_t row, std::size_t column) { rows[column].push_back(static_cast<int>(row)); });
    column_pointers_.push_back(0);
    for (std::vector<int>& column : rows) {
      std::sort(column.begin(), column.end());
      column.erase(std::unique(column.begin(), column.end()), column.end());
      row_indices_.insert(row_indices_.end(), column.begin(), column.end());
      column_pointers_.push_back(static_cast<int>(row_indices_.size()));
    }
    for_each_entry([&](std::size_t row, std::size_t column) { positions_.push_back(position(row, column)); });
  }

  /// Calls visit(row, column) for every contribution, in the order in which `jacobian` adds them.
  template <class Visitor>
  void for_each_entry(Visitor visit) const {
    for (std::size_t r = 0; r < rates_.size(); ++r)
      for (std::size_t f = factor_begin_[r]; f < factor_begin_[r + 1]; f += multiplicity(r, f))
        for (std::size_t n = change_begin_[r]; n < change_begin_[r + 1]; ++n)
          visit(changes_[n].species, factors_[f]);
  }

  std::size_t position(std::size_t row, std::size_t column) const {
    const auto begin = row_indices_.begin() + column_pointers_[column];
    const auto end = row_indices_.begin() + column_pointers_[column + 1];
    return static_cast<std::size_t>(std::lower_bound(begin, end, static_cast<int>(row)) -
                                    row_indices_.begin());
  }

  std::size_t size_;
  std::vector<RateExpression> rates_;
  std::vector<std::string> labels_;
  std::vector<double> rate_constants_;
  std::vector<double> effective_;  ///< rate constants times the fixed species
  std::vector<double> fixed_;
  std::vector<std::pair<std::size_t, RateVariable>> environment_fixed_;
  std::vector<FixedFactor> fixed_factors_;
  std::vector<std::size_t> factor_begin_{
      0};                             ///< factors of reaction r: [factor_begin_[r], factor_begin_[r + 1])
  std::vector<std::size_t> factors_;  ///< variable species, repeated by order, ascending in each reaction
  std::vector<std::size_t> change_begin_{0};
  std::vector<Term> changes_;  ///< net stoichiometry of variable species, zeros left out
  std::vector<int> column_pointers_;
  std::vector<int> row_indices_;
  std::vector<std::size_t> positions_;  ///< of each contribution in the Jacobian's values
};

}  // namespace chemnne
