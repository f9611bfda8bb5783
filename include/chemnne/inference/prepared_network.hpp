#pragma once
#include <algorithm>
#include <cstddef>

#include <chemnne/backend/backend.hpp>
#include <chemnne/inference/prepared.hpp>
#include <chemnne/inference/prepared_attention.hpp>
#include <chemnne/inference/prepared_chain.hpp>
#include <chemnne/inference/prepared_embedding.hpp>
#include <chemnne/inference/prepared_exponentials.hpp>
#include <chemnne/inference/prepared_precise.hpp>
#include <chemnne/inference/prepared_production_loss.hpp>
#include <chemnne/inference/prepared_readout.hpp>
#include <chemnne/inference/prepared_spectral.hpp>

namespace chemnne {

/// Cells evaluated together: as many as let the activations of a block lie in half a second-level cache of
/// 1 MiB, a multiple of the 12 rows of a product's tile where there are that many, at most 48. The rest of
/// the cache is for the weights, which every block reads once. Weights of more than 8 MiB (a thousand
/// species) come from so far that reading them less often is worth more than activations that stay.
template <class P, class Backend, class T>
constexpr std::size_t cache_block() {
  constexpr std::size_t most = 48, scalars = 512 * 1024 / sizeof(T);
  constexpr std::size_t weights = P::template constants<Backend, T>;
  if (weights > 16 * scalars) return most;
  std::size_t block = most;
  while (block > 12 && P::memory(block) > scalars) block -= 12;
  while (block > 1 && P::memory(block) > scalars) --block;
  return block;
}

/// A network ready for inference: its prepared constants, and nothing else; threads share it.
template <class Network, class Backend, class T>
class PreparedNetwork {
  static_assert(chemnne::Backend<Backend, T>,
                "PreparedNetwork: the backend lacks a primitive (backend/backend.hpp)");

 public:
  using P = Prepared<Network>;
  using Input = typename Network::Input;
  using Output = typename Network::Output;
  static constexpr std::size_t block = cache_block<P, Backend, T>();

  PreparedNetwork() : constants_(P::template constants<Backend, T>) {}
  explicit PreparedNetwork(Parameters<const T, Network::parameters> p) : PreparedNetwork() { prepare(p); }

  /// Takes the parameters.
  void prepare(Parameters<const T, Network::parameters> p) {
    P::template prepare<Backend, T>(p, constants_.data());
  }

  /// Scalars that `evaluate` needs for so many rows.
  static constexpr std::size_t memory(std::size_t rows) { return P::memory(rows); }

  /// y = network(x). No allocation, no exception.
  void evaluate(RowsOf<const T, Input> x, RowsOf<T, Output> y, Arena<T> arena) const noexcept {
    P::template evaluate<Backend, T>(x, constants_.data(), y, arena);
  }

  /// The same y; watch(v, arena) is shown what leaves the first layer of the chain that the network is: a
  /// ChemNNE's code [encoder_width], without computing it twice, and memory that is free while it runs. `watch`
  /// must not throw.
  template <class Watch>
  void evaluate(RowsOf<const T, Input> x, RowsOf<T, Output> y, Arena<T> arena,
                const Watch& watch) const noexcept {
    P::template evaluate_watched<Backend, T>(watch, x, constants_.data(), y, arena);
  }

 private:
  Buffer<T> constants_;
};

}  // namespace chemnne
