#pragma once

/// What a host model includes: trained emulators, their layouts and their status. No third-party header but
/// xsimd, and none without it.

#include <chemnne/backend/reference.hpp>
#include <chemnne/host/emulator.hpp>

#if !defined(CHEMNNE_WITHOUT_XSIMD) && __has_include(<xsimd/xsimd.hpp>)
#include <chemnne/backend/cpu.hpp>
#endif

namespace chemnne {

#if !defined(CHEMNNE_WITHOUT_XSIMD) && __has_include(<xsimd/xsimd.hpp>)
/// SIMD kernels for the instruction set of this translation unit.
using DefaultBackend = Cpu<>;
#else
/// Plain loops: xsimd is not there.
using DefaultBackend = Reference;
#endif

}  // namespace chemnne
