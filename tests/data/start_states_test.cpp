#define BOOST_TEST_MODULE data_start_states
#include <cmath>

#include "data_test_tools.hpp"
#include "small_mechanism.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/data/generator.hpp>
#include <chemnne/data/start_states.hpp>

using namespace chemnne;

namespace {

/// Windows of the small mechanism with the species in another order and without NO.
Dataset states(std::size_t windows) {
  Dataset data;
  data.time = {0, 3600};
  data.species_name = {"O3", "HNO3", "NO2"};
  data.environment_name = {"relative_humidity", "uptake", "temperature", "pressure"};
  for (std::size_t i = 0; i < windows; ++i) {
    const float level = 1 + static_cast<float>(i);
    data.scenario.push_back(static_cast<int>(i));
    data.concentration.insert(data.concentration.end(), {1e12f * level, 0, 1e10f * level, 0, 0, 0});
    data.environment_value.insert(
        data.environment_value.end(),
        {30.0 + static_cast<double>(i + 1), 1e-3 * static_cast<double>(i + 1), 280, 95000});
  }
  return data;
}

}  // namespace

BOOST_AUTO_TEST_CASE(one_state_is_found_again_but_for_the_jitter) {
  const Mechanism mechanism = test::small_mechanism();
  const StartStates start(states(1), mechanism, "one.nc");
  ScenarioCourse course{.scenario = 0, .conditions = {.parameters = {7}}, .random = Random(1)};
  double sum = 0, square = 0;
  const int draws = 2000;
  for (int i = 0; i < draws; ++i) {
    course.state.assign(mechanism.variable_species, 0.0);
    start.start(course, {"uptake"}, 1);
    const std::vector<double>& state = course.state;
    const Conditions& conditions = course.conditions;
    const double decades = std::log10(state[mechanism.index_of("O3")] / 1e12);
    sum += decades;
    square += decades * decades;
    BOOST_TEST(state[mechanism.index_of("HNO3")] == 0);
    BOOST_TEST(state[mechanism.index_of("NO")] == 0);
    BOOST_TEST(conditions.temperature == 280);
    BOOST_TEST(conditions.relative_humidity == 31);
    BOOST_TEST(conditions.parameters[0] == 1e-3, boost::test_tools::tolerance(1e-12));
  }
  // Five standard errors of mean and deviation.
  BOOST_TEST(std::abs(sum / draws) < 5 * StartStates::jitter / std::sqrt(draws));
  BOOST_TEST(std::abs(std::sqrt(square / draws) - StartStates::jitter) <
             5 * StartStates::jitter / std::sqrt(2.0 * draws));
}

BOOST_AUTO_TEST_CASE(mixtures_stay_between_the_states_together) {
  const Mechanism mechanism = test::small_mechanism();
  const StartStates start(states(9), mechanism, "nine.nc");
  ScenarioCourse course{.scenario = 0, .conditions = {}, .random = Random(2)};
  for (int i = 0; i < 300; ++i) {
    course.state.assign(mechanism.variable_species, 0.0);
    start.start(course, {}, 1);
    const std::vector<double>& state = course.state;
    // O3 and NO2 are proportional in all states: in a mixture too, but for two jitters.
    const double ratio = state[mechanism.index_of("O3")] / state[mechanism.index_of("NO2")];
    BOOST_TEST(std::abs(std::log10(ratio / 100)) < 6 * std::sqrt(2.0) * StartStates::jitter);
    BOOST_TEST(state[mechanism.index_of("O3")] > 1e12 * std::pow(10, -6 * StartStates::jitter));
    BOOST_TEST(state[mechanism.index_of("O3")] < 9e12 * std::pow(10, 6 * StartStates::jitter));
  }
}

BOOST_AUTO_TEST_CASE(data_sets_from_states_do_not_depend_on_threads_and_tell_their_origin) {
  const Mechanism mechanism = test::small_mechanism();
  const ScenarioRanges ranges = test::small_ranges();
  const StartStates start(states(3), mechanism, "three.nc");
  const test::TemporaryFolder folder;
  GeneratorOptions options{.scenarios = 4, .start = &start, .threads = 1};
  options.windows.maximum_spin_up = 3600;
  generate_dataset(mechanism, ranges, options, folder.file("one.nc"));
  options.threads = 3;
  generate_dataset(mechanism, ranges, options, folder.file("three.nc"));
  const Dataset one = read_dataset(folder.file("one.nc")), three = read_dataset(folder.file("three.nc"));
  BOOST_TEST(one.concentration == three.concentration);
  BOOST_TEST(one.attribute("start_states") == start.hash());
  options.start = nullptr;
  generate_dataset(mechanism, ranges, options, folder.file("ranges.nc"));
  BOOST_TEST((read_dataset(folder.file("ranges.nc")).concentration != one.concentration));
}

BOOST_AUTO_TEST_CASE(data_that_do_not_fit_are_named) {
  const Mechanism mechanism = test::small_mechanism();
  const auto complaint = [&](const Dataset& data) {
    return test::message_of([&] { StartStates(data, mechanism, "file.nc"); });
  };
  BOOST_TEST(test::contains(complaint(Dataset{}), "file.nc"));
  Dataset other = states(1);
  other.species_name[1] = "OH";
  BOOST_TEST(test::contains(complaint(other), "file.nc: OH"));
  other = states(1);
  other.environment_name[2] = "warmth";
  BOOST_TEST(test::contains(complaint(other), "'temperature'"));
}

BOOST_AUTO_TEST_CASE(held_species_that_the_states_lack_come_from_their_range) {
  const Mechanism mechanism = test::small_mechanism();
  ScenarioRanges ranges = test::small_ranges();
  ranges.species = {{"HNO3", 1e9, 1e9, "molecules cm-3", true}, {"X", 2e9, 2e9, "molecules cm-3", true}};
  const auto first = [&](const std::vector<std::string>& held) {
    ranges.windows.held = held;
    const SpeciesSelection selection{.species = {4, 3, 2}, .task = {1, 1, 1}};
    const StartStates start(states(1), mechanism, "one.nc");
    ScenarioRunner runner(mechanism, ranges, selection, {.frames = 2}, 1, &start);
    return runner.run(draw_scenarios(ranges, 1, 0, 1)[0]).concentration;
  };
  BOOST_TEST(first({})[0] == 0);
  const std::vector<float> concentration = first({"X"});
  BOOST_TEST(concentration[0] == 2e9f);
  BOOST_TEST(concentration[2] > 1e11f);  // ozone, which has no range here, is that of the states
}
