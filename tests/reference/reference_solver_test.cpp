#define BOOST_TEST_MODULE reference_reference_solver
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include "mass_action.hpp"
#include "printed_bytes.hpp"
#include "test_problems.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/reference/reference_solver.hpp>

using chemnne::ReferenceSolver;
using test::MassAction;

static_assert(chemnne::StiffSystem<MassAction>);

namespace {

MassAction system_of(const test::Problem& problem) { return {problem.end.start.size(), problem.reactions}; }

/// Integrates a test problem and compares its end.
void ends_as_published(const test::Problem& problem, double absolute_tolerance) {
  MassAction system = system_of(problem);
  ReferenceSolver solver(system, {.relative_tolerance = 1e-10, .absolute_tolerance = absolute_tolerance});
  std::vector<double> c = problem.end.start;
  const auto status = solver.integrate(c, problem.end.time);
  BOOST_REQUIRE_MESSAGE(status, status.reason);
  BOOST_TEST(test::largest_relative_error(c, problem.end.end) < test::published_tolerance);
}

}  // namespace

BOOST_AUTO_TEST_CASE(robertson_ends_at_the_published_values) { ends_as_published(test::robertson, 1e-22); }

BOOST_AUTO_TEST_CASE(hires_ends_at_the_published_values) { ends_as_published(test::hires, 1e-14); }

BOOST_AUTO_TEST_CASE(pollu_ends_at_the_published_values) { ends_as_published(test::pollu, 1e-24); }

BOOST_AUTO_TEST_CASE(outputs_of_a_linear_chain_equal_its_exact_solution) {
  // A -> B -> C: c_A = exp(-a t), c_B = a/(b-a) (exp(-a t) - exp(-b t)); stiffness b/a = 1e6.
  const double a = 1e-3, b = 1e3;
  MassAction system(3, {{a, {0}, {1}}, {b, {1}, {2}}});
  ReferenceSolver solver(system, {.relative_tolerance = 1e-9, .absolute_tolerance = 1e-16});
  std::vector<double> times;
  for (int k = 0; k <= 60; ++k) times.push_back(60.0 * k);
  std::vector<double> output(times.size() * 3);
  const std::vector<double> initial{1, 0, 0};
  const auto status = solver.trajectory(initial, times, output);
  BOOST_REQUIRE_MESSAGE(status, status.reason);
  for (std::size_t k = 0; k < times.size(); ++k) {
    const double first = std::exp(-a * times[k]);
    const double second = a / (b - a) * (first - std::exp(-b * times[k]));
    // Global error of BDF at rtol 1e-9: hundreds of local errors, interpolated outputs included.
    BOOST_TEST(std::abs(output[3 * k] - first) <= 3e-7 * first);
    BOOST_TEST(std::abs(output[3 * k + 1] - second) <= 3e-7 * second);
    // A linear invariant is kept to rounding, whatever the tolerance.
    BOOST_TEST(std::abs(output[3 * k] + output[3 * k + 1] + output[3 * k + 2] - 1) < 1e-13);
  }
}

