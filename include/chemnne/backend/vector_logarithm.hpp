#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numbers>
#include <type_traits>

#include <chemnne/backend/multiply_add.hpp>
#include <chemnne/backend/simd.hpp>

/// @file
/// Logarithms, and the exponential in double, for SIMD batches: in fewer instructions than xsimd's, which
/// xsimd 8.1 cannot compile for AVX-512 without optimisation, and without undefined conversions of NaN.
/// Nothing but arithmetic lane by lane, to nearest. Errors are tested in
/// tests/backend/vector_logarithm_test.cpp.
namespace chemnne::detail {

/// sum_k z^k / (2 k + 1), k = First .. Last.
template <int First, int Last, class Batch>
[[gnu::always_inline]] inline Batch odd_fractions(const Batch& z) {
  using T = typename Batch::value_type;
  const Batch here(T(1) / T(2 * First + 1));
  if constexpr (First == Last)
    return here;
  else
    return multiply_add(odd_fractions<First + 1, Last>(z), z, here);
}

/// sum_k z^(k - First) / k!, k = First .. Last, `one` = 1 / First!.
template <int First, int Last, class Batch>
[[gnu::always_inline]] inline Batch exponential_series(const Batch& z, double one) {
  const Batch here(static_cast<typename Batch::value_type>(one));
  if constexpr (First == Last)
    return here;
  else
    return multiply_add(exponential_series<First + 1, Last>(z, one / (First + 1)), z, here);
}

/// log(x) to 2.1 ULP for positive x, denormal ones too; -infinity for 0, infinity for infinity, NaN for what
/// is below 0 or NaN.
///
/// x = 2^e m, m from sqrt(1/2) to sqrt(2): log x = e log 2 + 2 artanh(s), s = (m - 1) / (m + 1), |s| < 0.172.
template <class T, class A>
[[gnu::always_inline]] inline xsimd::batch<T, A> logarithm(const xsimd::batch<T, A>& x) {
  using Batch = xsimd::batch<T, A>;
  using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
  using Limits = std::numeric_limits<T>;
  constexpr int mantissa = Limits::digits - 1;
  constexpr T exact = T(Bits{1} << mantissa);  // from here floats are the integers
  constexpr T bias = T(Limits::max_exponent - 1), lift = T(Bits{1} << (mantissa + 1));

  const auto is_small = x < Batch(Limits::min());
  const Batch normal = xsimd::select(is_small, x * Batch(lift), x);
  // The exponent of x sqrt(2) is e for m from sqrt(1/2) to sqrt(2).
  const Batch moved = normal * Batch(std::numbers::sqrt2_v<T>);
  const auto exponent = bits_as<Bits>(moved) >> mantissa;
  const Batch e = (bits_as<T>(exponent) | Batch(exact)) - Batch(exact + bias);
  // The exponent taken out of x itself, which leaves m.
  const auto bias_bits = xsimd::batch<Bits, A>(Bits(Limits::max_exponent - 1) << mantissa);
  const Batch m = bits_as<T>(bits_as<Bits>(normal) - (exponent << mantissa) + bias_bits);

  const Batch s = (m - Batch(T(1))) / (m + Batch(T(1))), square = s * s;
  constexpr int terms = sizeof(T) == 4 ? 5 : 11;
  const Batch twice = s + s;
  const Batch small = multiply_add(twice * square, odd_fractions<1, terms>(square), twice);
  const Batch power = xsimd::select(is_small, e - Batch(T(mantissa + 1)), e);
  // The first part of log 2 has so few bits that its product is exact.
  constexpr T high = sizeof(T) == 4 ? T(0x1.62ep-1) : T(0x1.62e42fefap-1);
  constexpr T low = T(std::numbers::ln2_v<long double> - static_cast<long double>(high));
  const Batch result = multiply_add(power, Batch(high), multiply_add(power, Batch(low), small));

  const Batch infinite(Limits::infinity()), zero(T(0));
  return xsimd::select(zero < x, xsimd::select(x < infinite, result, x),
                       xsimd::select(x == zero, -infinite, Batch(Limits::quiet_NaN())));
}

/// exp(x) to 1 ULP from -708 to 709.4; below, 0 where the result would leave the normal doubles, above,
/// infinite. NaN stays NaN.
template <class A>
[[gnu::always_inline]] inline xsimd::batch<double, A> exponential(const xsimd::batch<double, A>& x) {
  using Batch = xsimd::batch<double, A>;
  constexpr double integers = 0x1.8p52;  // there doubles are the integers
  const Batch least(-709.1), most(710.);
  Batch bounded = xsimd::select(x < least, least, x);
  bounded = xsimd::select(most < bounded, most, bounded);
  // n + 1023 in the low bits.
  const Batch shift(integers + 1023);
  const Batch sum = multiply_add(bounded, Batch(std::numbers::log2e), shift);
  const Batch n = sum - shift;
  // x - n log 2 (Cody and Waite): 33 bits of log 2 make the first product exact.
  Batch rest = multiply_add(n, Batch(-0x1.62e42feep-1), bounded);
  rest = multiply_add(n, Batch(-0x1.a39ef35793c76p-33), rest);
  const Batch series = multiply_add(rest, exponential_series<1, 13>(rest, 1), Batch(1.));
  return series * bits_as<double>(bits_as<std::uint64_t>(sum) << 52);
}

}  // namespace chemnne::detail
