#define BOOST_TEST_MODULE data_latin_hypercube
#include <cmath>

#include <boost/test/unit_test.hpp>

#include <chemnne/data/latin_hypercube.hpp>

using chemnne::latin_hypercube;

BOOST_AUTO_TEST_CASE(every_interval_of_every_dimension_holds_one_point) {
  const std::size_t points = 97, dimensions = 5;
  const auto cube = latin_hypercube(points, dimensions, 3, 0);
  for (std::size_t dimension = 0; dimension < dimensions; ++dimension) {
    std::vector<int> count(points, 0);
    for (std::size_t i = 0; i < points; ++i) {
      const double value = cube[i * dimensions + dimension];
      BOOST_REQUIRE(value >= 0);
      BOOST_REQUIRE(value < 1);
      ++count[static_cast<std::size_t>(value * 97)];
    }
    BOOST_TEST(count == std::vector<int>(points, 1), boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(the_same_seed_and_stream_give_the_same_cube_others_give_others) {
  BOOST_TEST(latin_hypercube(50, 3, 1, 2) == latin_hypercube(50, 3, 1, 2));
  BOOST_TEST(latin_hypercube(50, 3, 1, 2) != latin_hypercube(50, 3, 1, 3));
  BOOST_TEST(latin_hypercube(50, 3, 1, 2) != latin_hypercube(50, 3, 2, 2));
}

BOOST_AUTO_TEST_CASE(dimensions_are_not_correlated) {
  const std::size_t points = 4000;
  const auto cube = latin_hypercube(points, 2, 9, 0);
  double sum = 0;
  for (std::size_t i = 0; i < points; ++i) sum += (cube[2 * i] - 0.5) * (cube[2 * i + 1] - 0.5);
  // Of independent uniforms the correlation has a standard deviation of 1/sqrt(points) = 0.016: five of
  // these.
  BOOST_TEST(std::abs(12 * sum / static_cast<double>(points)) < 0.08);
}
