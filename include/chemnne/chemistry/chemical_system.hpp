#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <chemnne/chemistry/environment.hpp>
#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/chemistry/rate_context.hpp>
#include <chemnne/chemistry/stoichiometry.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/number_text.hpp>

namespace chemnne {

/// dc_i/dt = sum_r nu_ir (k_r + b_r S) prod_j c_j^order_jr, S = sum of the peroxy radicals (RO2), with its
/// analytic Jacobian, for one mechanism in one environment.
///
/// The Jacobian is a sparse matrix plus a matrix of rank one: df/dc = J + u v^T, where J holds S fixed, u_i =
/// sum_r nu_ir b_r prod_j c_j^order_jr, and v is 1 for peroxy radicals, else 0. Written out, the second part
/// would fill a column for each of some hundred peroxy radicals.
/// Units: c and fixed species in molecules cm-3, time in s. Shapes: c, dcdt and u [size()], the mechanism's
/// variable species in order; Jacobian values [column_pointers().back()] in compressed columns, row indices
/// ascending, the whole diagonal present. `tendency`, `jacobian` and `rank_one_factor` do not allocate or
/// throw. Copy it to give each thread its own.
class ChemicalSystem {
 public:
  /// Fixed species begin at the mechanism's initial values, or 0; parameters are not set, and rate constants
  /// neither before the environment is.
  explicit ChemicalSystem(const Mechanism& mechanism)
      : size_(mechanism.variable_species),
        photolysis_(mechanism.photolysis.version),
        stoichiometry_(mechanism) {
    collect_fixed(mechanism);
    for (const Reaction& reaction : mechanism.reactions) add_rate(reaction);
    build_pattern();
    peroxy_radicals_ = mechanism.peroxy_radicals;
    for (const Parameter& parameter : mechanism.parameters) {
      parameter_places_.emplace(parameter.name, parameter_names_.size());
      parameter_names_.push_back(parameter.name);
    }
    parameters_.assign(parameter_names_.size(), std::numeric_limits<double>::quiet_NaN());
  }

  /// Number of variable species.
  std::size_t size() const { return size_; }
  std::size_t reactions() const { return rates_.size(); }

  /// Sets a parameter of the mechanism; it counts from the next `set_environment` on. Errors: Error listing
  /// the mechanism's parameters when it has no such one.
  void set_parameter(std::string_view name, double value) {
    const auto found = parameter_places_.find(name);
    if (found == parameter_places_.end()) {
      std::string known;
      for (const std::string& one : parameter_names_) known += (known.empty() ? "one of " : ", ") + one;
      throw Error("parameter of the mechanism", known.empty() ? "none: it has no parameters" : known,
                  "'" + std::string(name) + "'");
    }
    parameters_[found->second] = value;
  }
  /// In the order of Mechanism::parameters; not a number before it is set.
  std::span<const double> parameters() const { return parameters_; }

  /// Evaluates all rate constants in the environment, with its parameters if it has some.
  /// Errors: Error when the environment is not physical or has another number of parameters; as below.
  void set_environment(const Environment& environment) {
    if (!environment.parameters.empty()) {
      if (environment.parameters.size() != parameters_.size())
        throw Error("environment, parameters",
                    std::to_string(parameters_.size()) + " values (the mechanism's)",
                    std::to_string(environment.parameters.size()));
      parameters_ = environment.parameters;
    }
    set_rate_context(make_rate_context(environment, photolysis_));
  }

  /// Evaluates all rate constants from numbers that the host knows better, and sets those fixed species that
  /// follow the environment. The parameters are those of `set_parameter`.
  /// Errors: Error when a rate constant is not finite: names the reaction, and a parameter that is not set.
  void set_rate_context(const RateContext& context) {
    for (const auto& [index, abundance] : environment_fixed_)
      fixed_[index] = abundance.factor * (context.*abundance.variable);
    context_ = context;
    context_->parameters = context_->fixed = {};
    context_->peroxy_radicals = 0;
    evaluate_rates(context);
  }

  /// What the rate constants were evaluated from last, without RO2, parameters and fixed species: once an
  /// environment has been set.
  const RateContext& rate_context() const { return *context_; }

  /// k_r + b_r S [(cm3 molecule-1)^(order-1) s-1] at a state, without the fixed species.
  std::vector<double> rate_constants(std::span<const double> c) const {
    std::vector<double> constants = rate_constants_;
    const double sum = peroxy_radical_sum(c);
    for (std::size_t r = 0; r < constants.size(); ++r) constants[r] += slopes_[r] * sum;
    return constants;
  }

