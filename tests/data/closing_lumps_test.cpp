#define BOOST_TEST_MODULE data_closing_lumps
#include <string>
#include <utility>
#include <vector>

#include "data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/data/closing_lumps.hpp>
#include <chemnne/data/species_selection.hpp>

using namespace chemnne;

namespace {

/// NOx, a reservoir, N2O5 and an aerosol of unknown composition that nothing consumes.
Mechanism mechanism() {
  return parse_kpp(R"(#ATOMS N; O; H; C;
#DEFVAR
NO = N + O; NO2 = N + 2O; HNO3 = H + N + 3O; N2O5 = 2N + 5O; PAN = 2C + 3H + N + 5O; NA = IGNORE; CO = C + O;
#EQUATIONS
<1> NO = NO2 : 1 ;
<2> NO2 = HNO3 : 1 ;
<3> NO2 + NO2 = N2O5 : 1 ;
<4> N2O5 = NA + NA : 1 ;
<5> HNO3 = NA : 1 ;
<6> NO2 = PAN : 1 ;
<7> PAN = NO2 + CO : 1 ;
<8> CO = CO : 1 ;
)",
                   "closing.kpp");
}

std::string described(const std::vector<std::string>& tracers) {
  std::string text;
  for (const LumpedSpecies& lump : closing_lumps(mechanism(), tracers, "N"))
    text += lump.name + " [" + lump.element + "] " + lumps_to_json({lump}).dump(0) + ";";
  return text;
}

}  // namespace

BOOST_AUTO_TEST_CASE(what_comes_back_stays_apart_from_what_does_not) {
  const std::vector<LumpedSpecies> lumps =
      closing_lumps(mechanism(), std::vector<std::string>{"NO", "NO2"}, "N");
  BOOST_TEST_REQUIRE(lumps.size() == 2u);
  BOOST_TEST(lumps[0].name == "REST_N");
  BOOST_TEST(lumps[0].element == "N");
  using Members = std::vector<std::pair<std::string, double>>;
  BOOST_CHECK((lumps[0].members == Members{{"HNO3", 1}, {"N2O5", 2}, {"PAN", 1}}));
  BOOST_TEST(lumps[1].name == "END_N");
  BOOST_TEST((lumps[1].end && !lumps[0].end));
  BOOST_CHECK((lumps[1].members == Members{{"NA", 1}}));
  // The mechanism takes them for what they are.
  BOOST_CHECK_NO_THROW(select_species(mechanism(), {.inputs = {"NO", "NO2"}, .lumped = lumps}));
}

BOOST_AUTO_TEST_CASE(there_is_none_without_members) {
  BOOST_TEST(test::contains(described({"NO", "NO2", "HNO3", "N2O5", "PAN"}), "END_N"));
  BOOST_TEST(!test::contains(described({"NO", "NO2", "HNO3", "N2O5", "PAN"}), "REST_N"));
  BOOST_TEST(described({"NO", "NO2", "HNO3", "N2O5", "PAN", "NA"}) == "");
}

BOOST_AUTO_TEST_CASE(an_element_that_is_not_there_is_refused) {
  BOOST_TEST(test::contains(
      test::message_of([] { closing_lumps(mechanism(), std::vector<std::string>{"NO"}, "Cl"); }), "'Cl'"));
}
