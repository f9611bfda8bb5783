#pragma once
#include <chemnne/backend/along_steps.hpp>
#include <chemnne/layers/concepts.hpp>

namespace chemnne {

/// Values at latent nodes to states at output times: y_s = sum_n M_sn v_n + x0, with a constant matrix M.
///
/// The first `Known` outputs are species whose initial value is among the inputs (columns 0 .. Known - 1 of
/// x): with the exact identity
/// (`Anchored`) v is their change, M vanishes at t = 0 and x0 is added, so that y(0) = x0 by construction.
/// The other outputs, and all of them without the exact identity, are interpolated as they are.
///
/// `Network` maps x [In] to v [Nodes, Outputs]; `Times` gives M: `Times::matrix<T>(vanishing)`, a StepMatrix
/// [Steps, Nodes]. Shapes: x [In], y [Steps, Outputs]. Cost: Steps Nodes Outputs multiply-adds a row beside
/// the network. Pullback: exact.
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
  static Residual<T> forward(RowsOf<const T, Input> x, Parameters<const T, parameters> p, RowsOf<T, Output> y,
                             Arena<T>& arena) {
    Residual<T> residual;
    residual.nodal = arena.template take<Nodal>(x.count());
    residual.network = Network::template forward<B, T>(x, p, residual.nodal, arena);
    interpolate<B, T>(x, residual.nodal, y);
    return residual;
  }

  template <class B, class T>
  static void pullback(const Residual<T>& residual, RowsOf<const T, Input> x,
                       Parameters<const T, parameters> p, RowsOf<const T, Output> dy, RowsOf<T, Input> dx,
                       Parameters<T, parameters> dp, Arena<T> arena) {
    const RowsOf<T, Nodal> dnodal = arena.template take<Nodal>(x.count());
    interpolate_pullback<B, T>(dy, dnodal);
    Network::template pullback<B, T>(residual.network, x, p, dnodal, dx, dp, arena);
    if constexpr (Known > 0)
      for (std::size_t cell = 0; cell < x.count(); ++cell)
        B::sum_rows_accumulate(dy.steps(cell).template columns<Known>(0),
                               std::span<T, Known>(dx[cell], Known));
  }

  /// y from the nodal values v of the network.
  template <class B, class T>
  static void interpolate(RowsOf<const T, Input> x, RowsOf<const T, Nodal> nodal, RowsOf<T, Output> y) {
    if constexpr (Known > 0) {
      static const StepMatrix<T, Steps, nodes> change = Times::template matrix<T>(true);
      for (std::size_t cell = 0; cell < x.count(); ++cell)
        B::affine(change.rows(), nodal.steps(cell).template columns<Known>(0),
                  std::span<const T, Known>(x[cell], Known), y.steps(cell).template columns<Known>(0));
    }
    if constexpr (Known < outputs) {
      static const StepMatrix<T, Steps, nodes> value = Times::template matrix<T>(false);
      along_steps<B, outputs - Known>(value, nodal, y, Known);
    }
  }

 private:
  template <class B, class T>
  static void interpolate_pullback(RowsOf<const T, Output> dy, RowsOf<T, Nodal> dnodal) {
    if constexpr (Known > 0) {
      static const StepMatrix<T, nodes, Steps> change = Times::template matrix<T>(true).transposed();
      along_steps<B, Known>(change, dy, dnodal);
    }
    if constexpr (Known < outputs) {
      static const StepMatrix<T, nodes, Steps> value = Times::template matrix<T>(false).transposed();
      along_steps<B, outputs - Known>(value, dy, dnodal, Known);
    }
  }
};

}  // namespace chemnne
