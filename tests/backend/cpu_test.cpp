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
// products with every edge that a tile can have, transposes and attention. The property tests
// (tests/properties/) do the same for whole layers.
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
double largest_difference(const Buffer<T>& a, const Buffer<T>& b) {
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

template <std::size_t...>
struct Sizes {};

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
    BOOST_TEST(largest_difference(expected[i], found[i]) < tolerance<T>(4 * K),
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
  const auto check = []<std::size_t Heads, std::size_t D, std::size_t S>(Sizes<Heads, D, S>) {
    constexpr std::size_t rows = 2, width = Heads * D;
    const Buffer<T> qkv = random_values<T>(rows * S * 3 * width, 1),
                    d = random_values<T>(rows * S * width, 4);
    const Rows<const T, S, 3 * width> x(qkv.data(), rows);
    const auto results = [&]<class Backend>(Backend) {
      Buffer<T> weights(rows * Heads * S * padded(S)), all(rows * S * 5 * width);
      const AttentionWeights<T, Heads, S> a(weights.data(), rows);
      const Rows<T, S, width> o(all.data(), rows), again(all.data() + rows * S * width, rows);
      const Rows<T, S, 3 * width> dx(all.data() + 2 * rows * S * width, rows);
      Backend::template attend<Heads>(x, a, o);
      Backend::template attend<Heads>(x, again);
      for (std::size_t i = 0; i < rows * S * width; ++i) BOOST_TEST_REQUIRE(o.data()[i] == again.data()[i]);
      Backend::template attend_pullback<Heads>(x, AttentionWeights<const T, Heads, S>(a),
                                               Rows<const T, S, width>(d.data(), rows), dx);
      return all;
    };
    BOOST_TEST(largest_difference(results(Reference{}), results(B{})) < tolerance<T>(10 * (S + D)),
               Heads << " heads, " << S << " steps of " << D);
  };
  check(Sizes<2, 16, 10>{});
  check(Sizes<3, 5, 33>{});
  check(Sizes<1, 33, 60>{});
  check(Sizes<1, 1, 1>{});
}

BOOST_AUTO_TEST_CASE_TEMPLATE(courses_in_time, Instructions, Sets) {
  using B = typename Instructions::Backend;
  using T = typename Instructions::Scalar;
  const auto check = []<std::size_t Nodes, std::size_t Outputs, std::size_t Known>(
                         Sizes<Nodes, Outputs, Known>) {
    constexpr std::size_t rows = 3, terms = 4, first = 5, head = mode_coefficients(terms, Outputs, Known);
    const Buffer<T> basis = random_values<T>(rows * Nodes * terms, 1), c = random_values<T>(rows * head, 2),
                    dy = random_values<T>(rows * Nodes * Outputs, 3);
    const Rows<const T, Nodes, terms> b(basis.data(), rows);
    const Rows<const T, head> coefficients(c.data(), rows);
    const auto results = [&]<class Backend>(Backend) {
      constexpr std::size_t width = first + Outputs;
      Buffer<T> all(rows * (Nodes * width + head + Nodes * terms));
      const Rows<T, Nodes, width> y(all.data(), rows);
      const Rows<T, head> dc(y.data() + rows * y.size, rows);
      const Rows<T, Nodes, terms> db(dc.data() + rows * head, rows);
      Backend::template mode_product<Outputs, Known>(b, coefficients, y, first);
      Backend::template mode_product_pullback<Known>(b, coefficients,
                                                     Rows<const T, Nodes, Outputs>(dy.data(), rows), dc, db);
      return all;
    };
    BOOST_TEST(largest_difference(results(Reference{}), results(B{})) < tolerance<T>(4 * Outputs));
  };
  check(Sizes<6, 49, 49>{});
  check(Sizes<6, 20, 3>{});
  check(Sizes<1, 17, 0>{});
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_row_of_constants_is_an_operand_of_every_row, Instructions, Sets) {
  using T = typename Instructions::Scalar;
  constexpr std::size_t width = 21, rows = 3, stride = 30;
  const Buffer<T> x = random_values<T>(rows * stride, 1), c = random_values<T>(width, 2);
  const auto result = [&]<class Backend>(Backend) {
    Buffer<T> y(rows * stride);
    const Rows<T, width> strided(y.data(), rows, stride);
    Backend::map(MultiplyAdd{}, strided, Rows<const T, width>(x.data(), rows, stride),
                 std::span<const T, width>(c.data(), width), Rows<const T, width>(x.data(), rows));
    Backend::fill(strided.template columns<2>(width - 2), T(7));
    return y;
  };
  BOOST_TEST(largest_difference(result(Reference{}), result(typename Instructions::Backend{})) <
             tolerance<T>(4));
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
