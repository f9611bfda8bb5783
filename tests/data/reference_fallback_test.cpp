#define BOOST_TEST_MODULE data_reference_fallback
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "../host/counted_allocations.hpp"
#include "data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/chemical_system.hpp>
#include <chemnne/chemistry/mechanism_reader.hpp>
#include <chemnne/data/reference_fallback.hpp>
#include <chemnne/data/scenario_ranges.hpp>
#include <chemnne/reference/reference_solver.hpp>

using namespace chemnne;
using test::contains;

namespace {

struct Cell {
  std::span<const double> before, conditions;
  double seconds;
  std::span<double> after;
};

struct Fixture {
  const std::string folder = std::string(CHEMNNE_SOURCE_DIRECTORY) + "/examples/mechanisms/";
  Mechanism mechanism = read_mechanism(folder + "troposphere.eqn");
  ScenarioRanges ranges = read_scenario_ranges(folder + "troposphere.toml");
  /// The emulator's order: the reverse of the mechanism's.
  std::vector<std::string> species,
      conditions{"photolysis_scaling", "temperature", "pressure", "relative_humidity", "cosine_zenith"};
  std::vector<double> state, values{1, 290, 1e5, 60, 0.5}, after;
  Fixture() {
    for (std::size_t i = mechanism.variable_species; i-- > 0;) {
      species.push_back(mechanism.species[i].name);
      state.push_back(species.back() == "O3" ? 1e12 : species.back() == "NO" ? 2e10 : 1e6);
    }
    after.assign(state.size(), -1);
  }
  bool solve(ReferenceFallback& fallback) {
    Cell cell{state, values, 1800, after};
    return fallback(cell);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(a_cell_is_solved_as_the_reference_solves_it, Fixture) {
  ReferenceFallback fallback(mechanism, ranges, species, conditions);
  BOOST_TEST_REQUIRE(solve(fallback));
  ChemicalSystem system(mechanism);
  system.set_environment(
      {.temperature = 290, .pressure = 1e5, .relative_humidity = 60, .cosine_zenith = 0.5});
  ReferenceSolver<ChemicalSystem> solver(system);
  std::vector<double> expected(state.rbegin(), state.rend());
  BOOST_TEST_REQUIRE(static_cast<bool>(solver.integrate(expected, 1800)));
  // The fallback's relative tolerance of 1e-3 a step, of which errors are a fraction (rms 2.6 tolerances at
  // most).
  for (std::size_t i = 0; i < expected.size(); ++i)
    if (expected[i] > 1e3)
      BOOST_TEST(std::abs(after[expected.size() - 1 - i] / expected[i] - 1) < 1e-2,
                 mechanism.species[i].name);
  BOOST_TEST(std::abs(after[expected.size() - 1 - mechanism.index_of("NO")] / 2e10 - 1) >
             0.1);  // something happened
}

BOOST_FIXTURE_TEST_CASE(a_cell_that_is_not_physical_is_left_alone, Fixture) {
  ReferenceFallback fallback(mechanism, ranges, species, conditions);
  const std::vector<double> good = state, mild = values;
  for (const double bad : {std::nan(""), std::numeric_limits<double>::infinity(), 1e40}) {
    state = good;
    state[3] = bad;
    BOOST_TEST(!solve(fallback));
    BOOST_TEST(after[0] == -1);
  }
  state = good;
  values[1] = 4000;
  BOOST_TEST(!solve(fallback));
  values[1] = std::nan("");
  BOOST_TEST(!solve(fallback));
  values = mild;
  state[3] = -5;  // counts as 0
  BOOST_TEST(solve(fallback));
}

BOOST_FIXTURE_TEST_CASE(cells_are_the_same_to_the_bit_alone_and_together, Fixture) {
  ReferenceFallback fallback(mechanism, ranges, species, conditions);
  constexpr std::size_t count = 37;
  std::vector<std::vector<double>> before, weather, together(count, after);
  std::vector<Cell> cells;
  for (std::size_t i = 0; i < count; ++i) {
    before.push_back(state);
    for (double& value : before.back()) value *= 1 + 0.1 * static_cast<double>(i);
    weather.push_back(values);
    weather.back()[4] = static_cast<double>(i) / count;
    if (i == 11) before.back()[2] = std::nan("");
  }
  for (std::size_t i = 0; i < count; ++i)
    cells.push_back({before[i], weather[i], 600.0 * static_cast<double>(1 + i % 4), together[i]});
  std::vector<Cell*> pointers;
  for (Cell& cell : cells) pointers.push_back(&cell);
  std::array<bool, count> solved{};
  fallback(std::span<Cell* const>(pointers), solved.data());
  ReferenceFallback copy(fallback);
  for (std::size_t i = 0; i < count; ++i) {
    BOOST_TEST(solved[i] == (i != 11));
    std::vector<double> alone(state.size(), -1);
    Cell cell{before[i], weather[i], cells[i].seconds, alone};
    BOOST_TEST(copy(cell) == solved[i]);
    BOOST_TEST(alone == together[i]);
  }
}

BOOST_FIXTURE_TEST_CASE(solving_allocates_nothing, Fixture) {
#ifdef CHEMNNE_COUNTS_ALLOCATIONS
  ReferenceFallback fallback(mechanism, ranges, species, conditions);
  const long before = test::allocations;
  BOOST_TEST_REQUIRE(solve(fallback));
  BOOST_TEST(test::allocations - before == 0);
#else
  std::puts("skipped: a sanitizer has its own allocator");
#endif
}

BOOST_FIXTURE_TEST_CASE(a_state_that_is_not_whole_is_an_error_at_set_up, Fixture) {
  const std::string last = species.back();
  species.pop_back();
  const std::string message =
      test::message_of([&] { ReferenceFallback(mechanism, ranges, species, conditions); });
  BOOST_TEST(contains(message, "'" + last + "'"), message);
  species.push_back(last);
  conditions[4] = "sun";
  BOOST_TEST(contains(test::message_of([&] { ReferenceFallback(mechanism, ranges, species, conditions); }),
                      "'cosine_zenith'"));
}
