#pragma once
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <vector>

#include <chemnne/support/parallel.hpp>

namespace chemnne {

/// Calls work(worker, i) for i in 0 .. count - 1 over so many threads (0: all), each thread with a worker
/// of its own, the std::unique_ptr that make_worker() returns when the thread has its first work.
///
/// Errors: the first exception ends the work and is thrown again when all threads have come to rest.
template <class MakeWorker, class Work>
void share_work(std::size_t count, int threads_or_zero, const MakeWorker& make_worker, const Work& work) {
  const std::size_t threads =
      threads_or_zero > 0 ? static_cast<std::size_t>(threads_or_zero) : default_threads();
  std::vector<decltype(make_worker())> workers(threads);
  std::exception_ptr failure;
  std::mutex mutex;
  std::atomic<bool> failed = false;
  parallel_for(count, threads, [&](std::size_t i, std::size_t thread) {
    if (failed) return;
    try {
      if (!workers[thread]) workers[thread] = make_worker();
      work(*workers[thread], i);
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!failed.exchange(true)) failure = std::current_exception();
    }
  });
  if (failure) std::rethrow_exception(failure);
}

}  // namespace chemnne
