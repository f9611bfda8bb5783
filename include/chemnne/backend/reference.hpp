#pragma once
#include <cmath>
#include <cstddef>
#include <span>

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
  static void affine(Rows<const T, K> a, Rows<const T, N> b, std::span<const T, N> bias, Rows<T, N> c) {
    for (std::size_t row = 0; row < a.count(); ++row)
      for (std::size_t n = 0; n < N; ++n) c[row][n] = bias[n];
    matmul_accumulate(a, b, c);
  }

  /// Scalars that packed weights and bias of an affine map take.
  template <class T, std::size_t K, std::size_t N>
  static constexpr std::size_t packed_size = (K + 1) * N;

  /// Weights and bias in the order that `affine_map` reads. Shapes: w [K][N], bias [N].
  template <class T, std::size_t K, std::size_t N>
  static void pack(Rows<const T, N> w, std::span<const T, N> bias, Packed<T, K, N> packed) {
    for (std::size_t k = 0; k < K; ++k)
      for (std::size_t n = 0; n < N; ++n) packed.data[k * N + n] = w[k][n];
    for (std::size_t n = 0; n < N; ++n) packed.data[K * N + n] = bias[n];
  }

  /// y_i = f((a W + bias)_i, more_i...): an affine map and what follows it in one pass; W and bias are
  /// packed, `more` are rows of the shape of y, and may be y.
  template <class F, class T, std::size_t K, std::size_t N, class... More>
  static void affine_map(F f, Rows<const T, K> a, Packed<const T, K, N> w, Rows<T, N> y, More... more) {
    for (std::size_t row = 0; row < a.count(); ++row)
      for (std::size_t n = 0; n < N; ++n) {
        T sum = w.data[K * N + n];
        for (std::size_t k = 0; k < K; ++k) sum += a[row][k] * w.data[k * N + n];
        y[row][n] = f(sum, more[row][n]...);
      }
  }

  /// c = a b. Shapes as in `affine`.
  template <class T, std::size_t K, std::size_t N>
  static void matmul(Rows<const T, K> a, Rows<const T, N> b, Rows<T, N> c) {
    for (std::size_t row = 0; row < a.count(); ++row)
      for (std::size_t n = 0; n < N; ++n) c[row][n] = T(0);
    matmul_accumulate(a, b, c);
  }

  /// c += a b. Shapes as in `affine`.
  template <class T, std::size_t K, std::size_t N>
  static void matmul_accumulate(Rows<const T, K> a, Rows<const T, N> b, Rows<T, N> c) {
    for (std::size_t row = 0; row < a.count(); ++row)
      for (std::size_t n = 0; n < N; ++n)
        for (std::size_t k = 0; k < K; ++k) c[row][n] += a[row][k] * b[k][n];
  }

  /// c = a b^T. Shapes: a [rows][K], b [N][K], c [rows][N]. Cost: rows K N multiply-adds.
  template <class T, std::size_t K, std::size_t N>
  static void matmul_transposed(Rows<const T, K> a, Rows<const T, K> b, Rows<T, N> c) {
    for (std::size_t row = 0; row < a.count(); ++row)
      for (std::size_t n = 0; n < N; ++n) {
        c[row][n] = T(0);
        for (std::size_t k = 0; k < K; ++k) c[row][n] += a[row][k] * b[n][k];
      }
  }

  /// c += a^T b, summed over rows. Shapes: a [rows][M], b [rows][N], c [M][N]. Cost: rows M N multiply-adds.
  template <class T, std::size_t M, std::size_t N>
  static void outer_accumulate(Rows<const T, M> a, Rows<const T, N> b, Rows<T, N> c) {
    for (std::size_t row = 0; row < a.count(); ++row)
      for (std::size_t m = 0; m < M; ++m)
        for (std::size_t n = 0; n < N; ++n) c[m][n] += a[row][m] * b[row][n];
  }

  /// sum += the sum over rows of a. Shapes: a [rows][N], sum [N].
  template <class T, std::size_t N>
  static void sum_rows_accumulate(Rows<const T, N> a, std::span<T, N> sum) {
    for (std::size_t row = 0; row < a.count(); ++row)
      for (std::size_t n = 0; n < N; ++n) sum[n] += a[row][n];
  }

  /// y_i = f(x_i, more_i...) for every scalar of rows of equal shape. f is a functor that takes scalars and
  /// SIMD batches alike. y may be one of the inputs.
  template <class F, class T, std::size_t... E, class... More>
  static void map(F f, Rows<T, E...> y, Rows<const T, E...> x, More... more) {
    for (std::size_t row = 0; row < x.count(); ++row)
      for (std::size_t i = 0; i < x.size; ++i) y[row][i] = f(x[row][i], more[row][i]...);
  }

  /// y_rn = f(x_rn, factor_n...): the same row of constants is combined with every row.
  template <class F, class T, std::size_t N, class... Constants>
  static void map_columns(F f, Rows<T, N> y, Rows<const T, N> x, Constants... constants) {
    for (std::size_t row = 0; row < x.count(); ++row)
      for (std::size_t n = 0; n < N; ++n) y[row][n] = f(x[row][n], constants[n]...);
  }

  /// Scaled dot-product attention of one head over the steps of a cell (Vaswani et al. 2017, arXiv
  /// 1706.03762, equation 1): A = softmax over j of (scale q_i . k_j), o_i = sum_j A_ij v_j.
  ///
  /// Shapes: q, k, v, o [S][D]; weights [S][S] is A transposed, keys by queries, its rows `padded(S)` apart.
  /// Cost: 2 S^2 D multiply-adds, S^2 exponentials.
  template <class T, std::size_t D, std::size_t S>
  static void attend(Rows<const T, D> q, Rows<const T, D> k, Rows<const T, D> v, T scale, Rows<T, S> weights,
                     Rows<T, D> o) {
    using std::exp;
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

  /// The transposed Jacobian of `attend` at its weights: dv_j = sum_i A_ij do_i; with g_ij = do_i . v_j the
  /// scores' cotangent ds_ij = scale A_ij (g_ij - sum_m A_im g_im), dq_i = sum_j ds_ij k_j, dk_j = sum_i
  /// ds_ij q_i. `dscores` [S][S] is scratch, laid out as the weights. Cost: 4 S^2 D multiply-adds.
  template <class T, std::size_t D, std::size_t S>
  static void attend_pullback(Rows<const T, D> q, Rows<const T, D> k, Rows<const T, D> v, T scale,
                              Rows<const T, S> weights, Rows<const T, D> d_o, Rows<T, D> dq, Rows<T, D> dk,
                              Rows<T, D> dv, Rows<T, S> dscores) {
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

 private:
  template <class T>
  static T dot(const T* a, const T* b, std::size_t size) {
    T sum(0);
    for (std::size_t i = 0; i < size; ++i) sum += a[i] * b[i];
    return sum;
  }
};

}  // namespace chemnne
