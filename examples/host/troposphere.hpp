#pragma once
#include <cmath>
#include <cstddef>
#include <map>
#include <numbers>
#include <string>
#include <vector>

#include <chemnne/emulator.hpp>

/// What the examples share: the emulator of the embedded mechanism, and air to step.
namespace example {

/// The network of examples/troposphere.safetensors.
using Network = chemnne::ChemNNE<chemnne::DefaultConfiguration<49, 49>>;
using Emulator = chemnne::Emulator<Network, chemnne::DefaultBackend>;
inline constexpr std::size_t species = 49, conditions = 5;

/// Temperature [K], pressure [Pa], relative humidity [%], cosine of the solar zenith angle, photolysis
/// scaling: the emulator's conditions in order, `height` metres above the sea in the middle of an hour.
inline std::vector<double> weather(double height, double hour) {
  const double noon = std::sin(std::numbers::pi * (hour + 0.5 - 6) / 12);
  return {293 - 6.5e-3 * height, 101325 * std::exp(-height / 8400), 60, noon > 0 ? 0.9 * noon : 0, 1};
}

/// Number density of air [molecules cm-3] in that weather.
inline double air(const std::vector<double>& weather) {
  return chemnne::number_density_of_pressure(weather[1], weather[0]);
}

/// Number densities of a cell [molecules cm-3] of continental air in the morning, in the emulator's order:
/// the mixing ratios of a test window of the quickstart (the reference solution after hours of spin-up; 291
/// K, 983 hPa).
inline std::vector<double> continental_air(const Emulator& emulator, double air) {
  static const std::map<std::string, double> mixing_ratio{
      {"O", 3.80e-16},         {"O1D", 5.96e-22},      {"O3", 9.51e-08},       {"OH", 5.63e-14},
      {"HO2", 1.27e-11},       {"H2O2", 4.27e-10},     {"H2", 4.70e-07},       {"NO", 1.73e-11},
      {"NO2", 1.65e-10},       {"NO3", 9.03e-14},      {"N2O5", 2.49e-14},     {"HONO", 2.28e-13},
      {"HNO3", 4.05e-09},      {"HO2NO2", 1.58e-12},   {"SO2", 2.04e-10},      {"SO3", 3.42e-21},
      {"SA", 3.24e-12},        {"CO", 1.77e-07},       {"CO2", 1.67e-09},      {"CH4", 2.04e-06},
      {"CH3O2", 1.45e-11},     {"CH3O", 7.73e-18},     {"CH3OOH", 1.69e-09},   {"CH3OH", 7.18e-09},
      {"HCHO", 1.35e-09},      {"HCOOH", 5.72e-10},    {"CH3NO3", 2.05e-11},   {"CH3O2NO2", 5.60e-13},
      {"C2H6", 6.89e-09},      {"C2H5O2", 2.60e-13},   {"C2H5OOH", 3.68e-12},  {"C2H5OH", 3.48e-10},
      {"C2H5NO3", 3.52e-12},   {"CH3CHO", 3.88e-09},   {"CH3CO3", 3.23e-12},   {"PAN", 8.07e-10},
      {"CH3CO3H", 6.64e-11},   {"CH3CO2H", 4.58e-10},  {"C2H4", 4.48e-10},     {"HOCH2CH2O2", 5.28e-13},
      {"HOCH2CH2O", 1.70e-20}, {"HYETHO2H", 1.25e-11}, {"ETHOHNO3", 1.99e-13}, {"ETHGLY", 6.71e-13},
      {"HOCH2CHO", 2.34e-11},  {"GLYOX", 5.47e-11},    {"HOCH2CO3", 8.97e-15}, {"PHAN", 2.08e-12},
      {"HOCH2CO3H", 1.41e-13}};
  std::vector<double> state(species);
  for (const auto& [name, ratio] : mixing_ratio) state[emulator.species_index(name)] = ratio * air;
  return state;
}

}  // namespace example
