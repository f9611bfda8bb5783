#pragma once
#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif
#ifdef __linux__
#include <sys/syscall.h>
#include <unistd.h>
#endif

#include <chemnne/backend/bf16.hpp>

namespace chemnne {

/// What multiplies numbers in bf16: nothing that is worth it, so that products are in full; vdpbf16ps of
/// AVX512-BF16; the tiles of AMX.
enum class Bf16Unit { none, vectors, tiles };

namespace detail {

/// Whether the processor is Intel's.
inline bool processor_of_intel() {
#if defined(__x86_64__) || defined(__i386__)
  unsigned int most = 0, maker[3]{};
  return __get_cpuid(0, &most, &maker[0], &maker[2], &maker[1]) != 0 && maker[0] == 0x756e6547u;  // "Genu"
#else
  return false;
#endif
}

/// Asks the kernel for the tiles, for all threads of the process: it refuses where there are none.
inline bool tiles_granted() {
#if defined(__linux__) && defined(__x86_64__)
  constexpr long request_permission = 0x1023, tile_data = 18;
  return syscall(SYS_arch_prctl, request_permission, tile_data) == 0;
#else
  return false;
#endif
}

}  // namespace detail

/// The unit to use of those that `Products` is compiled for. On Intel's processors vdpbf16ps has half the
/// rate of multiply-adds of floats: not there.
template <class Products>
Bf16Unit bf16_unit(bool (*granted)() = detail::tiles_granted,
                   bool (*of_intel)() = detail::processor_of_intel) {
  if (Products::tiles && granted()) return Bf16Unit::tiles;
  return Products::vectors && !of_intel() ? Bf16Unit::vectors : Bf16Unit::none;
}

}  // namespace chemnne
