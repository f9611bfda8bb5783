#define BOOST_TEST_MODULE host_element_budget
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "../data/data_test_tools.hpp"
#include "small_emulator.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/host/element_budget.hpp>

using namespace chemnne;
using test::contains;

namespace {

/// Four outputs A, B, C, D of which D is no input: X in A and twice in B, Y in C.
EmulatorDescription description() {
  EmulatorDescription d = test::small_description<test::Small<4>>();
  d.elements = {"X", "Y"};
  d.composition = {{1, 2, 0, 0}, {0, 0, 3, 0}};
  d.element_exact = true;
  return d;
}
const ElementBudget budget(description());
const std::vector<double> before{1e8, 3e7, 2e5}, predicted{0.9e8, 3.4e7, 1.5e5, 7e6};
/// A few terms, each rounded a few times.
const auto rounding = boost::test_tools::tolerance(1e-15);

}  // namespace

BOOST_AUTO_TEST_CASE(totals_by_hand_over_the_known_species) {
  double total[2];
  budget.totals(before.data(), total);
  BOOST_TEST(total[0] == 1.6e8);
  BOOST_TEST(total[1] == 6e5);
  BOOST_TEST(budget.elements() == 2u);
}

BOOST_AUTO_TEST_CASE(a_step_gets_the_totals_of_its_start) {
  std::vector<double> after = predicted;
  BOOST_REQUIRE(budget.project(before.data(), after.data()));
  BOOST_TEST(after[0] + 2 * after[1] == 1.6e8, rounding);
  BOOST_TEST(after[2] == 2e5, rounding);
  BOOST_TEST(after[3] == predicted[3]);  // in no element
  BOOST_TEST(after[0] > predicted[0]);   // X was short by 2e6: both of its carriers give some
  BOOST_TEST(after[1] > predicted[1]);
  BOOST_TEST(budget.largest_change(before.data(), after.data()) < 1e-15);
}

BOOST_AUTO_TEST_CASE(an_end_product_gives_way_last) {
  EmulatorDescription d = description();
  d.elements = {"X"};
  d.composition = {{1, 1, 1, 0}};
  d.lumped = {{"B", {{"M", 1}}, "X", true}, {"C", {{"N", 1}}, "X", false}};
  const std::vector<double> start{1e8, 1e8, 1e8};
  std::vector<double> after{1.1e8, 1.1e8, 1.1e8, 7e6};
  BOOST_REQUIRE(ElementBudget(d).project(start.data(), after.data()));
  BOOST_TEST(after[0] + after[1] + after[2] == 3e8, rounding);
  BOOST_TEST(after[0] == after[2]);
  BOOST_TEST(std::log(after[1] / 1.1e8) == 0.1 * std::log(after[0] / 1.1e8),
             boost::test_tools::tolerance(1e-10));
}

BOOST_AUTO_TEST_CASE(an_element_without_a_carrier_left_cannot_get_its_total) {
  std::vector<double> after = predicted;
  after[2] = 0;
  const std::vector<double> same = after;
  BOOST_TEST(!budget.project(before.data(), after.data()));
  BOOST_TEST(after == same);
}

BOOST_AUTO_TEST_CASE(an_element_of_which_there_is_next_to_nothing_is_left_alone_and_stops_no_other) {
  for (const double trace : {5e-324, 1e-310, 1e-40, 1e-12}) {
    const std::vector<double> start{1e8, 3e7, trace};
    std::vector<double> after = predicted;
    BOOST_REQUIRE(budget.project(start.data(), after.data()));
    BOOST_TEST(after[2] == trace);
    BOOST_TEST(after[0] + 2 * after[1] == 1.6e8, rounding);
  }
  const std::vector<double> vanished{1e8, 3e7, 0};
  std::vector<double> after = predicted;
  BOOST_REQUIRE(budget.project(vanished.data(), after.data()));
  BOOST_TEST(after[2] == 0);
}

BOOST_AUTO_TEST_CASE(no_species_has_more_than_a_total_can_hold) {
  std::vector<double> after{1e30, 3.4e7, 1e30, 7e6};
  BOOST_REQUIRE(budget.project(before.data(), after.data()));
  BOOST_TEST(budget.largest_change(before.data(), after.data()) < 1e-15);
}

