#pragma once
#include <cmath>
#include <cstddef>
#include <numbers>

#include <chemnne/backend/along_steps.hpp>

namespace chemnne {

/// Whether mode m of a real signal of `steps` points is real: the mean, and the fastest of an even number.
constexpr bool real_mode(std::size_t mode, std::size_t steps) { return mode == 0 || 2 * mode == steps; }

/// Weight of mode m in the inverse real transform of `steps` points: complex modes stand for a conjugate
/// pair.
constexpr double mode_weight(std::size_t mode, std::size_t steps) { return real_mode(mode, steps) ? 1 : 2; }

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
  static void set_up() {}

  template <class B, class T, std::size_t Steps, std::size_t Parts, std::size_t Width>
  static void forward(Rows<const T, Steps, Width> x, Rows<T, Parts, Width> spectrum) {
    static const auto matrix = analysis<T, Steps, Parts>();
    along_steps<B, Width>(matrix, x, spectrum);
  }
  template <class B, class T, std::size_t Steps, std::size_t Parts, std::size_t Width>
  static void forward_pullback(Rows<const T, Parts, Width> dspectrum, Rows<T, Steps, Width> dx) {
    static const auto matrix = analysis<T, Steps, Parts>().transposed();
    along_steps<B, Width>(matrix, dspectrum, dx);
  }
  template <class B, class T, std::size_t Steps, std::size_t Parts, std::size_t Width>
  static void inverse(Rows<const T, Parts, Width> spectrum, Rows<T, Steps, Width> y) {
    static const auto matrix = synthesis<T, Steps, Parts>();
    along_steps<B, Width>(matrix, spectrum, y);
  }
  template <class B, class T, std::size_t Steps, std::size_t Parts, std::size_t Width>
  static void inverse_pullback(Rows<const T, Steps, Width> dy, Rows<T, Parts, Width> dspectrum) {
    static const auto matrix = synthesis<T, Steps, Parts>().transposed();
    along_steps<B, Width>(matrix, dy, dspectrum);
  }

  /// The matrices of `forward` and `inverse`.
  template <class T, std::size_t Steps, std::size_t Parts>
  static auto analysis() {
    StepMatrix<T, Parts, Steps> matrix;
    for (std::size_t part = 0; part < Parts; ++part)
      for (std::size_t n = 0; n < Steps; ++n) matrix(part, n) = T(wave<Steps>(part, n));
    return matrix;
  }
  template <class T, std::size_t Steps, std::size_t Parts>
  static auto synthesis() {
    StepMatrix<T, Steps, Parts> matrix;
    for (std::size_t part = 0; part < Parts; ++part)
      for (std::size_t n = 0; n < Steps; ++n)
        matrix(n, part) = T(mode_weight(part / 2, Steps) * wave<Steps>(part, n) / Steps);
    return matrix;
  }

 private:
  /// cos (part 2m) and -sin (part 2m + 1) of 2 pi m n / Steps; the angle is reduced exactly.
  template <std::size_t Steps>
  static double wave(std::size_t part, std::size_t n) {
    const double angle = 2 * std::numbers::pi * static_cast<double>(part / 2 * n % Steps) / Steps;
    return part % 2 == 0 ? std::cos(angle) : -std::sin(angle);
  }
};

}  // namespace chemnne
