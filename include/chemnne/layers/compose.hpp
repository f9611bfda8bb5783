#pragma once
#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>

#include <chemnne/backend/arithmetic.hpp>
#include <chemnne/layers/concepts.hpp>

/// @file
/// Ways to make a layer of layers, beside `Chain`.
namespace chemnne {

namespace detail {
template <std::size_t Steps, class S>
struct StepsOf;
template <std::size_t Steps, std::size_t... Extents>
struct StepsOf<Steps, Shape<Extents...>> {
  using type = Shape<Steps, Extents...>;
};
}  // namespace detail

/// y_s = f(x_s) for each of `Steps` steps, with the same parameters. Shapes: x [Steps, In...], y [Steps,
/// Out...].
template <std::size_t Steps, class L>
struct EachStep : ParametersOf<L> {
  using Input = typename detail::StepsOf<Steps, typename L::Input>::type;
  using Output = typename detail::StepsOf<Steps, typename L::Output>::type;
  static constexpr std::size_t parameters = L::parameters;
  template <class T>
  using Residual = typename L::template Residual<T>;
  static constexpr std::size_t memory(std::size_t rows) { return L::memory(rows * Steps); }
  static constexpr std::size_t pullback_memory(std::size_t rows) { return L::pullback_memory(rows * Steps); }

  template <class B, class T>
  static constexpr Residual<T> forward(RowsOf<const T, Input> x, Parameters<const T, parameters> p,
                                       RowsOf<T, Output> y, Arena<T>& arena) {
    return L::template forward<B, T>(x.merge(), p, y.merge(), arena);
  }
  template <class B, class T>
  static constexpr void pullback(const Residual<T>& residual, RowsOf<const T, Input> x,
                                 Parameters<const T, parameters> p, RowsOf<const T, Output> dy,
                                 RowsOf<T, Input> dx, Parameters<T, parameters> dp, Arena<T> arena) {
    L::template pullback<B, T>(residual, x.merge(), p, dy.merge(), dx.merge(), dp, arena);
  }
};

/// y = f(x) + g(x): two paths from one input, the parameters of f first. Pullback: dx is the sum of both.
template <class F, class G>
struct Sum {
  static_assert(std::is_same_v<typename F::Input, typename G::Input> &&
                    std::is_same_v<typename F::Output, typename G::Output>,
                "Sum: both paths must have the same input shape and the same output shape");
  using Input = typename F::Input;
  using Output = typename F::Output;
  static constexpr std::size_t parameters = F::parameters + G::parameters;
  /// What `pullback` reads of the forward, as views into the arena: see Layer.
  template <class T>
  struct Residual {
    typename F::template Residual<T> f;
    typename G::template Residual<T> g;
  };
  static constexpr std::size_t memory(std::size_t rows) {
    return F::memory(rows) + G::memory(rows) + padded(rows * Output::size);
  }
  static constexpr std::size_t pullback_memory(std::size_t rows) {
    return padded(rows * Input::size) + std::max(F::pullback_memory(rows), G::pullback_memory(rows));
  }

