#pragma once
#include <cstddef>
#include <vector>

#include <chemnne/inference/prepared_network.hpp>
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
  using Prepared = PreparedNetwork<Network, Backend, T>;
  using Input = RowsOf<const T, typename Network::Input>;
  using Output = RowsOf<T, typename Network::Output>;

  explicit BlockRunner(std::size_t threads = 1) {
    for (std::size_t thread = 0; thread < threads; ++thread)
      memory_.emplace_back(Prepared::memory(Prepared::block));
  }

  /// Takes the parameters, before the first `run` and whenever they change.
  void prepare(Parameters<const T, Network::parameters> p) { network_.prepare(p); }

  /// y = network(x). No allocation, no exception.
  void run(Input x, Output y) noexcept {
    parallel_for_blocks(x.count(), Prepared::block, memory_.size(),
                        [&](std::size_t first, std::size_t count, std::size_t thread) {
                          network_.evaluate(x.slice(first, count), y.slice(first, count),
                                            Arena<T>(memory_[thread].span()));
                        });
  }

 private:
  Prepared network_;
  std::vector<Buffer<T>> memory_;
};

}  // namespace chemnne
