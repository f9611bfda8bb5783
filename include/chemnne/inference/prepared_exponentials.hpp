#pragma once
#include <algorithm>
#include <cstddef>

#include <chemnne/inference/prepared.hpp>
#include <chemnne/layers/exponential_modes.hpp>

namespace chemnne {

/// The coefficients of a tile of outputs are computed and combined before those of the next. All at once they
/// are fourteen numbers an output: beyond some hundred outputs they would fill the cache with a few cells,
/// and each block of cells reads all weights.
template <class Times, std::size_t Nodes, std::size_t Width, std::size_t Outputs, std::size_t Known,
          std::size_t Modes>
struct Prepared<ExponentialModes<Times, Nodes, Width, Outputs, Known, Modes>> {
  using L = ExponentialModes<Times, Nodes, Width, Outputs, Known, Modes>;
  using Rates = Prepared<Affine<Width, Modes>>;
  using Input = typename L::Input;
  using Output = typename L::Output;
  static constexpr bool fusible = false;

 private:
  /// `Count` outputs side by side, all of them known or none. Their head: (c [terms, Count], level [Count]).
  template <std::size_t Count, bool Given>
  struct Tile {
    static constexpr std::size_t count = Count;
    static constexpr bool known = Given;
    static constexpr std::size_t without_level = Given ? Count : 0;
    static constexpr std::size_t coefficients = mode_coefficients(L::terms, Count, without_level);
    using Head = Prepared<Affine<Width, coefficients>>;
  };
  static constexpr std::size_t widest = 64;

  /// f(first output, Tile) for all tiles in order.
  template <class F>
  static constexpr void each_tile(const F& f) {
    tiles<Known, true>(0, f);
    tiles<Outputs - Known, false>(Known, f);
  }
  template <std::size_t Count, bool Given, class F>
  static constexpr void tiles(std::size_t first, const F& f) {
    if constexpr (Count >= widest)
      for (std::size_t i = 0; i < Count / widest; ++i) f(first + i * widest, Tile<widest, Given>{});
    if constexpr (Count % widest > 0) f(first + Count / widest * widest, Tile<Count % widest, Given>{});
  }

 public:
  template <class B, class T>
  static constexpr std::size_t constants = [] {
    std::size_t sum = Rates::template constants<B, T>;
    each_tile([&](std::size_t, auto t) { sum += decltype(t)::Head::template constants<B, T>; });
    return sum;
  }();
  static constexpr std::size_t memory(std::size_t rows) {
    std::size_t head = 0;
    each_tile([&](std::size_t, auto t) { head = std::max(head, decltype(t)::coefficients); });
    return 2 * padded(rows * Modes) + padded(rows * Nodes * L::terms) + padded(rows * head);
  }

  template <class B, class T>
  static void prepare(Parameters<const T, L::parameters> p, T* to) {
    const Rows<const T, L::Head::Output::size> all(p.data(), Width + 1);  // the last row is the bias
    prepare_columns<B, Modes, Rates>(
        to, [&](std::size_t row, T* column) { std::copy_n(all[row] + L::coefficients, Modes, column); });
    to += Rates::template constants<B, T>;
    each_tile([&](std::size_t first, auto t) {
      using Part = decltype(t);
      prepare_columns<B, Part::coefficients, typename Part::Head>(to, [&](std::size_t row, T* column) {
        for (std::size_t m = 0; m < L::terms; ++m)
          column = std::copy_n(all[row] + m * Outputs + first, Part::count, column);
        if constexpr (!Part::known)
          std::copy_n(all[row] + L::terms * Outputs + first - Known, Part::count, column);
      });
      to += Part::Head::template constants<B, T>;
    });
  }

  template <class B, class T>
  static constexpr void evaluate(RowsOf<const T, Input> x, const T* from, RowsOf<T, Output> y,
                                 Arena<T> arena) {
    const auto angle = arena.template take<Shape<Modes>>(x.count());
    const auto rate = arena.template take<Shape<Modes>>(x.count());
    Rates::template evaluate<B, T>(x, from, angle, arena);
    from += Rates::template constants<B, T>;
    const auto basis = arena.template take<Shape<Nodes, L::terms>>(x.count());
    L::template fill_basis<B, T>(angle, rate, basis);
    each_tile([&](std::size_t first, auto t) {
      using Part = decltype(t);
      Arena<T> scratch = arena;
      const auto head = scratch.template take<Shape<Part::coefficients>>(x.count());
      Part::Head::template evaluate<B, T>(x, from, head, scratch);
      B::template mode_product<Part::count, Part::without_level>(
          Rows<const T, Nodes, L::terms>(basis), Rows<const T, Part::coefficients>(head), y, first);
      from += Part::Head::template constants<B, T>;
    });
  }

 private:
  /// Prepares an affine map of `Columns` outputs; fill(row, to) writes a row of (weight; bias).
  template <class B, std::size_t Columns, class P, class T, class Fill>
  static void prepare_columns(T* to, const Fill& fill) {
    Buffer<T> affine((Width + 1) * Columns);
    for (std::size_t row = 0; row <= Width; ++row) fill(row, affine.data() + row * Columns);
    P::template prepare<B, T>(Parameters<const T, (Width + 1) * Columns>(affine.data(), affine.size()), to);
  }
};

}  // namespace chemnne
