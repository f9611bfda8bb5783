#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include <chemnne/backend/arithmetic.hpp>
#include <chemnne/tensor/buffer.hpp>
#include <chemnne/tensor/packed.hpp>
#include <chemnne/tensor/rows.hpp>

namespace chemnne {

/// Whether a model has a code that a score can be computed from.
template <class Model>
inline constexpr bool has_code = requires {
  typename Model::Code;
};

/// Directions of values of `width` numbers that keep a variance of their own.
constexpr std::size_t spread_directions(std::size_t width) { return std::min<std::size_t>(32, width / 2); }

namespace detail {

/// Turns the rows of `matrix` [rows][width] into others, at right angles to each other, of the same sum of
/// outer products, by rotations in the planes of two of them. Source: one-sided Jacobi method, Hestenes 1958,
/// doi 10.1137/0106005; Golub and Van Loan, Matrix Computations, 4th ed., section 8.6.3.
inline void make_orthogonal(std::span<double> matrix, std::size_t width) {
  bool turned = true;
  for (int sweep = 0; turned && sweep < 30; ++sweep) {
    turned = false;
    for (std::size_t first = 0; first < matrix.size(); first += width)
      for (std::size_t second = first + width; second < matrix.size(); second += width) {
        double* const a = matrix.data() + first;
        double* const b = matrix.data() + second;
        double aa = 0, ab = 0, bb = 0;
        for (std::size_t i = 0; i < width; ++i) {
          aa += a[i] * a[i];
          ab += a[i] * b[i];
          bb += b[i] * b[i];
        }
        if (!(std::abs(ab) > 1e-13 * std::sqrt(aa * bb))) continue;
        const double half = (bb - aa) / (2 * ab);
        const double tangent = std::copysign(1 / (std::abs(half) + std::hypot(1, half)), half);
        const double cosine = 1 / std::hypot(1, tangent), sine = cosine * tangent;
        for (std::size_t i = 0; i < width; ++i) {
          const double x = a[i], y = b[i];
          a[i] = cosine * x - sine * y;
          b[i] = sine * x + cosine * y;
        }
        turned = true;
      }
  }
}

}  // namespace detail

namespace detail {
struct SubtractFrom {
  template <class V>
  constexpr V operator()(const V& part, const V& whole) const {
    return whole - part;
  }
};
}  // namespace detail

namespace detail {
/// Deals the rows of a score: f(i) of each i < n, by one thread.
struct InTurn {
  template <class F>
  constexpr void operator()(std::size_t n, const F& f) const {
    for (std::size_t i = 0; i < n; ++i) f(i);
  }
};
}  // namespace detail

/// How far values v lie from the middle of those of the training windows, in units of their spread:
///
///     d^T S_K^-1 d / Width,  d = v - mean,  S_K^-1 = p I - V V^T,
///
/// S_K the covariance of probabilistic principal components (Tipping and Bishop 1999,
/// doi 10.1111/1467-9868.00196): the variances of the `directions` widest directions as they are, one mean
/// variance 1 / p for all others. V [Width, directions] holds those directions e_k times sqrt(p - 1 /
/// variance_k). The mean over the training windows is 1.
///
/// It is summed as what lies in the directions and what is left, of which nothing cancels:
///
///     d^T S_K^-1 d = sum_k (e_k . d)^2 / variance_k + p |d - sum_k e_k (e_k . d)|^2.
///
/// 1 / variance_k = p - |V_k|^2 is known to float's accuracy of p and taken to be no less. Values that are
/// not finite, or whose squares are not, have a distance that is not.
///
/// As a prepared layer it is evaluated from `constants` scalars that `prepare` makes, aligned as a Buffer.
/// Cost: 2 Width (directions + 1) multiply-adds a row. Independent of how rows are split over calls.
template <class Backend, std::size_t Width, class T = float>
class SquaredDistance {
 public:
  static constexpr std::size_t directions = spread_directions(Width);
  static_assert(directions > 0, "SquaredDistance: values of two numbers or more");
  /// Scalars a row that `accumulate` needs.
  static constexpr std::size_t scratch = Width + directions;

 private:
  static constexpr std::size_t along_size = padded(Backend::template packed_size<T, Width, directions>),
                               within_size = padded(Backend::template packed_size<T, directions, Width>);
  // Where they lie: directions, the same transposed, mean, 1 / deviation of each direction, p.
  static constexpr std::size_t within_at = along_size, mean_at = within_at + within_size,
                               inverse_deviation_at = mean_at + padded(Width),
                               precision_at = inverse_deviation_at + padded(directions);

 public:
  static constexpr std::size_t constants = precision_at + padded(1);

  /// Shapes: mean [Width], direction [Width][directions].
  static void prepare(std::span<const float> mean, std::span<const float> direction, float precision, T* to) {
    std::copy_n(mean.begin(), Width, to + mean_at);
    to[precision_at] = T(precision);
    std::vector<double> v(directions * Width);
    for (std::size_t k = 0; k < directions; ++k)
      for (std::size_t i = 0; i < Width; ++i)
        v[k * Width + i] = static_cast<double>(direction[i * directions + k]);
    detail::make_orthogonal(v, Width);
    const auto p = static_cast<double>(precision);
    const double rounding = static_cast<double>(std::numeric_limits<float>::epsilon()) * p;
    std::vector<T> e(Width * directions), transposed(directions * Width);
    for (std::size_t k = 0; k < directions; ++k) {
      double square = 0;
      for (std::size_t i = 0; i < Width; ++i) square += v[k * Width + i] * v[k * Width + i];
      to[inverse_deviation_at + k] = static_cast<T>(std::sqrt(std::max(p - square, rounding)));
      if (square < rounding) continue;  // no wider than all others: 0, and a part of what is left
      for (std::size_t i = 0; i < Width; ++i)
        e[i * directions + k] = transposed[k * Width + i] =
            static_cast<T>(v[k * Width + i] / std::sqrt(square));
    }
    pack<Width, directions>(e, to);
    pack<directions, Width>(transposed, to + within_at);
  }

