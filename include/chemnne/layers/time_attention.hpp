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

  template <class T>
  struct Residual {
    Rows<T, Steps, 3 * Width> qkv;
    Rows<T, Heads * Steps, Steps> attention;
    Rows<T, Steps, Width> mixed;
  };
  static constexpr std::size_t memory(std::size_t rows) {
    return padded(rows * Steps * 3 * Width) + padded(rows * Heads * Steps * Steps) +
           padded(rows * Steps * Width);
  }
  static constexpr std::size_t pullback_memory(std::size_t rows) {
    return padded(rows * Steps * 3 * Width) + padded(Steps * Steps) + padded(rows * Steps * Width);
  }

  template <class B, class T>
  static Residual<T> forward(Rows<const T, Steps, Width> x, Parameters<const T, parameters> p,
                             Rows<T, Steps, Width> y, Arena<T>& arena) {
    const Residual<T> kept{arena.template take<Shape<Steps, 3 * Width>>(x.count()),
                           arena.template take<Shape<Heads * Steps, Steps>>(x.count()),
                           arena.template take<Shape<Steps, Width>>(x.count())};
    Projection::template forward<B, T>(x.merge(), p.template first<Projection::parameters>(),
                                       kept.qkv.merge(), arena);
    for (std::size_t cell = 0; cell < x.count(); ++cell)
      for (std::size_t head = 0; head < Heads; ++head) {
        const Rows<T, Steps> scores = weights(kept, cell, head);
        B::matmul_transposed(part<const T>(kept.qkv, cell, head, 0), part<const T>(kept.qkv, cell, head, 1),
                             scores);
        B::map([](const auto& s) { return s * inverse_root_depth(s); }, scores, Rows<const T, Steps>(scores));
        B::softmax(Rows<const T, Steps>(scores), scores);
        B::matmul(Rows<const T, Steps>(scores), part<const T>(kept.qkv, cell, head, 2),
                  kept.mixed.steps(cell).template columns<depth>(head * depth));
      }
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
    const Rows<T, Steps> dscores = arena.template take<Shape<Steps>>(Steps);
    Mixing::template pullback<B, T>({}, kept.mixed.merge(), p.template last<Mixing::parameters>(), dy.merge(),
                                    dmixed.merge(), dp.template last<Mixing::parameters>(), arena);
    std::fill_n(dqkv.data(), x.count() * dqkv.size, T(0));
    for (std::size_t cell = 0; cell < x.count(); ++cell)
      for (std::size_t head = 0; head < Heads; ++head) {
        const Rows<const T, Steps> attention = weights(kept, cell, head);
        const Rows<const T, depth> dout = dmixed.steps(cell).template columns<depth>(head * depth);
        B::matmul_transposed(dout, part<const T>(kept.qkv, cell, head, 2), dscores);
        B::outer_accumulate(attention, dout, part<T>(dqkv, cell, head, 2));
        B::softmax_pullback(attention, Rows<const T, Steps>(dscores), dscores);
        B::map([](const auto& s) { return s * inverse_root_depth(s); }, dscores,
               Rows<const T, Steps>(dscores));
        B::matmul(Rows<const T, Steps>(dscores), part<const T>(kept.qkv, cell, head, 1),
                  part<T>(dqkv, cell, head, 0));
        B::outer_accumulate(Rows<const T, Steps>(dscores), part<const T>(kept.qkv, cell, head, 0),
                            part<T>(dqkv, cell, head, 1));
      }
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

 private:
  template <class V>
  static V inverse_root_depth(const V&) {
    return constant<V>(1 / std::sqrt(static_cast<double>(depth)));
  }
  /// Head `head` of q (0), k (1) or v (2) of a cell: [Steps][depth].
  template <class U, class T>
  static Rows<U, depth> part(Rows<T, Steps, 3 * Width> qkv, std::size_t cell, std::size_t head,
                             std::size_t which) {
    return qkv.steps(cell).template columns<depth>(which * Width + head * depth);
  }
  template <class T>
  static Rows<T, Steps> weights(const Residual<T>& kept, std::size_t cell, std::size_t head) {
    return kept.attention.steps(cell).slice(head * Steps, Steps);
  }
};

static_assert(Layer<TimeAttention<4, 6, 2>>);

}  // namespace chemnne
