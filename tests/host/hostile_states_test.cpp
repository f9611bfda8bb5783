#define BOOST_TEST_MODULE host_hostile_states
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

#include "../data/data_test_tools.hpp"
#include "small_emulator.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/emulator.hpp>
#include <chemnne/support/random.hpp>

using namespace chemnne;

namespace {

using C = test::Small<5>;  // D and E are predicted, not given
using Tested = Emulator<ChemNNE<C>, DefaultBackend>;
constexpr std::size_t species = 6, cells = 173;  // a cell of the host: X, E, C, A, D, B
constexpr double nan_value = std::numeric_limits<double>::quiet_NaN(), infinity = HUGE_VAL;

/// Element N is in A (1) and B (2), S in C (1) and B (1): an element absent takes B from the other.
struct Element {
  std::size_t place[2];
  double atoms[2];
};
constexpr Element elements[] = {{{3, 5}, {1, 2}}, {{2, 5}, {1, 1}}};
const std::vector<std::string> names{"X", "E", "C", "A", "D", "B"};
const std::vector<double> molar_mass{18, 30, 64, 46, 28, 76};

struct Fixture {
  test::TemporaryFolder folder;
  std::string path = folder.file("weights.safetensors");

  Fixture() {
    EmulatorDescription d = test::small_description<C>();
    d.conditions = {"temperature", "pressure"};
    d.condition_units = {"K", "Pa"};
    d.condition_range = {{243, 333}, {1e4, 1.1e5}};
    d.output_range = {{5, 11}, {5, 11}, {5, 11}, {5, 11}, {5, 11}};
    d.elements = {"N", "S"};
    d.composition = {{1, 2, 0, 0, 0}, {0, 1, 1, 0, 0}};
    std::vector<float> p = test::small_parameters<C>();
    p[3 + 4] = 6e4f;  // mean and deviation of the pressure
    p[8 + 4] = 3e4f;
    test::write_small<C>(path, p, d);
  }
};

constexpr double hostile[] = {0,    5e-324, 1e-320,   1e-310,    1e-40,     1e-30,  1e-8, 1e30, 1e300,
                              1e38, 3.5e38, infinity, -infinity, nan_value, -1e-20, -1,   -1e12};

/// A host's numbers, hostile in three cells of four; in a unit relative to air they are divided by its number
/// density first, so that most cells are ordinary air in every unit.
template <class T>
struct Air {
  std::vector<T> state, weather;  ///< [cell][species], [cell][condition]

