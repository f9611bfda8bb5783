#pragma once
#include <numbers>

/// @file
/// Functions of a double in constant expressions, for tables that are a part of a type: those of `<cmath>`
/// are constant expressions to some compilers only. To four ulp (tests/support/constant_math_test.cpp). They
/// are series, for finite arguments of moderate size, and not for the hot path.
namespace chemnne::constant_math {

namespace detail {

/// sum_k term_k with term_0 = first and term_k = term_(k-1) ratio(k), until nothing is added.
template <class Ratio>
constexpr double series(double first, const Ratio& ratio) {
  double sum = first, term = first;
  for (int k = 1; k < 200; ++k) {
    term *= ratio(static_cast<double>(k));
    if (sum + term == sum) break;
    sum += term;
  }
  return sum;
}

/// The whole number that is nearest.
constexpr int nearest(double x) { return static_cast<int>(x < 0 ? x - 0.5 : x + 0.5); }

/// 2^n.
constexpr double power_of_two(int n) {
  double value = 1;
  for (int i = 0; i < (n < 0 ? -n : n); ++i) value *= n < 0 ? 0.5 : 2.0;
  return value;
}

/// sin(x + quarters pi / 2) for |x| <= pi / 4.
constexpr double sine_of_rest(double x, int quarters) {
  const double square = x * x;
  const int quarter = ((quarters % 4) + 4) % 4;
  const double value = quarter % 2 == 0
                           ? series(x, [square](double k) { return -square / (2 * k * (2 * k + 1)); })
                           : series(1, [square](double k) { return -square / ((2 * k - 1) * 2 * k); });
  return quarter < 2 ? value : -value;
}

/// sin(x + quarters pi / 2).
constexpr double sine(double x, int quarters) {
  const int turned = nearest(x / (std::numbers::pi / 2));
  return sine_of_rest(x - turned * (std::numbers::pi / 2), quarters + turned);
}

/// log(1 + x) = 2 artanh(x / (2 + x)) for x near 0.
constexpr double log1p_series(double x) {
  const double z = x / (2 + x), square = z * z;
  return series(2 * z, [square](double k) { return square * (2 * k - 1) / (2 * k + 1); });
}

}  // namespace detail

/// sin(x).
constexpr double sin(double x) { return detail::sine(x, 0); }

/// cos(x).
constexpr double cos(double x) { return detail::sine(x, 1); }

/// exp(x) - 1.
constexpr double expm1(double x) {
  const int twos = detail::nearest(x / std::numbers::ln2);
  const double rest = x - twos * std::numbers::ln2, scale = detail::power_of_two(twos);
  return scale * detail::series(rest, [rest](double k) { return rest / (k + 1); }) + (scale - 1);
}

/// exp(x).
constexpr double exp(double x) { return 1 + expm1(x); }

/// log(1 + x), x > -1.
constexpr double log1p(double x) {
  if (x > -0.25 && x < 0.5) return detail::log1p_series(x);
  double rest = 1 + x;
  int twos = 0;
  for (; rest > 1.5; ++twos) rest /= 2;
  for (; rest < 0.75; --twos) rest *= 2;
  return twos * std::numbers::ln2 + detail::log1p_series(rest - 1);
}

/// log(x), x > 0.
constexpr double log(double x) { return log1p(x - 1); }

/// The square root of x > 0, by Newton's method.
constexpr double sqrt(double x) {
  double root = x > 1 ? x : 1;
  for (double next = (root + x / root) / 2; next < root; next = (root + x / root) / 2) root = next;
  return root;
}

}  // namespace chemnne::constant_math
