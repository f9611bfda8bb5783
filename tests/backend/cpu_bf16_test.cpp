#define BOOST_TEST_MODULE backend_cpu_bf16
#include <cmath>
#include <cstring>
#include <initializer_list>
#include <limits>
#include <span>

#include <boost/test/unit_test.hpp>

#include <chemnne/backend/cpu_bf16.hpp>
#include <chemnne/backend/reference_bf16.hpp>
#include <chemnne/support/random.hpp>

using namespace chemnne;

// Affine maps in bf16 give the numbers of `ReferenceBf16`, with every edge that a tile can have; where the
// processor has no instructions for them they are those of the same set in full, to the bit.
namespace {

using OfDefaultSet = Cpu<xsimd::default_arch, Bf16>;
using WithoutInstructions = Cpu<xsimd::default_arch, Bf16With<false, false>>;

template <class T = float>
Buffer<T> random_values(std::size_t size, std::uint64_t seed) {
  Random random(seed);
  Buffer<T> values(size);
  for (T& value : values.span()) value = static_cast<T>(random.normal());
  return values;
}

struct HalfPlus {
  template <class V>
  V operator()(const V& sum, const V& other) const {
    return sum * constant<V>(0.5) + other;
  }
};

/// An affine map of random numbers; what lies between strided rows stays as it is.
template <class T, std::size_t K, std::size_t N>
struct Case {
  static constexpr std::size_t a_stride = K + 3, y_stride = N + 5;
  std::size_t rows;
  Buffer<T> a = random_values<T>(rows * a_stride, 1), w = random_values<T>(K * N, 2),
            bias = random_values<T>(N, 3), start = random_values<T>(rows * y_stride, 4);

  template <class B>
  Buffer<T> on(std::initializer_list<std::size_t> parts) const {
    Buffer<T> packed(B::template packed_size<T, K, N> + 16);
    std::fill_n(packed.data(), packed.size(), T(-77));
    B::template pack<T, K, N>(Rows<const T, N>(w.data(), K), std::span<const T, N>(bias.data(), N),
                              Packed<T, K, N>{packed.data()});
    for (std::size_t i = packed.size() - 16; i < packed.size(); ++i) BOOST_TEST_REQUIRE(packed[i] == T(-77));
    Buffer<T> y(start.size());
    std::copy_n(start.data(), start.size(), y.data());
    std::size_t first = 0;
    for (const std::size_t count : parts) {
      const Rows<T, N> part(y.data() + first * y_stride, count, y_stride);
      B::affine_map(HalfPlus{}, Rows<const T, K>(a.data() + first * a_stride, count, a_stride),
                    Packed<const T, K, N>{packed.data()}, part, Rows<const T, N>(part));
      first += count;
    }
    BOOST_TEST_REQUIRE(first == rows);
    return y;
  }
  template <class B>
  Buffer<T> on() const {
    return on<B>({rows});
  }
};

template <class T>
bool same_bits(const Buffer<T>& a, const Buffer<T>& b) {
  return std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
}

double gap(const Buffer<float>& a, const Buffer<float>& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double difference = std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i]));
    largest = std::isfinite(difference) ? std::max(largest, difference) : HUGE_VAL;
  }
  return largest;
}

/// Half an ULP for each of so many terms of size one or two, as in cpu_test.cpp.
constexpr double tolerance(std::size_t terms) {
  return 8.0 * static_cast<double>(terms + 1) * static_cast<double>(std::numeric_limits<float>::epsilon());
}

template <std::size_t K, std::size_t N>
void check(std::size_t rows) {
  const Case<float, K, N> c{rows};
  if (OfDefaultSet::unit() == Bf16Unit::none)
    BOOST_TEST(same_bits(c.template on<OfDefaultSet>(), c.template on<Cpu<>>()));
  else
    BOOST_TEST(gap(c.template on<OfDefaultSet>(), c.template on<ReferenceBf16>()) < tolerance(K),
               rows << " rows, " << K << " x " << N);
}

}  // namespace

BOOST_AUTO_TEST_CASE(products_of_every_edge) {
  for (const std::size_t rows : {1u, 2u, 3u, 5u, 7u, 11u, 12u, 13u, 23u, 33u, 49u, 121u, 300u}) {
    check<7, 49>(rows);
    check<16, 32>(rows);
    check<5, 3>(rows);
    check<3, 145>(rows);
    check<50, 64>(rows);
  }
  check<300, 33>(130);
  check<1, 1>(1);
  check<2439, 20>(7);   // few rows of so many numbers are rounded at a time
  check<40000, 20>(3);  // one
}

BOOST_AUTO_TEST_CASE(they_are_not_those_in_full) {
  const Case<float, 64, 64> c{30};
  if (OfDefaultSet::unit() == Bf16Unit::none) return;
  BOOST_TEST(gap(c.on<OfDefaultSet>(), c.on<Reference>()) > 100 * tolerance(64));
}

BOOST_AUTO_TEST_CASE(rows_do_not_depend_on_their_neighbours) {
  const Case<float, 67, 145> c{300};
  const Buffer<float> whole = c.on<OfDefaultSet>();
  BOOST_TEST(same_bits(whole, c.on<OfDefaultSet>({1, 299})));
  BOOST_TEST(same_bits(whole, c.on<OfDefaultSet>({12, 1, 31, 32, 33, 1, 190})));
  BOOST_TEST(same_bits(whole, c.on<OfDefaultSet>({150, 150})));
  Case<float, 67, 145> bad{300};
  bad.a[100 * bad.a_stride + 5] = std::numeric_limits<float>::quiet_NaN();
  bad.a[101 * bad.a_stride + 66] = std::numeric_limits<float>::infinity();
  const Buffer<float> found = bad.on<OfDefaultSet>();
  for (std::size_t row = 0; row < 300; ++row)
    for (std::size_t n = 0; n < 145; ++n) {
      const std::size_t at = row * bad.y_stride + n;
      if (row == 100 || row == 101)
        BOOST_TEST_REQUIRE(!std::isfinite(found[at]));
      else
        BOOST_TEST_REQUIRE(found[at] == whole[at]);
    }
}

BOOST_AUTO_TEST_CASE(without_instructions_products_are_in_full) {
  const Case<float, 67, 145> c{30};
  BOOST_TEST((WithoutInstructions::unit() == Bf16Unit::none));
  BOOST_TEST(same_bits(c.on<WithoutInstructions>(), c.on<Cpu<>>()));
#if XSIMD_WITH_SSE2
  BOOST_TEST(same_bits(c.on<Cpu<xsimd::sse2, Bf16>>(), c.on<Cpu<xsimd::sse2>>()));
#endif
  const Case<double, 67, 145> in_double{30};
  BOOST_TEST(same_bits(in_double.on<OfDefaultSet>(), in_double.on<Cpu<>>()));
}
