#pragma once
#include <array>
#include <cmath>

#include <chemnne/backend/arithmetic.hpp>
#include <chemnne/backend/fourier_matrix.hpp>
#include <chemnne/layers/concepts.hpp>

namespace chemnne {

/// y = F^-1(R . F x): the kernel of a Fourier neural operator along the time axis. F is the real Fourier
/// transform along steps cut to Modes modes, R_m a complex Width x Width matrix per mode: Y_m = X_m R_m. The
/// mean, m = 0, is real: the imaginary part of R_0 takes no part.
///
/// Shapes: x and y [Steps, Width], R [Modes, 2 (real, imaginary), Width, Width].
/// Cost: 4 Modes Steps Width + 4 Modes Width^2 multiply-adds a cell, of a real mode Width^2. Residual: the
/// spectrum of x. Pullback: exact. Source: Li et al. 2021, arXiv 2010.08895, equations 4 and 5. `Fourier` is
/// the transform: FourierMatrix or FourierFftw.
template <std::size_t Steps, std::size_t Modes, std::size_t Width, class Fourier = FourierMatrix>
struct SpectralConvolution {
  static_assert(Modes >= 1 && Modes <= Steps / 2 + 1,
                "SpectralConvolution: a real signal of Steps steps has Steps / 2 + 1 modes at most");
  using Input = Shape<Steps, Width>;
  using Output = Input;
  using Spectrum = Shape<2 * Modes, Width>;
  static constexpr std::size_t parameters = Modes * 2 * Width * Width;

  /// What only complex modes need.
  static constexpr std::size_t scratch_rows(std::size_t rows) {
    return Modes == 1 || (Modes == 2 && real_mode(1, Steps)) ? 0 : rows;
  }

  template <class T>
  using Residual = Rows<T, 2 * Modes, Width>;
  static constexpr std::size_t memory(std::size_t rows) {
    return 2 * padded(rows * Spectrum::size) + scratch_rows(padded(rows * Width));
  }
  static constexpr std::size_t pullback_memory(std::size_t rows) {
    return 2 * padded(rows * Spectrum::size) + 2 * scratch_rows(padded(rows * Width));
  }

  template <class B, class T>
  static constexpr Residual<T> forward(Rows<const T, Steps, Width> x, Parameters<const T, parameters> p,
                                       Rows<T, Steps, Width> y, Arena<T>& arena) {
    const Residual<T> spectrum = arena.template take<Spectrum>(x.count());
    Arena<T> scratch = arena;
    const Residual<T> mixed = scratch.template take<Spectrum>(x.count());
    const Rows<T, Width> negative = scratch.template take<Shape<Width>>(scratch_rows(x.count()));
    Fourier::template forward<B, T>(x, spectrum);
    for (std::size_t mode = 0; mode < Modes; ++mode) {
      const Rows<const T, Width> real = spectrum.step(2 * mode), imaginary = spectrum.step(2 * mode + 1);
      if (real_mode(mode, Steps)) {
        B::matmul(real, matrix(p, mode, 0), mixed.step(2 * mode));
        B::fill(mixed.step(2 * mode + 1), T(0));
        continue;
      }
      B::map(Negate{}, negative, imaginary);
      B::matmul(real, matrix(p, mode, 0), mixed.step(2 * mode));
      B::matmul_accumulate(Rows<const T, Width>(negative), matrix(p, mode, 1), mixed.step(2 * mode));
      B::matmul(real, matrix(p, mode, 1), mixed.step(2 * mode + 1));
      B::matmul_accumulate(imaginary, matrix(p, mode, 0), mixed.step(2 * mode + 1));
    }
    Fourier::template inverse<B, T>(Rows<const T, 2 * Modes, Width>(mixed), y);
    return spectrum;
  }

  template <class B, class T>
  static constexpr void pullback(const Residual<T>& spectrum, Rows<const T, Steps, Width>,
                                 Parameters<const T, parameters> p, Rows<const T, Steps, Width> dy,
                                 Rows<T, Steps, Width> dx, Parameters<T, parameters> dp, Arena<T> arena) {
    const Residual<T> dmixed = arena.template take<Spectrum>(dy.count());
    const Residual<T> dspectrum = arena.template take<Spectrum>(dy.count());
    const Rows<T, Width> negative = arena.template take<Shape<Width>>(scratch_rows(dy.count()));
    const Rows<T, Width> part = arena.template take<Shape<Width>>(scratch_rows(dy.count()));
    Fourier::template inverse_pullback<B, T>(dy, dmixed);
    for (std::size_t mode = 0; mode < Modes; ++mode) {
      const Rows<const T, Width> dreal = dmixed.step(2 * mode), dimaginary = dmixed.step(2 * mode + 1);
      const Rows<const T, Width> real = spectrum.step(2 * mode), imaginary = spectrum.step(2 * mode + 1);
      B::outer_accumulate(real, dreal, matrix(dp, mode, 0));
      B::matmul_transposed(dreal, matrix(p, mode, 0), dspectrum.step(2 * mode));
      if (real_mode(mode, Steps)) {
        B::fill(dspectrum.step(2 * mode + 1), T(0));
        continue;
      }
      const auto add = [&](Rows<const T, Width> a, std::size_t which, std::size_t to) {
        B::matmul_transposed(a, matrix(p, mode, which), part);
        B::map(Add{}, dspectrum.step(to), dspectrum.step(to), part);
      };
      add(dimaginary, 1, 2 * mode);
      B::matmul_transposed(dimaginary, matrix(p, mode, 0), dspectrum.step(2 * mode + 1));
      B::outer_accumulate(imaginary, dimaginary, matrix(dp, mode, 0));
      B::outer_accumulate(real, dimaginary, matrix(dp, mode, 1));
      B::map(Negate{}, negative, dreal);
      add(negative, 1, 2 * mode + 1);
      B::outer_accumulate(imaginary, Rows<const T, Width>(negative), matrix(dp, mode, 1));
    }
    Fourier::template forward_pullback<B, T>(Rows<const T, 2 * Modes, Width>(dspectrum), dx);
  }

  /// The real or imaginary part of R_m.
  template <class T>
  static constexpr Rows<T, Width> matrix(Parameters<T, parameters> p, std::size_t mode,
                                         std::size_t imaginary) {
    return {p.data() + (2 * mode + imaginary) * Width * Width, Width};
  }

  /// Errors: Error where the transform cannot be had.
  template <class T>
  static void set_up() {
    Fourier::template set_up<T, Steps, Width>();
  }

  /// Uniform in +-1/2 sqrt(3 / Width): with the unitary pair F^-1 F the layer starts with half the variance
  /// of its input.
  template <class T>
  static void initialise(Parameters<T, parameters> p, Random& random) {
    set_up<T>();
    const double bound = std::sqrt(3.0 / Width) / 2;
    for (T& value : p) value = T(random.uniform(-bound, bound));
  }
  template <class Visit>
  static void describe(const std::string& name, std::size_t offset, const Visit& visit) {
    visit(name + ".spectral", offset, std::array{Modes, std::size_t{2}, Width, Width});
  }
};

static_assert(Layer<SpectralConvolution<8, 5, 3>>);

}  // namespace chemnne
