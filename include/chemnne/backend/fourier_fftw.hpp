#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <mutex>
#include <string>
#include <type_traits>

#include <fftw3.h>

#include <chemnne/backend/fourier_matrix.hpp>
#include <chemnne/support/contract.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/tensor/buffer.hpp>

namespace chemnne {

namespace detail {

/// The functions of FFTW for a scalar: double lives in libfftw3, float in libfftw3f.
template <class T>
struct FftwFunctions;
template <>
struct FftwFunctions<double> {
  using Plan = fftw_plan;
  using Complex = fftw_complex;
  static constexpr auto plan_to_modes = fftw_plan_many_dft_r2c;
  static constexpr auto plan_to_steps = fftw_plan_many_dft_c2r;
  static constexpr auto to_modes = fftw_execute_dft_r2c;
  static constexpr auto to_steps = fftw_execute_dft_c2r;
  static constexpr auto destroy = fftw_destroy_plan;
};
template <>
struct FftwFunctions<float> {
  using Plan = fftwf_plan;
  using Complex = fftwf_complex;
  static constexpr auto plan_to_modes = fftwf_plan_many_dft_r2c;
  static constexpr auto plan_to_steps = fftwf_plan_many_dft_c2r;
  static constexpr auto to_modes = fftwf_execute_dft_r2c;
  static constexpr auto to_steps = fftwf_execute_dft_c2r;
  static constexpr auto destroy = fftwf_destroy_plan;
};

/// The planner of FFTW is the one part of it that threads must not share.
inline std::mutex& fftw_planner() {
  static std::mutex planner;
  return planner;
}

/// Real transforms of `Columns` neighbouring columns of [Steps][Width], to and from modes [Steps / 2 +
/// 1][Columns].
///
/// FFTW_ESTIMATE: plans are the same in every run, so are results. FFTW_UNALIGNED: one plan serves any cell
/// and column. The plans of all sizes that a program's transforms have are made while the program starts, so
/// that no transform makes one: planning allocates, and takes a lock.
template <class T, std::size_t Steps, std::size_t Width, std::size_t Columns>
class FftwPlans {
 public:
  using Functions = FftwFunctions<T>;
  using Complex = typename Functions::Complex;
  static constexpr std::size_t modes = Steps / 2 + 1;
  using Modes = std::array<std::array<T, 2>, modes * Columns>;
  static_assert(sizeof(Complex) == sizeof(std::array<T, 2>));

  /// The one pair of plans of the whole program.
  static const FftwPlans& get() {
    static_cast<void>(made_at_start);  // whoever names this function has it called at the start
    static const FftwPlans plans;
    return plans;
  }

  bool made() const { return to_modes_ && to_steps_; }

  void to_modes(const T* steps, Modes& out) const {
    require_made();
    // FFTW keeps the input of this transform, but takes no const.
    Functions::to_modes(to_modes_, const_cast<T*>(steps), complex(out));
  }
  /// The modes are used up.
  void to_steps(Modes& in, T* steps) const {
    require_made();
    Functions::to_steps(to_steps_, complex(in), steps);
  }

 private:
  FftwPlans() {
    const std::lock_guard lock(fftw_planner());
    Buffer<T> steps(Steps * Width), spectrum(2 * modes * Columns);
    auto* const out = reinterpret_cast<Complex*>(spectrum.data());
    const int length = static_cast<int>(Steps), count = static_cast<int>(Columns),
              stride = static_cast<int>(Width);
    constexpr unsigned flags = FFTW_ESTIMATE | FFTW_UNALIGNED;
    to_modes_ = Functions::plan_to_modes(1, &length, count, steps.data(), nullptr, stride, 1, out, nullptr,
                                         count, 1, flags);
    to_steps_ = Functions::plan_to_steps(1, &length, count, out, nullptr, count, 1, steps.data(), nullptr,
                                         stride, 1, flags);
  }
  ~FftwPlans() {
    const std::lock_guard lock(fftw_planner());
    for (const auto plan : {to_modes_, to_steps_})
      if (plan) Functions::destroy(plan);
  }
  FftwPlans(const FftwPlans&) = delete;
  FftwPlans& operator=(const FftwPlans&) = delete;

  void require_made() const {
    if (!made()) [[unlikely]]
      contract_is_broken("FFTW has no plan for a transform, which its set_up has said or was not asked");
  }

  static Complex* complex(Modes& modes_of_columns) {
    return reinterpret_cast<Complex*>(modes_of_columns.data());
  }

  static inline const FftwPlans& made_at_start = get();

