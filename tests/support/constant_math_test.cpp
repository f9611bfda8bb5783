#define BOOST_TEST_MODULE support_constant_math
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include <boost/test/unit_test.hpp>

#include <chemnne/support/constant_math.hpp>

using namespace chemnne;

// What a compiler computes is what the standard library computes.
namespace {

constexpr double at_compile_time = constant_math::exp(1) + constant_math::sin(1) + constant_math::log(3);

/// In ulp of the value, or of `least` where a result near 0 is the difference of larger numbers.
double ulps(double found, double expected, double least = 0) {
  return std::abs(found - expected) /
         (std::numeric_limits<double>::epsilon() * std::max(std::abs(expected), least));
}

}  // namespace

BOOST_AUTO_TEST_CASE(they_are_constants) {
  BOOST_TEST(ulps(at_compile_time, std::exp(1.0) + std::sin(1.0) + std::log(3.0)) < 4);
}

BOOST_AUTO_TEST_CASE(of_angles) {
  for (double x = -40; x < 40; x += 0.0137) {
    BOOST_TEST_REQUIRE(ulps(constant_math::sin(x), std::sin(x), std::abs(x)) < 2);
    BOOST_TEST_REQUIRE(ulps(constant_math::cos(x), std::cos(x), std::abs(x) + 1) < 2);
  }
  BOOST_TEST(constant_math::sin(0) == 0);
  BOOST_TEST(constant_math::cos(0) == 1);
  BOOST_TEST(constant_math::cos(std::numbers::pi / 2) == 0);
}

BOOST_AUTO_TEST_CASE(exponentials_and_logarithms) {
  for (double x = -20; x < 20; x += 0.00731) {
    BOOST_TEST_REQUIRE(ulps(constant_math::expm1(x), std::expm1(x), std::abs(x) < 0.3 ? 0 : 1) <
                       4 + std::abs(x));
    BOOST_TEST_REQUIRE(ulps(constant_math::exp(x), std::exp(x), 1) < 4 + std::abs(x));
  }
  for (double x = 1e-9; x < 1e9; x *= 1.07) {
    BOOST_TEST_REQUIRE(ulps(constant_math::log1p(x), std::log1p(x)) < 4);
    BOOST_TEST_REQUIRE(ulps(constant_math::log1p(-x / (1 + x)), std::log1p(-x / (1 + x)), x > 0.3 ? 1 : 0) <
                       4);
    BOOST_TEST_REQUIRE(ulps(constant_math::sqrt(x), std::sqrt(x)) < 2);
  }
  BOOST_TEST(constant_math::log(480) == std::log(480.0), boost::test_tools::tolerance(1e-15));
  BOOST_TEST(constant_math::sqrt(16) == 4);
}
