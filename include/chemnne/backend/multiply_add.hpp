#pragma once
#include <type_traits>

#include <chemnne/backend/simd.hpp>

namespace chemnne::detail {

#ifdef __FMA__
inline __m128 fused_multiply_add(__m128 x, __m128 y, __m128 z) { return _mm_fmadd_ps(x, y, z); }
inline __m128d fused_multiply_add(__m128d x, __m128d y, __m128d z) { return _mm_fmadd_pd(x, y, z); }
inline __m256 fused_multiply_add(__m256 x, __m256 y, __m256 z) { return _mm256_fmadd_ps(x, y, z); }
inline __m256d fused_multiply_add(__m256d x, __m256d y, __m256d z) { return _mm256_fmadd_pd(x, y, z); }
#endif
#ifdef __AVX512F__
inline __m512 fused_multiply_add(__m512 x, __m512 y, __m512 z) { return _mm512_fmadd_ps(x, y, z); }
inline __m512d fused_multiply_add(__m512d x, __m512d y, __m512d z) { return _mm512_fmadd_pd(x, y, z); }
#endif

/// Whether `multiply_add` for A rounds once for certain. What derives from avx2 is a processor of later
/// years: avxvnni has fused multiply-adds, too.
template <class A>
inline constexpr bool fuses = std::is_base_of_v<xsimd::avx512f, A>;
#ifdef __FMA__
template <class A>
requires(std::is_base_of_v<xsimd::avx2, A> &&
         !std::is_same_v<xsimd::avx2, A>) inline constexpr bool fuses<A> = true;
#endif

/// x y + z, rounded once where the instruction set can. Not all versions of xsimd have such a function for
/// AVX-512 and for AVX-VNNI: they leave the fusion to the compiler, which may do it or not.
template <class T, class A>
[[gnu::always_inline]] inline xsimd::batch<T, A> multiply_add(const xsimd::batch<T, A>& x,
                                                              const xsimd::batch<T, A>& y,
                                                              const xsimd::batch<T, A>& z) {
  if constexpr (fuses<A>)
    return fused_multiply_add(x, y, z);
  else
    return xsimd::fma(x, y, z);
}

}  // namespace chemnne::detail
