#pragma once
#include <cstdint>
#include <numbers>

#include <chemnne/backend/elementary.hpp>
#include <chemnne/backend/multiply_add.hpp>
#include <chemnne/backend/simd.hpp>

/// @file
/// `Elementary` for SIMD batches of float: fewer instructions than xsimd's functions, with errors that are
/// stated and tested (tests/backend/vector_functions_test.cpp), and nothing but arithmetic lane by lane.
/// xsimd 8.1 reduces the angles of sin and cos by another method for a whole register where one of them is
/// beyond 20 pi or not a number; here a result depends on its own input only.
///
/// One ULP is the distance from |exact result| to the next float above. Coefficients: minimax fits of our own
/// (Lawson's iteration in double precision); the bounds include their rounding to float and the arithmetic,
/// with fused multiply-adds and without. They take the rounding mode to be to nearest.
namespace chemnne::detail {

/// `Elementary::at_least`, in one instruction on x86.
template <class A>
[[gnu::always_inline]] inline xsimd::batch<float, A> at_least(const xsimd::batch<float, A>& x,
                                                              const xsimd::batch<float, A>& least) {
  if constexpr (requires { larger(least, x); })
    return larger(least, x);
  else
    return xsimd::select(x < least, least, x);
}

/// `Elementary::at_most`, likewise.
template <class A>
[[gnu::always_inline]] inline xsimd::batch<float, A> at_most(const xsimd::batch<float, A>& x,
                                                             const xsimd::batch<float, A>& most) {
  if constexpr (requires { smaller(most, x); })
    return smaller(most, x);
  else
    return xsimd::select(most < x, most, x);
}

/// low + z (... + z high) by Horner's rule.
template <class Batch>
[[gnu::always_inline]] inline Batch polynomial(const Batch&, double constant_term) {
  return constant<Batch>(constant_term);
}
template <class Batch, class... More>
[[gnu::always_inline]] inline Batch polynomial(const Batch& z, double low, More... high) {
  return multiply_add(polynomial(z, high...), z, constant<Batch>(low));
}

/// 1.5 2^23: there floats are the integers. Adding it rounds to an integer n, which can be read in the low
/// bits of the sum, and subtracting it again gives n as a float.
inline constexpr double rounder = 12582912;

/// The low `32 - Shift` bits of x, moved to the top.
template <int Shift, class A>
[[gnu::always_inline]] inline xsimd::batch<float, A> low_bits(const xsimd::batch<float, A>& x) {
  return bits_as<float>(bits_as<std::int32_t>(x) << Shift);
}

/// (-1)^n sin(x - turns pi) for a parity n in the lowest bit of `sum`; |x - turns pi| <= pi / 2 up to
/// roundings.
template <class A>
[[gnu::always_inline]] inline xsimd::batch<float, A> sine_of_rest(const xsimd::batch<float, A>& x,
                                                                  const xsimd::batch<float, A>& turns,
                                                                  const xsimd::batch<float, A>& sum) {
  using Batch = xsimd::batch<float, A>;
  // pi in parts such that the first products are exact or not rounded (Cody and Waite, Software Manual for
  // the Elementary Functions, 1980, chapter 8).
  Batch rest;
  if constexpr (fuses<A>) {
    rest = multiply_add(turns, constant<Batch>(-0x1.921fb6p1), x);
    rest = multiply_add(turns, constant<Batch>(0x1.777a5cp-24), rest);  // pi to 3.5e-15
  } else {
    // 12 and 13 bits of pi: exact products with multiples of 1/2 below 1024.
    rest = multiply_add(turns, constant<Batch>(-0x3.244p0), x);
    rest = multiply_add(turns, constant<Batch>(0x9.578p-20), rest);
    rest = multiply_add(turns, constant<Batch>(-0x8.5a308dp-36), rest);  // pi to 3e-18
  }
  // Where x is so large that `turns` is not the nearest number, the result still is the sine of something.
  rest = at_most(at_least(rest, constant<Batch>(-2)), constant<Batch>(2));
  const Batch square = rest * rest;
  const Batch part = polynomial(square, -0x1.55554cp-3, 0x1.110ed2p-7, -0x1.9f6f9p-13, 0x1.5db766p-19);
  return multiply_add(rest * square, part, rest) ^ low_bits<31>(sum);
}

/// What is added to the exponent of a power of two to find 2^(n - 1) in the low bits: half the power, because
/// that is finite wherever the result is.
inline constexpr double power_rounder = rounder + 126;

/// 2^n scale exp(rate rest) for |rate rest| <= ln 2 / 2 and -126 <= n <= 129, with n + `power_rounder` in
/// `sum`; 0 for n = -126. Factors in the coefficients cost nothing.
template <class Batch>
[[gnu::always_inline]] inline Batch power(const Batch& rest, const Batch& sum, double rate, double scale) {
  const double r2 = rate * rate, r3 = r2 * rate, s = 2 * scale;
  const Batch twice =
      polynomial(rest, s, s * rate, s * r2 * 0.49999993, s * r3 * 0.16666521, s * r2 * r2 * 0.04166839,
                 s * r2 * r3 * 0.00836872, s * r3 * r3 * 0.00138146);
  return twice * low_bits<23>(sum);
}

/// scale exp(rate x) for -87.7 < rate x < 89.7.
template <class Batch>
[[gnu::always_inline]] inline Batch exponential(const Batch& x, double rate, double scale) {
  const auto shift = constant<Batch>(power_rounder);
  const Batch sum = multiply_add(x, constant<Batch>(rate * std::numbers::log2e), shift);
  const Batch n = sum - shift;
  // rate x - n ln 2 by Cody and Waite; nine bits of ln 2 make the first product exact.
  Batch rest = multiply_add(n, constant<Batch>(-0x1.63p-1 / rate), x);
  rest = multiply_add(n, constant<Batch>((0x1.63p-1 - std::numbers::ln2) / rate), rest);
  return power(rest, sum, rate, scale);
}

}  // namespace chemnne::detail

