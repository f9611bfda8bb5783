#pragma once
#include <array>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <chemnne/chemistry/concentration_units.hpp>
#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/cli/box_conditions.hpp>
#include <chemnne/cli/music_box_tables.hpp>
#include <chemnne/cli/named_values.hpp>
#include <chemnne/data/box_run.hpp>
#include <chemnne/data/course.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/number_text.hpp>

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

  /// Values by the names of species, in `usual_units` where the file says none, or as MusicBox has them,
  /// CONC.name in mol m-3; names with another prefix (ENV., PHOTO., USER., ...) and parameters are
  /// conditions. Errors: Error with file and line for a name or unit that is none, a value below 0 or a
  /// species twice.
  void add(const std::string& path, const std::string& usual_units, BoxConditions& conditions) {
    std::set<std::size_t> given;
    for (const NamedValue& value : read_named_values(path)) {
      const bool of_musicbox = value.name.starts_with("CONC.");
      const auto species = index_.find(of_musicbox ? value.name.substr(5) : value.name);
      if (species == index_.end()) {
        if (of_musicbox ||
            (value.name.find('.') == std::string::npos && !conditions.is_parameter(value.name)))
          throw Error(value.where, "a species of the mechanism " + mechanism_->name, "'" + value.name + "'");
        conditions.set(value);
        continue;
      }
      if (!given.insert(species->second).second)
        throw Error(value.where, "every species once", "'" + value.name + "' again");
      if (value.values.at(0) < 0)
        throw Error(value.where + ", " + value.name, "a concentration of 0 or more",
                    number_text(value.values[0]));
      entries_.push_back({species->second, value.values[0],
                          concentration_unit(!value.units.empty() ? value.units
                                             : of_musicbox        ? "mol m-3"
                                                                  : usual_units,
                                             value.where)});
    }
  }

  /// What tables of MusicBox hold: concentrations, of which those at times after 0 are set again (`events`)
  /// or, of fixed species, followed; all else are conditions, as stairs. Errors: Error with the place.
  void add(const MusicBoxTables& tables, BoxConditions& conditions) {
    for (const auto& [title, column] : tables.columns()) {
      std::vector<double> times, values;
      for (const auto& [time, value] : column.values) {
        times.push_back(time);
        values.push_back(value);
      }
      const Course course = times.size() == 1 ? Course(values[0]) : Course(times, values, Between::stairs);
      if (title.starts_with("CONC."))
        add_concentration(title.substr(5), column, course, conditions);
      else
        add_condition(title, column.where, course, conditions);
    }
  }

  /// The concentrations that are set again. Mixing ratios are of the air of the time.
  std::vector<BoxEvent> events(const BoxConditions& conditions) const {
    std::vector<BoxEvent> all;
    for (const LaterEntry& one : later_)
      all.push_back({one.time, one.entry.species,
                     number_density(one.entry.value, one.entry.unit, conditions.air(one.time)), false});
    return all;
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
  struct LaterEntry {
    double time;
    Entry entry;
  };

  void add_concentration(const std::string& title, const MusicBoxTables::Column& column, const Course& course,
                         BoxConditions& conditions) {
    const auto [name, units] = MusicBoxTables::name_and_unit(
        title, [&](const std::string& whole) { return index_.count(whole) > 0; });
    const auto species = index_.find(name);
    if (species == index_.end())
      throw Error(column.where, "a species of the mechanism " + mechanism_->name, "'" + name + "'");
    const ConcentrationUnit unit = concentration_unit(units.empty() ? "mol m-3" : units, column.where);
    const bool fixed = species->second >= mechanism_->variable_species;
    if (fixed) {
      entries_.push_back({species->second, course.at(0), unit});
      if (!course.is_constant()) conditions.constrain(species->second, course, unit);
      return;
    }
    for (const auto& [time, value] : column.values)
      if (time == 0)
        entries_.push_back({species->second, value, unit});
      else
        later_.push_back({time, {species->second, value, unit}});
  }

  /// Air density is what MusicBox itself makes of temperature and pressure.
  void add_condition(const std::string& title, const std::string& where, const Course& course,
                     BoxConditions& conditions) const {
    const auto [name, units] = MusicBoxTables::name_and_unit(
        title, [&](const std::string& whole) { return conditions.is_parameter(whole); });
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> fixed_units{
        {{"ENV.temperature", "K"},
         {"ENV.pressure", "Pa"},
         {"PHOTO.", "s-1"},
         {"LOSS.", "s-1"},
         {"SURF.", "m"},
         {"SURF.", "# m-3"}}};
    if (name == "ENV.air_density") return;
    bool has_fixed = false, is_right = units.empty();
    for (const auto& [beginning, unit] : fixed_units)
      if (name.starts_with(beginning)) {
        has_fixed = true;
        is_right = is_right || units == unit;
      }
    if (has_fixed && !is_right) throw Error(where, "the unit that MusicBox counts in", "'" + units + "'");
    conditions.set(name, course, where);
  }

  const Mechanism* mechanism_;
  std::map<std::string, std::size_t> index_;
  std::vector<Entry> entries_;
  std::vector<LaterEntry> later_;
};

}  // namespace chemnne
