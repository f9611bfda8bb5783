#define BOOST_TEST_MODULE chemistry_concentration_units
#include <string>

#include "../data/data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/concentration_units.hpp>

using namespace chemnne;

namespace {

double in_molecules(double value, const char* unit) {
  return number_density(value, concentration_unit(unit, "here"), 2.5e19);
}

}  // namespace

BOOST_AUTO_TEST_CASE(values_in_every_unit_are_those_worked_by_hand) {
  // One multiplication or two: rounding only.
  const auto rounding = boost::test_tools::tolerance(1e-15);
  for (const char* const unit : {"molecules cm-3", "molec cm-3", "molecule cm-3", "cm-3"})
    BOOST_TEST(in_molecules(3e11, unit) == 3e11, unit);
  BOOST_TEST(in_molecules(3e17, "m-3") == 3e11, rounding);
  // 1e-6 mol m-3 = 1e-12 mol cm-3 = 6.02214076e11 molecules cm-3.
  BOOST_TEST(in_molecules(1e-6, "mol m-3") == 6.02214076e11, rounding);
  // Of 2.5e19 molecules of air.
  for (const char* const unit : {"mol mol-1", "1"})
    BOOST_TEST(in_molecules(4e-8, unit) == 1e12, rounding << unit);
  for (const char* const unit : {"ppm", "ppmv"}) BOOST_TEST(in_molecules(2, unit) == 5e13, rounding << unit);
  for (const char* const unit : {"ppb", "ppbv"}) BOOST_TEST(in_molecules(40, unit) == 1e12, rounding << unit);
  for (const char* const unit : {"ppt", "pptv"}) BOOST_TEST(in_molecules(200, unit) == 5e9, rounding << unit);
}

BOOST_AUTO_TEST_CASE(only_mixing_ratios_follow_the_air) {
  for (const ConcentrationUnit& unit : concentration_units)
    BOOST_TEST(number_density(1, unit, 2e19) == (unit.mixing_ratio ? 2e19 : 1) * unit.factor, unit.name);
}

BOOST_AUTO_TEST_CASE(another_unit_is_an_error_that_lists_all) {
  const std::string message = test::message_of([] { concentration_unit("ug m-3", "state.csv:3"); });
  BOOST_TEST(test::contains(message, "state.csv:3: expected one of the units molecules cm-3, "), message);
  for (const ConcentrationUnit& unit : concentration_units)
    BOOST_TEST(test::contains(message, std::string(unit.name)), unit.name);
  BOOST_TEST(test::contains(message, "found 'ug m-3'"), message);
  BOOST_TEST(test::contains(test::message_of([] { concentration_unit("PPB", "x"); }), "found 'PPB'"));
}