  explicit Air(Unit unit) : state(cells * species), weather(cells * 2) {
    Random random(17);
    const auto pick = [&](std::size_t count) {
      return static_cast<std::size_t>(random.uniform(0, static_cast<double>(count)));
    };
    for (std::size_t cell = 0; cell < cells; ++cell) {
      double number[species], condition[2] = {random.uniform(250, 320), random.uniform(2e4, 1e5)};
      for (double& c : number) c = std::pow(10, random.uniform(6, 10));
      switch (cell % 8) {
        case 0:
          number[pick(species)] = hostile[pick(std::size(hostile))];
          break;
        case 1:
          number[5] = number[2] = hostile[pick(std::size(hostile))];
          break;  // an element (nearly) absent
        case 2:
          number[5] = number[2] = 0;
          break;
        case 3:
          for (double& c : number) c *= std::pow(10, random.uniform(-6, 6));
          break;
        case 4:
          condition[pick(2)] = hostile[pick(std::size(hostile))];
          break;
        case 5:
          for (double& c : number) c = hostile[pick(std::size(hostile))];
          break;
        default:
          break;
      }
      const double air = unit == Unit::number_density
                             ? 1
                             : number_density_of_pressure(cell % 8 == 4 ? 5e4 : condition[1], condition[0]);
      for (std::size_t i = 0; i < species; ++i) {
        const double mass = unit == Unit::mass_mixing_ratio ? molar_mass[i] / molar_mass_of_air : 1;
        state[cell * species + i] = narrowed<T>(number[i] * mass / (cell % 8 == 4 ? 1e19 : air));
      }
      for (std::size_t k = 0; k < 2; ++k) weather[cell * 2 + k] = narrowed<T>(condition[k]);
    }
  }
};

/// An element's total in the host's unit: moles of its atoms, but for a factor that a cell has.
template <class T>
long double total_of(const Element& element, const T* state, Unit unit) {
  long double sum = 0;
  for (std::size_t i = 0; i < 2; ++i)
    sum += static_cast<long double>(element.atoms[i]) * static_cast<long double>(state[element.place[i]]) /
           (unit == Unit::mass_mixing_ratio ? static_cast<long double>(molar_mass[element.place[i]]) : 1);
  return sum;
}

/// A solver that a host should not have: it gives up, does its work, or returns what is no state.
struct Solver {
  std::size_t calls = 0;
  bool operator()(GuardedCell& cell) noexcept {
    switch (++calls % 6) {
      case 0:
        return false;
      case 1:
        std::fill(cell.after.begin(), cell.after.end(), nan_value);
        return true;
      case 2:
        std::fill(cell.after.begin(), cell.after.end(), -3.0);
        return true;
      case 3:
        std::fill(cell.after.begin(), cell.after.end(), infinity);
        return true;
      case 4:
        std::fill(cell.after.begin(), cell.after.end(), 42.0);
        return true;
      default:
        for (std::size_t i = 0; i < cell.after.size(); ++i)
          cell.after[i] = i < cell.before.size() ? 0.9 * cell.before[i] : 1e7;
        return true;
    }
  }
};

/// A guard of a host's own that breaks what it can.
struct Breaking {
  std::size_t calls = 0;
  void act(GuardedCell& cell) noexcept {
    if (++calls % 5 == 0) cell.after[calls % cell.after.size()] *= 1.5;
    if (calls % 7 == 0) cell.after[calls % cell.after.size()] = -1;
    if (calls % 11 == 0) cell.after[calls % cell.after.size()] = nan_value;
    if (calls % 13 == 0) cell.set(CellFlag::kept);
  }
};

struct Seen {
  std::size_t advanced = 0, kept = 0;
};

/// The property, of one call.
template <class T, class Guard>
void check(const Tested& emulator, bool exact, Unit unit, int layout, double seconds, Guard guard,
           Seen& seen) {
  const Air<T> air(unit);
  std::vector<T> before(cells * species + 7, T(-5));
  const std::size_t length = 16;
  const Columns<T> view = layout == 0 ? Columns<T>::cell_major(before.data(), cells, species)
                          : layout == 1
                              ? Columns<T>::item_major(before.data(), cells)
                              : Columns<T>::blocks(before.data(), cells / length * length, species, length);
  const std::size_t used = view.cells;
  for (std::size_t cell = 0; cell < used; ++cell)
    for (std::size_t i = 0; i < species; ++i) view(cell, i) = air.state[cell * species + i];
  const std::vector<T> old = before;

  const HostBinding binding = emulator.bind({.species = names, .unit = unit, .molar_mass = molar_mass});
  Tested::Workspace workspace;
  std::vector<CellFlags> flags(used, 0);
  const StepStatus status =
      emulator.advance(binding, view, Columns<const T>::cell_major(air.weather.data(), used, 2), seconds,
                       workspace, {.flags = flags.data()}, guard);
  BOOST_TEST(status.valid_step);
  BOOST_TEST(status.cells == used);

  std::size_t kept = 0;
  for (std::size_t cell = 0; cell < used; ++cell) {
    T then[species], now[species];
    for (std::size_t i = 0; i < species; ++i) {
      now[i] = view(cell, i);
      then[i] = air.state[cell * species + i];
    }
    BOOST_TEST(std::memcmp(&now[0], &then[0], sizeof(T)) == 0);  // X is not the emulator's
    if ((flags[cell] & flag(CellFlag::kept)) != 0) {
      ++kept;
      BOOST_TEST(std::memcmp(now, then, sizeof now) == 0, "cell " << cell);
      continue;
    }
    for (std::size_t i = 1; i < species; ++i)
      BOOST_TEST((std::isfinite(now[i]) && now[i] >= 0), "cell " << cell << ": " << now[i]);
    if (!exact) continue;
    for (const Element& element : elements) {
      const long double a = total_of(element, then, unit), b = total_of(element, now, unit);
      // A number of the host is rounded once in its own type; the sums here have two terms.
      const long double rounding = std::is_same_v<T, float> ? 1e-7L : 1e-12L;
      BOOST_TEST(std::abs(b - a) <= rounding * std::abs(a),
                 "cell " << cell << ": " << static_cast<double>(a) << " became " << static_cast<double>(b));
    }
  }
  BOOST_TEST(status.left_unchanged == kept);
  seen.kept += kept;
  seen.advanced += used - kept;
  for (std::size_t i = used * species; i < before.size(); ++i)
    BOOST_TEST(std::memcmp(&before[i], &old[i], sizeof(T)) == 0);
}

template <class Guard>
void check_all(const std::string& path) {
  for (const bool exact : {true, false}) {
    const Tested emulator(path, {.element_exact = exact});
    Seen seen;
    for (const Unit unit : {Unit::number_density, Unit::mole_fraction, Unit::mass_mixing_ratio})
      for (const int layout : {0, 1, 2})
        for (const double seconds : {3600.0, 700.0, 2.5 * 3600}) {
          BOOST_TEST_CONTEXT("exact " << exact << ", unit " << static_cast<int>(unit) << ", layout " << layout
                                      << ", " << seconds << " s") {
            check<double>(emulator, exact, unit, layout, seconds, Guard{}, seen);
            check<float>(emulator, exact, unit, layout, seconds, Guard{}, seen);
          }
        }
    BOOST_TEST(seen.kept > 20u);  // of some 9000 each; KeepOld advances few whose totals are not projected
    BOOST_TEST(seen.advanced > 20u);
  }
}

struct Falling : FallBack<Solver> {
  Falling() : FallBack(Solver{}) {}
};
struct Sampling : FallBack<Solver> {
  Sampling() : FallBack(Solver{}, {.every = 3}) {}
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(clamped_cells_are_right_or_untouched, Fixture) { check_all<Clamp>(path); }
BOOST_FIXTURE_TEST_CASE(flagged_cells_are_right_or_untouched, Fixture) { check_all<FlagOnly>(path); }
BOOST_FIXTURE_TEST_CASE(cells_of_keep_old_are_right_or_untouched, Fixture) { check_all<KeepOld>(path); }
BOOST_FIXTURE_TEST_CASE(cells_of_a_bad_solver_are_right_or_untouched, Fixture) { check_all<Falling>(path); }
BOOST_FIXTURE_TEST_CASE(cells_that_a_bad_solver_corrects_are_right_or_untouched, Fixture) {
  check_all<Sampling>(path);
}
BOOST_FIXTURE_TEST_CASE(cells_of_a_bad_guard_are_right_or_untouched, Fixture) { check_all<Breaking>(path); }

// Ordinary air beside hostile air does not notice, and what is hostile in one trace stops no cell.
BOOST_FIXTURE_TEST_CASE(traces_that_transport_leaves_stop_no_chemistry, Fixture) {
  const Tested emulator(path);
  const HostBinding binding = emulator.bind({.species = {"A", "B", "C", "D", "E"}});
  Tested::Workspace workspace;
  for (const double trace : {0.0, 5e-324, 1e-310, 1e-40, 1e-20, 1e-3}) {
    double state[] = {1e9, trace, trace, 1e7, 1e7}, weather[] = {288, 9e4};
    CellFlags found = 0;
    emulator.advance(binding, Columns<double>::cell_major(state, 1, 5),
                     Columns<const double>::cell_major(weather, 1, 2), 3600, workspace, {.flags = &found});
    BOOST_TEST((found & flag(CellFlag::kept)) == 0, trace);
    BOOST_TEST(state[3] != 1e7);
    BOOST_TEST(state[0] + 2 * state[1] == 1e9 + 2 * trace, boost::test_tools::tolerance(1e-14));
  }
}
