#define BOOST_TEST_MODULE host_solver
#include <algorithm>
#include <array>
#include <bitset>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include "../data/data_test_tools.hpp"
#include "counted_allocations.hpp"
#include "solver_cases.hpp"
#include <boost/test/unit_test.hpp>
#include <solver_kernel_peroxy.hpp>
#include <solver_kernel_troposphere.hpp>

#include <chemnne/reference/reference_solver.hpp>
#include <chemnne/solver.hpp>

using namespace chemnne;
using test::contains;
using test::message_of;

namespace {

constexpr double hour = 3600;
constexpr std::size_t species = Troposphere<float>::size(), conditions = test::HostAir::conditions;
using Single = Solver<Troposphere, float>;
using Double = Solver<Troposphere, double>;
using Both = std::tuple<Single, Double>;

const Mechanism& troposphere() {
  static const Mechanism mechanism = test::troposphere();
  return mechanism;
}

template <class U>
Columns<U> rows(std::vector<std::remove_const_t<U>>& values, std::size_t items) {
  return Columns<U>::cell_major(values.data(), values.size() / items, items);
}
Columns<const double> rows(const std::vector<double>& values, std::size_t items) {
  return Columns<const double>::cell_major(values.data(), values.size() / items, items);
}

/// Number densities after an hour, by one thread.
template <class Tested>
std::vector<double> after_an_hour(const Tested& solver, const test::HostAir& air) {
  std::vector<double> state = air.state;
  typename Tested::Workspace workspace;
  const StepStatus status = solver.advance(rows<double>(state, species), rows(air.weather, conditions), hour,
                                           rows<double>(state, species), workspace);
  BOOST_TEST(status.clean());
  BOOST_TEST(status.cells == air.environment.size());
  return state;
}

template <class T>
bool same_bits(const std::vector<T>& a, const std::vector<T>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
}

/// A host's species: the mechanism's backwards behind one of its own.
std::vector<std::string> names_of_host() {
  std::vector<std::string> names{"dust"};
  names.insert(names.end(), Troposphere<float>::species_names.rbegin(),
               Troposphere<float>::species_names.rend());
  return names;
}
constexpr std::size_t host_species = species + 1;

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(it_agrees_with_cvode, Tested, Both) {
  const test::HostAir air(troposphere(), 40);
  constexpr double tolerance = 1e-4;
  const Tested solver({.relative_tolerance = tolerance, .absolute_tolerance = 10});
  const std::vector<double> state = after_an_hour(solver, air);
  ChemicalSystem system(troposphere());
  ReferenceSolver<ChemicalSystem> reference(system, {.relative_tolerance = 1e-8});
  double worst = 0;
  for (std::size_t cell = 0; cell < air.environment.size(); ++cell) {
    system.set_environment(air.environment[cell]);
    std::vector<double> c(air.state.begin() + static_cast<std::ptrdiff_t>(cell * species),
                          air.state.begin() + static_cast<std::ptrdiff_t>((cell + 1) * species));
    const SolverStatus status = reference.integrate(c, hour);
    BOOST_REQUIRE_MESSAGE(status, status.reason);
    for (std::size_t i = 0; i < species; ++i)
      worst = std::max(worst, std::abs(state[cell * species + i] - c[i]) / (1e4 + c[i]));
  }
  BOOST_TEST(worst < 30 * tolerance);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(layouts_of_a_host_give_the_same_bits, U,
                              decltype(std::tuple<float, double>{})) {
  constexpr std::size_t cells = 37, length = 8;
  const test::HostAir air(troposphere(), cells);
  const Single solver;
  const HostBinding binding = solver.bind({.species = names_of_host()});
  const auto advanced = [&](Columns<U> view, std::vector<U>& memory, Columns<U> weather) {
    for (std::size_t cell = 0; cell < cells; ++cell) {
      view(cell, 0) = U(-3);  // not the solver's
      for (std::size_t i = 0; i < species; ++i)
        view(cell, species - i) = static_cast<U>(air.state[cell * species + i]);
      for (std::size_t k = 0; k < conditions; ++k)
        weather(cell, k) = static_cast<U>(air.weather[cell * conditions + k]);
    }
    Single::Workspace workspace;
    BOOST_TEST(solver.advance(binding, view, weather, hour, workspace).clean());
    std::vector<U> result;
    for (std::size_t cell = 0; cell < cells; ++cell)
      for (std::size_t i = 0; i < host_species; ++i) result.push_back(view(cell, i));
    for (std::size_t i = cells * host_species; i < memory.size() - length * host_species; ++i)
      BOOST_TEST(memory[i] == U(-5));
    return result;
  };
  std::vector<U> memory[3], weather(cells * conditions);
  for (std::vector<U>& one : memory) one.assign((cells + length) * host_species, U(-5));
  const auto by_cell = advanced(Columns<U>::cell_major(memory[0].data(), cells, host_species), memory[0],
                                Columns<U>::cell_major(weather.data(), cells, conditions));
  const auto by_species = advanced(Columns<U>::item_major(memory[1].data(), cells), memory[1],
                                   Columns<U>::item_major(weather.data(), cells));
  const auto by_block = advanced(Columns<U>::blocks(memory[2].data(), cells, host_species, length), memory[2],
                                 Columns<U>::item_major(weather.data(), cells));
  BOOST_TEST(same_bits(by_cell, by_species));
  BOOST_TEST(same_bits(by_cell, by_block));
  for (std::size_t cell = 0; cell < cells; ++cell) BOOST_TEST(by_cell[cell * host_species] == U(-3));
}

BOOST_AUTO_TEST_CASE(units_are_the_hosts) {
  const test::HostAir air(troposphere(), 20);
  const Double solver({.relative_tolerance = 1e-4});
  const std::vector<double> expected = after_an_hour(solver, air);
  std::vector<std::string> names(Troposphere<float>::species_names.begin(),
                                 Troposphere<float>::species_names.end());
  std::vector<double> mass(species);
  for (std::size_t i = 0; i < species; ++i) mass[i] = 16 + static_cast<double>(i);
  for (const Unit unit : {Unit::mole_fraction, Unit::mass_mixing_ratio}) {
    const HostBinding binding = solver.bind({.species = names, .unit = unit, .molar_mass = mass});
    const auto scale = [&](std::size_t cell, std::size_t i) {
      const double n =
          number_density_of_pressure(air.weather[cell * conditions + 1], air.weather[cell * conditions]);
      return unit == Unit::mole_fraction ? n : n * molar_mass_of_air / mass[i];
    };
    std::vector<double> state = air.state;
    for (std::size_t n = 0; n < state.size(); ++n) state[n] /= scale(n / species, n % species);
    Double::Workspace workspace;
    BOOST_TEST(
        solver.advance(binding, rows<double>(state, species), rows(air.weather, conditions), hour, workspace)
            .clean());
    double worst = 0;
    for (std::size_t n = 0; n < state.size(); ++n)
      worst = std::max(
          worst, std::abs(state[n] * scale(n / species, n % species) - expected[n]) / (1e3 + expected[n]));
    BOOST_TEST(worst < 1e-9);
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(splits_and_threads_change_no_bit, Tested, Both) {
  constexpr std::size_t cells = 1300;  // more than a block
  const test::HostAir air(troposphere(), cells);
  Tested solver({.relative_tolerance = 0.1, .threads = 3});
  const std::vector<double> whole = after_an_hour(solver, air);
  std::vector<double> by_threads(whole.size());
  const StepStatus status = solver.advance(rows(air.state, species), rows(air.weather, conditions), hour,
                                           rows<double>(by_threads, species));
  BOOST_TEST((status.clean() && status.cells == cells));
  BOOST_TEST(same_bits(whole, by_threads));
  for (const std::size_t part : {1u, 7u, 500u}) {
    std::vector<double> state = air.state;
    typename Tested::Workspace workspace;
    StepStatus sum;
    for (std::size_t first = 0; first < cells; first += part) {
      const std::size_t count = std::min(part, cells - first);
      const auto view = Columns<double>::cell_major(state.data() + first * species, count, species);
      sum += solver.advance(
          view, Columns<const double>::cell_major(air.weather.data() + first * conditions, count, conditions),
          hour, view, workspace);
    }
    BOOST_TEST((sum.clean() && sum.cells == cells));
    BOOST_TEST(same_bits(whole, state));
  }
}

BOOST_AUTO_TEST_CASE(a_step_without_length_or_with_other_cells_changes_nothing) {
  const test::HostAir air(troposphere(), 4);
  const HostBinding binding = Single().bind({.species = names_of_host()});
  std::vector<double> state(4 * host_species, 1e9), after = air.state;
  const std::vector<double> old = state;
  Single solver;
  Single::Workspace workspace;
  const double nan = test::not_a_number;
  for (const double seconds : {0.0, -1.0, nan, test::infinity, 2 * Single::longest_step}) {
    BOOST_TEST(!solver
                    .advance(binding, rows<double>(state, host_species), rows(air.weather, conditions),
                             seconds, workspace)
                    .valid_step);
    BOOST_TEST(!solver
                    .advance(rows<double>(after, species), rows(air.weather, conditions), seconds,
                             rows<double>(after, species))
                    .valid_step);
  }
  auto fewer = rows(air.weather, conditions);
  fewer.cells = 3;
  BOOST_TEST(!solver.advance(binding, rows<double>(state, host_species), fewer, hour, workspace).valid_step);
  BOOST_TEST(same_bits(state, old));
  BOOST_TEST(same_bits(after, air.state));
}

BOOST_AUTO_TEST_CASE(names_and_options_that_make_no_sense_are_errors) {
  const Single solver;
  BOOST_TEST(solver.species_index("O3") == 2u);
  BOOST_TEST(solver.condition_index("pressure") == 1u);
  BOOST_TEST(contains(message_of([&] { solver.species_index("XX"); }),
                      "solver: expected a variable species, found 'XX'"));
  BOOST_TEST(contains(message_of([&] { solver.condition_index("XX"); }), "'XX'"));
  BOOST_TEST(
      contains(message_of([&] { solver.bind({.species = {"O3"}}); }), "a species of the host named 'O'"));
  BOOST_TEST(contains(message_of([] { Single({.relative_tolerance = 0}); }), "relative_tolerance"));
  BOOST_TEST(solver.description().fingerprint == troposphere().fingerprint());
  BOOST_TEST((solver.description().elements == std::vector<std::string>{"C", "N", "S"}));
}

BOOST_AUTO_TEST_CASE(conditions_that_are_no_air_keep_the_cell) {
  struct Case {
    std::size_t condition;
    double value;
    bool physical;
  };
  const double nan = test::not_a_number;
  const Case cases[] = {
      {0, 288, true},  {0, 122, false}, {0, 333, false}, {0, nan, false},   {1, 0.5, false},
      {1, 3e5, false}, {1, 1, false},   {2, -5, true},   {2, 201, false},   {3, -1, true},
      {3, 1.1, false}, {3, -2, false},  {4, -1, true},   {4, 1e300, false}, {4, test::infinity, false}};
  const test::HostAir air(troposphere(), std::size(cases));
  std::vector<double> weather = air.weather, state = air.state;
  for (std::size_t n = 0; n < std::size(cases); ++n)
    weather[n * conditions + cases[n].condition] = cases[n].value;
  const Single solver;
  Single::Workspace workspace;
  std::vector<CellFlags> flags(std::size(cases));
  solver.advance(rows<double>(state, species), rows<const double>(weather, conditions), hour,
                 rows<double>(state, species), workspace, {.flags = flags.data()});
  for (std::size_t n = 0; n < std::size(cases); ++n) {
    const bool kept =
        std::memcmp(&state[n * species], &air.state[n * species], species * sizeof(double)) == 0;
    BOOST_TEST(kept == !cases[n].physical, "case " << n);
    BOOST_TEST(flags[n] == (kept ? flag(CellFlag::unphysical) | flag(CellFlag::kept) : 0), "case " << n);
  }
}

BOOST_AUTO_TEST_CASE(what_does_not_react_keeps_its_bits_and_its_share) {
  using Tested = Solver<test::Decay, float>;
  const Tested solver({.relative_tolerance = 1e-3});
  Tested::Workspace workspace;
  const double third = 1e10 / 3;
  std::vector<double> state{third, third, third, 0, third, -third, -1e3, third, 1e-300, third, third, 1e3};
  const std::vector<double> old = state, rate{1e-4, 1e-4, 1e-4, -1e-4};
  std::vector<CellFlags> flags(4);
  solver.advance(rows<double>(state, 3), rows(rate, 1), hour, rows<double>(state, 3), workspace,
                 {.flags = flags.data()});
  for (std::size_t cell = 0; cell < 3; ++cell) {
    BOOST_TEST(flags[cell] == 0);
    BOOST_TEST(state[3 * cell + 2] == old[3 * cell + 2]);
    BOOST_TEST(state[3 * cell] + state[3 * cell + 1] == old[3 * cell] + old[3 * cell + 1],
               boost::test_tools::tolerance(1e-14));
  }
  BOOST_TEST(state[0] == third * std::exp(-0.36), boost::test_tools::tolerance(1e-3));
  BOOST_TEST(state[4] == third);  // nothing that becomes it
  BOOST_TEST(state[6] == 0);      // negative: nothing to the solver, less for the others
  // A rate constant below 0 is none.
  BOOST_TEST(flags[3] == (flag(CellFlag::unphysical) | flag(CellFlag::kept)));
  BOOST_TEST(std::equal(state.begin() + 9, state.end(), old.begin() + 9));
}

// Parameters and fixed species are conditions; no element is conserved for certain.
BOOST_AUTO_TEST_CASE(what_rate_constants_want_are_conditions) {
  using Tested = Solver<PeroxyRadicals>;
  const Tested solver;
  BOOST_TEST(solver.description().elements.empty());
  std::vector<std::string> names(PeroxyRadicals<float>::species_names.begin(),
                                 PeroxyRadicals<float>::species_names.end());
  const HostBinding binding =
      solver.bind({.species = names,
                   .conditions = {"SOIL", "temperature", "pressure", "relative_humidity", "cosine_zenith",
                                  "photolysis_scaling", "EXTRA"}});
  Tested::Workspace workspace;
  const std::size_t no = solver.species_index("NO");
  double end[2];
  for (const int soil : {0, 1}) {
    std::vector<double> state(Tested::species, 1e8);
    const std::vector<double> weather{1e6 * soil, 288, 9e4, 50, 0.5, 1, 1};
    BOOST_TEST(
        solver.advance(binding, rows<double>(state, Tested::species), rows(weather, 7), hour, workspace)
            .clean());
    end[soil] = state[no] + state[solver.species_index("NO2")];
  }
  BOOST_TEST(end[1] > end[0] + 1e5);  // emissions of soil
}

#ifdef CHEMNNE_COUNTS_ALLOCATIONS
BOOST_AUTO_TEST_CASE(a_step_allocates_nothing) {
  const test::HostAir air(troposphere(), 700);
  Single solver;
  Single::Workspace workspace;
  std::vector<double> state = air.state;
  state[3] = test::not_a_number;
  const auto step = [&] {
    solver.advance(rows<double>(state, species), rows(air.weather, conditions), hour,
                   rows<double>(state, species), workspace);
    solver.advance(rows<double>(state, species), rows(air.weather, conditions), hour,
                   rows<double>(state, species));
  };
  step();
  const long before = test::allocations;
  step();
  BOOST_TEST(test::allocations == before);
}
#endif
