#pragma once
#include <cmath>
#include <cstddef>
#include <span>

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

  /// y_rn = exp(x_rn - max_m x_rm) / sum_m exp(x_rm - max x_r). y may be x.
  template <class T, std::size_t N>
  static void softmax(Rows<const T, N> x, Rows<T, N> y) {
    using std::exp;
    for (std::size_t row = 0; row < x.count(); ++row) {
      T largest = x[row][0];
      for (std::size_t n = 1; n < N; ++n) largest = largest < x[row][n] ? x[row][n] : largest;
      T sum(0);
      for (std::size_t n = 0; n < N; ++n) sum += y[row][n] = exp(x[row][n] - largest);
      for (std::size_t n = 0; n < N; ++n) y[row][n] = y[row][n] / sum;
    }
  }

  /// dx_rn = y_rn (dy_rn - sum_m dy_rm y_rm): the transposed Jacobian of softmax at its result y. dx may be
  /// dy.
  template <class T, std::size_t N>
  static void softmax_pullback(Rows<const T, N> y, Rows<const T, N> dy, Rows<T, N> dx) {
    for (std::size_t row = 0; row < y.count(); ++row) {
      T dot(0);
      for (std::size_t n = 0; n < N; ++n) dot += dy[row][n] * y[row][n];
      for (std::size_t n = 0; n < N; ++n) dx[row][n] = y[row][n] * (dy[row][n] - dot);
    }
  }
};

}  // namespace chemnne
