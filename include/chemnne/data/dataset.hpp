#pragma once
#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace chemnne {

/// Windows of a chemical box model in memory: the image of a NetCDF file with the dimensions case, time,
/// species, environment, element and boundary (the layout of the ARCA data sets too). All arrays are flat,
/// row-major.
///
/// A window ("case") is a closed box under a constant environment; frame 0 is its initial state. Windows of
/// one scenario share a trajectory and never part between training and validation.
struct Dataset {
  std::vector<float> concentration;       ///< [case][frame][species], molecules cm-3
  std::vector<double> time;               ///< [frame], s since the start of the window
  std::vector<double> environment_value;  ///< [case][environment], constant during a window
  std::vector<std::string> environment_name;
  std::vector<std::string> environment_units;
  std::vector<std::string> environment_long_name;
  std::vector<std::string> species_name;
  std::vector<double> molar_mass;  ///< [species], g mol-1; 0 where it is not known
  std::vector<std::string> element_name;
  std::vector<int> atom_count;          ///< [species][element]
  std::vector<int> task;                ///< [species], smallest task that contains the species
  std::vector<int> scenario;            ///< [case]
  std::vector<int> window_in_scenario;  ///< [case]
  std::vector<int> kind;  ///< [case], 0 free-running, 1 imposed at the start, 2 plume added, 3 both
  std::vector<double> spin_up_length;  ///< [case], s simulated since the scenario or previous window began
  std::vector<double> element_total;   ///< [case][first, last frame][element], atoms cm-3 over all species
  std::map<std::string, std::string> attributes;  ///< of the file: title, provenance

  std::size_t cases() const { return scenario.size(); }
  std::size_t frames() const { return time.size(); }
  std::size_t species() const { return species_name.size(); }
  std::size_t environments() const { return environment_name.size(); }
  std::size_t elements() const { return element_name.size(); }

  /// A text of the provenance, "unknown" when the file does not tell.
  std::string attribute(const std::string& name) const {
    const auto found = attributes.find(name);
    return found == attributes.end() ? "unknown" : found->second;
  }

  /// The state of a window at a frame, [species].
  std::span<const float> row(std::size_t window, std::size_t frame) const {
    return std::span(concentration).subspan((window * frames() + frame) * species(), species());
  }

  /// Environment values of a window, [environment].
  std::span<const double> environment(std::size_t window) const {
    return std::span(environment_value).subspan(window * environments(), environments());
  }
};

}  // namespace chemnne
