#define BOOST_TEST_MODULE chemistry_environment
#include <limits>

#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/environment.hpp>

using namespace chemnne;

BOOST_AUTO_TEST_CASE(air_at_standard_conditions_has_loschmidts_number) {
  // CODATA 2018: 2.686780111e25 m-3 at 273.15 K and 101325 Pa, exact to the digits given.
  const double density = air_number_density({.temperature = 273.15, .pressure = 101325});
  BOOST_TEST(density == 2.686780111e19, boost::test_tools::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(saturation_pressure_over_liquid_water_is_the_published_one) {
  // IAPWS-95: 611.657 Pa at the triple point, 2339.3 Pa at 293.15 K, 4246.9 Pa at 303.15 K;
  // supercooled: WMO (Goff 1957) 125.4 Pa at 253.15 K. Murphy and Koop state agreement of 0.05 % above 273 K
  // and within the spread of measurements, about 0.5 %, below.
  BOOST_TEST(saturation_vapour_pressure(273.16) == 611.657, boost::test_tools::tolerance(5e-4));
  BOOST_TEST(saturation_vapour_pressure(293.15) == 2339.3, boost::test_tools::tolerance(5e-4));
  BOOST_TEST(saturation_vapour_pressure(303.15) == 4246.9, boost::test_tools::tolerance(5e-4));
  BOOST_TEST(saturation_vapour_pressure(253.15) == 125.4, boost::test_tools::tolerance(5e-3));
}

BOOST_AUTO_TEST_CASE(dry_air_is_shared_out_after_water) {
  const Environment environment{.temperature = 300, .pressure = 1e5, .relative_humidity = 80};
  const double dry = air_number_density(environment) - water_number_density(environment);
  // Rounding of three operations.
  BOOST_TEST(oxygen_number_density(environment) / dry == 0.2095, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(nitrogen_number_density(environment) / dry == 0.7808, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(water_number_density({.relative_humidity = 0}) == 0);
}

BOOST_AUTO_TEST_CASE(unphysical_environments_are_refused_by_name) {
  const double nothing = std::numeric_limits<double>::quiet_NaN();
  const auto names = [](const char* member) {
    return [member](const Error& error) { return error.where() == std::string("environment, ") + member; };
  };
  BOOST_CHECK_NO_THROW(check_environment({}));
  BOOST_CHECK_EXCEPTION(check_environment({.temperature = 25}), Error, names("temperature"));
  BOOST_CHECK_EXCEPTION(check_environment({.temperature = nothing}), Error, names("temperature"));
  BOOST_CHECK_EXCEPTION(check_environment({.pressure = 0}), Error, names("pressure"));
  BOOST_CHECK_EXCEPTION(check_environment({.relative_humidity = -1}), Error, names("relative_humidity"));
  BOOST_CHECK_EXCEPTION(check_environment({.cosine_zenith = 1.1}), Error, names("cosine_zenith"));
  BOOST_CHECK_EXCEPTION(check_environment({.photolysis_scaling = -1}), Error, names("photolysis_scaling"));
  BOOST_CHECK_EXCEPTION(check_environment({.pressure = 1000}), Error, names("relative_humidity"));
}
