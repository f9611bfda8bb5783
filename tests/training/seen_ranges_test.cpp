#define BOOST_TEST_MODULE training_seen_ranges
#include "stepping_set.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/training/seen_ranges.hpp>

using namespace chemnne;
using test::steps;

BOOST_AUTO_TEST_CASE(ranges_are_those_of_all_windows_and_of_the_first_data) {
  Standardisation standard;
  standard.species = {"a", "b", "c", "d"};
  standard.mean = {1, 1, 1, 1};
  standard.deviation = {2, 2, 2, 2};
  standard.minimum = {-5, 0, 0, 0};
  standard.maximum = {0, 0, 0, 0};
  standard.condition_name = {"factor"};
  standard.condition_mean = {1};
  standard.condition_deviation = {10};
  standard.condition_minimum = {3};
  standard.condition_maximum = {200};
  // The set holds standardised values: -0.3 .. 0.3 and so on, conditions 0 .. 7.
  const SeenRanges seen = seen_ranges(steps(), standard);
  const auto rounding = boost::test_tools::tolerance(1e-6);
  BOOST_TEST(seen.species[0].minimum == -5);
  BOOST_TEST(seen.species[0].maximum == 1.6, rounding);
  BOOST_TEST(seen.species[3].minimum == -1, rounding);
  BOOST_TEST(seen.species[3].maximum == 3, rounding);
  BOOST_TEST(seen.conditions[0].minimum == 1);
  BOOST_TEST(seen.conditions[0].maximum == 200);
}
