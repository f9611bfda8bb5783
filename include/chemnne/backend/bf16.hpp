#pragma once
#include <bit>
#include <cstdint>

/// Defined where a unit is compiled for the tiles of AMX (clang 14 has names of its own for them), and for
/// what rounds their rows.
#if ((defined(__AMX_TILE__) && defined(__AMX_BF16__)) || (defined(__AMXTILE__) && defined(__AMXBF16__))) && \
    defined(__AVX512BF16__)
#define CHEMNNE_AMX
#endif

namespace chemnne {

/// Products of the numbers as they are: what a backend does unless it is asked for bf16.
struct InFull {};

/// Products of numbers rounded to bf16, the upper half of a float (8 bits of significand), summed in float.
/// A type for each set of instructions that a translation unit is compiled with: units for several processors
/// can live in one program.
template <bool Vectors, bool Tiles>
struct Bf16With {
  static constexpr bool vectors = Vectors;  ///< AVX512-BF16
  static constexpr bool tiles = Tiles;      ///< AMX-BF16
};

/// With the instructions of this translation unit.
using Bf16 = Bf16With<
#ifdef __AVX512BF16__
    true,
#else
    false,
#endif
#ifdef CHEMNNE_AMX
    true
#else
    false
#endif
    >;

/// The bf16 number nearest to x, ties to even, as bits: of what overflows infinity, of what is not a number a
/// quiet one of its sign. Numbers below the normal ones (1.2e-38) become zeros of their sign, as in the
/// instructions of processors.
constexpr std::uint16_t bf16_bits(float x) {
  const auto bits = std::bit_cast<std::uint32_t>(x);
  const std::uint32_t exponent = bits & 0x7f800000u;
  if (exponent == 0) return static_cast<std::uint16_t>(bits >> 16 & 0x8000u);
  if (x != x) return static_cast<std::uint16_t>(bits >> 16 | 0x40u);
  return static_cast<std::uint16_t>((bits + 0x7fffu + (bits >> 16 & 1u)) >> 16);
}

/// x rounded to bf16.
constexpr float rounded_to_bf16(float x) { return std::bit_cast<float>(std::uint32_t{bf16_bits(x)} << 16); }

namespace detail {
template <class B>
struct PreciseBackend {
  using type = B;
};
template <class B>
requires requires { typename B::Precise; }
struct PreciseBackend<B> {
  using type = typename B::Precise;
};
}  // namespace detail

/// Backend B with products in full, `B::Precise`, for what must not be rounded: B itself where it has no
/// others.
template <class B>
using PreciseBackend = typename detail::PreciseBackend<B>::type;

}  // namespace chemnne
