#pragma once
#include <cstddef>

#include <chemnne/backend/bf16.hpp>
#include <chemnne/layers/at_step.hpp>
#include <chemnne/layers/concepts.hpp>

namespace chemnne {

/// The layer L with products in full on every backend (`PreciseBackend`), for where bf16 would cost accuracy.
template <class L>
struct Precise : L {
  template <class T>
  using Residual = typename L::template Residual<T>;

  template <class B, class T>
  static constexpr Residual<T> forward(RowsOf<const T, typename L::Input> x,
                                       Parameters<const T, L::parameters> p, RowsOf<T, typename L::Output> y,
                                       Arena<T>& arena) {
    return L::template forward<PreciseBackend<B>, T>(x, p, y, arena);
  }
  template <class B, class T>
  static constexpr void pullback(const Residual<T>& residual, RowsOf<const T, typename L::Input> x,
                                 Parameters<const T, L::parameters> p, RowsOf<const T, typename L::Output> dy,
                                 RowsOf<T, typename L::Input> dx, Parameters<T, L::parameters> dp,
                                 Arena<T> arena) {
    L::template pullback<PreciseBackend<B>, T>(residual, x, p, dy, dx, dp, arena);
  }
};

namespace detail {
template <class L, std::size_t Step>
struct AtStep<Precise<L>, Step> {
  using type = Precise<chemnne::AtStep<L, Step>>;
};
}  // namespace detail

}  // namespace chemnne
