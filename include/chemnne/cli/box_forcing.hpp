#pragma once
#include <cmath>
#include <cstddef>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include <chemnne/chemistry/concentration_units.hpp>
#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/chemistry/mechanism_edit.hpp>
#include <chemnne/cli/box_conditions.hpp>
#include <chemnne/cli/named_courses.hpp>
#include <chemnne/data/box_run.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/number_text.hpp>

namespace chemnne {

/// What is done to a box from outside. Species that follow a course are fixed ones; emission, deposition,
/// dilution and background are reactions of the mechanism with parameters: either solver and every table of
/// reactions know of them.
struct BoxForcing {
  /// A course of a species or of a parameter of the mechanism, by its name.
  struct Entry {
    std::string name;
    Course course;
    ConcentrationUnit unit;
    std::string where;
  };
  /// What happens to a species at a time [s]: its level is set to `value`, or `value` is added.
  struct Event {
    double time;
    std::string species;
    double value;
    ConcentrationUnit unit;
    bool adds;
  };

  std::vector<Entry> constrained, parameters;
  std::vector<Event> events;

  /// The courses, into the conditions of the mechanism.
  void apply(const Mechanism& mechanism, BoxConditions& conditions) const {
    for (const Entry& one : constrained)
      conditions.constrain(mechanism.index_of(one.name), one.course, one.unit);
    for (const Entry& one : parameters) conditions.set(one.name, one.course, one.where, one.unit);
  }

  /// What is set or added; mixing ratios are of the air of the time.
  std::vector<BoxEvent> box_events(const Mechanism& mechanism, const BoxConditions& conditions) const {
    std::vector<BoxEvent> all;
    for (const Event& one : events)
      all.push_back({one.time, mechanism.index_of(one.species),
                     number_density(one.value, one.unit, conditions.air(one.time)), one.adds});
    return all;
  }
};

/// The options of a BoxForcing.
class BoxForcingOptions {
 public:
  explicit BoxForcingOptions(CLI::App& command) {
    const std::string items = ", as NAME=VALUE ... or CSV files of them, with a column time or without";
    command.add_option("--constrain", constrained_, "species that are held at given values" + items);
    command.add_option(
        "--set-again", set_,
        "species that get new values at times: CSV files with a column time [s], one a species");
    command.add_option("--inject", added_, "the same for what is added to what is there");
    command.add_option("--emission", emissions_, "of species [molecules cm-3 s-1]" + items);
    command.add_option("--deposition", depositions_, "of species, first-order loss [s-1]" + items);
    CLI::Option* const dilution = command.add_option(
        "--dilution", dilution_,
        "of all variable species by air around [s-1]: a number, or a CSV file of columns time, dilution");
    command.add_option("--background", backgrounds_, "species in the air around" + items)->needs(dilution);
    command.add_flag("--stairs", stairs_,
                     "values of all files hold until their next time; without: interpolated");
  }

  Between between() const { return stairs_ ? Between::stairs : Between::interpolated; }

  /// Reads the files, and gives the mechanism what they need: before anything else is made of it. Values are
  /// in `usual_units` where a file says none. Errors: Error with the place of what is wrong.
  BoxForcing read(Mechanism& mechanism, const std::string& usual_units) const {
    BoxForcing forcing;
    forcing.constrained = entries("--constrain", constrained_, usual_units, mechanism);
    constrain(mechanism, forcing.constrained);
    const auto add = [&](std::vector<BoxForcing::Entry> all, const std::string& kind, const auto& edit) {
      for (BoxForcing::Entry& one : all) {
        edit(variable(mechanism, one.name, one.where));
        one.name = kind + " of " + one.name;
        forcing.parameters.push_back(std::move(one));
      }
    };
    add(entries("--emission", emissions_, "", mechanism), "emission",
        [&](std::size_t species) { add_emission(mechanism, species); });
    add(entries("--deposition", depositions_, "", mechanism), "deposition",
        [&](std::size_t species) { add_deposition(mechanism, species); });
    if (!dilution_.empty()) {
      std::vector<std::size_t> all(mechanism.variable_species);
      std::iota(all.begin(), all.end(), std::size_t{0});
      const std::size_t rate = add_dilution(mechanism, all);
      forcing.parameters.push_back(dilution());
      add(entries("--background", backgrounds_, usual_units, mechanism), "background",
          [&](std::size_t species) { add_background(mechanism, species, rate); });
    }
    for (const std::string& path : set_) add_events(path, usual_units, false, mechanism, forcing.events);
    for (const std::string& path : added_) add_events(path, usual_units, true, mechanism, forcing.events);
    return forcing;
  }

