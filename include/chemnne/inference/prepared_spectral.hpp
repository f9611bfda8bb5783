#pragma once
#include <array>
#include <span>

#include <chemnne/inference/prepared_chain.hpp>
#include <chemnne/layers/select_step.hpp>
#include <chemnne/layers/spectral_convolution.hpp>
#include <chemnne/tensor/packed.hpp>

namespace chemnne {

namespace detail {

/// F^-1(R . F x) for all steps, or for the To steps that `Wanted::step` names.
///
/// The spectrum of a mode is kept as [Im X, Re X, -Im X], and R as [Re R; Im R]: then Re Y = [Re X, -Im X] R
/// and Im Y = [Im X, Re X] R are products with the same matrix, once in memory, and nothing is negated on the
/// way. Mode 0 of a real signal is real: one part, one product.
template <std::size_t Steps, std::size_t Modes, std::size_t Width, std::size_t To, class Wanted>
struct PreparedSpectral {
  using L = SpectralConvolution<Steps, Modes, Width, FourierMatrix>;
  using Input = Shape<Steps, Width>;
  using Output = Shape<To, Width>;
  static constexpr std::size_t analysed = 3 * Modes - 2, mixed_parts = 2 * Modes - 1;
  static constexpr bool fusible = false;
  template <class B, class T>
  static constexpr std::size_t mean_constants = padded(B::template packed_size<T, Width, Width>);
  template <class B, class T>
  static constexpr std::size_t mode_constants = padded(B::template packed_size<T, 2 * Width, Width>);
  template <class B, class T>
  static constexpr std::size_t constants = mean_constants<B, T> + (Modes - 1) * mode_constants<B, T>;
  static constexpr std::size_t memory(std::size_t rows) {
    return padded(rows * analysed * Width) + padded(rows * mixed_parts * Width);
  }

  template <class B, class T>
  static void prepare(Parameters<const T, L::parameters> p, T* to) {
    static constexpr std::array<T, Width> zero{};
    const std::span<const T, Width> no_bias(zero);
    B::pack(L::matrix(p, 0, 0), no_bias, Packed<T, Width, Width>{to});
    for (std::size_t mode = 1; mode < Modes; ++mode)
      B::pack(Rows<const T, Width>(L::matrix(p, mode, 0).data(), 2 * Width), no_bias,
              Packed<T, 2 * Width, Width>{to + mean_constants<B, T> + (mode - 1) * mode_constants<B, T>});
  }

  template <class B, class T>
  static void evaluate(Rows<const T, Steps, Width> x, const T* from, Rows<T, To, Width> y, Arena<T> arena) {
    static const StepMatrix<T, analysed, Steps> to_modes = analysis<T>();
    static const StepMatrix<T, To, mixed_parts> to_steps = synthesis<T>();
    const auto spectrum = arena.template take<Shape<analysed, Width>>(x.count());
    const auto mixed = arena.template take<Shape<mixed_parts, Width>>(x.count());
    along_steps<B, Width>(to_modes, x, spectrum);
    B::affine_map(Unchanged{}, Rows<const T, Width>(spectrum.step(0)), Packed<const T, Width, Width>{from},
                  mixed.step(0));
    for (std::size_t mode = 1; mode < Modes; ++mode) {
      const Packed<const T, 2 * Width, Width> r{from + mean_constants<B, T> +
                                                (mode - 1) * mode_constants<B, T>};
      const T* const imaginary = spectrum.step(3 * mode - 2).data();
      const auto pair = [&](const T* first) {
        return Rows<const T, 2 * Width>(first, x.count(), spectrum.stride());
      };
      B::affine_map(Unchanged{}, pair(imaginary + Width), r, mixed.step(2 * mode - 1));
      B::affine_map(Unchanged{}, pair(imaginary), r, mixed.step(2 * mode));
    }
    along_steps<B, Width>(to_steps, Rows<const T, mixed_parts, Width>(mixed), y);
  }

 private:
  template <class T>
  static auto analysis() {
    const auto all = FourierMatrix::analysis<double, Steps, 2 * Modes>();
    StepMatrix<T, analysed, Steps> matrix;
    for (std::size_t n = 0; n < Steps; ++n) {
      matrix(0, n) = T(all(0, n));
      for (std::size_t mode = 1; mode < Modes; ++mode) {
        matrix(3 * mode - 2, n) = T(all(2 * mode + 1, n));
        matrix(3 * mode - 1, n) = T(all(2 * mode, n));
        matrix(3 * mode, n) = T(-all(2 * mode + 1, n));
      }
    }
    return matrix;
  }
  template <class T>
  static auto synthesis() {
    const auto all = FourierMatrix::synthesis<double, Steps, 2 * Modes>();
    StepMatrix<T, To, mixed_parts> matrix;
    for (std::size_t to = 0; to < To; ++to)
      for (std::size_t part = 0; part < mixed_parts; ++part)
        matrix(to, part) = T(all(Wanted::step(to), part == 0 ? 0 : part + 1));
    return matrix;
  }
};

struct EveryStep {
  static constexpr std::size_t step(std::size_t to) { return to; }
};
template <std::size_t Step>
struct OneStep {
  static constexpr std::size_t step(std::size_t) { return Step; }
};

}  // namespace detail

template <std::size_t Steps, std::size_t Modes, std::size_t Width>
struct Prepared<SpectralConvolution<Steps, Modes, Width, FourierMatrix>>
    : detail::PreparedSpectral<Steps, Modes, Width, Steps, detail::EveryStep> {};

/// The transform back to the one step that is wanted.
template <std::size_t Steps, std::size_t Modes, std::size_t Width, std::size_t Step>
struct Prepared<
    Chain<SpectralConvolution<Steps, Modes, Width, FourierMatrix>, SelectStep<Steps, Step, Width>>>
    : detail::PreparedSpectral<Steps, Modes, Width, 1, detail::OneStep<Step>> {};

}  // namespace chemnne
