#define BOOST_TEST_MODULE chemistry_camp_reader
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "../data/data_test_tools.hpp"
#include "rate_evaluators.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/open_atmos_reader.hpp>
#include <chemnne/io/atomic_file.hpp>

using namespace chemnne;

namespace {

std::string file(const std::string& reactions, const std::string& entries = "") {
  return R"({"camp-data": [
  {"type": "CHEM_SPEC", "name": "A", "anything": "goes"}, {"type": "CHEM_SPEC", "name": "B"},
  {"type": "CHEM_SPEC", "name": "M", "tracer type": "THIRD_BODY"},
  {"type": "CHEM_SPEC", "name": "O2", "tracer type": "CONSTANT"},
  {"type": "CHEM_SPEC", "name": "A", "molecular weight [kg mol-1]": 0.03, "diffusion coefficient [m2 s-1]": 1e-5},
  {"type": "RELATIVE_TOLERANCE", "value": 1e-4},)" +
         entries + R"(
  {"type": "MECHANISM", "name": "small", "reactions": [)" +
         reactions + "]}]}";
}

Mechanism parse(const std::string& text, const ReadOptions& options = {}) {
  return parse_open_atmos(text, "folder/test.json", options);
}

std::string message(const std::string& text) {
  return test::message_of([&] { parse(text); });
}

double rate(const Mechanism& mechanism, std::size_t reaction, double temperature, double pressure) {
  const std::vector<double> ones(mechanism.parameters.size(), 1.0);
  RateContext context = make_rate_context({.temperature = temperature, .pressure = pressure});
  context.parameters = ones;
  return mechanism.reactions.at(reaction).rate.value(context);
}

const std::string sides =
    R"("reactants": {"A": {"qty": 1}, "B": {}}, "products": {"B": {"yield": 2.5}, "A": {}})";

}  // namespace

