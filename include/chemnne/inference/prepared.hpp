#pragma once
#include <algorithm>
#include <cstddef>

#include <chemnne/backend/arithmetic.hpp>
#include <chemnne/layers/affine.hpp>
#include <chemnne/layers/compose.hpp>
#include <chemnne/layers/concepts.hpp>
#include <chemnne/layers/map.hpp>
#include <chemnne/tensor/packed.hpp>

namespace chemnne {

/// Layers rewritten for inference: `Prepared<L>` gives the numbers of L::forward, to rounding, from constants
/// that are made once from the parameters. Weights are packed in the order that the backend's product reads,
/// what does not depend on the row is computed once, what follows a product elementwise is done while it lies
/// in registers, nothing is kept for a pullback, and only what an output needs is computed.
///
///     Input, Output                        as of L
///     constants<B, T>                      scalars of the constants
///     prepare<B>(p, constants)             makes them; may allocate and throw
///     memory(rows)                         scalars that evaluate takes from the arena, free again on return
///     evaluate<B>(x, constants, y, arena)  y = L(x); x and y must not overlap
///     evaluate_watched<B>(watch, x, ...)   of a chain and what is around one: the same, and watch(v, arena)
///                                          sees what leaves the first layer
///     memory_watched(rows, scalars)        what that takes where the watch takes so many scalars a row
///     fusible                              whether there is also
///     evaluate_map<B>(f, x, constants, y, arena, more...)   y_i = f(L(x)_i, more_i...); `more` may be y
///
/// The parameters of L and the prepared constants hold the same numbers: a layer that is not specialised
/// here, a user's own among them, is evaluated by its forward.
template <class L>
struct Prepared {
  using Input = typename L::Input;
  using Output = typename L::Output;
  static constexpr bool fusible = false;
  template <class B, class T>
  static constexpr std::size_t constants = padded(L::parameters);
  static constexpr std::size_t memory(std::size_t rows) { return L::memory(rows); }

  template <class B, class T>
  static void prepare(Parameters<const T, L::parameters> p, T* to) {
    if constexpr (requires { L::template set_up<T>(); }) L::template set_up<T>();
    std::copy(p.begin(), p.end(), to);
  }
  template <class B, class T>
  static constexpr void evaluate(RowsOf<const T, Input> x, const T* from, RowsOf<T, Output> y,
                                 Arena<T> arena) {
    L::template forward<B, T>(x, Parameters<const T, L::parameters>(from, L::parameters), y, arena);
  }
};

template <class Label, class L>
struct Prepared<Labelled<Label, L>> : Prepared<L> {};
template <class Original, class L>
struct Prepared<DescribedAs<Original, L>> : Prepared<L> {};

/// An affine map with packed weights; `evaluate_map` applies f while a result is in registers.
template <std::size_t In, std::size_t Out, class Gain>
struct Prepared<Affine<In, Out, Gain>> {
  using L = Affine<In, Out, Gain>;
  using Input = Shape<In>;
  using Output = Shape<Out>;
  static constexpr bool fusible = true;
  template <class B, class T>
  static constexpr std::size_t constants = padded(B::template packed_size<T, In, Out>);
  static constexpr std::size_t memory(std::size_t) { return 0; }

  template <class B, class T>
  static void prepare(Parameters<const T, L::parameters> p, T* to) {
    B::pack(Rows<const T, Out>(p.data(), In), p.template last<Out>(), Packed<T, In, Out>{to});
  }
  template <class B, class T>
  static constexpr void evaluate(Rows<const T, In> x, const T* from, Rows<T, Out> y, Arena<T> arena) {
    evaluate_map<B, T>(Unchanged{}, x, from, y, arena);
  }
  template <class B, class T, class F, class... More>
  static constexpr void evaluate_map(const F& f, Rows<const T, In> x, const T* from, Rows<T, Out> y, Arena<T>,
                                     More... more) {
    B::affine_map(f, x, Packed<const T, In, Out>{from}, y, more...);
  }
};

/// The prepared layer at each step.
template <std::size_t Steps, class L>
struct Prepared<EachStep<Steps, L>> {
  using P = Prepared<L>;
  using Input = typename EachStep<Steps, L>::Input;
  using Output = typename EachStep<Steps, L>::Output;
  static constexpr bool fusible = P::fusible;
  template <class B, class T>
  static constexpr std::size_t constants = P::template constants<B, T>;
  static constexpr std::size_t memory(std::size_t rows) { return P::memory(rows * Steps); }

