#pragma once
#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <chemnne/chemistry/concentration_units.hpp>
#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/cli/box_conditions.hpp>
#include <chemnne/cli/named_values.hpp>
#include <chemnne/support/error.hpp>

namespace chemnne {

/// The state of a box at its start, all species of the mechanism: its own initial values, then those of a
/// file.
class InitialState {
 public:
  /// `mechanism` must outlive the state.
  explicit InitialState(const Mechanism& mechanism) : mechanism_(&mechanism) {
    for (std::size_t i = 0; i < mechanism.species.size(); ++i) index_[mechanism.species[i].name] = i;
    for (const auto& [name, value] : mechanism.initial_values)
      entries_.push_back({index_.at(name), value, concentration_units[0]});
  }

  /// Values by the names of species, in `usual_units` where the file says none, or as MusicBox's CONC.<name>
  /// in mol m-3; names with another prefix (ENV., PHOTO., USER., ...) and parameters are conditions. Errors:
  /// Error with file and line for a name or unit that is none.
  void add(const std::string& path, const std::string& usual_units, BoxConditions& conditions) {
    for (const NamedValue& value : read_named_values(path)) {
      const bool of_musicbox = value.name.starts_with("CONC.");
      const auto species = index_.find(of_musicbox ? value.name.substr(5) : value.name);
      if (species != index_.end())
        entries_.push_back({species->second, value.values.at(0),
                            concentration_unit(!value.units.empty() ? value.units
                                               : of_musicbox        ? "mol m-3"
                                                                    : usual_units,
                                               value.where)});
      else if (of_musicbox ||
               (value.name.find('.') == std::string::npos && !conditions.is_parameter(value.name)))
        throw Error(value.where, "a species of the mechanism " + mechanism_->name, "'" + value.name + "'");
      else
        conditions.set(value);
    }
  }

  /// True when nothing was given: neither by the mechanism nor by a file.
  bool empty() const { return entries_.empty(); }

  /// Fixed species that were given no longer follow the environment.
  void hold_given(Mechanism& mechanism) const {
    for (const Entry& entry : entries_) mechanism.species[entry.species].abundance.reset();
  }

  /// [species], variable then fixed, molecules cm-3, in air of so many molecules cm-3.
  std::vector<double> number_densities(double air) const {
    std::vector<double> state(mechanism_->species.size(), 0.0);
    for (const Entry& entry : entries_) state[entry.species] = number_density(entry.value, entry.unit, air);
    return state;
  }

 private:
  struct Entry {
    std::size_t species;
    double value;
    ConcentrationUnit unit;
  };

  const Mechanism* mechanism_;
  std::map<std::string, std::size_t> index_;
  std::vector<Entry> entries_;
};

}  // namespace chemnne
