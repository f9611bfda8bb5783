#pragma once
#include <chemnne/layers/concepts.hpp>
#include <chemnne/layers/functions.hpp>

namespace chemnne {

namespace detail {
/// f'(x) dy.
template <class F>
struct TimesDerivative {
  template <class V>
  constexpr V operator()(const V& x, const V& dy) const {
    return F{}.derivative(x) * dy;
  }
};
}  // namespace detail

/// y = f(x), each scalar by itself; f is one of layers/functions.hpp.
///
/// Shapes: x and y [Extents...]. Pullback: dx = f'(x) dy, exact.
template <class F, std::size_t... Extents>
struct Map : ParameterFree, MemoryFree {
  using Input = Shape<Extents...>;
  using Output = Input;

  template <class B, class T>
  static constexpr NoResidual forward(Rows<const T, Extents...> x, Parameters<const T, 0>,
                                      Rows<T, Extents...> y, Arena<T>&) {
    B::map(F{}, y, x);
    return {};
  }

  template <class B, class T>
  static constexpr void pullback(NoResidual, Rows<const T, Extents...> x, Parameters<const T, 0>,
                                 Rows<const T, Extents...> dy, Rows<T, Extents...> dx, Parameters<T, 0>,
                                 Arena<T>) {
    B::map(detail::TimesDerivative<F>{}, dx, x, dy);
  }
};

static_assert(Layer<Map<Sine, 4>>);

}  // namespace chemnne
