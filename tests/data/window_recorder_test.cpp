#define BOOST_TEST_MODULE data_window_recorder
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "data_test_tools.hpp"
#include "small_mechanism.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/data/scenario_runner.hpp>
#include <chemnne/data/window_recorder.hpp>

using namespace chemnne;
using test::contains;
using test::message_of;

namespace {

const std::vector<double> times{0, 1800, 3600};

std::vector<double> some_states(const Mechanism& mechanism) {
  std::vector<double> states(times.size() * mechanism.variable_species);
  for (std::size_t i = 0; i < states.size(); ++i) states[i] = 1e9 * static_cast<double>(i + 1);
  return states;
}

}  // namespace

BOOST_AUTO_TEST_CASE(what_a_scenario_does_is_recorded_as_its_windows) {
  // A host that does what the generator's scenario does: the same rows, to the rounding of the
  // floats by which its states come here.
  const Mechanism mechanism = test::small_mechanism();
  const ScenarioRanges ranges =
      test::small_ranges("[lumped.SUM]\nNO = 1\nX = 2\n[mechanism]\ninputs = [\"O3\", \"NO2\"]\n");
  const SpeciesSelection selection = select_species(mechanism, ranges.choice);
  const WindowOptions options{
      .windows_per_scenario = 4, .frames = 3, .plume_share = 0, .maximum_spin_up = 7200};
  const std::vector<Scenario> scenarios = draw_scenarios(ranges, 3, 0, 3);

  SpeciesSelection all;
  for (std::size_t i = 0; i < mechanism.variable_species; ++i) all.species.push_back(i);
  all.task.assign(all.species.size(), 1);
  ScenarioRunner theirs(mechanism, ranges, selection, options, 3), whole(mechanism, ranges, all, options, 3);
  const EnvironmentModel model(mechanism, ranges);
  Dataset expected = windowless_dataset(mechanism, selection, model, times);
  Dataset states = windowless_dataset(mechanism, all, model, times);
  for (const Scenario& scenario : scenarios) {
    append_windows(theirs.run(scenario), expected);
    append_windows(whole.run(scenario), states);
  }

  WindowRecorder recorder(mechanism, ranges, times);
  for (std::size_t window = 0; window < states.cases(); ++window) {
    std::vector<double> window_states;
    for (std::size_t frame = 0; frame < times.size(); ++frame)
      for (const float value : states.row(window, frame)) window_states.push_back(static_cast<double>(value));
    recorder.add(static_cast<std::size_t>(states.scenario[window]),
                 static_cast<std::size_t>(states.window_in_scenario[window]),
                 model.conditions_of(states, window), window_states);
  }
  BOOST_TEST(recorder.windows() == 12u);

  const test::TemporaryFolder folder;
  recorder.write(folder.file("windows.nc"));
  const Dataset found = read_dataset(folder.file("windows.nc"));
  BOOST_TEST(found.species_name == expected.species_name);
  BOOST_TEST(found.scenario == expected.scenario);
  BOOST_TEST(found.window_in_scenario == expected.window_in_scenario);
  BOOST_TEST(found.attribute("mechanism_fingerprint") == mechanism.fingerprint());
  BOOST_TEST(contains(found.attribute("lumped"), "SUM"));
  const auto close = boost::test_tools::tolerance(1e-6);
  for (std::size_t i = 0; i < expected.concentration.size(); ++i)
    BOOST_TEST(static_cast<double>(found.concentration[i]) == static_cast<double>(expected.concentration[i]),
               close);
  for (std::size_t i = 0; i < expected.environment_value.size(); ++i)
    BOOST_TEST(found.environment_value[i] == expected.environment_value[i], close);
  for (std::size_t i = 0; i < expected.element_total.size(); ++i)
    BOOST_TEST(found.element_total[i] == expected.element_total[i], close);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_recorded_is_named) {
  const Mechanism mechanism = test::small_mechanism();
  const ScenarioRanges ranges = test::small_ranges("");
  BOOST_TEST(contains(message_of([&] { WindowRecorder(mechanism, ranges, {0}); }), "times of a window"));
  WindowRecorder recorder(mechanism, ranges, times);
  BOOST_TEST(contains(message_of([&] { recorder.write("none.nc"); }), "none.nc: expected a window"));
  std::vector<double> states = some_states(mechanism);
  states.pop_back();
  BOOST_TEST(contains(message_of([&] { recorder.add(0, 0, Conditions{}, states); }), "states of a window"));
  states.push_back(std::numeric_limits<double>::quiet_NaN());
  BOOST_TEST(contains(message_of([&] { recorder.add(4, 7, Conditions{}, states); }),
                      "box 4, step 7: expected finite states"));
}
