#define BOOST_TEST_MODULE data_molar_mass
#include <cmath>

#include <boost/test/unit_test.hpp>

#include <chemnne/data/molar_mass.hpp>

using namespace chemnne;

BOOST_AUTO_TEST_CASE(masses_agree_with_a_handbook) {
  Mechanism mechanism;
  mechanism.elements = {"H", "C", "N", "O", "S"};
  // CRC Handbook of Chemistry and Physics; five digits of the atomic weights leave 1e-4 relative.
  const auto tolerance = boost::test_tools::tolerance(1e-4);
  const Species sulphuric_acid{"H2SO4", {{0, 2}, {4, 1}, {3, 4}}, true};
  const Species pan{"PAN", {{1, 2}, {0, 3}, {2, 1}, {3, 5}}, true};
  BOOST_TEST(molar_mass(mechanism, sulphuric_acid) == 98.079, tolerance);
  BOOST_TEST(molar_mass(mechanism, pan) == 121.05, tolerance);
}

BOOST_AUTO_TEST_CASE(an_unknown_composition_or_element_has_no_mass) {
  Mechanism mechanism;
  mechanism.elements = {"Unobtainium"};
  BOOST_TEST(std::isnan(molar_mass(mechanism, {"X", {}, false})));
  BOOST_TEST(std::isnan(molar_mass(mechanism, {"Y", {{0, 1}}, true})));
}
