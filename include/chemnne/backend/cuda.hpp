#pragma once
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include <chemnne/backend/attention_heads.hpp>
#include <chemnne/backend/backend.hpp>
#include <chemnne/backend/operand.hpp>
#include <chemnne/backend/thread_block.hpp>
#include <chemnne/tensor/packed.hpp>
#include <chemnne/tensor/rows.hpp>

#if defined(__CUDACC__)
#define CHEMNNE_UNROLL _Pragma("unroll")
#else
#define CHEMNNE_UNROLL
#endif

namespace chemnne {

/// The primitives of `Reference` by all threads of a group together (by default a thread block of CUDA): each
/// thread calls each primitive with the same views, computes some scalars of the result, and waits for the
/// others. So a layer is the same text as on one thread, with its activations in the shared memory of the
/// block and its constants in the memory of the device.
///
/// Every scalar of a result is computed by one thread in the order of `Reference`: results depend neither on
/// the number of threads nor on the split of rows. Neighbouring threads compute neighbouring columns, so that
/// they read neighbouring weights. Arithmetic is that of the scalar: no tensor cores, no fast functions.
template <ThreadGroup Group = ThreadBlock>
struct Cuda {
  /// The tile of a product that a thread holds in registers. Of 4 x 4 sums, a step along k reads 4 weights at
  /// once and from each of 4 rows a fourth of a word of four: 2 reads for 16 multiply-adds. With 16 rows and
  /// 256 columns it gives 256 threads a tile each.
  static constexpr std::size_t tile_rows = 4, tile_columns = 4;

  /// Tiles side by side in N columns.
  template <std::size_t N>
  static constexpr std::size_t tiles = (N + tile_columns - 1) / tile_columns;

  template <class T, std::size_t K, std::size_t N>
  static constexpr void affine(Rows<const T, K> a, Rows<const T, N> b, std::span<const T, N> bias,
                               Rows<T, N> c) {
    product(a, b, c, [bias](std::size_t, std::size_t n) { return bias[n]; });
  }

  /// Columns are padded to whole tiles, so that a thread reads the weights of its tile at once.
  template <class T, std::size_t K, std::size_t N>
  static constexpr std::size_t packed_size = tile_columns* tiles<N>*(K + 1);

  template <class T, std::size_t K, std::size_t N>
  static constexpr void pack(Rows<const T, N> w, std::span<const T, N> bias, Packed<T, K, N> packed) {
    constexpr std::size_t stride = tiles<N> * tile_columns;
    Group::each((K + 1) * stride, [=](std::uint32_t i) {
      const auto [k, n] = place<stride>(i);
      packed.data[i] = n >= N ? T(0) : k < K ? w[k][n] : bias[n];
    });
  }

  template <class F, class T, std::size_t K, std::size_t N, class... More>
  static constexpr void affine_map(F f, Rows<const T, K> a, Packed<const T, K, N> w, Rows<T, N> y,
                                   More... more) {
    constexpr std::size_t stride = tiles<N> * tile_columns;
    each_tile<N>(a, [&](std::size_t row, std::size_t n, const T* const(&left)[tile_rows], std::size_t stop) {
      const T* const weight = w.data + n;
      const Word<T, tile_columns> bias = word<tile_columns>(weight + K * stride);
      T sum[tile_rows][tile_columns];
      CHEMNNE_UNROLL
      for (std::size_t i = 0; i < tile_rows * tile_columns; ++i)
        sum[i / tile_columns][i % tile_columns] = bias.scalar[i % tile_columns];
      accumulate_tile<K>(left, weight, stride, a.stride(), sum);
      CHEMNNE_UNROLL
      for (std::size_t i = 0; i < tile_rows * tile_columns; ++i) {
        const std::size_t r = i / tile_columns, c = i % tile_columns;
        if (r < stop && n + c < N) y[row + r][n + c] = f(sum[r][c], more[row + r][n + c]...);
      }
    });
  }

