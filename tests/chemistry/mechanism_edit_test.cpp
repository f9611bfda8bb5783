#define BOOST_TEST_MODULE chemistry_mechanism_edit
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "../data/data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/chemical_system.hpp>
#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/chemistry/mechanism_edit.hpp>

using namespace chemnne;
using test::contains;
using test::message_of;

namespace {

using Names = std::vector<std::string>;

/// Two peroxy radicals, fixed species that follow the environment (M, H2O) and one that does not (X).
const std::string text = R"(#INCLUDE atoms
#DEFVAR
  A = O; P = C + O; B = 2O; Q = 2C + O; C = 3O;
#DEFFIX
  X = O; H2O = 2H + O; M = IGNORE;
#EQUATIONS
<1> A + X = P : 1e-15 ;
<2> P = B + Q : 1e-13*RO2 ;
<3> Q + M = C : 2e-20 ;
<4> B + H2O = A + X : 3e-17 ;
<5> 2 C = A + X + H2O : 1e-12 ;
#INLINE F90_RCONST
  RO2 = C(ind_P) + C(ind_Q)
#ENDINLINE
#INITVALUES
  X = 3e11 ;
)";

Mechanism mechanism() { return parse_kpp(text, "edit.kpp"); }

/// Number densities of all species by name: those that a system with fixed species would use too.
std::map<std::string, double> densities() {
  const RateContext context = make_rate_context({});
  return {
      {"A", 1e10},       {"P", 2e8}, {"B", 3e12}, {"Q", 5e8}, {"C", 7e9}, {"X", 3e11}, {"H2O", context.water},
      {"M", context.air}};
}

/// dc/dt of the variable species of a mechanism by name, at `densities`.
std::map<std::string, double> tendencies(const Mechanism& of) {
  ChemicalSystem system(of);
  system.set_environment(Environment{});
  std::vector<double> state, change(of.variable_species);
  for (std::size_t i = 0; i < of.variable_species; ++i) state.push_back(densities().at(of.species[i].name));
  system.tendency(state, change);
  std::map<std::string, double> named;
  for (std::size_t i = 0; i < change.size(); ++i) named[of.species[i].name] = change[i];
  return named;
}

Names names(const Mechanism& of) {
  Names result;
  for (const Species& one : of.species) result.push_back(one.name);
  return result;
}

Names peroxy_radicals(const Mechanism& of) {
  Names result;
  for (const std::size_t i : of.peroxy_radicals) result.push_back(of.species[i].name);
  return result;
}

/// Those of both agree: the same products in another order of factors, so a few roundings.
void expect_same(const std::map<std::string, double>& found, const std::map<std::string, double>& expected) {
  for (const auto& [name, value] : found)
    if (expected.count(name))
      BOOST_TEST(std::abs(value - expected.at(name)) <= 1e-13 * std::abs(expected.at(name)), name);
}

}  // namespace

BOOST_AUTO_TEST_CASE(species_that_become_variable_leave_the_others_tendencies_alone) {
  Mechanism edited = mechanism();
  make_variable(edited, Names{"M", "X", "A"});
  BOOST_TEST(edited.variable_species == 7u);
  // Those that were variable first, then the others in the order of the file, not of the list.
  BOOST_TEST(names(edited) == (Names{"A", "P", "B", "Q", "C", "X", "M", "H2O"}),
             boost::test_tools::per_element());
  BOOST_TEST((peroxy_radicals(edited) == Names{"P", "Q"}));
  const auto found = tendencies(edited);
  expect_same(found, tendencies(mechanism()));
  // X: -A X k1 + B H2O k4 + C^2 k5, by hand.
  const double water = densities().at("H2O");
  BOOST_TEST(found.at("X") == -1e-15 * 1e10 * 3e11 + 3e-17 * 3e12 * water + 1e-12 * 7e9 * 7e9,
             boost::test_tools::tolerance(1e-12));
  BOOST_TEST(found.at("M") == -2e-20 * 5e8 * densities().at("M"), boost::test_tools::tolerance(1e-14));
  BOOST_TEST(!edited.species[edited.index_of("M")].abundance.has_value());
  BOOST_TEST(edited.species[edited.index_of("H2O")].abundance.has_value());
}

BOOST_AUTO_TEST_CASE(all_variable_leaves_none_fixed) {
  Mechanism edited = mechanism();
  make_all_variable(edited);
  BOOST_TEST(edited.variable_species == edited.species.size());
  for (const Species& species : edited.species) BOOST_TEST(!species.abundance.has_value(), species.name);
  expect_same(tendencies(edited), tendencies(mechanism()));
  make_all_variable(edited);  // nothing left to do
  BOOST_TEST(edited.variable_species == 8u);
}

BOOST_AUTO_TEST_CASE(fixing_is_the_inverse_of_varying) {
  Mechanism edited = mechanism();
  make_all_variable(edited);
  make_fixed(edited, Names{"H2O", "X", "M"});
  BOOST_TEST(names(edited) == names(mechanism()), boost::test_tools::per_element());
  BOOST_TEST(edited.fingerprint() == mechanism().fingerprint());
  BOOST_TEST(edited.species[edited.index_of("H2O")].abundance.has_value());
  BOOST_TEST(edited.species[edited.index_of("M")].abundance.has_value());
  expect_same(tendencies(edited), tendencies(mechanism()));
}