  /// The rate of each reaction [molecules cm-3 s-1] at a state.
  std::vector<double> reaction_rates(std::span<const double> c) const {
    const double sum = peroxy_radical_sum(c);
    std::vector<double> rates(effective_.size());
    for (std::size_t r = 0; r < rates.size(); ++r) {
      rates[r] = effective_[r] + effective_slopes_[r] * sum;
      for (const std::size_t factor : stoichiometry_.factors(r)) rates[r] *= c[factor];
    }
    return rates;
  }

  /// k_r and b_r of each reaction with the fixed species folded in: the rate is (k_r + b_r S) times the
  /// variable species.
  std::span<const double> effective_rate_constants() const { return effective_; }
  std::span<const double> effective_slopes() const { return effective_slopes_; }

  /// S, the sum of the peroxy radicals [molecules cm-3].
  double peroxy_radical_sum(std::span<const double> c) const {
    double sum = 0;
    for (const std::size_t i : peroxy_radicals_) sum += c[i];
    return sum;
  }
  /// The places of v = 1, ascending.
  std::span<const std::size_t> peroxy_radicals() const { return peroxy_radicals_; }

  /// Number densities of the fixed species, in the mechanism's order; M, O2, N2 and H2O until the next
  /// `set_environment`. Errors: Error when the count is not that of the fixed species, or a rate constant
  /// that follows one is not finite.
  void set_fixed(std::span<const double> values) {
    if (values.size() != fixed_.size())
      throw Error("fixed species", std::to_string(fixed_.size()) + " values", std::to_string(values.size()));
    fixed_.assign(values.begin(), values.end());
    rates_follow_fixed_&& context_ ? evaluate_rates(*context_) : fold_fixed_species();
  }
  std::span<const double> fixed() const { return fixed_; }

  /// f(c). Cost: (factors + changes) multiply-adds.
  void tendency(std::span<const double> c, std::span<double> dcdt) const {
    const double sum = peroxy_radical_sum(c);
    std::fill(dcdt.begin(), dcdt.end(), 0.0);
    for (std::size_t r = 0; r < effective_.size(); ++r) {
      double rate = effective_[r] + effective_slopes_[r] * sum;
      for (const std::size_t factor : stoichiometry_.factors(r)) rate *= c[factor];
      for (const Term& change : stoichiometry_.changes(r)) dcdt[change.species] += change.coefficient * rate;
    }
  }

  /// Compressed columns of the pattern [size() + 1].
  std::span<const int> column_pointers() const { return column_pointers_; }
  std::span<const int> row_indices() const { return row_indices_; }

  /// Production P_i and loss L_i [molecules cm-3 s-1], both >= 0 where c is: f = P - L. What a reaction makes
  /// and takes of one species counts net.
  void turnover(std::span<const double> c, std::span<double> production, std::span<double> loss) const {
    const double sum = peroxy_radical_sum(c);
    std::fill(production.begin(), production.end(), 0.0);
    std::fill(loss.begin(), loss.end(), 0.0);
    for (std::size_t r = 0; r < effective_.size(); ++r) {
      double rate = effective_[r] + effective_slopes_[r] * sum;
      for (const std::size_t factor : stoichiometry_.factors(r)) rate *= c[factor];
      for (const Term& term : stoichiometry_.changes(r)) {
        const double change = term.coefficient * rate;
        (change > 0 ? production : loss)[term.species] += std::abs(change);
      }
    }
  }

  /// J_ij = df_i/dc_j with S held fixed, in the order of `row_indices`.
  void jacobian(std::span<const double> c, std::span<double> values) const {
    const double sum = peroxy_radical_sum(c);
    std::fill(values.begin(), values.end(), 0.0);
    const std::size_t* position = positions_.data();
    for (std::size_t r = 0; r < effective_.size(); ++r) {
      const std::span<const std::size_t> factors = stoichiometry_.factors(r);
      stoichiometry_.for_each_derivative(r, [&](std::size_t f, std::size_t multiplicity) {
        double derivative = (effective_[r] + effective_slopes_[r] * sum) * static_cast<double>(multiplicity);
        for (std::size_t other = 0; other < factors.size(); ++other)
          if (other != f) derivative *= c[factors[other]];
        for (const Term& change : stoichiometry_.changes(r))
          values[*position++] += change.coefficient * derivative;
      });
    }
  }

