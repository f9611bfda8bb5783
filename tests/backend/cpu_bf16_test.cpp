#define BOOST_TEST_MODULE backend_cpu_bf16
#include <cmath>
#include <initializer_list>
#include <limits>

#include "packed_case.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/backend/cpu_bf16.hpp>
#include <chemnne/backend/reference_bf16.hpp>

using namespace chemnne;
using test::bf16_tolerance;
using test::largest_difference;
using test::PackedCase;
using test::same_bits;

// Affine maps in bf16 give the numbers of `ReferenceBf16`, with every edge that a tile can have; where the
// processor has no instructions for them they are those of the same set in full, to the bit.
namespace {

using OfDefaultSet = Cpu<xsimd::default_arch, Bf16>;
using WithoutInstructions = Cpu<xsimd::default_arch, Bf16With<false, false>>;

template <std::size_t K, std::size_t N>
void check(std::size_t rows) {
  const PackedCase<float, K, N> c{rows};
  if (OfDefaultSet::unit() == Bf16Unit::none)
    BOOST_TEST(same_bits(c.template on<OfDefaultSet>(), c.template on<Cpu<>>()));
  else
    BOOST_TEST(
        largest_difference(c.template on<OfDefaultSet>(), c.template on<ReferenceBf16>()) < bf16_tolerance(K),
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
  const PackedCase<float, 64, 64> c{30};
  if (OfDefaultSet::unit() == Bf16Unit::none) return;
  BOOST_TEST(largest_difference(c.on<OfDefaultSet>(), c.on<Reference>()) > 100 * bf16_tolerance(64));
}

BOOST_AUTO_TEST_CASE(rows_do_not_depend_on_their_neighbours) {
  const PackedCase<float, 67, 145> c{300};
  const Buffer<float> whole = c.on<OfDefaultSet>();
  BOOST_TEST(same_bits(whole, c.on<OfDefaultSet>({1, 299})));
  BOOST_TEST(same_bits(whole, c.on<OfDefaultSet>({12, 1, 31, 32, 33, 1, 190})));
  BOOST_TEST(same_bits(whole, c.on<OfDefaultSet>({150, 150})));
  PackedCase<float, 67, 145> bad{300};
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
  const PackedCase<float, 67, 145> c{30};
  BOOST_TEST((WithoutInstructions::unit() == Bf16Unit::none));
  BOOST_TEST(same_bits(c.on<WithoutInstructions>(), c.on<Cpu<>>()));
#if XSIMD_WITH_SSE2
  BOOST_TEST(same_bits(c.on<Cpu<xsimd::sse2, Bf16>>(), c.on<Cpu<xsimd::sse2>>()));
#endif
  const PackedCase<double, 67, 145> in_double{30};
  BOOST_TEST(same_bits(in_double.on<OfDefaultSet>(), in_double.on<Cpu<>>()));
}
