#pragma once
#include <atomic>
#include <chrono>
#include <cstddef>

#include <chemnne/support/parallel.hpp>

/// Whether another item begins while the first is under way, that is, on another thread. Waits for it for
/// five seconds.
inline bool at_once() {
  std::atomic<std::size_t> begun = 0;
  std::atomic<bool> met = false;
  chemnne::parallel_for(2, 2, [&](std::size_t i, std::size_t) {
    ++begun;
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (i == 0 && begun < 2 && std::chrono::steady_clock::now() < end) {
    }
    if (i == 0) met = begun == 2;
  });
  return met;
}

/// What a translation unit sees: the threads it would use, and whether they come.
struct Seen {
  std::size_t threads;
  bool at_once;
};
Seen seen_with_openmp();
Seen seen_without_openmp();