  /// u of the Jacobian's part of rank one.
  void rank_one_factor(std::span<const double> c, std::span<double> u) const {
    std::fill(u.begin(), u.end(), 0.0);
    for (std::size_t r = 0; r < effective_slopes_.size(); ++r) {
      if (effective_slopes_[r] == 0) continue;
      double rate = effective_slopes_[r];
      for (const std::size_t factor : stoichiometry_.factors(r)) rate *= c[factor];
      for (const Term& change : stoichiometry_.changes(r)) u[change.species] += change.coefficient * rate;
    }
  }

 private:
  void collect_fixed(const Mechanism& mechanism) {
    for (std::size_t i = size_; i < mechanism.species.size(); ++i) {
      const Species& species = mechanism.species[i];
      const auto initial = mechanism.initial_values.find(species.name);
      fixed_.push_back(initial == mechanism.initial_values.end() ? 0 : initial->second);
      if (species.abundance) environment_fixed_.emplace_back(i - size_, *species.abundance);
    }
  }

  [[noreturn]] void fail_at(std::size_t r) const {
    for (const RateInstruction& instruction : rates_[r].program())
      if (instruction.operation == RateOperation::parameter && std::isnan(parameters_[instruction.index]))
        throw Error("reaction <" + labels_[r] + ">",
                    "a value of the parameter " + parameter_names_[instruction.index], "none");
    throw Error("reaction <" + labels_[r] + ">", "a finite rate constant", number_text(rate_constants_[r]));
  }

  void evaluate_rates(RateContext context) {
    context.parameters = parameters_;
    context.fixed = fixed_;
    for (std::size_t r = 0; r < rates_.size(); ++r) {
      context.peroxy_radicals = 0;
      rate_constants_[r] = rates_[r].value(context);
      if (uses_peroxy_radicals_[r]) {
        // A power of two of the size of RO2: exact where the rate is proportional to it.
        context.peroxy_radicals = 0x1p30;
        slopes_[r] = (rates_[r].value(context) - rate_constants_[r]) * 0x1p-30;
      }
      if (!std::isfinite(rate_constants_[r]) || !std::isfinite(slopes_[r])) fail_at(r);
    }
    fold_fixed_species();
  }

  void add_rate(const Reaction& reaction) {
    rates_.push_back(reaction.rate);
    labels_.push_back(reaction.label);
    uses_peroxy_radicals_.push_back(reaction.rate.uses_peroxy_radicals());
    rates_follow_fixed_ = rates_follow_fixed_ || reaction.rate.uses(RateOperation::fixed);
    for (std::vector<double>* const values : {&rate_constants_, &slopes_, &effective_, &effective_slopes_})
      values->push_back(0);
  }

  void fold_fixed_species() {
    effective_ = rate_constants_;
    effective_slopes_ = slopes_;
    for (const Stoichiometry::FixedFactor& factor : stoichiometry_.fixed_factors()) {
      const double density = std::pow(fixed_[factor.fixed], factor.order);
      effective_[factor.reaction] *= density;
      effective_slopes_[factor.reaction] *= density;
    }
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
      stoichiometry_.for_each_derivative(r, [&](std::size_t f, std::size_t) {
        for (const Term& change : stoichiometry_.changes(r))
          visit(change.species, stoichiometry_.factors(r)[f]);
      });
  }

  std::size_t position(std::size_t row, std::size_t column) const {
    const auto begin = row_indices_.begin() + column_pointers_[column];
    const auto end = row_indices_.begin() + column_pointers_[column + 1];
    return static_cast<std::size_t>(std::lower_bound(begin, end, static_cast<int>(row)) -
                                    row_indices_.begin());
  }

  std::size_t size_;
  McmVersion photolysis_;
  Stoichiometry stoichiometry_;
  std::vector<RateExpression> rates_;
  std::vector<std::string> labels_;
  std::vector<std::string> parameter_names_;
  std::map<std::string, std::size_t, std::less<>> parameter_places_;
  std::vector<double> parameters_;
  std::vector<std::size_t> peroxy_radicals_;
  std::vector<bool> uses_peroxy_radicals_;
  std::vector<double> rate_constants_;    ///< k_r
  std::vector<double> slopes_;            ///< b_r
  std::vector<double> effective_;         ///< k_r times the fixed species
  std::vector<double> effective_slopes_;  ///< b_r times the fixed species
  std::vector<double> fixed_;
  bool rates_follow_fixed_ = false;
  std::optional<RateContext> context_;
  std::vector<std::pair<std::size_t, Abundance>> environment_fixed_;
  std::vector<int> column_pointers_;
  std::vector<int> row_indices_;
  std::vector<std::size_t> positions_;  ///< of each contribution in the Jacobian's values
};

}  // namespace chemnne
