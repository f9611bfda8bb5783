#pragma once
#include <chrono>
#include <cmath>
#include <cstdio>
#include <numbers>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include <chemnne/chemistry/solar_position.hpp>
#include <chemnne/cli/number_options.hpp>
#include <chemnne/support/error.hpp>

namespace chemnne {

/// Where and when a box stands, for the course of the sun.
struct BoxPlace {
  double latitude = 0;  ///< degrees north
  double day_of_year = 80;
  double hour = 12;                        ///< at the start, of local solar time, or of UTC with a longitude
  std::optional<double> longitude = {};    ///< degrees east
  std::optional<double> declination = {};  ///< rad; else that of the day

  /// Of the solar zenith angle, so many seconds after the start.
  double cosine_zenith(double time) const {
    const double hours = hour + time / 3600, day = day_of_year + hours / 24;
    const double solar = longitude ? hours + *longitude / 15 + equation_of_time(day) : hours;
    return cosine_zenith_at(latitude, declination ? *declination : solar_declination(day), solar);
  }
};

/// Of a text "YYYY-MM-DD". Errors: Error naming --date.
inline std::chrono::year_month_day calendar_date(const std::string& date) {
  int year = 0, end = 0;
  unsigned month = 0, day = 0;
  // std::chrono keeps a month or a day in a byte and a year in a short: larger ones would come round.
  const bool is_read = std::sscanf(date.c_str(), "%d-%u-%u%n", &year, &month, &day, &end) == 3 &&
                       end == static_cast<int>(date.size()) && year >= 0 && year < 10000 && month <= 12 &&
                       day <= 31;
  const std::chrono::year_month_day found{std::chrono::year(year), std::chrono::month(month),
                                          std::chrono::day(day)};
  if (!is_read || !found.ok()) throw Error("--date", "a date YYYY-MM-DD", "'" + date + "'");
  return found;
}

/// Day of the year of a date "YYYY-MM-DD", 1 is 1 January. Errors: Error naming --date.
inline double day_of_year(const std::string& date) {
  const std::chrono::year_month_day found = calendar_date(date);
  const std::chrono::sys_days new_year = found.year() / std::chrono::January / 1;
  return 1 + static_cast<double>((std::chrono::sys_days(found) - new_year).count());
}

/// Hours of a time "HH:MM". Errors: Error naming --time.
inline double hour_of_day(const std::string& time) {
  int hour = -1, minute = -1, end = 0;
  const bool is_read = std::sscanf(time.c_str(), "%d:%d%n", &hour, &minute, &end) == 2 &&
                       end == static_cast<int>(time.size()) && hour >= 0 && hour < 24 && minute >= 0 &&
                       minute < 60;
  if (!is_read) throw Error("--time", "a time HH:MM", "'" + time + "'");
  return hour + minute / 60.0;
}

/// --latitude, --longitude, --date and --time of a command.
class BoxPlaceOptions {
 public:
  explicit BoxPlaceOptions(CLI::App& command) {
    latitude_option_ = add_number(command, "--latitude", latitude_, "degrees north: the sun moves")
                           ->check(from_to(-90.0, 90.0));
    command.add_option("--date", date_, "day on which the run begins, YYYY-MM-DD")->capture_default_str();
    time_option_ = command.add_option("--time", time_, "local solar time at which it begins, HH:MM")
                       ->capture_default_str();
    longitude_option_ = add_number(command, "--longitude", longitude_,
                                   "degrees east: --time is UTC then, with the equation of time")
                            ->check(from_to(-180.0, 180.0));
    declination_option_ = add_number(command, "--declination", declination_,
                                     "of the sun [degrees], in the place of that of the date")
                              ->check(from_to(-24.0, 24.0));
    for (CLI::Option* const option : {longitude_option_, declination_option_})
      option->needs(latitude_option_);
  }

  bool is_given() const { return latitude_option_->count() > 0; }

  /// Date and time, "YYYY-MM-DD HH:MM:SS", at which the run begins; `usual_start` and errors as below.
  std::string start(double usual_start = 0) const {
    const BoxPlace begin = place(usual_start);
    const std::chrono::sys_seconds time =
        std::chrono::sys_days(calendar_date(date_)) + std::chrono::seconds(std::lround(3600 * begin.hour));
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time - day);
    char text[48];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u %02d:%02d:%02d", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                  static_cast<int>(clock.seconds().count()));
    return text;
  }

  /// Without --time it begins at `usual_start` s of the day. Errors: Error for a date or time that is none.
  BoxPlace place(double usual_start = 0) const {
    BoxPlace place{.latitude = latitude_,
                   .day_of_year = day_of_year(date_),
                   .hour = time_option_->count() > 0 ? hour_of_day(time_) : usual_start / 3600};
    if (longitude_option_->count() > 0) place.longitude = longitude_;
    if (declination_option_->count() > 0) place.declination = declination_ * std::numbers::pi / 180;
    return place;
  }

 private:
  CLI::Option* latitude_option_;
  CLI::Option* longitude_option_;
  CLI::Option* declination_option_;
  CLI::Option* time_option_;
  double latitude_ = 0, longitude_ = 0, declination_ = 0;
  std::string date_ = "2024-06-21", time_ = "00:00";
};

}  // namespace chemnne
