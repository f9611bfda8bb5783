#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <chemnne/backend/cpu_bf16_gemm.hpp>

/// @file
/// Affine maps by the tiles of AMX-BF16: 2 x 2 tiles of 16 x 16 sums, 32 numbers of a row at a time.
///
/// Each sum is over blocks of 32 k in their order, within a block as the processor has it: the same whatever
/// rows share a tile. Run under emulation (tests/backend/cpu_bf16_tiles_test.cpp), not on hardware yet.
namespace chemnne::detail {

/// Pairs of the rows of a matrix with K of them: whole tiles of 16.
template <std::size_t K>
inline constexpr std::size_t tile_depth = (K + 31) / 32 * 16;

/// y = f(a W + bias, more...) with weights of `pack_pairs`, `tile_depth` deep. Rows of a are rounded a block
/// at a time, in 64 KiB or 32 rows.
template <class Batch, class F, std::size_t K, std::size_t N, class... More>
void tiled_affine(const F& f, Rows<const float, K> a, const float* packed, Rows<float, N> y, More... more);

#ifdef CHEMNNE_AMX

/// The tiles of a thread from here to the end of its life: sums 0 to 3, rows 4 (`upper` of them) and 5
/// (`lower`), weights 6 and 7. Other code of the thread finds none in use afterwards.
class Tiles {
 public:
  Tiles() = default;
  Tiles(const Tiles&) = delete;
  Tiles& operator=(const Tiles&) = delete;
  ~Tiles() { _tile_release(); }

  /// Both at least 1 and at most 16.
  void shape(std::size_t upper, std::size_t lower) {
    if (upper == upper_ && lower == lower_) return;
    upper_ = upper;
    lower_ = lower;
    alignas(64) Configuration c{.palette = 1, .start = 0, .reserved = {}, .bytes = {}, .rows = {}};
    std::fill_n(c.bytes, 8, std::uint16_t{64});
    std::fill_n(c.rows, 8, std::uint8_t{16});
    for (const std::size_t tile : {0u, 1u, 4u}) c.rows[tile] = static_cast<std::uint8_t>(upper);
    for (const std::size_t tile : {2u, 3u, 5u}) c.rows[tile] = static_cast<std::uint8_t>(lower);
    asm volatile("" ::"r"(&c) : "memory");  // g++ 12 knows of 8 bytes that the next line reads
    _tile_loadconfig(&c);
  }

 private:
  struct Configuration {
    std::uint8_t palette, start, reserved[14];
    std::uint16_t bytes[16];
    std::uint8_t rows[16];
  };
  static_assert(sizeof(Configuration) == 64);
  std::size_t upper_ = 0, lower_ = 0;
};

/// sums[32][32] = bias + a W for the rows of the tiles' shape and 32 columns, or 16: `Two` of each or one.
/// Strides are in pairs.
template <bool TwoRows, bool TwoColumns>
void tile_sums(const Bf16Pair* a, std::size_t a_stride, const Bf16Pair* w, std::size_t w_stride,
               std::size_t depth, const float* bias, float* sums) {
  constexpr std::size_t side = 16, row_of_sums = 2 * side * sizeof(float);
  const std::size_t a_bytes = a_stride * sizeof(Bf16Pair), w_bytes = w_stride * sizeof(Bf16Pair);
  asm volatile("" ::"r"(a), "r"(w), "r"(bias) : "memory");  // g++ 12 knows nothing of what is read below
  _tile_loadd(0, bias, 0);
  if constexpr (TwoColumns) _tile_loadd(1, bias + side, 0);
  if constexpr (TwoRows) _tile_loadd(2, bias, 0);
  if constexpr (TwoRows && TwoColumns) _tile_loadd(3, bias + side, 0);
  for (std::size_t k = 0; k < depth; k += side) {
    _tile_loadd(4, a + k, a_bytes);
    _tile_loadd(6, w + k * w_stride, w_bytes);
    _tile_dpbf16ps(0, 4, 6);
    if constexpr (TwoColumns) {
      _tile_loadd(7, w + k * w_stride + side, w_bytes);
      _tile_dpbf16ps(1, 4, 7);
    }
    if constexpr (TwoRows) {
      _tile_loadd(5, a + side * a_stride + k, a_bytes);
      _tile_dpbf16ps(2, 5, 6);
    }
    if constexpr (TwoRows && TwoColumns) _tile_dpbf16ps(3, 5, 7);
  }
  _tile_stored(0, sums, row_of_sums);
  if constexpr (TwoColumns) _tile_stored(1, sums + side, row_of_sums);
  if constexpr (TwoRows) _tile_stored(2, sums + 2 * side * side, row_of_sums);
  if constexpr (TwoRows && TwoColumns) _tile_stored(3, sums + 2 * side * side + side, row_of_sums);
}

template <class Batch, class F, std::size_t K, std::size_t N, class... More>
void tiled_affine(const F& f, Rows<const float, K> a, const float* packed, Rows<float, N> y, More... more) {
  using Shape = Tile<Batch>;
  constexpr std::size_t depth = tile_depth<K>, group = 32, half = 16;
  constexpr std::size_t fit = 64 * 1024 / (depth * sizeof(Bf16Pair)) / group * group;
  constexpr std::size_t block = std::clamp<std::size_t>(fit, group, 4 * group);
  alignas(64) Bf16Pair pairs[block * depth];
  alignas(64) float sums[group * group];
  const auto* const weights = reinterpret_cast<const Bf16Pair*>(packed);
  const float* const bias = packed + depth * Shape::padded_columns(N);
  Tiles tiles;
  for (std::size_t first = 0; first < a.count(); first += block) {
    const std::size_t count = std::min(block, a.count() - first);
    for (std::size_t i = 0; i < count; ++i)
      round_row<typename Batch::arch_type, K>(a[first + i], pairs + i * depth);
    each_panel<Batch, N>([&](std::size_t n0, auto width) {
      constexpr std::size_t columns = Shape::padded_columns(width), vectors = columns / half;
      const StoreMapped<Batch, width(), float, F, sizeof...(More)> finish{
          f,
          y[first] + n0,
          y.stride(),
          {FromRows<Batch, width(), float>{more[first] + n0, more.stride()}...}};
      for (std::size_t row = 0; row < count; row += group) {
        const std::size_t rows = std::min(group, count - row), upper = std::min(half, rows);
        tiles.shape(upper, rows > half ? rows - half : half);
        const auto sum = [&](auto two_rows) {
          tile_sums<two_rows(), vectors == 2>(pairs + row * depth, depth, weights + depth * n0, columns,
                                              depth, bias + n0, sums);
        };
        rows > half ? sum(std::true_type{}) : sum(std::false_type{});
        const auto to = finish.below(row);
        for (std::size_t i = 0; i < rows; ++i)
          for (std::size_t v = 0; v < vectors; ++v)
            to(i, v, Batch::load_aligned(sums + i * group + v * half));
      }
    });
  }
}

#endif

}  // namespace chemnne::detail
