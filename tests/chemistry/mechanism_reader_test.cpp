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

const std::string cam = R"(SPECIES
  Solution
    A, B
  End Solution
End SPECIES
CHEMISTRY
  Reactions
    A -> B ; 1e-3
  End Reactions
End CHEMISTRY
)";
const std::string cmaq = "decay\nREACTIONS[CM] =\n<1> A = B # 1e-3 ;\nEND MECH\n";

void is_the_decay(const std::string& text, const std::string& name, const std::string& format) {
  const Mechanism mechanism = parse_mechanism(text, name);
  BOOST_TEST(mechanism.format == format, name);
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

BOOST_AUTO_TEST_CASE(every_format_is_read_whatever_the_file_is_called_and_says_which_it_was) {
  for (const char* const name : {"some.folder/decay.eqn", "decay.def", "decay.txt", "decay"}) {
    is_the_decay(kpp, name, "KPP");
    is_the_decay(facsimile, name, "MCM FACSIMILE");
    is_the_decay(json, name, "MUSICA/OpenAtmos");
    is_the_decay(yaml, name, "MUSICA/OpenAtmos");
    is_the_decay(cam, name, "CAM-chem");
    is_the_decay(cmaq, name, "CMAQ");
  }
}

BOOST_AUTO_TEST_CASE(options_reach_every_format) {
  const ReadOptions collect{.collect_unresolved = true};
  for (const auto& [text, name] :
       {std::pair{"#DEFVAR\nA = IGNORE;\n#EQUATIONS\n<1> A = PROD : KNOWNTONOBODY ;\n", "a.kpp"},
        std::pair{"VARIABLE A ;\n% KNOWNTONOBODY : A = ;\n", "a.fac"},
        std::pair{"REACTIONS[CM] =\n<1> A = %4 # KNOWNTONOBODY;\nEND\n", "a.def"}}) {
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

/// CAMP calls a folder by its name.
BOOST_AUTO_TEST_CASE(a_folder_stands_for_the_configuration_in_it) {
  const test::TemporaryFolder folder;
  const auto write = [&](const char* name, const char* text) {
    std::FILE* const file = std::fopen(folder.file(name).c_str(), "wb");
    BOOST_REQUIRE(file != nullptr);
    std::fputs(text, file);
    std::fclose(file);
  };
  write("all.json",
        R"({"camp-data": [{"type": "CHEM_SPEC", "name": "A"}, {"type": "MECHANISM", "name": "decay",
    "reactions": [{"type": "ARRHENIUS", "reactants": {"A": {}}, "products": {}}]}]})");
  write("config.json", R"({"camp-files": ["all.json"]})");
  const std::string path = folder.file("config.json");
  const Mechanism mechanism = read_mechanism(path.substr(0, path.rfind('/')));
  BOOST_TEST(mechanism.name == "decay");
  BOOST_TEST(mechanism.reactions.size() == 1u);
}