BOOST_AUTO_TEST_CASE(species_and_reactions_of_version_0) {
  const Mechanism mechanism =
      parse(file(R"({"type": "ARRHENIUS", "rxn id": "R1", "A": 3e-12, "C": -1500, )" + sides + R"(},
  {"type": "PHOTOLYSIS", "MUSICA name": "jb", "scaling factor": 0.5, "reactants": {"B": {}}, "products": {}},
  {"type": "EMISSION", "species": "A", "MUSICA name": "ea"},
  {"type": "FIRST_ORDER_LOSS", "species": "A", "MUSICA name": "la"})"));
  BOOST_TEST(mechanism.name == "small");
  std::string names;
  for (const Species& one : mechanism.species) names += one.name + " ";
  BOOST_TEST(names == "A B M O2 ");
  BOOST_TEST(mechanism.variable_species == 2u);
  BOOST_TEST(mechanism.species[0].molar_mass == 30,
             boost::test_tools::tolerance(1e-14));  // of the second entry
  BOOST_TEST((mechanism.species[2].abundance->variable == &RateContext::air));
  BOOST_TEST((mechanism.species[3].abundance->variable == &RateContext::oxygen));
  BOOST_TEST_REQUIRE(mechanism.reactions.size() == 4u);
  BOOST_TEST(mechanism.reactions[0].label == "R1");
  BOOST_TEST(mechanism.reactions[0].text == "A + B = 2.5 B + A : ARRHENIUS");
  BOOST_TEST(mechanism.reactions[1].text == "B = : PHOTOLYSIS");
  BOOST_TEST(mechanism.reactions[1].photolysis);
  BOOST_TEST(mechanism.reactions[2].text == "= A : EMISSION");
  BOOST_TEST(mechanism.reactions[3].text == "A = : FIRST_ORDER_LOSS");
  std::string parameters;
  for (const Parameter& one : mechanism.parameters) parameters += one.name + " [" + one.units + "], ";
  BOOST_TEST(parameters == "PHOTO.jb [s-1], EMIS.ea [mol m-3 s-1], LOSS.la [s-1], ");
  BOOST_TEST(rate(mechanism, 1, 280, 9e4) == 0.5);
  BOOST_TEST(rate(mechanism, 2, 280, 9e4) == 6.02214076e17);  // of 1 mol m-3 s-1
}

/// Constants count molecules cm-3, whatever the order; values computed from the formulas of CAMP.
BOOST_AUTO_TEST_CASE(rate_constants_are_in_molecules) {
  const Mechanism mechanism = parse(file(R"({"type": "ARRHENIUS", "A": 3e-12, "C": -1500, )" + sides + R"(},
  {"type": "ARRHENIUS", "A": 6e-34, "B": -2.4, "reactants": {"A": {}, "O2": {}, "M": {}}, "products": {}},
  {"type": "TROE", "k0_A": 9e-32, "k0_B": -1.5, "kinf_A": 3e-11, )" +
                                         sides + R"(},
  {"type": "CMAQ_H2O2", "k1_A": 2.3e-13, "k1_C": 600, "k2_A": 1.7e-33, "k2_C": 1000, )" +
                                         sides + R"(},
  {"type": "CMAQ_OH_HNO3", "k0_A": 2.4e-14, "k0_C": 460, "k2_A": 2.7e-17, "k2_C": 2199, "k3_A": 6.5e-34,
   "k3_C": 1335, )" + sides + R"(},
  {"type": "WENNBERG_TUNNELING", "A": 1e-12, "B": 100, "C": 1e7, )" +
                                         sides + R"(},
  {"type": "ARRHENIUS", "A": 6e-11, "time unit": "MIN", )" +
                                         sides + "}"));
  const auto close = boost::test_tools::tolerance(1e-12);
  for (const auto& [t, p] : {std::pair{298., 101300.}, std::pair{240., 20000.}}) {
    const double m = make_rate_context({.temperature = t, .pressure = p}).air;
    BOOST_TEST(rate(mechanism, 0, t, p) == 3e-12 * std::exp(-1500 / t), close);
    BOOST_TEST(rate(mechanism, 1, t, p) == 6e-34 * std::pow(t / 300, -2.4), close);
    const double k0 = 9e-32 * std::pow(t / 300, -1.5) * m, r = k0 / 3e-11;
    BOOST_TEST(rate(mechanism, 2, t, p) == k0 / (1 + r) * std::pow(0.6, 1 / (1 + std::pow(std::log10(r), 2))),
               close);
    BOOST_TEST(rate(mechanism, 3, t, p) == 2.3e-13 * std::exp(600 / t) + 1.7e-33 * std::exp(1000 / t) * m,
               close);
    const double k2 = 2.7e-17 * std::exp(2199 / t), k3 = 6.5e-34 * std::exp(1335 / t) * m;
    BOOST_TEST(rate(mechanism, 4, t, p) == 2.4e-14 * std::exp(460 / t) + k3 / (1 + k3 / k2), close);
    BOOST_TEST(rate(mechanism, 5, t, p) == 1e-12 * std::exp(-100 / t + 1e7 / (t * t * t)), close);
    BOOST_TEST(rate(mechanism, 6, t, p) == 1e-12, close);
  }
  BOOST_TEST(RateProgram(mechanism).calls().empty());
  BOOST_TEST(test::difference_of_evaluators(mechanism) < 1e-12);
}

/// The same mechanism in version 1, where numbers are in moles: f = 6.02214076e17 molecules cm-3 of a mol
/// m-3.
BOOST_AUTO_TEST_CASE(branches_and_surfaces_are_those_of_version_1) {
  const Mechanism old = parse(file(R"({"type": "BRANCHED", "X": 2.7e-12, "Y": -360, "a0": 0.15, "n": 5,
     "reactants": {"A": {}, "B": {}}, "alkoxy products": {"A": {}}, "nitrate products": {"B": {}}},
  {"type": "SURFACE", "MUSICA name": "s", "gas-phase reactant": "A", "gas-phase products": {"B": {}},
   "reaction probability": 0.1})"));
  const Mechanism current =
      parse(R"({"version": "1.0.0", "species": [{"name": "A", "molecular weight [kg mol-1]": 0.03,
      "diffusion coefficient [m2 s-1]": 1e-5}, {"name": "B"}],
    "phases": [{"name": "gas", "species": ["A", "B"]}], "reactions": [
    {"type": "BRANCHED_NO_RO2", "gas phase": "gas", "X": 1625978.0052, "Y": -360, "a0": 0.15, "n": 5,
     "reactants": [{"name": "A"}, {"name": "B"}], "alkoxy products": [{"name": "A"}],
     "nitrate products": [{"name": "B"}]},
    {"type": "SURFACE", "name": "s", "gas phase": "gas", "gas-phase species": "A", "gas-phase products": [{"name": "B"}],
     "reaction probability": 0.1}]})");
  BOOST_TEST_REQUIRE(old.reactions.size() == 3u);
  BOOST_TEST(old.parameters[0].name == current.parameters[0].name);
  for (std::size_t i = 0; i < 3; ++i)
    BOOST_TEST(rate(old, i, 260, 7e4) == rate(current, i, 260, 7e4), boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(aerosol_is_named_or_collected) {
  const std::string text = file(
      R"({"type": "SIMPOL_PHASE_TRANSFER", "gas-phase species": "A"}, {"type": "ARRHENIUS", )" + sides + "}",
      R"({"type": "AERO_PHASE", "name": "organic"}, {"type": "CHEM_SPEC", "name": "S", "phase": "AEROSOL"},)");
  BOOST_TEST(test::contains(message(text),
                            "expected a gas-phase mechanism (aerosol is not supported), found 'AERO_PHASE'"));
  const Mechanism mechanism = parse(text, {.collect_unresolved = true});
  BOOST_TEST(mechanism.species.size() == 4u);
  BOOST_TEST(mechanism.reactions.size() == 1u);
  BOOST_TEST_REQUIRE(mechanism.remarks.size() == 2u);
  BOOST_TEST(test::contains(mechanism.remarks[1], "line 7, column"));
  BOOST_TEST(test::contains(mechanism.remarks[1], "left out: 'SIMPOL_PHASE_TRANSFER'"));
}

BOOST_AUTO_TEST_CASE(files_are_found_beside_the_one_that_names_them) {
  const test::TemporaryFolder folder;
  const std::string main = folder.file("config.json");
  write_file_atomically(folder.file("all.json"), file(R"({"type": "ARRHENIUS", )" + sides + "}"));
  write_file_atomically(main, R"({"camp-files": ["all.json"]})");
  BOOST_TEST(read_open_atmos(main).reactions.size() == 1u);
  // MusicBox's configuration of before: it may hold a species at a share of the air.
  write_file_atomically(folder.file("my_config.json"), R"({"box model options": {}, "model components": [
    {"type": "CAMP", "configuration file": "config.json", "override species": {"B": {"mixing ratio mol mol-1": 0.25}}}]})");
  const Mechanism held = read_open_atmos(folder.file("my_config.json"));
  BOOST_TEST(held.variable_species == 1u);
  BOOST_TEST(held.species[held.index_of("B")].abundance->factor == 0.25);
  write_file_atomically(main, R"({"camp-files": ["none.json"]})");
  BOOST_TEST(
      test::contains(test::message_of([&] { read_open_atmos(main); }), "line 1, column 17: expected a file"));
  write_file_atomically(main, R"({"camp-files": ["config.json"]})");
  BOOST_TEST(test::contains(test::message_of([&] { read_open_atmos(main); }), "a map with 'camp-data'"));
}

