#pragma once
#include <array>
#include <limits>
#include <string_view>
#include <utility>

#include <chemnne/chemistry/mechanism.hpp>

namespace chemnne {

/// Standard atomic weight [g mol-1] of the elements of atmospheric mechanisms; not a number for another
/// symbol.
///
/// Source: IUPAC 2021, abridged to five digits (Prohaska et al., Pure Appl. Chem. 94, 573, 2022).
inline double atomic_weight(std::string_view element) {
  constexpr std::array<std::pair<std::string_view, double>, 15> weights{{{"H", 1.0080},
                                                                         {"C", 12.011},
                                                                         {"N", 14.007},
                                                                         {"O", 15.999},
                                                                         {"F", 18.998},
                                                                         {"Na", 22.990},
                                                                         {"Mg", 24.305},
                                                                         {"Si", 28.085},
                                                                         {"P", 30.974},
                                                                         {"S", 32.06},
                                                                         {"Cl", 35.45},
                                                                         {"K", 39.098},
                                                                         {"Ca", 40.078},
                                                                         {"Br", 79.904},
                                                                         {"I", 126.90}}};
  for (const auto& [symbol, weight] : weights)
    if (symbol == element) return weight;
  return std::numeric_limits<double>::quiet_NaN();
}

/// Molar mass [g mol-1] of a species of the mechanism: the sum over its atoms; where the composition is
/// unknown what the file gives, or not a number.
inline double molar_mass(const Mechanism& mechanism, const Species& species) {
  if (!species.composition_known) return species.molar_mass;
  double mass = 0;
  for (const AtomCount& atom : species.atoms)
    mass += atom.count * atomic_weight(mechanism.elements[atom.element]);
  return mass;
}

}  // namespace chemnne
