#pragma once
#include <cmath>
#include <cstddef>
#include <span>

#include <chemnne/backend/attention_heads.hpp>
#include <chemnne/backend/backend.hpp>
#include <chemnne/backend/elementary.hpp>
#include <chemnne/backend/operand.hpp>
#include <chemnne/tensor/packed.hpp>
#include <chemnne/tensor/rows.hpp>

namespace chemnne {

/// The specification of every primitive in plain loops, for any scalar, dual numbers included: the oracle
/// that other backends are held to. All primitives are noexcept in effect, allocate nothing and treat rows
/// independently, so that a result never depends on how rows are split into batches. Views that are written
/// must not overlap views that are read unless said.
struct Reference {
  /// c = bias + a b, or c += a b without a bias.
  /// Shapes: a [rows][K], b [K][N], c [rows][N], bias [N]. Cost: rows K N multiply-adds.
  template <class T, std::size_t K, std::size_t N>
  static constexpr void affine(Rows<const T, K> a, Rows<const T, N> b, std::span<const T, N> bias,
                               Rows<T, N> c) {
    for (std::size_t row = 0; row < a.count(); ++row)
      for (std::size_t n = 0; n < N; ++n) c[row][n] = bias[n];
    matmul_accumulate(a, b, c);
  }

  /// Scalars that packed weights and bias of an affine map take.
  template <class T, std::size_t K, std::size_t N>
  static constexpr std::size_t packed_size = (K + 1) * N;

  /// Weights and bias in the order that `affine_map` reads. Shapes: w [K][N], bias [N].
  template <class T, std::size_t K, std::size_t N>
  static constexpr void pack(Rows<const T, N> w, std::span<const T, N> bias, Packed<T, K, N> packed) {
    for (std::size_t k = 0; k < K; ++k)
      for (std::size_t n = 0; n < N; ++n) packed.data[k * N + n] = w[k][n];
    for (std::size_t n = 0; n < N; ++n) packed.data[K * N + n] = bias[n];
  }

  /// y_i = f((a W + bias)_i, more_i...): an affine map and what follows it in one pass; W and bias are
  /// packed, `more` are rows of the shape of y, and may be y.
  template <class F, class T, std::size_t K, std::size_t N, class... More>
  static constexpr void affine_map(F f, Rows<const T, K> a, Packed<const T, K, N> w, Rows<T, N> y,
                                   More... more) {
    for (std::size_t row = 0; row < a.count(); ++row)
      for (std::size_t n = 0; n < N; ++n) {
        T sum = w.data[K * N + n];
        for (std::size_t k = 0; k < K; ++k) sum += a[row][k] * w.data[k * N + n];
        y[row][n] = f(sum, more[row][n]...);
      }
  }

  /// c = a b. Shapes as in `affine`.
  template <class T, std::size_t K, std::size_t N>
  static constexpr void matmul(Rows<const T, K> a, Rows<const T, N> b, Rows<T, N> c) {
    for (std::size_t row = 0; row < a.count(); ++row)
      for (std::size_t n = 0; n < N; ++n) c[row][n] = T(0);
    matmul_accumulate(a, b, c);
  }

  /// c += a b. Shapes as in `affine`.
  template <class T, std::size_t K, std::size_t N>
  static constexpr void matmul_accumulate(Rows<const T, K> a, Rows<const T, N> b, Rows<T, N> c) {
    for (std::size_t row = 0; row < a.count(); ++row)
      for (std::size_t n = 0; n < N; ++n)
        for (std::size_t k = 0; k < K; ++k) c[row][n] += a[row][k] * b[k][n];
  }

  /// c = a b^T. Shapes: a [rows][K], b [N][K], c [rows][N]. Cost: rows K N multiply-adds.
  template <class T, std::size_t K, std::size_t N>
  static constexpr void matmul_transposed(Rows<const T, K> a, Rows<const T, K> b, Rows<T, N> c) {
    for (std::size_t row = 0; row < a.count(); ++row)
      for (std::size_t n = 0; n < N; ++n) {
        c[row][n] = T(0);
        for (std::size_t k = 0; k < K; ++k) c[row][n] += a[row][k] * b[n][k];
      }
  }

