#define BOOST_TEST_MODULE cli_initial_state
#include <string>
#include <vector>

#include "../data/data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/cli/initial_state.hpp>
#include <chemnne/io/atomic_file.hpp>

using namespace chemnne;
using test::contains;

namespace {

constexpr double air = 2.5e19;

/// O3 and NO vary; H2O and M follow the environment; RES1 is a parameter.
Mechanism mechanism() {
  return parse_kpp(R"(#DEFVAR
O3 = IGNORE; NO = IGNORE;
#DEFFIX
H2O = IGNORE; M = IGNORE;
#INLINE F90_GLOBAL
  REAL(dp) :: RES1
#ENDINLINE
#EQUATIONS
<1> O3 + NO + H2O + M = PROD : RES1 ;
#INITVALUES
  NO = 1e9;
)",
                   "initial.kpp");
}

struct Fixture {
  test::TemporaryFolder folder;
  Mechanism of = mechanism();
  BoxConditions conditions = BoxConditions(of);
  InitialState initial = InitialState(of);

  void add(const std::string& text, const std::string& units = "molecules cm-3") {
    write_file_atomically(folder.file("start.csv"), text);
    initial.add(folder.file("start.csv"), units, conditions);
  }
  std::string complaint(const std::string& text, const std::string& units = "molecules cm-3") {
    return test::message_of([&] { add(text, units); });
  }
  double value(const std::string& name) const { return initial.number_densities(air)[of.index_of(name)]; }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(without_a_file_the_mechanism_s_own_values_count, Fixture) {
  BOOST_TEST(!initial.empty());
  BOOST_TEST(initial.number_densities(air) == (std::vector<double>{0, 1e9, 0, 0}),
             boost::test_tools::per_element());
  Mechanism without = of;
  without.initial_values.clear();
  BOOST_TEST(InitialState(without).empty());
}

BOOST_FIXTURE_TEST_CASE(values_of_a_file_come_in_their_units, Fixture) {
  add("O3, 40, ppb\nNO [ppt], 20\n");
  BOOST_TEST(value("O3") == 1e12, boost::test_tools::tolerance(1e-15));
  BOOST_TEST(value("NO") == 5e8, boost::test_tools::tolerance(1e-15));  // in the place of the mechanism's own
  add("O3, 3e11\n");
  BOOST_TEST(value("O3") == 3e11);
  add("O3, 2\n", "ppm");
  BOOST_TEST(value("O3") == 5e13, boost::test_tools::tolerance(1e-15));
  add("O3, 4e11, cm-3\n", "ppm");
  BOOST_TEST(value("O3") == 4e11);
}

BOOST_FIXTURE_TEST_CASE(musicbox_s_concentrations_are_mol_per_cubic_metre, Fixture) {
  add("CONC.O3, 1e-6\nCONC.NO [ppb], 1\nENV.temperature, 280\nENV.pressure, 9e4\n", "ppm");
  BOOST_TEST(value("O3") == 6.02214076e11, boost::test_tools::tolerance(1e-15));
  BOOST_TEST(value("NO") == 2.5e10, boost::test_tools::tolerance(1e-15));
  BOOST_TEST(conditions.air(0) == number_density_of_pressure(9e4, 280));
}

BOOST_FIXTURE_TEST_CASE(parameters_beside_the_species_are_conditions, Fixture) {
  add("O3, 40, ppb\nRES1, 2e-3\n");
  BOOST_TEST(conditions.unset_parameters().empty());
  ChemicalSystem system(of);
  conditions.apply(system, 0);
  BOOST_TEST(system.rate_constants(std::vector<double>(2, 0.0))[0] == 2e-3);
}

BOOST_FIXTURE_TEST_CASE(fixed_species_that_are_given_are_held, Fixture) {
  const std::size_t water = of.index_of("H2O"), third = of.index_of("M");
  BOOST_TEST(of.species[water].abundance.has_value());
  add("H2O, 1, ppm\n");
  BOOST_TEST(value("H2O") == 2.5e13, boost::test_tools::tolerance(1e-15));
  initial.hold_given(of);
  BOOST_TEST(!of.species[water].abundance.has_value());
  BOOST_TEST(of.species[third].abundance.has_value());
  ChemicalSystem system(of);
  system.set_fixed(std::vector<double>{2.5e13, 0});
  conditions.apply(system, 0);
  BOOST_TEST(system.fixed()[0] == 2.5e13);
  BOOST_TEST(system.fixed()[1] == air_number_density(Environment{}));
}

BOOST_FIXTURE_TEST_CASE(names_and_units_that_are_none_are_errors_with_file_and_line, Fixture) {
  const std::string unknown = complaint("O3,1\n\nXENON,2\n");
  BOOST_TEST(contains(unknown, "start.csv:3: expected a species of the mechanism initial, found 'XENON'"),
             unknown);
  BOOST_TEST(contains(complaint("CONC.XENON,2\n"), "start.csv:1: expected a species"));
  BOOST_TEST(contains(complaint("ENV.wind,2\n"), "start.csv:1"));
  BOOST_TEST(contains(complaint("# a comment\nO3,2,ug m-3\n"), "start.csv:2: expected one of the units"));
  BOOST_TEST(contains(complaint("O3,2\n", "DU"), "start.csv:1: expected one of the units"));
}
