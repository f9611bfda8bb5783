#pragma once
#include <chemnne/inference/prepared.hpp>
#include <chemnne/layers/time_attention.hpp>

namespace chemnne {

/// The weights of attention are forgotten.
template <std::size_t Steps, std::size_t Width, std::size_t Heads>
struct Prepared<TimeAttention<Steps, Width, Heads>> {
  using L = TimeAttention<Steps, Width, Heads>;
  using Projection = Prepared<typename L::Projection>;
  using Mixing = Prepared<typename L::Mixing>;
  using Input = Shape<Steps, Width>;
  using Output = Input;
  static constexpr bool fusible = true;
  template <class B, class T>
  static constexpr std::size_t constants =
      Projection::template constants<B, T> + Mixing::template constants<B, T>;
  static constexpr std::size_t memory(std::size_t rows) {
    return padded(rows * Steps * 3 * Width) + padded(rows * Steps * Width);
  }

  template <class B, class T>
  static void prepare(Parameters<const T, L::parameters> p, T* to) {
    Projection::template prepare<B, T>(p.template first<L::Projection::parameters>(), to);
    Mixing::template prepare<B, T>(p.template last<L::Mixing::parameters>(),
                                   to + Projection::template constants<B, T>);
  }
  template <class B, class T>
  static constexpr void evaluate(Rows<const T, Steps, Width> x, const T* from, Rows<T, Steps, Width> y,
                                 Arena<T> arena) {
    evaluate_map<B, T>(Unchanged{}, x, from, y, arena);
  }
  template <class B, class T, class F, class... More>
  static constexpr void evaluate_map(const F& f, Rows<const T, Steps, Width> x, const T* from,
                                     Rows<T, Steps, Width> y, Arena<T> arena, More... more) {
    const auto qkv = arena.template take<Shape<Steps, 3 * Width>>(x.count());
    const auto mixed = arena.template take<Shape<Steps, Width>>(x.count());
    Projection::template evaluate<B, T>(x.merge(), from, qkv.merge(), arena);
    B::template attend<Heads>(Rows<const T, Steps, 3 * Width>(qkv), mixed);
    Mixing::template evaluate_map<B, T>(f, mixed.merge(), from + Projection::template constants<B, T>,
                                        y.merge(), arena, more.merge()...);
  }
};

}  // namespace chemnne
