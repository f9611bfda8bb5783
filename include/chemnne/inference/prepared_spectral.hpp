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
/// way. Of a mode that is real there is one part and one product.
template <std::size_t Steps, std::size_t Modes, std::size_t Width, std::size_t To, class Wanted>
struct PreparedSpectral {
  using L = SpectralConvolution<Steps, Modes, Width, FourierMatrix>;
  using Input = Shape<Steps, Width>;
  using Output = Shape<To, Width>;
  static constexpr bool fusible = false;

  /// Modes: the mean, then the complex ones, then the fastest where it is real and kept.
  static constexpr bool fastest = Modes > 1 && real_mode(Modes - 1, Steps);
  static constexpr std::size_t complex_modes = Modes - 1 - (fastest ? 1 : 0);
  /// Parts of the spectrum, and of the spectrum times R.
  static constexpr std::size_t analysed = Modes + 2 * complex_modes, mixed_parts = Modes + complex_modes;
  static constexpr std::size_t analysed_at(std::size_t mode) { return mode == 0 ? 0 : 3 * mode - 2; }
  static constexpr std::size_t mixed_at(std::size_t mode) { return mode == 0 ? 0 : 2 * mode - 1; }
  template <class B, class T>
  static constexpr std::size_t real_size = padded(B::template packed_size<T, Width, Width>);
  template <class B, class T>
  static constexpr std::size_t complex_size = padded(B::template packed_size<T, 2 * Width, Width>);
  template <class B, class T>
  static constexpr std::size_t matrix_at(std::size_t mode) {
    return mode == 0 ? 0 : real_size<B, T> + (mode - 1) * complex_size<B, T>;
  }
  template <class B, class T>
  static constexpr std::size_t constants =
      (Modes - complex_modes) * real_size<B, T> + complex_modes* complex_size<B, T>;
  static constexpr std::size_t memory(std::size_t rows) {
    return padded(rows * analysed * Width) + padded(rows * mixed_parts * Width);
  }

  template <class B, class T>
  static void prepare(Parameters<const T, L::parameters> p, T* to) {
    static constexpr std::array<T, Width> zero{};
    const std::span<const T, Width> no_bias(zero);
    const auto pack_real = [&](std::size_t mode) {
      B::pack(L::matrix(p, mode, 0), no_bias, Packed<T, Width, Width>{to + matrix_at<B, T>(mode)});
    };
    pack_real(0);
    for (std::size_t mode = 1; mode <= complex_modes; ++mode)
      B::pack(Rows<const T, Width>(L::matrix(p, mode, 0).data(), 2 * Width), no_bias,
              Packed<T, 2 * Width, Width>{to + matrix_at<B, T>(mode)});
    if constexpr (fastest) pack_real(Modes - 1);
  }

  template <class B, class T>
  static constexpr void evaluate(Rows<const T, Steps, Width> x, const T* from, Rows<T, To, Width> y,
                                 Arena<T> arena) {
    const auto spectrum = arena.template take<Shape<analysed, Width>>(x.count());
    const auto mixed = arena.template take<Shape<mixed_parts, Width>>(x.count());
    B::template along_steps<ToModes, Width>(x, spectrum);
    const auto mix_real = [&](std::size_t mode) {
      B::affine_map(Unchanged{}, Rows<const T, Width>(spectrum.step(analysed_at(mode))),
                    Packed<const T, Width, Width>{from + matrix_at<B, T>(mode)}, mixed.step(mixed_at(mode)));
    };
    mix_real(0);
    for (std::size_t mode = 1; mode <= complex_modes; ++mode) {
      const T* const parts = spectrum.step(analysed_at(mode)).data();
      const auto pair = [&](std::size_t first) {
        return Rows<const T, 2 * Width>(parts + first * Width, x.count(), spectrum.stride());
      };
      const Packed<const T, 2 * Width, Width> r{from + matrix_at<B, T>(mode)};
      B::affine_map(Unchanged{}, pair(1), r, mixed.step(mixed_at(mode)));
      B::affine_map(Unchanged{}, pair(0), r, mixed.step(mixed_at(mode) + 1));
    }
    if constexpr (fastest) mix_real(Modes - 1);
    B::template along_steps<ToSteps, Width>(Rows<const T, mixed_parts, Width>(mixed), y);
  }

 private:
  struct ToModes {
    template <class T>
    static constexpr auto value = [] {
      constexpr auto& all = FourierMatrix::Analysis<Steps, 2 * Modes>::template value<double>;
      StepMatrix<T, analysed, Steps> matrix;
      for (std::size_t mode = 0; mode < Modes; ++mode)
        for (std::size_t n = 0; n < Steps; ++n) {
          const std::size_t at = analysed_at(mode);
          const bool real = real_mode(mode, Steps);
          matrix(real ? at : at + 1, n) = T(all(2 * mode, n));
          if (real) continue;
          matrix(at, n) = T(all(2 * mode + 1, n));
          matrix(at + 2, n) = T(-all(2 * mode + 1, n));
        }
      return matrix;
    }();
  };
  struct ToSteps {
    template <class T>
    static constexpr auto value = [] {
      constexpr auto& all = FourierMatrix::Synthesis<Steps, 2 * Modes>::template value<double>;
      StepMatrix<T, To, mixed_parts> matrix;
      for (std::size_t to = 0; to < To; ++to)
        for (std::size_t mode = 0; mode < Modes; ++mode) {
          matrix(to, mixed_at(mode)) = T(all(Wanted::step(to), 2 * mode));
          if (!real_mode(mode, Steps))
            matrix(to, mixed_at(mode) + 1) = T(all(Wanted::step(to), 2 * mode + 1));
        }
      return matrix;
    }();
  };
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
