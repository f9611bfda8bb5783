#pragma once
#include <algorithm>
#include <array>
#include <utility>

#include <chemnne/inference/prepared.hpp>
#include <chemnne/layers/chain.hpp>

namespace chemnne {

namespace detail {
/// The function of a `Map`, void for other layers.
template <class L>
struct MapFunction {
  using type = void;
};
template <class F, std::size_t... Extents>
struct MapFunction<Map<F, Extents...>> {
  using type = F;
};
}  // namespace detail

/// A map behind a layer that can be fused is done with it; what lies between two layers is forgotten after
/// the second: two buffers are enough.
template <class... Layers>
struct Prepared<Chain<Layers...>> {
  using L = Chain<Layers...>;
  using Input = typename L::Input;
  using Output = typename L::Output;
  static constexpr std::size_t length = L::length;
  template <std::size_t I>
  using At = Prepared<typename L::template At<I>>;
  static constexpr bool fusible = At<length - 1>::fusible;
  template <class B, class T>
  static constexpr std::size_t constants = (Prepared<Layers>::template constants<B, T> + ...);
  static constexpr std::size_t memory(std::size_t rows) {
    return std::max({Prepared<Layers>::memory(rows)...}) + padded(rows * between[0]) +
           padded(rows * between[1]);
  }
  /// The same for `evaluate_watched` with a watch that takes so many scalars a row.
  static constexpr std::size_t memory_watched(std::size_t rows, std::size_t scalars) {
    return std::max(memory(rows),
                    padded(rows * between[0]) + padded(rows * between[1]) + padded(rows * scalars));
  }

  template <class B, class T>
  static void prepare(Parameters<const T, L::parameters> p, T* to) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (At<I>::template prepare<B, T>(p.template subspan<L::offsets[I], L::template At<I>::parameters>(),
                                     to + offset<I, B, T>()),
       ...);
    }
    (std::make_index_sequence<length>{});
  }

  template <class B, class T>
  static constexpr void evaluate(RowsOf<const T, Input> x, const T* from, RowsOf<T, Output> y,
                                 Arena<T> arena) {
    evaluate_watched<B, T>([](const auto&, Arena<T>) {}, x, from, y, arena);
  }
  /// As `evaluate`; watch(v, arena) is called with what leaves the first layer (and a map that is fused with
  /// it) as soon as it is there, before it is overwritten, and with memory that is free while it runs.
  template <class B, class T, class Watch>
  static constexpr void evaluate_watched(const Watch& watch, RowsOf<const T, Input> x, const T* from,
                                         RowsOf<T, Output> y, Arena<T> arena) {
    run<B>(
        x, from, y, arena,
        [&](const auto& last_x, const T* last_from, Arena<T> scratch) {
          At<length - 1>::template evaluate<B, T>(last_x, last_from, y, scratch);
        },
        watch);
  }
  template <class B, class T, class F, class... More>
  static constexpr void evaluate_map(const F& f, RowsOf<const T, Input> x, const T* from, RowsOf<T, Output> y,
                                     Arena<T> arena, More... more) {
    run<B>(
        x, from, y, arena,
        [&](const auto& last_x, const T* last_from, Arena<T> scratch) {
          At<length - 1>::template evaluate_map<B, T>(f, last_x, last_from, y, scratch, more...);
        },
        [](const auto&, Arena<T>) {});
  }

 private:
  template <std::size_t I>
  using Function = typename detail::MapFunction<typename L::template At<I>>::type;

  /// Whether layer I and the map behind it are one pass.
  template <std::size_t I>
  static constexpr bool fused() {
    if constexpr (I + 1 < length)
      return At<I>::fusible && !std::is_void_v<Function<I + 1>>;
    else
      return false;
  }

  /// The widest value between two passes in each of the buffers, which take turns.
  static constexpr std::array<std::size_t, 2> between = []<std::size_t... I>(std::index_sequence<I...>) {
    constexpr std::array<bool, length> is_fused{fused<I>()...};
    constexpr std::array<std::size_t, length> size{At<I>::Output::size...};
    std::array<std::size_t, 2> widest{};
    for (std::size_t i = 0, pass = 0;; ++pass) {
      i += is_fused[i] ? 2u : 1u;
      if (i >= length) return widest;
      widest[pass % 2] = std::max(widest[pass % 2], size[i - 1]);
    }
  }
  (std::make_index_sequence<length>{});

  template <std::size_t I, class B, class T>
  static constexpr std::size_t offset() {
    return []<std::size_t... J>(std::index_sequence<J...>) {
      return (std::size_t{0} + ... + At<J>::template constants<B, T>);
    }
    (std::make_index_sequence<I>{});
  }

  template <class B, class T, class Last, class Watch>
  static constexpr void run(RowsOf<const T, Input> x, const T* from, RowsOf<T, Output> y, Arena<T> arena,
                            const Last& last, const Watch& watch) {
    const auto take = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) -> T* {
      if constexpr (between[I] > 0) return arena.template take<Shape<between[I]>>(x.count()).data();
      return nullptr;
    };
    T* const first = take(std::integral_constant<std::size_t, 0>{});
    T* const second = take(std::integral_constant<std::size_t, 1>{});
    pass<0, B, T>(x, from, y, first, second, arena, last, watch);
  }

  template <std::size_t I, class B, class T, class Last, class Watch>
  static constexpr void pass(RowsOf<const T, typename At<I>::Input> x, const T* from, RowsOf<T, Output> y,
                             T* to, T* other, Arena<T> arena, const Last& last, const Watch& watch) {
    const T* const mine = from + offset<I, B, T>();
    if constexpr (I + 1 == length) {
      last(x, mine, arena);
    } else if constexpr (fused<I>() && I + 2 == length) {
      At<I>::template evaluate_map<B, T>(Function<I + 1>{}, x, mine, y, arena);
    } else {
      const RowsOf<T, typename At<I>::Output> value(to, x.count());
      if constexpr (fused<I>())
        At<I>::template evaluate_map<B, T>(Function<I + 1>{}, x, mine, value, arena);
      else
        At<I>::template evaluate<B, T>(x, mine, value, arena);
      if constexpr (I == 0) watch(RowsOf<const T, typename At<I>::Output>(value), arena);
      pass<fused<I>() ? I + 2 : I + 1, B, T>(value, from, y, other, to, arena, last, watch);
    }
  }
};

}  // namespace chemnne
