#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <type_traits>
#include <utility>

#include <chemnne/backend/arithmetic.hpp>
#include <chemnne/backend/multiply_add.hpp>
#include <chemnne/backend/simd.hpp>
#include <chemnne/tensor/packed.hpp>
#include <chemnne/tensor/rows.hpp>

#if defined(__clang__)
#define CHEMNNE_UNROLL _Pragma("clang loop unroll(full)")
#elif defined(__GNUC__)
#define CHEMNNE_UNROLL _Pragma("GCC unroll 32")
#else
#define CHEMNNE_UNROLL
#endif

/// @file
/// Register-blocked matrix products for widths known at compile time (after Goto and van de Geijn 2008,
/// doi 10.1145/1356052.1356053, with one level of blocking: the matrices of a network fit into the second
/// cache level).
///
/// Every element of a result is one chain of fused multiply-adds in the order of k, whatever tile it falls
/// into: results do not depend on how rows are split.
namespace chemnne::detail {

/// Vector registers of a processor: the instruction sets for vectors have 32, but those of x86 before AVX-512
/// and that of 32-bit ARM, which have 16.
template <class Batch>
inline constexpr std::size_t vector_registers =
#if defined(__x86_64__) || defined(__i386__)
    sizeof(Batch) == 64 ? 32 : 16;
#elif defined(__arm__)
    16;
#else
    32;
#endif

/// Tile of a result held in registers: `rows` x `vectors` accumulators, leaving registers for `vectors` of b
/// and one broadcast. A matrix of N columns is cut into panels of `columns` and one narrower panel at the
/// edge.
template <class Batch>
struct Tile {
  static constexpr std::size_t lanes = Batch::size;
  static constexpr std::size_t registers = vector_registers<Batch>;
  static constexpr std::size_t vectors = 2;
  static constexpr std::size_t rows = registers == 32 ? 12 : 6;
  static_assert((rows + 1) * vectors + 1 <= registers);
  static constexpr std::size_t columns = vectors * lanes;

  /// Heights of tiles for the rows that are left by the one of `height`: few, to be compiled quickly.
  static constexpr std::size_t next_lower(std::size_t height) {
    return height > 8 ? 8 : height > 4 ? 4 : height / 2;
  }
  /// N rounded up to whole registers.
  static constexpr std::size_t padded_columns(std::size_t n) { return (n + lanes - 1) / lanes * lanes; }
};

/// Register v of a row of which `Width` columns are there; zeros behind them.
template <std::size_t Width, class Batch, class T>
[[gnu::always_inline]] inline Batch load_first(const T* row, std::size_t v) {
  constexpr std::size_t lanes = Batch::size, rest = Width % lanes;
  if (rest == 0 || (v + 1) * lanes <= Width) return Batch::load_unaligned(row + v * lanes);
  alignas(sizeof(Batch)) T part[lanes]{};
  std::memcpy(part, row + v * lanes, rest * sizeof(T));
  return Batch::load_aligned(part);
}
template <std::size_t Width, class Batch, class T>
[[gnu::always_inline]] inline void store_first(const Batch& value, T* row, std::size_t v) {
  constexpr std::size_t lanes = Batch::size, rest = Width % lanes;
  if (rest == 0 || (v + 1) * lanes <= Width) return value.store_unaligned(row + v * lanes);
  alignas(sizeof(Batch)) T part[lanes];
  value.store_aligned(part);
  std::memcpy(row + v * lanes, part, rest * sizeof(T));
}

/// The left matrix of a product: element (row, k) is data[row * row_stride + k * k_stride].
template <class T>
struct LeftMatrix {
  const T* data;
  std::size_t row_stride;
  std::size_t k_stride;

