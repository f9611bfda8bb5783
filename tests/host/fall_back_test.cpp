#define BOOST_TEST_MODULE host_fall_back
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "../data/data_test_tools.hpp"
#include "small_emulator.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/emulator.hpp>
#include <chemnne/support/random.hpp>

using namespace chemnne;
namespace tt = boost::test_tools;

namespace {

constexpr std::size_t species = 3, coordinates = 5;

/// Guarded cells of any kind: the network left each species as it was.
struct Block {
  explicit Block(std::size_t count)
      : before(count * species),
        after(count * species),
        scratch(count * species, -1),
        seen(count * coordinates) {
    for (std::size_t i = 0; i < before.size(); ++i) before[i] = after[i] = 1e6 * static_cast<double>(1 + i);
    for (std::size_t cell = 0; cell < count; ++cell)
      cells.push_back({.cell = cell,
                       .before = {&before[cell * species], species},
                       .conditions = {},
                       .seconds = 3600,
                       .limits = limits,
                       .after = {&after[cell * species], species},
                       .flags = 0,
                       .seen = {&seen[cell * coordinates], coordinates},
                       .floors = floors,
                       .scratch = {&scratch[cell * species], species}});
  }
  /// Puts a cell so many deviations from all that are at the origin.
  void move(std::size_t cell, double distance) {
    std::fill_n(&seen[cell * coordinates], coordinates, distance);
  }
  double factor(std::size_t cell, std::size_t i = 0) const {
    return after[cell * species + i] / before[cell * species + i];
  }
  bool is_solved(std::size_t cell) const { return cells[cell].is(CellFlag::solved); }

  std::vector<double> before, after, scratch, seen;
  std::vector<double> floors = std::vector<double>(species, 1e-6);
  std::vector<RangeLimit> limits = std::vector<RangeLimit>(species, RangeLimit({-300, 300}));
  std::vector<GuardedCell> cells;
};

/// What the network does not know: species i grows by a factor of 1.1 + i.
const auto solve = [](GuardedCell& cell) noexcept {
  for (std::size_t i = 0; i < species; ++i) cell.after[i] = cell.before[i] * (1.1 + static_cast<double>(i));
  return true;
};

}  // namespace

BOOST_AUTO_TEST_CASE(in_as_many_turns_as_cells_of_a_period_each_is_solved_once) {
  std::vector<int> times(23);
  for (std::size_t turn = 100; turn < 107; ++turn) {
    Block block(times.size());
    FallBack(solve, {.every = 7, .turn = turn}).act(block.cells);
    for (std::size_t cell = 0; cell < times.size(); ++cell) times[cell] += block.is_solved(cell);
  }
  BOOST_TEST(std::ranges::all_of(times, [](int n) { return n == 1; }));
  Block none(30);
  FallBack(solve).act(none.cells);
  BOOST_TEST(none.after == none.before, tt::per_element());
  Block all(30);
  FallBack(solve, {.every = 1}).act(all.cells);
  for (std::size_t cell = 0; cell < 30; ++cell) BOOST_TEST(all.is_solved(cell));
  BOOST_TEST(!SolvedSample{}.takes(0));
  BOOST_TEST((SolvedSample{.every = 3, .turn = std::numeric_limits<std::size_t>::max()}.takes(3) !=
              SolvedSample{.every = 3, .turn = std::numeric_limits<std::size_t>::max()}.takes(4)));
}

BOOST_AUTO_TEST_CASE(cells_alike_get_what_the_network_was_off_and_cells_apart_do_not) {
  Block block(5);
  block.move(1, 0.1);
  block.move(2, 1);
  block.move(3, 10);
  FallBack guard(solve, {.every = 5});
  guard.act(block.cells);
  BOOST_TEST(block.is_solved(0));
  for (std::size_t i = 0; i < species; ++i) {
    const double off = std::log(1.1 + static_cast<double>(i));
    // 1 / (1 + 81 (1e-4 + d^2)^2) of it.
    for (const auto& [cell, distance] : {std::pair{4, 0.0}, {1, 0.1}, {2, 1.0}, {3, 10.0}}) {
      const double square = 1e-4 + distance * distance;
      BOOST_TEST(
          block.factor(static_cast<std::size_t>(cell), i) == std::exp(off / (1 + 81 * square * square)),
          tt::tolerance(1e-12));
    }
    BOOST_TEST(block.factor(4, i) == std::exp(off), tt::tolerance(1e-6));
    BOOST_TEST(block.factor(3, i) == 1, tt::tolerance(2e-4));
  }
  double squares = 0;
  for (std::size_t i = 0; i < species; ++i) squares += std::pow(std::log10(1.1 + static_cast<double>(i)), 2);
  BOOST_TEST(guard.error().decades() == std::sqrt(squares / species), tt::tolerance(1e-9));
  BOOST_TEST(guard.error().values == species);
  BOOST_TEST(FallBack(solve).error().decades() == 0);
}

