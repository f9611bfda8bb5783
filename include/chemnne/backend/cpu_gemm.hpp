#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>

#include <xsimd/xsimd.hpp>

#include <chemnne/tensor/buffer.hpp>

/// Register-blocked matrix products for widths known at compile time (after Goto and van de Geijn 2008,
/// doi 10.1145/1356052.1356053, with one level of blocking: the matrices of a network fit into the second
/// cache level).
///
/// Every element of a result is one chain of fused multiply-adds in the order of k, whatever tile it falls
/// into: results do not depend on how rows are split.
namespace chemnne::detail {

/// Tile of a result held in registers: `rows` x `vectors` accumulators, leaving registers for `vectors` of b
/// and one broadcast.
template <class Batch>
struct Tile {
  static constexpr std::size_t lanes = Batch::size;
  static constexpr std::size_t registers =
      sizeof(Batch) == 64 ? 32 : 16;  // AVX-512 doubles the register file
  static constexpr std::size_t vectors = 2;
  static constexpr std::size_t rows = registers == 32 ? 12 : 6;
  static constexpr std::size_t columns = vectors * lanes;
  static constexpr std::size_t depth =
      256;  // rows of b a packed panel holds: 16 to 32 KiB, the first cache level
};

/// What a tile starts from and where its rows lie.
enum class Start { zero, bias, add };

/// c[rows][Vectors * lanes] (+)= sum over k of a(row, k) b[k][...], one register tile.
/// a(row, k) is at a[row * a_row + k * a_k]; rows of b are b_stride apart; c has `width` valid columns (<=
/// Vectors * lanes).
template <Start S, std::size_t Rows, std::size_t Vectors, class Batch, class T>
inline void tile(const T* a, std::size_t a_row, std::size_t a_k, const T* b, std::size_t b_stride,
                 std::size_t depth, const T* bias, T* c, std::size_t c_stride, std::size_t width) {
  constexpr std::size_t lanes = Batch::size;
  const bool whole = width == Vectors * lanes;
  alignas(alignment_bytes) T edge[Vectors * lanes];
  Batch sum[Rows][Vectors];
  for (std::size_t row = 0; row < Rows; ++row) {
    const T* from = S == Start::bias ? bias : c + row * c_stride;
    if (S != Start::zero && !whole) {
      std::memset(edge, 0, sizeof edge);
      std::memcpy(edge, from, width * sizeof(T));
      from = edge;
    }
    for (std::size_t v = 0; v < Vectors; ++v)
      sum[row][v] = S == Start::zero ? Batch(T(0)) : Batch::load_unaligned(from + v * lanes);
  }
  for (std::size_t k = 0; k < depth; ++k) {
    Batch right[Vectors];
    for (std::size_t v = 0; v < Vectors; ++v) right[v] = Batch::load_unaligned(b + k * b_stride + v * lanes);
    for (std::size_t row = 0; row < Rows; ++row) {
      const Batch left(a[row * a_row + k * a_k]);
      for (std::size_t v = 0; v < Vectors; ++v) sum[row][v] = xsimd::fma(left, right[v], sum[row][v]);
    }
  }
  for (std::size_t row = 0; row < Rows; ++row) {
    T* const to = whole ? c + row * c_stride : edge;
    for (std::size_t v = 0; v < Vectors; ++v) sum[row][v].store_unaligned(to + v * lanes);
    if (!whole) std::memcpy(c + row * c_stride, edge, width * sizeof(T));
  }
}

/// One column panel of c: tiles of the full height, then the rows that are left with a tile of their exact
/// height.
template <Start S, std::size_t Vectors, class Batch, class T>
void panel(std::size_t rows, const T* a, std::size_t a_row, std::size_t a_k, const T* b, std::size_t b_stride,
           std::size_t depth, const T* bias, T* c, std::size_t c_stride, std::size_t width) {
  constexpr std::size_t height = Tile<Batch>::rows;
  std::size_t row = 0;
  for (; row + height <= rows; row += height)
    tile<S, height, Vectors, Batch>(a + row * a_row, a_row, a_k, b, b_stride, depth, bias, c + row * c_stride,
                                    c_stride, width);
  const auto rest = [&]<std::size_t... Height>(std::index_sequence<Height...>) {
    ((rows - row == Height + 1
          ? tile<S, Height + 1, Vectors, Batch>(a + row * a_row, a_row, a_k, b, b_stride, depth, bias,
                                                c + row * c_stride, c_stride, width)
          : void()),
     ...);
  };
  if (row < rows) rest(std::make_index_sequence<height - 1>{});
}

/// c (+)= op(a) op(b) with c [rows][N]. `Pack` fills `to[k][columns]` with `width` columns of b from (k0,
/// n0), the rest zero; it is used where b is transposed, where the panel is narrower than a register, and
/// where enough rows pay for it.
template <Start S, std::size_t N, class Batch, bool Direct, class T, class Pack>
void gemm(std::size_t rows, std::size_t depth, const T* a, std::size_t a_row, std::size_t a_k, const T* b,
          std::size_t b_stride, const Pack& pack, const T* bias, T* c, std::size_t c_stride) {
  using Shape = Tile<Batch>;
  constexpr std::size_t lanes = Shape::lanes;
  alignas(alignment_bytes) T packed[Shape::depth * Shape::columns];
  const bool worth_packing = !Direct || rows >= 4 * Shape::rows;
  for (std::size_t k0 = 0; k0 < depth; k0 += Shape::depth) {
    const std::size_t deep = std::min(Shape::depth, depth - k0);
    const auto run = [&]<std::size_t Vectors>(std::integral_constant<std::size_t, Vectors>, std::size_t n0,
                                              std::size_t width) {
      const T* right = b + k0 * b_stride + n0;
      std::size_t right_stride = b_stride;
      if (worth_packing || width < Vectors * lanes) {
        for (std::size_t k = 0; k < deep; ++k)
          pack(packed + k * Vectors * lanes, Vectors * lanes, k0 + k, n0, width);
        right = packed;
        right_stride = Vectors * lanes;
      }
      const T* const left = a + k0 * a_k;
      if (k0 == 0)
        panel<S, Vectors, Batch>(rows, left, a_row, a_k, right, right_stride, deep, bias + n0, c + n0,
                                 c_stride, width);
      else
        panel<Start::add, Vectors, Batch>(rows, left, a_row, a_k, right, right_stride, deep, bias, c + n0,
                                          c_stride, width);
    };
    constexpr std::size_t whole = N / Shape::columns * Shape::columns;
    for (std::size_t n0 = 0; n0 < whole; n0 += Shape::columns)
      run(std::integral_constant<std::size_t, Shape::vectors>{}, n0, Shape::columns);
    if constexpr (N - whole > lanes)
      run(std::integral_constant<std::size_t, 2>{}, whole, N - whole);
    else if constexpr (N > whole)
      run(std::integral_constant<std::size_t, 1>{}, whole, N - whole);
  }
}

}  // namespace chemnne::detail
