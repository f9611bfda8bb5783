#pragma once
#include <cmath>

#include <chemnne/layers/affine.hpp>
#include <chemnne/layers/functions.hpp>

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

  /// A of a head, transposed as the backends want it: [Steps][Steps padded].
  using Weights = Shape<Heads * Steps, padded(Steps)>;

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
    return padded(rows * Steps * 3 * Width) + Steps * padded(Steps) + padded(rows * Steps * Width);
  }

  template <class B, class T>
  static Residual<T> forward(Rows<const T, Steps, Width> x, Parameters<const T, parameters> p,
                             Rows<T, Steps, Width> y, Arena<T>& arena) {
    const Residual<T> kept{arena.template take<Shape<Steps, 3 * Width>>(x.count()),
                           arena.template take<Weights>(x.count()),
                           arena.template take<Shape<Steps, Width>>(x.count())};
    Projection::template forward<B, T>(x.merge(), p.template first<Projection::parameters>(),
                                       kept.qkv.merge(), arena);
    for (std::size_t cell = 0; cell < x.count(); ++cell)
      for (std::size_t head = 0; head < Heads; ++head)
        attend<B, T>(kept.qkv.steps(cell), head, weights(kept.weights.steps(cell), head),
                     kept.mixed.steps(cell));
    Mixing::template forward<B, T>(kept.mixed.merge(), p.template last<Mixing::parameters>(), y.merge(),
                                   arena);
    return kept;
  }

  template <class B, class T>
  static void pullback(const Residual<T>& kept, Rows<const T, Steps, Width> x,
                       Parameters<const T, parameters> p, Rows<const T, Steps, Width> dy,
                       Rows<T, Steps, Width> dx, Parameters<T, parameters> dp, Arena<T> arena) {
    const Rows<T, Steps, 3 * Width> dqkv = arena.template take<Shape<Steps, 3 * Width>>(x.count());
    const Rows<T, Steps, Width> dmixed = arena.template take<Shape<Steps, Width>>(x.count());
    const auto dscores = arena.template take<Shape<padded(Steps)>>(Steps).template columns<Steps>(0);
    Mixing::template pullback<B, T>({}, kept.mixed.merge(), p.template last<Mixing::parameters>(), dy.merge(),
                                    dmixed.merge(), dp.template last<Mixing::parameters>(), arena);
    for (std::size_t cell = 0; cell < x.count(); ++cell)
      for (std::size_t head = 0; head < Heads; ++head) {
        const Rows<const T, 3 * Width> qkv = kept.qkv.steps(cell);
        const Rows<T, 3 * Width> d = dqkv.steps(cell);
        const Rows<const T, Width> dout = dmixed.steps(cell);
        B::attend_pullback(part(qkv, head, 0), part(qkv, head, 1), part(qkv, head, 2), scale<T>(),
                           Rows<const T, Steps>(weights(kept.weights.steps(cell), head)),
                           dout.template columns<depth>(head * depth), part(d, head, 0), part(d, head, 1),
                           part(d, head, 2), dscores);
      }
    Projection::template pullback<B, T>({}, x.merge(), p.template first<Projection::parameters>(),
                                        dqkv.merge(), dx.merge(), dp.template first<Projection::parameters>(),
                                        arena);
  }

  /// Attention of one head of a cell, without projections. Shapes: qkv [Steps][3 Width], o [Steps][Width], of
  /// which the head's columns are written.
  template <class B, class T>
  static void attend(Rows<const T, 3 * Width> qkv, std::size_t head, Rows<T, Steps> weights,
                     Rows<T, Width> o) {
    B::attend(part(qkv, head, 0), part(qkv, head, 1), part(qkv, head, 2), scale<T>(), weights,
              o.template columns<depth>(head * depth));
  }

  /// The weights of one head of a cell.
  template <class T>
  static Rows<T, Steps> weights(Rows<T, padded(Steps)> of_cell, std::size_t head) {
    return of_cell.slice(head * Steps, Steps).template columns<Steps>(0);
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

 private:
  template <class T>
  static T scale() {
    return constant<T>(1 / std::sqrt(static_cast<double>(depth)));
  }
  /// Head `head` of q (0), k (1) or v (2): [Steps][depth].
  template <class T>
  static Rows<T, depth> part(Rows<T, 3 * Width> qkv, std::size_t head, std::size_t which) {
    return qkv.template columns<depth>(which * Width + head * depth);
  }
};

static_assert(Layer<TimeAttention<4, 6, 2>>);

}  // namespace chemnne
