#pragma once
#include <array>
#include <cmath>

#include <chemnne/backend/arithmetic.hpp>
#include <chemnne/layers/concepts.hpp>

namespace chemnne {

/// y_n = sum over k of x_{n + k - (Kernel - 1) / 2} W_k: convolution along steps with zeros outside, an
/// ablation of the Fourier kernel.
///
/// Shapes: x and y [Steps, Width], W [Kernel, Width, Width]. Cost: Kernel Steps Width^2 multiply-adds a cell.
/// Pullback: exact.
template <std::size_t Steps, std::size_t Kernel, std::size_t Width>
struct StepConvolution {
  static_assert(Kernel % 2 == 1, "StepConvolution: the kernel is centred, its length odd");
  using Input = Shape<Steps, Width>;
  using Output = Input;
  static constexpr std::size_t parameters = Kernel * Width * Width;
  template <class T>
  using Residual = NoResidual;
  static constexpr std::size_t memory(std::size_t) { return 0; }
  static constexpr std::size_t pullback_memory(std::size_t) { return padded(Steps * Width); }

  template <class B, class T>
  static constexpr NoResidual forward(Rows<const T, Steps, Width> x, Parameters<const T, parameters> p,
                                      Rows<T, Steps, Width> y, Arena<T>&) {
    B::fill(y, T(0));
    for (std::size_t cell = 0; cell < x.count(); ++cell)
      for (std::size_t k = 0; k < Kernel; ++k) {
        const Overlap at(k);
        B::matmul_accumulate(x.steps(cell).slice(at.from, at.count), matrix(p, k),
                             y.steps(cell).slice(at.to, at.count));
      }
    return {};
  }

  template <class B, class T>
  static constexpr void pullback(NoResidual, Rows<const T, Steps, Width> x, Parameters<const T, parameters> p,
                                 Rows<const T, Steps, Width> dy, Rows<T, Steps, Width> dx,
                                 Parameters<T, parameters> dp, Arena<T> arena) {
    const Rows<T, Width> part = arena.template take<Shape<Width>>(Steps);
    B::fill(dx, T(0));
    for (std::size_t cell = 0; cell < x.count(); ++cell)
      for (std::size_t k = 0; k < Kernel; ++k) {
        const Overlap at(k);
        const Rows<const T, Width> cotangent = dy.steps(cell).slice(at.to, at.count);
        const Rows<T, Width> sum = dx.steps(cell).slice(at.from, at.count);
        B::matmul_transposed(cotangent, matrix(p, k), part.slice(0, at.count));
        B::map(Add{}, sum, sum, Rows<const T, Width>(part.slice(0, at.count)));
        B::outer_accumulate(x.steps(cell).slice(at.from, at.count), cotangent, matrix(dp, k));
      }
  }

  /// Uniform in +-1/2 sqrt(3 / (Kernel Width)): half the variance of the input, as `SpectralConvolution`.
  template <class T>
  static void initialise(Parameters<T, parameters> p, Random& random) {
    const double bound = std::sqrt(3.0 / (Kernel * Width)) / 2;
    for (T& value : p) value = T(random.uniform(-bound, bound));
  }
  template <class Visit>
  static void describe(const std::string& name, std::size_t offset, const Visit& visit) {
    visit(name + ".kernel", offset, std::array{Kernel, Width, Width});
  }

 private:
  /// The steps of x and y that kernel element k joins.
  struct Overlap {
    std::size_t from, to, count;
    constexpr explicit Overlap(std::size_t k) {
      constexpr std::size_t half = (Kernel - 1) / 2;
      from = k > half ? k - half : 0;
      to = k < half ? half - k : 0;
      count = from + to < Steps ? Steps - from - to : 0;
    }
  };
  template <class T>
  static constexpr Rows<T, Width> matrix(Parameters<T, parameters> p, std::size_t k) {
    return {p.data() + k * Width * Width, Width};
  }
};

static_assert(Layer<StepConvolution<5, 3, 2>>);

}  // namespace chemnne