 private:
  /// A concentration in its own units or the usual ones; what has no usual units has no others.
  static BoxForcing::Entry entry(NamedCourse one, const std::string& usual_units) {
    for (std::size_t i = 0; i < one.course.values().size(); ++i)
      if (const double value = one.course.values()[i]; !(value >= 0 && std::isfinite(value)))
        throw Error(
            one.where + ", " + one.name + (one.course.is_constant() ? "" : ", row " + std::to_string(i + 1)),
            "a number of 0 or more", number_text(value));
    if (usual_units.empty() && !one.units.empty())
      throw Error(one.where + ", " + one.name, "a name alone: the units are fixed", "'" + one.units + "'");
    const ConcentrationUnit unit =
        usual_units.empty() ? concentration_units[0]
                            : concentration_unit(one.units.empty() ? usual_units : one.units, one.where);
    return {std::move(one.name), std::move(one.course), unit, std::move(one.where)};
  }

  /// All species of an option, each once.
  std::vector<BoxForcing::Entry> entries(const std::string& option, const std::vector<std::string>& items,
                                         const std::string& usual_units, const Mechanism& mechanism) const {
    std::vector<BoxForcing::Entry> all;
    for (const std::string& item : items)
      for (NamedCourse& one : read_courses(option, item, between())) {
        require_species(mechanism, one.name, one.where);
        for (const BoxForcing::Entry& other : all)
          if (other.name == one.name)
            throw Error(one.where, "each species of " + option + " once", "'" + one.name + "' twice");
        all.push_back(entry(std::move(one), usual_units));
      }
    return all;
  }

  static void constrain(Mechanism& mechanism, const std::vector<BoxForcing::Entry>& entries) {
    std::vector<std::string> names;
    for (const BoxForcing::Entry& one : entries) names.push_back(one.name);
    make_fixed(mechanism, names);
    for (const std::string& name : names) mechanism.species[mechanism.index_of(name)].abundance.reset();
  }

  BoxForcing::Entry dilution() const {
    const std::optional<double> number = parse_number(dilution_);
    if (number) return entry({"dilution", {}, *number, "--dilution"}, {});
    std::vector<NamedCourse> columns = read_time_courses(dilution_, between());
    if (columns.size() != 1 || columns[0].name != "dilution")
      throw Error(dilution_, "the columns time, dilution", "others");
    return entry(std::move(columns[0]), {});
  }

  static void add_events(const std::string& path, const std::string& usual_units, bool adds,
                         const Mechanism& mechanism, std::vector<BoxForcing::Event>& events) {
    for (NamedCourse& one : read_time_courses(path, Between::stairs)) {
      variable(mechanism, one.name, one.where);
      const BoxForcing::Entry checked = entry(std::move(one), usual_units);
      for (const double time : checked.course.times())
        events.push_back({time, checked.name, checked.course.at(time), checked.unit, adds});
    }
  }

  static std::size_t require_species(const Mechanism& mechanism, const std::string& name,
                                     const std::string& where) {
    for (std::size_t i = 0; i < mechanism.species.size(); ++i)
      if (mechanism.species[i].name == name) return i;
    throw Error(where, "a species of the mechanism " + mechanism.name, "'" + name + "'");
  }

  static std::size_t variable(const Mechanism& mechanism, const std::string& name, const std::string& where) {
    const std::size_t place = require_species(mechanism, name, where);
    if (place < mechanism.variable_species) return place;
    throw Error(where, "a species that varies", "'" + name + "', which is fixed or constrained");
  }

  std::vector<std::string> constrained_, set_, added_, emissions_, depositions_, backgrounds_;
  std::string dilution_;
  bool stairs_ = false;
};

}  // namespace chemnne
