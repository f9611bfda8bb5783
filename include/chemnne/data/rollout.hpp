#pragma once
#include <algorithm>
#include <cstddef>
#include <limits>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include <chemnne/chemistry/chemical_system.hpp>
#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/data/dataset.hpp>
#include <chemnne/data/environment_model.hpp>
#include <chemnne/data/share_work.hpp>
#include <chemnne/reference/reference_solver.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/progress.hpp>

namespace chemnne {

/// How long the steps of a roll-out are, and how they are solved.
struct RolloutOptions {
  /// s, of each step.
  double step_length = 3600;
  ReferenceOptions reference = {};
  /// 0: all that OpenMP gives. The result does not depend on it.
  int threads = 0;
};

/// States at the ends of consecutive steps.
struct Rollout {
  std::vector<float>
      concentration;  ///< [case][steps + 1][species], the start first; not numbers after a failure
  std::vector<std::string> failure;  ///< [case], empty on success
};

/// Environments of the `steps` hours from the start of each given window of a generated data set: its
/// weather, with the sun moving on. Shape: [window][step]. Errors: see EnvironmentModel::conditions_of.
inline std::vector<Environment> hourly_environments(const EnvironmentModel& model, const Dataset& data,
                                                    std::span<const std::size_t> windows, std::size_t steps) {
  std::vector<Environment> environments;
  for (const std::size_t window : windows) {
    const Conditions conditions = model.conditions_of(data, window);
    for (std::size_t step = 0; step < steps; ++step)
      environments.push_back(model.at(conditions, static_cast<double>(step)));
  }
  return environments;
}

/// The reference solution of many cells over many steps, each step under its own constant environment.
///
/// Shapes: start [case][variable species] in molecules cm-3; environment [case][steps], so that their lengths
/// give cases and steps. Errors: Error when the lengths do not fit; a cell whose integration fails is
/// reported.
inline Rollout reference_rollout(const Mechanism& mechanism, std::span<const float> start,
                                 std::span<const Environment> environment,
                                 const RolloutOptions& options = {}) {
  const std::size_t species = mechanism.variable_species;
  const std::size_t cases = start.size() / species;
  const std::size_t steps = cases == 0 ? 0 : environment.size() / cases;
  if (cases * species != start.size() || cases * steps != environment.size())
    throw Error("reference_rollout",
                "start [case][" + std::to_string(species) + "], environment [case][step]",
                std::to_string(start.size()) + " and " + std::to_string(environment.size()) + " values");
  Rollout rollout{.concentration = std::vector<float>(cases * (steps + 1) * species,
                                                      std::numeric_limits<float>::quiet_NaN()),
                  .failure = std::vector<std::string>(cases)};
  struct Worker {
    Worker(const Mechanism& mechanism, const ReferenceOptions& options)
        : system(mechanism), solver(system, options) {}
    ChemicalSystem system;
    ReferenceSolver<ChemicalSystem> solver;
  };
  Progress progress("reference roll-out", static_cast<double>(cases));
  const auto make_worker = [&] { return std::make_unique<Worker>(mechanism, options.reference); };
  share_work(cases, options.threads, make_worker, [&](Worker& worker, std::size_t i) {
    std::vector<double> state(start.begin() + static_cast<std::ptrdiff_t>(i * species),
                              start.begin() + static_cast<std::ptrdiff_t>((i + 1) * species));
    for (std::size_t step = 0; step <= steps && rollout.failure[i].empty(); ++step) {
      float* const row = &rollout.concentration[(i * (steps + 1) + step) * species];
      std::transform(state.begin(), state.end(), row, [](double c) { return static_cast<float>(c); });
      if (step == steps) break;
      worker.system.set_environment(environment[i * steps + step]);
      const SolverStatus status = worker.solver.integrate(state, options.step_length);
      if (!status) rollout.failure[i] = "step " + std::to_string(step) + ": " + status.reason;
    }
    progress.advance(1);
  });
  return rollout;
}

}  // namespace chemnne
