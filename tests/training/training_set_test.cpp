#define BOOST_TEST_MODULE training_training_set
#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "../data/data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/training/training_set.hpp>

using namespace chemnne;
using test::contains;

namespace {

/// Two windows of two frames, three species of which the last is not the network's.
Dataset windows() {
  Dataset data;
  data.species_name = {"A", "B", "unused"};
  data.molar_mass = {10, 20, 1000};
  data.element_name = {"X"};
  data.atom_count = {1, 2, 7};
  data.environment_name = {"day", "temperature"};
  data.environment_units = {"1", "K"};
  data.environment_value = {1, 280, 2, 300};
  data.time = {0, 60};
  data.scenario = {0, 1};
  data.concentration = {1e6f, 1e8f, 5, 1e7f, 10, 5, 1e4f, 1e5f, 5, 1e9f, 1e3f, 5};
  return data;
}

Standardisation standardisation() {
  Standardisation s;
  s.species = {"A", "B"};
  s.floor = {1e3, 1e3};
  s.mean = {6, 5};
  s.deviation = {2, 0.5};
  s.condition_name = {"temperature"};
  s.condition_mean = {290};
  s.condition_deviation = {20};
  return s;
}

}  // namespace

BOOST_AUTO_TEST_CASE(states_conditions_and_totals_by_hand) {
  const TrainingSet set(windows(), standardisation());
  BOOST_TEST(set.cases == 2u);
  BOOST_TEST(set.frames == 2u);
  // (log10(max(c, 1e3)) - mean) / deviation; powers of ten, so that nothing is rounded but 10^8 and such,
  // exact in float too.
  const std::vector<float> state{0, 6, 0.5f, -4, -1, 0, 1.5f, -4};
  BOOST_TEST(set.state == state, boost::test_tools::per_element());
  BOOST_TEST(set.condition == (std::vector<float>{-0.5f, 0.5f}), boost::test_tools::per_element());
  // Mass and X of A and B alone, what is below the floor included; unused budgets are zero.
  const std::vector<float> first{1e7f + 2e9f, 1e6f + 2e8f}, second{1e8f + 200, 1e7f + 20};
  for (std::size_t budget = 0; budget < budgets; ++budget) {
    BOOST_TEST(set.total[budget] == (budget < 2 ? first[budget] : 0.0f));
    BOOST_TEST(set.total[budgets + budget] == (budget < 2 ? second[budget] : 0.0f));
  }
}

BOOST_AUTO_TEST_CASE(a_stride_takes_every_so_many_frames) {
  // The two windows in one of four frames.
  Dataset data = windows();
  data.time = {0, 60, 120, 180};
  data.scenario = {0};
  data.environment_value = {1, 280};
  const std::vector<double> coefficients = budget_coefficients(data, 2);
  const TrainingSet all(data, standardisation()), ends(data, standardisation(), coefficients, 3);
  BOOST_TEST(ends.frames == 2u);
  BOOST_TEST(ends.cases == 1u);
  BOOST_TEST((ends.state == std::vector<float>{0, 6, 1.5f, -4}));
  for (std::size_t budget = 0; budget < budgets; ++budget) {
    BOOST_TEST(ends.total[budget] == all.total[budget]);
    BOOST_TEST(ends.total[budgets + budget] == all.total[3 * budgets + budget]);
  }
  BOOST_TEST(contains(test::message_of([&] { TrainingSet(data, standardisation(), coefficients, 2); }),
                      "expected a multiple of 2, of which one is used, found 3"));
}

BOOST_AUTO_TEST_CASE(species_are_a_prefix_in_order_and_conditions_have_names) {
  Dataset data = windows();
  std::swap(data.species_name[0], data.species_name[1]);
  const std::string order = test::message_of([&] { TrainingSet(data, standardisation()); });
  BOOST_TEST(contains(order, "species 0: expected A, found B"), order);
  data = windows();
  data.environment_name[1] = "Temperature";
  const std::string condition = test::message_of([&] { TrainingSet(data, standardisation()); });
  BOOST_TEST(contains(condition, "'temperature'"), condition);
  Standardisation more = standardisation();
  more.species = {"A", "B", "unused", "D"};
  more.floor = more.mean = more.deviation = {1, 1, 1, 1};
  const std::string fewer = test::message_of([&] { TrainingSet(windows(), more); });
  BOOST_TEST(contains(fewer, "species 3: expected D, found the end of the list"), fewer);
}

