#pragma once
#include <chemnne/inference/prepared.hpp>
#include <chemnne/model/readout.hpp>

namespace chemnne {

/// The readout of prepared values at the nodes.
template <class Network, class Times, std::size_t Steps, std::size_t Known>
struct Prepared<Readout<Network, Times, Steps, Known>> {
  using L = Readout<Network, Times, Steps, Known>;
  using P = Prepared<Network>;
  using Input = typename L::Input;
  using Output = typename L::Output;
  static constexpr bool fusible = false;
  template <class B, class T>
  static constexpr std::size_t constants = P::template constants<B, T>;
  static constexpr std::size_t memory(std::size_t rows) {
    return P::memory(rows) + padded(rows * L::Nodal::size);
  }
  static constexpr std::size_t memory_watched(std::size_t rows, std::size_t scalars) {
    return P::memory_watched(rows, scalars) + padded(rows * L::Nodal::size);
  }

  template <class B, class T>
  static void prepare(Parameters<const T, L::parameters> p, T* to) {
    P::template prepare<B, T>(p, to);
  }
  template <class B, class T>
  static constexpr void evaluate(RowsOf<const T, Input> x, const T* from, RowsOf<T, Output> y,
                                 Arena<T> arena) {
    const RowsOf<T, typename L::Nodal> nodal = arena.template take<typename L::Nodal>(x.count());
    P::template evaluate<B, T>(x, from, nodal, arena);
    L::template interpolate<B, T>(x, nodal, y);
  }
  template <class B, class T, class Watch>
  static constexpr void evaluate_watched(const Watch& watch, RowsOf<const T, Input> x, const T* from,
                                         RowsOf<T, Output> y, Arena<T> arena) {
    const RowsOf<T, typename L::Nodal> nodal = arena.template take<typename L::Nodal>(x.count());
    P::template evaluate_watched<B, T>(watch, x, from, nodal, arena);
    L::template interpolate<B, T>(x, nodal, y);
  }
};

}  // namespace chemnne
