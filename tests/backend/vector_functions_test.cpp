#define BOOST_TEST_MODULE backend_vector_functions
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <numbers>
#include <tuple>
#include <type_traits>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/backend/vector_functions.hpp>

using namespace chemnne;

namespace {

constexpr float infinite = std::numeric_limits<float>::infinity();
constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();

template <class A>
using UnlessDefault = std::conditional_t<std::is_same_v<A, xsimd::default_arch>, std::tuple<>, std::tuple<A>>;

/// The instruction sets that this file is compiled for: with fused multiply-adds and without, where there are
/// both.
using InstructionSets = decltype(std::tuple_cat(std::tuple<xsimd::default_arch>()
#if XSIMD_WITH_SSE2
                                                    ,
                                                UnlessDefault<xsimd::sse2>()
#endif
#if XSIMD_WITH_AVX2
                                                    ,
                                                UnlessDefault<xsimd::avx2>()
#endif
#if XSIMD_WITH_FMA3_AVX2
                                                    ,
                                                UnlessDefault<xsimd::fma3<xsimd::avx2>>()
#endif
                                                    ));

/// The functions of one instruction set, on arrays.
template <class A>
struct Functions {
  using Batch = xsimd::batch<float, A>;
  using Function = Batch (*)(const Batch&);
  static constexpr std::size_t lanes = Batch::size;

  struct Register {
    alignas(64) float lane[lanes];
  };

  static Register apply(Function f, const Register& x) {
    Register y;
    f(Batch::load_aligned(x.lane)).store_aligned(y.lane);
    return y;
  }

  static float apply(Function f, float x) {
    Register same;
    for (float& lane : same.lane) lane = x;
    return apply(f, same).lane[0];
  }
};

/// A tolerance: `ulp` of the exact result, plus `absolute`, plus `of_x` |x|, plus `relative` |exact result|.
struct Bound {
  double ulp = 0, absolute = 0, of_x = 0, relative = 0;
};

/// The largest error over the tolerance, at every 997th float of [low, high], 0 <= low, and of [-high, -low]
/// with `mirrored`.
template <class A, class Exact>
double worst_ratio(typename Functions<A>::Function f, Exact exact, float low, float high, bool mirrored,
                   Bound bound) {
  constexpr std::size_t lanes = Functions<A>::lanes;
  double worst = 0;
  typename Functions<A>::Register x;
  std::size_t filled = 0;
  const auto take = [&](float value) {
    x.lane[filled++] = value;
    if (filled < lanes) return;
    filled = 0;
    const auto y = Functions<A>::apply(f, x);
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      const auto point = static_cast<double>(x.lane[lane]);
      const double truth = exact(point);
      const float size = std::abs(static_cast<float>(truth));
      const auto ulp = static_cast<double>(std::nextafter(size, infinite) - size);
      const double tolerance =
          bound.ulp * ulp + bound.absolute + bound.of_x * std::abs(point) + bound.relative * std::abs(truth);
      const double ratio = std::abs(static_cast<double>(y.lane[lane]) - truth) / tolerance;
      worst = std::isnan(ratio) ? HUGE_VAL : std::max(worst, ratio);
    }
  };
  const auto last = std::bit_cast<std::uint32_t>(high);
  for (auto bits = std::bit_cast<std::uint32_t>(low); bits <= last; bits += 997) {
    take(std::bit_cast<float>(bits));
    if (mirrored) take(-std::bit_cast<float>(bits));
  }
  for (std::size_t lane = 0; lane < lanes; ++lane) take(high);
  return worst;
}

double sine(double x) { return std::sin(x); }
double cosine(double x) { return std::cos(x); }
double exponential(double x) { return std::exp(x); }
double softplus(double x) { return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x))); }
double normal_distribution(double x) { return std::erfc(-x * std::numbers::sqrt2 / 2) / 2; }
double normal_density(double x) {
  return std::exp(-x * x / 2) * std::numbers::inv_sqrtpi / std::numbers::sqrt2;
}

template <class A>
std::vector<typename Functions<A>::Function> all_functions() {
  using E = Elementary<typename Functions<A>::Batch>;
  return {E::sine, E::cosine, E::exponential, E::softplus, E::normal_distribution, E::normal_density};
}

}  // namespace

// The bounds of vector_functions.hpp.

