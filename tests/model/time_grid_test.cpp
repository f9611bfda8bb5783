#define BOOST_TEST_MODULE model_time_grid
#include <cmath>

#include <boost/test/unit_test.hpp>

#include <chemnne/model/time_grid.hpp>

using chemnne::TimeGrid;

namespace {

constexpr double horizon = 3600, time_scale = 120;

/// The time of a stretched coordinate, the inverse of `stretched`.
double time_of(double s) { return time_scale * std::expm1(s * std::log1p(horizon / time_scale)); }

template <class Weights, class F>
double interpolate(const Weights& weights, F at_node) {
  double sum = 0;
  for (std::size_t j = 0; j < weights.size(); ++j) sum += weights[j] * at_node(j);
  return sum;
}

template <class Weights>
double total_size(const Weights& weights) {
  double sum = 0;
  for (const double w : weights) sum += std::abs(w);
  return sum;
}

template <std::size_t Nodes, bool Anchored>
constexpr TimeGrid<Nodes, Anchored> grid{horizon, time_scale};

using Sizes = std::tuple<std::integral_constant<std::size_t, 2>, std::integral_constant<std::size_t, 6>,
                         std::integral_constant<std::size_t, 10>, std::integral_constant<std::size_t, 12>>;

/// Interpolation multiplies roundings by the sum of |weights|, 3 and below, and by some 2 N factors.
constexpr double rounding = 1e-13;

}  // namespace

BOOST_AUTO_TEST_CASE(time_is_stretched_as_documented) {
  const auto& g = grid<10, true>;
  BOOST_TEST(g.stretched(0) == 0);
  BOOST_TEST(g.stretched(horizon) == 1);
  BOOST_TEST(std::abs(g.stretched(time_scale) - std::log(2) / std::log(31)) < 1e-15);
  for (const double s : {0.1, 0.5, 0.9}) BOOST_TEST(std::abs(g.stretched(time_of(s)) - s) < 1e-14);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(nodes_are_chebyshev_points, Size, Sizes) {
  constexpr std::size_t n = Size::value;
  BOOST_TEST((TimeGrid<n, false>::node(0)) == 0);
  BOOST_TEST((TimeGrid<n, true>::node(0)) > 0);
  BOOST_TEST((TimeGrid<n, false>::node(n - 1)) == 1);
  BOOST_TEST((TimeGrid<n, true>::node(n - 1)) == 1);
  // An anchored grid is the grid of one node more, without t = 0.
  for (std::size_t j = 0; j < n; ++j)
    BOOST_TEST((TimeGrid<n, true>::node(j)) == (TimeGrid<n + 1, false>::node(j + 1)));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(weights_are_unit_vectors_at_the_nodes, Size, Sizes) {
  constexpr std::size_t n = Size::value;
  const auto check = [](const auto& weights, std::size_t node) {
    for (std::size_t j = 0; j < n; ++j) BOOST_TEST(std::abs(weights[j] - (j == node ? 1 : 0)) < rounding);
  };
  for (std::size_t j = 0; j < n; ++j) {
    check(grid<n, true>.weights(time_of(TimeGrid<n, true>::node(j)), true), j);
    check(grid<n, true>.weights(time_of(TimeGrid<n, true>::node(j)), false), j);
    check(grid<n, false>.weights(time_of(TimeGrid<n, false>::node(j)), false), j);
  }
  // At the horizon exactly, so that EndOfStep may take the last node as it is; at t = 0 a change is exactly
  // nothing.
  for (std::size_t j = 0; j < n; ++j) {
    BOOST_TEST((grid<n, true>.weights(horizon, true)[j]) == (j + 1 == n ? 1 : 0));
    BOOST_TEST((grid<n, false>.weights(horizon, false)[j]) == (j + 1 == n ? 1 : 0));
    BOOST_TEST((grid<n, true>.weights(0, true)[j]) == 0);
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(polynomials_below_the_number_of_nodes_are_exact, Size, Sizes) {
  constexpr std::size_t n = Size::value;
  for (double time = 0; time <= horizon; time += 7.3) {
    const double s = grid<n, false>.stretched(time);
    for (std::size_t degree = 0; degree < n; ++degree) {
      const auto power = [degree](double base) { return std::pow(base, static_cast<double>(degree)); };
      const auto weights = grid<n, false>.weights(time, false);
      BOOST_TEST_REQUIRE(
          std::abs(interpolate(weights, [&](std::size_t j) { return power(TimeGrid<n, false>::node(j)); }) -
                   power(s)) < rounding);
      // A change from t = 0 has no constant term: s times a polynomial, up to degree n.
      const auto change = grid<n, true>.weights(time, true);
      const auto at = [&](double base) { return base * power(base); };
      BOOST_TEST_REQUIRE(
          std::abs(interpolate(change, [&](std::size_t j) { return at(TimeGrid<n, true>::node(j)); }) -
                   at(s)) < rounding);
    }
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(weights_sum_to_one_and_are_small, Size, Sizes) {
  constexpr std::size_t n = Size::value;
  for (double time = 0; time <= horizon; time += 7.3) {
    const auto weights = grid<n, false>.weights(time, false);
    BOOST_TEST_REQUIRE(std::abs(interpolate(weights, [](std::size_t) { return 1.0; }) - 1) < rounding);
    // Trefethen 2013, theorem 15.2: 1 + 2 / pi log n bounds the sum of |weights| of n + 1 Chebyshev points.
    BOOST_TEST_REQUIRE(total_size(weights) < 3);
    BOOST_TEST_REQUIRE(total_size(grid<n, true>.weights(time, true)) < 3);
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(on_an_anchored_grid_unknown_values_are_extrapolated_to_zero_time, Size, Sizes) {
  // Outputs without a known initial value have no node at t = 0. From one minute on, the first frame that a
  // loss holds them to, their weights are small all the same (3.4 at most here); at t = 0 they are -+2, at
  // the last node 1.
  constexpr std::size_t n = Size::value;
  for (double time = 60; time <= horizon; time += 7.3) {
    const auto weights = grid<n, true>.weights(time, false);
    BOOST_TEST_REQUIRE(std::abs(interpolate(weights, [](std::size_t) { return 1.0; }) - 1) < rounding);
    BOOST_TEST_REQUIRE(total_size(weights) < 4);
  }
  BOOST_TEST(std::abs(total_size(grid<n, true>.weights(0, false)) - (2 * n - 1)) < 100 * rounding);
}
