#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>
#include <utility>
#include <vector>

#include "function_errors.hpp"
#include "layer_table.hpp"

#include <chemnne/backend/reference.hpp>

namespace properties {

/// A number with a bound of the rounding error that it carries when the same text runs in a shorter format:
/// |computed - value| <= bound * u, with u half an ULP of 1, to first order in u. A running error analysis
/// (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., 2002, section 3.3):
///
///     a + b     bound_a + bound_b + |a| + |b|        (|a| + |b| and not |a + b|: then it holds for any order
///     of a sum) a b       |a| bound_b + |b| bound_a + |a b|    (fused multiply-adds round less) a / b
///     (bound_a + |a / b| bound_b) / |b| + |a / b| f(a)      |f'(a)| bound_a + 2 ulp_f |f(a)|     (ulp_f:
///     `largest_ulp`)
///
/// Run through `Reference`, any layer derives its own tolerance: for a product it is the textbook's n u sum
/// |a| |b|. Two backends that both keep to it differ by twice the bound at most.
template <class T>
struct Rounded {
  using value_type = double;
  double value = 0;
  double bound = 0;

  constexpr Rounded() = default;
  /// A constant of the text: rounded once.
  constexpr Rounded(double v)
      : value(v), bound(v < 0 ? -v : v) {}  // NOLINT: constants of a forward text convert silently
  Rounded(double v, double b) : value(v), bound(b) {}

  Rounded& operator+=(const Rounded& b) { return *this = *this + b; }
  Rounded& operator-=(const Rounded& b) { return *this = *this - b; }
  friend Rounded operator-(const Rounded& a) { return {-a.value, a.bound}; }
  friend Rounded operator+(const Rounded& a, const Rounded& b) {
    return {a.value + b.value, a.bound + b.bound + std::abs(a.value) + std::abs(b.value)};
  }
  friend Rounded operator-(const Rounded& a, const Rounded& b) { return a + (-b); }
  friend Rounded operator*(const Rounded& a, const Rounded& b) {
    return {a.value * b.value,
            std::abs(a.value) * b.bound + std::abs(b.value) * a.bound + std::abs(a.value * b.value)};
  }
  friend Rounded operator/(const Rounded& a, const Rounded& b) {
    const double y = a.value / b.value;
    return {y, (a.bound + std::abs(y) * b.bound) / std::abs(b.value) + std::abs(y)};
  }
  friend bool operator<(const Rounded& a, const Rounded& b) { return a.value < b.value; }

