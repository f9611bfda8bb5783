#define BOOST_TEST_MODULE backend_vector_logarithm
#include <cmath>
#include <cstddef>
#include <limits>
#include <tuple>

#include <boost/test/unit_test.hpp>

#include <chemnne/backend/cpu.hpp>
#include <chemnne/backend/vector_logarithm.hpp>
#include <chemnne/support/random.hpp>

using namespace chemnne;

namespace {

/// f lane by lane, in each lane of a register.
template <class T, class F>
void each_lane(const F& f, const T* x, T* y) {
  using Batch = xsimd::batch<T>;
  f(Batch::load_aligned(x)).store_aligned(y);
}

/// The largest error in ULP of f against `exact` in long double, for numbers that `draw` makes.
template <class T, class F, class G, class Draw>
double largest_error(const F& f, const G& exact, const Draw& draw) {
  constexpr std::size_t lanes = xsimd::batch<T>::size;
  alignas(64) T x[lanes], y[lanes];
  Random random(5);
  double worst = 0;
  for (std::size_t i = 0; i < 100'000; ++i) {
    for (T& one : x) one = draw(random);
    each_lane(f, x, y);
    for (std::size_t l = 0; l < lanes; ++l) {
      const long double truth = exact(static_cast<long double>(x[l]));
      const T size = std::abs(static_cast<T>(truth));
      if (size == 0) continue;  // log 1
      const T ulp = std::nextafter(size, std::numeric_limits<T>::infinity()) - size;
      const auto error = static_cast<double>(std::abs(static_cast<long double>(y[l]) - truth) / ulp);
      worst = std::isnan(error) ? HUGE_VAL : std::max(worst, error);
    }
  }
  return worst;
}

template <class T>
T logarithm_of(T x) {
  alignas(64) T in[xsimd::batch<T>::size], out[xsimd::batch<T>::size];
  for (T& one : in) one = x;
  each_lane([](const auto& v) { return detail::logarithm(v); }, in, out);
  return out[0];
}

double exponential_of(double x) {
  alignas(64) double in[xsimd::batch<double>::size], out[xsimd::batch<double>::size];
  for (double& one : in) one = x;
  each_lane([](const auto& v) { return detail::exponential(v); }, in, out);
  return out[0];
}

using Scalars = std::tuple<float, double>;

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(logarithms_are_as_exact_as_stated, T, Scalars) {
  const auto f = [](const auto& v) { return detail::logarithm(v); };
  const auto exact = [](long double x) { return std::log(x); };
  const double largest = sizeof(T) == 4 ? 87 : 708;  // of a logarithm
  BOOST_TEST(largest_error<T>(f, exact, [&](Random& random) {
               return static_cast<T>(std::exp(random.uniform(-largest, largest)));
             }) < 2.1);
  // Near 1 the two parts cancel or vanish.
  BOOST_TEST(largest_error<T>(f, exact,
                              [](Random& random) { return static_cast<T>(random.uniform(0.5, 2)); }) < 2.1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(logarithms_of_what_is_no_normal_number, T, Scalars) {
  using Limits = std::numeric_limits<T>;
  BOOST_TEST(logarithm_of(T(0)) == -Limits::infinity());
  BOOST_TEST(logarithm_of(T(1)) == T(0));
  BOOST_TEST(logarithm_of(Limits::infinity()) == Limits::infinity());
  BOOST_TEST(std::isnan(logarithm_of(T(-1))));
  BOOST_TEST(std::isnan(logarithm_of(-Limits::infinity())));
  BOOST_TEST(std::isnan(logarithm_of(Limits::quiet_NaN())));
  for (const T x : {Limits::denorm_min(), 12345 * Limits::denorm_min(), Limits::min(), Limits::max()})
    BOOST_TEST(logarithm_of(x) == std::log(x), boost::test_tools::tolerance(2 * Limits::epsilon()));
}

BOOST_AUTO_TEST_CASE(exponentials_are_as_exact_as_stated) {
  const auto f = [](const auto& v) { return detail::exponential(v); };
  const auto exact = [](long double x) { return std::exp(x); };
  BOOST_TEST(largest_error<double>(f, exact, [](Random& random) { return random.uniform(-708, 709.4); }) < 1);
  BOOST_TEST(largest_error<double>(f, exact, [](Random& random) { return random.uniform(-1, 1); }) < 1);
}

BOOST_AUTO_TEST_CASE(exponentials_beyond_what_a_double_holds) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  BOOST_TEST(exponential_of(0) == 1);
  for (const double x : {-709.2, -745.0, -1e300, -infinity}) BOOST_TEST(exponential_of(x) == 0);
  for (const double x : {710.0, 1e300, infinity}) BOOST_TEST(exponential_of(x) == infinity);
  BOOST_TEST(std::isnan(exponential_of(std::numeric_limits<double>::quiet_NaN())));
}
