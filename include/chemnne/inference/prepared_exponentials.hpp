#pragma once
#include <chemnne/inference/prepared.hpp>
#include <chemnne/layers/exponential_modes.hpp>

namespace chemnne {

template <class Times, std::size_t Nodes, std::size_t Width, std::size_t Outputs, std::size_t Known,
          std::size_t Modes>
struct Prepared<ExponentialModes<Times, Nodes, Width, Outputs, Known, Modes>> {
  using L = ExponentialModes<Times, Nodes, Width, Outputs, Known, Modes>;
  using P = Prepared<typename L::Head>;
  using Input = typename L::Input;
  using Output = typename L::Output;
  static constexpr bool fusible = false;
  template <class B, class T>
  static constexpr std::size_t constants = P::template constants<B, T>;
  static constexpr std::size_t memory(std::size_t rows) { return L::memory(rows); }

  template <class B, class T>
  static void prepare(Parameters<const T, L::parameters> p, T* to) {
    P::template prepare<B, T>(p, to);
  }
  template <class B, class T>
  static void evaluate(RowsOf<const T, Input> x, const T* from, RowsOf<T, Output> y, Arena<T> arena) {
    const auto head = arena.template take<typename L::Head::Output>(x.count());
    P::template evaluate<B, T>(x, from, head, arena);
    L::template combine<B, T>(head, arena.template take<Shape<Nodes, L::terms>>(x.count()), y);
  }
};

}  // namespace chemnne
