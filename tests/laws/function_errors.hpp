#pragma once
#include <type_traits>

namespace laws {

/// Largest error [ULP] of sin, cos, exp, tanh and log10 on `Cpu` and in the standard library;
/// tests/layers/functions_test.cpp measures it in the ranges that it states.
template <class T>
inline constexpr double largest_ulp = 2;

/// That of erf, which is worse in double (a rational approximation of xsimd 8.1).
template <class T>
inline constexpr double largest_ulp_of_erf = std::is_same_v<T, float> ? 4 : 80;

}  // namespace laws