BOOST_AUTO_TEST_CASE(an_integration_depends_on_its_arguments_alone) {
  MassAction system = system_of(test::robertson);
  ReferenceSolver used(system, {.relative_tolerance = 1e-8, .absolute_tolerance = 1e-14});
  std::vector<double> other{0.2, 1e-6, 0.8};
  BOOST_REQUIRE(used.integrate(other, 1e5));
  ReferenceSolver fresh(system, {.relative_tolerance = 1e-8, .absolute_tolerance = 1e-14});
  std::vector<double> first{1, 0, 0}, second{1, 0, 0};
  BOOST_REQUIRE(used.integrate(first, 1e3));
  BOOST_REQUIRE(fresh.integrate(second, 1e3));
  BOOST_TEST(first == second, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(values_below_zero_become_zero_at_outputs_only_when_asked) {
  // dc/dt = -c from c = -1 stays below zero.
  MassAction system(1, {{1.0, {0}, {}}});
  std::vector<double> kept{-1}, clipped{-1};
  ReferenceSolver signed_solver(system, {.absolute_tolerance = 1e-12, .non_negative = false});
  BOOST_REQUIRE(signed_solver.integrate(kept, 1));
  BOOST_TEST(kept[0] == -std::exp(-1.0), boost::test_tools::tolerance(1e-6));
  ReferenceSolver solver(system, {.absolute_tolerance = 1e-12});
  BOOST_REQUIRE(solver.integrate(clipped, 1));
  BOOST_TEST(clipped[0] == 0.0);
  BOOST_TEST(solver.statistics().largest_undershoot == std::exp(-1.0), boost::test_tools::tolerance(1e-6));
}

BOOST_AUTO_TEST_CASE(failures_are_returned_with_their_reason_and_nothing_is_printed) {
  MassAction system = system_of(test::robertson);
  std::vector<double> c{1, 0, 0}, broken{std::numeric_limits<double>::quiet_NaN(), 0, 0};
  chemnne::SolverStatus few_steps, not_finite;
  const auto fail_twice = [&] {
    ReferenceSolver impatient(system, {.maximum_steps = 5});
    few_steps = impatient.integrate(c, 1e11);
    ReferenceSolver solver(system, {});
    not_finite = solver.integrate(broken, 1);
  };
  BOOST_TEST(test::printed_bytes(fail_twice) == 0);

  BOOST_TEST(!few_steps);
  BOOST_TEST(few_steps.reason.find("mxstep steps taken") != std::string::npos, few_steps.reason);
  BOOST_TEST(few_steps.time_reached < 1e11);
  BOOST_TEST(c[0] == 1.0);  // the state is left as it was
  BOOST_TEST(!not_finite);
  BOOST_TEST(not_finite.reason.find("right-hand side") != std::string::npos, not_finite.reason);
}

namespace {

/// Throws in the call of the tendency, or of the Jacobian, that it is told: 1 is the next.
struct Throwing : MassAction {
  explicit Throwing(MassAction system) : MassAction(std::move(system)) {}

  void tendency(std::span<const double> c, std::span<double> dcdt) const {
    if (--tendencies_left == 0) throw std::runtime_error("no tendency");
    MassAction::tendency(c, dcdt);
  }
  void jacobian(std::span<const double> c, std::span<double> values) const {
    if (--jacobians_left == 0) throw std::runtime_error("no Jacobian");
    MassAction::jacobian(c, values);
  }

  mutable long tendencies_left = -1, jacobians_left = -1;
};

}  // namespace

BOOST_AUTO_TEST_CASE(what_the_system_throws_is_thrown_on_and_the_solver_can_be_used_again) {
  Throwing system(system_of(test::robertson));
  ReferenceSolver solver(system, {.relative_tolerance = 1e-8, .absolute_tolerance = 1e-14});
  const std::vector<double> start{1, 0, 0};
  std::vector<double> undisturbed = start;
  BOOST_REQUIRE(solver.integrate(undisturbed, 1e3));

  const auto thrown = [&](long tendencies, long jacobians) -> std::string {
    system.tendencies_left = tendencies;
    system.jacobians_left = jacobians;
    std::vector<double> c = start;
    try {
      solver.integrate(c, 1e3);
    } catch (const std::runtime_error& error) {
      BOOST_TEST(c == start, boost::test_tools::per_element());
      return error.what();
    }
    BOOST_TEST(c == undisturbed, boost::test_tools::per_element());
    return "nothing";
  };
  for (const long call : {1, 2, 3, 100}) BOOST_TEST(thrown(call, -1) == "no tendency");
  for (const long call : {1, 2}) BOOST_TEST(thrown(-1, call) == "no Jacobian");
  BOOST_TEST(thrown(-1, -1) == "nothing");
}

BOOST_AUTO_TEST_CASE(wrong_shapes_and_tolerances_are_errors) {
  MassAction system = system_of(test::robertson);
  BOOST_CHECK_THROW(ReferenceSolver(system, {.relative_tolerance = 0}), chemnne::Error);
  ReferenceSolver solver(system, {});
  std::vector<double> two{1, 0};
  BOOST_CHECK_THROW(solver.integrate(two, 1), chemnne::Error);
}