BOOST_AUTO_TEST_CASE(of_two_that_were_solved_the_nearer_counts) {
  Block block(6);
  block.move(3, 1);
  block.move(1, 0.1);
  block.move(2, 0.9);
  FallBack(
      [](GuardedCell& cell) noexcept {
        std::transform(cell.before.begin(), cell.before.end(), cell.after.begin(),
                       [&](double c) { return cell.cell == 0 ? 2 * c : c / 2; });
        return true;
      },
      {.every = 3})
      .act(block.cells);
  BOOST_TEST((block.is_solved(0) && block.is_solved(3)));
  BOOST_TEST(block.factor(1) == 2, tt::tolerance(0.01));
  BOOST_TEST(block.factor(2) == 0.5, tt::tolerance(0.01));
}

BOOST_AUTO_TEST_CASE(cells_that_were_not_solved_or_are_suspicious_correct_nothing) {
  Block refused(4);
  FallBack([](GuardedCell&) noexcept { return false; }, {.every = 4}).act(refused.cells);
  BOOST_TEST(refused.after == refused.before, tt::per_element());

  Block block(4);
  block.cells[0].set(CellFlag::outside_training);
  block.cells[1].set(CellFlag::uncertain);
  FallBack guard([](GuardedCell& cell) noexcept { return cell.cell == 0 && solve(cell); }, {.every = 4});
  guard.act(block.cells);
  BOOST_TEST(block.is_solved(0));
  BOOST_TEST(!block.is_solved(1));
  for (std::size_t cell = 1; cell < 4; ++cell) BOOST_TEST(block.factor(cell) == 1);
  BOOST_TEST(guard.error().values == 0u);

  // Nor does what is no state.
  for (const double bad : {std::nan(""), -5.0, std::numeric_limits<double>::infinity()}) {
    Block odd(4);
    FallBack wrong(
        [=](GuardedCell& cell) noexcept {
          solve(cell);
          cell.after[1] = bad;
          return true;
        },
        {.every = 4});
    wrong.act(odd.cells);
    for (std::size_t i = 0; i < species; ++i) BOOST_TEST(odd.factor(1, i) == 1);
    BOOST_TEST(wrong.error().values == 0u);
  }
}

