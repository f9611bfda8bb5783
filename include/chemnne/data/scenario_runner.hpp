#pragma once
#include <cstdint>
#include <vector>

#include <chemnne/chemistry/chemical_system.hpp>
#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/data/open_air.hpp>
#include <chemnne/data/scenario_script.hpp>
#include <chemnne/reference/reference_solver.hpp>

namespace chemnne {

/// Computes scenarios (ScenarioScript) one after another with CVODE: each thread owns a runner.
class ScenarioRunner {
 public:
  /// Arguments and errors: see ScenarioScript.
  ScenarioRunner(const Mechanism& mechanism, const ScenarioRanges& ranges, const SpeciesSelection& selection,
                 const WindowOptions& options, std::uint64_t seed, const ScenarioStarts* start = nullptr)
      : script_(mechanism, ranges, selection, options, seed, start),
        system_(mechanism),
        open_air_(system_),
        spin_up_solver_(open_air_, spin_up_options(options)),
        label_solver_(system_, options.reference) {}

  /// Times of the frames of a window [s].
  const std::vector<double>& times() const noexcept { return script_.times(); }

  /// The windows of a scenario, spun up and solved, or why there are none (ScenarioWindows::failure).
  ScenarioWindows run(const Scenario& scenario) {
    ScenarioWindows windows;
    for (auto legs = script_.run(scenario, windows); legs.next();) solve(legs.value());
    return windows;
  }

 private:
  static ReferenceOptions spin_up_options(const WindowOptions& options) {
    ReferenceOptions spin_up = options.reference;
    spin_up.relative_tolerance = options.spin_up_relative_tolerance.value_or(1e-5);
    return spin_up;
  }

  void solve(ScenarioLeg& leg) {
    system_.set_environment(leg.environment);
    leg.states.resize(leg.times.size() * leg.start.size());
    if (leg.around && leg.holding)
      open_air_.hold(leg.around->dilution, leg.around->held);
    else if (leg.around)
      open_air_.release(leg.around->dilution, leg.around->held);
    const SolverStatus status = leg.label ? label_solver_.trajectory(leg.start, leg.times, leg.states)
                                          : spin_up_solver_.trajectory(leg.start, leg.times, leg.states);
    leg.failure = status.reason;
  }

  ScenarioScript script_;
  ChemicalSystem system_;
  OpenAir<ChemicalSystem> open_air_;
  ReferenceSolver<OpenAir<ChemicalSystem>> spin_up_solver_;
  ReferenceSolver<ChemicalSystem> label_solver_;
};

}  // namespace chemnne
