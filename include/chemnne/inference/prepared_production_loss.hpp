#pragma once
#include <algorithm>
#include <cstddef>

#include <chemnne/inference/prepared.hpp>
#include <chemnne/layers/production_loss.hpp>

namespace chemnne {

/// Production and loss of prepared terms; the levels and k = ln 10 deviation lie before the constants of
/// the network.
template <class Network, std::size_t Steps, std::size_t Outputs, std::size_t Known>
struct Prepared<ProductionLoss<Network, Steps, Outputs, Known>> {
  using L = ProductionLoss<Network, Steps, Outputs, Known>;
  using P = Prepared<Network>;
  using Input = typename L::Input;
  using Output = typename L::Output;
  static constexpr bool fusible = false;
  template <class B, class T>
  static constexpr std::size_t constants = 2 * padded(Known) + P::template constants<B, T>;
  static constexpr std::size_t memory(std::size_t rows) {
    return P::memory(rows) + padded(rows * L::Terms::size);
  }
  static constexpr std::size_t memory_watched(std::size_t rows, std::size_t scalars) {
    return P::memory_watched(rows, scalars) + padded(rows * L::Terms::size);
  }

  template <class B, class T>
  static void prepare(Parameters<const T, L::parameters> p, T* to) {
    std::copy_n(p.data() + L::level, Known, to);
    B::map(detail::ToNatural{}, Rows<T, Known>(to + padded(Known), 1),
           Rows<const T, Known>(p.data() + L::deviation, 1));
    P::template prepare<B, T>(p.template first<Network::parameters>(), to + 2 * padded(Known));
  }
  template <class B, class T>
  static constexpr void evaluate(RowsOf<const T, Input> x, const T* from, RowsOf<T, Output> y,
                                 Arena<T> arena) {
    const RowsOf<T, typename L::Terms> terms = arena.template take<typename L::Terms>(x.count());
    P::template evaluate<B, T>(x, from + 2 * padded(Known), terms, arena);
    combine<B, T>(x, terms, from, y);
  }
  template <class B, class T, class Watch>
  static constexpr void evaluate_watched(const Watch& watch, RowsOf<const T, Input> x, const T* from,
                                         RowsOf<T, Output> y, Arena<T> arena) {
    const RowsOf<T, typename L::Terms> terms = arena.template take<typename L::Terms>(x.count());
    P::template evaluate_watched<B, T>(watch, x, from + 2 * padded(Known), terms, arena);
    combine<B, T>(x, terms, from, y);
  }

 private:
  template <class B, class T>
  static constexpr void combine(RowsOf<const T, Input> x, RowsOf<const T, typename L::Terms> terms,
                                const T* from, RowsOf<T, Output> y) {
    L::template combine<B, T>(x, terms, std::span<const T, Known>(from, Known),
                              std::span<const T, Known>(from + padded(Known), Known), y);
  }
};

}  // namespace chemnne
