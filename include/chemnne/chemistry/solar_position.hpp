#pragma once
#include <cmath>
#include <numbers>

namespace chemnne {

/// Declination of the sun [rad], a Fourier series in the day angle g = 2 pi (day - 1) / 365.
///
/// day_of_year counts from 1 (1 January, 0 h) and may have a fraction. Largest error 0.0006 rad.
/// Source: Spencer, Search 2, 172 (1971).
inline double solar_declination(double day_of_year) {
  const double g = 2 * std::numbers::pi * (day_of_year - 1) / 365;
  return 0.006918 - 0.399912 * std::cos(g) + 0.070257 * std::sin(g) - 0.006758 * std::cos(2 * g) +
         0.000907 * std::sin(2 * g) - 0.002697 * std::cos(3 * g) + 0.00148 * std::sin(3 * g);
}

/// Hours by which a sundial is ahead of a clock, a Fourier series in the same day angle; -14 to 16 minutes.
/// Largest error 35 s. Source: Spencer, Search 2, 172 (1971).
inline double equation_of_time(double day_of_year) {
  const double g = 2 * std::numbers::pi * (day_of_year - 1) / 365;
  const double angle = 0.0000075 + 0.001868 * std::cos(g) - 0.032077 * std::sin(g) -
                       0.014615 * std::cos(2 * g) - 0.040849 * std::sin(2 * g);
  return angle * 12 / std::numbers::pi;
}

/// cos z = sin(latitude) sin(declination) + cos(latitude) cos(declination) cos(hour angle); negative at
/// night.
///
/// latitude in degrees, north positive; declination in rad; local_hour in local solar time (12 = noon; any
/// real number, 24 more is the same hour of the day).
inline double cosine_zenith_at(double latitude, double declination, double local_hour) {
  const double latitude_angle = latitude * std::numbers::pi / 180;
  const double hour_angle = (local_hour - 12) * std::numbers::pi / 12;
  return std::sin(latitude_angle) * std::sin(declination) +
         std::cos(latitude_angle) * std::cos(declination) * std::cos(hour_angle);
}

/// The same with the declination of a day of the year.
inline double cosine_solar_zenith(double latitude, double day_of_year, double local_hour) {
  return cosine_zenith_at(latitude, solar_declination(day_of_year), local_hour);
}

}  // namespace chemnne
