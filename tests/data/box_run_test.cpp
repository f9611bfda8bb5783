#define BOOST_TEST_MODULE data_box_run
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/data/box_run.hpp>
#include <chemnne/data/course.hpp>

using namespace chemnne;

namespace {

constexpr SolverKind both[] = {SolverKind::rosenbrock, SolverKind::cvode};

/// A = B by a parameter K, with a row at each of `rows` and at the start.
struct Row {
  double time, a, b;
};

std::vector<Row> run(SolverKind kind, const Course& k, std::vector<BoxEvent> events,
                     const std::vector<double>& rows, double from = 0) {
  const Mechanism mechanism = parse_kpp(
      "#INLINE F90_GLOBAL\n REAL(dp) :: K\n#ENDINLINE\n#DEFVAR A = IGNORE; B = IGNORE;\n"
      "#EQUATIONS A = B : K;",
      "decay");
  ChemicalSystem system(mechanism);
  const RateCourse course{.apply =
                              [&k](ChemicalSystem& one, double time) {
                                one.set_parameter("K", k.at(time));
                                one.set_environment({});
                              },
                          .next_kink =
                              [&k](double time) {
                                for (const double kink : k.kinks())
                                  if (kink > time) return kink;
                                return std::numeric_limits<double>::infinity();
                              }};
  course.apply(system, from);
  BoxSolver solver(mechanism, system, kind, {.relative_tolerance = 1e-8, .absolute_tolerance = 1e-3}, course);
  BoxRun box(solver, {k.jumps().begin(), k.jumps().end()}, std::move(events));
  std::vector<double> state{1e10, 0};
  std::vector<Row> found;
  box.run(state, from, rows, [&](double time, std::span<const double> c) {
    found.push_back({time, c[0], c[1]});
  });
  BOOST_TEST(found.back().a == state[0]);
  return found;
}

const auto near = boost::test_tools::tolerance(1e-6);

}  // namespace

BOOST_AUTO_TEST_CASE(stairs_take_effect_at_their_times_whatever_rows_there_are) {
  // 1e-4 until 1000 s, 2e-3 until 1500 s, then 0.
  const Course k({0, 1000, 1500}, {1e-4, 2e-3, 0}, Between::stairs);
  for (const SolverKind kind : both)
    for (const auto& rows :
         {std::vector<double>{3600}, {1000, 1500, 3600}, {999.5, 1000.5, 1499, 1600, 3600}}) {
      const std::vector<Row> found = run(kind, k, {}, rows);
      BOOST_TEST(found.size() == rows.size() + 1);
      for (const Row& row : found) {
        const double turned = row.time <= 1000   ? 1e-4 * row.time
                              : row.time <= 1500 ? 0.1 + 2e-3 * (row.time - 1000)
                                                 : 1.1;
        BOOST_TEST(row.a == 1e10 * std::exp(-turned), near);
      }
      BOOST_TEST(found.front().time == 0);
    }
}

BOOST_AUTO_TEST_CASE(what_lies_between_two_kinks_is_not_stepped_over) {
  // A pulse of 20 s after an hour of nothing.
  const Course k({0, 4000, 4010, 4020}, {0, 0, 0.1, 0}, Between::interpolated);
  for (const SolverKind kind : both)
    BOOST_TEST(run(kind, k, {}, {36000}).back().a == 1e10 * std::exp(-1.0), near);
}

BOOST_AUTO_TEST_CASE(concentrations_are_set_and_added_at_their_times) {
  const std::vector<BoxEvent> events{
      {2000, 0, 1e9, true}, {1000, 0, 5e9, false}, {2000, 1, 0, false}, {9000, 0, 1, false}};
  for (const SolverKind kind : both) {
    const std::vector<Row> found = run(kind, 1e-4, events, {500, 1000, 1500, 2000, 2500});
    BOOST_TEST(found[1].a == 1e10 * std::exp(-0.05), near);
    BOOST_TEST(found[2].a == 5e9);  // a row has what was set at its time
    BOOST_TEST(found[2].b == 1e10 * -std::expm1(-0.1), near);
    BOOST_TEST(found[3].a == 5e9 * std::exp(-0.05), near);
    BOOST_TEST(found[4].a == 5e9 * std::exp(-0.1) + 1e9, near);
    BOOST_TEST(found[4].b == 0);
    BOOST_TEST(found[5].a == (5e9 * std::exp(-0.1) + 1e9) * std::exp(-0.05), near);
  }
  // Those of the start, too, and none of before.
  BOOST_TEST(run(both[0], 1e-4, {{0, 0, 7e9, false}}, {1}).front().a == 7e9);
  BOOST_TEST(run(both[0], 1e-4, events, {5500}, 5000).back().a == 1e10 * std::exp(-0.05), near);
}

BOOST_AUTO_TEST_CASE(a_run_may_begin_at_any_time_of_the_course) {
  const Course k({0, 10000}, {0, 1e-3}, Between::interpolated);
  for (const SolverKind kind : both)
    BOOST_TEST(run(kind, k, {}, {5500, 6000}, 5000).back().a == 1e10 * std::exp(-1e-7 * (3.6e7 - 2.5e7) / 2),
               near);
}

BOOST_AUTO_TEST_CASE(a_solver_that_cannot_go_on_says_when) {
  const Mechanism mechanism = parse_kpp("#DEFVAR A = IGNORE;\n#EQUATIONS A = 2A : 1E-2;", "growth");
  ChemicalSystem system(mechanism);
  system.set_environment({});
  BoxSolver solver(mechanism, system, SolverKind::cvode, {.relative_tolerance = 1e-8, .maximum_steps = 20});
  BoxRun box(solver, {}, {});
  std::vector<double> state{1};
  const std::string message = test::message_of(
      [&] { box.run(state, 100, std::vector<double>{3700}, [](double, std::span<const double>) {}); });
  BOOST_TEST(test::contains(message, "box at 1"));
  BOOST_TEST(test::contains(message, "expected a solver that goes on"));
}
