#define BOOST_TEST_MODULE chemistry_solar_position
#include <cmath>
#include <utility>

#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/solar_position.hpp>

using chemnne::cosine_solar_zenith;
using chemnne::solar_declination;

constexpr double degree = std::numbers::pi / 180;

BOOST_AUTO_TEST_CASE(the_declination_follows_the_almanac) {
  // Solstices at 23.44 degrees, equinoxes at 0; the dates wander by a day between leap years and the series
  // has an error of 0.035 degrees: near the solstices 0.1 degrees, near the equinoxes (0.4 degrees a day)
  // 0.6.
  BOOST_TEST(std::abs(solar_declination(172.5) / degree - 23.44) < 0.1);
  BOOST_TEST(std::abs(solar_declination(355.5) / degree + 23.44) < 0.1);
  BOOST_TEST(std::abs(solar_declination(80) / degree) < 0.6);
  BOOST_TEST(std::abs(solar_declination(266) / degree) < 0.6);
}

BOOST_AUTO_TEST_CASE(noon_midnight_and_the_polar_night) {
  // At noon the zenith angle is |latitude - declination|.
  BOOST_TEST(cosine_solar_zenith(60, 172.5, 12) == std::cos(60 * degree - solar_declination(172.5)),
             boost::test_tools::tolerance(1e-14));
  // At midnight at the equator the sun stands below the horizon by 90 degrees less the declination.
  BOOST_TEST(cosine_solar_zenith(0, 172.5, 24) == -std::cos(solar_declination(172.5)),
             boost::test_tools::tolerance(1e-14));
  // Beyond the polar circle the sun does not rise in December nor set in June.
  for (int hour = 0; hour < 24; ++hour) {
    BOOST_TEST(cosine_solar_zenith(70, 355.5, hour) < 0);
    BOOST_TEST(cosine_solar_zenith(70, 172.5, hour) > 0);
  }
}

BOOST_AUTO_TEST_CASE(morning_mirrors_afternoon_and_days_repeat) {
  for (double hours = 0; hours < 12; hours += 0.7) {
    BOOST_TEST(cosine_solar_zenith(52, 100, 12 - hours) == cosine_solar_zenith(52, 100, 12 + hours),
               boost::test_tools::tolerance(1e-12));
    BOOST_TEST(std::abs(cosine_solar_zenith(52, 100, hours) - cosine_solar_zenith(52, 100, hours + 48)) <
               1e-12);
  }
}

BOOST_AUTO_TEST_CASE(the_equation_of_time_is_that_of_almanacs) {
  // Extremes and zeros [min] of an ordinary year; Spencer's series is 35 s off at most.
  for (const auto& [day, minutes] : {std::pair{42.5, -14.23},
                                     {105.0, 0.0},
                                     {134.0, 3.65},
                                     {164.0, 0.0},
                                     {207.5, -6.5},
                                     {244.5, 0.0},
                                     {307.5, 16.43},
                                     {359.0, 0.0}})
    BOOST_TEST(std::abs(60 * chemnne::equation_of_time(day) - minutes) < 35 / 60.0);
}
