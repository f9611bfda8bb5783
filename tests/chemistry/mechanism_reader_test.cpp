#define BOOST_TEST_MODULE chemistry_mechanism_reader
#include <string>

#include "../data/data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/mechanism_reader.hpp>

using namespace chemnne;
using test::contains;
using test::message_of;

namespace {

/// A -> B of 0.001 s-1 in each format.
const std::string kpp = "#DEFVAR\nA = IGNORE; B = IGNORE;\n#EQUATIONS\n<1> A = B : 1e-3 ;\n";
const std::string facsimile = "VARIABLE A B ;\n% 1e-3 : A = B ;\n";
const std::string json = R"({"version": "1.0.0", "name": "decay",
  "species": [{"name": "A"}, {"name": "B"}], "phases": [{"name": "gas", "species": ["A", "B"]}],
  "reactions": [{"type": "ARRHENIUS", "A": 1e-3, "gas phase": "gas",
                 "reactants": [{"species name": "A"}], "products": [{"species name": "B"}]}]})";
const std::string yaml = R"(version: 1.0.0
name: decay
species: [{name: A}, {name: B}]
phases: [{name: gas, species: [A, B]}]
reactions:
  - type: ARRHENIUS
    A: 1e-3
    gas phase: gas
    reactants: [{species name: A}]
    products: [{species name: B}]
)";

void is_the_decay(const std::string& text, const std::string& name) {
  const Mechanism mechanism = parse_mechanism(text, name);
  BOOST_TEST(mechanism.name == "decay", name);
  BOOST_TEST(mechanism.variable_species == 2u, name);
  BOOST_TEST_REQUIRE(mechanism.reactions.size() == 1u, name);
  const Reaction& reaction = mechanism.reactions[0];
  BOOST_TEST(mechanism.species[reaction.reactants.at(0).species].name == "A", name);
  BOOST_TEST(mechanism.species[reaction.products.at(0).species].name == "B", name);
  // OpenAtmos multiplies by exp(0) and powers of one.
  BOOST_TEST(reaction.rate.value(make_rate_context({})) == 1e-3, boost::test_tools::tolerance(1e-14));
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_ending_tells_the_format_whatever_its_case) {
  for (const char* const ending : {".kpp", ".def", ".eqn", ".spc", ".EQN"})
    is_the_decay(kpp, std::string("some.folder/decay") + ending);
  for (const char* const ending : {".fac", ".FAC"}) is_the_decay(facsimile, std::string("decay") + ending);
  is_the_decay(json, "decay.json");
  for (const char* const ending : {".yaml", ".yml", ".Yml"})
    is_the_decay(yaml, std::string("decay") + ending);
}

BOOST_AUTO_TEST_CASE(another_ending_is_an_error_that_lists_the_known_ones) {
  for (const char* const name : {"decay.txt", "decay", "folder.eqn/decay", "decay."}) {
    const std::string message = message_of([&] { parse_mechanism(kpp, name); });
    BOOST_TEST(contains(message, std::string(name) + ": expected a mechanism: .kpp, .def, .eqn (KPP), .fac"),
               message);
  }
  BOOST_TEST(contains(message_of([&] { parse_mechanism(kpp, "decay.Txt"); }), "found '.Txt'"));
  BOOST_TEST(contains(message_of([&] { parse_mechanism(kpp, "decay"); }), "a name without such an ending"));
}

BOOST_AUTO_TEST_CASE(a_text_of_another_format_is_an_error_of_the_reader) {
  BOOST_TEST(contains(message_of([&] { parse_mechanism(facsimile, "decay.eqn"); }), "decay.eqn"));
  BOOST_TEST(contains(message_of([&] { parse_mechanism(kpp, "decay.fac"); }), "decay.fac, line"));
  BOOST_TEST(contains(message_of([&] { parse_mechanism(facsimile, "decay.json"); }), "decay.json"));
}

BOOST_AUTO_TEST_CASE(options_reach_every_format) {
  const ReadOptions collect{.collect_unresolved = true};
  for (const auto& [text, name] :
       {std::pair{"#DEFVAR\nA = IGNORE;\n#EQUATIONS\n<1> A = PROD : KNOWNTONOBODY ;\n", "a.kpp"},
        std::pair{"VARIABLE A ;\n% KNOWNTONOBODY : A = ;\n", "a.fac"}}) {
    const Mechanism mechanism = parse_mechanism(text, name, collect);
    BOOST_TEST_REQUIRE(mechanism.unresolved.size() == 1u, name);
    BOOST_TEST(mechanism.unresolved[0].name == "KNOWNTONOBODY");
    BOOST_TEST(contains(message_of([&, text = text, name = name] { parse_mechanism(text, name); }),
                        "KNOWNTONOBODY"));
  }
}

BOOST_AUTO_TEST_CASE(files_are_read_by_their_name_and_missing_ones_are_named) {
  const test::TemporaryFolder folder;
  const std::string path = folder.file("decay.fac");
  std::FILE* const file = std::fopen(path.c_str(), "wb");
  BOOST_REQUIRE(file != nullptr);
  std::fputs(facsimile.c_str(), file);
  std::fclose(file);
  BOOST_TEST(read_mechanism(path).fingerprint() == parse_facsimile(facsimile, "decay.fac").fingerprint());
  const std::string message = message_of([&] { read_mechanism(folder.file("none.eqn")); });
  BOOST_TEST(contains(message, "none.eqn: expected a readable file"), message);
}
