#pragma once
#include <algorithm>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include <chemnne/io/weights_file.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/ideal_gas.hpp>
#include <chemnne/support/number_text.hpp>

namespace chemnne {

/// What a host's numbers for a species are.
enum class Unit {
  number_density,     ///< molecules cm-3
  mole_fraction,      ///< mol mol-1 of air, moist if the pressure among the conditions is
  mass_mixing_ratio,  ///< kg kg-1 of air
};

/// A host's arrays by the names of what is in them.
struct HostFields {
  std::vector<std::string> species;          ///< of the state's items, in order
  std::vector<std::string> conditions = {};  ///< of the conditions' items, in order; empty: the emulator's
  Unit unit = Unit::number_density;
  std::vector<double> molar_mass = {};  ///< g mol-1 of each species, for mass mixing ratios
};

/// M of dry air [g mol-1] (U.S. Standard Atmosphere 1976).
inline constexpr double molar_mass_of_air = 28.9644;

/// What a host's values are to be multiplied by in a cell, beside the scale of a species: 1, or the number
/// density of air [molecules cm-3] from the conditions of the emulator.
struct AirFactor {
  static constexpr std::size_t absent = std::numeric_limits<std::size_t>::max();
  bool relative = false;  ///< whether the host's values are relative to air
  std::size_t density = absent, temperature = absent, pressure = absent;  ///< places among the conditions

  constexpr double operator()(const double* conditions) const noexcept {
    if (!relative) return 1;
    if (density != absent) return conditions[density];
    return number_density_of_pressure(conditions[pressure], conditions[temperature]);
  }
};

/// Where an emulator finds its species and conditions in a host's arrays, made once at set-up.
///
/// A number density is a host's value times `scale`, and times that of air for mole fractions and mass mixing
/// ratios. The host's other species are not touched.
class HostBinding {
 public:
  static constexpr std::size_t absent = AirFactor::absent;

  /// Errors: Error naming an input species or condition of the emulator that the host does not have, a name
  /// that comes twice, molar masses that are missing or not positive, or a unit relative to air for an
  /// emulator that knows neither the number density of air nor temperature and pressure.
  HostBinding(const EmulatorDescription& emulator, const HostFields& host) {
    if (host.unit == Unit::mass_mixing_ratio && host.molar_mass.size() != host.species.size())
      throw Error("host fields, molar masses", std::to_string(host.species.size()),
                  std::to_string(host.molar_mass.size()));
    for (const std::string& name : emulator.inputs)
      input_.push_back(required(name, host.species, "a species of the host"));
    for (const std::string& name : emulator.outputs) {
      output_.push_back(place(name, host.species));
      scale_.push_back(scale(host, output_.back()));
    }
    for (std::size_t i = emulator.outputs.size(); i < emulator.inputs.size(); ++i)
      scale_.push_back(scale(host, input_[i]));
    const std::vector<std::string>& conditions =
        host.conditions.empty() ? emulator.conditions : host.conditions;
    for (const std::string& name : emulator.conditions)
      condition_.push_back(required(name, conditions, "a condition of the host"));
    air_ = {.relative = host.unit != Unit::number_density,
            .density = place("air_number_density", emulator.conditions),
            .temperature = place("temperature", emulator.conditions),
            .pressure = place("pressure", emulator.conditions)};
    if (air_.relative && air_.density == absent && (air_.temperature == absent || air_.pressure == absent))
      throw Error("host fields, unit",
                  "number densities, for the emulator has no condition from which that of air follows",
                  "values relative to air");
  }

  /// Items of the host that the emulator's inputs, outputs (`absent`: not in the host) and conditions are.
  std::size_t input(std::size_t i) const { return input_[i]; }
  std::size_t output(std::size_t i) const { return output_[i]; }
  std::size_t condition(std::size_t k) const { return condition_[k]; }
  /// Number density of a host's value of 1 (per molecule of air).
  double scale(std::size_t species) const { return scale_[species]; }
  /// What `scale` is to be multiplied by in a cell under these conditions of the emulator.
  double air(const double* conditions) const noexcept { return air_(conditions); }
  const AirFactor& air() const { return air_; }
  /// f(k, power) for the conditions of which `air` is a product of powers, times a constant.
  template <class F>
  void each_air_power(const F& f) const {
    if (!air_.relative) return;
    if (air_.density != absent) return f(air_.density, 1.0);
    f(air_.pressure, 1.0);
    f(air_.temperature, -1.0);
  }

 private:
  static std::size_t place(const std::string& name, const std::vector<std::string>& names) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return absent;
    if (std::find(found + 1, names.end(), name) != names.end())
      throw Error("host fields", "each name once", "'" + name + "' twice");
    return static_cast<std::size_t>(found - names.begin());
  }
  static std::size_t required(const std::string& name, const std::vector<std::string>& names,
                              const std::string& what) {
    const std::size_t found = place(name, names);
    if (found == absent) throw Error("host fields", what + " named '" + name + "'", "none");
    return found;
  }
  static double scale(const HostFields& host, std::size_t species) {
    if (host.unit != Unit::mass_mixing_ratio || species == absent) return 1;
    const double mass = host.molar_mass[species];
    if (!(mass > 0))
      throw Error("host fields, molar mass of '" + host.species[species] + "'", "a positive number",
                  number_text(mass));
    return molar_mass_of_air / mass;
  }

  AirFactor air_;
  std::vector<std::size_t> input_, output_, condition_;
  std::vector<double> scale_;
};

}  // namespace chemnne