  /// c += a^T b, summed over rows. Shapes: a [rows][M], b [rows][N], c [M][N]. Cost: rows M N multiply-adds.
  template <class T, std::size_t M, std::size_t N>
  static constexpr void outer_accumulate(Rows<const T, M> a, Rows<const T, N> b, Rows<T, N> c) {
    for (std::size_t row = 0; row < a.count(); ++row)
      for (std::size_t m = 0; m < M; ++m)
        for (std::size_t n = 0; n < N; ++n) c[m][n] += a[row][m] * b[row][n];
  }

  /// sum += the sum over rows of a. Shapes: a [rows][N], sum [N].
  template <class T, std::size_t N>
  static constexpr void sum_rows_accumulate(Rows<const T, N> a, std::span<T, N> sum) {
    for (std::size_t row = 0; row < a.count(); ++row)
      for (std::size_t n = 0; n < N; ++n) sum[n] += a[row][n];
  }

  /// Every scalar of y becomes `value`.
  template <class T, std::size_t... E>
  static constexpr void fill(Rows<T, E...> y, const T& value) {
    y.fill(value);
  }

  /// y_i = f(operands_i...) for every scalar of y. f is a functor that takes scalars and SIMD batches alike.
  /// An operand is rows of the shape of y, of which one may be y, or a span of constants for the last extents
  /// of a row, the same for every row and every step.
  template <class F, class T, std::size_t... E, class... Operands>
  static constexpr void map(F f, Rows<T, E...> y, Operands... operands) {
    constexpr std::size_t length = detail::common_length<Rows<T, E...>::size, Operands...>();
    for (std::size_t row = 0; row < y.count(); ++row)
      for (std::size_t first = 0; first < y.size; first += length)
        for (std::size_t i = 0; i < length; ++i)
          y[row][first + i] = f(detail::operand_at(operands, row, first)[i]...);
  }

  /// y_t = sum_s M_ts x_s for columns first .. first + Columns - 1 of each step, M a constant matrix
  /// (tensor/step_matrix.hpp). Its pullback is the same with Transposed<M>. Shapes: M [To][From], x [From,
  /// Width], y [To, Width]. Cost: To From Columns multiply-adds a row.
  template <class M, std::size_t Columns, class T, std::size_t From, std::size_t To, std::size_t Width>
  static constexpr void along_steps(Rows<const T, From, Width> x, Rows<T, To, Width> y,
                                    std::size_t first = 0) {
    constexpr auto& matrix = M::template value<T>;
    for (std::size_t row = 0; row < x.count(); ++row)
      for (std::size_t to = 0; to < To; ++to)
        for (std::size_t i = first; i < first + Columns; ++i) {
          T sum(0);
          for (std::size_t from = 0; from < From; ++from) sum += matrix(to, from) * x.steps(row)[from][i];
          y.steps(row)[to][i] = sum;
        }
  }

  /// y_t = start + sum_s M_ts x_s for the first Columns columns: as `along_steps`, start [Columns].
  template <class M, std::size_t Columns, class T, std::size_t From, std::size_t To, std::size_t Width>
  static constexpr void along_steps_from(Rows<const T, Columns> start, Rows<const T, From, Width> x,
                                         Rows<T, To, Width> y) {
    along_steps<M, Columns>(x, y);
    for (std::size_t row = 0; row < x.count(); ++row)
      for (std::size_t to = 0; to < To; ++to)
        for (std::size_t i = 0; i < Columns; ++i) y.steps(row)[to][i] += start[row][i];
  }

