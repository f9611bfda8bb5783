#define BOOST_TEST_MODULE data_box_solver
#include <cmath>
#include <vector>

#include "data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

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
