#define BOOST_TEST_MODULE host_guard
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "../data/data_test_tools.hpp"
#include "small_emulator.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/emulator.hpp>
#include <chemnne/support/random.hpp>

using namespace chemnne;

namespace {

using C = test::Small<>;
using Tested = Emulator<ChemNNE<C>, DefaultBackend>;

/// Cells of which some are outside the training data, some beyond its limits after the step, some not finite.
struct Fixture {
  static constexpr std::size_t cells = 60;
  test::TemporaryFolder folder;
  Tested::Workspace workspace;
  std::vector<double> state, weather;
  std::vector<CellFlags> flags;
  StepStatus status;

  std::string file() const {
    EmulatorDescription description = test::small_description<C>();
    description.output_range = {{7, 9}, {7, 9}, {-30, 40}};
    test::write_small<C>(folder.file("weights.safetensors"), test::small_parameters<C>(), description);
    return folder.file("weights.safetensors");
  }
  Tested emulator{file()};

  Fixture() {
    Random random(11);
    for (std::size_t i = 0; i < cells * 3; ++i) state.push_back(std::pow(10, random.uniform(7, 9)));
    for (std::size_t i = 0; i < cells; ++i) {
      weather.push_back(random.uniform(265, 310));
      weather.push_back(random.uniform(0, 1));
    }
    for (const std::size_t cell : {1u, 20u, 59u}) weather[2 * cell] = 200;  // colder than the training data
    state[3 * 7] = std::numeric_limits<double>::quiet_NaN();
    weather[2 * 30 + 1] = std::numeric_limits<double>::infinity();
  }