BOOST_AUTO_TEST_CASE_TEMPLATE(sine_and_cosine_keep_their_bounds, A, InstructionSets) {
  using E = Elementary<xsimd::batch<float, A>>;
  const Bound bound{.ulp = detail::fuses<A> ? 2 : 2.5, .of_x = 1.2e-15};
  BOOST_TEST(worst_ratio<A>(E::sine, sine, 1e-30f, 3000, true, bound) <= 1);
  BOOST_TEST(worst_ratio<A>(E::cosine, cosine, 1e-30f, 3000, true, bound) <= 1);
  // The floats next to multiples of pi / 2, where most of x cancels.
  double worst = 0;
  for (int n = 1; n < 1900; ++n) {
    const auto x = static_cast<float>(n * std::numbers::pi / 2);
    worst = std::max(worst,
                     worst_ratio<A>(n % 2 ? E::cosine : E::sine, n % 2 ? cosine : sine, x, x, true, bound));
  }
  BOOST_TEST(worst <= 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(sine_and_cosine_are_bounded_for_all_numbers, A, InstructionSets) {
  using E = Elementary<xsimd::batch<float, A>>;
  const auto zero = [](double) { return 0.0; };
  const Bound bound{.absolute = 1 + 1.2e-7};
  constexpr float largest = std::numeric_limits<float>::max();
  BOOST_TEST(worst_ratio<A>(E::sine, zero, 0, largest, true, bound) <= 1);
  BOOST_TEST(worst_ratio<A>(E::cosine, zero, 0, largest, true, bound) <= 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(exponential_keeps_its_bound, A, InstructionSets) {
  using E = Elementary<xsimd::batch<float, A>>;
  BOOST_TEST(worst_ratio<A>(E::exponential, exponential, 0, 86.9f, true, {.ulp = 1.25}) <= 1);
  BOOST_TEST(worst_ratio<A>(E::exponential, exponential, 86.9f, 88.722f, false, {.ulp = 1.25}) <= 1);
  const auto falling = [](double x) { return std::exp(-x); };
  const auto of_minus = [](const xsimd::batch<float, A>& x) {
    return E::exponential(xsimd::batch<float, A>(0.0f) - x);
  };
  BOOST_TEST(worst_ratio<A>(of_minus, falling, 86.9f, 1e30f, false, {.absolute = 2e-38}) <= 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(softplus_keeps_its_bounds, A, InstructionSets) {
  using E = Elementary<xsimd::batch<float, A>>;
  const auto falling = [](double x) { return softplus(-x); };
  const auto of_minus = [](const xsimd::batch<float, A>& x) {
    return E::softplus(xsimd::batch<float, A>(0.0f) - x);
  };
  BOOST_TEST(worst_ratio<A>(E::softplus, softplus, 0, 1e30f, false, {.ulp = 2.5}) <= 1);
  BOOST_TEST(worst_ratio<A>(of_minus, falling, 0, 86.9f, false, {.ulp = 3}) <= 1);
  BOOST_TEST(worst_ratio<A>(of_minus, falling, 86.9f, 1e30f, false, {.absolute = 2e-38}) <= 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(normal_distribution_and_density_keep_their_bounds, A, InstructionSets) {
  using E = Elementary<xsimd::batch<float, A>>;
  BOOST_TEST(
      worst_ratio<A>(E::normal_distribution, normal_distribution, 0, 1e30f, true, {.absolute = 1e-7}) <= 1);
  BOOST_TEST(worst_ratio<A>(E::normal_distribution, normal_distribution, 0, 3, true, {.relative = 1e-5}) <=
             1);
  BOOST_TEST(worst_ratio<A>(E::normal_distribution, normal_distribution, 3, 5.5f, true, {.relative = 3e-3}) <=
             1);
  BOOST_TEST(worst_ratio<A>(E::normal_density, normal_density, 0, 1e30f, true, {.absolute = 5e-8}) <= 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(special_values, A, InstructionSets) {
  using F = Functions<A>;
  using E = Elementary<typename F::Batch>;
  for (const auto f : all_functions<A>()) BOOST_TEST(std::isnan(F::apply(f, not_a_number)));
  for (const float x : {infinite, -infinite}) {
    BOOST_TEST(std::isnan(F::apply(E::sine, x)));
    BOOST_TEST(std::isnan(F::apply(E::cosine, x)));
    BOOST_TEST(F::apply(E::normal_density, x) == 0);
  }
  BOOST_TEST(F::apply(E::sine, 0) == 0);
  BOOST_TEST(F::apply(E::cosine, 0) == 1);
  BOOST_TEST(F::apply(E::exponential, 0) == 1);
  BOOST_TEST(F::apply(E::softplus, infinite) == infinite);
  BOOST_TEST(F::apply(E::softplus, -infinite) == 0);
  BOOST_TEST(F::apply(E::normal_distribution, 0) == 0.5f);
  // The largest float is exp(88.72284).
  BOOST_TEST(std::isfinite(F::apply(E::exponential, 88.7228f)));
  for (const float x : {88.7229f, 100.f, 1e30f, infinite})
    BOOST_TEST(F::apply(E::exponential, x) == infinite);
  for (const float x : {-87.3f, -100.f, -1e30f, -infinite}) BOOST_TEST(F::apply(E::exponential, x) == 0);
  for (const float x : {6.f, 100.f, 1e30f, infinite}) BOOST_TEST(F::apply(E::normal_distribution, x) == 1);
  for (const float x : {-10.65f, -100.f, -1e30f, -infinite})
    BOOST_TEST(F::apply(E::normal_distribution, x) == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_lane_does_not_depend_on_its_neighbours, A, InstructionSets) {
  using F = Functions<A>;
  const float values[] = {0.3f,  -1.7f,  not_a_number, 70,    infinite, 1e-40f, -infinite,
                          1e30f, -3e38f, 5.25f,        -9.1f, 88.5f,    -87.1f, 4000.f,
                          1e6f,  -0.f,   12345678,     -20.f, 2.5e-8f};
  constexpr std::size_t count = std::size(values);
  for (const auto f : all_functions<A>())
    for (std::size_t first = 0; first < count; ++first) {
      typename F::Register x;
      for (std::size_t lane = 0; lane < F::lanes; ++lane) x.lane[lane] = values[(first + lane) % count];
      const auto y = F::apply(f, x);
      for (std::size_t lane = 0; lane < F::lanes; ++lane) {
        const float alone = F::apply(f, x.lane[lane]);
        BOOST_TEST(std::bit_cast<std::uint32_t>(y.lane[lane]) == std::bit_cast<std::uint32_t>(alone));
      }
    }
}
