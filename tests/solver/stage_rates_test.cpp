#define BOOST_TEST_MODULE solver_stage_rates
#include <cmath>
#include <cstddef>

#include <boost/test/unit_test.hpp>

#include <chemnne/solver/lanes.hpp>
#include <chemnne/solver/rosenbrock_method.hpp>
#include <chemnne/solver/stage_rates.hpp>

using namespace chemnne;

namespace {

/// As far as StageRates looks: three rates, and memory behind them.
struct Kernel {
  using T = double;
  using L = NativeLanes<double>;
  static std::size_t rates() { return 3; }
  static std::size_t rate_items() { return 5; }
};
constexpr std::size_t lanes = Kernel::L::count;

/// Polynomials of degree 0, 4 and 5; none after 100 s.
struct Cells {
  static double at(std::size_t r, double t) {
    return r == 0 ? 7 : r == 1 ? 2 + 3 * t - t * t + 0.5 * t * t * t - 0.1 * t * t * t * t : std::pow(t, 5);
  }
  static bool rates(std::size_t cell, double time, double* k) {
    for (std::size_t r = 0; r < 3; ++r) k[r * lanes] = at(r, time) * static_cast<double>(cell);
    return time <= 100;
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(rates_are_those_of_the_times_of_the_stages_and_the_slope_that_of_their_polynomial) {
  const Kernel kernel;
  StageRates<Rodas4, Kernel> rates(kernel);
  Cells cells;
  const double time = 0.5, step = 2;
  Buffer<double> start(5 * lanes);
  for (const std::size_t lane : {std::size_t{0}, std::size_t{3}}) {
    BOOST_TEST(Cells::rates(lane + 1, time, start.data() + lane));
    BOOST_TEST(rates.set(cells, lane + 1, lane, time, step));
  }
  for (std::size_t stage = 1; stage < Rodas4::stages; ++stage)
    BOOST_TEST(rates.of(stage)[lanes + 3] == 4 * Cells::at(1, time + Rodas4::time[stage] * step));
  BOOST_TEST(rates.of(4) == rates.of(5));
  const double* const slope = rates.slope(start.data());
  BOOST_TEST(slope[0] == 0);  // to the bit: what is constant has no slope
  const double exact = step * (3 - 2 * time + 1.5 * time * time - 0.4 * time * time * time);
  BOOST_TEST(slope[lanes] == exact, boost::test_tools::tolerance(1e-13));
  BOOST_TEST(slope[lanes + 3] == 4 * exact, boost::test_tools::tolerance(1e-13));
  // Of degree 5: h^5 x_1 x_2 x_3 x_4 off.
  BOOST_TEST(step * 5 * std::pow(time, 4) - slope[2 * lanes] == std::pow(step, 5) * 0.386 * 0.21 * 0.63,
             boost::test_tools::tolerance(1e-10));
}

BOOST_AUTO_TEST_CASE(a_cell_without_rates_says_so) {
  const Kernel kernel;
  StageRates<Rodas4, Kernel> rates(kernel);
  Cells cells;
  BOOST_TEST(rates.set(cells, 1, 0, 90, 10));
  BOOST_TEST(!rates.set(cells, 1, 0, 95, 10));
}
