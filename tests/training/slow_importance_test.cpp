#define BOOST_TEST_MODULE training_slow_importance
#include <cmath>
#include <vector>

#include "stepping_set.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/training/slow_importance.hpp>

using namespace chemnne;
using test::steps;

BOOST_AUTO_TEST_CASE(what_changes_less_counts_more) {
  const std::vector<float> importance = slow_importance(steps(), 3, 4, 100);
  const double mean = std::sqrt((0.09 + 0.0009) / 3);
  const auto rounding = boost::test_tools::tolerance(1e-5f);
  BOOST_TEST(importance[0] == 1);  // more than the mean
  BOOST_TEST(importance[1] == static_cast<float>(mean / 0.03), rounding);
  BOOST_TEST(importance[2] == 100);  // never changes
  BOOST_TEST(importance[3] == 1);    // is not given: its change is not known
}

BOOST_AUTO_TEST_CASE(there_is_a_largest_and_one_is_none) {
  BOOST_TEST(slow_importance(steps(), 3, 4, 2) == (std::vector<float>{1, 2, 2, 1}),
             boost::test_tools::per_element());
  BOOST_TEST(slow_importance(steps(), 3, 4, 1).empty());
}