  LeftMatrix below(std::size_t rows) const { return {data + rows * row_stride, row_stride, k_stride}; }
};

/// What the tiles of a panel start from: registers of zeros, a row, or a matrix of which `Width` columns are
/// there.
template <class Batch>
struct FromZero {
  Batch operator()(std::size_t, std::size_t) const { return Batch(typename Batch::value_type(0)); }
  FromZero below(std::size_t) const { return {}; }
};
template <class Batch, class T>
struct FromRow {
  const T* data;
  Batch operator()(std::size_t, std::size_t v) const { return Batch::load_unaligned(data + v * Batch::size); }
  FromRow below(std::size_t) const { return *this; }
};
template <class Batch, std::size_t Width, class T>
struct FromRows {
  const T* data;
  std::size_t stride;
  Batch operator()(std::size_t row, std::size_t v) const {
    return load_first<Width, Batch>(data + row * stride, v);
  }
  FromRows below(std::size_t rows) const { return {data + rows * stride, stride}; }
};

/// What becomes of the sums of a tile: y = f(sum, more...) in `Width` columns.
template <class Batch, std::size_t Width, class T, class F, std::size_t More>
struct StoreMapped {
  F f;
  T* y;
  std::size_t y_stride;
  std::array<FromRows<Batch, Width, T>, More> more;

