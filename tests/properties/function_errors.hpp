#pragma once
#include <type_traits>

namespace properties {

/// Largest error [ULP] of sin, cos, exp, tanh and log10 on `Cpu` and in the standard library;
/// tests/layers/functions_test.cpp measures it in the ranges that it states. In float the sine and the cosine
/// of vector_functions.hpp are the largest, without fused multiply-adds.
template <class T>
inline constexpr double largest_ulp = std::is_same_v<T, float> ? 2.5 : 2;

/// That of erf, which is worse in double (a rational approximation of xsimd 8.1). In float `Cpu` computes Phi
/// without erf, to 1e-7 (1.7 u): the bound of (1 + erf) / 2 is larger, so that it holds for both.
template <class T>
inline constexpr double largest_ulp_of_erf = std::is_same_v<T, float> ? 4 : 80;

}  // namespace properties
