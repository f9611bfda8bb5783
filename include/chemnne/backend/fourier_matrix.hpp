#pragma once
#include <cstddef>
#include <numbers>

#include <chemnne/support/constant_math.hpp>
#include <chemnne/tensor/rows.hpp>
#include <chemnne/tensor/step_matrix.hpp>

namespace chemnne {

/// Whether mode m of a real signal of `steps` points is real: the mean, and the fastest of an even number.
constexpr bool real_mode(std::size_t mode, std::size_t steps) { return mode == 0 || 2 * mode == steps; }

/// Weight of mode m in the inverse real transform of `steps` points: complex modes stand for a conjugate
/// pair.
constexpr double mode_weight(std::size_t mode, std::size_t steps) { return real_mode(mode, steps) ? 1 : 2; }

namespace detail {
/// cos (part 2m) and -sin (part 2m + 1) of 2 pi m n / steps; the angle is reduced exactly.
constexpr double wave(std::size_t part, std::size_t n, std::size_t steps) {
  const double angle =
      2 * std::numbers::pi * static_cast<double>(part / 2 * n % steps) / static_cast<double>(steps);
  return part % 2 == 0 ? constant_math::cos(angle) : -constant_math::sin(angle);
}
}  // namespace detail

/// Truncated real Fourier transform along the steps of a cell as products with constant cosine and sine
/// matrices: runs on every backend, its transpose is its pullback, and for the few steps of a model it beats
/// a fast transform.
///
/// forward:  X_m = sum_n x_n exp(-2 pi i m n / Steps), m < Modes; rows 2m and 2m + 1 of a spectrum are Re X_m
/// and Im X_m. inverse:  y_n = (1 / Steps) sum_m c_m Re(Y_m exp(2 pi i m n / Steps)), c_m = `mode_weight`.
/// Shapes: steps [Steps, Width], spectra [2 Modes, Width]. Cost: 2 Modes Steps Width multiply-adds a cell and
/// direction.
struct FourierMatrix {
  /// A transform whose forward needs more than its arguments makes that here; may throw. Nothing here.
  template <class T, std::size_t Steps, std::size_t Width>
  static constexpr void set_up() {}

  template <class B, class T, std::size_t Steps, std::size_t Parts, std::size_t Width>
  static constexpr void forward(Rows<const T, Steps, Width> x, Rows<T, Parts, Width> spectrum) {
    B::template along_steps<Analysis<Steps, Parts>, Width>(x, spectrum);
  }
  template <class B, class T, std::size_t Steps, std::size_t Parts, std::size_t Width>
  static constexpr void forward_pullback(Rows<const T, Parts, Width> dspectrum, Rows<T, Steps, Width> dx) {
    B::template along_steps<Transposed<Analysis<Steps, Parts>>, Width>(dspectrum, dx);
  }
  template <class B, class T, std::size_t Steps, std::size_t Parts, std::size_t Width>
  static constexpr void inverse(Rows<const T, Parts, Width> spectrum, Rows<T, Steps, Width> y) {
    B::template along_steps<Synthesis<Steps, Parts>, Width>(spectrum, y);
  }
  template <class B, class T, std::size_t Steps, std::size_t Parts, std::size_t Width>
  static constexpr void inverse_pullback(Rows<const T, Steps, Width> dy, Rows<T, Parts, Width> dspectrum) {
    B::template along_steps<Transposed<Synthesis<Steps, Parts>>, Width>(dy, dspectrum);
  }

  /// The matrix of `forward`, [Parts, Steps].
  template <std::size_t Steps, std::size_t Parts>
  struct Analysis {
    template <class T>
    static constexpr auto value = [] {
      StepMatrix<T, Parts, Steps> matrix;
      for (std::size_t part = 0; part < Parts; ++part)
        for (std::size_t n = 0; n < Steps; ++n) matrix(part, n) = T(detail::wave(part, n, Steps));
      return matrix;
    }();
  };
  /// The matrix of `inverse`, [Steps, Parts].
  template <std::size_t Steps, std::size_t Parts>
  struct Synthesis {
    template <class T>
    static constexpr auto value = [] {
      StepMatrix<T, Steps, Parts> matrix;
      for (std::size_t part = 0; part < Parts; ++part)
        for (std::size_t n = 0; n < Steps; ++n)
          matrix(n, part) = T(mode_weight(part / 2, Steps) * detail::wave(part, n, Steps) / Steps);
      return matrix;
    }();
  };
};

}  // namespace chemnne
