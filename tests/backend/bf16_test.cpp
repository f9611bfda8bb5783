#define BOOST_TEST_MODULE backend_bf16
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>

#ifdef __AVX512BF16__
#include <immintrin.h>
#endif

#include <boost/test/unit_test.hpp>

#include <chemnne/backend/bf16.hpp>
#include <chemnne/backend/elementary.hpp>
#include <chemnne/backend/reference.hpp>
#include <chemnne/backend/reference_bf16.hpp>
#include <chemnne/support/random.hpp>

using namespace chemnne;

namespace {
float as_float(std::uint32_t bits) { return std::bit_cast<float>(bits); }
constexpr std::uint32_t smallest_normal = 0x0080, infinity = 0x7f80;  // as bf16
}  // namespace

// A float lies between two neighbours among the bf16 numbers; the nearer is its bf16 number, the even one
// where both are equally near.
BOOST_AUTO_TEST_CASE(the_nearest_number_ties_to_even) {
  for (std::uint32_t lower = smallest_normal; lower < infinity; ++lower)
    for (const std::uint32_t sign : {0u, 0x8000u}) {
      const std::uint32_t down = sign | lower, up = sign | (lower + 1), middle = down << 16 | 0x8000u;
      BOOST_TEST_REQUIRE(bf16_bits(as_float(down << 16)) == down);
      BOOST_TEST_REQUIRE(bf16_bits(as_float(middle - 1)) == down);
      BOOST_TEST_REQUIRE(bf16_bits(as_float(middle)) == (lower % 2 == 0 ? down : up));
      BOOST_TEST_REQUIRE(bf16_bits(as_float(middle + 1)) == up);
    }
}

BOOST_AUTO_TEST_CASE(what_is_not_a_number_stays_so_and_the_tiniest_become_zero) {
  for (const std::uint32_t bits : {0x7f800001u, 0x7fffffffu, 0xff800001u, 0xffc00000u, 0x7f80ffffu}) {
    BOOST_TEST(std::isnan(rounded_to_bf16(as_float(bits))));
    BOOST_TEST(std::signbit(rounded_to_bf16(as_float(bits))) == (bits >> 31 != 0));
  }
  BOOST_TEST(bf16_bits(as_float(0x007fffffu)) == 0u);
  BOOST_TEST(bf16_bits(as_float(0x807fffffu)) == 0x8000u);
  BOOST_TEST(std::isinf(rounded_to_bf16(std::numeric_limits<float>::max())));
}

BOOST_AUTO_TEST_CASE(a_value_rounded_is_within_half_a_unit) {
  Random random(3);
  for (int i = 0; i < 100000; ++i) {
    const auto x =
        static_cast<float>(std::ldexp(random.uniform(-1, 1), static_cast<int>(random.uniform(-60, 60))));
    BOOST_TEST_REQUIRE(std::abs(rounded_to_bf16(x) - x) <= std::ldexp(std::abs(x), -8));
    BOOST_TEST_REQUIRE(rounded_to_bf16(rounded_to_bf16(x)) == rounded_to_bf16(x));
  }
}

#ifdef __AVX512BF16__
BOOST_AUTO_TEST_CASE(the_processor_rounds_alike) {
  Random random(4);
  for (int i = 0; i < 1000000; ++i) {
    const auto bits = static_cast<std::uint32_t>(random.uniform(0, 4294967296.0));
    const auto by_processor = std::bit_cast<std::array<std::uint16_t, 16>>(
        _mm512_cvtneps_pbh(_mm512_castsi512_ps(_mm512_set1_epi32(static_cast<int>(bits)))));
    BOOST_TEST_REQUIRE(bf16_bits(as_float(bits)) == by_processor[7], bits);
  }
}
#endif

// Products of numbers that bf16 holds are those of `Reference`; others are of their rounded selves.
BOOST_AUTO_TEST_CASE(the_specification_rounds_weights_and_rows_and_nothing_else) {
  const auto product = []<class B>(B, float a, float w, float bias) {
    float packed[2], y = 0;
    B::pack(Rows<const float, 1>(&w, 1), std::span<const float, 1>(&bias, 1), Packed<float, 1, 1>{packed});
    B::affine_map(Unchanged{}, Rows<const float, 1>(&a, 1), Packed<const float, 1, 1>{packed},
                  Rows<float, 1>(&y, 1));
    return y;
  };
  const float third = 1.0f / 3, rounded = 0.333984375f;  // 171 / 512
  BOOST_TEST(product(ReferenceBf16{}, third, 1, 0) == rounded);
  BOOST_TEST(product(ReferenceBf16{}, 1, third, 0) == rounded);
  BOOST_TEST(product(ReferenceBf16{}, 0, 0, third) == third);
  BOOST_TEST(product(ReferenceBf16{}, 0.75f, 1.5f, 0.125f) == product(Reference{}, 0.75f, 1.5f, 0.125f));
}

BOOST_AUTO_TEST_CASE(the_precise_backend_of_a_backend) {
  static_assert(std::is_same_v<PreciseBackend<Reference>, Reference>);
  static_assert(std::is_same_v<PreciseBackend<ReferenceBf16>, Reference>);
  BOOST_TEST(true);
}
