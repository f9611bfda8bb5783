#pragma once
#include <type_traits>

#include <xsimd/xsimd.hpp>

namespace chemnne::detail {

/// x y + z, rounded once where the instruction set can. xsimd 8.1 has no such function for AVX-512: it leaves
/// the fusion to the compiler, which may do it or not.
template <class T, class A>
[[gnu::always_inline]] inline xsimd::batch<T, A> multiply_add(const xsimd::batch<T, A>& x,
                                                              const xsimd::batch<T, A>& y,
                                                              const xsimd::batch<T, A>& z) {
#if defined(__AVX512F__)
  if constexpr (std::is_base_of_v<xsimd::avx512f, A> && std::is_same_v<T, float>)
    return _mm512_fmadd_ps(x, y, z);
  else if constexpr (std::is_base_of_v<xsimd::avx512f, A> && std::is_same_v<T, double>)
    return _mm512_fmadd_pd(x, y, z);
  else
#endif
    return xsimd::fma(x, y, z);
}

}  // namespace chemnne::detail