  template <class T, std::size_t K, std::size_t N>
  static constexpr void matmul(Rows<const T, K> a, Rows<const T, N> b, Rows<T, N> c) {
    product(a, b, c, [](std::size_t, std::size_t) { return T(0); });
  }

  template <class T, std::size_t K, std::size_t N>
  static constexpr void matmul_accumulate(Rows<const T, K> a, Rows<const T, N> b, Rows<T, N> c) {
    product(a, b, c, [c](std::size_t row, std::size_t n) { return c[row][n]; });
  }

  template <class T, std::size_t K, std::size_t N>
  static constexpr void matmul_transposed(Rows<const T, K> a, Rows<const T, K> b, Rows<T, N> c) {
    Group::each(a.count() * N, [=](std::uint32_t i) {
      const auto [row, n] = place<N>(i);
      c[row][n] = dot(a[row], b[n], K);
    });
  }

  template <class T, std::size_t M, std::size_t N>
  static constexpr void outer_accumulate(Rows<const T, M> a, Rows<const T, N> b, Rows<T, N> c) {
    Group::each(M * N, [=](std::uint32_t i) {
      const auto [m, n] = place<N>(i);
      T sum = c[m][n];
      for (std::size_t row = 0; row < a.count(); ++row) sum += a[row][m] * b[row][n];
      c[m][n] = sum;
    });
  }

  template <class T, std::size_t N>
  static constexpr void sum_rows_accumulate(Rows<const T, N> a, std::span<T, N> sum) {
    Group::each(N, [=](std::uint32_t n) {
      T total = sum[n];
      for (std::size_t row = 0; row < a.count(); ++row) total += a[row][n];
      sum[n] = total;
    });
  }

  template <class T, std::size_t... E>
  static constexpr void fill(Rows<T, E...> y, const T& value) {
    Group::each(y.count() * y.size, [y, value](std::uint32_t i) {
      const auto [row, n] = place<Rows<T, E...>::size>(i);
      y[row][n] = value;
    });
  }

  template <class F, class T, std::size_t... E, class... Operands>
  static constexpr void map(F f, Rows<T, E...> y, Operands... operands) {
    constexpr std::size_t size = Rows<T, E...>::size;
    constexpr std::size_t length = detail::common_length<size, Operands...>();
    Group::each(y.count() * size, [&](std::uint32_t i) {
      const auto [row, n] = place<size>(i);
      const std::size_t at = n % length;
      y[row][n] = f(detail::operand_at(operands, row, n - at)[at]...);
    });
  }

  template <class M, std::size_t Columns, class T, std::size_t From, std::size_t To, std::size_t Width>
  static constexpr void along_steps(Rows<const T, From, Width> x, Rows<T, To, Width> y,
                                    std::size_t first = 0) {
    course<M, Columns>(x, y, first, [](std::size_t, std::size_t) { return T(0); });
  }

  template <class M, std::size_t Columns, class T, std::size_t From, std::size_t To, std::size_t Width>
  static constexpr void along_steps_from(Rows<const T, Columns> start, Rows<const T, From, Width> x,
                                         Rows<T, To, Width> y) {
    course<M, Columns>(x, y, 0, [start](std::size_t row, std::size_t i) { return start[row][i]; });
  }

  template <std::size_t Outputs, std::size_t Known, class T, std::size_t Nodes, std::size_t Terms,
            std::size_t Head, std::size_t Width>
  static constexpr void mode_product(Rows<const T, Nodes, Terms> basis, Rows<const T, Head> head,
                                     Rows<T, Nodes, Width> y, std::size_t first = 0) {
    static_assert(Head == mode_coefficients(Terms, Outputs, Known));
    Group::each(y.count() * Outputs, [=](std::uint32_t item) {
      const auto [row, i] = place<Outputs>(item);
      bool has_level = true;
      if constexpr (Known > 0) has_level = i >= Known;
      for (std::size_t n = 0; n < Nodes; ++n) {
        T sum = has_level ? head[row][Terms * Outputs + i - Known] : T(0);
        for (std::size_t m = 0; m < Terms; ++m) sum += basis.steps(row)[n][m] * head[row][m * Outputs + i];
        y.steps(row)[n][first + i] = sum;
      }
    });
  }

