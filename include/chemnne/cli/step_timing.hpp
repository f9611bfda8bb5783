#pragma once
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <chemnne/chemistry/chemical_system.hpp>
#include <chemnne/cli/host_cells.hpp>
#include <chemnne/cli/trained_model.hpp>
#include <chemnne/data/environment_model.hpp>
#include <chemnne/data/reference_fallback.hpp>
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

/// The same of our vectorised solver (ReferenceFallback: tables, float, relative tolerance 1e-3), on all
/// windows in one call: the best of five.
inline void time_solver(Timing& timing, double horizon, const Dataset& truth, const Mechanism& mechanism,
                        const ScenarioRanges& ranges) {
  struct Cell {
    std::span<const double> before, conditions;
    double seconds;
    std::span<double> after;
  };
  const std::size_t cells = truth.cases(), species = truth.species();
  std::vector<double> before(cells * species), after(before.size());
  std::vector<Cell> those;
  for (std::size_t i = 0; i < cells; ++i) {
    std::copy(truth.row(i, 0).begin(), truth.row(i, 0).end(), &before[i * species]);
    those.push_back(
        {{&before[i * species], species}, truth.environment(i), horizon, {&after[i * species], species}});
  }
  std::vector<Cell*> pointers;
  for (Cell& cell : those) pointers.push_back(&cell);
  const auto solved = std::make_unique<bool[]>(cells);
  // Systems that are no atmosphere have other sizes.
  const double largest = *std::max_element(before.begin(), before.end());
  ReferenceFallback solver(mechanism, ranges, truth.species_name, truth.environment_name,
                           {.absolute_tolerance = std::min(1e3, 1e-6 * largest)});
  timing.solver_microseconds_per_cell = std::numeric_limits<double>::infinity();
  for (int sweep = 0; sweep < 5; ++sweep) {
    const auto start = std::chrono::steady_clock::now();
    solver(std::span<Cell* const>(pointers), solved.get());
    timing.solver_microseconds_per_cell = std::min(
        timing.solver_microseconds_per_cell, detail::microseconds_since(start) / static_cast<double>(cells));
  }
  timing.solver = "Rodas3 over SIMD lanes, float, relative tolerance 1e-3";
}

}  // namespace chemnne
