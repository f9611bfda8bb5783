#pragma once
#include <algorithm>
#include <cstddef>
#include <vector>

#include <chemnne/layers/concepts.hpp>
#include <chemnne/support/parallel.hpp>

namespace chemnne {

/// Evaluates a network on any number of rows in blocks that fit the cache, over threads: memory is taken
/// once, at construction.
///
/// Rows are independent and every block runs the same arithmetic, so the result depends on neither block nor
/// threads.
template <class Network, class Backend, class T>
class BlockRunner {
 public:
  using Input = RowsOf<const T, typename Network::Input>;
  using Output = RowsOf<T, typename Network::Output>;

  explicit BlockRunner(std::size_t block = 8, std::size_t threads = 1) : block_(block) {
    for (std::size_t thread = 0; thread < threads; ++thread) memory_.emplace_back(Network::memory(block));
  }

  std::size_t block() const { return block_; }

  /// y = network(x; p). No allocation, no exception.
  void run(Input x, Parameters<const T, Network::parameters> p, Output y) noexcept {
    const std::size_t blocks = (x.count() + block_ - 1) / block_;
    parallel_for(blocks, memory_.size(), [&](std::size_t b, std::size_t thread) {
      const std::size_t first = b * block_, count = std::min(block_, x.count() - first);
      Arena<T> arena(memory_[thread].span());
      Network::template forward<Backend, T>(x.slice(first, count), p, y.slice(first, count), arena);
    });
  }

 private:
  std::size_t block_;
  std::vector<Buffer<T>> memory_;
};

}  // namespace chemnne
