#pragma once

namespace chemnne {

/// k_B [J K-1], exact in the SI since 2019.
inline constexpr double boltzmann_constant = 1.380649e-23;

/// Number density of an ideal gas, n = p / (k_B T) [molecules cm-3], of a partial pressure [Pa].
constexpr double number_density_of_pressure(double pressure, double temperature) {
  return 1e-6 * pressure / (boltzmann_constant * temperature);
}

}  // namespace chemnne
