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

/// Twins of a thread block on the host: the text of the backend `Cuda`, and of all that is made of it, where
/// there is no GPU.
namespace laws {

enum class Order { forwards, backwards, shuffled };

/// A block as one thread that does the work of each phase in an order: what reads in a phase what the phase
/// writes gives other results in another order.
template <Order order>
struct InOrder {
  template <class F>
  static void each(std::size_t n, const F& f) {
    std::vector<std::uint32_t> items(n);
    std::iota(items.begin(), items.end(), 0u);
    if (order == Order::backwards) std::reverse(items.begin(), items.end());
    if (order == Order::shuffled) std::shuffle(items.begin(), items.end(), std::minstd_rand(7));
    for (const std::uint32_t i : items) f(i);
  }
  template <class T>
  static void add(T& sum, T value) {
    sum += value;
  }
};

/// A block as so many threads of the host: the thread sanitizer sees where a barrier lacks. Outside `run` the
/// calling thread is a block of its own.
template <bool with_barriers = true>
class HostThreads {
 public:
  static constexpr std::size_t size = 5;  // divides no width

  /// f() by all threads of a block.
  template <class F>
  static void run(const F& f) {
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
    const std::size_t step = block_ ? size : 1;
    for (std::size_t i = rank_; i < n; i += step) f(static_cast<std::uint32_t>(i));
    if (with_barriers && block_) block_->arrive_and_wait();
  }
  template <class T>
  static void add(T& sum, T value) {
    std::atomic_ref(sum).fetch_add(value);
  }

 private:
  static inline thread_local std::size_t rank_ = 0;
  static inline thread_local std::barrier<>* block_ = nullptr;
};

using chemnne::Cuda;
using Forwards = Cuda<InOrder<Order::forwards>>;
using Backwards = Cuda<InOrder<Order::backwards>>;
using Shuffled = Cuda<InOrder<Order::shuffled>>;
using Threaded = Cuda<HostThreads<>>;

}  // namespace laws
