#define BOOST_TEST_MODULE backend_elementary
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/autodiff/dual.hpp>
#include <chemnne/backend/cpu.hpp>
#include <chemnne/backend/reference.hpp>

using namespace chemnne;

// Whatever a function is computed by, a scalar or a register of any instruction set, it is finite, infinite
// or not a number for the same x. How exact it is: vector_functions_test, layers/functions_test.
namespace {

template <class Arch, class T>
struct Set {
  using Backend = Cpu<Arch>;
  using Scalar = T;
};
template <class T>
struct DefaultSet : Set<xsimd::default_arch, T> {};
using Sets = std::tuple<DefaultSet<float>, DefaultSet<double>
#if XSIMD_WITH_AVX2
                        ,
                        Set<xsimd::avx2, float>, Set<xsimd::avx2, double>
#endif
#if XSIMD_WITH_FMA3_AVX2
                        ,
                        Set<xsimd::fma3<xsimd::avx2>, float>, Set<xsimd::fma3<xsimd::avx2>, double>
#endif
#if XSIMD_WITH_SSE2
                        ,
                        Set<xsimd::sse2, float>, Set<xsimd::sse2, double>
#endif
                        >;

/// Every kind of number: the ends of each, both signs, and some between.
template <class T>
std::vector<T> all_kinds() {
  using Limits = std::numeric_limits<T>;
  std::vector<T> kinds{Limits::quiet_NaN()};
  for (const T size : {T(0), Limits::denorm_min(), Limits::min() / 2, Limits::min(), T(1e-30), T(0.5), T(1),
                       T(3), T(20), T(87), T(1000), T(1e9), T(1e30), Limits::max(), Limits::infinity()})
    for (const T sign : {T(1), T(-1)}) kinds.push_back(sign * size);
  return kinds;
}

template <class T>
const char* kind(T value) {
  return std::isnan(value) ? "not a number" : std::isinf(value) ? (value > 0 ? "+inf" : "-inf") : "finite";
}

/// y = f(x, more...) of a backend, whose registers hold neighbours of every kind.
template <class B, class F, class T, class... More>
std::vector<T> mapped(F f, const std::vector<T>& x, const More&... more) {
  std::vector<T> y(x.size());
  B::map(f, Rows<T, 1>(y.data(), x.size()), Rows<const T, 1>(x.data(), x.size()),
         Rows<const T, 1>(more.data(), x.size())...);
  return y;
}

template <class B, class T, class F>
void check_kinds(const std::string& name, F f) {
  const std::vector<T> x = all_kinds<T>(), found = mapped<B>(f, x), expected = mapped<Reference>(f, x);
  for (std::size_t i = 0; i < x.size(); ++i)
    BOOST_TEST(kind(found[i]) == kind(expected[i]), name << "(" << x[i] << "): " << found[i]);
}

#define CHEMNNE_ELEMENTARY(name) [](const auto& x) { return Elementary<std::decay_t<decltype(x)>>::name(x); }
#define CHEMNNE_FUNCTION(name) \
  [](const auto& x) {          \
    using std::name;           \
    return name(x);            \
  }

struct AtLeast {
  template <class V>
  V operator()(const V& x, const V& least) const {
    return Elementary<V>::at_least(x, least);
  }
};
struct AtMost {
  template <class V>
  V operator()(const V& x, const V& most) const {
    return Elementary<V>::at_most(x, most);
  }
};

/// Bits: a zero and its negative differ, a NaN is a NaN.
template <class T>
bool same(T a, T b) {
  return (std::isnan(a) && std::isnan(b)) || (a == b && std::signbit(a) == std::signbit(b));
}

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(functions_give_the_kind_of_number_that_scalars_give, S, Sets) {
  using B = typename S::Backend;
  using T = typename S::Scalar;
  check_kinds<B, T>("sine", CHEMNNE_ELEMENTARY(sine));
  check_kinds<B, T>("cosine", CHEMNNE_ELEMENTARY(cosine));
  check_kinds<B, T>("exponential", CHEMNNE_ELEMENTARY(exponential));
  check_kinds<B, T>("normal_distribution", CHEMNNE_ELEMENTARY(normal_distribution));
  check_kinds<B, T>("normal_density", CHEMNNE_ELEMENTARY(normal_density));
  check_kinds<B, T>("exp", CHEMNNE_FUNCTION(exp));
  check_kinds<B, T>("log10", CHEMNNE_FUNCTION(log10));
  check_kinds<B, T>("tanh", CHEMNNE_FUNCTION(tanh));
  check_kinds<B, T>("sqrt", CHEMNNE_FUNCTION(sqrt));
}

// By its definition, for each pair of kinds: only a comparison that is true takes the bound.
BOOST_AUTO_TEST_CASE_TEMPLATE(bounds_keep_what_is_not_a_number, S, Sets) {
  using B = typename S::Backend;
  using T = typename S::Scalar;
  const std::vector<T> kinds = all_kinds<T>();
  std::vector<T> x, bound;
  for (const T a : kinds)
    for (const T b : kinds) {
      x.push_back(a);
      bound.push_back(b);
    }
  const auto check = [&]<class Backend>(Backend) {
    const std::vector<T> least = mapped<Backend>(AtLeast{}, x, bound),
                         most = mapped<Backend>(AtMost{}, x, bound);
    for (std::size_t i = 0; i < x.size(); ++i) {
      BOOST_TEST(same(least[i], x[i] < bound[i] ? bound[i] : x[i]), x[i] << " at least " << bound[i]);
      BOOST_TEST(same(most[i], x[i] > bound[i] ? bound[i] : x[i]), x[i] << " at most " << bound[i]);
    }
  };
  check(B{});
  check(Reference{});
}

BOOST_AUTO_TEST_CASE(bounds_of_dual_numbers_carry_the_tangent_of_what_they_take) {
  using D = Dual<double>;
  const D least(2, 7);
  BOOST_TEST(Elementary<D>::at_least(D(3, 5), least).tangent == 5);
  BOOST_TEST(Elementary<D>::at_least(D(1, 5), least).tangent == 7);
  BOOST_TEST(Elementary<D>::at_most(D(3, 5), least).tangent == 7);
  BOOST_TEST(Elementary<D>::at_most(D(1, 5), least).tangent == 5);
  const D unknown(std::numeric_limits<double>::quiet_NaN(), 5);
  BOOST_TEST(std::isnan(Elementary<D>::at_least(unknown, least).value));
  BOOST_TEST(std::isnan(Elementary<D>::at_most(unknown, least).value));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(attention_gives_the_kind_of_number_that_scalars_give, S, Sets) {
  using B = typename S::Backend;
  using T = typename S::Scalar;
  constexpr std::size_t steps = 6, width = 4;
  for (const T bad : all_kinds<T>())
    for (std::size_t place = 0; place < steps; ++place) {
      std::vector<T> qkv(steps * 3 * width, T(0.5));
      qkv[place * 3 * width + width] = bad;
      const auto attended = [&]<class Backend>(Backend) {
        std::vector<T> o(steps * width);
        Backend::template attend<1>(Rows<const T, steps, 3 * width>(qkv.data(), 1),
                                    Rows<T, steps, width>(o.data(), 1));
        return o;
      };
      const std::vector<T> found = attended(B{}), expected = attended(Reference{});
      for (std::size_t i = 0; i < found.size(); ++i)
        BOOST_TEST_REQUIRE(kind(found[i]) == kind(expected[i]), bad << " as key " << place);
    }
}