  template <class B, class T>
  static void prepare(Parameters<const T, L::parameters> p, T* to) {
    P::template prepare<B, T>(p, to);
  }
  template <class B, class T>
  static constexpr void evaluate(RowsOf<const T, Input> x, const T* from, RowsOf<T, Output> y,
                                 Arena<T> arena) {
    P::template evaluate<B, T>(x.merge(), from, y.merge(), arena);
  }
  template <class B, class T, class F, class... More>
  static constexpr void evaluate_map(const F& f, RowsOf<const T, Input> x, const T* from, RowsOf<T, Output> y,
                                     Arena<T> arena, More... more) {
    P::template evaluate_map<B, T>(f, x.merge(), from, y.merge(), arena, more.merge()...);
  }
};

namespace detail {
/// f(v + second, more...).
template <class F>
struct AfterAdd {
  F f;
  template <class V, class... More>
  constexpr V operator()(const V& v, const V& second, const More&... more) const {
    return f(v + second, more...);
  }
};
}  // namespace detail

/// x + f(x) with f prepared, the sum by its `evaluate_map` where it has one.
template <class L>
struct Prepared<Skip<L>> {
  using P = Prepared<L>;
  using Input = typename L::Input;
  using Output = Input;
  static constexpr bool fusible = P::fusible;
  template <class B, class T>
  static constexpr std::size_t constants = P::template constants<B, T>;
  static constexpr std::size_t memory(std::size_t rows) { return P::memory(rows); }

  template <class B, class T>
  static void prepare(Parameters<const T, L::parameters> p, T* to) {
    P::template prepare<B, T>(p, to);
  }
  template <class B, class T>
  static constexpr void evaluate(RowsOf<const T, Input> x, const T* from, RowsOf<T, Output> y,
                                 Arena<T> arena) {
    if constexpr (fusible) {
      evaluate_map<B, T>(Unchanged{}, x, from, y, arena);
    } else {
      P::template evaluate<B, T>(x, from, y, arena);
      B::map(Add{}, y, y, x);
    }
  }
  template <class B, class T, class F, class... More>
  static constexpr void evaluate_map(const F& f, RowsOf<const T, Input> x, const T* from, RowsOf<T, Output> y,
                                     Arena<T> arena, More... more) {
    P::template evaluate_map<B, T>(detail::AfterAdd<F>{f}, x, from, y, arena, x, more...);
  }
};

/// The path that can be fused comes second, whichever it is.
template <class F, class G>
struct Prepared<Sum<F, G>> {
  using Input = typename F::Input;
  using Output = typename F::Output;
  static constexpr bool second_last = Prepared<G>::fusible || !Prepared<F>::fusible;
  static constexpr bool fusible = Prepared<F>::fusible || Prepared<G>::fusible;
  template <class B, class T>
  static constexpr std::size_t constants =
      Prepared<F>::template constants<B, T> + Prepared<G>::template constants<B, T>;
  static constexpr std::size_t memory(std::size_t rows) {
    return std::max(Prepared<F>::memory(rows), Prepared<G>::memory(rows)) + padded(rows * Output::size);
  }

  template <class B, class T>
  static void prepare(Parameters<const T, Sum<F, G>::parameters> p, T* to) {
    Prepared<F>::template prepare<B, T>(p.template first<F::parameters>(), to);
    Prepared<G>::template prepare<B, T>(p.template last<G::parameters>(),
                                        to + Prepared<F>::template constants<B, T>);
  }
  template <class B, class T>
  static constexpr void evaluate(RowsOf<const T, Input> x, const T* from, RowsOf<T, Output> y,
                                 Arena<T> arena) {
    if constexpr (fusible) {
      evaluate_map<B, T>(Unchanged{}, x, from, y, arena);
    } else {
      const RowsOf<T, Output> second = arena.template take<Output>(x.count());
      Prepared<F>::template evaluate<B, T>(x, from, y, arena);
      Prepared<G>::template evaluate<B, T>(x, from + Prepared<F>::template constants<B, T>, second, arena);
      B::map(Add{}, y, y, second);
    }
  }
  /// The first path goes through y, or through memory of its own where there are operands: one may be y.
  template <class B, class T, class H, class... More>
  static constexpr void evaluate_map(const H& h, RowsOf<const T, Input> x, const T* from, RowsOf<T, Output> y,
                                     Arena<T> arena, More... more) {
    RowsOf<T, Output> first = y;
    if constexpr (sizeof...(More) > 0) first = arena.template take<Output>(x.count());
    const T* const g_from = from + Prepared<F>::template constants<B, T>;
    const detail::AfterAdd<H> then{h};
    if constexpr (second_last) {
      Prepared<F>::template evaluate<B, T>(x, from, first, arena);
      Prepared<G>::template evaluate_map<B, T>(then, x, g_from, y, arena, RowsOf<const T, Output>(first),
                                               more...);
    } else {
      Prepared<G>::template evaluate<B, T>(x, g_from, first, arena);
      Prepared<F>::template evaluate_map<B, T>(then, x, from, y, arena, RowsOf<const T, Output>(first),
                                               more...);
    }
  }
};

}  // namespace chemnne
