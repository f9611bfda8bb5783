#define BOOST_TEST_MODULE solver_rosenbrock_solver
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "../host/counted_allocations.hpp"
#include "solver_cases.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/reference/reference_solver.hpp>
#include <chemnne/solver/rosenbrock_method.hpp>

using namespace chemnne;

namespace {

template <class Method_, class T_>
struct Kind {
  using Method = Method_;
  using T = T_;
};
/// Each method and each number once: all four pairs would compile twice as long and tell nothing new.
using Kinds = std::tuple<Kind<Rodas3, float>, Kind<Rodas4, double>>;

constexpr double hour = 3600;

const Mechanism& troposphere() {
  static const Mechanism mechanism = test::troposphere();
  return mechanism;
}

/// Random air by day and night, some of it with fresh NO.
std::vector<test::Cell> random_cells(std::size_t count, std::uint64_t seed = 3) {
  std::vector<test::Cell> cells;
  ChemicalSystem system(troposphere());
  Random random{seed};
  for (std::size_t n = 0; n < count; ++n) {
    cells.push_back(test::random_cell(troposphere(), system, random));
    if (n % 3 == 0) cells.back().state[troposphere().index_of("NO")] = 2e12;
  }
  return cells;
}

/// A solver of the example's mechanism with its kernel.
template <class K>
struct Solver {
  using T = typename K::T;
  explicit Solver(const RosenbrockOptions& options = {}, const Mechanism& mechanism = troposphere())
      : kernel(KineticsProgram(mechanism)), solver(kernel, options) {}

  test::CellList<T> solved(const std::vector<test::Cell>& cells, std::vector<double> times = {hour}) {
    test::CellList<T> list(kernel.size(), std::move(times), cells);
    solver.integrate(list);
    BOOST_TEST(list.kept_the_order());
    return list;
  }

