#define BOOST_TEST_MODULE backend_fourier_fftw
#include <atomic>
#include <cmath>
#include <string>
#include <thread>
#include <vector>

#include "../data/data_test_tools.hpp"
#include "../properties/gradient_error.hpp"
#include "../support/last_words.hpp"
#include <boost/test/unit_test.hpp>
#include <dlfcn.h>

#include <chemnne/backend/cpu.hpp>
#include <chemnne/backend/fourier_fftw.hpp>
#include <chemnne/inference/prepared.hpp>

namespace {

/// Plans that were asked for, and the number of steps that there is none for, as in libraries that have only
/// a part of FFTW behind its interface.
std::atomic<int> plans = 0;
constexpr int steps_without_plan = 37;

/// The planner of FFTW that this program's stands before.
template <class Planner, class... Arguments>
auto planner(const char* name, int steps, Arguments... arguments) {
  ++plans;
  const auto real = reinterpret_cast<Planner*>(dlsym(RTLD_NEXT, name));
  return steps == steps_without_plan ? nullptr : real(arguments...);
}

}  // namespace

extern "C" {
fftw_plan fftw_plan_many_dft_r2c(int rank, const int* n, int count, double* in, const int* in_in, int in_step,
                                 int in_next, fftw_complex* out, const int* out_in, int out_step,
                                 int out_next, unsigned flags) {
  return planner<decltype(fftw_plan_many_dft_r2c)>("fftw_plan_many_dft_r2c", *n, rank, n, count, in, in_in,
                                                   in_step, in_next, out, out_in, out_step, out_next, flags);
}
fftwf_plan fftwf_plan_many_dft_r2c(int rank, const int* n, int count, float* in, const int* in_in,
                                   int in_step, int in_next, fftwf_complex* out, const int* out_in,
                                   int out_step, int out_next, unsigned flags) {
  return planner<decltype(fftwf_plan_many_dft_r2c)>("fftwf_plan_many_dft_r2c", *n, rank, n, count, in, in_in,
                                                    in_step, in_next, out, out_in, out_step, out_next, flags);
}
}

using namespace chemnne;

