#include "air_cells.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <span>

#include "lane_solver.hpp"

#include <chemnne/chemistry/chemical_system.hpp>
#include <chemnne/chemistry/mechanism_reader.hpp>
#include <chemnne/data/lane_scenario_runner.hpp>
#include <chemnne/reference/reference_solver.hpp>
#include <chemnne/support/random.hpp>
#include <chemnne/support/text.hpp>

namespace bench {
namespace {

constexpr std::uint64_t seed = 20261;

std::shared_ptr<const Chemistry> read_chemistry(const CaseSource& source) {
  auto chemistry = std::make_shared<Chemistry>();
  chemistry->mechanism = read_mechanism(source.mechanism_file);
  chemistry->ranges = parse_scenario_ranges(source.ranges, source.name);
  apply_choice(chemistry->mechanism, chemistry->ranges.choice);
  const auto& table = chemistry->ranges.photolysis.table;
  chemistry->floats = std::make_shared<const LaneChemistry<float>>(chemistry->mechanism, table);
  chemistry->doubles = std::make_shared<const LaneChemistry<double>>(chemistry->mechanism, table);
  return chemistry;
}

std::vector<ScenarioWindows> draw_windows(const Chemistry& chemistry, const CaseSource& source) {
  WindowOptions options;
  options.frames = 2;
  options.windows_per_scenario = source.windows;
  options.plume_share = 0.25;
  options.rosenbrock = {.relative_tolerance = 1e-3, .absolute_tolerance = 1, .maximum_attempts = 100000};
  const SpeciesSelection all = select_species(chemistry.mechanism, {});
  const ScenarioChemistry airs(chemistry.mechanism, chemistry.ranges);
  LaneScenarioRunner runner(airs, chemistry.mechanism, chemistry.ranges, all, options, seed);
  return runner.run(draw_scenarios(chemistry.ranges, source.scenarios, 0, seed));
}

void add_cell(SolverCase& one, const Environment& environment, const std::vector<double>& state) {
  one.air.environment.push_back(environment);
  one.chemistry->append_input(environment, one.air.input);
  one.air.state.insert(one.air.state.end(), state.begin(), state.end());
}

/// Of a window that starts at local_hour, from its row of the data set's environment.
Conditions conditions_of(const EnvironmentModel& model, std::span<const double> row) {
  const std::size_t known = model.condition_count();
  return {
      .temperature = row[0],
      .pressure = row[1],
      .relative_humidity = row[2],
      .photolysis_scaling = row[4],
      .latitude = row[known + 2],
      .day_of_year = row[known + 3],
      .local_hour = row[known + 4],
      .parameters = std::vector<double>(row.begin() + 5, row.begin() + static_cast<std::ptrdiff_t>(known))};
}

std::size_t add_cells(SolverCase& one, const ScenarioWindows& windows, const EnvironmentModel& model,
                      Random& random) {
  const std::size_t species = one.species(), columns = model.columns().size();
  std::size_t plumes = 0;
  for (std::size_t w = 0; w < windows.kind.size(); ++w) {
    const std::span<const double> row = std::span(windows.environment_value).subspan(w * columns, columns);
    const Environment environment = model.of_conditions(row.first(model.condition_count()));
    const auto begin = windows.concentration.begin() + static_cast<std::ptrdiff_t>(2 * w * species);
    std::vector<double> state(begin, begin + static_cast<std::ptrdiff_t>(species));
    one.conditions.push_back(conditions_of(model, row));
    one.windows.push_back(state);
    if (windows.kind[w] >= 2) ++plumes;
    add_cell(one, environment, state);
    for (double& value : state) value *= std::pow(3.0, random.uniform(-1, 1));
    add_cell(one, environment, state);
  }
  return plumes;
}

std::vector<double> by_cvode(const SolverCase& one, std::size_t cells, const ReferenceOptions& options) {
  ChemicalSystem system(one.chemistry->mechanism);
  ReferenceSolver<ChemicalSystem> solver(system, options);
  const std::size_t species = one.species();
  std::vector<double> state(one.air.state.begin(),
                            one.air.state.begin() + static_cast<std::ptrdiff_t>(cells * species));
  for (std::size_t cell = 0; cell < cells; ++cell) {
    system.set_environment(one.air.environment[cell]);
    if (!solver.integrate(std::span(state).subspan(cell * species, species), hour))
      throw Error(one.name, "a reference solution of each cell", "a failure of CVODE");
  }
  return state;
}

std::vector<double> by_rodas(const SolverCase& one) {
  const auto& chemistry = one.chemistry->doubles;
  TableRates<double> rates(chemistry);
  LaneSolver<Rodas4, TableKernel<double>, TableRates<double>> solver(
      chemistry->kernel(), rates,
      {.relative_tolerance = 1e-9, .absolute_tolerance = 1e-3, .maximum_attempts = 1000000});
  std::vector<double> state = one.air.state;
  if (solver.advance(one.air, state).failed > 0)
    throw Error(one.name, "a reference solution of each cell", "a failure of Rodas4");
  return state;
}

/// Floor: a ten thousandth of what a cell in six exceeds, at least 1e3.
void fit_scale(SolverCase& one) {
  const std::size_t species = one.species(), cells = one.cells();
  for (std::size_t i = 0; i < species; ++i) {
    std::vector<double> value;
    for (std::size_t cell = 0; cell < cells; ++cell) value.push_back(one.truth[cell * species + i]);
    std::sort(value.begin(), value.end());
    const double floor =
        std::max(1e3, 1e-4 * value[static_cast<std::size_t>(0.84 * static_cast<double>(cells))]);
    double sum = 0, squares = 0;
    for (const double v : value) {
      const double decades = std::log10(std::max(v, floor));
      sum += decades;
      squares += decades * decades;
    }
    const double mean = sum / static_cast<double>(cells);
    one.floor.push_back(floor);
    one.deviation.push_back(
        std::max(0.1, std::sqrt(std::max(0.0, squares / static_cast<double>(cells) - mean * mean))));
  }
}

void check_by_cvode(const SolverCase& one) {
  const std::size_t cells = std::min<std::size_t>(2, one.cells());
  const std::vector<double> other =
      by_cvode(one, cells, {.relative_tolerance = 1e-9, .absolute_tolerance = 1e-5});
  double largest = 0;
  for (std::size_t v = 0; v < other.size(); ++v) {
    const double floor = one.floor[v % one.species()];
    largest = std::max(largest, std::abs(std::max(other[v], floor) / std::max(one.truth[v], floor) - 1));
  }
  std::printf("%s: Rodas4 at 1e-9 and CVODE at 1e-9, %zu cells: largest relative difference %.1e\n",
              one.name.c_str(), cells, largest);
}

}  // namespace

void Chemistry::append_input(const Environment& environment, std::vector<double>& input) const {
  const std::size_t first = input.size();
  input.insert(input.end(), {environment.temperature, environment.pressure, environment.relative_humidity,
                             environment.cosine_zenith, environment.photolysis_scaling});
  input.insert(input.end(), environment.parameters.begin(), environment.parameters.end());
  input.resize(first + environment_inputs + doubles->rate_program().parameters());
  input.insert(input.end(), doubles->fixed().begin(), doubles->fixed().end());
}

SolverCase make_case(const CaseSource& source) {
  SolverCase one;
  one.name = source.name;
  one.chemistry = read_chemistry(source);
  const EnvironmentModel model(one.chemistry->mechanism, one.chemistry->ranges);
  Random random(seed, 1);
  std::size_t plumes = 0, failures = 0;
  for (const ScenarioWindows& windows : draw_windows(*one.chemistry, source)) {
    plumes += add_cells(one, windows, model, random);
    if (!windows.failure.empty()) ++failures;
  }
  one.truth = source.truth_by_cvode
                  ? by_cvode(one, one.cells(), {.relative_tolerance = 1e-10, .absolute_tolerance = 1e-6})
                  : by_rodas(one);
  fit_scale(one);
  const auto dark =
      std::ranges::count_if(one.air.environment, [](const Environment& e) { return e.cosine_zenith <= 0; });
  std::printf(
      "\n%s: %zu species, %zu reactions, %zu cells (half of them disturbed), %zu %% with plumes, "
      "%td %% at night, %zu scenarios failed\n",
      one.name.c_str(), one.species(), one.chemistry->mechanism.reactions.size(), one.cells(),
      200 * plumes / one.cells(), 100 * dark / static_cast<std::ptrdiff_t>(one.cells()), failures);
  if (!source.truth_by_cvode) check_by_cvode(one);
  std::fflush(stdout);
  return one;
}

}  // namespace bench
