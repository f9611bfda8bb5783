#pragma once
#include <algorithm>
#include <cstddef>

#if defined(_OPENMP)
#include <atomic>

#include <omp.h>
#endif

namespace chemnne {

namespace detail {

/// What a program has of OpenMP.
struct ThreadTeam {
  std::size_t (*default_threads)();
  void (*use_threads)(int threads);
  /// Calls work(context, i, thread) for i in 0 .. count - 1.
  void (*run)(std::size_t count, std::size_t threads,
              void (*work)(const void* context, std::size_t i, std::size_t thread), const void* context);
};

/// The threads of the program: those of OpenMP if any of its translation units is compiled with it, whichever
/// calls. So inline functions are the same in all units, and it does not matter whose the linker keeps.
inline constinit const ThreadTeam* team_of_program = nullptr;

#if defined(_OPENMP)
inline constexpr ThreadTeam openmp_team{
    [] { return static_cast<std::size_t>(omp_get_max_threads()); },
    [](int threads) { omp_set_num_threads(threads); },
    [](std::size_t count, std::size_t threads, void (*work)(const void*, std::size_t, std::size_t),
       const void* context) {
      // Each thread takes the next item. OpenMP's schedule(dynamic) is the same, but clang's takes memory for
      // it in each region.
      std::atomic<std::size_t> next = 0;
#pragma omp parallel num_threads(static_cast <int>(threads))
      for (std::size_t i; (i = next.fetch_add(1, std::memory_order_relaxed)) < count;)
        work(context, i, static_cast<std::size_t>(omp_get_thread_num()));
    }};
inline const bool openmp_is_there = (team_of_program = &openmp_team, true);
#endif

}  // namespace detail

/// Threads that `parallel_for` uses unless told: those of OpenMP, or one in a program without OpenMP.
inline std::size_t default_threads() {
  return detail::team_of_program ? detail::team_of_program->default_threads() : 1;
}

/// Sets `default_threads()`, which stays 1 without OpenMP.
inline void use_threads(int threads) {
  if (detail::team_of_program) detail::team_of_program->use_threads(threads);
}

/// f(i, thread) for i in 0 .. count - 1, over `threads` threads; `thread` < threads says whose memory to use.
/// Without OpenMP, or with one thread, a plain loop. f must not throw.
template <class F>
void parallel_for(std::size_t count, std::size_t threads, const F& f) {
  if (threads > 1 && detail::team_of_program)
    detail::team_of_program->run(
        count, threads,
        [](const void* context, std::size_t i, std::size_t thread) {
          (*static_cast<const F*>(context))(i, thread);
        },
        &f);
  else
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

/// f(i) for i in 0 .. count - 1 over all threads, neighbours on the same one: for many small items of equal
/// cost.
template <class F>
void parallel_for_each(std::size_t count, const F& f) {
  parallel_for_blocks(count, count, default_threads(),
                      [&](std::size_t first, std::size_t items, std::size_t) {
                        for (std::size_t i = first; i < first + items; ++i) f(i);
                      });
}

}  // namespace chemnne