namespace chemnne {

// The compiler may reorder sums under -ffast-math, which makes nonsense of the roundings above; xsimd's
// functions stay in use there.
#ifndef __FAST_MATH__

/// Elementary functions of each lane of a SIMD batch; the bounds of their errors stand with each.
template <class A>
struct Elementary<xsimd::batch<float, A>> {
  using V = xsimd::batch<float, A>;

  /// `least` where x < least, else x itself, also one that is not a number.
  static V at_least(const V& x, const V& least) { return detail::at_least(x, least); }

  /// `most` where x > most, else x itself.
  static V at_most(const V& x, const V& most) { return detail::at_most(x, most); }

  /// sin(x) for |x| <= 3000 to 2.5 ULP + 1.2e-15 |x| (2 ULP with fused multiply-adds; the second term counts
  /// next to multiples of pi only). Beyond, less and less exact, but not above 1 by more than an ULP, 1.2e-7.
  /// NaN for what is not finite.
  static V sine(const V& x) {
    const auto shift = constant<V>(detail::rounder);
    const V sum = detail::multiply_add(x, constant<V>(std::numbers::inv_pi), shift);
    return detail::sine_of_rest(x, V(sum - shift), sum);
  }

  /// cos(x), with the bounds of `sine`.
  static V cosine(const V& x) {
    // cos(x) = (-1)^(n + 1) sin(x - (n + 1/2) pi)
    const auto shift = constant<V>(detail::rounder + 1), half = constant<V>(0.5);
    const V sum = detail::multiply_add(x, constant<V>(std::numbers::inv_pi), constant<V>(-0.5)) + shift;
    return detail::sine_of_rest(x, V((sum - shift) + half), sum);
  }

  /// exp(x) to 1.25 ULP for x >= -86.9; below, results are under 2e-38 and become 0 where they would leave
  /// the normal floats. Infinite where exp(x) is above the largest float. NaN stays NaN.
  static V exponential(const V& x) {
    const V bounded = at_most(at_least(x, constant<V>(-87.2)), constant<V>(89));
    return detail::exponential(bounded, 1, 1);
  }

  /// log(1 + exp(x)) to 2.5 ULP for x >= 0, to 3 ULP for -86.9 <= x < 0; below it is
  /// under 2e-38.
  static V softplus(const V& x) {
    // log(1 + e) = 2 artanh(s), s = e / (2 + e) <= 1/3.
    const V e = exponential(-xsimd::abs(x)), s = e / (e + constant<V>(2)), square = s * s;
    const V part = detail::polynomial(square, 2. / 3, 2. / 5, 2. / 7, 2. / 9, 2. / 11, 2. / 13, 2. / 15);
    return at_least(x, constant<V>(0)) + detail::multiply_add(s * square, part, s + s);
  }

  /// Phi(x) to 1e-7. The tail does not cancel: it is exact to 1e-5 of itself for x >= -3, to 3e-3 for x >=
  /// -5.5, and 0 below -10.65.
  static V normal_distribution(const V& x) {
    // 1 - Phi(|x|) = 2^(|x| slope(|x|)) / 2. log2 of the tail is nearly a parabola, so that a polynomial of
    // degree 8 is enough; the product is never rounded. Beyond the fit, |x| <= 5.5, it keeps falling.
    const V size = at_most(xsimd::abs(x), constant<V>(10.6478));
    const V slope = detail::polynomial(size, -1.15110731, -0.459183514, -0.0525877364, 0.00721643772,
                                       -0.000267720461, -0.000127134495, 2.60455108e-05, -1.65471886e-06);
    const auto shift = constant<V>(detail::power_rounder);
    const V sum = detail::multiply_add(size, slope, shift);
    const V rest = detail::multiply_add(size, slope, V(shift - sum));
    const V tail = detail::power(rest, sum, std::numbers::ln2, 0.5);
    return xsimd::select(x < constant<V>(0), tail, V(constant<V>(1) - tail));
  }

  /// exp(-x^2 / 2) / sqrt(2 pi) to 5e-8; 0 for |x| > 13.2.
  static V normal_density(const V& x) {
    const V square = at_most(x * x, constant<V>(175));
    return detail::exponential(square, -0.5, std::numbers::inv_sqrtpi / std::numbers::sqrt2);
  }
};

#endif

}  // namespace chemnne
