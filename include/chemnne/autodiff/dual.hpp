#pragma once
#include <cmath>
#include <numbers>
#include <type_traits>

namespace chemnne {

/// a + b eps with eps^2 = 0: runs any forward text and carries the directional derivative J v along (forward
/// mode). Source: Griewank and Walther, Evaluating Derivatives, 2nd ed. (2008), section 3.1.
template <class T>
struct Dual {
  T value{};
  T tangent{};

  constexpr Dual() = default;
  constexpr Dual(T v)
      : value(v) {}  // NOLINT: constants of a forward text convert silently, as they do to double
  constexpr Dual(T v, T t) : value(v), tangent(t) {}
  /// From another scalar, rounded.
  template <class U>
  requires std::is_arithmetic_v<U>
  explicit constexpr Dual(U v) : value(static_cast<T>(v)) {}

  constexpr Dual& operator+=(const Dual& b) { return *this = *this + b; }
  constexpr Dual& operator-=(const Dual& b) { return *this = *this - b; }
  constexpr Dual& operator*=(const Dual& b) { return *this = *this * b; }

  friend constexpr Dual operator-(const Dual& a) { return {-a.value, -a.tangent}; }
  friend constexpr Dual operator+(const Dual& a, const Dual& b) {
    return {a.value + b.value, a.tangent + b.tangent};
  }
  friend constexpr Dual operator-(const Dual& a, const Dual& b) {
    return {a.value - b.value, a.tangent - b.tangent};
  }
  friend constexpr Dual operator*(const Dual& a, const Dual& b) {
    return {a.value * b.value, a.tangent * b.value + a.value * b.tangent};
  }
  friend constexpr Dual operator/(const Dual& a, const Dual& b) {
    return {a.value / b.value, (a.tangent - a.value / b.value * b.tangent) / b.value};
  }
  friend constexpr bool operator<(const Dual& a, const Dual& b) { return a.value < b.value; }

  friend Dual sin(const Dual& a) {
    using std::sin, std::cos;
    return {sin(a.value), cos(a.value) * a.tangent};
  }
  friend Dual cos(const Dual& a) {
    using std::sin, std::cos;
    return {cos(a.value), -sin(a.value) * a.tangent};
  }
  friend Dual exp(const Dual& a) {
    using std::exp;
    const T y = exp(a.value);
    return {y, y * a.tangent};
  }
  friend Dual log10(const Dual& a) {
    return {std::log10(a.value), a.tangent / (a.value * std::numbers::ln10_v<T>)};
  }
  friend Dual log1p(const Dual& a) {
    using std::log1p;
    return {log1p(a.value), a.tangent / (T(1) + a.value)};
  }
  friend Dual sqrt(const Dual& a) { return {std::sqrt(a.value), a.tangent / (2 * std::sqrt(a.value))}; }
  friend Dual tanh(const Dual& a) {
    using std::tanh;
    const T y = tanh(a.value);
    return {y, (T(1) - y * y) * a.tangent};
  }
  friend Dual erf(const Dual& a) {
    return {std::erf(a.value), 2 * std::numbers::inv_sqrtpi_v<T> * std::exp(-a.value * a.value) * a.tangent};
  }
};

}  // namespace chemnne