BOOST_AUTO_TEST_CASE(what_is_absent_stays_as_it_is_and_no_limit_is_passed) {
  Block block(4);
  block.floors = {1e9, 1e-6, 1e9};  // the network takes the first and the last for absent
  block.after[0 * species + 2] = 1e9;
  block.limits[1] = RangeLimit({-300, std::log10(4e6)});  // up to 8e6
  FallBack guard(
      [](GuardedCell& cell) noexcept {
        for (std::size_t i = 0; i < species; ++i) cell.after[i] = 100 * cell.before[i];
        cell.after[2] = 1;
        return true;
      },
      {.every = 4});
  guard.act(block.cells);
  for (std::size_t cell = 1; cell < 4; ++cell) {
    BOOST_TEST(block.factor(cell, 0) == 1);
    BOOST_TEST(block.after[cell * species + 1] ==
               std::max(block.before[cell * species + 1], block.limits[1].highest));
    BOOST_TEST(block.factor(cell, 2) == 1);
  }
  // Below its floor is as good as at it: only the second species was off.
  BOOST_TEST(guard.error().decades() == 2 / std::sqrt(species), tt::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(more_cells_than_a_solver_gets_at_once_are_several_blocks) {
  Block block(2 * largest_together + 5);
  std::size_t most = 0;
  FallBack(
      [&]<class Cell>(std::span<Cell* const> some, bool* solved) noexcept {
        most = std::max(most, some.size());
        for (std::size_t k = 0; k < some.size(); ++k) solved[k] = solve(*some[k]);
      },
      {.every = 2})
      .act(block.cells);
  BOOST_TEST(most == largest_together / 2);
  for (std::size_t cell = 0; cell < block.cells.size(); ++cell)
    BOOST_TEST(block.factor(cell) == 1.1, tt::tolerance(1e-6));
}

namespace {

using C = test::Small<>;
using Tested = Emulator<ChemNNE<C>, DefaultBackend>;

/// Steps of an emulator whose species have an element in common.
struct Host {
  static constexpr std::size_t cells = 50;
  test::TemporaryFolder folder;
  std::vector<double> state, weather;
  Tested::Workspace workspace;

  std::string file() const {
    EmulatorDescription description = test::small_description<C>();
    description.elements = {"X"};
    description.composition = {{1, 2, 1}};
    test::write_small<C>(folder.file("weights.safetensors"), test::small_parameters<C>(), description);
    return folder.file("weights.safetensors");
  }
  Tested emulator{file()};

  Host() {
    Random random(3);
    for (std::size_t cell = 0; cell < cells; ++cell) {
      for (const double level : {1e8, 3e8, 1e7}) state.push_back(level * random.uniform(0.9, 1.1));
      weather.insert(weather.end(), {random.uniform(285, 290), 0.5});
    }
  }
  template <class Guard>
  std::vector<double> step(Guard&& guard, double seconds = 3600) {
    const HostBinding binding = emulator.bind({.species = {"A", "B", "C"}});
    std::vector<double> after = state;
    const StepStatus status = emulator.advance(binding, Columns<double>::cell_major(after.data(), cells, 3),
                                               Columns<const double>::cell_major(weather.data(), cells, 2),
                                               seconds, workspace, {}, guard);
    BOOST_TEST(status.left_unchanged == 0u);
    solved = status.solved;
    return after;
  }
  double total(const std::vector<double>& of, std::size_t cell) const {
    return of[3 * cell] + 2 * of[3 * cell + 1] + of[3 * cell + 2];
  }
  std::size_t solved = 0;
};

/// The chemistry: A goes over into C.
const auto chemistry = [](GuardedCell& cell) noexcept {
  const double gone = cell.before[0] * 0.3;
  cell.after[0] = cell.before[0] - gone;
  cell.after[1] = cell.before[1];
  cell.after[2] = cell.before[2] + gone;
  return true;
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(a_tenth_that_is_solved_takes_the_others_to_the_solution_and_keeps_all_totals, Host) {
  const std::vector<double> exact = step(FallBack(chemistry, {.every = 1})), alone = step(Clamp{});
  BOOST_TEST(solved == 0u);
  FallBack guard(chemistry, {.every = 10, .turn = 4});
  const std::vector<double> corrected = step(guard);
  BOOST_TEST(solved == 5u);
  BOOST_TEST(guard.error().values == 15u);
  const auto error = [&](const std::vector<double>& of) {
    double sum = 0;
    for (std::size_t i = 0; i < of.size(); ++i) sum += std::pow(std::log(of[i] / exact[i]), 2);
    return std::sqrt(sum / static_cast<double>(of.size()));
  };
  BOOST_TEST(error(corrected) < 0.2 * error(alone));
  for (std::size_t cell = 0; cell < cells; ++cell)
    BOOST_TEST(total(corrected, cell) == total(state, cell), tt::tolerance(1e-12));
}

BOOST_FIXTURE_TEST_CASE(a_composed_step_solves_the_same_cells_in_each_of_its_parts, Host) {
  const std::vector<double> exact = step(FallBack(chemistry, {.every = 1}), 2.5 * 3600),
                            sampled = step(FallBack(chemistry, {.every = 10}), 2.5 * 3600);
  for (std::size_t cell = 0; cell < cells; cell += 10)
    BOOST_TEST(std::memcmp(&exact[3 * cell], &sampled[3 * cell], 3 * sizeof(double)) == 0);
}
