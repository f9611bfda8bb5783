#define BOOST_TEST_MODULE layers_functions
#include <cmath>
#include <limits>
#include <type_traits>
#include <vector>

#include "../properties/function_errors.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/autodiff/dual.hpp>
#include <chemnne/backend/cpu.hpp>
#include <chemnne/backend/reference.hpp>
#include <chemnne/layers/functions.hpp>
#include <chemnne/support/random.hpp>

using namespace chemnne;

namespace {

struct Omega {
  static constexpr double omega_0 = 2.5;
};

/// The largest error in ULP of f on `Cpu` over `points` in [low, high] (evenly spread, or evenly in the
/// logarithm), against the standard library in long double.
template <class T, class F, class G>
double largest_error(F f, G exact, double low, double high, bool logarithmic = false) {
  constexpr std::size_t count = 100'003;
  Buffer<T> x(count), y(count);
  Random random(3);
  for (std::size_t i = 0; i < count; ++i)
    x[i] = static_cast<T>(logarithmic ? std::exp(random.uniform(std::log(low), std::log(high)))
                                      : random.uniform(low, high));
  Cpu<>::map(f, Rows<T, count>(y.data(), 1), Rows<const T, count>(x.data(), 1));
  double worst = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const long double truth = exact(static_cast<long double>(x[i]));
    const T size = std::abs(static_cast<T>(truth));
    const T ulp = std::nextafter(size, std::numeric_limits<T>::infinity()) - size;
    const auto error =
        static_cast<double>((static_cast<long double>(y[i]) - truth) / static_cast<long double>(ulp));
    worst = std::isnan(error) ? HUGE_VAL : std::max(worst, std::abs(error));
  }
  return worst;
}

/// As a functor for SIMD batches and for long double.
#define CHEMNNE_FUNCTION(name) \
  [](const auto& x) {          \
    using std::name;           \
    return name(x);            \
  }

/// The same for a function of `Elementary`.
#define CHEMNNE_ELEMENTARY(name) [](const auto& x) { return Elementary<std::decay_t<decltype(x)>>::name(x); }

/// The derivative by dual numbers: the functor itself, differentiated by rules that do not know the formula
/// of its derivative.
template <class F>
double slope(double x) {
  return F{}(Dual<double>{x, 1}).tangent;
}

using Functions = std::tuple<Sine, ScaledSine<Omega>, Tanh, Gelu, Silu>;

}  // namespace

