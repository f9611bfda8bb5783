#define BOOST_TEST_MODULE data_box_solver
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/chemistry/mechanism_reader.hpp>
#include <chemnne/data/box_solver.hpp>

using namespace chemnne;
using test::contains;
using test::message_of;

namespace {

/// The embedded mechanism in the light, from ozone, nitrogen oxides, methane and CO.
struct Box {
  Mechanism mechanism = read_mechanism(CHEMNNE_SOURCE_DIRECTORY "/examples/mechanisms/troposphere.eqn");
  ChemicalSystem system{mechanism};
  std::vector<double> state = std::vector<double>(mechanism.variable_species, 0.0);

  Box() {
    system.set_environment({.cosine_zenith = 0.6});
    for (const auto& [name, density] :
         {std::pair{"O3", 1e12}, {"NO", 1e10}, {"NO2", 5e10}, {"CH4", 4.5e13}, {"CO", 3e12}, {"HCHO", 2e10}})
      state[mechanism.index_of(name)] = density;
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(both_solvers_agree_to_their_tolerances) {
  Box box;
  const ReferenceOptions options{.relative_tolerance = 1e-7, .absolute_tolerance = 1e-3};
  const std::vector<double> times{0, 600, 3600, 7200};
  std::vector<std::vector<double>> found;
  for (const SolverKind kind : {SolverKind::rosenbrock, SolverKind::cvode}) {
    BoxSolver solver(box.mechanism, box.system, kind, options);
    found.emplace_back(times.size() * box.state.size());
    BOOST_TEST_REQUIRE(bool(solver.trajectory(box.state, times, found.back())));
  }
  for (std::size_t i = 0; i < box.state.size(); ++i) BOOST_TEST(found[0][i] == box.state[i]);
  // CVODE's error adds up over some hundred steps; ours is that of an interpolation at 600 and 3600 s.
  for (std::size_t k = 0; k < found[0].size(); ++k)
    BOOST_TEST(std::abs(found[0][k] - found[1][k]) < 1e-4 * std::abs(found[1][k]) + 10);
}

namespace {

constexpr SolverKind both[] = {SolverKind::rosenbrock, SolverKind::cvode};

/// A = B by a parameter K, which follows `k(time)`.
struct Decay {
  Mechanism mechanism = parse_kpp(
      "#INLINE F90_GLOBAL\n REAL(dp) :: K\n#ENDINLINE\n#DEFVAR A = IGNORE; B = IGNORE;\n"
      "#EQUATIONS A = B : K;",
      "decay");
  ChemicalSystem system{mechanism};

  template <class K>
  RateCourse course(K k) const {
    return {.apply =
                [k](ChemicalSystem& one, double time) {
                  one.set_parameter("K", k(time));
                  one.set_environment({});
                },
            .next_kink = [](double) { return std::numeric_limits<double>::infinity(); }};
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(rates_follow_time_within_a_step) {
  // A = A0 exp(-(a t + b t^2 / 2)), from whatever time.
  const double a = 1e-4, b = 3e-7;
  for (const SolverKind kind : both)
    for (const double from : {0.0, 5000.0}) {
      Decay box;
      BoxSolver solver(box.mechanism, box.system, kind,
                       {.relative_tolerance = 1e-9, .absolute_tolerance = 1e-3},
                       box.course([=](double time) { return a + b * (time - from); }));
      const std::vector<double> state{1e10, 0}, times{from, from + 100, from + 1000, from + 3600};
      std::size_t rows = 0;
      const SolverStatus status =
          solver.each(state, from, times, [&](std::size_t k, std::span<const double> c) {
            BOOST_TEST(k == rows++);
            const double t = times[k] - from, exact = 1e10 * std::exp(-(a * t + b * t * t / 2));
            BOOST_TEST(c[0] == exact, boost::test_tools::tolerance(1e-6));
            BOOST_TEST(c[0] + c[1] == 1e10, boost::test_tools::tolerance(1e-9));
          });
      BOOST_TEST(bool(status));
      BOOST_TEST(status.time_reached == from + 3600);
      BOOST_TEST(rows == 4);
    }
}

BOOST_AUTO_TEST_CASE(rodas4_has_its_order_where_rates_follow_time) {
  // k = b (1 + cos(w t)), at tolerances a hundred times apart: steps follow the fourth root of the error
  // estimate, and the error of a method of order 4 falls with the tolerance, that of order 2 with its root.
  const double b = 1e-3, w = 5e-3, end = 3000;
  const double exact = 1e10 * std::exp(-b * (end + std::sin(w * end) / w));
  std::vector<double> error;
  for (const double tolerance : {1e-5, 1e-7, 1e-9}) {
    Decay box;
    BoxSolver solver(box.mechanism, box.system, SolverKind::rosenbrock,
                     {.relative_tolerance = tolerance, .absolute_tolerance = 1e-6},
                     box.course([=](double time) { return b * (1 + std::cos(w * time)); }));
    std::vector<double> state{1e10, 0};
    BOOST_TEST_REQUIRE(bool(solver.integrate(state, end)));
    error.push_back(std::abs(state[0] / exact - 1));
  }
  BOOST_TEST_MESSAGE("errors " << error[0] << " " << error[1] << " " << error[2]);
  BOOST_TEST(error[0] < 1e-4);
  BOOST_TEST(error[1] < error[0] / 30);
  BOOST_TEST(error[2] < error[1] / 30);
}

BOOST_AUTO_TEST_CASE(rows_between_change_nothing) {
  for (const SolverKind kind : both) {
    std::vector<double> ends;
    for (const std::size_t rows : {1u, 7u, 3600u}) {
      Decay box;
      BoxSolver solver(box.mechanism, box.system, kind,
                       {.relative_tolerance = 1e-6, .absolute_tolerance = 1e-3},
                       box.course([](double time) { return 1e-3 + 1e-7 * time; }));
      std::vector<double> times;
      for (std::size_t k = 1; k <= rows; ++k)
        times.push_back(3600 * static_cast<double>(k) / static_cast<double>(rows));
      // What is done to the system at a row is not seen either.
      BOOST_TEST(bool(
          solver.each(std::vector<double>{1e10, 0}, 0, times, [&](std::size_t k, std::span<const double> c) {
            box.system.set_parameter("K", 5);
            box.system.set_environment({});
            if (k + 1 == rows) ends.push_back(c[0]);
          })));
    }
    BOOST_TEST(ends.size() == 3);
    for (const double end : ends) BOOST_TEST(end == ends[0], boost::test_tools::tolerance(1e-13));
  }
}

BOOST_AUTO_TEST_CASE(both_solvers_agree_under_a_moving_sun) {
  Box box;
  const RateCourse course{
      .apply =
          [](ChemicalSystem& system, double time) {
            system.set_environment({.temperature = 288 + 1e-3 * time, .cosine_zenith = 0.5 - 1e-4 * time});
          },
      .next_kink = [](double time) { return 1800 * (std::floor(time / 1800) + 1); }};
  std::vector<std::vector<double>> found;
  for (const auto& [kind, tolerance] :
       {std::pair{SolverKind::rosenbrock, 1e-8}, {SolverKind::cvode, 1e-10}}) {
    BoxSolver solver(box.mechanism, box.system, kind,
                     {.relative_tolerance = tolerance, .absolute_tolerance = 1e-4}, course);
    found.push_back(box.state);
    BOOST_TEST_REQUIRE(bool(solver.integrate(found.back(), 7200)));
  }
  for (std::size_t i = 0; i < box.state.size(); ++i)
    BOOST_TEST(std::abs(found[0][i] - found[1][i]) < 1e-6 * std::abs(found[1][i]) + 1);
}

BOOST_AUTO_TEST_CASE(what_a_course_throws_ends_the_integration_and_is_thrown_on) {
  for (const SolverKind kind : both) {
    Decay box;
    BoxSolver solver(box.mechanism, box.system, kind, {}, box.course([](double time) {
      if (time > 600) throw Error("row 3", "a temperature", "cold");
      return 1e-4;
    }));
    std::vector<double> state{1e10, 0};
    BOOST_TEST(message_of([&] { solver.integrate(state, 3600); }) ==
               "row 3: expected a temperature, found cold");
    BOOST_TEST(state[0] == 1e10);
  }
}

BOOST_AUTO_TEST_CASE(what_cannot_be_solved_leaves_the_state_and_says_so) {
  Box box;
  BoxSolver solver(box.mechanism, box.system, SolverKind::rosenbrock,
                   {.relative_tolerance = 1e-7, .maximum_steps = 3});
  std::vector<double> state = box.state;
  const SolverStatus status = solver.integrate(state, 3600);
  BOOST_TEST(!status);
  BOOST_TEST(status.reason != "");
  BOOST_TEST(state == box.state);
}

BOOST_AUTO_TEST_CASE(arrays_of_another_size_are_an_error) {
  Box box;
  BoxSolver solver(box.mechanism, box.system, SolverKind::rosenbrock, {});
  std::vector<double> state(3);
  BOOST_TEST(contains(message_of([&] { solver.integrate(state, 1); }), "49 species"));
}
