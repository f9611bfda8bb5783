#pragma once
#include <chemnne/backend/arithmetic.hpp>
#include <chemnne/layers/concepts.hpp>

namespace chemnne {

/// y = x_Step: one step of a sequence. Shapes: x [Steps, Width], y [1, Width]. Pullback: exact (zeros
/// elsewhere).
template <std::size_t Steps, std::size_t Step, std::size_t Width>
struct SelectStep : ParameterFree, MemoryFree {
  static_assert(Step < Steps, "SelectStep: the step lies outside the sequence");
  using Input = Shape<Steps, Width>;
  using Output = Shape<1, Width>;

  template <class B, class T>
  static constexpr NoResidual forward(Rows<const T, Steps, Width> x, Parameters<const T, 0>,
                                      Rows<T, 1, Width> y, Arena<T>&) {
    B::map(Unchanged{}, y.step(0), x.step(Step));
    return {};
  }

  template <class B, class T>
  static constexpr void pullback(NoResidual, Rows<const T, Steps, Width>, Parameters<const T, 0>,
                                 Rows<const T, 1, Width> dy, Rows<T, Steps, Width> dx, Parameters<T, 0>,
                                 Arena<T>) {
    B::fill(dx, T(0));
    B::map(Unchanged{}, dx.step(Step), dy.step(0));
  }
};

static_assert(Layer<SelectStep<3, 2, 4>>);

}  // namespace chemnne
