#pragma once
#include <cstddef>

#include <chemnne/layers/affine.hpp>

namespace chemnne {

/// Multi-head scaled dot-product attention over the time steps of a cell: for each head
/// A = softmax(q k^T / sqrt(Width / Heads)), o = A v, with [q, k, v] = x W + b; then y = o W' + b'.
///
/// Shapes: x and y [Steps, Width]. Cost: 4 Steps Width^2 + 2 Steps^2 Width multiply-adds a cell.
/// Residual: q, k, v, A and o. Pullback: exact. Source: Vaswani et al. 2017, arXiv 1706.03762, section 3.2.
template <std::size_t Steps, std::size_t Width, std::size_t Heads>
struct TimeAttention {
  static_assert(Width % Heads == 0, "TimeAttention: the width must be a multiple of the number of heads");
  static constexpr std::size_t depth = Width / Heads;
  using Projection = Affine<Width, 3 * Width, std::ratio<7, 10>>;
  using Mixing = Affine<Width, Width, std::ratio<1, 2>>;
  using Input = Shape<Steps, Width>;
  using Output = Input;
  static constexpr std::size_t parameters = Projection::parameters + Mixing::parameters;

  using Weights = Shape<Heads * Steps, padded(Steps)>;  ///< AttentionWeights

  /// What `pullback` reads of the forward, as views into the arena: see Layer.
  template <class T>
  struct Residual {
    Rows<T, Steps, 3 * Width> qkv;
    RowsOf<T, Weights> weights;
    Rows<T, Steps, Width> mixed;
  };
  static constexpr std::size_t memory(std::size_t rows) {
    return padded(rows * Steps * 3 * Width) + padded(rows * Weights::size) + padded(rows * Steps * Width);
  }
  static constexpr std::size_t pullback_memory(std::size_t rows) {
    return padded(rows * Steps * 3 * Width) + padded(rows * Steps * Width);
  }

  template <class B, class T>
  static constexpr Residual<T> forward(Rows<const T, Steps, Width> x, Parameters<const T, parameters> p,
                                       Rows<T, Steps, Width> y, Arena<T>& arena) {
    const Residual<T> kept{arena.template take<Shape<Steps, 3 * Width>>(x.count()),
                           arena.template take<Weights>(x.count()),
                           arena.template take<Shape<Steps, Width>>(x.count())};
    Projection::template forward<B, T>(x.merge(), p.template first<Projection::parameters>(),
                                       kept.qkv.merge(), arena);
    B::template attend<Heads>(Rows<const T, Steps, 3 * Width>(kept.qkv), kept.weights, kept.mixed);
    Mixing::template forward<B, T>(kept.mixed.merge(), p.template last<Mixing::parameters>(), y.merge(),
                                   arena);
    return kept;
  }

  template <class B, class T>
  static constexpr void pullback(const Residual<T>& kept, Rows<const T, Steps, Width> x,
                                 Parameters<const T, parameters> p, Rows<const T, Steps, Width> dy,
                                 Rows<T, Steps, Width> dx, Parameters<T, parameters> dp, Arena<T> arena) {
    const Rows<T, Steps, 3 * Width> dqkv = arena.template take<Shape<Steps, 3 * Width>>(x.count());
    const Rows<T, Steps, Width> dmixed = arena.template take<Shape<Steps, Width>>(x.count());
    Mixing::template pullback<B, T>({}, kept.mixed.merge(), p.template last<Mixing::parameters>(), dy.merge(),
                                    dmixed.merge(), dp.template last<Mixing::parameters>(), arena);
    B::template attend_pullback<Heads>(Rows<const T, Steps, 3 * Width>(kept.qkv),
                                       RowsOf<const T, Weights>(kept.weights),
                                       Rows<const T, Steps, Width>(dmixed), dqkv);
    Projection::template pullback<B, T>({}, x.merge(), p.template first<Projection::parameters>(),
                                        dqkv.merge(), dx.merge(), dp.template first<Projection::parameters>(),
                                        arena);
  }

  template <class T>
  static void initialise(Parameters<T, parameters> p, Random& random) {
    Projection::initialise(p.template first<Projection::parameters>(), random);
    Mixing::initialise(p.template last<Mixing::parameters>(), random);
  }
  template <class Visit>
  static void describe(const std::string& name, std::size_t offset, const Visit& visit) {
    Projection::describe(name + ".query_key_value", offset, visit);
    Mixing::describe(name + ".output", offset + Projection::parameters, visit);
  }
};

static_assert(Layer<TimeAttention<4, 6, 2>>);

}  // namespace chemnne