// A and B have X; A is allowed 1e8 and has it already: what is missing goes to B alone.
BOOST_AUTO_TEST_CASE(within_limits_the_others_make_up_a_total) {
  const std::vector<double> start{1e8, 3e7, 2e5};
  std::vector<double> after{1e8, 1e7, 2e5, 7e6}, memory(4);
  BOOST_REQUIRE(budget.project(start.data(), after.data()));
  BOOST_TEST(after[0] > 1e8);
  const auto limited = [](std::size_t i, double value) { return i == 0 ? std::min(value, 1e8) : value; };
  BOOST_REQUIRE(budget.project_within(start.data(), after.data(), limited, memory.data()));
  BOOST_TEST(after[0] == 1e8);
  BOOST_TEST(after[1] == 3e7, rounding);
  BOOST_TEST(after[2] == 2e5, rounding);
  // Nothing is within limits that no state of these totals can meet.
  const auto none = [](std::size_t, double value) { return std::min(value, 1e6); };
  BOOST_TEST(!budget.project_within(start.data(), after.data(), none, memory.data()));
}

BOOST_AUTO_TEST_CASE(totals_that_are_negative_cannot_be_met) {
  const std::vector<double> start{-1e8, 3e7, 2e5};
  std::vector<double> after = predicted;
  BOOST_TEST(!budget.project(start.data(), after.data()));
  BOOST_TEST(after == predicted);
}

BOOST_AUTO_TEST_CASE(the_largest_change_by_hand) {
  // X: 1.58e8 against 1.6e8; Y: 4.5e5 against 6e5.
  BOOST_TEST(budget.largest_change(before.data(), predicted.data()) == 0.25, rounding);
  std::vector<double> after = predicted;
  after[2] = 2e5;
  BOOST_TEST(budget.largest_change(before.data(), after.data()) == 0.02 / 1.6,
             boost::test_tools::tolerance(1e-13));
  std::vector<double> none = before;
  none[2] = 0;
  BOOST_TEST(budget.largest_change(none.data(), after.data()) == HUGE_VAL);
  after[2] = 0;
  BOOST_TEST(budget.largest_change(none.data(), after.data()) == 0.02 / 1.6,
             boost::test_tools::tolerance(1e-13));
  after[0] = std::nan("");
  BOOST_TEST(std::isnan(budget.largest_change(before.data(), after.data())));
}

BOOST_AUTO_TEST_CASE(a_result_that_is_not_finite_is_left_to_the_host) {
  std::vector<double> after = predicted;
  after[0] = HUGE_VAL;
  BOOST_TEST(!budget.project(before.data(), after.data()));
  BOOST_TEST(after[1] == predicted[1]);
}

BOOST_AUTO_TEST_CASE(an_emulator_without_elements_has_nothing_to_keep) {
  const ElementBudget none(test::small_description<test::Small<4>>());
  std::vector<double> after = predicted;
  BOOST_TEST(none.elements() == 0u);
  BOOST_TEST(none.project(before.data(), after.data()));
  BOOST_TEST(after == predicted);
  BOOST_TEST(none.largest_change(before.data(), after.data()) == 0);
}

BOOST_AUTO_TEST_CASE(a_carrier_that_is_not_given_is_refused) {
  EmulatorDescription d = description();
  d.composition[1][3] = 1;
  const std::string message = test::message_of([&] { ElementBudget{d}; });
  BOOST_TEST(contains(message, "conserved element Y"), message);
  BOOST_TEST(contains(message, "found D"), message);
}

BOOST_AUTO_TEST_CASE(the_weights_file_keeps_the_elements) {
  const test::TemporaryFolder folder;
  const std::string path = folder.file("exact.safetensors");
  using C = test::Small<4>;
  test::write_small<C>(path, test::small_parameters<C>(), description());
  const EmulatorDescription found = description_of(read_safetensors(path), path);
  BOOST_TEST(found.elements == description().elements, boost::test_tools::per_element());
  BOOST_TEST((found.composition == description().composition));
  BOOST_TEST(found.element_exact);
}

BOOST_AUTO_TEST_CASE(a_file_without_elements_has_no_such_members_and_a_damaged_one_is_refused) {
  const EmulatorDescription plain = test::small_description<test::Small<4>>();
  const Json json = detail::description_to_json(plain);
  for (const char* name : {"elements", "composition", "element_exact"}) BOOST_TEST(!json.find(name));
  const EmulatorDescription found = detail::description_from_json(json, "file");
  BOOST_TEST(found.elements.empty());
  BOOST_TEST(!found.element_exact);
  EmulatorDescription damaged = description();
  damaged.composition[0].pop_back();
  const std::string message =
      test::message_of([&] { detail::description_from_json(detail::description_to_json(damaged), "file"); });
  BOOST_TEST(contains(message, "file, composition"), message);
}
