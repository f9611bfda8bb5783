#pragma once

/// What a host model includes: trained emulators, their layouts and their status. No third-party header but
/// xsimd, and none without it.

#if __cplusplus < 202002L
#error "chemnne needs C++20: g++ 12, clang 14 or later, with -std=c++20"
#endif

#include <chemnne/backend/reference.hpp>
#include <chemnne/host/emulator.hpp>

#if !defined(CHEMNNE_WITHOUT_XSIMD) && __has_include(<xsimd/xsimd.hpp>)
#include <chemnne/backend/simd.hpp>
#ifdef CHEMNNE_SIMD
#include <chemnne/backend/cpu_bf16.hpp>
#endif
#endif

namespace chemnne {

#if defined(CHEMNNE_SIMD) && !defined(CHEMNNE_WITHOUT_XSIMD)
/// SIMD kernels for the instruction set of this translation unit.
using DefaultBackend = Cpu<>;
/// The same with products in bf16, for steps in two thirds of the time: where this unit is compiled for
/// AVX512-BF16 or AMX and the processor gains by it, else in full. Which, and how accurate:
/// docs/guide_host.md.
using Bf16Backend = Cpu<xsimd::default_arch, Bf16>;
#else
/// Plain loops: xsimd is not there, or does not know the processor.
using DefaultBackend = Reference;
/// The same, in full.
using Bf16Backend = Reference;
#endif

}  // namespace chemnne
