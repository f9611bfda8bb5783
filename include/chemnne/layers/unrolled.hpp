#pragma once
#include <algorithm>
#include <array>
#include <cstddef>

#include <chemnne/layers/concepts.hpp>

namespace chemnne {

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

  template <class T>
  struct Residual {
    std::array<Rows<T, in>, Windows> x;
    std::array<typename Network::template Residual<T>, Windows> network;
  };
  static constexpr std::size_t memory(std::size_t rows) {
    return Windows * (padded(rows * in) + Network::memory(rows)) + padded(rows * frames * outputs);
  }
  static constexpr std::size_t pullback_memory(std::size_t rows) {
    return 2 * padded(rows * in) + padded(rows * frames * outputs) + Network::pullback_memory(rows);
  }

  template <class B, class T>
  static Residual<T> forward(RowsOf<const T, Input> x, Parameters<const T, parameters> p, RowsOf<T, Output> y,
                             Arena<T>& arena) {
    Residual<T> residual;
    const auto window = arena.template take<typename Network::Output>(x.count());
    for (std::size_t k = 0; k < Windows; ++k) {
      residual.x[k] = arena.template take<Shape<in>>(x.count());
      for (std::size_t row = 0; row < x.count(); ++row) {
        const T* const start = k == 0 ? x[row] : window[row] + (frames - 1) * outputs;
        for (std::size_t i = 0; i < Inputs; ++i) residual.x[k][row][i] = k == 0 ? start[i] : held(start[i]);
        std::copy_n(x[row] + Inputs + k * conditions, conditions, residual.x[k][row] + Inputs);
      }
      residual.network[k] = Network::template forward<B, T>(residual.x[k], p, window, arena);
      const std::size_t first = k == 0 ? 0 : 1;
      for (std::size_t row = 0; row < x.count(); ++row)
        std::copy_n(window[row] + first * outputs, (frames - first) * outputs,
                    y[row] + (k * (frames - 1) + first) * outputs);
    }
    return residual;
  }

  template <class B, class T>
  static void pullback(const Residual<T>& residual, RowsOf<const T, Input> x,
                       Parameters<const T, parameters> p, RowsOf<const T, Output> dy, RowsOf<T, Input> dx,
                       Parameters<T, parameters> dp, Arena<T> arena) {
    const auto dstart = arena.template take<Shape<in>>(x.count());
    const auto carried = arena.template take<Shape<in>>(x.count());
    const auto dwindow = arena.template take<typename Network::Output>(x.count());
    carried.fill(T(0));
    for (std::size_t k = Windows; k-- > 0;) {
      for (std::size_t row = 0; row < x.count(); ++row) {
        const std::size_t first = k == 0 ? 0 : 1;  // frame 0 of a later window is the end of the one before
        std::fill_n(dwindow[row], outputs, T(0));
        std::copy_n(dy[row] + (k * (frames - 1) + first) * outputs, (frames - first) * outputs,
                    dwindow[row] + first * outputs);
        for (std::size_t i = 0; i < Inputs; ++i) dwindow[row][(frames - 1) * outputs + i] += carried[row][i];
      }
      Network::template pullback<B, T>(residual.network[k], residual.x[k], p, dwindow, dstart, dp, arena);
      for (std::size_t row = 0; row < x.count(); ++row) {
        for (std::size_t i = 0; i < Inputs; ++i) {
          const T& start = residual.x[k][row][i];
          carried[row][i] = k == 0 || (T(-bound) < start && start < T(bound)) ? dstart[row][i] : T(0);
        }
        std::copy_n(dstart[row] + Inputs, conditions, dx[row] + Inputs + k * conditions);
      }
    }
    for (std::size_t row = 0; row < x.count(); ++row) std::copy_n(carried[row], Inputs, dx[row]);
  }

 private:
  template <class T>
  static T held(const T& value) {
    return value < T(-bound) ? T(-bound) : T(bound) < value ? T(bound) : value;
  }
};

}  // namespace chemnne