BOOST_AUTO_TEST_CASE(a_species_in_front_of_peroxy_radicals_moves_their_indices) {
  Mechanism edited = mechanism();
  make_fixed(edited, Names{"A", "B"});
  BOOST_TEST(edited.variable_species == 3u);
  BOOST_TEST(edited.peroxy_radicals == (std::vector<std::size_t>{0, 1}), boost::test_tools::per_element());
  BOOST_TEST((peroxy_radicals(edited) == Names{"P", "Q"}));
  ChemicalSystem system(edited);
  system.set_environment(Environment{});
  std::vector<double> fixed;
  for (std::size_t i = edited.variable_species; i < edited.species.size(); ++i)
    fixed.push_back(densities().at(edited.species[i].name));
  system.set_fixed(fixed);
  const std::vector<double> state{2e8, 5e8, 7e9};
  std::vector<double> change(3);
  system.tendency(state, change);
  const auto expected = tendencies(mechanism());
  expect_same({{"P", change[0]}, {"Q", change[1]}, {"C", change[2]}}, expected);
}

BOOST_AUTO_TEST_CASE(the_order_within_ro2_stays_ascending) {
  Mechanism edited = mechanism();
  reorder_species(edited, std::vector<std::size_t>{4, 3, 2, 1, 0, 5, 6, 7}, 5);
  BOOST_TEST(std::is_sorted(edited.peroxy_radicals.begin(), edited.peroxy_radicals.end()));
  BOOST_TEST((peroxy_radicals(edited) == Names{"Q", "P"}));
  expect_same(tendencies(edited), tendencies(mechanism()));
}

BOOST_AUTO_TEST_CASE(names_that_are_none_are_errors_and_change_nothing) {
  Mechanism edited = mechanism();
  BOOST_TEST(contains(message_of([&] { make_variable(edited, Names{"X", "XENON"}); }), "'XENON'"));
  BOOST_TEST(contains(message_of([&] { make_fixed(edited, Names{"A", "XENON"}); }), "'XENON'"));
  BOOST_TEST(edited.fingerprint() == mechanism().fingerprint());
  BOOST_TEST(edited.variable_species == 5u);
}

BOOST_AUTO_TEST_CASE(a_peroxy_radical_cannot_be_held_fixed) {
  // RO2 is a sum over variable species: a fixed one would be left out of it, or read from beside the state.
  Mechanism edited = mechanism();
  const std::string message = message_of([&] { make_fixed(edited, Names{"P"}); });
  BOOST_TEST((contains(message, "RO2") && contains(message, "'P'")), message);
  BOOST_TEST(edited.fingerprint() == mechanism().fingerprint());
}

BOOST_AUTO_TEST_CASE(held_species_do_not_change_and_the_others_do_as_before) {
  const Mechanism before = parse_kpp(text, "edit.kpp");
  Mechanism held = before;
  const std::vector<std::size_t> places{before.index_of("P"), before.index_of("C")};
  hold_species(held, places);
  ChemicalSystem free_system(before), held_system(held);
  free_system.set_environment({});
  held_system.set_environment({});
  const std::vector<double> c{3e9, 2e9, 5e8, 1e8, 7e7};
  std::vector<double> of_free(c.size()), of_held(c.size());
  free_system.tendency(c, of_free);
  held_system.tendency(c, of_held);
  for (std::size_t i = 0; i < c.size(); ++i) {
    const bool is_held = std::find(places.begin(), places.end(), i) != places.end();
    BOOST_TEST(of_held[i] == (is_held ? 0 : of_free[i]));
  }
}

BOOST_AUTO_TEST_CASE(dilution_is_a_loss_at_the_rate_of_the_last_parameter) {
  const Mechanism before = parse_kpp(text, "edit.kpp");
  Mechanism open = before;
  const std::vector<std::size_t> places{0, 3};
  add_dilution(open, places);
  BOOST_TEST(open.parameters.size() == before.parameters.size() + 1);
  ChemicalSystem closed_system(before), open_system(open);
  closed_system.set_environment({});
  open_system.set_parameter("dilution", 1e-4);
  open_system.set_environment({});
  const std::vector<double> c{3e9, 2e9, 5e8, 1e8, 7e7};
  std::vector<double> of_closed(c.size()), of_open(c.size());
  closed_system.tendency(c, of_closed);
  open_system.tendency(c, of_open);
  for (std::size_t i = 0; i < c.size(); ++i) {
    const double lost = i == 0 || i == 3 ? 1e-4 * c[i] : 0;
    BOOST_TEST(of_open[i] == of_closed[i] - lost, boost::test_tools::tolerance(1e-14));
  }
}

BOOST_AUTO_TEST_CASE(what_comes_and_goes_from_outside_has_parameters_of_its_own) {
  Mechanism open = parse_kpp(text, "edit.kpp");
  const Mechanism before = open;
  add_emission(open, 0);
  add_deposition(open, 1);
  const std::size_t rate = add_dilution(open, std::vector<std::size_t>{0, 2});
  add_background(open, 2, rate);
  ChemicalSystem closed_system(before), open_system(open);
  closed_system.set_environment({});
  for (const auto& [name, value] : {std::pair{"emission of A", 3e5},
                                    {"deposition of P", 2e-4},
                                    {"dilution", 1e-4},
                                    {"background of B", 4e9}})
    open_system.set_parameter(name, value);
  open_system.set_environment({});
  const std::vector<double> c{3e9, 2e9, 5e8, 1e8, 7e7};
  std::vector<double> of_closed(c.size()), of_open(c.size());
  closed_system.tendency(c, of_closed);
  open_system.tendency(c, of_open);
  const std::vector<double> more{3e5 - 1e-4 * c[0], -2e-4 * c[1], 1e-4 * (4e9 - c[2]), 0, 0};
  for (std::size_t i = 0; i < c.size(); ++i)
    BOOST_TEST(of_open[i] == of_closed[i] + more[i], boost::test_tools::tolerance(1e-13));
  BOOST_TEST(contains(message_of([&] { add_dilution(open, std::vector<std::size_t>{0}); }),
                      "expected no parameter 'dilution' of its own"));
}
