#pragma once
#include <cstddef>

#include <chemnne/inference/prepared.hpp>
#include <chemnne/layers/precise.hpp>

namespace chemnne {

/// As L is prepared, on the backend with products in full.
template <class L>
struct Prepared<Precise<L>> {
  using P = Prepared<L>;
  using Input = typename P::Input;
  using Output = typename P::Output;
  static constexpr bool fusible = P::fusible;
  template <class B, class T>
  static constexpr std::size_t constants = P::template constants<PreciseBackend<B>, T>;
  static constexpr std::size_t memory(std::size_t rows) { return P::memory(rows); }
  static constexpr std::size_t memory_watched(std::size_t rows, std::size_t scalars) {
    return P::memory_watched(rows, scalars);
  }

  template <class B, class T>
  static void prepare(Parameters<const T, L::parameters> p, T* to) {
    P::template prepare<PreciseBackend<B>, T>(p, to);
  }
  template <class B, class T>
  static constexpr void evaluate(RowsOf<const T, Input> x, const T* from, RowsOf<T, Output> y,
                                 Arena<T> arena) {
    P::template evaluate<PreciseBackend<B>, T>(x, from, y, arena);
  }
  template <class B, class T, class Watch>
  static constexpr void evaluate_watched(const Watch& watch, RowsOf<const T, Input> x, const T* from,
                                         RowsOf<T, Output> y, Arena<T> arena) {
    P::template evaluate_watched<PreciseBackend<B>, T>(watch, x, from, y, arena);
  }
  template <class B, class T, class F, class... More>
  static constexpr void evaluate_map(const F& f, RowsOf<const T, Input> x, const T* from, RowsOf<T, Output> y,
                                     Arena<T> arena, More... more) {
    P::template evaluate_map<PreciseBackend<B>, T>(f, x, from, y, arena, more...);
  }
};

}  // namespace chemnne