  typename Functions::Plan to_modes_, to_steps_;
};

}  // namespace detail

/// The same transforms as `FourierMatrix` by FFTW (Frigo and Johnson 2005, doi 10.1109/JPROC.2004.840301):
/// equal numbers but for rounding, quicker for long step axes.
///
/// Opt-in: include this header, link fftw3 and fftw3f (GPL), and name the policy,
/// `FourierSolver<FourierFftw>`. Scalars other than float and double (dual numbers) go to `FourierMatrix`. No
/// transform allocates or throws: plans are made before main, and `set_up` says when there are none.
/// Cost: about 5/2 Steps log2 Steps operations a column in the place of 2 Modes Steps.
struct FourierFftw {
  /// Errors: Error when FFTW has no plan for these sizes, as some libraries with its interface do not.
  template <class T, std::size_t Steps, std::size_t Width>
  static void set_up() {
    if constexpr (supported<T>)
      each_group<Width>([](std::size_t, auto count) {
        if (!detail::FftwPlans<T, Steps, Width, decltype(count)::value>::get().made())
          throw Error(
              "FFTW",
              "plans for " + std::to_string(Steps) + " steps of " + std::to_string(Width) + " columns",
              "none");
      });
  }

  template <class B, class T, std::size_t Steps, std::size_t Parts, std::size_t Width>
  static void forward(Rows<const T, Steps, Width> x, Rows<T, Parts, Width> spectrum) {
    if constexpr (supported<T>)
      analyse(x, spectrum, [](std::size_t) { return T(1); });
    else
      FourierMatrix::forward<B, T>(x, spectrum);
  }
  /// The transform back doubles interior modes, the transpose of `forward` does not.
  template <class B, class T, std::size_t Steps, std::size_t Parts, std::size_t Width>
  static void forward_pullback(Rows<const T, Parts, Width> dspectrum, Rows<T, Steps, Width> dx) {
    if constexpr (supported<T>)
      synthesise(dspectrum, dx, [](std::size_t mode) { return T(1 / mode_weight(mode, Steps)); });
    else
      FourierMatrix::forward_pullback<B, T>(dspectrum, dx);
  }
  template <class B, class T, std::size_t Steps, std::size_t Parts, std::size_t Width>
  static void inverse(Rows<const T, Parts, Width> spectrum, Rows<T, Steps, Width> y) {
    if constexpr (supported<T>)
      synthesise(spectrum, y, [](std::size_t) { return T(1.0 / Steps); });
    else
      FourierMatrix::inverse<B, T>(spectrum, y);
  }
  template <class B, class T, std::size_t Steps, std::size_t Parts, std::size_t Width>
  static void inverse_pullback(Rows<const T, Steps, Width> dy, Rows<T, Parts, Width> dspectrum) {
    if constexpr (supported<T>)
      analyse(dy, dspectrum, [](std::size_t mode) { return T(mode_weight(mode, Steps) / Steps); });
    else
      FourierMatrix::inverse_pullback<B, T>(dy, dspectrum);
  }

 private:
  template <class T>
  static constexpr bool supported = std::is_same_v<T, float> || std::is_same_v<T, double>;

  /// Columns transformed at once: few enough for their modes to lie on the stack.
  static constexpr std::size_t group = 16;

  /// f(first, count) for each group of columns, `count` a constant.
  template <std::size_t Width, class F>
  static void each_group(const F& f) {
    constexpr std::size_t whole = Width / group * group;
    for (std::size_t first = 0; first < whole; first += group)
      f(first, std::integral_constant<std::size_t, group>{});
    if constexpr (whole < Width) f(whole, std::integral_constant<std::size_t, Width - whole>{});
  }

  /// spectrum_m = scale(m) sum_n x_n exp(-2 pi i m n / Steps).
  template <class T, std::size_t Steps, std::size_t Parts, std::size_t Width, class Scale>
  static void analyse(Rows<const T, Steps, Width> x, Rows<T, Parts, Width> spectrum, const Scale& scale) {
    each_group<Width>([&](std::size_t first, auto count) {
      using Plans = detail::FftwPlans<T, Steps, Width, decltype(count)::value>;
      typename Plans::Modes modes;
      for (std::size_t cell = 0; cell < x.count(); ++cell) {
        Plans::get().to_modes(x[cell] + first, modes);
        for (std::size_t part = 0; part < Parts; ++part)
          for (std::size_t i = 0; i < count; ++i)
            spectrum[cell][part * Width + first + i] =
                scale(part / 2) * modes[part / 2 * count + i][part % 2];
      }
    });
  }

  /// y_n = sum_m mode_weight(m) scale(m) Re(spectrum_m exp(2 pi i m n / Steps)).
  template <class T, std::size_t Steps, std::size_t Parts, std::size_t Width, class Scale>
  static void synthesise(Rows<const T, Parts, Width> spectrum, Rows<T, Steps, Width> y, const Scale& scale) {
    each_group<Width>([&](std::size_t first, auto count) {
      using Plans = detail::FftwPlans<T, Steps, Width, decltype(count)::value>;
      for (std::size_t cell = 0; cell < y.count(); ++cell) {
        typename Plans::Modes modes{};
        for (std::size_t part = 0; part < Parts; ++part)
          for (std::size_t i = 0; i < count; ++i)
            modes[part / 2 * count + i][part % 2] =
                scale(part / 2) * spectrum[cell][part * Width + first + i];
        Plans::get().to_steps(modes, y[cell] + first);
      }
    });
  }
};

}  // namespace chemnne
