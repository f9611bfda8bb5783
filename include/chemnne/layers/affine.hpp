#pragma once
#include <array>
#include <cmath>
#include <cstddef>
#include <ratio>

#include <chemnne/layers/concepts.hpp>

namespace chemnne {

/// y = x W + b.
///
/// Shapes: x [In], W [In, Out], b [Out], y [Out]. Cost: In Out multiply-adds a row, twice that in the
/// pullback. Pullback: exact. Start: b = 0, W uniform in +-Gain sqrt(6 / In), so that sine, GELU and SiLU
/// layers keep the variance of their input (He et al. 2015, arXiv 1502.01852; Sitzmann et al. 2020, arXiv
/// 2006.09661, theorem 1.8).
template <std::size_t In, std::size_t Out, class Gain = std::ratio<1>>
struct Affine : MemoryFree {
  using Input = Shape<In>;
  using Output = Shape<Out>;
  static constexpr std::size_t parameters = In * Out + Out;

  template <class B, class T>
  static constexpr NoResidual forward(Rows<const T, In> x, Parameters<const T, parameters> p, Rows<T, Out> y,
                                      Arena<T>&) {
    B::affine(x, Rows<const T, Out>(p.data(), In), std::span<const T, Out>(p.data() + In * Out, Out), y);
    return {};
  }

  template <class B, class T>
  static constexpr void pullback(NoResidual, Rows<const T, In> x, Parameters<const T, parameters> p,
                                 Rows<const T, Out> dy, Rows<T, In> dx, Parameters<T, parameters> dp,
                                 Arena<T>) {
    B::matmul_transposed(dy, Rows<const T, Out>(p.data(), In), dx);
    if constexpr (wants_parameters<B>) {
      B::outer_accumulate(x, dy, Rows<T, Out>(dp.data(), In));
      B::sum_rows_accumulate(dy, std::span<T, Out>(dp.data() + In * Out, Out));
    }
  }

  template <class T>
  static void initialise(Parameters<T, parameters> p, Random& random) {
    const double bound = std::sqrt(6.0 / In) * Gain::num / Gain::den;
    for (std::size_t i = 0; i < In * Out; ++i) p[i] = T(random.uniform(-bound, bound));
    for (std::size_t i = In * Out; i < parameters; ++i) p[i] = T(0);
  }

  template <class Visit>
  static void describe(const std::string& name, std::size_t offset, const Visit& visit) {
    visit(name + ".weight", offset, std::array{In, Out});
    visit(name + ".bias", offset + In * Out, std::array{Out});
  }
};

static_assert(Layer<Affine<3, 2>>);

}  // namespace chemnne
