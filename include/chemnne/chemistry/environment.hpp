#pragma once
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include <chemnne/chemistry/photolysis_table.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/ideal_gas.hpp>
#include <chemnne/support/number_text.hpp>

namespace chemnne {

/// What the chemistry of one cell feels of its surroundings; constant over a window.
struct Environment {
  double temperature = 298.15;    ///< K
  double pressure = 101325;       ///< Pa, of moist air
  double relative_humidity = 50;  ///< %, over liquid water at every temperature
  double cosine_zenith = 1;       ///< cosine of the solar zenith angle, 0 or less: night
  double photolysis_scaling = 1;  ///< multiplies every photolysis rate J (cloud, albedo)
  /// Values of Mechanism::parameters, in their order; empty: those that were set before.
  std::vector<double> parameters = {};
  /// J by table; without one the clear-sky J of the MCM at the zenith angle.
  std::shared_ptr<const PhotolysisTable> photolysis = {};
};

namespace detail {

template <class Number>
Number saturation_vapour_pressure(const Number& t) {
  using std::exp, std::log, std::tanh;
  const Number log_t = log(t);
  return exp(54.842763 - 6763.22 / t - 4.210 * log_t + 0.000367 * t +
             tanh(0.0415 * (t - 218.8)) * (53.878 - 1331.22 / t - 9.44523 * log_t + 0.014025 * t));
}

// Of an Environment, or of symbols in its place.
template <class Surroundings>
auto air_number_density(const Surroundings& of) {
  return number_density_of_pressure(of.pressure, of.temperature);
}
template <class Surroundings>
auto water_number_density(const Surroundings& of) {
  return number_density_of_pressure(
      0.01 * of.relative_humidity * detail::saturation_vapour_pressure(of.temperature), of.temperature);
}
template <class Surroundings>
auto oxygen_number_density(const Surroundings& of) {
  return 0.2095 * (detail::air_number_density(of) - detail::water_number_density(of));
}
template <class Surroundings>
auto nitrogen_number_density(const Surroundings& of) {
  return 0.7808 * (detail::air_number_density(of) - detail::water_number_density(of));
}

}  // namespace detail

/// Saturation vapour pressure over (supercooled) liquid water [Pa].
///
/// Source: Murphy and Koop, Q. J. R. Meteorol. Soc. 131, 1539 (2005), equation 10, for 123 K < T < 332 K.
inline double saturation_vapour_pressure(double temperature) {
  return detail::saturation_vapour_pressure(temperature);
}

/// M, number density of moist air [molecules cm-3].
inline double air_number_density(const Environment& environment) {
  return detail::air_number_density(environment);
}

/// H2O [molecules cm-3] = RH/100 e_s(T) / (k_B T).
inline double water_number_density(const Environment& environment) {
  return detail::water_number_density(environment);
}

/// O2 [molecules cm-3], 0.2095 of dry air.
inline double oxygen_number_density(const Environment& environment) {
  return detail::oxygen_number_density(environment);
}

/// N2 [molecules cm-3], 0.7808 of dry air.
inline double nitrogen_number_density(const Environment& environment) {
  return detail::nitrogen_number_density(environment);
}

namespace detail {

inline void require_in_range(const char* name, double value, double minimum, double maximum,
                             const char* range) {
  if (value >= minimum && value <= maximum) return;
  throw Error(std::string("environment, ") + name, range, number_text(value, 9));
}

}  // namespace detail

/// Errors: Error naming the member that is not physical (or not a number), or water vapour above the
/// pressure.
inline void check_environment(const Environment& environment) {
  detail::require_in_range("temperature", environment.temperature, 123, 332, "123 to 332 K");
  detail::require_in_range("pressure", environment.pressure, 1, 2e5, "1 to 200000 Pa");
  detail::require_in_range("relative_humidity", environment.relative_humidity, 0, 200, "0 to 200 %");
  detail::require_in_range("cosine_zenith", environment.cosine_zenith, -1, 1, "-1 to 1");
  if (environment.photolysis)
    detail::require_in_range("photolysis_scaling", environment.photolysis_scaling, 0, 1e5, "0 to 1e5");
  else
    detail::require_in_range("photolysis_scaling", environment.photolysis_scaling, 0, 100, "0 to 100");
  if (water_number_density(environment) >= air_number_density(environment))
    throw Error("environment, relative_humidity", "water vapour below the total pressure", "more");
}

}  // namespace chemnne
