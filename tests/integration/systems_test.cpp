#define BOOST_TEST_MODULE integration_systems
#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <string>
#include <vector>

#include "../reference/published_ends.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/chemical_system.hpp>
#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/data/generator.hpp>
#include <chemnne/data/scenario_ranges.hpp>
#include <chemnne/data/scenario_runner.hpp>
#include <chemnne/reference/reference_solver.hpp>
#include <chemnne/support/random.hpp>

// The mechanism files of examples/systems are the systems that they are named after: published solutions, an
// invariant, fixed points and the equation with its derivatives written out by hand.

using namespace chemnne;

namespace {

std::string file(const std::string& name) { return CHEMNNE_SOURCE_DIRECTORY "/examples/systems/" + name; }

/// A system of the folder under the values of its parameters, in units of its own.
class System {
 public:
  /// `unit` in molecules cm-3, `time` in s.
  System(const std::string& name, double unit, double time, std::vector<double> parameters,
         const ReferenceOptions& options = {})
      : unit_(unit), time_(time), mechanism_(read_kpp(file(name + ".eqn"))), system_(mechanism_) {
    Environment environment{};
    environment.parameters = std::move(parameters);
    system_.set_environment(environment);
    ReferenceOptions scaled = options;
    scaled.absolute_tolerance *= unit;
    solver_.emplace(system_, scaled);
  }
  System(const System&) = delete;

  const Mechanism& mechanism() const { return mechanism_; }

  std::vector<double> after(std::vector<double> state, double time) {
    for (double& c : state) c *= unit_;
    const SolverStatus status = solver_->integrate(state, time * time_);
    BOOST_REQUIRE_MESSAGE(status, status.reason);
    for (double& c : state) c /= unit_;
    return state;
  }

  std::vector<double> derivative(std::vector<double> state) {
    std::vector<double> change(state.size());
    for (double& c : state) c *= unit_;
    system_.tendency(state, change);
    for (double& d : change) d *= time_ / unit_;
    return change;
  }

 private:
  double unit_, time_;
  Mechanism mechanism_;
  ChemicalSystem system_;
  std::optional<ReferenceSolver<ChemicalSystem>> solver_;
};

// Absolute tolerances are in units of the system.
constexpr ReferenceOptions precise(double absolute_tolerance) {
  return {.relative_tolerance = 1e-10, .absolute_tolerance = absolute_tolerance};
}

constexpr std::size_t cells = 16;

/// All cells of the Brusselator alike.
std::vector<double> uniform(double x, double y) {
  std::vector<double> state(cells, x);
  state.insert(state.end(), cells, y);
  return state;
}

/// Number density of 1 ppm under the default environment.
double part_per_million() { return 1e-6 * air_number_density(Environment{}); }

}  // namespace

BOOST_AUTO_TEST_CASE(robertson_ends_at_the_published_values) {
  System robertson("robertson", 1e12, 1, {0.04}, precise(1e-22));
  const auto end = robertson.after(test::robertson_end.start, test::robertson_end.time);
  BOOST_TEST(test::largest_relative_error(end, test::robertson_end.end) < test::published_tolerance);
}

BOOST_AUTO_TEST_CASE(pollu_ends_at_the_published_values) {
  System pollu("pollu", part_per_million(), 60, {1}, precise(1e-24));
  const std::vector<std::string> order{"NO2",  "NO",  "O3P",  "O3",   "HO2", "OH",  "HCHO",
                                       "CO",   "ALD", "MEO2", "C2O3", "CO2", "PAN", "CH3O",
                                       "HNO3", "O1D", "SO2",  "SO4",  "NO3", "N2O5"};
  std::vector<double> start(order.size()), published(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::size_t place = pollu.mechanism().index_of(order[i]);
    start[place] = test::pollu_end.start[i];
    published[place] = test::pollu_end.end[i];
  }
  const auto end = pollu.after(start, test::pollu_end.time);
  BOOST_TEST(test::largest_relative_error(end, published) < test::published_tolerance);
}

BOOST_AUTO_TEST_CASE(lotka_volterra_keeps_its_invariant) {
  const double growth = 0.7, death = 1.3;
  System system("lotka_volterra", 1e10, 1000, {growth * 1e-3, death * 1e-3}, precise(1e-16));
  const auto invariant = [&](const std::vector<double>& c) {
    return c[0] - death * std::log(c[0]) + c[1] - growth * std::log(c[1]);
  };
  for (const double start : {0.4, 1.0, 2.5}) {
    std::vector<double> state{start, 1.1};
    const double before = invariant(state);
    double least = state[0], most = state[0];
    for (int step = 0; step < 60; ++step) {
      state = system.after(state, 0.36);  // 6 minutes
      BOOST_TEST(invariant(state) == before, boost::test_tools::tolerance(1e-7));
      least = std::min(least, state[0]);
      most = std::max(most, state[0]);
    }
    BOOST_TEST(most > 1.2 * least);
  }
}

