#pragma once
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include <chemnne/chemistry/chemical_system.hpp>
#include <chemnne/cli/host_cells.hpp>
#include <chemnne/cli/trained_model.hpp>
#include <chemnne/data/environment_model.hpp>
#include <chemnne/reference/reference_solver.hpp>
#include <chemnne/support/text.hpp>
#include <chemnne/training/evaluation_results.hpp>

namespace chemnne {

/// The processor's name, as Linux tells it.
inline std::string machine_name() {
  std::string name = "unknown processor";
  try {
    const std::string text = read_text_file("/proc/cpuinfo");
    const std::size_t at = text.find("model name");
    if (at != std::string::npos) {
      const std::size_t begin = text.find(": ", at) + 2;
      name = text.substr(begin, text.find('\n', begin) - begin);
    }
  } catch (const Error&) {
  }
  return name + ", " + std::to_string(default_threads()) + " threads";
}

/// The conditions `names` of an emulator for the step that starts `hours` later. Errors: Error naming one
/// that the generator's data do not have.
inline std::vector<double> condition_values(const EnvironmentModel& model, const Conditions& conditions,
                                            double hours, const std::vector<std::string>& names) {
  const std::vector<double> row = model.row(conditions, hours, model.at(conditions, hours));
  std::vector<std::string> columns;
  for (const EnvironmentColumn& column : model.columns()) columns.push_back(column.name);
  std::vector<double> values;
  for (const std::size_t index : indices_by_name(names, columns, "conditions")) values.push_back(row[index]);
  return values;
}

namespace detail {
inline double microseconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count();
}
}  // namespace detail

/// Microseconds that the emulator's step `advance` needs for one cell and one step of the horizon, on the
/// starts of held-out windows in one batch and one thread: the best of five sweeps.
inline Timing time_step(const StepFunction& advance, double horizon, const Dataset& truth,
                        const PredictionTask& task) {
  HostCells host(truth, task);
  Timing timing;
  timing.batch = truth.cases();
  timing.microseconds_per_cell = std::numeric_limits<double>::infinity();
  for (int sweep = 0; sweep < 5; ++sweep) {
    const auto start = std::chrono::steady_clock::now();
    host.step(advance, horizon);
    timing.microseconds_per_cell = std::min(
        timing.microseconds_per_cell, detail::microseconds_since(start) / static_cast<double>(truth.cases()));
  }
  return timing;
}

/// The same of the reference at rtol 1e-4, into `timing`: the mean of a sweep over up to 200 windows, whose
/// states must be of all species of the mechanism.
inline void time_reference(Timing& timing, double horizon, const Dataset& truth, const Mechanism& mechanism,
                           const EnvironmentModel& environment) {
  ChemicalSystem system(mechanism);
  ReferenceSolver<ChemicalSystem> solver(system, {.relative_tolerance = 1e-4});
  const std::size_t cells = std::min<std::size_t>(truth.cases(), 200);
  const auto start = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < cells; ++i) {
    const std::size_t window = i * truth.cases() / cells;
    system.set_environment(environment.at(environment.conditions_of(truth, window), 0, horizon / 3600));
    std::vector<double> cell(truth.row(window, 0).begin(), truth.row(window, 0).end());
    solver.integrate(cell, horizon);
  }
  timing.reference_microseconds_per_cell = detail::microseconds_since(start) / static_cast<double>(cells);
  timing.reference = "CVODE, BDF, KLU, relative tolerance 1e-4, one call an hour";
}

}  // namespace chemnne
