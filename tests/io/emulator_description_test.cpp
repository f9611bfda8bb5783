#define BOOST_TEST_MODULE io_emulator_description
#include <string>
#include <vector>

#include "../data/data_test_tools.hpp"
#include "../host/small_emulator.hpp"
#include <boost/test/unit_test.hpp>

using namespace chemnne;
using test::contains;

namespace {

/// The small description with an element, as JSON.
Json sound() {
  EmulatorDescription d = test::small_description<test::Small<>>();
  d.elements = {"N", "C"};
  d.composition = {{1, 0, 2}, {0, 1, 0}};
  d.lumped = {{"C", {{"X", 1}, {"Y", 0.5}}}};
  return detail::description_to_json(d);
}

EmulatorDescription read(const Json& json) {
  SafetensorsFile file;
  file.metadata["chemnne"] = json.dump(0);
  return description_of(file, "weights");
}

/// What is said of the description after `change`; it must name the file and `member`.
template <class Change>
std::string message(const std::string& member, const Change& change) {
  Json json = sound();
  change(json);
  const std::string text = test::message_of([&] { read(json); });
  BOOST_TEST(contains(text, "weights"), text);
  BOOST_TEST(contains(text, member), text);
  return text;
}

std::string message_with(const std::string& member, const Json& value) {
  return message(member, [&](Json& json) { json[member] = value; });
}

Json parsed(const char* text) { return parse_json(text); }

}  // namespace

BOOST_AUTO_TEST_CASE(it_comes_back_as_it_was_written) {
  BOOST_TEST(detail::description_to_json(read(sound())).dump() == sound().dump());
  BOOST_TEST(!read(sound()).checksum);
}

BOOST_AUTO_TEST_CASE(ranges_that_cannot_be_are_refused) {
  for (const char* const member : {"input_range_log10", "output_range_log10"}) {
    for (const char* const bad : {"[8, 7]", "[-308, 8]", "[8, 308]", "[-1e300, 1e300]", "[null, 8]",
                                  "[8, null]", "[8]", "[1, 2, 3]", "[]", "8", "[\"3\", 8]"})
      message_with(member, parsed(("[[3, 9], " + std::string(bad) + ", [3, 9]]").c_str()));
    BOOST_TEST(contains(message_with(member, parsed("[[3, 9], [8, 7], [3, 9]]")), "of 'B'"));
    BOOST_TEST(contains(message_with(member, parsed("[[3, 9], [3, 9]]")), "3 values, found 2"));
    Json one = sound();
    one[member] = parsed("[[3, 3], [-307, 307], [0, 0]]");  // a species that never varies is none of these
    BOOST_CHECK_NO_THROW(read(one));
  }
  BOOST_TEST(contains(message_with("condition_range", parsed("[[333, 243], [0, 1]]")), "of 'temperature'"));
  message_with("condition_range", parsed("[[243, 333], [0, 1e39]]"));
  message_with("condition_range", parsed("[[243, 333], [-1e300, 1]]"));
  message_with("condition_range", parsed("[[243, 333], [0, null]]"));
}

BOOST_AUTO_TEST_CASE(floors_are_above_zero) {
  for (const char* const bad : {"[1000, 0, 1000]", "[1000, -1, 1000]", "[1000, null, 1000]", "[1000, 1000]"})
    message_with("output_floor", parsed(bad));
  BOOST_TEST(contains(message_with("output_floor", parsed("[1, 1, -2]")),
                      "output_floor of 'C': expected a number above 0, found -2"));
}

BOOST_AUTO_TEST_CASE(names_are_given_and_differ) {
  for (const char* const member : {"inputs", "outputs"}) {
    BOOST_TEST(contains(message_with(member, parsed(R"(["A", "B", "A"])")), "'A' twice"));
    BOOST_TEST(contains(message_with(member, parsed(R"(["A", "", "C"])")), "an empty one"));
    BOOST_TEST(contains(message_with(member, parsed(R"(["A", 2, "C"])")), "a string"));
  }
  BOOST_TEST(contains(message_with("conditions", parsed(R"(["sun", "sun"])")), "'sun' twice"));
  BOOST_TEST(contains(message_with("conditions", parsed(R"(["", "sun"])")), "an empty one"));
  BOOST_TEST(contains(message_with("elements", parsed(R"(["N", "N"])")), "'N' twice"));
}

BOOST_AUTO_TEST_CASE(compositions_are_counts_of_atoms) {
  for (const char* const bad : {"[[1, 0, -2], [0, 1, 0]]", "[[1, 0, null], [0, 1, 0]]", "[[1, 0], [0, 1, 0]]",
                                "[[1, 0, 2]]", "[[1, 0, 2], [0, 0, 0]]", "[1, 0]"})
    message_with("composition", parsed(bad));
  BOOST_TEST(contains(message_with("composition", parsed("[[1, 0, -2], [0, 1, 0]]")), "of 'N' in 'C'"));
}

BOOST_AUTO_TEST_CASE(lumped_species_are_inputs_and_their_members_are_not) {
  BOOST_TEST(contains(message_with("lumped", parsed(R"({"D":{"X":1}})")), "names of inputs, found 'D'"));
  BOOST_TEST(contains(message_with("lumped", parsed(R"({"C":{"A":1}})")),
                      "of 'C': expected species that are no inputs"));
  message_with("lumped", parsed(R"({"C":{"X":0}})"));
  message_with("lumped", parsed(R"({"C":1})"));
}

BOOST_AUTO_TEST_CASE(every_member_must_be_there_and_of_its_kind) {
  const Json whole = sound();
  for (const Json::Member& member : whole.object_members()) {
    if (member.name == "species_units") continue;  // for people
    message_with(member.name, Json(1e6));
    if (member.name == "elements" || member.name == "lumped") continue;  // many files have none
    const std::string missing = message(member.name, [&](Json& json) {
      Json::Object others;
      for (const Json::Member& other : json.object_members())
        if (other.name != member.name) others.push_back(other);
      json = Json(others);
    });
    BOOST_TEST(contains(missing, "found none"), missing);
  }
}
