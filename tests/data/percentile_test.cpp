#define BOOST_TEST_MODULE data_percentile
#include <array>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/data/percentile.hpp>

using namespace chemnne;

BOOST_AUTO_TEST_CASE(ranks_over_starts_and_ends_of_one_species) {
  Dataset data;
  data.species_name = {"A", "B"};
  data.time = {0, 30, 60};
  data.scenario = {0, 1};
  // A: 4, 1 in the first window, 3, 2 in the second; what lies between and B do not count.
  data.concentration = {4, 90, 99, 90, 1, 90, 3, 90, 99, 90, 2, 90};
  BOOST_TEST(percentiles(data, 0, std::array{0.0, 0.34, 0.5, 1.0}) == (std::vector<double>{1, 2, 2, 4}),
             boost::test_tools::per_element());
}
