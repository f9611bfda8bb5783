#define BOOST_TEST_MODULE data_scenario
#include <set>

#include <boost/test/unit_test.hpp>

#include <chemnne/data/scenario.hpp>

using namespace chemnne;

namespace {

ScenarioRanges some_ranges() {
  ScenarioRanges ranges;
  ranges.environment = {
      {"temperature", 250, 310, "K", false},    {"pressure", 7e4, 1e5, "Pa", false},
      {"relative_humidity", 5, 95, "%", false}, {"photolysis_scaling", 0.3, 1.2, "1", false},
      {"latitude", -70, 70, "degree", false},   {"day_of_year", 1, 366, "day", false}};
  ranges.species = {{"O3", 1e-9, 1e-7, "mol mol-1", true}, {"NO", 1e-12, 1e-8, "mol mol-1", true}};
  return ranges;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_step_sees_the_sun_of_its_middle_and_none_at_night) {
  const Conditions noon{.latitude = 20, .day_of_year = 172, .local_hour = 11.5};
  BOOST_TEST(environment_at(noon, 0).cosine_zenith == cosine_solar_zenith(20, 172, 12));
  BOOST_TEST(environment_at(noon, 3, 2).cosine_zenith == cosine_solar_zenith(20, 172, 15.5));
  BOOST_TEST(environment_at(noon, 12).cosine_zenith == 0.0);
}

BOOST_AUTO_TEST_CASE(the_day_of_the_year_advances_at_midnight) {
  const Conditions evening{.latitude = 60, .day_of_year = 80, .local_hour = 23};
  // 13 hours on it is noon of the next day; declinations differ by 0.4 degrees a day at the equinox.
  BOOST_TEST(environment_at(evening, 12.5).cosine_zenith == cosine_solar_zenith(60, 81, 12));
}

BOOST_AUTO_TEST_CASE(scenarios_are_in_range_and_spread_over_the_whole_day) {
  const auto scenarios = draw_scenarios(some_ranges(), 48, 100, 5);
  std::set<int> half_hours;
  for (const Scenario& scenario : scenarios) {
    const Conditions& conditions = scenario.conditions;
    BOOST_TEST((conditions.temperature >= 250 && conditions.temperature <= 310));
    BOOST_TEST((conditions.pressure >= 7e4 && conditions.pressure <= 1e5));
    BOOST_TEST((conditions.relative_humidity >= 5 && conditions.relative_humidity <= 95));
    BOOST_TEST((conditions.photolysis_scaling >= 0.3 && conditions.photolysis_scaling <= 1.2));
    BOOST_TEST((conditions.latitude >= -70 && conditions.latitude <= 70));
    BOOST_TEST((conditions.day_of_year >= 1 && conditions.day_of_year <= 366));
    BOOST_TEST((scenario.initial[0] >= 1e-9 && scenario.initial[0] <= 1e-7));
    half_hours.insert(static_cast<int>(2 * conditions.local_hour));
  }
  BOOST_TEST(half_hours.size() == 48u);  // a Latin hypercube: one in each half hour
  BOOST_TEST(scenarios.front().number == 100u);
  BOOST_TEST(scenarios.back().number == 147u);
}

BOOST_AUTO_TEST_CASE(files_of_one_seed_draw_independent_scenarios) {
  const auto train = draw_scenarios(some_ranges(), 20, 0, 5);
  const auto again = draw_scenarios(some_ranges(), 20, 0, 5);
  const auto validation = draw_scenarios(some_ranges(), 20, 20, 5);
  for (std::size_t i = 0; i < train.size(); ++i) {
    BOOST_TEST(train[i].initial == again[i].initial);
    BOOST_TEST(train[i].initial[0] != validation[i].initial[0]);
  }
}