BOOST_AUTO_TEST_CASE(errors_say_where_and_what) {
  const auto says = [](const std::string& reaction, const std::string& part) {
    const std::string found = message(file(reaction));
    BOOST_TEST_MESSAGE(found);
    return test::contains(found, part);
  };
  BOOST_TEST(says("", "a mechanism with reactions"));
  BOOST_TEST(says("{}", "line 7, column 56: expected a reaction, a map with 'type'"));
  BOOST_TEST(says(R"({"type": "ARRHENIUS", "a": 1, )" + sides + "}",
                  "in a reaction of type ARRHENIUS one of the keys"));
  BOOST_TEST(says(R"({"type": "ARRHENIUS", "products": {}})", "the key 'reactants'"));
  BOOST_TEST(says(R"({"type": "ARRHENIUS", "reactants": {"X": {}}, "products": {}})",
                  "a gas-phase species that a CHEM_SPEC"));
  BOOST_TEST(says(R"({"type": "ARRHENIUS", "reactants": {"A": {"qty": 0.5}}, "products": {}})",
                  "a whole number 'qty'"));
  BOOST_TEST(
      says(R"({"type": "ARRHENIUS", "reactants": {"A": {"qty": 10}}, "products": {}})", "at most order 9"));
  BOOST_TEST(says(R"({"type": "ARRHENIUS", "reactants": ["A"], "products": {}})",
                  "species with their numbers, a map"));
  BOOST_TEST(
      says(R"({"type": "PHOTOLYSIS", "reactants": {"A": {}}, "products": {}})", "the key 'MUSICA name'"));
  BOOST_TEST(
      says(R"({"type": "PHOTOLYSIS", "MUSICA name": "j", )" + sides + "}", "one reactant, found order 2"));
  BOOST_TEST(says(R"({"type": "ARRHENIUS", "time unit": "h", )" + sides + "}", "the time unit s or MIN"));
  BOOST_TEST(
      says(R"({"type": "SURFACE", "MUSICA name": "s", "gas-phase reactant": "B", "gas-phase products": {}})",
           "found no molecular weight"));
  BOOST_TEST(test::contains(message(R"({"camp-data": [{"name": "A"}]})"), "an entry, a map with 'type'"));
  BOOST_TEST(test::contains(message(R"({"camp-files": 1})"), "a list of files"));
  BOOST_TEST(test::contains(message(R"({"model components": [{"type": "MICM"}]})"), "of type CAMP"));
}

/// The small inputs that were reported, where they lie beside the project.
BOOST_AUTO_TEST_CASE(reported_files_are_read) {
  const std::string cases = CHEMNNE_SHARED_DIRECTORY "/cases/";
  if (!file_exists(cases + "j01_v0.json")) return std::printf("skipped: no shared data\n"), void();
  const Mechanism old = read_open_atmos(cases + "j01_v0.json");
  BOOST_TEST(old.reactions.at(0).text == "A = 2 B : ARRHENIUS");
  BOOST_TEST(rate(old, 0, 298, 101325) == 1e-4, boost::test_tools::tolerance(1e-14));
  const Mechanism later = read_open_atmos(cases + "j02_v12.json");
  BOOST_TEST(rate(later, 0, 298, 101325) == 1e-4, boost::test_tools::tolerance(1e-14));
  const Mechanism lambda = read_open_atmos(cases + "j05_lambda.json");
  BOOST_TEST(rate(lambda, 0, 298, 101325) == 1.2e-5 * std::exp(-500. / 298),
             boost::test_tools::tolerance(1e-14));
}