  template <class B, class T>
  static constexpr Residual<T> forward(RowsOf<const T, Input> x, Parameters<const T, parameters> p,
                                       RowsOf<T, Output> y, Arena<T>& arena) {
    Residual<T> residual;
    residual.f = F::template forward<B, T>(x, p.template first<F::parameters>(), y, arena);
    RowsOf<T, Output> second = arena.template take<Output>(x.count());
    residual.g = G::template forward<B, T>(x, p.template last<G::parameters>(), second, arena);
    B::map(Add{}, y, y, second);
    return residual;
  }
  template <class B, class T>
  static constexpr void pullback(const Residual<T>& residual, RowsOf<const T, Input> x,
                                 Parameters<const T, parameters> p, RowsOf<const T, Output> dy,
                                 RowsOf<T, Input> dx, Parameters<T, parameters> dp, Arena<T> arena) {
    RowsOf<T, Input> second = arena.template take<Input>(x.count());
    F::template pullback<B, T>(residual.f, x, p.template first<F::parameters>(), dy, dx,
                               dp.template first<F::parameters>(), arena);
    G::template pullback<B, T>(residual.g, x, p.template last<G::parameters>(), dy, second,
                               dp.template last<G::parameters>(), arena);
    B::map(Add{}, dx, dx, second);
  }
  template <class T>
  static void initialise(Parameters<T, parameters> p, Random& random) {
    F::initialise(p.template first<F::parameters>(), random);
    G::initialise(p.template last<G::parameters>(), random);
  }
  template <class Visit>
  static void describe(const std::string& name, std::size_t offset, const Visit& visit) {
    F::describe(name + ".first", offset, visit);
    G::describe(name + ".second", offset + F::parameters, visit);
  }
};

/// y = x + f(x). Pullback: exact.
template <class L>
struct Skip : ParametersOf<L> {
  static_assert(std::is_same_v<typename L::Input, typename L::Output>,
                "Skip: input and output shape must be equal");
  using Input = typename L::Input;
  using Output = Input;
  static constexpr std::size_t parameters = L::parameters;
  template <class T>
  using Residual = typename L::template Residual<T>;
  static constexpr std::size_t memory(std::size_t rows) { return L::memory(rows); }
  static constexpr std::size_t pullback_memory(std::size_t rows) { return L::pullback_memory(rows); }

  template <class B, class T>
  static constexpr Residual<T> forward(RowsOf<const T, Input> x, Parameters<const T, parameters> p,
                                       RowsOf<T, Output> y, Arena<T>& arena) {
    const Residual<T> residual = L::template forward<B, T>(x, p, y, arena);
    B::map(Add{}, y, y, x);
    return residual;
  }
  template <class B, class T>
  static constexpr void pullback(const Residual<T>& residual, RowsOf<const T, Input> x,
                                 Parameters<const T, parameters> p, RowsOf<const T, Output> dy,
                                 RowsOf<T, Input> dx, Parameters<T, parameters> dp, Arena<T> arena) {
    L::template pullback<B, T>(residual, x, p, dy, dx, dp, arena);
    B::map(Add{}, dx, dx, dy);
  }
};

/// y = x: what takes the place of a layer that an ablation leaves out.
template <class S>
struct Identity;
/// For rows of these extents.
template <std::size_t... Extents>
struct Identity<Shape<Extents...>> : ParameterFree, MemoryFree {
  using Input = Shape<Extents...>;
  using Output = Input;
  template <class B, class T>
  static constexpr NoResidual forward(Rows<const T, Extents...> x, Parameters<const T, 0>,
                                      Rows<T, Extents...> y, Arena<T>&) {
    B::map(Unchanged{}, y, x);
    return {};
  }
  template <class B, class T>
  static constexpr void pullback(NoResidual, Rows<const T, Extents...>, Parameters<const T, 0>,
                                 Rows<const T, Extents...> dy, Rows<T, Extents...> dx, Parameters<T, 0>,
                                 Arena<T>) {
    B::map(Unchanged{}, dx, dy);
  }
};

/// A string as a template argument.
template <std::size_t N>
struct Name {
  char text[N]{};
  constexpr Name(const char (&t)[N]) { std::copy_n(t, N, text); }  // NOLINT: meant to convert
};

/// A string as a type: nvcc 13 does not find specialisations for a template that has a string as an argument.
template <Name Text>
struct Label {
  static constexpr const char* text = Text.text;
};

/// The layer L under a name of its own in the weights file instead of its place in a chain.
template <class Label, class L>
struct Labelled : L {
  template <class Visit>
  static void describe(const std::string&, std::size_t offset, const Visit& visit) {
    L::describe(Label::text, offset, visit);
  }
};
/// The layer L under the name `Text`.
template <Name Text, class L>
using Named = Labelled<Label<Text>, L>;

/// The layer L, whose parameters are those of `Original` in the same order, with the names that they have
/// there.
template <class Original, class L>
struct DescribedAs : L {
  static_assert(Original::parameters == L::parameters, "DescribedAs: both must have the same parameters");
  template <class Visit>
  static void describe(const std::string& name, std::size_t offset, const Visit& visit) {
    Original::describe(name, offset, visit);
  }
};

}  // namespace chemnne