  void operator()(std::size_t row, std::size_t v, const Batch& sum) const {
    [&]<std::size_t... I>(std::index_sequence<I...>) __attribute__((always_inline)) {
      store_first<Width>(Batch(f(sum, more[I](row, v)...)), y + row * y_stride, v);
    }
    (std::make_index_sequence<More>{});
  }
  StoreMapped below(std::size_t rows) const {
    StoreMapped result{f, y + rows * y_stride, y_stride, more};
    for (auto& operand : result.more) operand = operand.below(rows);
    return result;
  }
};
template <class Batch, std::size_t Width, class T>
using Store = StoreMapped<Batch, Width, T, Unchanged, 0>;

/// A register of operands T of a product whose sums are a `Batch`: the same, unless a kernel has operands of
/// another kind (cpu_bf16_gemm.hpp).
template <class Batch, class T>
struct OperandBatch {
  using type = Batch;
};

/// One register tile: for each row and register v, finish(row, v, start(row, v) + sum over k of a(row, k)
/// b[k][v]). Rows of b are `b_stride` apart and have `Width` columns to read.
template <std::size_t Rows, std::size_t Vectors, std::size_t Width, class Batch, class T, class Start,
          class Finish>
inline void tile(LeftMatrix<T> a, const T* b, std::size_t b_stride, std::size_t depth, const Start& start,
                 const Finish& finish) {
  using Operand = typename OperandBatch<Batch, T>::type;
  // The accumulators are registers only if every loop over them is unrolled, at any level of optimisation.
  Batch sum[Rows][Vectors];
  CHEMNNE_UNROLL
  for (std::size_t i = 0; i < Rows * Vectors; ++i)
    sum[i / Vectors][i % Vectors] = start(i / Vectors, i % Vectors);
  // A pointer for every third row: x86 addresses the others from it, and twelve pointers would not fit.
  constexpr std::size_t bases = (Rows + 2) / 3;
  const T* left[bases];
  CHEMNNE_UNROLL
  for (std::size_t i = 0; i < bases; ++i) left[i] = a.data + 3 * i * a.row_stride;
  for (std::size_t k = 0; k < depth; ++k, b += b_stride) {
    Operand right[Vectors];
    CHEMNNE_UNROLL
    for (std::size_t v = 0; v < Vectors; ++v) right[v] = load_first<Width, Operand>(b, v);
    CHEMNNE_UNROLL
    for (std::size_t row = 0; row < Rows; ++row) {
      const Operand factor(left[row / 3][row % 3 * a.row_stride]);
      CHEMNNE_UNROLL
      for (std::size_t v = 0; v < Vectors; ++v) sum[row][v] = multiply_add(factor, right[v], sum[row][v]);
    }
    CHEMNNE_UNROLL
    for (std::size_t i = 0; i < bases; ++i) left[i] += a.k_stride;
  }
  CHEMNNE_UNROLL
  for (std::size_t i = 0; i < Rows * Vectors; ++i)
    finish(i / Vectors, i % Vectors, sum[i / Vectors][i % Vectors]);
}

/// One column panel of a result: tiles of the full height, then lower ones for the rows that are left.
template <std::size_t Height, std::size_t Vectors, std::size_t Width, class Batch, class T, class Start,
          class Finish>
void panel(std::size_t rows, LeftMatrix<T> a, const T* b, std::size_t b_stride, std::size_t depth,
           const Start& start, const Finish& finish) {
  std::size_t row = 0;
  for (; row + Height <= rows; row += Height)
    tile<Height, Vectors, Width, Batch>(a.below(row), b, b_stride, depth, start.below(row),
                                        finish.below(row));
  if constexpr (Height > 1)
    if (row < rows)
      panel<Tile<Batch>::next_lower(Height), Vectors, Width, Batch>(
          rows - row, a.below(row), b, b_stride, depth, start.below(row), finish.below(row));
}

/// Panels with Width columns, from the full height.
template <std::size_t Width, class Batch, std::size_t Readable = Tile<Batch>::padded_columns(Width), class T,
          class Start, class Finish>
void panel_of(std::size_t rows, LeftMatrix<T> a, const T* b, std::size_t b_stride, std::size_t depth,
              const Start& start, const Finish& finish) {
  panel<Tile<Batch>::rows, (Width + Batch::size - 1) / Batch::size, Readable, Batch>(rows, a, b, b_stride,
                                                                                     depth, start, finish);
}

/// Calls f(first column, constant number of columns) for every panel of N columns.
template <class Batch, std::size_t N, class F>
inline void each_panel(const F& f) {
  constexpr std::size_t columns = Tile<Batch>::columns, whole = N / columns * columns;
  for (std::size_t n = 0; n < whole; n += columns) f(n, std::integral_constant<std::size_t, columns>{});
  if constexpr (N > whole) f(whole, std::integral_constant<std::size_t, N - whole>{});
}

/// One row through `Panels` neighbouring packed panels at once: alone, a panel has too few accumulators to
/// hide the latency of a multiply-add.
template <std::size_t Panels, class Batch, class T, class Bias, class Finish>
inline void row_tile(const T* a, const T* packed, std::size_t depth, const Bias* bias, const Finish& finish) {
  using Shape = Tile<Batch>;
  using Operand = typename OperandBatch<Batch, T>::type;
  Batch sum[Panels * Shape::vectors];
  CHEMNNE_UNROLL
  for (std::size_t v = 0; v < Panels * Shape::vectors; ++v)
    sum[v] = Batch::load_unaligned(bias + v * Shape::lanes);
  for (std::size_t k = 0; k < depth; ++k) {
    const Operand factor(a[k]);
    const T* const b = packed + k * Shape::columns;
    CHEMNNE_UNROLL
    for (std::size_t v = 0; v < Panels * Shape::vectors; ++v)
      sum[v] = multiply_add(factor,
                            Operand::load_unaligned(b + v / Shape::vectors * depth * Shape::columns +
                                                    v % Shape::vectors * Shape::lanes),
                            sum[v]);
  }
  CHEMNNE_UNROLL
  for (std::size_t v = 0; v < Panels * Shape::vectors; ++v) finish(0, v, sum[v]);
}

/// y = f(a W + bias, more...) with W in packed panels, `Depth` operands deep. `more` are rows of the shape of
/// y, and may be y itself.
template <class Batch, std::size_t Depth, class F, class Operand, class T, std::size_t N, class... More>
void packed_product(const F& f, LeftMatrix<Operand> a, const Operand* packed, const T* bias, Rows<T, N> y,
                    More... more) {
  using Shape = Tile<Batch>;
  const auto finish = [&](std::size_t row, std::size_t n0, auto width) {
    return StoreMapped<Batch, width(), T, F, sizeof...(More)>{
        f, y[row] + n0, y.stride(), {FromRows<Batch, width(), T>{more[row] + n0, more.stride()}...}};
  };
  std::size_t done = 0;  // columns
  if (y.count() == 1) {
    const auto group = [&](auto panels) {
      row_tile<panels(), Batch>(
          a.data, packed + Depth * done, Depth, bias + done,
          finish(0, done, std::integral_constant<std::size_t, panels * Shape::columns>{}));
      done += panels * Shape::columns;
    };
    constexpr std::size_t whole = N / Shape::columns, together = 4;
    for (std::size_t i = 0; i < whole / together; ++i) group(std::integral_constant<std::size_t, together>{});
    if constexpr (whole % together > 0) group(std::integral_constant<std::size_t, whole % together>{});
  }
  // Rows that stay in the first cache levels while all panels pass over them.
  constexpr std::size_t block = 10 * Shape::rows;
  for (std::size_t row = 0; row < y.count(); row += block)
    each_panel<Batch, N>([&](std::size_t n0, auto width) {
      if (n0 < done) return;
      panel_of<width(), Batch>(std::min(block, y.count() - row), a.below(row), packed + Depth * n0,
                               Shape::padded_columns(width), Depth, FromRow<Batch, T>{bias + n0},
                               finish(row, n0, width));
    });
}

/// The same of weights that `pack` below has packed, the bias behind them.
template <class Batch, class F, class T, std::size_t K, std::size_t N, class... More>
void packed_affine(const F& f, Rows<const T, K> a, const T* packed, Rows<T, N> y, More... more) {
  packed_product<Batch, K>(f, LeftMatrix<T>{a.data(), a.stride(), 1}, packed,
                           packed + K * Tile<Batch>::padded_columns(N), y, more...);
}

/// The order that `packed_affine` reads: panel after panel of [K][columns, padded with zeros], then the bias.
template <class Batch, class T, std::size_t K, std::size_t N>
void pack(Rows<const T, N> w, const T* bias, T* packed) {
  constexpr std::size_t all = Tile<Batch>::padded_columns(N);
  std::fill_n(packed, (K + 1) * all, T(0));
  each_panel<Batch, N>([&](std::size_t n0, auto width) {
    constexpr std::size_t stride = Tile<Batch>::padded_columns(width);
    for (std::size_t k = 0; k < K; ++k) std::copy_n(w[k] + n0, width(), packed + K * n0 + k * stride);
  });
  std::copy_n(bias, N, packed + K * all);
}

/// What a tile starts from.
enum class Start { zero, bias, add };

/// c (+)= op(a) op(b) with c [rows][N]. `pack(to, stride, k0, depth, n0, width)` fills to[depth][width] with
/// op(b) from row k0 and column n0; it is used where b is transposed, where the panel is narrower than a
/// register, and where enough rows pay for it.
template <Start S, std::size_t N, class Batch, bool Direct, class T, class Pack>
void gemm(std::size_t rows, std::size_t depth, LeftMatrix<T> a, const T* b, std::size_t b_stride,
          const Pack& pack, const T* bias, T* c, std::size_t c_stride) {
  using Shape = Tile<Batch>;
  constexpr std::size_t deepest = 256;  // rows of b in a packed panel: 16 to 32 KiB, the first cache level
  alignas(sizeof(Batch)) T packed[deepest * Shape::columns];
  const bool worth_packing = !Direct || rows >= 4 * Shape::rows;
  for (std::size_t k0 = 0; k0 < depth; k0 += deepest) {
    const std::size_t deep = std::min(deepest, depth - k0);
    each_panel<Batch, N>([&](std::size_t n0, auto width) {
      constexpr std::size_t columns = Shape::padded_columns(width);
      const T* right = b + k0 * b_stride + n0;
      std::size_t right_stride = b_stride;
      if (worth_packing || width < columns) {
        if constexpr (width < columns)
          for (std::size_t k = 0; k < deep; ++k)
            std::fill(packed + k * columns + width, packed + (k + 1) * columns, T(0));
        pack(packed, columns, k0, deep, n0, width());
        right = packed;
        right_stride = columns;
      }
      const LeftMatrix<T> left{a.data + k0 * a.k_stride, a.row_stride, a.k_stride};
      const Store<Batch, width(), T> store{{}, c + n0, c_stride, {}};
      const auto run = [&](const auto& start) {
        panel_of<width(), Batch>(rows, left, right, right_stride, deep, start, store);
      };
      if (S == Start::add || k0 > 0)
        run(FromRows<Batch, width(), T>{c + n0, c_stride});
      else if constexpr (S == Start::bias)
        run(FromRows<Batch, width(), T>{bias + n0, 0});
      else if constexpr (S == Start::zero)
        run(FromZero<Batch>{});
    });
  }
}

}  // namespace chemnne::detail

#undef CHEMNNE_UNROLL