BOOST_AUTO_TEST_CASE(budgets_have_room_for_seven_elements) {
  Dataset data = windows();
  BOOST_TEST(
      budget_coefficients(data, 2) == (std::vector<double>{10, 20, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}),
      boost::test_tools::per_element());
  data.element_name.assign(8, "X");
  data.atom_count.assign(24, 0);
  const std::string message = test::message_of([&] { budget_coefficients(data, 2); });
  BOOST_TEST(contains(message, "expected 7 elements or fewer, found 8"), message);
}

BOOST_AUTO_TEST_CASE(a_set_that_does_not_fit_the_network_is_refused) {
  const TrainingSet set(windows(), standardisation());
  set.require("set", 2, 2, 1);
  BOOST_TEST(contains(test::message_of([&] { set.require("set", 61, 2, 1); }),
                      "set: expected 61 frames (the configuration's), found 2"));
  BOOST_TEST(contains(test::message_of([&] { set.require("set", 2, 3, 1); }),
                      "expected 3 species (the configuration's), found 2"));
  BOOST_TEST(contains(test::message_of([&] { set.require("set", 2, 2, 5); }),
                      "expected 5 conditions (the configuration's), found 1"));
  Dataset none = windows();
  none.scenario.clear();
  BOOST_TEST(contains(test::message_of([&] { TrainingSet(none, standardisation()).require("set", 2, 2, 1); }),
                      "at least one window"));
}

BOOST_AUTO_TEST_CASE(a_second_set_has_its_budgets_by_the_order_of_the_first) {
  Dataset data = windows();
  data.element_name = {"X", "Y"};
  data.atom_count = {1, 5, 2, 6, 7, 8};
  Dataset other = data;
  other.element_name = {"Y", "X"};
  other.atom_count = {5, 1, 6, 2, 8, 7};
  TrainingSet set(data, standardisation());
  const TrainingSet alone = set;
  set.append(TrainingSet(other, standardisation(), budget_coefficients(data, 2)));
  BOOST_TEST(set.cases == 4u);
  for (std::size_t i = 0; i < alone.total.size(); ++i)
    BOOST_TEST(set.total[alone.total.size() + i] == alone.total[i]);
  BOOST_TEST(set.state.size() == 2 * alone.state.size());
  Standardisation one = standardisation();
  one.species.pop_back();
  BOOST_CHECK_THROW(set.append(TrainingSet(data, one)), Error);
}

BOOST_AUTO_TEST_CASE(windows_that_follow_each_other_become_chains) {
  // Windows 0 -> 1 -> 2 follow each other, 3 does not.
  Dataset data = windows();
  data.concentration.clear();
  const float level[] = {1e4f, 1e5f, 1e6f, 1e7f, 1e9f, 1e4f};
  for (const std::size_t at : {0u, 1u, 1u, 2u, 2u, 3u, 4u, 5u})
    data.concentration.insert(data.concentration.end(), {level[at], level[at], 5});
  data.scenario = {0, 0, 0, 1};
  data.environment_value = {1, 290, 1, 310, 1, 330, 1, 350};
  const TrainingSet set(data, standardisation()), chains = set.chained(2);
  BOOST_TEST(chains.cases == 2u);
  BOOST_TEST(chains.frames == 3u);
  BOOST_TEST(chains.conditions == 2u);
  BOOST_TEST((chains.condition == std::vector<float>{0, 1, 1, 2}));
  BOOST_TEST((chains.state == std::vector<float>{-1, -2, -0.5f, 0, 0, 2, -0.5f, 0, 0, 2, 0.5f, 4}));
  BOOST_TEST(chains.total.size() == 2 * 3 * budgets);
  BOOST_TEST(set.chained(3).cases == 1u);
  BOOST_TEST(set.chained(4).cases == 0u);
}

BOOST_AUTO_TEST_CASE(windows_are_put_in_the_place_of_others_around_the_end) {
  const TrainingSet old(windows(), standardisation());
  Dataset other = windows();
  for (float& c : other.concentration) c *= 2;
  for (double& value : other.environment_value) value += 10;
  const TrainingSet fresh(other, standardisation());
  TrainingSet set = old;
  set.replace(1, fresh);
  // The first one came in the second place, the second one in the first.
  const auto swapped = [](std::vector<float> all) {
    std::rotate(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2), all.end());
    return all;
  };
  BOOST_TEST((set.state == swapped(fresh.state)));
  BOOST_TEST((set.condition == swapped(fresh.condition)));
  BOOST_TEST((set.total == swapped(fresh.total)));
  BOOST_TEST(set.cases == 2u);
  Dataset shorter = windows();
  shorter.time.pop_back();
  BOOST_TEST(contains(test::message_of([&] { set.replace(0, TrainingSet(shorter, standardisation())); }),
                      "sets of the same frames"));
}