  template <std::size_t Known, class T, std::size_t Nodes, std::size_t Terms, std::size_t Head,
            std::size_t Outputs>
  static constexpr void mode_product_pullback(Rows<const T, Nodes, Terms> basis, Rows<const T, Head> head,
                                              Rows<const T, Nodes, Outputs> dy, Rows<T, Head> dhead,
                                              Rows<T, Nodes, Terms> dbasis) {
    static_assert(Head == mode_coefficients(Terms, Outputs, Known));
    Group::each(dy.count() * Head, [=](std::uint32_t item) {
      const auto [row, at] = place<Head>(item);
      const bool level = at >= Terms * Outputs;
      const std::size_t i = level ? at - Terms * Outputs + Known : at % Outputs;
      T sum(0);
      for (std::size_t n = 0; n < Nodes; ++n)
        sum += level ? dy.steps(row)[n][i] : basis.steps(row)[n][at / Outputs] * dy.steps(row)[n][i];
      dhead[row][at] = sum;
    });
    Group::each(dy.count() * Nodes * Terms, [=](std::uint32_t item) {
      const auto [row, at] = place<Nodes * Terms>(item);
      dbasis[row][at] = dot(dy.steps(row)[at / Terms], head[row] + at % Terms * Outputs, Outputs);
    });
  }

  template <std::size_t Heads, class T, std::size_t Steps, std::size_t QKV, std::size_t Width>
  static constexpr void attend(Rows<const T, Steps, QKV> qkv, AttentionWeights<T, Heads, Steps> weights,
                               Rows<T, Steps, Width> o) {
    each_query<Heads>(qkv, o, [=](std::size_t row, std::size_t head, std::size_t i, const T(&weight)[Steps]) {
      const auto kept = weights_of_head<Steps>(weights.steps(row), head);
      for (std::size_t j = 0; j < Steps; ++j) kept[j][i] = weight[j];
    });
  }

  template <std::size_t Heads, class T, std::size_t Steps, std::size_t QKV, std::size_t Width>
  static constexpr void attend(Rows<const T, Steps, QKV> qkv, Rows<T, Steps, Width> o) {
    each_query<Heads>(qkv, o, [](std::size_t, std::size_t, std::size_t, const T(&)[Steps]) {});
  }

  /// A thread computes dq_s, dk_s and dv_s of one step of one head. The means of the queries' slopes are
  /// computed by each of them again: that takes no memory and no barrier.
  template <std::size_t Heads, class T, std::size_t Steps, std::size_t QKV, std::size_t Width>
  static constexpr void attend_pullback(Rows<const T, Steps, QKV> qkv,
                                        AttentionWeights<const T, Heads, Steps> weights,
                                        Rows<const T, Steps, Width> d_o, Rows<T, Steps, QKV> dqkv) {
    static_assert(QKV == 3 * Width && Width % Heads == 0);
    constexpr std::size_t D = Width / Heads;
    Group::each(qkv.count() * Heads * Steps, [=](std::uint32_t item) {
      const auto at = place<Heads * Steps>(item);
      const std::size_t row = at.row, s = at.column / Heads, head = at.column % Heads;
      const auto part = [=](auto of, std::size_t which) {
        return of.steps(row).template columns<D>(which * Width + head * D);
      };
      attend_step<Steps>(s, part(qkv, 0), part(qkv, 1), part(qkv, 2),
                         weights_of_head<Steps>(weights.steps(row), head), part(d_o, 0), part(dqkv, 0)[s],
                         part(dqkv, 1)[s], part(dqkv, 2)[s]);
    });
  }

 private:
  struct Place {
    std::size_t row, column;
  };
  /// Divided in 32 bits, as a GPU does it quickly.
  template <std::size_t N>
  static constexpr Place place(std::uint32_t i) {
    constexpr auto n = static_cast<std::uint32_t>(N);
    return {i / n, i % n};
  }

