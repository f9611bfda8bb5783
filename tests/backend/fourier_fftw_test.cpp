#define BOOST_TEST_MODULE backend_fourier_fftw
#include <cmath>
#include <thread>

#include "../laws/gradient_law.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/backend/cpu.hpp>
#include <chemnne/backend/fourier_fftw.hpp>

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
double largest_gap(const Buffer<T>& a, const Buffer<T>& b) {
  double gap = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    gap = std::max(
        gap, std::isnan(a[i]) ? HUGE_VAL : std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
  return gap;
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
  BOOST_TEST(largest_gap(fftw.forward, matrix.forward) <= to_modes);
  BOOST_TEST(largest_gap(fftw.inverse_pullback, matrix.inverse_pullback) <= to_modes * 2 / S::steps);
  BOOST_TEST(largest_gap(fftw.forward_pullback, matrix.forward_pullback) <= to_steps);
  BOOST_TEST(largest_gap(fftw.inverse, matrix.inverse) <= to_steps * 2 / S::steps);
}

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(the_numbers_are_those_of_the_matrix, S, Sizes) {
  compare<double, S>();
  compare<float, S>();
}

using Layers =
    std::tuple<SpectralConvolution<8, 5, 3, FourierFftw>, SpectralConvolution<7, 3, 18, FourierFftw>,
               SpectralConvolution<10, 4, 16, FourierFftw>>;

BOOST_AUTO_TEST_CASE_TEMPLATE(the_gradient_law_holds_through_it, L, Layers) {
  BOOST_TEST((laws::worst_gap<L, Cpu<>>()) < laws::exact);
  BOOST_TEST((laws::worst_gap<L, Reference>()) < laws::exact);
}

BOOST_AUTO_TEST_CASE(threads_may_meet_in_the_planner) {
  // New sizes, planned by four threads at once; results are those of one thread, bit for bit.
  using S = Size<96, 13, 21>;
  std::vector<Buffer<float>> results(4);
  std::vector<std::thread> threads;
  for (Buffer<float>& result : results)
    threads.emplace_back([&result] {
      Transforms<FourierFftw, double, Size<97, 13, 21>>{};
      result = std::move(Transforms<FourierFftw, float, S>{}.inverse);
    });
  for (std::thread& thread : threads) thread.join();
  const Transforms<FourierFftw, float, S> expected;
  for (const Buffer<float>& result : results) BOOST_TEST(largest_gap(result, expected.inverse) == 0);
}