  /// A course in time by coefficients of functions of time: y_n = level + sum_m basis_nm c_m, head = (c
  /// [Terms, Outputs], level [Outputs - Known]); the first `Known` outputs have no level. Written are columns
  /// first .. first + Outputs - 1 of y. Shapes: basis [Nodes, Terms], head [mode_coefficients], y [Nodes,
  /// Width]. Cost: Nodes Terms Outputs multiply-adds a row.
  template <std::size_t Outputs, std::size_t Known, class T, std::size_t Nodes, std::size_t Terms,
            std::size_t Head, std::size_t Width>
  static constexpr void mode_product(Rows<const T, Nodes, Terms> basis, Rows<const T, Head> head,
                                     Rows<T, Nodes, Width> y, std::size_t first = 0) {
    static_assert(Head == mode_coefficients(Terms, Outputs, Known));
    for (std::size_t row = 0; row < y.count(); ++row)
      for (std::size_t n = 0; n < Nodes; ++n)
        for (std::size_t i = 0; i < Outputs; ++i) {
          T sum = i < Known ? T(0) : head[row][Terms * Outputs + i - Known];
          for (std::size_t m = 0; m < Terms; ++m) sum += basis.steps(row)[n][m] * head[row][m * Outputs + i];
          y.steps(row)[n][first + i] = sum;
        }
  }

  /// Its pullback: dc_m = sum_n basis_nm dy_n, dlevel = sum_n dy_n, dbasis_nm = dy_n . c_m. Cost: twice that.
  template <std::size_t Known, class T, std::size_t Nodes, std::size_t Terms, std::size_t Head,
            std::size_t Outputs>
  static constexpr void mode_product_pullback(Rows<const T, Nodes, Terms> basis, Rows<const T, Head> head,
                                              Rows<const T, Nodes, Outputs> dy, Rows<T, Head> dhead,
                                              Rows<T, Nodes, Terms> dbasis) {
    static_assert(Head == mode_coefficients(Terms, Outputs, Known));
    dhead.fill(T(0));
    for (std::size_t row = 0; row < dy.count(); ++row) {
      const Rows<const T, Outputs> c(head[row], Terms);
      outer_accumulate(basis.steps(row), dy.steps(row), Rows<T, Outputs>(dhead[row], Terms));
      matmul_transposed(dy.steps(row), c, dbasis.steps(row));
      for (std::size_t n = 0; n < Nodes; ++n)
        for (std::size_t i = Known; i < Outputs; ++i)
          dhead[row][Terms * Outputs + i - Known] += dy.steps(row)[n][i];
    }
  }

  /// Scaled dot-product attention over the steps of a cell, each head h by itself (Vaswani et al. 2017, arXiv
  /// 1706.03762, equation 1): A = softmax over j of (q_i . k_j / sqrt(D)), o_i = sum_j A_ij v_j, with the D =
  /// Width / Heads columns h D .. of q, k, v and o.
  ///
  /// Shapes: qkv [Steps, 3 Width] (q, k, v side by side), o [Steps, Width]; weights [Heads Steps,
  /// padded(Steps)] are A transposed, keys by queries, for the pullback. Cost: 2 Steps^2 Width multiply-adds,
  /// Heads Steps^2 exponentials a row.
  template <std::size_t Heads, class T, std::size_t Steps, std::size_t QKV, std::size_t Width>
  static constexpr void attend(Rows<const T, Steps, QKV> qkv, AttentionWeights<T, Heads, Steps> weights,
                               Rows<T, Steps, Width> o) {
    detail::each_head<Heads, Width>(
        qkv, o, [&](std::size_t row, std::size_t head, auto q, auto k, auto v, auto y) {
          attend_head(q, k, v, weights_of_head<Steps>(weights.steps(row), head), y);
        });
  }

  /// The same, the weights forgotten.
  template <std::size_t Heads, class T, std::size_t Steps, std::size_t QKV, std::size_t Width>
  static constexpr void attend(Rows<const T, Steps, QKV> qkv, Rows<T, Steps, Width> o) {
    T memory[Steps * Steps]{};
    detail::each_head<Heads, Width>(qkv, o, [&](std::size_t, std::size_t, auto q, auto k, auto v, auto y) {
      attend_head(q, k, v, Rows<T, Steps>(memory, Steps), y);
    });
  }

