#pragma once
#include <algorithm>
#include <cstddef>
#include <exception>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <chemnne/chemistry/chemical_system.hpp>
#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/data/environment_model.hpp>
#include <chemnne/reference/reference_solver.hpp>
#include <chemnne/support/error.hpp>

namespace chemnne {

/// The reference solution as what a guarded step falls back to: `FallBack(ReferenceFallback(...))` solves a
/// suspicious cell with CVODE over the step, in the environment that the cell's conditions describe.
///
/// A cell that is not physical (a value not finite, an environment out of all bounds) or that CVODE cannot
/// finish is not solved; negative number densities count as 0. One a thread; it allocates.
class ReferenceFallback {
 public:
  /// `species` and `conditions` are the emulator's outputs and conditions in order; `ranges` those of its
  /// training data, which say what the conditions mean to the mechanism. Errors: Error naming a variable
  /// species of the mechanism that the emulator does not have, for then its state is not whole, or a
  /// condition that the mechanism needs and the emulator has not.
  ReferenceFallback(const Mechanism& mechanism, const ScenarioRanges& ranges,
                    const std::vector<std::string>& species, const std::vector<std::string>& conditions,
                    const ReferenceOptions& options = {.relative_tolerance = 1e-4, .absolute_tolerance = 1})
      : mechanism_(std::make_shared<const Mechanism>(mechanism)),
        environment_(*mechanism_, ranges),
        system_(std::make_unique<ChemicalSystem>(*mechanism_)),
        solver_(std::make_unique<ReferenceSolver<ChemicalSystem>>(*system_, options)),
        state_(mechanism.variable_species) {
    for (std::size_t i = 0; i < mechanism.variable_species; ++i)
      species_.push_back(place(mechanism.species[i].name, species, "a species of the emulator"));
    for (std::size_t k = 0; k < environment_.condition_count(); ++k)
      conditions_.push_back(place(environment_.columns()[k].name, conditions, "a condition of the emulator"));
    values_.resize(conditions_.size());
  }

  /// `cell` has the spans `before`, `conditions` and `after` and the number `seconds` (GuardedCell).
  template <class Cell>
  bool operator()(Cell& cell) noexcept {
    for (std::size_t i = 0; i < state_.size(); ++i) {
      const std::size_t at = species_[i];
      if (at >= cell.before.size()) return false;  // predicted, not given: not known at the start
      state_[i] = std::max(0.0, cell.before[at]);
      if (!(cell.before[at] <= largest)) return false;
    }
    for (std::size_t k = 0; k < values_.size(); ++k) values_[k] = cell.conditions[conditions_[k]];
    try {
      const Environment environment = environment_.of_conditions(values_);
      check_environment(environment);
      system_->set_environment(environment);
      if (!solver_->integrate(state_, cell.seconds)) return false;
    } catch (const std::exception&) {
      return false;
    }
    for (std::size_t i = 0; i < state_.size(); ++i) cell.after[species_[i]] = state_[i];
    return true;
  }

 private:
  static constexpr double largest = 1e25;  ///< molecules cm-3, a million times air

  static std::size_t place(const std::string& name, const std::vector<std::string>& names, const char* what) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) throw Error("reference fallback", what + (" named '" + name + "'"), "none");
    return static_cast<std::size_t>(found - names.begin());
  }

  std::shared_ptr<const Mechanism> mechanism_;
  EnvironmentModel environment_;
  std::unique_ptr<ChemicalSystem> system_;
  std::unique_ptr<ReferenceSolver<ChemicalSystem>> solver_;
  std::vector<std::size_t> species_, conditions_;
  std::vector<double> state_, values_;
};

}  // namespace chemnne
