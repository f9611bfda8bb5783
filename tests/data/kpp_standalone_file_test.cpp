#define BOOST_TEST_MODULE data_kpp_standalone_file
#include <algorithm>
#include <string>

#include "data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/data/kpp_standalone_file.hpp>

using namespace chemnne;
using test::contains;
using test::message_of;

namespace {

/// Lines and columns as GEOS-Chem's formats make them, with air of our own.
const std::string text =
    "60\n"
    "============================================================================\n"
    "\n"
    "                  KPP Standalone Atmospheric Chemical State\n"
    "File Description:\n"
    "Some lines of text, which may have a colon: they are no entries.\n"
    "\n"
    "Meteorological and general grid cell metadata    \n"
    "\n"
    "Location:                                        Somewhere\n"
    "Timestamp:                                       2019/03/01 22:30\n"
    "Longitude (degrees):                               45.0000\n"
    "Latitude (degrees):                               -10.5000\n"
    "GEOS-Chem Vertical Level:                             1\n"
    "Pressure (hPa):                                    950.2500\n"
    "Temperature (K):                                      291.66\n"
    "Dry air density (molec/cm3):                      0.2300E+20\n"
    "Water vapor mixing ratio (vol H2O/vol dry air):   0.2000E-01\n"
    "Cloud fraction:                                   0.1000E+00\n"
    "Cosine of solar zenith angle:                    -0.7500E+00\n"
    "\n"
    "KPP Integrator-specific parameters               \n"
    "\n"
    "ICNTRL integrator options used:\n"
    "     1     0     3     0     0     0     0     0     0     0\n"
    "\n"
    "All concentration units are in molec/cm3 and rates in molec/cm3/s.\n"
    "\n"
    "============================================================================\n"
    "Name,   Value,   Absolute Tolerance\n"
    "O3,   1.2500000000000000E+012,  1.00E-02\n"
    "R4N2,   3.0000000000000000E+007,  1.00E-02\n"
    "C17,   0.0000000000000000E+000,  1.00E-02\n"
    "H2O,   4.6000000000000000E+017,  1.00E-02\n"
    "R1,   1.0000000000000000E-014\n"
    "A1,   1.0000000000000000E+005\n";

std::string with(const std::string& from, const std::string& to) {
  std::string changed = text;
  return changed.replace(changed.find(from), from.size(), to);
}

double condition(const AirSample& sample, const std::string& name) {
  const auto found = std::find(sample.conditions.begin(), sample.conditions.end(), name);
  BOOST_TEST_REQUIRE((found != sample.conditions.end()), name);
  return sample.condition_value[static_cast<std::size_t>(found - sample.conditions.begin())];
}

std::string complaint(const std::string& changed) {
  return message_of([&] { parse_kpp_standalone(changed, "cell.txt"); });
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_state_and_the_weather_of_a_cell_are_read) {
  const AirSample sample = parse_kpp_standalone(text, "cell.txt");
  BOOST_TEST(sample.rows() == 1u);
  BOOST_TEST((sample.species == std::vector<std::string>{"O3", "R4N2", "C17", "H2O"}));
  BOOST_TEST((sample.number_density == std::vector<double>{1.25e12, 3e7, 0, 4.6e17}));
  BOOST_TEST(sample.condition_units.size() == sample.conditions.size());
  BOOST_TEST(condition(sample, "temperature") == 291.66);
  BOOST_TEST(condition(sample, "pressure") == 95025, boost::test_tools::tolerance(1e-15));
  BOOST_TEST(condition(sample, "water_vapour_number_density") == 4.6e17, boost::test_tools::tolerance(1e-15));
  BOOST_TEST(condition(sample, "cosine_zenith") == -0.75);
  BOOST_TEST(condition(sample, "latitude") == -10.5);
  // 45 degrees east it is three hours later: half past one of the next day.
  BOOST_TEST(condition(sample, "local_hour") == 1.5, boost::test_tools::tolerance(1e-13));
  BOOST_TEST(condition(sample, "day_of_year") == 61);
}

BOOST_AUTO_TEST_CASE(the_local_day_goes_with_the_longitude) {
  const auto time = [](const std::string& stamp, const std::string& longitude) {
    std::string changed = with("2019/03/01 22:30", stamp);
    changed.replace(changed.find("   45.0000"), 10, longitude);
    const AirSample sample = parse_kpp_standalone(changed, "cell.txt");
    return std::pair(condition(sample, "day_of_year"), condition(sample, "local_hour"));
  };
  BOOST_TEST((time("2019/01/01 00:00", " -90.0000 ") == std::pair(365.0, 18.0)));
  BOOST_TEST((time("2019/12/31 23:00", "  30.0000 ") == std::pair(1.0, 1.0)));
  BOOST_TEST((time("2019/07/10 12:00", "   0.0000 ") == std::pair(191.0, 12.0)));
}

BOOST_AUTO_TEST_CASE(errors_name_the_line) {
  BOOST_TEST(
      contains(complaint(with("1.2500000000000000E+012", "much")), "cell.txt:31, O3: expected a number"));
  BOOST_TEST(contains(complaint(with("3.0000000000000000E+007", "-3e7")), "cell.txt:32, R4N2"));
  BOOST_TEST(contains(complaint(with("R4N2,   3.0000000000000000E+007,", "R4N2")), "cell.txt:32"));
  BOOST_TEST(contains(complaint(with("   291.66", "     warm")), "cell.txt:16, Temperature (K)"));
  BOOST_TEST(contains(complaint(with("2019/03/01 22:30", "1 March")), "cell.txt:11, Timestamp"));
  BOOST_TEST(contains(complaint(with("2019/03/01", "2019/13/01")), "cell.txt:11, Timestamp"));
  BOOST_TEST(contains(complaint(with("Pressure (hPa):", "Pressure:")), "'Pressure (hPa):'"));
  BOOST_TEST(contains(complaint("some text\n"), "KPP-Standalone"));
  BOOST_TEST(contains(complaint(text.substr(0, text.find("O3,"))), "species"));
}
