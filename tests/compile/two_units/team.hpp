#pragma once
#include <atomic>
#include <chrono>
#include <cstddef>

#include <chemnne/support/parallel.hpp>

/// Whether three items are ever under way at once, that is, on three threads. Waits for it for ten seconds.
inline bool three_at_once() {
  std::atomic<std::size_t> begun = 0;
  std::atomic<bool> met = false;
  chemnne::parallel_for(3, 3, [&](std::size_t, std::size_t) {
    ++begun;
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (begun < 3 && std::chrono::steady_clock::now() < end) {
    }
    if (begun == 3) met = true;
  });
  return met;
}

/// What a translation unit sees: threads it would use, and whether they come.
struct Seen {
  std::size_t threads;
  bool at_once;
};
Seen seen_with_openmp();
Seen seen_without_openmp();