  /// Scalars that are read at once. A compiler reads words from what it knows to be aligned, by its type.
  template <class T, std::size_t Size>
  struct alignas(Size * sizeof(T)) Word {
    T scalar[Size];
  };
  template <std::size_t Size, class T>
  static constexpr const Word<T, Size>& word(const T* at) {
    return *reinterpret_cast<const Word<T, Size>*>(at);
  }

  template <class T>
  static constexpr T dot(const T* a, const T* b, std::size_t size) {
    T sum(0);
    for (std::size_t i = 0; i < size; ++i) sum += a[i] * b[i];
    return sum;
  }

  /// f(first row, first column, the rows of a, how many of them there are) for each tile of a result of N
  /// columns. Rows of a beyond the last are the last again: they are computed and not stored.
  template <std::size_t N, class T, std::size_t K, class F>
  static constexpr void each_tile(Rows<const T, K> a, const F& f) {
    Group::each((a.count() + tile_rows - 1) / tile_rows * tiles<N>, [&](std::uint32_t item) {
      const auto [above, before] = place<tiles<N>>(item);
      const std::size_t row = above * tile_rows, left_over = a.count() - row;
      const std::size_t stop = left_over < tile_rows ? left_over : tile_rows;
      const T* left[tile_rows];
      CHEMNNE_UNROLL
      for (std::size_t r = 0; r < tile_rows; ++r) left[r] = a[row + (r < stop ? r : stop - 1)];
      f(row, before * tile_columns, left, stop);
    });
  }

  /// sum += a w over K, by words of as many scalars of a as K and the rows' places allow.
  template <std::size_t K, class T>
  static constexpr void accumulate_tile(const T* const (&left)[tile_rows], const T* w, std::size_t stride,
                                        std::size_t left_stride, T (&sum)[tile_rows][tile_columns]) {
    constexpr std::size_t size = K % 4 == 0 ? 4 : K % 2 == 0 ? 2 : 1;
    if (size > 1 && left_stride % size == 0 &&
        reinterpret_cast<std::uintptr_t>(left[0]) % (size * sizeof(T)) == 0)
      accumulate_words<K, size>(left, w, stride, sum);
    else
      accumulate_words<K, 1>(left, w, stride, sum);
  }

  template <std::size_t K, std::size_t Size, class T>
  static constexpr void accumulate_words(const T* const (&left)[tile_rows], const T* w, std::size_t stride,
                                         T (&sum)[tile_rows][tile_columns]) {
    for (std::size_t k = 0; k < K; k += Size) {
      Word<T, Size> a[tile_rows];
      Word<T, tile_columns> b[Size];
      CHEMNNE_UNROLL
      for (std::size_t r = 0; r < tile_rows; ++r) a[r] = word<Size>(left[r] + k);
      CHEMNNE_UNROLL
      for (std::size_t d = 0; d < Size; ++d) b[d] = word<tile_columns>(w + (k + d) * stride);
      CHEMNNE_UNROLL
      for (std::size_t i = 0; i < Size * tile_rows * tile_columns; ++i) {
        const std::size_t d = i / (tile_rows * tile_columns), r = i / tile_columns % tile_rows,
                          c = i % tile_columns;
        sum[r][c] += a[r].scalar[d] * b[d].scalar[c];
      }
    }
  }

  /// c = start(row, n) + a b.
  template <class T, std::size_t K, std::size_t N, class Start>
  static constexpr void product(Rows<const T, K> a, Rows<const T, N> b, Rows<T, N> c, const Start& start) {
    Group::each(a.count() * N, [&](std::uint32_t i) {
      const auto [row, n] = place<N>(i);
      T sum = start(row, n);
      for (std::size_t k = 0; k < K; ++k) sum += a[row][k] * b[k][n];
      c[row][n] = sum;
    });
  }

