#define BOOST_TEST_MODULE data_reaction_budget
#include <cmath>
#include <string>
#include <vector>

#include "data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/chemistry/mechanism_reader.hpp>
#include <chemnne/data/box_solver.hpp>
#include <chemnne/data/reaction_budget.hpp>

using namespace chemnne;
using test::contains;
using test::message_of;

namespace {

/// A state of the mechanism after each of `times`, with what `budget` counts.
std::vector<double> solved(const Mechanism& mechanism, const ReactionBudget& budget, std::vector<double> all,
                           SolverKind kind, const ReferenceOptions& options,
                           const std::vector<double>& times) {
  budget.extend(all);
  const auto variable = static_cast<std::ptrdiff_t>(mechanism.variable_species);
  ChemicalSystem system(mechanism);
  system.set_fixed(std::vector<double>(all.begin() + variable, all.end()));
  system.set_environment({.cosine_zenith = 0.6});
  BoxSolver solver(mechanism, system, kind, options);
  std::vector<double> states(times.size() * mechanism.variable_species);
  all.resize(mechanism.variable_species);
  const SolverStatus status = solver.trajectory(all, times, states);
  BOOST_TEST_REQUIRE(bool(status), status.reason);
  return states;
}

constexpr SolverKind both[] = {SolverKind::rosenbrock, SolverKind::cvode};

}  // namespace

BOOST_AUTO_TEST_CASE(each_share_is_the_integral_of_its_reaction) {
  // A goes to B at p and, with the fixed F, at q F; B comes back at none: each takes its share of the decay.
  const double p = 3e-4, q = 1e-10, f = 2e6, loss = p + q * f;
  for (const SolverKind kind : both) {
    Mechanism mechanism = parse_kpp(
        "#DEFVAR A = IGNORE; B = IGNORE;\n#DEFFIX F = IGNORE;\n#EQUATIONS <p> A = 2 B : 3E-4; "
        "<q> A + F = F : 1E-10; <idle> B + F = B + F : 1E-9;",
        "branches.kpp");
    const std::vector<std::string> species{"A", "B"};
    const ReactionBudget budget(mechanism, species);
    BOOST_TEST(budget.counters() == 2u);  // nothing changes in <idle>
    BOOST_TEST(mechanism.species[4].name == "F");
    const std::vector<double> states =
        solved(mechanism, budget, {1e10, 5, f}, kind, {.relative_tolerance = 1e-8}, {0, 3600});
    const std::span<const double> all(states);
    const double gone = 1e10 * (1 - std::exp(-3600 * loss));
    const ReactionBudget::Change of_a = budget.change(0, all.first(4), all.subspan(4)),
                                 of_b = budget.change(1, all.first(4), all.subspan(4));
    BOOST_TEST(of_a.by_share[0] == -gone * p / loss, boost::test_tools::tolerance(1e-6));
    BOOST_TEST(of_a.by_share[1] == -gone * q * f / loss, boost::test_tools::tolerance(1e-6));
    BOOST_TEST(of_a.change == -gone, boost::test_tools::tolerance(1e-6));
    BOOST_TEST(of_b.by_share[0] == 2 * gone * p / loss, boost::test_tools::tolerance(1e-6));
    BOOST_TEST(budget.shares(1)[0].coefficient == 2);
  }
}

BOOST_AUTO_TEST_CASE(the_budget_of_every_species_closes_at_any_tolerance) {
  // The embedded mechanism in the light; ozone is made and taken a hundred times over.
  for (const SolverKind kind : both)
    for (const double tolerance : {1e-3, 1e-7}) {
      Mechanism mechanism = read_mechanism(CHEMNNE_SOURCE_DIRECTORY "/examples/mechanisms/troposphere.eqn");
      std::vector<std::string> names;
      for (std::size_t i = 0; i < mechanism.variable_species; ++i) names.push_back(mechanism.species[i].name);
      std::vector<double> all(mechanism.species.size(), 0.0);
      for (const auto& [name, density] : {std::pair{"O3", 1e12},
                                          {"NO", 1e10},
                                          {"NO2", 5e10},
                                          {"CH4", 4.5e13},
                                          {"CO", 3e12},
                                          {"HCHO", 2e10}})
        all[mechanism.index_of(name)] = density;
      const ReactionBudget budget(mechanism, names);
      const std::vector<double> times{0, 1800, 7200};
      const std::vector<double> states =
          solved(mechanism, budget, all, kind,
                 {.relative_tolerance = tolerance, .absolute_tolerance = 1e-3, .non_negative = false}, times);
      const std::size_t size = mechanism.variable_species;
      double most = 0;
      for (std::size_t k = 0; k < names.size(); ++k) {
        const std::span<const double> row(states);
        const ReactionBudget::Change change =
            budget.change(k, row.subspan(size, size), row.subspan(2 * size, size));
        // Rounding in some hundred steps; the lanes cut outputs off at zero.
        const double rounding = 1e-12 * change.turnover() + 1e-14 * states[size + budget.species()[k]];
        BOOST_TEST(std::abs(change.closure_error()) < rounding + 2e-3, names[k]);
        most = std::max(most, change.turnover() / std::max(1.0, std::abs(change.change)));
      }
      BOOST_TEST(most > 100);  // else closing would be no feat
    }
}

BOOST_AUTO_TEST_CASE(what_sets_a_concentration_stays_open) {
  Mechanism mechanism = parse_kpp("#DEFVAR A = IGNORE;\n#EQUATIONS A = PROD : 1E-4;", "open.kpp");
  const std::vector<std::string> species{"A"};
  const ReactionBudget budget(mechanism, species);
  const std::vector<double> before{100, 0}, after{130, 5};
  const ReactionBudget::Change change = budget.change(0, before, after);
  BOOST_TEST(change.sum() == -5);
  BOOST_TEST(change.closure_error() == 35);
}

BOOST_AUTO_TEST_CASE(fixed_and_unknown_species_are_errors) {
  Mechanism mechanism =
      parse_kpp("#DEFVAR A = IGNORE;\n#DEFFIX F = IGNORE;\n#EQUATIONS A + F = A : 1E-4;", "b.kpp");
  const auto message = [&](const std::string& name) {
    const std::vector<std::string> species{name};
    return message_of([&] { ReactionBudget(mechanism, species); });
  };
  BOOST_TEST(contains(message("F"), "'F', which is fixed"));
  BOOST_TEST(contains(message("X"), "'X'"));
}