  /// f(a) from its value and its derivative.
  static Rounded function(const Rounded& a, double y, double slope, double ulp = largest_ulp<T>) {
    return {y, std::abs(slope) * a.bound + 2 * ulp * std::abs(y)};
  }
  friend Rounded sin(const Rounded& a) { return function(a, std::sin(a.value), std::cos(a.value)); }
  friend Rounded cos(const Rounded& a) { return function(a, std::cos(a.value), std::sin(a.value)); }
  friend Rounded exp(const Rounded& a) { return function(a, std::exp(a.value), std::exp(a.value)); }
  friend Rounded log10(const Rounded& a) {
    return function(a, std::log10(a.value), 1 / (a.value * std::numbers::ln10));
  }
  friend Rounded log1p(const Rounded& a) { return function(a, std::log1p(a.value), 1 / (1 + a.value)); }
  friend Rounded tanh(const Rounded& a) {
    const double y = std::tanh(a.value);
    return function(a, y, 1 - y * y);
  }
  friend Rounded erf(const Rounded& a) {
    return function(a, std::erf(a.value), 2 * std::numbers::inv_sqrtpi * std::exp(-a.value * a.value),
                    largest_ulp_of_erf<T>);
  }
};

/// y, dx and dp of a layer at a point for the cotangent dy, one behind the other.
template <class L, class B, class T>
std::vector<T> evaluate(const Point& at, const std::vector<double>& dy) {
  const std::size_t rows = at.x.size() / L::Input::size;
  const auto buffer = [](const std::vector<double>& from) {
    Buffer<T> to(from.size() + 1);
    for (std::size_t i = 0; i < from.size(); ++i) {
      to[i] = static_cast<T>(from[i]);
      if constexpr (requires(T t) { t.bound; }) to[i].bound = 0;  // the point is made of floats
    }
    return to;
  };
  Buffer<T> x = buffer(at.x), p = buffer(at.p), cotangent = buffer(dy), y(dy.size()), dx(at.x.size()),
            dp(at.p.size() + 1);
  Buffer<T> memory(L::memory(rows) + L::pullback_memory(rows));
  Arena<T> arena(memory.span());
  using In = typename L::Input;
  using Out = typename L::Output;
  const Parameters<const T, L::parameters> block(p.data(), L::parameters);
  const RowsOf<const T, In> input(x.data(), rows);
  const auto residual = L::template forward<B, T>(input, block, RowsOf<T, Out>(y.data(), rows), arena);
  L::template pullback<B, T>(residual, input, block, RowsOf<const T, Out>(cotangent.data(), rows),
                             RowsOf<T, In>(dx.data(), rows),
                             Parameters<T, L::parameters>(dp.data(), L::parameters), arena);
  std::vector<T> all(y.data(), y.data() + y.size());
  all.insert(all.end(), dx.data(), dx.data() + dx.size());
  all.insert(all.end(), dp.data(), dp.data() + at.p.size());
  return all;
}

/// A random point and cotangent for `rows` rows, floats.
template <class L>
std::pair<Point, std::vector<double>> point_and_cotangent(std::size_t rows, Random& random) {
  std::pair<Point, std::vector<double>> at{point<L>(rows, random),
                                           std::vector<double>(rows * L::Output::size)};
  for (double& value : at.second) value = static_cast<double>(static_cast<float>(random.normal()));
  return at;
}

/// The largest |a - b| over the tolerance of `Rounded` between backend B and `Reference`, over y, dx and dp.
template <class L, class B, class T>
double worst_ratio() {
  Random random(11);
  const double unit = static_cast<double>(std::numeric_limits<T>::epsilon()) / 2;
  double worst = 0;
  for (const std::size_t rows : {1u, 2u, 13u}) {
    const auto [at, dy] = point_and_cotangent<L>(rows, random);
    const auto tolerance = evaluate<L, Reference, Rounded<T>>(at, dy);
    const auto expected = evaluate<L, Reference, T>(at, dy), found = evaluate<L, B, T>(at, dy);
    for (std::size_t i = 0; i < found.size(); ++i) {
      const double difference = std::abs(static_cast<double>(found[i]) - static_cast<double>(expected[i]));
      const double ratio = difference == 0 ? 0 : difference / (2 * unit * tolerance[i].bound);
      worst = std::isnan(ratio) ? HUGE_VAL : std::max(worst, ratio);
    }
  }
  return worst;
}

/// The largest |a - b| between float on backend B and double on `Reference`, over the largest value of the
/// same array (y, dx, dp).
template <class L, class B>
double relative_error() {
  Random random(11);
  double worst = 0;
  for (const std::size_t rows : {1u, 13u}) {
    const auto [at, dy] = point_and_cotangent<L>(rows, random);
    const auto expected = evaluate<L, Reference, double>(at, dy);
    const auto found = evaluate<L, B, float>(at, dy);
    std::size_t i = 0;
    for (const std::size_t count : {dy.size(), at.x.size(), at.p.size()}) {
      double largest = 0, worst_of_array = 0;
      for (const std::size_t end = i + count; i < end; ++i) {
        largest = std::max(largest, std::abs(expected[i]));
        const double error = std::abs(static_cast<double>(found[i]) - expected[i]);
        worst_of_array = std::isnan(error) ? HUGE_VAL : std::max(worst_of_array, error);
      }
      if (worst_of_array > 0) worst = std::max(worst, worst_of_array / largest);
    }
  }
  return worst;
}

}  // namespace properties