/// Near (death, growth) the orbits are ellipses of period 2 pi / sqrt(growth death).
BOOST_AUTO_TEST_CASE(small_oscillations_of_lotka_volterra_have_the_period_of_the_linear_system) {
  const double growth = 0.7, death = 1.3, distance = 1e-4;
  System system("lotka_volterra", 1e10, 1000, {growth * 1e-3, death * 1e-3}, precise(1e-16));
  const std::vector<double> start{death + distance, growth};
  const double period = 2 * std::numbers::pi / std::sqrt(growth * death);
  const auto whole = system.after(start, period), half = system.after(start, period / 2);
  // The next order of the period is distance^2, that of the shape distance.
  BOOST_TEST(std::abs(whole[0] - start[0]) < 1e-3 * distance);
  BOOST_TEST(std::abs(whole[1] - start[1]) < 1e-3 * distance);
  BOOST_TEST(std::abs(half[0] - (death - distance)) < 1e-3 * distance);
}

BOOST_AUTO_TEST_CASE(the_brusselator_is_its_equation_with_differences_in_space) {
  const double b = 2.7, exchange = 256. / 50;
  System system("brusselator", 1e10, 900, {b});
  BOOST_TEST_REQUIRE(system.mechanism().variable_species == 2 * cells);
  for (std::size_t i = 0; i < cells; ++i) {
    BOOST_TEST(system.mechanism().index_of("X" + std::to_string(i + 1)) == i);
    BOOST_TEST(system.mechanism().index_of("Y" + std::to_string(i + 1)) == cells + i);
  }
  Random random(1, 0);
  std::vector<double> state(2 * cells);
  for (double& c : state) c = 0.2 + 3 * random.uniform();
  // A wall is a neighbour with the same value.
  const auto spread = [&](std::size_t first, std::size_t i) {
    const double here = state[first + i];
    const double left = i == 0 ? here : state[first + i - 1];
    const double right = i == cells - 1 ? here : state[first + i + 1];
    return exchange * (left - 2 * here + right);
  };
  const auto change = system.derivative(state);
  for (std::size_t i = 0; i < cells; ++i) {
    const double x = state[i], y = state[cells + i];
    BOOST_TEST(std::abs(change[i] - (1 + x * x * y - (b + 1) * x + spread(0, i))) < 1e-12);
    BOOST_TEST(std::abs(change[cells + i] - (b * x - x * x * y + spread(cells, i))) < 1e-12);
  }
}

BOOST_AUTO_TEST_CASE(the_brusselator_rests_below_its_threshold_and_oscillates_above) {
  for (const double b : {1.6, 3.0}) {
    System system("brusselator", 1e10, 900, {b}, precise(1e-14));
    for (const double change : system.derivative(uniform(1, b))) BOOST_TEST(std::abs(change) < 1e-13);

    std::vector<double> state = system.after(uniform(1.1, b), 60);
    double least = state[0], most = state[0];
    for (int step = 0; step < 40; ++step) {
      state = system.after(state, 0.25);
      least = std::min(least, state[0]);
      most = std::max(most, state[0]);
      // Cells that are alike stay alike: nothing flows between them.
      for (std::size_t i = 1; i < cells; ++i) BOOST_TEST(std::abs(state[i] - state[0]) < 1e-6 * state[0]);
    }
    if (b < 2)
      BOOST_TEST(most - least < 1e-4);
    else
      BOOST_TEST(most > 4 * least);
  }
}

/// What run.sh rests on: scenarios of the ranges can be computed, and what the networks see is mostly above
/// the floor.
BOOST_AUTO_TEST_CASE(the_ranges_give_windows_above_the_floor) {
  const float floor = 1e3F;
  for (const std::string name : {"lotka_volterra", "robertson", "pollu", "brusselator"}) {
    const Mechanism mechanism = read_kpp(file(name + ".eqn"));
    const ScenarioRanges ranges = read_scenario_ranges(file(name + ".toml"));
    const SpeciesSelection selection = select_species(mechanism, ranges.choice);
    ScenarioRunner runner(mechanism, ranges, selection, {}, 1);
    std::vector<std::size_t> below(mechanism.variable_species);
    std::size_t states = 0;
    for (const Scenario& scenario : draw_scenarios(ranges, 40, 0, 1)) {
      const ScenarioWindows windows = runner.run(scenario);
      BOOST_REQUIRE_MESSAGE(windows.failure.empty(), name + ": " + windows.failure);
      for (std::size_t i = 0; i < windows.concentration.size(); ++i)
        if (windows.concentration[i] < floor) ++below[i % below.size()];
      states += windows.concentration.size() / below.size();
    }
    for (std::size_t i = 0; i < below.size(); ++i) {
      const std::string& species = mechanism.species[i].name;
      if (name == "pollu" && species == "O1D")
        BOOST_TEST(below[i] == states);
      else
        BOOST_TEST(below[i] <= states / 20, name + ", " << species << ": " << below[i] << " of " << states);
    }
  }
}
