#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include <chemnne/backend/bf16.hpp>
#include <chemnne/backend/cpu_gemm.hpp>

/// @file
/// Affine maps by vdpbf16ps (AVX512-BF16): a lane of a sum gains the products of two neighbouring k at once.
/// The tiles are those of floats with pairs of numbers as operands: every element of a result is one chain in
/// the order of k whatever tile it falls into.
namespace chemnne::detail {

/// Numbers 2 k and 2 k + 1 of a row or column, the first in the lower half.
struct Bf16Pair {
  std::uint32_t bits;
};

/// Pairs of a row of K numbers.
template <std::size_t K>
inline constexpr std::size_t pair_depth = (K + 1) / 2;

/// Weights in the order of `pack`, the rows 2 k and 2 k + 1 side by side in one of `Depth` rows of pairs,
/// zeros behind the last; then the bias in float.
template <class Batch, std::size_t K, std::size_t Depth, std::size_t N>
void pack_pairs(Rows<const float, N> w, const float* bias, float* packed) {
  std::array<float, N> row;
  constexpr std::size_t all = Tile<Batch>::padded_columns(N);
  std::fill_n(packed, (Depth + 1) * all, 0.0f);
  for (std::size_t k = 0; k < pair_depth<K>; ++k) {
    for (std::size_t n = 0; n < N; ++n) {
      const std::uint32_t second = 2 * k + 1 < K ? bf16_bits(w[2 * k + 1][n]) : 0;
      row[n] = std::bit_cast<float>(second << 16 | bf16_bits(w[2 * k][n]));
    }
    each_panel<Batch, N>([&](std::size_t n0, auto width) {
      constexpr std::size_t stride = Tile<Batch>::padded_columns(width);
      std::copy_n(row.data() + n0, width(), packed + Depth * n0 + k * stride);
    });
  }
  std::copy_n(bias, N, packed + Depth * all);
}

/// y = f(a W + bias, more...) with weights of `pack_pairs`, `pair_depth` deep. Rows of a are rounded a block
/// at a time, in 64 KiB at most.
template <class Batch, class F, std::size_t K, std::size_t N, class... More>
void paired_affine(const F& f, Rows<const float, K> a, const float* packed, Rows<float, N> y, More... more);

#ifdef __AVX512BF16__

/// Sixteen pairs in a register.
template <class Arch>
struct Bf16Pairs {
  static constexpr std::size_t size = 16;
  __m512i bits;

  Bf16Pairs() = default;
  explicit Bf16Pairs(__m512i value) : bits(value) {}
  explicit Bf16Pairs(Bf16Pair pair) : bits(_mm512_set1_epi32(static_cast<int>(pair.bits))) {}
  static Bf16Pairs load_unaligned(const Bf16Pair* from) { return Bf16Pairs(_mm512_loadu_si512(from)); }
  static Bf16Pairs load_aligned(const Bf16Pair* from) { return load_unaligned(from); }
};
template <class Arch>
struct OperandBatch<xsimd::batch<float, Arch>, Bf16Pair> {
  using type = Bf16Pairs<Arch>;
};

/// x_first y_first + x_second y_second + z.
template <class Arch>
[[gnu::always_inline]] inline xsimd::batch<float, Arch> multiply_add(const Bf16Pairs<Arch>& x,
                                                                     const Bf16Pairs<Arch>& y,
                                                                     const xsimd::batch<float, Arch>& z) {
  return _mm512_dpbf16_ps(z, std::bit_cast<__m512bh>(x.bits), std::bit_cast<__m512bh>(y.bits));
}

/// A mask of so many lanes, sixteen at most.
constexpr __mmask16 first_lanes(std::size_t count) {
  return static_cast<__mmask16>(count < 16 ? (1u << count) - 1 : 0xffffu);
}

/// Pairs of a row of K numbers, rounded; `to` has room for whole registers.
template <class Arch, std::size_t K>
inline void round_row(const float* a, Bf16Pair* to) {
  constexpr std::size_t lanes = 16, rest = K % (2 * lanes);
  const auto store = [to](std::size_t k, __m512 second, __m512 first) {
    _mm512_storeu_si512(to + k / 2, std::bit_cast<__m512i>(_mm512_cvtne2ps_pbh(second, first)));
  };
  for (std::size_t k = 0; k < K - rest; k += 2 * lanes)
    store(k, _mm512_loadu_ps(a + k + lanes), _mm512_loadu_ps(a + k));
  if constexpr (rest > 0) {
    constexpr __mmask16 first = first_lanes(rest), second = first_lanes(rest > lanes ? rest - lanes : 0);
    const float* const last = a + (K - rest);
    store(K - rest, _mm512_maskz_loadu_ps(second, last + (second ? lanes : 0)),
          _mm512_maskz_loadu_ps(first, last));
  }
}

template <class Batch, class F, std::size_t K, std::size_t N, class... More>
void paired_affine(const F& f, Rows<const float, K> a, const float* packed, Rows<float, N> y, More... more) {
  using Shape = Tile<Batch>;
  constexpr std::size_t depth = pair_depth<K>, stride = (depth + 15) / 16 * 16;
  constexpr std::size_t fit = 64 * 1024 / (stride * sizeof(Bf16Pair));
  constexpr std::size_t block = std::min(
      10 * Shape::rows, fit < Shape::rows ? std::max<std::size_t>(1, fit) : fit / Shape::rows * Shape::rows);
  alignas(sizeof(Batch)) Bf16Pair pairs[block * stride];
  const auto* const weights = reinterpret_cast<const Bf16Pair*>(packed);
  const float* const bias = packed + depth * Shape::padded_columns(N);
  for (std::size_t row = 0; row < a.count(); row += block) {
    const std::size_t count = std::min(block, a.count() - row);
    for (std::size_t i = 0; i < count; ++i)
      round_row<typename Batch::arch_type, K>(a[row + i], pairs + i * stride);
    packed_product<Batch, depth>(f, LeftMatrix<Bf16Pair>{pairs, stride, 1}, weights, bias,
                                 y.slice(row, count), more.slice(row, count)...);
  }
}

#endif

}  // namespace chemnne::detail
