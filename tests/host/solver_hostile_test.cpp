#define BOOST_TEST_MODULE host_solver_hostile
#include <array>
#include <bitset>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "solver_cases.hpp"
#include <boost/test/unit_test.hpp>
#include <solver_kernel_troposphere.hpp>

#include <chemnne/solver.hpp>

using namespace chemnne;

namespace {

using Code = Troposphere<float>;
constexpr std::size_t species = Code::size(), conditions = test::HostAir::conditions, cells = 400;
constexpr double hostile[] = {0,
                              5e-324,
                              1e-310,
                              1e-40,
                              1e-20,
                              1e-8,
                              1e25,
                              1e38,
                              3.5e38,
                              1e300,
                              1,
                              -1e-20,
                              -1,
                              -1e12,
                              test::infinity,
                              -test::infinity,
                              test::not_a_number};

/// Cells of which every other one is hostile: in a species, in an element, in all, in the weather.
test::HostAir hostile_air() {
  test::HostAir air(test::troposphere(), cells, 5);
  Random random(7);
  const auto any = [&] { return hostile[random.index(std::size(hostile))]; };
  for (std::size_t cell = 0; cell < cells; ++cell) {
    double* const state = &air.state[cell * species];
    switch (cell % 10) {
      case 1:
        state[random.index(species)] = any();
        break;
      case 3:
        for (std::size_t i = 0; i < species; ++i)
          if (Code::atoms[i][2] > 0) state[i] = 0;  // no nitrogen
        state[7] = any();
        break;
      case 5:
        for (std::size_t i = 0; i < species; ++i) state[i] = any();
        break;
      case 7:
        air.weather[cell * conditions + random.index(conditions)] = any();
        break;
      case 9:
        for (std::size_t i = 0; i < species; ++i) state[i] *= std::pow(10, random.uniform(-6, 6));
        break;
      default:
        break;
    }
  }
  return air;
}

template <class U>
long double total_of(const U* state, std::size_t element) {
  long double sum = 0;
  for (std::size_t i = 0; i < species; ++i)
    sum += Code::atoms[i][element] * static_cast<long double>(state[i]);
  return sum;
}

/// Each cell is kept to the bit, or finite, not negative and with the totals that it had.
template <template <class> class Kernel, class T, class U>
void check(bool exact) {
  const test::HostAir air = hostile_air();
  std::vector<U> state, weather;
  for (const double value : air.state) state.push_back(narrowed<U>(value));
  for (const double value : air.weather) weather.push_back(narrowed<U>(value));
  const std::vector<U> old = state;
  const Solver<Kernel, T> solver({.element_exact = exact});
  typename Solver<Kernel, T>::Workspace workspace;
  std::vector<CellFlags> flags(cells);
  const HostBinding binding =
      solver.bind({.species = {Code::species_names.begin(), Code::species_names.end()}});
  const StepStatus status = solver.advance(binding, Columns<U>::cell_major(state.data(), cells, species),
                                           Columns<const U>::cell_major(weather.data(), cells, conditions),
                                           3600, workspace, {.flags = flags.data()});
  std::size_t kept = 0;
  for (std::size_t cell = 0; cell < cells; ++cell) {
    const U* const before = &old[cell * species];
    const U* const after = &state[cell * species];
    if ((flags[cell] & flag(CellFlag::kept)) != 0) {
      ++kept;
      BOOST_TEST(cell % 2 == 1u);
      BOOST_TEST(std::memcmp(before, after, species * sizeof(U)) == 0, "cell " << cell);
      continue;
    }
    BOOST_TEST(flags[cell] == 0);
    for (std::size_t i = 0; i < species; ++i)
      BOOST_TEST((std::isfinite(after[i]) && after[i] >= 0), "cell " << cell << ", species " << i);
    for (std::size_t e = 0; exact && e < Code::elements.size(); ++e) {
      if (!Code::conserved[e]) continue;
      const long double a = total_of(before, e), b = total_of(after, e);
      // A number of the host is rounded once in its own type.
      const long double rounding = std::is_same_v<U, float> ? 2e-7L : 1e-12L;
      BOOST_TEST(std::abs(b - a) <= rounding * std::abs(a), "cell " << cell << ", " << Code::elements[e]
                                                                    << ": " << static_cast<double>(a)
                                                                    << " became " << static_cast<double>(b));
    }
  }
  BOOST_TEST(status.left_unchanged == kept);
  BOOST_TEST(kept > 40u);
  BOOST_TEST(kept < 160u);
}

}  // namespace

BOOST_AUTO_TEST_CASE(cells_of_hosts_in_double_are_right_or_untouched) {
  for (const bool exact : {true, false}) {
    check<Troposphere, float, double>(exact);
    check<Troposphere, double, double>(exact);
  }
}

BOOST_AUTO_TEST_CASE(cells_of_hosts_in_float_are_right_or_untouched) {
  for (const bool exact : {true, false}) {
    check<Troposphere, float, float>(exact);
    check<Troposphere, double, float>(exact);
  }
}

BOOST_AUTO_TEST_CASE(the_bits_of_good_cells_do_not_depend_on_hostile_ones) {
  const test::HostAir hostile_cells = hostile_air(), good(test::troposphere(), cells, 5);
  const Solver<Troposphere> solver;
  Solver<Troposphere>::Workspace workspace;
  const auto stepped = [&](const test::HostAir& air) {
    std::vector<double> state = air.state;
    const auto view = Columns<double>::cell_major(state.data(), cells, species);
    solver.advance(view, Columns<const double>::cell_major(air.weather.data(), cells, conditions), 3600, view,
                   workspace);
    return state;
  };
  const std::vector<double> beside = stepped(hostile_cells), alone = stepped(good);
  for (std::size_t cell = 0; cell < cells; cell += 2)
    BOOST_TEST(std::memcmp(&beside[cell * species], &alone[cell * species], species * sizeof(double)) == 0);
}
