#define BOOST_TEST_MODULE cli_box_place
#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "../data/data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/cli/box_place.hpp>

using namespace chemnne;
using test::contains;
using test::message_of;

namespace {

/// The place that a command line gives.
BoxPlace place(std::vector<std::string> arguments, double usual_start = 0) {
  CLI::App command;
  const BoxPlaceOptions options(command);
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 takes them
  command.parse(arguments);
  BOOST_TEST(options.is_given());
  return options.place(usual_start);
}

}  // namespace

BOOST_AUTO_TEST_CASE(days_are_counted_from_the_first_of_january) {
  BOOST_TEST(day_of_year("2023-01-01") == 1);
  BOOST_TEST(day_of_year("2023-03-01") == 60);
  BOOST_TEST(day_of_year("2023-12-31") == 365);
  // A leap year, and the centuries that are none.
  BOOST_TEST(day_of_year("2024-02-29") == 60);
  BOOST_TEST(day_of_year("2024-03-01") == 61);
  BOOST_TEST(day_of_year("2024-12-31") == 366);
  BOOST_TEST(day_of_year("2000-12-31") == 366);
  BOOST_TEST(day_of_year("1900-12-31") == 365);
}

BOOST_AUTO_TEST_CASE(dates_that_are_none_are_errors) {
  // The last ones would come round in a byte or a short, as the calendar of the standard library stores them.
  for (const char* const date :
       {"", "today", "2023-02-29", "1900-02-29", "2024-13-01", "2024-00-10", "2024-06-31", "2024-06-00",
        "2024-06", "2024-06-21T12", "21.06.2024", "2024-06--3", "2024-257-01", "2024-06-257", "67560-06-21",
        "2024-99999999999-01"}) {
    const std::string message = message_of([&] { day_of_year(date); });
    BOOST_TEST(message == std::string("--date: expected a date YYYY-MM-DD, found '") + date + "'");
  }
}

BOOST_AUTO_TEST_CASE(times_are_hours_of_a_day) {
  BOOST_TEST(hour_of_day("00:00") == 0);
  BOOST_TEST(hour_of_day("06:45") == 6.75);
  BOOST_TEST(hour_of_day("23:59") == 23 + 59 / 60.0);
  for (const char* const time : {"", "noon", "24:00", "12:60", "-1:30", "12:-5", "12", "12:00:00", "12h00"}) {
    const std::string message = message_of([&] { hour_of_day(time); });
    BOOST_TEST(message == std::string("--time: expected a time HH:MM, found '") + time + "'");
  }
}

BOOST_AUTO_TEST_CASE(a_command_line_gives_a_place) {
  const BoxPlace usual = place({"--latitude", "61.8"});
  BOOST_TEST(usual.latitude == 61.8);
  BOOST_TEST(usual.day_of_year == 173);  // 21 June of a leap year
  BOOST_TEST(usual.hour == 0);
  BOOST_TEST(!usual.longitude.has_value());
  BOOST_TEST(place({"--latitude", "0"}, 43200).hour == 12);
  BOOST_TEST(place({"--latitude", "0", "--time", "06:30"}, 43200).hour == 6.5);
  const BoxPlace local = place({"--latitude", "-30", "--date", "2023-01-02", "--time", "10:30"});
  BOOST_TEST(local.day_of_year == 2);
  BOOST_TEST(local.hour == 10.5);
  BOOST_TEST(place({"--latitude", "0", "--longitude", "-90"}).longitude.value() == -90);
  BOOST_TEST(
      place({"--latitude", "0", "--declination", "-18"}).declination.value() == -0.1 * std::numbers::pi,
      boost::test_tools::tolerance(1e-15));
}

BOOST_AUTO_TEST_CASE(the_start_is_a_date_and_a_time) {
  const auto start = [](std::vector<std::string> arguments, double usual = 0) {
    CLI::App command;
    const BoxPlaceOptions options(command);
    std::reverse(arguments.begin(), arguments.end());
    command.parse(arguments);
    return options.start(usual);
  };
  BOOST_TEST(start({"--date", "2023-01-02", "--time", "10:30"}, 43200) == "2023-01-02 10:30:00");
  BOOST_TEST(start({"--date", "2023-01-02"}, 43225) == "2023-01-02 12:00:25");
  // Seconds of TSTART may be of a later day.
  BOOST_TEST(start({"--date", "2023-12-31"}, 86400 + 3600) == "2024-01-01 01:00:00");
  BOOST_TEST(contains(message_of([&] { start({"--date", "2023-02-30"}); }), "--date"));
}

BOOST_AUTO_TEST_CASE(the_sun_of_a_place) {
  const auto rounding = boost::test_tools::tolerance(1e-12);
  // Local solar time: highest at noon; the declination goes on through the day.
  const BoxPlace local{.latitude = 40, .day_of_year = 172, .hour = 20};
  BOOST_TEST(local.cosine_zenith(0) == cosine_solar_zenith(40, 172 + 20 / 24.0, 20), rounding);
  BOOST_TEST(local.cosine_zenith(6 * 3600) == cosine_solar_zenith(40, 173 + 2 / 24.0, 26), rounding);
  // UTC: 15 degrees are an hour, and the sundial is ahead by the equation of time.
  BoxPlace utc{.latitude = 40, .day_of_year = 307, .hour = 9, .longitude = 30};
  const double ahead = equation_of_time(307 + 9 / 24.0);
  BOOST_TEST(ahead > 16 / 60.0);
  BOOST_TEST(utc.cosine_zenith(0) == cosine_solar_zenith(40, 307 + 9 / 24.0, 11 + ahead), rounding);
  // UTC may be of another day than the sun's.
  const BoxPlace west{.latitude = 40, .day_of_year = 2, .hour = 1, .longitude = -90};
  BOOST_TEST(
      west.cosine_zenith(0) == cosine_solar_zenith(40, 2 + 1 / 24.0, -5 + equation_of_time(2 + 1 / 24.0)),
      rounding);
  utc.declination = 0.1;
  BOOST_TEST(utc.cosine_zenith(0) == cosine_zenith_at(40, 0.1, 11 + ahead), rounding);
  // Nothing jumps at midnight where the sun is up.
  const BoxPlace polar{.latitude = 80, .day_of_year = 150, .hour = 23};
  BOOST_TEST(std::abs(polar.cosine_zenith(3601) - polar.cosine_zenith(3599)) < 1e-5);
}

BOOST_AUTO_TEST_CASE(places_that_are_none_are_errors) {
  BOOST_CHECK_THROW(place({"--latitude", "91"}), CLI::ParseError);
  BOOST_CHECK_THROW(place({"--latitude", "50", "--longitude", "181"}), CLI::ParseError);
  BOOST_CHECK_THROW(place({"--latitude", "50", "--declination", "25"}), CLI::ParseError);
  BOOST_TEST(contains(message_of([] { place({"--latitude", "50", "--date", "2023-02-30"}); }), "--date"));
  CLI::App command;
  const BoxPlaceOptions options(command);
  command.parse(std::vector<std::string>{});
  BOOST_TEST(!options.is_given());
}