  TableKernel<T> kernel;
  RosenbrockSolver<typename K::Method, TableKernel<T>> solver;
};

template <class T>
bool all_finite_and_not_negative(const std::vector<T>& values) {
  return std::all_of(values.begin(), values.end(), [](T c) { return std::isfinite(c) && c >= 0; });
}

template <class T>
bool same(const std::vector<T>& a, const std::vector<T>& b) {
  return test::same_bits<T>(a, b);
}

const std::vector<double> some_times{1, 60, 600, 601, 1800, hour};

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(a_cell_has_the_same_bits_alone_among_others_in_any_order_and_split, K, Kinds) {
  const std::vector<test::Cell> cells = random_cells(43);
  Solver<K> solver;
  const auto together = solver.solved(cells, some_times);
  BOOST_TEST(together.solved() == cells.size());
  const long attempts = solver.solver.statistics().attempts;
  long alone_attempts = 0;
  for (std::size_t n = 0; n < cells.size(); ++n) {
    Solver<K> fresh;
    BOOST_TEST(same(fresh.solved({cells[n]}, some_times).results(0), together.results(n)));
    alone_attempts += fresh.solver.statistics().attempts;
    BOOST_TEST(fresh.solver.statistics().attempts == fresh.solver.statistics().sweeps);
  }
  BOOST_TEST(alone_attempts == attempts);

  const auto reversed = solver.solved({cells.rbegin(), cells.rend()}, some_times);
  for (std::size_t n = 0; n < cells.size(); ++n)
    BOOST_TEST(same(reversed.results(cells.size() - 1 - n), together.results(n)));

  for (std::size_t first = 0, count = 1; first < cells.size(); first += count, count += 4) {
    count = std::min(count, cells.size() - first);
    const auto begin = cells.begin() + static_cast<std::ptrdiff_t>(first);
    const auto part = solver.solved({begin, begin + static_cast<std::ptrdiff_t>(count)}, some_times);
    for (std::size_t n = 0; n < count; ++n) BOOST_TEST(same(part.results(n), together.results(first + n)));
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(cells_may_have_times_of_their_own, K, Kinds) {
  std::vector<test::Cell> cells = random_cells(20);
  for (std::size_t n = 0; n < cells.size(); ++n)
    for (std::size_t f = 0; f <= n % 4; ++f)
      cells[n].times.push_back((static_cast<double>(f) + 1) * 100 * (1 + static_cast<double>(n)));
  const auto together = Solver<K>().solved(cells);
  BOOST_TEST(together.solved() == cells.size());
  for (std::size_t n = 0; n < cells.size(); ++n)
    BOOST_TEST(same(Solver<K>().solved({cells[n]}, cells[n].times).results(0), together.results(n)));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(cells_may_appear_when_others_are_finished, K, Kinds) {
  const std::vector<test::Cell> cells = random_cells(43);
  const auto together = Solver<K>().solved(cells);
  for (const std::size_t held_back : {1u, 30u, 42u}) {
    Solver<K> solver;
    test::CellList<typename K::T> list(troposphere().variable_species, {hour}, cells);
    list.hold_back(held_back);
    solver.solver.integrate(list);
    BOOST_TEST(list.kept_the_order());
    BOOST_TEST(list.solved() == cells.size());
    for (std::size_t n = 0; n < cells.size(); ++n) BOOST_TEST(same(list.results(n), together.results(n)));
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(no_cells_are_no_work, K, Kinds) {
  Solver<K> solver;
  BOOST_TEST(solver.solved({}).solved() == 0u);
  BOOST_TEST(solver.solver.statistics().sweeps == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(bad_cells_are_reported_and_disturb_no_other_by_a_bit, K, Kinds) {
  using T = typename K::T;
  constexpr T largest = std::numeric_limits<T>::max();
  const std::vector<test::Cell> good = random_cells(20);
  Solver<K> solver;
  const auto undisturbed = solver.solved(good);
  for (const double value :
       {test::not_a_number, test::infinity, -test::infinity, 1e300, static_cast<double>(largest),
        std::sqrt(static_cast<double>(largest)), -1.0, -1e6, -1e12, -1e300})
    for (const bool in_rates : {false, true}) {
      std::vector<test::Cell> cells;
      for (std::size_t n = 0; n < good.size(); ++n) {
        cells.push_back(good[n]);
        cells.push_back(good[n]);
        (in_rates ? cells.back().rates[7 * n] : cells.back().state[2 * n]) = value;
      }
      const auto mixed = solver.solved(cells);
      const std::string name = (in_rates ? "rate " : "species ") + std::to_string(value);
      for (std::size_t n = 0; n < good.size(); ++n) {
        BOOST_TEST(mixed.solved(2 * n), name);
        BOOST_TEST(same(mixed.results(2 * n), undisturbed.results(n)), name);
        const bool solved = mixed.solved(2 * n + 1);
        if (!std::isfinite(static_cast<T>(value))) BOOST_TEST(!solved, name);
        if (solved) BOOST_TEST(all_finite_and_not_negative(mixed.results(2 * n + 1)), name);
      }
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_grows_beyond_the_numbers_is_not_solved, K, Kinds) {
  // exp(t) after an hour, and 1 / (1 - t) after two seconds.
  const std::vector<double> one{1}, rate{1};
  for (const test::Reaction& reaction :
       {test::Reaction{1, {0}, {0, 0}}, test::Reaction{1, {0, 0}, {0, 0, 0}}}) {
    Solver<K> solver({.absolute_tolerance = 1e-3, .maximum_attempts = 20000},
                     test::mechanism_of(1, {reaction}));
    const auto end = solver.solved({{one, rate}});
    BOOST_TEST(!end.solved(0));
    BOOST_TEST(solver.solver.statistics().failures == 1);
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(empty_faint_dark_cold_and_thin_air_is_solved_as_by_cvode, K, Kinds) {
  ChemicalSystem system(troposphere());
  ReferenceSolver<ChemicalSystem> reference(system, {.relative_tolerance = 1e-8});
  const RosenbrockOptions options{.relative_tolerance = 1e-3};
  Random random{17};
  std::vector<test::Cell> cells;
  std::vector<std::vector<double>> ends;
  const auto size = static_cast<double>(std::numeric_limits<typename K::T>::denorm_min());
  for (const Environment& environment :
       {Environment{}, Environment{.cosine_zenith = -1}, Environment{.temperature = 190, .pressure = 2e4},
        Environment{.temperature = 190, .pressure = 1, .relative_humidity = 1},
        Environment{.temperature = 330, .pressure = 1e5, .photolysis_scaling = 100}})
    for (const int state : {0, 1, 2, 3}) {
      system.set_environment(environment);
      std::vector<double> c = test::random_state(system.size(), 3, 11, random);
      if (state < 2) std::fill(c.begin(), c.end(), state == 0 ? 0.0 : 3 * size);
      if (state == 2) c[troposphere().index_of("NO")] = size;
      cells.push_back({c, test::kernel_rates(troposphere(), system)});
      BOOST_REQUIRE(reference.integrate(c, hour));
      ends.push_back(c);
    }
  const auto found = Solver<K>(options).solved(cells);
  double worst = 0;
  for (std::size_t n = 0; n < cells.size(); ++n) {
    BOOST_TEST(found.solved(n), "cell " << n);
    BOOST_TEST(all_finite_and_not_negative(found.results(n)), "cell " << n);
    const auto c = found.result(n);
    for (std::size_t i = 0; i < c.size(); ++i)
      test::keep_largest(worst, std::abs(static_cast<double>(c[i]) - ends[n][i]) /
                                    (options.absolute_tolerance + options.relative_tolerance * ends[n][i]));
  }
  BOOST_TEST(worst < 100);  // the factor that rosenbrock_solver_accuracy states; 7 measured
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_species_that_is_taken_without_being_in_the_rate_law_is_solved_too, K, Kinds) {
  // As CVODE: C goes below zero, is zero where it is stored, and the depth is reported.
  const Mechanism mechanism =
      parse_kpp("#DEFVAR\nA = IGNORE; B = IGNORE; C = IGNORE;\n#EQUATIONS\nA = B - C : 1D-3;\n", "taken.kpp");
  Solver<K> solver({.relative_tolerance = 1e-3}, mechanism);
  const auto end = solver.solved({{{1e10, 0, 0.5e10}, {1e-3}}});
  BOOST_TEST(end.solved(0));
  const double left = 1e10 * std::exp(-3.6);
  const auto c = end.result(0);
  // Some tens of local errors.
  BOOST_TEST(static_cast<double>(c[0]) == left, boost::test_tools::tolerance(2e-2));
  BOOST_TEST(static_cast<double>(c[2]) == 0.0);
  BOOST_TEST(end.undershoot(0) == 0.5e10 - left, boost::test_tools::tolerance(2e-2));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(values_below_zero_become_zero_and_the_deepest_is_reported, K, Kinds) {
  // A' = -k A stays below zero if it begins there.
  const Mechanism mechanism = test::mechanism_of(2, {{1e-4, {0}, {1}}});
  Solver<K> solver({.relative_tolerance = 1e-3, .absolute_tolerance = 1e-3}, mechanism);
  const auto end = solver.solved({{{-1e6, 5e6}, {1e-4}}, {{1e6, 5e6}, {1e-4}}});
  BOOST_TEST(end.solved() == 2u);
  BOOST_TEST(static_cast<double>(end.result(0)[0]) == 0.0);
  BOOST_TEST(end.undershoot(0) == 1e6 * std::exp(-0.36), boost::test_tools::tolerance(1e-2));
  BOOST_TEST(end.undershoot(1) == 0.0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_first_step_hardly_matters, K, Kinds) {
  const std::vector<test::Cell> cells = random_cells(16);
  const RosenbrockOptions options{.relative_tolerance = 1e-3};
  const auto usual = Solver<K>(options).solved(cells);
  for (const double first_step : {1e-9, 1e9}) {
    RosenbrockOptions other = options;
    other.first_step = first_step;
    const auto found = Solver<K>(other).solved(cells);
    BOOST_TEST(found.solved() == cells.size());
    double worst = 0;
    for (std::size_t n = 0; n < cells.size(); ++n)
      for (std::size_t i = 0; i < found.result(n).size(); ++i) {
        const double a = static_cast<double>(usual.result(n)[i]), b = static_cast<double>(found.result(n)[i]);
        test::keep_largest(worst,
                           std::abs(a - b) / (options.absolute_tolerance + options.relative_tolerance * a));
      }
    BOOST_TEST(worst < 50);  // both are as near to the truth; 1.4 measured
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_integration_allocates_nothing_and_does_not_throw, K, Kinds) {
  std::vector<test::Cell> cells = random_cells(43);
  cells[5].state[3] = test::not_a_number;
  cells[6].state[3] = -1e20;
  test::CellList<typename K::T> list(troposphere().variable_species, some_times, cells);
  Solver<K> solver;
  static_assert(noexcept(solver.solver.integrate(list)));
#if defined(CHEMNNE_COUNTS_ALLOCATIONS)
  const long before = test::allocations;
  BOOST_TEST(before > 0);
  solver.solver.integrate(list);
  BOOST_TEST(test::allocations - before == 0);
#endif
}

BOOST_AUTO_TEST_CASE_TEMPLATE(cells_that_need_too_many_steps_are_tried_twice_and_counted, K, Kinds) {
  const std::vector<test::Cell> cells = random_cells(21);
  Solver<K> solver({.maximum_attempts = 3});
  const auto end = solver.solved(cells);
  const RosenbrockStatistics& statistics = solver.solver.statistics();
  BOOST_TEST(end.solved() == 0u);
  BOOST_TEST(statistics.retries == 21);
  BOOST_TEST(statistics.failures == 21);
  BOOST_TEST(statistics.attempts == 21 * 6);
  BOOST_TEST(statistics.steps <= statistics.attempts);
  BOOST_TEST(statistics.sweeps * static_cast<long>(test::CellList<typename K::T>::lanes) >=
             statistics.attempts);
  // The same cells with steps enough.
  Solver<K> patient;
  BOOST_TEST(patient.solved(cells).solved() == 21u);
  BOOST_TEST(patient.solver.statistics().failures == 0);
}

BOOST_AUTO_TEST_CASE(options_that_make_no_sense_are_errors_that_name_them) {
  const TableKernel<double> kernel{KineticsProgram(troposphere())};
  const auto named = [&](const RosenbrockOptions& options, const std::string& name) {
    try {
      RosenbrockSolver<Rodas3, TableKernel<double>> solver(kernel, options);
    } catch (const Error& error) {
      return std::string(error.what()).find(name) != std::string::npos;
    }
    return false;
  };
  for (const double bad : {0.0, -1.0, test::not_a_number, test::infinity}) {
    BOOST_TEST(named({.relative_tolerance = bad}, "relative_tolerance"));
    BOOST_TEST(named({.absolute_tolerance = bad}, "absolute_tolerance"));
    BOOST_TEST(named({.first_step = bad}, "first_step"));
  }
  BOOST_TEST(named({.maximum_attempts = 0}, "maximum_attempts"));
  BOOST_CHECK_NO_THROW((RosenbrockSolver<Rodas3, TableKernel<double>>(kernel)));
}
