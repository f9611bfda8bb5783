#pragma once
#include <xsimd/xsimd.hpp>

/// xsimd, and what differs between its versions from 8.1 on.
///
/// Where it knows the processor CHEMNNE_SIMD is defined; else its header has no more than macros, and there
/// is no backend `Cpu`.
#if !defined(XSIMD_VERSION_MAJOR) || XSIMD_VERSION_MAJOR * 100 + XSIMD_VERSION_MINOR < 801
#error "chemnne needs xsimd 8.1 or later, or none (CHEMNNE_WITHOUT_XSIMD)"
#elif !defined(XSIMD_NO_SUPPORTED_ARCHITECTURE)
#define CHEMNNE_SIMD

namespace chemnne::detail {

/// The bits of a batch as one of T, a scalar of the same size. From 11 on xsimd's function names the scalar,
/// before it the batch.
template <class T, class From, class A>
[[gnu::always_inline]] inline xsimd::batch<T, A> bits_as(const xsimd::batch<From, A>& x) {
#if XSIMD_VERSION_MAJOR >= 11
  return xsimd::bitwise_cast<T>(x);
#else
  return xsimd::bitwise_cast<xsimd::batch<T, A> >(x);
#endif
}

/// larger(a, b) is b unless a > b, smaller(a, b) is b unless a < b, also where one is not a number: what the
/// instructions of x86 do, where they are. xsimd's max and min swap the operands from 14 on.
#ifdef __SSE2__
inline __m128 larger(__m128 a, __m128 b) { return _mm_max_ps(a, b); }
inline __m128 smaller(__m128 a, __m128 b) { return _mm_min_ps(a, b); }
#endif
#ifdef __AVX__
inline __m256 larger(__m256 a, __m256 b) { return _mm256_max_ps(a, b); }
inline __m256 smaller(__m256 a, __m256 b) { return _mm256_min_ps(a, b); }
#endif
#ifdef __AVX512F__
inline __m512 larger(__m512 a, __m512 b) { return _mm512_max_ps(a, b); }
inline __m512 smaller(__m512 a, __m512 b) { return _mm512_min_ps(a, b); }
#endif

}  // namespace chemnne::detail

#endif
