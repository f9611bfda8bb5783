#define BOOST_TEST_MODULE data_lane_scenario_runner
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "data_test_tools.hpp"
#include "eventful_air.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/data/lane_scenario_runner.hpp>
#include <chemnne/data/scenario_runner.hpp>

using namespace chemnne;
using test::contains;
using test::message_of;

namespace {

struct Open : test::EventfulAir {
  std::vector<Scenario> scenarios = draw_scenarios(ranges, 21, 0, 3);

  std::vector<ScenarioWindows> run(std::span<const Scenario> some) const {
    const ScenarioChemistry chemistry(mechanism, ranges);
    return LaneScenarioRunner(chemistry, mechanism, ranges, selection, options, 3).run(some);
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_scenario_is_the_same_to_the_bit_alone_and_among_others) {
  const Open open;
  const std::vector<ScenarioWindows> together = open.run(open.scenarios);
  for (std::size_t i = 0; i < open.scenarios.size(); ++i) {
    const ScenarioWindows alone = open.run(std::span(&open.scenarios[i], 1))[0];
    BOOST_TEST_REQUIRE(together[i].failure == "");
    BOOST_TEST(together[i].scenario == open.scenarios[i].number);
    BOOST_TEST(together[i].concentration == alone.concentration);
    BOOST_TEST(together[i].element_total == alone.element_total);
    BOOST_TEST(together[i].kind == alone.kind);
  }
}

BOOST_AUTO_TEST_CASE(windows_are_those_of_cvode_to_the_tolerances) {
  Open open;
  open.options.spin_up_relative_tolerance = 1e-7;
  open.options.rosenbrock.relative_tolerance = 1e-7;
  ScenarioRunner cvode(open.mechanism, open.ranges, open.selection, open.options, 3);
  const std::vector<ScenarioWindows> ours = open.run(open.scenarios);
  for (std::size_t i = 0; i < open.scenarios.size(); ++i) {
    const ScenarioWindows theirs = cvode.run(open.scenarios[i]);
    BOOST_TEST_REQUIRE(ours[i].failure == "");
    BOOST_TEST(ours[i].kind == theirs.kind);
    BOOST_TEST(ours[i].spin_up_length == theirs.spin_up_length);
    BOOST_TEST(ours[i].environment_value == theirs.environment_value);
    BOOST_TEST_REQUIRE(ours[i].concentration.size() == theirs.concentration.size());
    double worst = 0;
    for (std::size_t k = 0; k < theirs.concentration.size(); ++k) {
      const auto value = static_cast<double>(theirs.concentration[k]);
      const double difference = static_cast<double>(ours[i].concentration[k]) - value;
      worst = std::max(worst, std::abs(difference) / std::max(1e3, value));
    }
    // Some hundred steps of 1e-7 by both, and floats.
    BOOST_TEST(worst < 2e-5);
  }
}

BOOST_AUTO_TEST_CASE(a_scenario_that_cannot_be_solved_says_where_and_leaves_the_others_alone) {
  Open open;
  const std::vector<ScenarioWindows> well = open.run(open.scenarios);
  // A sink that is not a number makes a rate constant that is none.
  std::vector<Scenario> scenarios = open.scenarios;
  scenarios[4].conditions.parameters[0] = std::nan("");
  const std::vector<ScenarioWindows> windows = open.run(scenarios);
  for (std::size_t i = 0; i < scenarios.size(); ++i) {
    if (i == 4)
      BOOST_TEST(contains(windows[i].failure, "spin-up, from 0 s"), windows[i].failure);
    else
      BOOST_TEST(windows[i].concentration == well[i].concentration);
  }
}

BOOST_AUTO_TEST_CASE(weather_that_cannot_be_is_an_error) {
  const Open open;
  std::vector<Scenario> scenarios = open.scenarios;
  scenarios[2].conditions.temperature = 1000;
  BOOST_TEST(contains(message_of([&] { open.run(scenarios); }), "temperature"));
}
