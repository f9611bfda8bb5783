#define BOOST_TEST_MODULE host_exact_step
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "../data/data_test_tools.hpp"
#include "small_emulator.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/emulator.hpp>
#include <chemnne/support/random.hpp>

using namespace chemnne;

namespace {

using C = test::Small<>;
using Tested = Emulator<ChemNNE<C>, DefaultBackend>;

/// Element N is in A (1) and B (2), S in C (1).
struct Fixture {
  static constexpr std::size_t cells = 40;
  test::TemporaryFolder folder;
  std::string path = folder.file("weights.safetensors");
  std::vector<double> state, weather, after;
  std::vector<CellFlags> flags;
  StepStatus status;

  Fixture() {
    EmulatorDescription description = test::small_description<C>();
    description.elements = {"N", "S"};
    description.composition = {{1, 2, 0}, {0, 0, 1}};
    test::write_small<C>(path, test::small_parameters<C>(), description);
    Random random(5);
    for (std::size_t i = 0; i < cells * 3; ++i) state.push_back(std::pow(10, random.uniform(7, 9)));
    for (std::size_t i = 0; i < cells; ++i) {
      weather.push_back(random.uniform(265, 310));
      weather.push_back(random.uniform(0, 1));
    }
  }
  void step(const EmulatorOptions& options, double seconds = 3600) {
    const Tested emulator(path, options);
    Tested::Workspace workspace;
    after = state;
    flags.assign(cells, 0);
    const auto view = Columns<double>::cell_major(after.data(), cells, 3);
    status = emulator.advance(view, Columns<const double>::cell_major(weather.data(), cells, 2), seconds,
                              view, workspace, {.flags = flags.data()});
  }
  double change(std::size_t cell) const {
    const double* const a = &state[3 * cell];
    const double* const b = &after[3 * cell];
    return std::max(std::abs((b[0] + 2 * b[1]) / (a[0] + 2 * a[1]) - 1), std::abs(b[2] / a[2] - 1));
  }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(a_violated_budget_is_flagged_and_only_that, Fixture) {
  step({.element_exact = false});
  std::vector<double> changes;
  for (std::size_t cell = 0; cell < cells; ++cell) changes.push_back(change(cell));
  std::nth_element(changes.begin(), changes.begin() + cells / 2, changes.end());
  const double tolerance = changes[cells / 2] * (1 + 1e-6);  // half of the cells, at no cell's change
  step({.element_exact = false, .budget_tolerance = tolerance});
  std::size_t violated = 0;
  for (std::size_t cell = 0; cell < cells; ++cell) {
    BOOST_TEST(((flags[cell] & flag(CellFlag::budget)) != 0) == (change(cell) > tolerance), change(cell));
    violated += change(cell) > tolerance ? 1u : 0u;
  }
  BOOST_TEST(status.budget == violated);
  BOOST_TEST((violated > 0 && violated < cells));
}

// Sums of three numbers in double, projected to a few units in their last place.
BOOST_FIXTURE_TEST_CASE(an_exact_step_conserves_to_rounding_and_stays_positive, Fixture) {
  for (const double seconds : {3600.0, 500.0}) {
    step({}, seconds);
    BOOST_TEST(status.budget == 0u);
    for (std::size_t cell = 0; cell < cells; ++cell) BOOST_TEST(change(cell) < 1e-14);
    for (const double c : after) BOOST_TEST(c > 0);
  }
}

// The host's operators between steps: a source of B, deposition of C.
BOOST_FIXTURE_TEST_CASE(totals_of_a_run_are_those_of_its_start_and_the_hosts_sources_and_sinks, Fixture) {
  const std::vector<double> start = state;
  std::vector<double> source(2 * cells);
  for (int hour = 0; hour < 24; ++hour) {
    for (std::size_t cell = 0; cell < cells; ++cell) {
      const double emitted = 1e6 * static_cast<double>(cell + 1), deposited = 0.03 * state[3 * cell + 2];
      state[3 * cell + 1] += emitted;
      state[3 * cell + 2] -= deposited;
      source[2 * cell] += 2 * emitted;
      source[2 * cell + 1] -= deposited;
    }
    step({});
    state = after;
  }
  for (std::size_t cell = 0; cell < cells; ++cell) {
    const double* const a = &start[3 * cell];
    const double* const b = &state[3 * cell];
    BOOST_TEST(std::abs((b[0] + 2 * b[1]) / (a[0] + 2 * a[1] + source[2 * cell]) - 1) < 1e-14);
    BOOST_TEST(std::abs(b[2] / (a[2] + source[2 * cell + 1]) - 1) < 1e-14);
  }
}

BOOST_FIXTURE_TEST_CASE(without_known_elements_there_is_no_budget, Fixture) {
  step({.element_exact = false});
  const std::vector<double> free = after;
  test::write_small<C>(path, test::small_parameters<C>());
  step({});
  BOOST_TEST(status.budget == 0u);
  BOOST_TEST(after == free, boost::test_tools::per_element());
}
