#define BOOST_TEST_MODULE chemistry_mechanism
#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/mechanism.hpp>

using namespace chemnne;

namespace {

Mechanism nitrogen_oxides() {
  Mechanism mechanism;
  mechanism.name = "nitrogen oxides";
  mechanism.elements = {"N", "O"};
  mechanism.species = {
      {"NO", {{0, 1}, {1, 1}}, true}, {"O3", {{1, 3}}, true}, {"NO2", {{0, 1}, {1, 2}}, true}};
  mechanism.variable_species = 3;
  mechanism.reactions.push_back(
      {.label = "1", .reactants = {{0, 1}, {1, 1}}, .products = {{2, 1}}, .rate = 1e-14, .text = ""});
  return mechanism;
}

}  // namespace

BOOST_AUTO_TEST_CASE(species_are_found_by_name) {
  const Mechanism mechanism = nitrogen_oxides();
  BOOST_TEST(mechanism.index_of("NO2") == 2u);
  const auto names_both = [](const Error& error) {
    return error.where() == "mechanism nitrogen oxides" && error.found() == "'N2O5'";
  };
  BOOST_CHECK_EXCEPTION(mechanism.index_of("N2O5"), Error, names_both);
}

BOOST_AUTO_TEST_CASE(fingerprint_sees_the_chemistry_and_nothing_else) {
  const Mechanism mechanism = nitrogen_oxides();
  const std::string fingerprint = mechanism.fingerprint();
  BOOST_TEST(fingerprint.size() == 16u);
  const auto after = [&](auto change) {
    Mechanism changed = mechanism;
    change(changed);
    return changed.fingerprint();
  };
  BOOST_TEST(after([](Mechanism& m) { m.reactions[0].label = "R1"; }) == fingerprint);
  BOOST_TEST(after([](Mechanism& m) { m.reactions[0].line = 9; }) == fingerprint);
  BOOST_TEST(after([](Mechanism& m) { m.initial_values["NO"] = 1; }) == fingerprint);
  BOOST_TEST(after([](Mechanism& m) {
               std::swap(m.reactions[0].reactants[0], m.reactions[0].reactants[1]);
             }) == fingerprint);
  BOOST_TEST(after([](Mechanism& m) { m.reactions[0].rate = 1.1e-14; }) != fingerprint);
  BOOST_TEST(after([](Mechanism& m) { m.reactions[0].products[0].coefficient = 0.9; }) != fingerprint);
  BOOST_TEST(after([](Mechanism& m) { m.species[1].name = "O4"; }) != fingerprint);
  BOOST_TEST(after([](Mechanism& m) { m.species[1].atoms[0].count = 4; }) != fingerprint);
  BOOST_TEST(after([](Mechanism& m) { m.variable_species = 2; }) != fingerprint);
}
