#pragma once
#include <array>
#include <string>
#include <string_view>

#include <chemnne/support/error.hpp>

namespace chemnne {

/// Avogadro's constant [mol-1], exact in the SI since 2019.
inline constexpr double avogadro_constant = 6.02214076e23;

/// A unit of concentration: molecules cm-3 = factor * value, times the number density of air if it is a
/// mixing ratio.
struct ConcentrationUnit {
  std::string_view name;
  double factor;
  bool mixing_ratio;
};

/// The units that are known, all spellings of each.
inline constexpr std::array<ConcentrationUnit, 14> concentration_units{{
    {"molecules cm-3", 1, false},
    {"molec cm-3", 1, false},
    {"molecule cm-3", 1, false},
    {"cm-3", 1, false},
    {"m-3", 1e-6, false},
    {"mol m-3", 1e-6 * avogadro_constant, false},
    {"mol mol-1", 1, true},
    {"ppm", 1e-6, true},
    {"ppmv", 1e-6, true},
    {"ppb", 1e-9, true},
    {"ppbv", 1e-9, true},
    {"ppt", 1e-12, true},
    {"pptv", 1e-12, true},
    {"1", 1, true},
}};

/// Errors: Error naming `where` and the units that are known.
inline const ConcentrationUnit& concentration_unit(std::string_view name, const std::string& where) {
  std::string known;
  for (const ConcentrationUnit& unit : concentration_units) {
    if (unit.name == name) return unit;
    known += (known.empty() ? "" : ", ") + std::string(unit.name);
  }
  throw Error(where, "one of the units " + known, "'" + std::string(name) + "'");
}

/// Number density [molecules cm-3] of a value in a unit, in air of so many molecules cm-3.
inline double number_density(double value, const ConcentrationUnit& unit, double air) {
  return value * unit.factor * (unit.mixing_ratio ? air : 1);
}

}  // namespace chemnne
