#pragma once
#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/number_text.hpp>

namespace chemnne {

/// Who reacts and what comes of it, for the variable species of a mechanism:
///
///     rate_r = k_r prod_{i in factors(r)} c_i,   dc_i/dt = sum_r nu_ir rate_r, nu_ir in changes(r).
///
/// Fixed species are no factors: their powers belong to k_r (`fixed_factors`).
class Stoichiometry {
 public:
  /// The power `order` of a fixed species that belongs to the k_r of a reaction.
  struct FixedFactor {
    std::size_t reaction;
    std::size_t fixed;  ///< place among the fixed species
    int order;
  };

  /// Errors: Error naming a reaction whose order is not a whole number of 1 or more.
  explicit Stoichiometry(const Mechanism& mechanism) : species_(mechanism.variable_species) {
    for (const Reaction& reaction : mechanism.reactions) add(reaction);
  }

  /// Number of variable species.
  std::size_t species() const { return species_; }
  std::size_t reactions() const { return factor_begin_.size() - 1; }

  /// Variable species that the rate is a product of, repeated by order, ascending.
  std::span<const std::size_t> factors(std::size_t reaction) const {
    return std::span(factors_).subspan(factor_begin_[reaction],
                                       factor_begin_[reaction + 1] - factor_begin_[reaction]);
  }
  /// Net change of the variable species by one turn of the reaction; none that is zero.
  std::span<const Term> changes(std::size_t reaction) const {
    return std::span(changes_).subspan(change_begin_[reaction],
                                       change_begin_[reaction + 1] - change_begin_[reaction]);
  }
  std::span<const FixedFactor> fixed_factors() const { return fixed_factors_; }

  /// visit(f, multiplicity) for each species that the rate of a reaction follows, factors(reaction)[f]: d
  /// rate/dc of it is k_r times its multiplicity times the product of all factors but f.
  template <class Visitor>
  void for_each_derivative(std::size_t reaction, const Visitor& visit) const {
    const std::span<const std::size_t> all = factors(reaction);
    for (std::size_t f = 0, end = 0; f < all.size(); f = end) {
      for (end = f + 1; end < all.size() && all[end] == all[f];) ++end;
      visit(f, end - f);
    }
  }

 private:
  void add(const Reaction& reaction) {
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
  }

  /// A variable species as often as its order says.
  void add_factor(const Term& term) {
    const std::size_t reaction = factor_begin_.size() - 1;
    const int order = static_cast<int>(term.coefficient);
    if (order < 1 || order != term.coefficient)
      throw Error("reaction " + std::to_string(reaction + 1), "whole orders of 1 or more",
                  number_text(term.coefficient));
    if (term.species >= species_)
      fixed_factors_.push_back({reaction, term.species - species_, order});
    else
      factors_.insert(factors_.end(), static_cast<std::size_t>(order), term.species);
  }

  void add_change(std::vector<Term>& changes, const Term& term) const {
    if (term.species >= species_) return;
    const auto same = [&](const Term& other) { return other.species == term.species; };
    const auto found = std::find_if(changes.begin(), changes.end(), same);
    if (found == changes.end())
      changes.push_back(term);
    else
      found->coefficient += term.coefficient;
  }

  std::size_t species_;
  std::vector<std::size_t> factor_begin_{0};
  std::vector<std::size_t> factors_;
  std::vector<std::size_t> change_begin_{0};
  std::vector<Term> changes_;
  std::vector<FixedFactor> fixed_factors_;
};

}  // namespace chemnne