  template <class Guard>
  std::vector<double> step(Guard&& guard) {
    std::vector<double> after = state;
    flags.assign(cells, 255);
    const auto view = Columns<double>::cell_major(after.data(), cells, 3);
    status = emulator.advance(view, Columns<const double>::cell_major(weather.data(), cells, 2), 3600, view,
                              workspace, {.flags = flags.data()}, guard);
    return after;
  }
  bool has(std::size_t cell, CellFlag one) const { return (flags[cell] & flag(one)) != 0; }
  bool same(const std::vector<double>& a, const std::vector<double>& b, std::size_t cell) const {
    return std::memcmp(&a[3 * cell], &b[3 * cell], 3 * sizeof(double)) == 0;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(flags_say_of_each_cell_what_the_counts_say_of_all, Fixture) {
  step(FlagOnly{});
  const auto count = [&](CellFlag one) {
    std::size_t n = 0;
    for (std::size_t cell = 0; cell < cells; ++cell) n += has(cell, one) ? 1u : 0u;
    return n;
  };
  BOOST_TEST(status.cells == cells);
  BOOST_TEST(status.outside_training == count(CellFlag::outside_training));
  BOOST_TEST(status.limited == count(CellFlag::limited));
  BOOST_TEST(status.left_unchanged == count(CellFlag::kept));
  BOOST_TEST(count(CellFlag::limited) > 0u);
  for (const std::size_t cell : {1u, 20u, 59u}) BOOST_TEST(has(cell, CellFlag::outside_training));
  for (const std::size_t cell : {7u, 30u}) {
    BOOST_TEST(has(cell, CellFlag::not_finite));
    BOOST_TEST(has(cell, CellFlag::kept));
  }
  BOOST_TEST(count(CellFlag::kept) == 2u);
}

BOOST_FIXTURE_TEST_CASE(guards_differ_in_suspicious_cells_only, Fixture) {
  const std::vector<double> free = step(FlagOnly{});
  const std::vector<CellFlags> known = flags;
  const std::vector<double> clamped = step(Clamp{}), kept = step(KeepOld{});
  BOOST_TEST(status.left_unchanged > 2u);
  const double highest = 2e9, lowest = 0.5e7;
  bool differs = false;
  for (std::size_t cell = 0; cell < cells; ++cell) {
    if ((known[cell] & suspicious) == 0) {
      BOOST_TEST(same(free, clamped, cell));
      BOOST_TEST(same(free, kept, cell));
      continue;
    }
    BOOST_TEST(same(state, kept, cell));
    if ((known[cell] & flag(CellFlag::not_finite)) != 0) continue;
    for (std::size_t i = 0; i < 2; ++i) {
      BOOST_TEST(clamped[3 * cell + i] <= std::max(state[3 * cell + i], highest));
      BOOST_TEST(clamped[3 * cell + i] >= std::min(state[3 * cell + i], lowest));
    }
    differs = differs || !same(free, clamped, cell);
  }
  BOOST_TEST(differs);
}

BOOST_FIXTURE_TEST_CASE(the_fallback_gets_suspicious_cells_and_their_conditions, Fixture) {
  const std::vector<double> clamped = step(Clamp{});
  const std::vector<CellFlags> known = flags;
  std::vector<std::size_t> asked;
  const std::vector<double> after = step(FallBack([&](GuardedCell& cell) noexcept {
    asked.push_back(cell.cell);
    if (cell.conditions[0] != weather[2 * cell.cell] || cell.seconds != 3600 || cell.before.size() != 3 ||
        std::memcmp(cell.before.data(), &state[3 * cell.cell], 3 * sizeof(double)) != 0)
      asked.push_back(1000);
    if (cell.cell == 20) return false;  // a solver may give up
    std::fill(cell.after.begin(), cell.after.end(), 42.0);
    return true;
  }));
  std::vector<std::size_t> expected;
  for (std::size_t cell = 0; cell < cells; ++cell)
    if ((known[cell] & suspicious) != 0) expected.push_back(cell);
  BOOST_TEST(asked == expected, boost::test_tools::per_element());
  for (std::size_t cell = 0; cell < cells; ++cell)
    if ((known[cell] & suspicious) != 0 && cell != 20) {
      BOOST_TEST(after[3 * cell + 1] == 42.0);
      BOOST_TEST(has(cell, CellFlag::solved));
      BOOST_TEST(!has(cell, CellFlag::kept));
    } else {
      BOOST_TEST(same(after, clamped, cell));
    }
  BOOST_TEST(status.solved == expected.size() - 1);
  BOOST_TEST(status.left_unchanged == 0u);  // what was not finite is solved, too
}

BOOST_FIXTURE_TEST_CASE(bad_cells_change_no_bit_of_the_others_in_any_place, Fixture) {
  const std::vector<double> expected = step(Clamp{});
  const double bad[] = {std::nan(""),
                        -std::numeric_limits<double>::infinity(),
                        -1e12,
                        0,
                        std::numeric_limits<double>::denorm_min(),
                        1e308};
  const std::vector<double> good = state;
  for (std::size_t k = 0; k < std::size(bad); ++k) {
    state = good;
    const std::size_t cell = 9 + 8 * k;
    state[3 * cell + k % 3] = bad[k];
    const std::vector<double> after = step(Clamp{});
    for (std::size_t other = 0; other < cells; ++other)
      if (other != cell) BOOST_TEST(same(after, expected, other), bad[k] << ", cell " << other);
    for (std::size_t i = 0; i < 3; ++i)
      if (!has(cell, CellFlag::kept))
        BOOST_TEST((std::isfinite(after[3 * cell + i]) && after[3 * cell + i] >= 0));
  }
}

namespace {
/// Keeps every cell in the second part of a composed step.
struct KeepLater {
  std::size_t* asked;
  void act(GuardedCell& cell) const noexcept {
    if ((*asked)++ >= Fixture::cells) cell.set(CellFlag::kept);
  }
};
}  // namespace

BOOST_FIXTURE_TEST_CASE(a_cell_that_a_part_of_a_composed_step_keeps_is_as_it_was_before_all_parts, Fixture) {
  for (double& c : state)
    if (std::isnan(c)) c = 1e8;
  weather[2 * 30 + 1] = 0.5;
  const HostBinding binding = emulator.bind({.species = {"A", "B", "C"}});
  std::vector<double> after = state;
  std::size_t asked = 0;
  // Blocks of a composed step go through all parts before the next: one block of all cells here.
  static_assert(cells <= 60);
  status = emulator.advance(binding, Columns<double>::cell_major(after.data(), cells, 3),
                            Columns<const double>::cell_major(weather.data(), cells, 2), 3 * 3600, workspace,
                            {}, KeepLater{&asked});
  std::size_t changed = 0;
  for (std::size_t cell = 0; cell < cells; ++cell) changed += !same(after, state, cell);
  BOOST_TEST(changed + status.left_unchanged == cells);
  BOOST_TEST(status.left_unchanged > 0u);
  BOOST_TEST(asked < 3 * cells);  // what is kept is not asked again
}

BOOST_FIXTURE_TEST_CASE(no_cell_and_a_million_cells, Fixture) {
  const std::vector<double> expected = step(Clamp{});
  BOOST_TEST(emulator.advance({}, {}, 3600, {}, workspace).clean());
  constexpr std::size_t many = 1'000'000;
  std::vector<double> all(many * 3), forcing(many * 2);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = state[i % state.size()];
  for (std::size_t i = 0; i < forcing.size(); ++i) forcing[i] = weather[i % weather.size()];
  const auto view = Columns<double>::cell_major(all.data(), many, 3);
  const StepStatus whole = emulator.advance(view, Columns<const double>::cell_major(forcing.data(), many, 2),
                                            3600, view, workspace);
  BOOST_TEST(whole.cells == many);
  std::size_t different = 0;
  for (std::size_t cell = 0; cell < many; ++cell)
    if (std::memcmp(&all[3 * cell], &expected[3 * (cell % cells)], 3 * sizeof(double)) != 0) ++different;
  BOOST_TEST(different == 0u);
}

BOOST_AUTO_TEST_CASE(counts_add_up_over_calls) {
  StepStatus run;
  for (const CellFlags flags : {CellFlags{0}, flag(CellFlag::outside_training),
                                static_cast<CellFlags>(flag(CellFlag::not_finite) | flag(CellFlag::kept))}) {
    StepStatus call;
    call.add(flags);
    run += call;
  }
  BOOST_TEST(run.cells == 3u);
  BOOST_TEST(run.outside_training == 1u);
  BOOST_TEST(run.left_unchanged == 1u);
  BOOST_TEST(!run.clean());
  BOOST_TEST(run.summary() == "3 cells: 1 outside the training data, 1 left unchanged");
  BOOST_TEST(StepStatus{.cells = 2}.summary() == "2 cells, nothing to report");
}

BOOST_FIXTURE_TEST_CASE(a_solver_of_blocks_gets_the_suspicious_cells_of_a_block_together, Fixture) {
  const auto alone = [](GuardedCell& cell) noexcept {
    if (cell.cell == 20) return false;
    std::fill(cell.after.begin(), cell.after.end(), 42.0 + static_cast<double>(cell.cell));
    return true;
  };
  const std::vector<double> expected = step(FallBack(alone));
  const std::vector<CellFlags> known = flags;
  std::size_t calls = 0, most = 0;
  const std::vector<double> after =
      step(FallBack([&]<class Cell>(std::span<Cell* const> some, bool* solved) noexcept {
        ++calls;
        most = std::max(most, some.size());
        for (std::size_t i = 0; i < some.size(); ++i) solved[i] = alone(*some[i]);
      }));
  BOOST_TEST(after == expected, boost::test_tools::per_element());
  BOOST_TEST(flags == known, boost::test_tools::per_element());
  BOOST_TEST(most > 1u);
  BOOST_TEST(calls < static_cast<std::size_t>(std::count_if(
                         known.begin(), known.end(), [](CellFlags one) { return (one & suspicious) != 0; })));
}
