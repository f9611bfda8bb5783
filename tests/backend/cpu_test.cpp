#define BOOST_TEST_MODULE backend_cpu
#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <tuple>

#include <boost/test/unit_test.hpp>

#include <chemnne/backend/cpu.hpp>
#include <chemnne/backend/reference.hpp>
#include <chemnne/support/random.hpp>

using namespace chemnne;

// Every instruction set of this machine, side by side in one program, gives the numbers of `Reference`:
// products with every edge that a tile can have, transposes and attention. The laws (tests/laws/) do the same
// for whole layers.
namespace {

template <class Arch, class T>
struct Set {
  using Backend = Cpu<Arch>;
  using Scalar = T;
};
/// The set that a unit gets unless it asks for another, under its own name in the log.
template <class T>
struct DefaultSet : Set<xsimd::default_arch, T> {};
using Sets = std::tuple<DefaultSet<float>, DefaultSet<double>
#if XSIMD_WITH_FMA3_AVX2
                        ,
                        Set<xsimd::fma3<xsimd::avx2>, float>, Set<xsimd::fma3<xsimd::avx2>, double>
#endif
#if XSIMD_WITH_SSE2
                        ,
                        Set<xsimd::sse2, float>, Set<xsimd::sse2, double>
#endif
                        >;

template <class T>
Buffer<T> random_values(std::size_t size, std::uint64_t seed) {
  Random random(seed);
  Buffer<T> values(size);
  for (T& value : values.span()) value = static_cast<T>(random.normal());
  return values;
}

/// Half an ULP for each of so many terms of size one or two.
template <class T>
constexpr double tolerance(std::size_t terms) {
  return 2.0 * static_cast<double>(terms + 4) * static_cast<double>(std::numeric_limits<T>::epsilon());
}

template <class T>
double gap(const Buffer<T>& a, const Buffer<T>& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double difference = std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i]));
    largest = std::isfinite(difference) ? std::max(largest, difference) : HUGE_VAL;
  }
  return largest;
}

struct HalfPlus {
  template <class V>
  V operator()(const V& sum, const V& other) const {
    return sum * constant<V>(0.5) + other;
  }
};

/// The products of a shape on both backends; what lies between strided rows stays as it is.
template <class B, class T, std::size_t K, std::size_t N>
void check_products(std::size_t rows) {
  constexpr std::size_t a_stride = K + 3, c_stride = N + 5;
  const Buffer<T> a = random_values<T>(rows * a_stride, 1), b = random_values<T>(K * N, 2),
                  bias = random_values<T>(N, 3), start = random_values<T>(rows * c_stride, 4);
  const Rows<const T, K> left(a.data(), rows, a_stride);
  const Rows<const T, N> right(b.data(), K);
  const std::span<const T, N> offset(bias.data(), N);
  const auto results = [&]<class Backend>(Backend) {
    std::array<Buffer<T>, 5> all;
    for (Buffer<T>& c : all) {
      c = Buffer<T>(start.size());
      std::copy_n(start.data(), start.size(), c.data());
    }
    const auto to = [&](std::size_t i) { return Rows<T, N>(all[i].data(), rows, c_stride); };
    Backend::affine(left, right, offset, to(0));
    Backend::matmul(left, right, to(1));
    Backend::matmul_accumulate(left, right, to(2));
    const Buffer<T> transposed = random_values<T>(N * K, 5);
    Backend::matmul_transposed(left, Rows<const T, K>(transposed.data(), N), to(3));
    Buffer<T> packed(Backend::template packed_size<T, K, N>);
    Backend::template pack<T, K, N>(right, offset, Packed<T, K, N>{packed.data()});
    Backend::affine_map(HalfPlus{}, left, Packed<const T, K, N>{packed.data()}, to(4),
                        Rows<const T, N>(to(4)));
    return all;
  };
  const auto expected = results(Reference{}), found = results(B{});
  for (std::size_t i = 0; i < expected.size(); ++i)
    BOOST_TEST(gap(expected[i], found[i]) < tolerance<T>(4 * K),
               "product " << i << " of " << rows << " rows, " << K << " x " << N);
}

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(products_of_every_edge, S, Sets) {
  using B = typename S::Backend;
  using T = typename S::Scalar;
  for (const std::size_t rows : {1u, 2u, 3u, 5u, 6u, 7u, 11u, 12u, 13u, 23u, 49u, 121u}) {
    check_products<B, T, 7, 49>(rows);
    check_products<B, T, 5, 3>(rows);
    check_products<B, T, 3, 145>(rows);
  }
  check_products<B, T, 300, 33>(14);  // deeper than a packed panel
  check_products<B, T, 1, 1>(1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(attention_of_every_edge, Instructions, Sets) {
  using B = typename Instructions::Backend;
  using T = typename Instructions::Scalar;
  const auto check = []<std::size_t D, std::size_t S>(std::integral_constant<std::size_t, D>,
                                                      std::integral_constant<std::size_t, S>) {
    constexpr std::size_t columns = padded(S);
    const Buffer<T> q = random_values<T>(S * D, 1), k = random_values<T>(S * D, 2),
                    v = random_values<T>(S * D, 3), d = random_values<T>(S * D, 4);
    const auto results = [&]<class Backend>(Backend) {
      const auto in = [](const Buffer<T>& x) { return Rows<const T, D>(x.data(), S); };
      Buffer<T> weights(S * columns), scratch(S * columns), all(4 * S * D);
      const Rows<T, S> a(weights.data(), S, columns);
      const auto out = [&](std::size_t i) { return Rows<T, D>(all.data() + i * S * D, S); };
      Backend::attend(in(q), in(k), in(v), T(0.3), a, out(0));
      Backend::attend_pullback(in(q), in(k), in(v), T(0.3), Rows<const T, S>(a), in(d), out(1), out(2),
                               out(3), Rows<T, S>(scratch.data(), S, columns));
      return all;
    };
    BOOST_TEST(gap(results(Reference{}), results(B{})) < tolerance<T>(10 * (S + D)), S << " steps of " << D);
  };
  check(std::integral_constant<std::size_t, 16>{}, std::integral_constant<std::size_t, 10>{});
  check(std::integral_constant<std::size_t, 5>{}, std::integral_constant<std::size_t, 33>{});
  check(std::integral_constant<std::size_t, 33>{}, std::integral_constant<std::size_t, 60>{});
  check(std::integral_constant<std::size_t, 1>{}, std::integral_constant<std::size_t, 1>{});
}

BOOST_AUTO_TEST_CASE(transposes_of_every_edge) {
  const Buffer<float> x = random_values<float>(40 * 50, 1);
  for (const std::size_t rows : {1u, 3u, 4u, 7u, 16u, 33u})
    for (const std::size_t columns : {1u, 3u, 4u, 10u, 49u}) {
      Buffer<float> y(60 * 60);
      detail::transpose(x.data(), 50, rows, columns, y.data(), 60);
      for (std::size_t r = 0; r < 60; ++r)
        for (std::size_t c = 0; c < 60; ++c)
          BOOST_TEST_REQUIRE(y[c * 60 + r] == (r < rows && c < columns ? x[r * 50 + c] : 0.0f));
    }
}
