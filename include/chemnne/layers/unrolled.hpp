#pragma once
#include <array>
#include <cstddef>

#include <chemnne/backend/arithmetic.hpp>
#include <chemnne/layers/concepts.hpp>

namespace chemnne {

namespace detail {
/// x within +-Bound.
template <int Bound>
struct Held {
  template <class V>
  constexpr V operator()(const V& x) const {
    return Elementary<V>::at_most(Elementary<V>::at_least(x, constant<V>(-Bound)), constant<V>(Bound));
  }
};
/// The cotangent dx where the held x lies between the bounds, else 0.
template <int Bound>
struct WhereFree {
  template <class V>
  constexpr V operator()(const V& dx, const V& x) const {
    const V zero = constant<V>(0);
    return chosen<V>(constant<V>(-Bound) < x, chosen<V>(x < constant<V>(Bound), dx, zero), zero);
  }
};
}  // namespace detail

/// A network of one window applied `Windows` times, the end of each the start of the next: what a roll-out
/// does, as a layer, so that training sees the errors that a host sees after hours. A state that is fed back
/// is held within `bound` standard deviations, as a host's is within its limits: a chain that runs away
/// teaches nothing.
///
/// `Network` maps [state, conditions] to [Frames, Outputs], whose first `Inputs` outputs are the state.
/// Shapes: x [Inputs + Windows Conditions] (the start, then the conditions of each window), y [Windows
/// (Frames - 1) + 1, Outputs]. The parameters are the network's. Pullback: exact, back through all windows; 0
/// through a state at the bound.
template <class Network, std::size_t Windows, std::size_t Inputs>
struct Unrolled : ParametersOf<Network> {
  static constexpr std::size_t frames = detail::TwoExtents<typename Network::Output>::first;
  static constexpr std::size_t outputs = detail::TwoExtents<typename Network::Output>::second;
  static constexpr std::size_t conditions = Network::Input::size - Inputs;
  static_assert(Inputs <= outputs, "Unrolled: the network must predict all of its inputs");
  static constexpr std::size_t all_frames = Windows * (frames - 1) + 1;
  static constexpr int bound = 6;
  using Input = Shape<Inputs + Windows * conditions>;
  using Output = Shape<all_frames, outputs>;
  static constexpr std::size_t parameters = Network::parameters;
  static constexpr std::size_t in = Network::Input::size;

  /// What `pullback` reads of the forward, as views into the arena: see Layer.
  template <class T>
  struct Residual {
    std::array<Rows<T, in>, Windows> x;
    std::array<typename Network::template Residual<T>, Windows> network;
  };
  static constexpr std::size_t memory(std::size_t rows) {
    return Windows * (padded(rows * in) + Network::memory(rows)) + padded(rows * frames * outputs);
  }
  static constexpr std::size_t pullback_memory(std::size_t rows) {
    return padded(rows * in) + padded(rows * Inputs) + padded(rows * frames * outputs) +
           Network::pullback_memory(rows);
  }

  template <class B, class T>
  static constexpr Residual<T> forward(RowsOf<const T, Input> x, Parameters<const T, parameters> p,
                                       RowsOf<T, Output> y, Arena<T>& arena) {
    Residual<T> residual;
    const auto window = arena.template take<typename Network::Output>(x.count());
    for (std::size_t k = 0; k < Windows; ++k) {
      residual.x[k] = arena.template take<Shape<in>>(x.count());
      const auto start = residual.x[k].template columns<Inputs>(0);
      if (k == 0)
        B::map(Unchanged{}, start, x.template columns<Inputs>(0));
      else
        B::map(detail::Held<bound>{}, start, window.step(frames - 1).template columns<Inputs>(0));
      B::map(Unchanged{}, residual.x[k].template columns<conditions>(Inputs), conditions_of(x, k));
      residual.network[k] = Network::template forward<B, T>(residual.x[k], p, window, arena);
      if (k == 0) B::map(Unchanged{}, y.step(0), window.step(0));
      B::map(Unchanged{}, after_start(y, k), after_start(window, 0));
    }
    return residual;
  }

  template <class B, class T>
  static constexpr void pullback(const Residual<T>& residual, RowsOf<const T, Input> x,
                                 Parameters<const T, parameters> p, RowsOf<const T, Output> dy,
                                 RowsOf<T, Input> dx, Parameters<T, parameters> dp, Arena<T> arena) {
    const auto dstart = arena.template take<Shape<in>>(x.count());
    const auto carried = arena.template take<Shape<Inputs>>(x.count());
    const auto dwindow = arena.template take<typename Network::Output>(x.count());
    B::fill(carried, T(0));
    for (std::size_t k = Windows; k-- > 0;) {
      // Frame 0 of a later window is the end of the one before.
      if (k == 0)
        B::map(Unchanged{}, dwindow.step(0), dy.step(0));
      else
        B::fill(dwindow.step(0), T(0));
      B::map(Unchanged{}, after_start(dwindow, 0), after_start(dy, k));
      const auto end = dwindow.step(frames - 1).template columns<Inputs>(0);
      B::map(Add{}, end, end, carried);
      Network::template pullback<B, T>(residual.network[k], residual.x[k], p, dwindow, dstart, dp, arena);
      const auto to_start = dstart.template columns<Inputs>(0);
      if (k == 0)
        B::map(Unchanged{}, carried, to_start);
      else
        B::map(detail::WhereFree<bound>{}, carried, to_start, residual.x[k].template columns<Inputs>(0));
      B::map(Unchanged{}, conditions_of(dx, k), dstart.template columns<conditions>(Inputs));
    }
    B::map(Unchanged{}, dx.template columns<Inputs>(0), carried);
  }

 private:
  template <class T>
  static constexpr Rows<T, conditions> conditions_of(Rows<T, Input::size> x, std::size_t window) {
    return x.template columns<conditions>(Inputs + window * conditions);
  }
  /// The frames of a window but its first one, side by side.
  template <class T, std::size_t Frames>
  static constexpr auto after_start(Rows<T, Frames, outputs> y, std::size_t window) {
    return y.flat().template columns<(frames - 1) * outputs>((window * (frames - 1) + 1) * outputs);
  }
};

}  // namespace chemnne
