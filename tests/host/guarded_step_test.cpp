#define BOOST_TEST_MODULE host_guarded_step
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/host/guarded_step.hpp>

using namespace chemnne;

namespace {

/// Two species, X in both; A is limited to 0.5 to 2e9.
EmulatorDescription description() {
  EmulatorDescription d;
  d.inputs = d.outputs = {"A", "B"};
  d.elements = {"X"};
  d.composition = {{1, 1}};
  return d;
}
const std::array<RangeLimit, 2> limits{RangeLimit({0, 9}), RangeLimit({-30, 30})};
const std::vector<double> before{1e9, 1e8};

struct Decided {
  std::vector<double> after;
  CellFlags flags;
  bool is(CellFlag one) const { return (flags & flag(one)) != 0; }
  double total() const { return after[0] + after[1]; }
};

template <class Guard>
Decided decide(std::vector<double> after, Guard guard, bool exact = true, CellFlags found = 0) {
  const GuardedStep step(ElementBudget(description()), exact, 0.1);
  GuardedCell cell{.cell = 0,
                   .before = before,
                   .conditions = {},
                   .seconds = 60,
                   .limits = limits,
                   .after = after,
                   .flags = found};
  std::vector<double> memory(2);
  step.decide(std::span(&cell, 1), guard, memory.data());
  return {after, cell.flags};
}

/// A guard that notes what it sees and puts `result` in its place, if there is one.
struct Watching {
  std::vector<double>* seen;
  CellFlags* flags;
  std::vector<double> result = {};
  void act(GuardedCell& cell) const noexcept {
    seen->assign(cell.after.begin(), cell.after.end());
    *flags = cell.flags;
    if (result.empty()) return;
    std::copy(result.begin(), result.end(), cell.after.begin());
    cell.set(CellFlag::solved);
  }
};

const auto rounding = boost::test_tools::tolerance(1e-14);

}  // namespace

BOOST_AUTO_TEST_CASE(a_clamped_state_is_projected_and_not_the_other_way_round) {
  const Decided clamped = decide({9e9, 1e8}, Clamp{});
  BOOST_TEST(clamped.flags == flag(CellFlag::limited));
  BOOST_TEST(clamped.total() == 1.1e9, rounding);
  // 2e9 of A, or what the total can hold of it, beside 1e8 of B
  const Decided by_hand = decide({2e9, 1e8}, FlagOnly{});
  BOOST_TEST(clamped.after == by_hand.after, boost::test_tools::per_element());
  const Decided unprojected = decide({9e9, 1e8}, Clamp{}, false);
  BOOST_TEST(unprojected.after[0] == 2e9);
  BOOST_TEST(unprojected.is(CellFlag::budget));
}

BOOST_AUTO_TEST_CASE(a_guard_sees_the_projected_state_and_all_flags) {
  std::vector<double> seen;
  CellFlags flags = 0;
  decide({9e9, 1e8}, Watching{&seen, &flags}, true, flag(CellFlag::uncertain));
  BOOST_TEST(seen[0] + seen[1] == 1.1e9, rounding);
  BOOST_TEST(flags == (flag(CellFlag::uncertain) | flag(CellFlag::limited)));
  decide({0, 0}, Watching{&seen, &flags});  // nothing is left that could carry X
  BOOST_TEST((flags & flag(CellFlag::budget)) != 0);
}

BOOST_AUTO_TEST_CASE(what_a_solver_says_is_projected_too) {
  std::vector<double> seen;
  CellFlags flags = 0;
  const Decided solved = decide({1e9, 1e8}, Watching{&seen, &flags, {3e8, 7e8}});
  BOOST_TEST(solved.total() == 1.1e9, rounding);
  BOOST_TEST(solved.flags == flag(CellFlag::solved));
  const Decided as_it_is = decide({1e9, 1e8}, Watching{&seen, &flags, {3e8, 6e8}}, false);
  BOOST_TEST(as_it_is.total() == 9e8);
  BOOST_TEST(as_it_is.is(CellFlag::budget));
  BOOST_TEST(!as_it_is.is(CellFlag::kept));
}

BOOST_AUTO_TEST_CASE(a_result_that_is_none_is_never_written) {
  const double bad[] = {std::numeric_limits<double>::quiet_NaN(), HUGE_VAL, -1};
  for (const bool exact : {true, false})
    for (const double value : bad) {
      std::vector<double> seen;
      CellFlags flags = 0;
      const Decided of_solver = decide({1e9, 1e8}, Watching{&seen, &flags, {1e9, value}}, exact);
      BOOST_TEST(of_solver.is(CellFlag::kept));
      BOOST_TEST(of_solver.is(CellFlag::not_finite));
      BOOST_TEST(decide({1e9, value}, FlagOnly{}, exact).is(CellFlag::kept));
    }
  const CellFlags off = flag(CellFlag::limited) | flag(CellFlag::budget);  // no carrier of X is left
  BOOST_TEST(decide({0, 0}, FlagOnly{}).flags == (off | flag(CellFlag::kept)));
  BOOST_TEST(decide({0, 0}, FlagOnly{}, false).flags == off);
}

BOOST_AUTO_TEST_CASE(a_cell_without_a_result_is_solved_or_kept) {
  for (const CellFlag found : {CellFlag::not_finite, CellFlag::unphysical}) {
    std::vector<double> seen;
    CellFlags flags = 0;
    BOOST_TEST(decide({1e9, 1e8}, Clamp{}, true, flag(found)).is(CellFlag::kept));
    const Decided solved = decide({1e9, 1e8}, Watching{&seen, &flags, {1e8, 1e9}}, true, flag(found));
    BOOST_TEST(!solved.is(CellFlag::kept));
    BOOST_TEST(solved.is(CellFlag::solved));
    BOOST_TEST(solved.after[0] == 1e8, rounding);
  }
}