  /// The transposed Jacobian of `attend` at its weights: dv_j = sum_i A_ij do_i; with g_ij = do_i . v_j the
  /// scores' cotangent ds_ij = A_ij (g_ij - sum_m A_im g_im) / sqrt(D), dq_i = sum_j ds_ij k_j, dk_j = sum_i
  /// ds_ij q_i. Cost: twice that of `attend`.
  template <std::size_t Heads, class T, std::size_t Steps, std::size_t QKV, std::size_t Width>
  static constexpr void attend_pullback(Rows<const T, Steps, QKV> qkv,
                                        AttentionWeights<const T, Heads, Steps> weights,
                                        Rows<const T, Steps, Width> d_o, Rows<T, Steps, QKV> dqkv) {
    constexpr std::size_t D = Width / Heads;
    T memory[Steps * Steps]{};
    const Rows<T, Steps> dscores(memory, Steps);
    detail::each_head<Heads, Width>(
        qkv, d_o, [&](std::size_t row, std::size_t head, auto q, auto k, auto v, auto cotangent) {
          const Rows<T, QKV> d = dqkv.steps(row);
          attend_head_pullback(q, k, v, weights_of_head<Steps>(weights.steps(row), head), cotangent,
                               d.template columns<D>(head * D), d.template columns<D>(Width + head * D),
                               d.template columns<D>(2 * Width + head * D), dscores);
        });
  }

 private:
  template <class T>
  static constexpr T dot(const T* a, const T* b, std::size_t size) {
    T sum(0);
    for (std::size_t i = 0; i < size; ++i) sum += a[i] * b[i];
    return sum;
  }

  template <class T, std::size_t D, std::size_t S>
  static constexpr void attend_head(Rows<const T, D> q, Rows<const T, D> k, Rows<const T, D> v,
                                    Rows<T, S> weights, Rows<T, D> o) {
    using std::exp;
    const T scale = constant<T>(attention_scale<D>);
    for (std::size_t i = 0; i < S; ++i) {
      for (std::size_t j = 0; j < S; ++j) weights[j][i] = dot(k[j], q[i], D) * scale;
      T largest = weights[0][i];
      for (std::size_t j = 1; j < S; ++j) largest = largest < weights[j][i] ? weights[j][i] : largest;
      T sum(0);
      for (std::size_t j = 0; j < S; ++j) sum += weights[j][i] = exp(weights[j][i] - largest);
      for (std::size_t j = 0; j < S; ++j) weights[j][i] = weights[j][i] / sum;
      for (std::size_t d = 0; d < D; ++d) {
        o[i][d] = T(0);
        for (std::size_t j = 0; j < S; ++j) o[i][d] += weights[j][i] * v[j][d];
      }
    }
  }

  template <class T, std::size_t D, std::size_t S>
  static constexpr void attend_head_pullback(Rows<const T, D> q, Rows<const T, D> k, Rows<const T, D> v,
                                             Rows<const T, S> weights, Rows<const T, D> d_o, Rows<T, D> dq,
                                             Rows<T, D> dk, Rows<T, D> dv, Rows<T, S> dscores) {
    const T scale = constant<T>(attention_scale<D>);
    for (std::size_t i = 0; i < S; ++i) {
      T mean(0);
      for (std::size_t j = 0; j < S; ++j) mean += weights[j][i] * (dscores[j][i] = dot(v[j], d_o[i], D));
      for (std::size_t j = 0; j < S; ++j) dscores[j][i] = scale * weights[j][i] * (dscores[j][i] - mean);
    }
    for (std::size_t i = 0; i < S; ++i)
      for (std::size_t d = 0; d < D; ++d) {
        dq[i][d] = dk[i][d] = dv[i][d] = T(0);
        for (std::size_t j = 0; j < S; ++j) {
          dq[i][d] += dscores[j][i] * k[j][d];
          dk[i][d] += dscores[i][j] * q[j][d];
          dv[i][d] += weights[i][j] * d_o[j][d];
        }
      }
  }
};

static_assert(Backend<Reference> && Backend<Reference, double>);

}  // namespace chemnne