BOOST_AUTO_TEST_CASE(published_values) {
  // Abramowitz and Stegun 1964, tables 4.6, 4.15 and 26.1 (Phi); sigmoid(1) = 1 / (1 + 1 / e). All to 1e-15,
  // eight roundings of double.
  const auto tolerance = boost::test_tools::tolerance(1e-15);
  BOOST_TEST(Sine{}(1.0) == 0.8414709848078965, tolerance);
  BOOST_TEST(Sine{}.derivative(1.0) == 0.5403023058681398, tolerance);
  BOOST_TEST(ScaledSine<Omega>{}(0.4) == 0.8414709848078965, tolerance);
  BOOST_TEST(ScaledSine<Omega>{}.derivative(0.4) == 2.5 * 0.5403023058681398, tolerance);
  BOOST_TEST(Tanh{}(1.0) == 0.7615941559557649, tolerance);
  BOOST_TEST(Tanh{}.derivative(1.0) == 0.4199743416140261, tolerance);
  BOOST_TEST(Gelu{}(1.0) == 0.8413447460685429, tolerance);  // Phi(1)
  BOOST_TEST(Gelu{}(-2.0) == -2 * 0.0227501319481792,
             boost::test_tools::tolerance(1e-14));  // 1 + erf cancels
  BOOST_TEST(Gelu{}.derivative(1.0) == 0.8413447460685429 + 0.2419707245191434,
             tolerance);  // Phi(1) + phi(1)
  BOOST_TEST(Silu{}(1.0) == 0.7310585786300049, tolerance);
  BOOST_TEST(Silu{}.derivative(1.0) == 0.7310585786300049 * (1 + 0.2689414213699951), tolerance);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(derivatives_are_those_of_the_functions, F, Functions) {
  // Two formulas of a few operations each: some ULP, of values up to omega_0.
  for (double x = -6; x <= 6; x += 0.37) BOOST_TEST(std::abs(F{}.derivative(x) - slope<F>(x)) < 1e-14);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(limits_are_finite, F, Functions) {
  // Far inputs of a network that has gone astray saturate and do not turn into NaN; exp(-x) overflows to
  // infinity on the way.
  for (const float x : {-1e4f, -200.f, 200.f, 1e4f}) {
    BOOST_TEST(std::isfinite(F{}(x)));
    BOOST_TEST(std::isfinite(F{}.derivative(x)));
  }
}

using Scalars = std::tuple<float, double>;

// What becomes of numbers at the ends of what a scalar can hold does not depend on the backend.
BOOST_AUTO_TEST_CASE_TEMPLATE(backends_agree_on_what_is_finite, F, Functions) {
  const auto check = []<class T>(T) {
    using Limits = std::numeric_limits<T>;
    std::vector<T> x{Limits::quiet_NaN()};
    for (const T size : {T(0), Limits::denorm_min(), Limits::min(), T(1), T(12), T(100), T(1e5), T(1e30),
                         Limits::max(), Limits::infinity()})
      for (const T sign : {T(1), T(-1)}) x.push_back(sign * size);
    const auto of = [&]<class B>(B, const auto& f) {
      std::vector<T> y(x.size());
      B::map(f, Rows<T, 1>(y.data(), x.size()), Rows<const T, 1>(x.data(), x.size()));
      return y;
    };
    const auto slope = [](const auto& v) { return F{}.derivative(v); };
    const std::vector<T> value = of(Cpu<>{}, F{}), expected = of(Reference{}, F{}),
                         tangent = of(Cpu<>{}, slope), expected_tangent = of(Reference{}, slope);
    for (std::size_t i = 0; i < x.size(); ++i) {
      BOOST_TEST(std::isnan(value[i]) == std::isnan(expected[i]), x[i] << ": " << value[i]);
      BOOST_TEST(std::isinf(value[i]) == std::isinf(expected[i]), x[i] << ": " << value[i]);
      BOOST_TEST(std::isnan(tangent[i]) == std::isnan(expected_tangent[i]), x[i] << ": " << tangent[i]);
      BOOST_TEST(std::isinf(tangent[i]) == std::isinf(expected_tangent[i]), x[i] << ": " << tangent[i]);
    }
  };
  check(float{});
  check(double{});
}

BOOST_AUTO_TEST_CASE_TEMPLATE(simd_functions_are_as_exact_as_stated, T, Scalars) {
  const auto worst = properties::largest_ulp<T>;
  BOOST_TEST(largest_error<T>(CHEMNNE_ELEMENTARY(sine), CHEMNNE_FUNCTION(sin), -60, 60) < worst);
  BOOST_TEST(largest_error<T>(CHEMNNE_ELEMENTARY(cosine), CHEMNNE_FUNCTION(cos), -60, 60) < worst);
  BOOST_TEST(largest_error<T>(CHEMNNE_ELEMENTARY(sine), CHEMNNE_FUNCTION(sin), -1000, 1000) < worst);
  BOOST_TEST(largest_error<T>(CHEMNNE_FUNCTION(tanh), CHEMNNE_FUNCTION(tanh), -10, 10) < worst);
  BOOST_TEST(largest_error<T>(CHEMNNE_ELEMENTARY(exponential), CHEMNNE_FUNCTION(exp), -80, 80) < worst);
  BOOST_TEST(largest_error<T>(CHEMNNE_FUNCTION(exp), CHEMNNE_FUNCTION(exp), -80, 80) < worst);
  BOOST_TEST(largest_error<T>(CHEMNNE_FUNCTION(log10), CHEMNNE_FUNCTION(log10), 1e-30, 1e30, true) < worst);
  BOOST_TEST(largest_error<T>(CHEMNNE_FUNCTION(erf), CHEMNNE_FUNCTION(erf), -8, 8) <
             properties::largest_ulp_of_erf<T>);
  BOOST_TEST(largest_error<T>(CHEMNNE_ELEMENTARY(normal_distribution),
                              CHEMNNE_ELEMENTARY(normal_distribution), 0,
                              8) < properties::largest_ulp_of_erf<T>);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(simd_functions_keep_their_precision_near_zero, T, Scalars) {
  const auto worst = properties::largest_ulp<T>;
  BOOST_TEST(largest_error<T>(CHEMNNE_ELEMENTARY(sine), CHEMNNE_FUNCTION(sin), 1e-6, 1, true) < worst);
  BOOST_TEST(largest_error<T>(CHEMNNE_FUNCTION(tanh), CHEMNNE_FUNCTION(tanh), 1e-6, 1, true) < worst);
  BOOST_TEST(largest_error<T>(CHEMNNE_FUNCTION(erf), CHEMNNE_FUNCTION(erf), 1e-6, 1, true) <
             properties::largest_ulp_of_erf<T>);
}
