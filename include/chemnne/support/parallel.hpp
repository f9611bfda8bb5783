#pragma once
#include <algorithm>
#include <cstddef>

#if defined(_OPENMP)
#include <omp.h>
#endif

namespace chemnne {

/// Threads that `parallel_for` uses unless told: those of OpenMP, or one in a build without OpenMP.
inline std::size_t default_threads() {
#if defined(_OPENMP)
  return static_cast<std::size_t>(omp_get_max_threads());
#else
  return 1;
#endif
}

/// f(i, thread) for i in 0 .. count - 1, over `threads` threads; `thread` < threads says whose memory to use.
/// Without OpenMP, or with one thread, a plain loop. f must not throw.
template <class F>
void parallel_for(std::size_t count, [[maybe_unused]] std::size_t threads, const F& f) {
#if defined(_OPENMP)
  if (threads > 1) {
#pragma omp parallel for schedule(dynamic, 1) num_threads(static_cast <int>(threads))
    for (std::size_t i = 0; i < count; ++i) f(i, static_cast<std::size_t>(omp_get_thread_num()));
    return;
  }
#endif
  for (std::size_t i = 0; i < count; ++i) f(i, std::size_t{0});
}

/// f(first, count, thread) for blocks of at most `largest` that make up `items`, all blocks of about the same
/// size and as many for each thread.
template <class F>
void parallel_for_blocks(std::size_t items, std::size_t largest, std::size_t threads, const F& f) {
  if (items == 0) return;
  const std::size_t rounds = (items + largest * threads - 1) / (largest * threads);
  const std::size_t size = (items + rounds * threads - 1) / (rounds * threads);
  parallel_for((items + size - 1) / size, threads, [&](std::size_t block, std::size_t thread) {
    const std::size_t first = block * size;
    f(first, std::min(size, items - first), thread);
  });
}

}  // namespace chemnne
