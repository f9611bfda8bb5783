#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "../plain_reactions.hpp"

#include <chemnne/chemistry/chemical_system.hpp>
#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/data/dataset_file.hpp>
#include <chemnne/data/standardisation.hpp>
#include <chemnne/io/atomic_file.hpp>
#include <chemnne/io/json.hpp>
#include <chemnne/reference/reference_solver.hpp>
#include <chemnne/support/error.hpp>

/// `export_solver_cells <mechanism.eqn> <cells.nc> <output.json> [cells]`: cells of a data set as plain
/// numbers (stoichiometry, rate constants, states before and after an hour), so that another solver can be
/// shown to solve the same problem before it is timed, and the times of our own solver on them.
namespace {

using namespace chemnne;

constexpr double hour = 3600;
constexpr int passes = 5;

/// What a solver needs of one window: the environment of the whole hour and the state at its start.
struct Cell {
  Environment environment;
  std::vector<double> initial;
};

std::vector<Cell> read_cells(const Mechanism& mechanism, const Dataset& data, std::size_t count) {
  if (count == 0 || data.cases() < count)
    throw Error("cells", "1 or more, at most the " + std::to_string(data.cases()) + " of the data set",
                std::to_string(count));
  std::vector<std::string> names;
  for (std::size_t i = 0; i < mechanism.variable_species; ++i) names.push_back(mechanism.species[i].name);
  const auto species = indices_by_name(names, data.species_name, "species of the data set");
  const std::vector<std::string> conditions{"temperature", "pressure", "relative_humidity", "cosine_zenith",
                                            "photolysis_scaling"};
  const auto place = indices_by_name(conditions, data.environment_name, "environment of the data set");
  std::vector<Cell> cells(count);
  for (std::size_t k = 0; k < count; ++k) {
    const auto value = data.environment(k);
    cells[k].environment = {.temperature = value[place[0]],
                            .pressure = value[place[1]],
                            .relative_humidity = value[place[2]],
                            .cosine_zenith = value[place[3]],
                            .photolysis_scaling = value[place[4]]};
    for (const std::size_t i : species) cells[k].initial.push_back(static_cast<double>(data.row(k, 0)[i]));
  }
  return cells;
}

struct Solution {
  std::vector<std::vector<double>> state;  ///< [cell][species] after the hour; not a number where it failed
  double seconds_per_cell = std::numeric_limits<double>::infinity();
  double steps = 0;  ///< a cell
  std::size_t failures = 0;
};

/// The best of `repetitions` passes over all cells. Processor time, which on an idle machine is the time that
/// passes, but not on one that others use too; rate constants are computed outside of it.
Solution solve(ChemicalSystem& system, const std::vector<Cell>& cells, const ReferenceOptions& options,
               int repetitions) {
  ReferenceSolver<ChemicalSystem> solver(system, options);
  const auto count = static_cast<double>(cells.size());
  Solution best;
  for (int pass = 0; pass < repetitions; ++pass) {
    Solution one;
    std::clock_t ticks = 0;
    for (const Cell& cell : cells) {
      system.set_environment(cell.environment);
      std::vector<double> state = cell.initial;
      const std::clock_t start = std::clock();
      const SolverStatus status = solver.integrate(state, hour);
      ticks += std::clock() - start;
      one.steps += static_cast<double>(solver.statistics().steps) / count;
      if (!status) {
        ++one.failures;
        state.assign(state.size(), std::numeric_limits<double>::quiet_NaN());
      }
      one.state.push_back(std::move(state));
    }
    one.seconds_per_cell = static_cast<double>(ticks) / CLOCKS_PER_SEC / count;
    if (one.seconds_per_cell < best.seconds_per_cell) best = std::move(one);
  }
  return best;
}

/// RMSE over cells and species of log10(max(c, floor)) in standard deviations; cells that failed are left
/// out.
double standardised_error(const Solution& solution, const Solution& truth, const Standardisation& scale,
                          const std::vector<std::size_t>& place) {
  double sum = 0, count = 0;
  for (std::size_t k = 0; k < truth.state.size(); ++k)
    for (std::size_t i = 0; i < place.size() && !std::isnan(solution.state[k][0]); ++i, ++count) {
      const double decades = std::log10(std::max(solution.state[k][i], scale.floor[place[i]])) -
                             std::log10(std::max(truth.state[k][i], scale.floor[place[i]]));
      sum += std::pow(decades / scale.deviation[place[i]], 2);
    }
  return std::sqrt(sum / count);
}

/// What a pass over all cells costs beside the solver: the rate constants.
double seconds_of_rate_constants(ChemicalSystem& system, const std::vector<Cell>& cells) {
  std::clock_t best = std::numeric_limits<std::clock_t>::max();
  for (int pass = 0; pass < passes; ++pass) {
    const std::clock_t start = std::clock();
    for (const Cell& cell : cells) system.set_environment(cell.environment);
    best = std::min(best, std::clock() - start);
  }
  return static_cast<double>(best) / CLOCKS_PER_SEC / static_cast<double>(cells.size());
}

void write_cells(const std::string& mechanism_file, const std::string& data_file, const std::string& output,
                 std::size_t count) {
  const Mechanism mechanism = read_kpp(mechanism_file);
  if (!mechanism.peroxy_radicals.empty() || !mechanism.parameters.empty())
    throw Error(mechanism_file, "rates that the environment alone determines",
                "a rate with RO2 or a parameter");
  const Dataset data = read_dataset(data_file);
  const Standardisation scale = fit_standardisation(data, {});
  const std::vector<Cell> cells = read_cells(mechanism, data, count);
  ChemicalSystem system(mechanism);

  Json file = Json::object();
  file["about"] =
      "s, molecules cm-3; third bodies and other fixed species are folded into the rate constants; "
      "deviation: of log10(max(c, 1e3)) over the data set";
  file["seconds"] = hour;
  std::vector<std::string> names;
  Json::Array constants, initial, deviation;
  for (std::size_t i = 0; i < mechanism.variable_species; ++i) names.push_back(mechanism.species[i].name);
  const auto place = indices_by_name(names, scale.species, "species of the data set");
  for (const std::size_t i : place) deviation.emplace_back(scale.deviation[i]);
  for (const Cell& cell : cells) {
    system.set_environment(cell.environment);
    constants.emplace_back(bench::folded_rate_constants(mechanism, system, cell.initial));
    initial.emplace_back(cell.initial);
  }
  const Solution truth = solve(system, cells, {.relative_tolerance = 1e-10}, 1);
  if (truth.failures > 0)
    throw Error("reference at rtol 1e-10", "no failure", std::to_string(truth.failures));

  file["species"] = names;
  file["floor"] = smallest_floor;
  file["deviation"] = std::move(deviation);
  file["reactions"] = bench::plain_reactions(mechanism);
  file["rate_constants"] = std::move(constants);
  file["initial"] = std::move(initial);
  file["final"] = Json::Array(truth.state.begin(), truth.state.end());
  file["seconds_per_cell_rate_constants"] = seconds_of_rate_constants(system, cells);
  Json::Array timings;
  for (const double relative : {1e-4, 1e-3, 1e-2, 1e-1})
    for (const double absolute : {1e-3, ReferenceOptions{}.absolute_tolerance}) {
      const Solution solution =
          solve(system, cells, {.relative_tolerance = relative, .absolute_tolerance = absolute}, passes);
      const double error = standardised_error(solution, truth, scale, place);
      std::printf("CVODE rtol %.0e atol %.0e: %7.1f us/cell, %5.1f steps, error %.2e, %zu failures\n",
                  relative, absolute, 1e6 * solution.seconds_per_cell, solution.steps, error,
                  solution.failures);
      Json one = Json::object();
      one["relative_tolerance"] = relative;
      one["absolute_tolerance"] = absolute;
      one["seconds_per_cell"] = solution.seconds_per_cell;
      one["steps"] = solution.steps;
      one["error"] = error;
      one["failures"] = solution.failures;
      timings.push_back(std::move(one));
    }
  file["cvode"] = std::move(timings);
  write_file_atomically(output, file.dump());
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 4 && count != 5) {
    std::fprintf(stderr,
                 "usage: %s <mechanism.eqn> <cells.nc> <output.json> [cells, default 240]\n"
                 "cells.nc: made by `chemnne_troposphere generate --split test --scenarios 120`\n",
                 arguments[0]);
    return 2;
  }
  try {
    write_cells(arguments[1], arguments[2], arguments[3],
                count == 5 ? std::strtoul(arguments[4], nullptr, 10) : 240);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  }
}
