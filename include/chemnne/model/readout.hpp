#pragma once
#include <chemnne/backend/arithmetic.hpp>
#include <chemnne/layers/concepts.hpp>
#include <chemnne/tensor/step_matrix.hpp>

namespace chemnne {

/// Values at latent nodes to states at output times: y_s = sum_n M_sn v_n + x0, with a constant matrix M.
///
/// The first `Known` outputs are species whose initial value is among the inputs (columns 0 .. Known - 1 of
/// x): with the exact identity
/// (`Anchored`) v is their change, M vanishes at t = 0 and x0 is added, so that y(0) = x0 by construction.
/// The other outputs, and all of them without the exact identity, are interpolated as they are.
///
/// `Network` maps x [In] to v [Nodes, Outputs]; `Times` gives M: `Times::Matrix<vanishing>`, a constant
/// matrix [Steps, Nodes] (tensor/step_matrix.hpp). Shapes: x [In], y [Steps, Outputs]. Cost: Steps Nodes
/// Outputs multiply-adds a row beside the network. Pullback: exact.
template <class Network, class Times, std::size_t Steps, std::size_t Known>
struct Readout : ParametersOf<Network> {
  using NodalNetwork = Network;
  using Nodal = typename Network::Output;
  static constexpr std::size_t nodes = detail::TwoExtents<Nodal>::first;
  static constexpr std::size_t known = Known;
  static constexpr std::size_t outputs = detail::TwoExtents<Nodal>::second;
  static_assert(Known <= outputs, "Readout: no more outputs can be known than there are");
  static_assert(Known <= Network::Input::size, "Readout: the known outputs must be the first inputs");
  using Input = typename Network::Input;
  using Output = Shape<Steps, outputs>;
  static constexpr std::size_t parameters = Network::parameters;

  /// What `pullback` reads of the forward, as views into the arena: see Layer.
  template <class T>
  struct Residual {
    typename Network::template Residual<T> network;
    RowsOf<T, Nodal> nodal;
  };
  static constexpr std::size_t memory(std::size_t rows) {
    return Network::memory(rows) + padded(rows * Nodal::size);
  }
  static constexpr std::size_t pullback_memory(std::size_t rows) {
    return Network::pullback_memory(rows) + padded(rows * Nodal::size);
  }

  template <class B, class T>
  static constexpr Residual<T> forward(RowsOf<const T, Input> x, Parameters<const T, parameters> p,
                                       RowsOf<T, Output> y, Arena<T>& arena) {
    Residual<T> residual;
    residual.nodal = arena.template take<Nodal>(x.count());
    residual.network = Network::template forward<B, T>(x, p, residual.nodal, arena);
    interpolate<B, T>(x, residual.nodal, y);
    return residual;
  }

  template <class B, class T>
  static constexpr void pullback(const Residual<T>& residual, RowsOf<const T, Input> x,
                                 Parameters<const T, parameters> p, RowsOf<const T, Output> dy,
                                 RowsOf<T, Input> dx, Parameters<T, parameters> dp, Arena<T> arena) {
    const RowsOf<T, Nodal> dnodal = arena.template take<Nodal>(x.count());
    interpolate_pullback<B, T>(dy, dnodal);
    Network::template pullback<B, T>(residual.network, x, p, dnodal, dx, dp, arena);
    if constexpr (Known > 0)
      for (std::size_t step = 0; step < Steps; ++step) {
        const auto start = dx.template columns<Known>(0);
        B::map(Add{}, start, start, dy.step(step).template columns<Known>(0));
      }
  }

  /// y from the nodal values v of the network.
  template <class B, class T>
  static constexpr void interpolate(RowsOf<const T, Input> x, RowsOf<const T, Nodal> nodal,
                                    RowsOf<T, Output> y) {
    if constexpr (Known > 0)
      B::template along_steps_from<Matrix<true>, Known>(x.template columns<Known>(0), nodal, y);
    if constexpr (Known < outputs) B::template along_steps<Matrix<false>, outputs - Known>(nodal, y, Known);
  }

 private:
  template <bool Vanishing>
  using Matrix = typename Times::template Matrix<Vanishing>;

  template <class B, class T>
  static constexpr void interpolate_pullback(RowsOf<const T, Output> dy, RowsOf<T, Nodal> dnodal) {
    if constexpr (Known > 0) B::template along_steps<Transposed<Matrix<true>>, Known>(dy, dnodal);
    if constexpr (Known < outputs)
      B::template along_steps<Transposed<Matrix<false>>, outputs - Known>(dy, dnodal, Known);
  }
};

}  // namespace chemnne