  /// distance[row] += weight times that of v[row]; `memory` is used up. each(n, f) calls f(i) of each i < n: by
  /// all threads of a group where the primitives of the backend are collective. No allocation, no exception.
  template <class Each = detail::InTurn>
  static constexpr void accumulate(const T* from, T weight, Rows<const T, Width> v, Rows<T, scratch> memory,
                                   T* distance, const Each& each = {}) noexcept {
    const Rows<T, Width> rest = memory.template columns<Width>(0);
    const Rows<T, directions> along = memory.template columns<directions>(Width);
    Backend::map(Subtract{}, rest, v, std::span<const T, Width>(from + mean_at, Width));
    Backend::affine_map(Unchanged{}, Rows<const T, Width>(rest), Packed<const T, Width, directions>{from},
                        along);
    Backend::affine_map(detail::SubtractFrom{}, Rows<const T, directions>(along),
                        Packed<const T, directions, Width>{from + within_at}, rest,
                        Rows<const T, Width>(rest));
    const T* const inverse_deviation = from + inverse_deviation_at;
    each(v.count(), [&](std::size_t row) {
      const T inside =
          sum_of_squares<directions>([&](std::size_t k) { return inverse_deviation[k] * along[row][k]; });
      const T outside = sum_of_squares<Width>([&](std::size_t i) { return rest[row][i]; });
      distance[row] += weight * (inside + from[precision_at] * outside) / static_cast<T>(Width);
    });
  }

 private:
  template <std::size_t K, std::size_t N>
  static void pack(const std::vector<T>& matrix, T* to) {
    const std::array<T, N> offset{};
    Backend::pack(Rows<const T, N>(matrix.data(), K), std::span<const T, N>(offset), Packed<T, K, N>{to});
  }

  /// In 16 partial sums, which the compiler keeps in a register.
  template <std::size_t Count, class F>
  static constexpr T sum_of_squares(const F& value) noexcept {
    constexpr std::size_t lanes = 16;
    std::array<T, lanes> part{};
    std::size_t i = 0;
    for (; i + lanes <= Count; i += lanes)
      for (std::size_t lane = 0; lane < lanes; ++lane) part[lane] += value(i + lane) * value(i + lane);
    for (std::size_t lane = 0; i + lane < Count; ++lane) part[lane] += value(i + lane) * value(i + lane);
    T sum = 0;
    for (const T p : part) sum += p;
    return sum;
  }
};

/// How unusual a cell is to a network that codes its inputs x as z:
///
///     u = sqrt((1 - a) D(z) + a D(x)),  a = 0.15,
///
/// D the squared distances from the training windows. D(z) is a Mahalanobis distance of features (Lee et al.
/// 2018, arXiv 1807.03888) and but for a constant the predictive variance of a Bayesian linear layer on z
/// (Kristiadi et al. 2020, arXiv 2002.10118); it ranks the errors. D(x) hardly does, but grows without bound,
/// while the sine layer that z comes from folds what is far away back (both are measured in
/// docs/studies/2026-11_uncertainty.md).
template <class Backend, std::size_t Inputs, std::size_t Code, class T = float>
class CellScore {
  using OfInput = SquaredDistance<Backend, Inputs, T>;
  using OfCode = SquaredDistance<Backend, Code, T>;

 public:
  static constexpr T input_weight = T(0.15);
  /// Scalars a row that `evaluate` needs.
  static constexpr std::size_t scratch = std::max(OfInput::scratch, OfCode::scratch);

  static constexpr std::size_t constants = OfInput::constants + OfCode::constants;

  /// From the members `input` and `code` of an `Uncertainty`: mean, direction, precision.
  template <class Fitted>
  static void prepare(const Fitted& fitted, T* to) {
    OfInput::prepare(fitted.input.mean, fitted.input.direction, fitted.input.precision, to);
    OfCode::prepare(fitted.code.mean, fitted.code.direction, fitted.code.precision, to + OfInput::constants);
  }

  /// score[row] = u(x[row], z[row]); `memory` is used up, `each` as in SquaredDistance. No allocation, no
  /// exception.
  template <class Each = detail::InTurn>
  static constexpr void evaluate(const T* from, Rows<const T, Inputs> x, Rows<const T, Code> z,
                                 Rows<T, scratch> memory, T* score, const Each& each = {}) noexcept {
    each(x.count(), [&](std::size_t row) { score[row] = 0; });
    OfCode::accumulate(from + OfInput::constants, 1 - input_weight, z, {memory.data(), z.count()}, score,
                       each);
    OfInput::accumulate(from, input_weight, x, {memory.data(), x.count()}, score, each);
    each(x.count(), [&](std::size_t row) { score[row] = std::sqrt(score[row]); });
  }
};

}  // namespace chemnne
