#define BOOST_TEST_MODULE chemistry_open_atmos_document
#include <cstdio>
#include <filesystem>
#include <string>

#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/open_atmos_reader.hpp>

using namespace chemnne;

namespace {

const std::string sections =
    "species: [{name: A}, {name: B}]\n"
    "phases: [{name: gas, species: [A, B]}]\n"
    "reactions: [{type: ARRHENIUS, gas phase: gas, reactants: [A], products: [B]}]\n";

Mechanism parse(const std::string& text) { return parse_open_atmos(text, "folder/test.yaml"); }

bool refuses(const std::string& text, const std::string& place, const std::string& part_of_message) {
  try {
    parse(text);
  } catch (const Error& error) {
    const std::string message = error.what();
    if (error.where() == "folder/test.yaml" + place && message.find(part_of_message) != std::string::npos)
      return true;
    BOOST_TEST_MESSAGE(message);
  }
  return false;
}

}  // namespace

BOOST_AUTO_TEST_CASE(music_box_configurations_contain_a_mechanism) {
  const std::string inner = R"({"version": "1.0.0", "species": [{"name": "A"}, {"name": "B"}],
    "phases": [{"name": "gas", "species": ["A", "B"]}],
    "reactions": [{"type": "ARRHENIUS", "gas phase": "gas", "reactants": ["A"], "products": ["B"]}]})";
  const Mechanism mechanism = parse("{\"conditions\": {\"data\": []}, \"mechanism\": " + inner + "}");
  BOOST_TEST(mechanism.name == "test");  // the file's
  BOOST_TEST(mechanism.fingerprint() == parse("version: 1.0.0\n" + sections).fingerprint());
  BOOST_TEST(refuses("{\"mechanism\": \"file.json\"}", ", line 1, column 15", "a mechanism, a map"));
}

BOOST_AUTO_TEST_CASE(versions) {
  for (const std::string version : {"1.0", "1", "1.0.7", "1.1.0", "1.1", "'1.0.0'", "1.2.0", "1.10.0"})
    BOOST_CHECK_NO_THROW(parse("version: " + version + "\n" + sections));
  for (const std::string version : {"2.0.0", "0.1.0", "1.", "1.x", "1.1111", "10.0.0", "[1]", "\"\""})
    BOOST_TEST(refuses("version: " + version + "\n" + sections, ", line 1, column 10", "version 1.x"),
               version);
}

BOOST_AUTO_TEST_CASE(sections_may_be_spread_over_files) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / "chemnne_open_atmos_document_test";
  std::filesystem::create_directory(folder);
  const auto write = [&](const char* name, const std::string& text) {
    std::FILE* const file = std::fopen((folder / name).c_str(), "wb");
    BOOST_REQUIRE(file);
    std::fputs(text.c_str(), file);
    std::fclose(file);
  };
  const std::string path = folder / "main.yaml";
  const auto main = [](const std::string& version, const std::string& files) {
    return "version: " + version +
           "\nspecies: [{name: A}, {name: B}]\nphases: [{name: gas, species: [A, B]}]\n" +
           "reactions:\n  files: [" + files + "]\n";
  };
  write("one.json", R"([{"type": "ARRHENIUS", "gas phase": "gas", "reactants": ["A"], "products": ["B"]}])");
  write("two.yaml", "\n- {type: ARRHENIUS, gas phase: gas, reactants: [B], products: [C]}\n");
  write("three.yaml", "- {type: ARRHENIUS, gas phase: gas, reactants: [B], products: [A]}\n");
  const Mechanism mechanism = parse_open_atmos(main("1.1.0", "one.json, three.yaml"), path);
  BOOST_TEST(mechanism.name == "main");
  BOOST_TEST_REQUIRE(mechanism.reactions.size() == 2u);
  BOOST_TEST(mechanism.reactions[1].text == "B = A : ARRHENIUS");
  const auto where = [&](const std::string& version, const std::string& files) {
    try {
      parse_open_atmos(main(version, files), path);
    } catch (const Error& error) {
      return error.where() + ": " + error.expected();
    }
    return std::string("read");
  };
  const std::string at = path + ", line 5, column ";
  BOOST_TEST(where("1.0.0", "one.json") == at + "10: a list of entries (files are for version 1.1)");
  BOOST_TEST(where("1.1.0", "none.json") == at + "11: a file that is there, no folder or device");
  BOOST_TEST(where("1.1.0", "/dev/zero") == at + "11: a file that is there, no folder or device");
  BOOST_TEST(where("1.1.0", ".") == at + "11: a file that is there, no folder or device");
  BOOST_TEST(where("1.1.0", "two.yaml") ==
             (folder / "two.yaml").string() + ", line 2, column 64: a species that 'species' declares");
  write("main.yaml", main("1.1.0", "one.json"));
  BOOST_TEST(where("1.1.0", "main.yaml") == path + ", line 1, column 1: a list of entries");
  std::filesystem::remove_all(folder);
}