  /// y_t = start(row, column) + sum_s M_ts x_s.
  template <class M, std::size_t Columns, class T, std::size_t From, std::size_t To, std::size_t Width,
            class Start>
  static constexpr void course(Rows<const T, From, Width> x, Rows<T, To, Width> y, std::size_t first,
                               const Start& start) {
    constexpr auto matrix = M::template value<T>;  // a device has no constants of static storage
    Group::each(x.count() * Columns, [&](std::uint32_t item) {
      const auto [row, i] = place<Columns>(item);
      for (std::size_t to = 0; to < To; ++to) {
        T sum(0);
        for (std::size_t from = 0; from < From; ++from)
          sum += matrix(to, from) * x.steps(row)[from][first + i];
        y.steps(row)[to][first + i] = sum + start(row, i);
      }
    });
  }

  /// Attention of one query i of one head by one thread, which says the weights of its keys to `keep`.
  template <std::size_t Heads, class T, std::size_t Steps, std::size_t QKV, std::size_t Width, class Keep>
  static constexpr void each_query(Rows<const T, Steps, QKV> qkv, Rows<T, Steps, Width> o, const Keep& keep) {
    static_assert(QKV == 3 * Width && Width % Heads == 0);
    constexpr std::size_t D = Width / Heads;
    Group::each(qkv.count() * Heads * Steps, [&](std::uint32_t item) {
      const auto [row, at] = place<Heads * Steps>(item);
      const std::size_t i = at / Heads, head = at % Heads;
      const T* const first = qkv.steps(row)[0] + head * D;
      T weight[Steps];
      attention_weights(first + i * QKV, first + Width, QKV, D, constant<T>(attention_scale<D>), weight);
      for (std::size_t d = 0; d < D; ++d) {
        T sum(0);
        for (std::size_t j = 0; j < Steps; ++j) sum += weight[j] * first[j * QKV + 2 * Width + d];
        o.steps(row)[i][head * D + d] = sum;
      }
      keep(row, head, i, weight);
    });
  }

  /// softmax over j of (q . k_j scale); the keys are `stride` apart.
  template <class T, std::size_t Steps>
  static constexpr void attention_weights(const T* q, const T* k, std::size_t stride, std::size_t depth,
                                          T scale, T (&weight)[Steps]) {
    using std::exp;
    CHEMNNE_UNROLL
    for (std::size_t j = 0; j < Steps; ++j) weight[j] = dot(k + j * stride, q, depth) * scale;
    T largest = weight[0];
    CHEMNNE_UNROLL
    for (std::size_t j = 1; j < Steps; ++j) largest = largest < weight[j] ? weight[j] : largest;
    T sum(0);
    CHEMNNE_UNROLL
    for (std::size_t j = 0; j < Steps; ++j) sum += weight[j] = exp(weight[j] - largest);
    CHEMNNE_UNROLL
    for (std::size_t j = 0; j < Steps; ++j) weight[j] = weight[j] / sum;
  }

  template <std::size_t Steps, class T, std::size_t D>
  static constexpr void attend_step(std::size_t s, Rows<const T, D> q, Rows<const T, D> k, Rows<const T, D> v,
                                    Rows<const T, Steps> weights, Rows<const T, D> d_o, T* dq, T* dk, T* dv) {
    const T scale = constant<T>(attention_scale<D>);
    for (std::size_t d = 0; d < D; ++d) dq[d] = dk[d] = dv[d] = T(0);
    for (std::size_t i = 0; i < Steps; ++i) {
      T mean(0);
      for (std::size_t j = 0; j < Steps; ++j) mean += weights[j][i] * dot(v[j], d_o[i], D);
      const auto slope = [&](std::size_t j) { return scale * weights[j][i] * (dot(v[j], d_o[i], D) - mean); };
      const T of_key = slope(s), weight = weights[s][i];
      for (std::size_t d = 0; d < D; ++d) {
        dk[d] += of_key * q[i][d];
        dv[d] += weight * d_o[i][d];
      }
      if (i != s) continue;
      for (std::size_t j = 0; j < Steps; ++j) {
        const T of_query = slope(j);
        for (std::size_t d = 0; d < D; ++d) dq[d] += of_query * k[j][d];
      }
    }
  }
};

static_assert(Backend<Cuda<>> && Backend<Cuda<>, double>);

}  // namespace chemnne

#undef CHEMNNE_UNROLL
