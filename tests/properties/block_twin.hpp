#pragma once
#include <algorithm>
#include <atomic>
#include <barrier>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <random>
#include <thread>
#include <vector>

#include <chemnne/backend/cuda.hpp>

namespace properties {

/// The twin of a thread block on the host, for the text of the backend `Cuda` and of all that is made of it.
/// Two ways to run it:
///
/// - alone: one thread does the work of each phase in some order. What a phase reads of what it writes gives
/// other
///   results in another order.
/// - by threads of the host, one for each of the block: the thread sanitizer sees where a barrier lacks.
class BlockTwin {
 public:
  enum class Order { forwards, backwards, shuffled };
  static constexpr std::size_t size = 5;  // threads: divides no width

  static inline Order order = Order::forwards;
  static inline bool with_barriers = true;

  /// f() by all threads of a block.
  template <class F>
  static void by_threads(const F& f) {
    std::barrier<> all(size);
    std::vector<std::jthread> threads;
    for (std::size_t mine = 0; mine < size; ++mine)
      threads.emplace_back([&, mine] {
        rank_ = mine;
        block_ = &all;
        f();
      });
  }

  template <class F>
  static void each(std::size_t n, const F& f) {
    if (!block_) return in_order(n, f);
    for (std::size_t i = rank_; i < n; i += size) f(static_cast<std::uint32_t>(i));
    if (with_barriers) block_->arrive_and_wait();
  }
  template <class T>
  static T add(T& sum, T value) {
    return std::atomic_ref(sum).fetch_add(value);
  }

 private:
  template <class F>
  static void in_order(std::size_t n, const F& f) {
    std::vector<std::uint32_t> items(n);
    std::iota(items.begin(), items.end(), 0u);
    if (order == Order::backwards) std::reverse(items.begin(), items.end());
    if (order == Order::shuffled) std::shuffle(items.begin(), items.end(), std::minstd_rand(7));
    for (const std::uint32_t i : items) f(i);
  }

  static inline thread_local std::size_t rank_ = 0;
  static inline thread_local std::barrier<>* block_ = nullptr;
};

using Collective = chemnne::Cuda<BlockTwin>;

}  // namespace properties
