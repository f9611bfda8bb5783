#define BOOST_TEST_MODULE cli_initial_state
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "../data/data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/chemistry/open_atmos_reader.hpp>
#include <chemnne/cli/initial_state.hpp>
#include <chemnne/io/atomic_file.hpp>
#include <chemnne/reference/reference_solver.hpp>

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

namespace {

/// What the fixture's state makes of a table of MusicBox.
struct TableFixture : Fixture {
  void add_table(const std::string& text) {
    write_file_atomically(folder.file("table.csv"), text);
    MusicBoxTables tables;
    tables.add(folder.file("table.csv"));
    initial.add(tables, conditions);
  }
  std::string complaint_of_table(const std::string& text) {
    return test::message_of([&] { add_table(text); });
  }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(a_table_of_musicbox_sets_the_start_and_later_rows_are_steps, TableFixture) {
  add_table(
      "time.s,ENV.temperature.K,ENV.pressure.Pa,CONC.O3.mol m-3,CONC.NO,CONC.H2O.ppm,ENV.air_density.kg\n"
      "0.0,280,9e4,1e-6,,1,7\n3600,290,,2e-6,3e-9,2,\n");
  BOOST_TEST(value("O3") == 6.02214076e11, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(value("NO") == 1e9);  // not given at the start: the mechanism's own
  BOOST_TEST(conditions.air(3599) == number_density_of_pressure(9e4, 280));
  BOOST_TEST(conditions.air(3600) == number_density_of_pressure(9e4, 290));
  const std::vector<BoxEvent> events = initial.events(conditions);
  BOOST_TEST_REQUIRE(events.size() == 2u);
  for (const BoxEvent& event : events) {
    BOOST_TEST(event.time == 3600);
    BOOST_TEST(!event.adds);
  }
  BOOST_TEST(events[0].species == of.index_of("NO"));
  BOOST_TEST(events[0].value == 3e-9 * 6.02214076e17, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(events[1].value == 2e-6 * 6.02214076e17, boost::test_tools::tolerance(1e-14));
  // H2O is fixed: it follows its steps.
  BOOST_TEST(value("H2O") == 2.5e13, boost::test_tools::tolerance(1e-14));
  initial.hold_given(of);
  ChemicalSystem system(of);
  conditions.apply(system, 0);
  BOOST_TEST(system.fixed()[0] == 1e-6 * conditions.air(0), boost::test_tools::tolerance(1e-14));
  conditions.apply(system, 4000);
  BOOST_TEST(system.fixed()[0] == 2e-6 * conditions.air(4000), boost::test_tools::tolerance(1e-14));
}

BOOST_FIXTURE_TEST_CASE(tables_with_names_or_units_that_are_none_are_errors, TableFixture) {
  BOOST_TEST(
      contains(complaint_of_table("time.s,CONC.XENON.mol m-3\n0,1\n"),
               "column CONC.XENON.mol m-3: expected a species of the mechanism initial, found 'XENON'"));
  BOOST_TEST(contains(complaint_of_table("time.s,CONC.O3.DU\n0,1\n"), "expected one of the units"));
  BOOST_TEST(contains(complaint_of_table("time.s,ENV.temperature.C\n0,1\n"), "found 'C'"));
  BOOST_TEST(contains(complaint_of_table("time.s,PHOTO.x.min-1\n0,1\n"), "found 'min-1'"));
  BOOST_TEST(contains(complaint_of_table("time.s,PHOTO.x.s-1\n0,1\n"), "a parameter of the mechanism"));
}

/// A decays with 1e-4 s-1 for an hour, by the rows of MusicBox before version 3 and by its table.
BOOST_AUTO_TEST_CASE(both_layouts_of_musicbox_give_one_run) {
  Mechanism decay =
      parse_open_atmos(R"({"version": "1.0.0", "name": "decay", "species": [{"name": "A"}, {"name": "B"}],
    "phases": [{"name": "gas", "species": ["A", "B"]}], "reactions": [{"type": "PHOTOLYSIS", "name": "p",
    "gas phase": "gas", "reactants": [{"name": "A"}], "products": [{"name": "B"}]}]})",
                       "decay.json");
  const test::TemporaryFolder folder;
  write_file_atomically(folder.file("old.csv"), "CONC.A,1e-6\nENV.temperature,298.15\nPHOTO.p,1e-4\n");
  write_file_atomically(folder.file("new.csv"),
                        "time.s,ENV.temperature.K,CONC.A.mol m-3,PHOTO.p.s-1\n0.0,298.15,1e-6,1e-4\n");
  for (const bool table : {false, true}) {
    BoxConditions conditions(decay);
    InitialState initial(decay);
    MusicBoxTables tables;
    if (table)
      tables.add(folder.file("new.csv"));
    else
      initial.add(folder.file("old.csv"), "molecules cm-3", conditions);
    initial.add(tables, conditions);
    ChemicalSystem system(decay);
    conditions.apply(system, 0);
    std::vector<double> state = initial.number_densities(conditions.air(0));
    ReferenceSolver<ChemicalSystem> solver(system, {.relative_tolerance = 1e-10});
    BOOST_TEST_REQUIRE(static_cast<bool>(solver.integrate(state, 3600)));
    BOOST_TEST(state[0] == 1e-6 * 6.02214076e17 * std::exp(-0.36), boost::test_tools::tolerance(1e-8));
  }
}

BOOST_FIXTURE_TEST_CASE(a_concentration_is_not_negative_and_given_once, Fixture) {
  const std::string negative = complaint("O3,1\nNO,-5,ppb\n");
  BOOST_TEST(contains(negative, "start.csv:2, NO: expected a concentration of 0 or more, found -5"),
             negative);
  BOOST_TEST(contains(complaint("O3,1\nCONC.O3,1\n"), "start.csv:2: expected every species once"));
  add("O3,0\n");
  BOOST_TEST(value("O3") == 0);
}

/// What ../shared/cases/README.md says is right.
BOOST_AUTO_TEST_CASE(cases_of_initial_values) {
  const std::string folder = std::string(CHEMNNE_SHARED_DIRECTORY) + "/cases/";
  if (!file_exists(folder + "README.md")) return static_cast<void>(std::printf("skipped: no shared data\n"));
  const Mechanism of = parse_kpp("#DEFVAR O3; NO; CH4;\n#EQUATIONS O3 + NO + CH4 = : 1;", "cases.kpp");
  const auto add = [&](const std::string& file) {
    BoxConditions conditions(of);
    InitialState initial(of);
    initial.add(folder + file, "molecules cm-3", conditions);
    return initial.number_densities(air);
  };
  BOOST_TEST(add("csv_bom.csv")[of.index_of("O3")] == 1e12, boost::test_tools::tolerance(1e-15));
  BOOST_TEST(add("csv_bom.csv")[of.index_of("NO")] == 2.5e9, boost::test_tools::tolerance(1e-15));
  BOOST_TEST(contains(test::message_of([&] { add("csv_nan.csv"); }), "csv_nan.csv:1, O3"));
  BOOST_TEST(contains(test::message_of([&] { add("csv_negative.csv"); }), "csv_negative.csv:1, CH4"));
}
