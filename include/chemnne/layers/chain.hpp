#pragma once
#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include <chemnne/layers/concepts.hpp>

namespace chemnne {

namespace detail {
/// Offsets of the parameters of each layer within the block of all.
template <class... Layers>
constexpr auto parameter_offsets() {
  std::array<std::size_t, sizeof...(Layers) + 1> offset{};
  std::size_t i = 0;
  ((offset[i + 1] = offset[i] + Layers::parameters, ++i), ...);
  return offset;
}

template <class First, class Second>
constexpr bool joint() {
  static_assert(std::is_same_v<typename First::Output, typename Second::Input>,
                "Chain: the output shape of a layer must be the input shape of the next; put a layer between "
                "them that maps one to the other");
  return true;
}
}  // namespace detail

/// y = f_n(... f_2(f_1(x))): layers one after the other, their parameters in this order.
///
/// Residual: that of each layer and every intermediate. Pullback: exact, as those of the layers.
template <class... Layers>
struct Chain {
  static constexpr std::size_t length = sizeof...(Layers);
  template <std::size_t I>
  using At = std::tuple_element_t<I, std::tuple<Layers...>>;
  using Input = typename At<0>::Input;
  using Output = typename At<length - 1>::Output;
  static constexpr std::array offsets = detail::parameter_offsets<Layers...>();
  static constexpr std::size_t parameters = offsets[length];
  static constexpr std::size_t widest = std::max({Layers::Output::size...});

  /// What `pullback` reads of the forward, as views into the arena: see Layer.
  template <class T>
  struct Residual {
    std::tuple<typename Layers::template Residual<T>...> layer;
    std::tuple<RowsOf<T, typename Layers::Output>...> output;
  };

  static constexpr std::size_t memory(std::size_t rows) {
    return ((Layers::memory(rows) + padded(rows * Layers::Output::size)) + ...) - padded(rows * Output::size);
  }
  static constexpr std::size_t pullback_memory(std::size_t rows) {
    return std::max({Layers::pullback_memory(rows)...}) + 2 * padded(rows * widest);
  }

  template <class B, class T>
  static constexpr Residual<T> forward(RowsOf<const T, Input> x, Parameters<const T, parameters> p,
                                       RowsOf<T, Output> y, Arena<T>& arena) {
    Residual<T> residual;
    each([&]<std::size_t I>() {
      if constexpr (I + 1 == length)
        std::get<I>(residual.output) = y;
      else
        std::get<I>(residual.output) = arena.template take<typename At<I>::Output>(x.count());
      std::get<I>(residual.layer) = At<I>::template forward<B, T>(
          input<I>(x, residual), p.template subspan<offsets[I], At<I>::parameters>(),
          std::get<I>(residual.output), arena);
    });
    return residual;
  }

  template <class B, class T>
  static constexpr void pullback(const Residual<T>& residual, RowsOf<const T, Input> x,
                                 Parameters<const T, parameters> p, RowsOf<const T, Output> dy,
                                 RowsOf<T, Input> dx, Parameters<T, parameters> dp, Arena<T> arena) {
    const std::array cotangent{arena.template take<Shape<widest>>(x.count()).data(),
                               arena.template take<Shape<widest>>(x.count()).data()};
    each([&]<std::size_t Reverse>() {
      constexpr std::size_t I = length - 1 - Reverse;
      using L = At<I>;
      RowsOf<const T, typename L::Output> from(cotangent[I % 2], x.count());
      if constexpr (I + 1 == length) from = dy;
      RowsOf<T, typename L::Input> to(cotangent[(I + 1) % 2], x.count());
      if constexpr (I == 0) to = dx;
      L::template pullback<B, T>(std::get<I>(residual.layer), input<I>(x, residual),
                                 p.template subspan<offsets[I], L::parameters>(), from, to,
                                 dp.template subspan<offsets[I], L::parameters>(), arena);
    });
  }

  template <class T>
  static void initialise(Parameters<T, parameters> p, Random& random) {
    each([&]<std::size_t I>() {
      At<I>::initialise(p.template subspan<offsets[I], At<I>::parameters>(), random);
    });
  }

  template <class Visit>
  static void describe(const std::string& name, std::size_t offset, const Visit& visit) {
    const std::string prefix = name.empty() ? name : name + '.';
    each([&]<std::size_t I>() { At<I>::describe(prefix + std::to_string(I), offset + offsets[I], visit); });
  }

 private:
  static_assert([]<std::size_t... I>(std::index_sequence<I...>) {
    return (detail::joint<At<I>, At<I + 1>>() && ...);
  }(std::make_index_sequence<length - 1>{}));

  template <class F>
  static constexpr void each(const F& f) {
    [&]<std::size_t... I>(std::index_sequence<I...>) { (f.template operator()<I>(), ...); }
    (std::make_index_sequence<length>{});
  }

  template <std::size_t I, class T>
  static constexpr RowsOf<const T, typename At<I>::Input> input(RowsOf<const T, Input> x,
                                                                const Residual<T>& residual) {
    if constexpr (I == 0)
      return x;
    else
      return std::get<I - 1>(residual.output);
  }
};

}  // namespace chemnne
