#pragma once
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdlib>

#ifdef __SSE__
#include <mm_malloc.h>  // clang's declares posix_memalign without noexcept: before ours, or not at all
#endif

// Every allocation of a process is counted: those of C and of its libraries too. For one unit of a program.
// Sanitizers have an allocator of their own, and nothing is counted.
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define CHEMNNE_SANITIZED
#endif
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define CHEMNNE_SANITIZED
#endif

#if !defined(CHEMNNE_SANITIZED)
#define CHEMNNE_COUNTS_ALLOCATIONS
namespace test {
/// Allocations of the process since it began.
inline std::atomic<long> allocations{0};
}  // namespace test
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void* malloc(std::size_t size) noexcept {
  ++test::allocations;
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) noexcept {
  ++test::allocations;
  return __libc_calloc(count, size);
}
void* realloc(void* old, std::size_t size) noexcept {
  ++test::allocations;
  return __libc_realloc(old, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  ++test::allocations;
  return __libc_memalign(alignment, size);
}
int posix_memalign(void** result, std::size_t alignment, std::size_t size) noexcept {
  ++test::allocations;
  *result = __libc_memalign(alignment, size);
  return *result ? 0 : ENOMEM;
}
}
#endif
