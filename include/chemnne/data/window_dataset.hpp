#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/data/dataset.hpp>
#include <chemnne/data/environment_model.hpp>
#include <chemnne/data/molar_mass.hpp>
#include <chemnne/data/range.hpp>
#include <chemnne/data/scenario_windows.hpp>
#include <chemnne/data/species_selection.hpp>
#include <chemnne/io/lumped_species.hpp>
#include <chemnne/support/version.hpp>

namespace chemnne {

/// A data set of the species of `selection` and the columns of `model`, without windows and attributes;
/// `times` are those of the frames [s].
inline Dataset windowless_dataset(const Mechanism& mechanism, const SpeciesSelection& selection,
                                  const EnvironmentModel& model, const std::vector<double>& times) {
  Dataset data;
  data.time = times;
  data.element_name = mechanism.elements;
  if (data.element_name.empty()) data.element_name = {"unknown"};  // the layout has at least one
  for (const EnvironmentColumn& column : model.columns()) {
    data.environment_name.push_back(column.name);
    data.environment_units.push_back(column.units);
    data.environment_long_name.push_back(column.long_name);
  }
  data.species_name = selection.names(mechanism);
  data.task = selection.columns<int>([](std::size_t) { return 2; }, [](const LumpedPlaces&) { return 1; });
  std::fill_n(data.task.begin(), selection.inputs(), 1);
  // Of a sum of species the mass is not known, nor are the atoms but for those that it counts: they are none.
  const auto mass_of = [&](std::size_t i) {
    const double mass = molar_mass(mechanism, mechanism.species[i]);
    return std::isnan(mass) ? 0 : mass;
  };
  data.molar_mass = selection.columns<double>(mass_of, [](const LumpedPlaces&) { return 0; });
  using Atoms = std::vector<AtomCount>;
  const std::vector<Atoms> atoms =
      selection.columns<Atoms>([&](std::size_t i) { return mechanism.species[i].atoms; },
                               [](const LumpedPlaces& lump) {
                                 return lump.element ? Atoms{{*lump.element, 1}} : Atoms{};
                               });
  data.atom_count.assign(selection.size() * data.elements(), 0);
  for (std::size_t i = 0; i < atoms.size(); ++i)
    for (const AtomCount& atom : atoms[i]) data.atom_count[i * data.elements() + atom.element] = atom.count;
  return data;
}

/// Attributes that tell what a data set of these ranges is of.
inline std::map<std::string, std::string> identity_attributes(const Mechanism& mechanism,
                                                              const ScenarioRanges& ranges) {
  std::map<std::string, std::string> all{{"Conventions", "CF-1.8"},
                                         {"chemnne_version", std::string(version)},
                                         {"mechanism", mechanism.name},
                                         {"mechanism_fingerprint", mechanism.fingerprint()},
                                         {"scenario_ranges", ranges.text}};
  if (!ranges.choice.lumped.empty()) all["lumped"] = lumps_to_json(ranges.choice.lumped).dump(0);
  return all;
}

/// Adds the windows of a scenario, the first of which is its `first`-th.
inline void append_windows(const ScenarioWindows& windows, Dataset& data, std::size_t first = 0) {
  const auto add = [](auto& target, const auto& values) {
    target.insert(target.end(), values.begin(), values.end());
  };
  for (std::size_t window = 0; window < windows.kind.size(); ++window) {
    data.scenario.push_back(static_cast<int>(windows.scenario));
    data.window_in_scenario.push_back(static_cast<int>(first + window));
  }
  add(data.kind, windows.kind);
  add(data.spin_up_length, windows.spin_up_length);
  add(data.environment_value, windows.environment_value);
  add(data.element_total, windows.element_total);
  add(data.concentration, windows.concentration);
}

}  // namespace chemnne
