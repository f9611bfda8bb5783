#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <chemnne/chemistry/chemical_system.hpp>
#include <chemnne/chemistry/mechanism_edit.hpp>
#include <chemnne/chemistry/prescribed_rates.hpp>
#include <chemnne/data/box_solver.hpp>
#include <chemnne/data/check_states.hpp>
#include <chemnne/support/number_text.hpp>

namespace chemnne {

/// The largest relative difference of one kind, and where it was.
struct LargestDifference {
  double value = 0;
  std::string where = "no difference";

  /// NaN counts as infinite: what is not a number agrees with nothing.
  void add(double difference, const std::string& at) {
    if (std::isnan(difference)) difference = std::numeric_limits<double>::infinity();
    if (difference > value) *this = {difference, at};
  }
};

/// Our chemistry against states that another program computed.
class MechanismCheck {
 public:
  /// All species of the file vary in ours, but those that it holds in each state; rate constants among its
  /// environment values, by "<label>", take the place of ours. Errors: Error when species, reactions or
  /// labels do not fit.
  MechanismCheck(Mechanism mechanism, const CheckStates& states, SolverKind kind,
                 const ReferenceOptions& options, double floor)
      : mechanism_(std::move(mechanism)), states_(states), kind_(kind), options_(options), floor_(floor) {
    prescribe_rates(mechanism_, states.rate_names(), "environment_name of the states");
    make_variable(mechanism_, states.species_name);
    make_fixed(mechanism_, states.fixed_name);
    if (states.reactions != mechanism_.reactions.size())
      throw Error("states", std::to_string(mechanism_.reactions.size()) + " reactions (the mechanism's)",
                  std::to_string(states.reactions));
    for (const std::string& name : states.species_name) place_.push_back(variable_place(name));
    for (const std::string& name : states.fixed_name) {
      const std::size_t place = mechanism_.index_of(name);
      mechanism_.species[place].abundance.reset();
      fixed_place_.push_back(place - mechanism_.variable_species);
    }
    of_species.resize(place_.size());
  }

  void run() {
    ChemicalSystem system(mechanism_);
    BoxSolver solver(mechanism_, system, kind_, options_);
    for (std::size_t i = 0; i < states_.cases(); ++i) {
      set_environment(system, mechanism_, states_, i);
      set_fixed(system, i);
      std::vector<double> state(system.size(), 0.0);
      for (std::size_t k = 0; k < place_.size(); ++k) state[place_[k]] = states_.state(i, 0)[k];
      compare_rates(system, state, i);
      compare_tendency(system, state, i);
      compare_solution(solver, state, i);
    }
  }

  LargestDifference rate_constant;  ///< |k - k'| / |k'|
  LargestDifference peroxy_radical_sum;
  LargestDifference tendency;                 ///< |f - f'| / max(production, loss)
  LargestDifference solution;                 ///< |c - c'| / max(c', floor)
  std::vector<LargestDifference> of_species;  ///< of the solution, in the order of the file

 private:
  std::size_t variable_place(const std::string& name) const {
    const std::size_t place = mechanism_.index_of(name);
    if (place >= mechanism_.variable_species)
      throw Error("states", "a species that varies or is fixed", "'" + name + "' as both");
    return place;
  }

  void set_fixed(ChemicalSystem& system, std::size_t i) const {
    std::vector<double> fixed(system.fixed().begin(), system.fixed().end());
    for (std::size_t k = 0; k < fixed_place_.size(); ++k) fixed[fixed_place_[k]] = states_.fixed(i)[k];
    system.set_fixed(fixed);
  }

  static std::string state_name(std::size_t i) { return "state " + std::to_string(i + 1); }

  void compare_rates(const ChemicalSystem& system, const std::vector<double>& state, std::size_t i) {
    const std::vector<double> ours = system.rate_constants(state);
    for (std::size_t r = 0; r < ours.size(); ++r) {
      const double theirs = states_.rate_constant[i * ours.size() + r];
      if (ours[r] != theirs)
        rate_constant.add(std::abs(ours[r] - theirs) / std::abs(theirs),
                          state_name(i) + ", reaction <" + mechanism_.reactions[r].label + "> (number " +
                              std::to_string(r + 1) + ") " + mechanism_.reactions[r].text);
    }
    const double sum = states_.peroxy_radical_sum[i];
    if (sum != 0 || system.peroxy_radical_sum(state) != 0)
      peroxy_radical_sum.add(std::abs(system.peroxy_radical_sum(state) - sum) / std::abs(sum), state_name(i));
  }

  void compare_tendency(const ChemicalSystem& system, const std::vector<double>& state, std::size_t i) {
    std::vector<double> ours(system.size()), production(system.size()), loss(system.size());
    system.tendency(state, ours);
    system.turnover(state, production, loss);
    for (std::size_t k = 0; k < place_.size(); ++k) {
      const std::size_t s = place_[k];
      const double difference = std::abs(ours[s] - states_.tendency[i * place_.size() + k]);
      if (difference != 0)
        tendency.add(difference / std::max(production[s], loss[s]),
                     state_name(i) + ", " + states_.species_name[k]);
    }
  }

  void compare_solution(BoxSolver& solver, const std::vector<double>& state, std::size_t i) {
    std::vector<double> ours(states_.frames() * state.size());
    const SolverStatus status = solver.trajectory(state, states_.time, ours);
    if (!status) throw Error(state_name(i), "a solution", status.reason);
    for (std::size_t frame = 0; frame < states_.frames(); ++frame)
      for (std::size_t k = 0; k < place_.size(); ++k) {
        const double theirs = states_.state(i, frame)[k];
        const double difference = std::abs(ours[frame * state.size() + place_[k]] - theirs);
        if (difference == 0) continue;
        const std::string time = " at " + number_text(states_.time[frame], 6) + " s";
        const double relative = difference / std::max(theirs, floor_);
        solution.add(relative, state_name(i) + ", " + states_.species_name[k] + time);
        of_species[k].add(relative, state_name(i) + time);
      }
  }

  Mechanism mechanism_;
  const CheckStates& states_;
  SolverKind kind_;
  ReferenceOptions options_;
  double floor_;
  std::vector<std::size_t> place_;        ///< of the file's species in ours
  std::vector<std::size_t> fixed_place_;  ///< of those that it holds, among our fixed ones
};

}  // namespace chemnne
