#define BOOST_TEST_MODULE io_lumped_species
#include <string>

#include "../data/data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/io/lumped_species.hpp>

using namespace chemnne;

BOOST_AUTO_TEST_CASE(they_come_back_as_they_were_written) {
  const char* const text = R"({"L1":{"A":1,"B":0.25},"L2":{"C":3e-7}})";
  const std::vector<LumpedSpecies> lumps = lumps_from_json(parse_json(text));
  BOOST_TEST_REQUIRE(lumps.size() == 2u);
  BOOST_TEST(lumps[0].name == "L1");
  BOOST_TEST_REQUIRE(lumps[0].members.size() == 2u);
  BOOST_TEST(lumps[0].members[1].first == "B");
  BOOST_TEST(lumps[0].members[1].second == 0.25);
  BOOST_TEST(lumps_to_json(lumps).dump() == parse_json(text).dump());
}

BOOST_AUTO_TEST_CASE(coefficients_are_above_zero) {
  for (const char* const bad : {"0", "-1", "null", "\"1\"", "[]"}) {
    const std::string text = std::string(R"({"L1":{"A":)") + bad + "}}";
    BOOST_TEST_CONTEXT(text) { BOOST_CHECK_THROW(lumps_from_json(parse_json(text)), Error); }
  }
  const std::string said = test::message_of([] { lumps_from_json(parse_json(R"({"L1":{"A":-2}})")); });
  BOOST_TEST(said == "L1, A: expected a coefficient above 0, found -2");
}

BOOST_AUTO_TEST_CASE(one_may_count_the_atoms_of_an_element) {
  const char* const text = R"({"REST_N":{"element":"N","end":true,"A":1,"B":2},"L":{"element":0.5,"end":1}})";
  const std::vector<LumpedSpecies> lumps = lumps_from_json(parse_json(text));
  BOOST_TEST_REQUIRE(lumps.size() == 2u);
  BOOST_TEST(lumps[0].element == "N");
  BOOST_TEST(lumps[0].end);
  BOOST_TEST(lumps[0].members.size() == 2u);
  BOOST_TEST(lumps[1].element == "");  // a species of that name
  BOOST_TEST(!lumps[1].end);
  BOOST_TEST(lumps[1].members[0].first == "element");
  BOOST_TEST(lumps_to_json(lumps).dump() == parse_json(text).dump());
}