namespace {

template <std::size_t Steps, std::size_t Modes, std::size_t Width>
struct Size {
  static constexpr std::size_t steps = Steps, parts = 2 * Modes, width = Width;
};
using Sizes = std::tuple<Size<8, 5, 3>, Size<8, 3, 16>, Size<7, 4, 1>, Size<10, 4, 64>, Size<60, 31, 17>,
                         Size<61, 9, 40>, Size<1, 1, 2>, Size<2, 2, 5>, Size<256, 20, 3>>;

constexpr std::size_t rows = 3;

template <class T>
Buffer<T> random_values(std::size_t size) {
  Random random(2);
  Buffer<T> values(size);
  for (T& value : values.span()) value = static_cast<T>(random.normal());
  return values;
}

template <class T>
double largest_difference(const Buffer<T>& a, const Buffer<T>& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    largest =
        std::max(largest, std::isnan(a[i]) ? HUGE_VAL
                                           : std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
  return largest;
}

/// The four transforms of a policy of random values: to modes, back, and their pullbacks.
template <class Fourier, class T, class S>
struct Transforms {
  Buffer<T> steps = random_values<T>(rows * S::steps * S::width),
            modes = random_values<T>(rows * S::parts * S::width);
  Buffer<T> forward{modes.size()}, inverse_pullback{modes.size()}, inverse{steps.size()},
      forward_pullback{steps.size()};
  Transforms() {
    const Rows<const T, S::steps, S::width> x(steps.data(), rows);
    const Rows<const T, S::parts, S::width> y(modes.data(), rows);
    const auto to_steps = [](Buffer<T>& to) { return Rows<T, S::steps, S::width>(to.data(), rows); };
    const auto to_modes = [](Buffer<T>& to) { return Rows<T, S::parts, S::width>(to.data(), rows); };
    Fourier::template forward<Cpu<>, T>(x, to_modes(forward));
    Fourier::template inverse_pullback<Cpu<>, T>(x, to_modes(inverse_pullback));
    Fourier::template inverse<Cpu<>, T>(y, to_steps(inverse));
    Fourier::template forward_pullback<Cpu<>, T>(y, to_steps(forward_pullback));
  }
};

template <class T, class S>
void compare() {
  const Transforms<FourierMatrix, T, S> matrix;
  const Transforms<FourierFftw, T, S> fftw;
  // A sum of n standard normal terms by a matrix: n roundings of terms of up to 4, their constants rounded
  // once more; FFTW is better.
  const double unit = static_cast<double>(std::numeric_limits<T>::epsilon());
  const double to_modes = 8 * unit * S::steps, to_steps = 8 * unit * S::parts;
  BOOST_TEST(largest_difference(fftw.forward, matrix.forward) <= to_modes);
  BOOST_TEST(largest_difference(fftw.inverse_pullback, matrix.inverse_pullback) <= to_modes * 2 / S::steps);
  BOOST_TEST(largest_difference(fftw.forward_pullback, matrix.forward_pullback) <= to_steps);
  BOOST_TEST(largest_difference(fftw.inverse, matrix.inverse) <= to_steps * 2 / S::steps);
}

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(the_numbers_are_those_of_the_matrix, S, Sizes) {
  compare<double, S>();
  compare<float, S>();
}

using Layers =
    std::tuple<SpectralConvolution<8, 5, 3, FourierFftw>, SpectralConvolution<7, 3, 18, FourierFftw>,
               SpectralConvolution<10, 4, 16, FourierFftw>>;

BOOST_AUTO_TEST_CASE_TEMPLATE(pullbacks_are_exact_through_it, L, Layers) {
  BOOST_TEST((properties::worst_error<L, Cpu<>>()) < properties::exact);
  BOOST_TEST((properties::worst_error<L, Reference>()) < properties::exact);
}

BOOST_AUTO_TEST_CASE(forward_and_pullback_make_no_plan) {
  const int before = plans;
  BOOST_TEST(before > 0);
  Transforms<FourierFftw, float, Size<96, 13, 21>>{};  // sizes of no other test
  Transforms<FourierFftw, double, Size<97, 13, 21>>{};
  BOOST_TEST(plans == before);
}

BOOST_AUTO_TEST_CASE(a_plan_that_cannot_be_made_is_an_error_at_set_up) {
  using L = SpectralConvolution<steps_without_plan, 4, 3, FourierFftw>;
  std::vector<float> parameters(L::parameters), constants(parameters);
  const Parameters<float, L::parameters> p(parameters.data(), L::parameters);
  Random random(1);
  const std::string message = test::message_of([&] { L::initialise(p, random); });
  BOOST_TEST(message == "FFTW: expected plans for 37 steps of 3 columns, found none");
  BOOST_TEST(test::message_of([&] { Prepared<L>::prepare<Cpu<>, float>(p, constants.data()); }) == message);
  BOOST_TEST(test::message_of([] { SpectralConvolution<38, 4, 3, FourierFftw>::set_up<float>(); }) ==
             "no error");
  BOOST_TEST(test::contains(test::last_words([] { Transforms<FourierFftw, float, Size<37, 4, 3>>{}; }),
                            "FFTW has no plan"));
}

BOOST_AUTO_TEST_CASE(threads_get_what_one_thread_gets) {
  using S = Size<96, 13, 21>;
  std::vector<Buffer<float>> results(4);
  std::vector<std::thread> threads;
  for (Buffer<float>& result : results)
    threads.emplace_back([&result] { result = std::move(Transforms<FourierFftw, float, S>{}.inverse); });
  for (std::thread& thread : threads) thread.join();
  const Transforms<FourierFftw, float, S> expected;
  for (const Buffer<float>& result : results) BOOST_TEST(largest_difference(result, expected.inverse) == 0);
}
