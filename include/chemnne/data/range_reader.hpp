#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <toml++/toml.h>

#include <chemnne/chemistry/photolysis.hpp>
#include <chemnne/data/range.hpp>
#include <chemnne/data/range_units.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/number_text.hpp>

namespace chemnne {

namespace detail {

/// Reads the tables of a scenario file; every error names the place as file:line, entry and key.
class RangeReader {
 public:
  RangeReader(const std::string& text, const std::string& source) : source_(source), document_(parse(text)) {
    static constexpr std::array<std::string_view, 12> tables{
        "environment", "species",    "plume",    "parameters", "photolysis", "windows",
        "host",        "background", "emission", "scatter",    "mechanism",  "lumped"};
    for (const auto& [key, node] : document_)
      if (std::find(tables.begin(), tables.end(), key.str()) == tables.end())
        throw Error(
            place(node, std::string(key.str())),
            "environment, species, plume, parameters, photolysis, windows, host, background, emission, "
            "scatter, mechanism or lumped",
            "another table");
    for (const char* const table : {"background", "emission"})
      if (document_.contains(table) && !document_.contains("host"))
        throw Error(place(*document_.get(table), table), "a table [host] beside it", "none");
  }

  std::vector<Range> environment() const {
    const toml::table& table = section("environment");
    std::vector<Range> ranges;
    for (const auto& [name, units] : environment_range_units) {
      const toml::node* const entry = table.get(name);
      if (entry == nullptr) throw Error(place(table, "environment"), "an entry " + std::string(name), "none");
      ranges.push_back(range("environment", std::string(name), *entry, units));
    }
    for (const auto& [key, node] : table)
      if (!is_environment(key.str()))
        throw Error(place(node, "environment." + std::string(key.str())), environment_names(),
                    "another name");
    return ranges;
  }

  /// Mixing ratios, or number densities where the unit says so.
  std::vector<Range> concentrations(const char* name) const {
    std::vector<Range> ranges;
    for_each_entry(name, [&](const std::string& species, const toml::node& node) {
      const toml::table* const entry = node.as_table();
      const bool is_density = entry != nullptr && (*entry)["units"].value<std::string>() == "molecules cm-3";
      ranges.push_back(range(name, species, node, is_density ? "molecules cm-3" : "mol mol-1"));
    });
    return ranges;
  }

  std::vector<ParameterRange> parameter_ranges() const {
    std::vector<ParameterRange> ranges;
    for_each_entry("parameters", [&](const std::string& name, const toml::node& node) {
      if (!node.is_table()) return;
      const toml::node* const column = node.as_table()->get("column");
      Range drawn = range("parameters", name, node, {});
      ranges.push_back({std::move(drawn), column ? word(*column, "parameters." + name + ".column") : name});
    });
    return ranges;
  }

  /// Numbers and texts of [parameters].
  std::vector<ParameterRule> parameter_rules() const {
    std::vector<ParameterRule> rules;
    for_each_entry("parameters", [&](const std::string& name, const toml::node& node) {
      if (node.is_table()) return;
      if (const auto text = node.value_exact<std::string>()) return rules.push_back({name, *text});
      const auto number = node.value<double>();
      if (!number || *number < 0 || node.is_boolean())
        throw Error(place(node, "parameters." + name), "a number, a rate expression or a range",
                    "another value");
      rules.push_back({name, number_text(*number, 17)});
    });
    return rules;
  }

  /// [photolysis] reference_temperature, column, and J<n> = [value, coefficient].
  PhotolysisChoice photolysis() const {
    if (!document_.contains("photolysis")) return {};
    PhotolysisChoice choice{nullptr, "photolysis_rate_scaling"};
    PhotolysisTable table;
    for_each_entry("photolysis", [&](const std::string& name, const toml::node& node) {
      const std::string entry = "photolysis." + name;
      if (name == "reference_temperature")
        table.reference_temperature = number(node, entry);
      else if (name == "column")
        choice.column = word(node, entry);
      else
        photolysis_row(name, node, table);
    });
    choice.table = std::make_shared<const PhotolysisTable>(table);
    return choice;
  }

  WindowRanges windows() const {
    WindowRanges windows;
    for_each_entry("windows", [&](const std::string& name, const toml::node& node) {
      const std::string entry = "windows." + name;
      if (name == "plume_share" || name == "imposed_share") {
        (name == "plume_share" ? windows.plume_share : windows.imposed_share) = share(node, entry);
      } else if (name == "scatter_share") {
        windows.scatter_share = share(node, entry);
      } else if (name == "light_step") {
        windows.light_step = number(node, entry);
        if (!(*windows.light_step > 0))
          throw Error(place(node, entry), "above 0 s", number_text(*windows.light_step));
      } else if (name == "spin_up" || name == "gap") {
        const Range length = range("windows", name, node, "s");
        (name == "gap" ? windows.minimum_gap : windows.minimum_spin_up) = length.minimum;
        (name == "gap" ? windows.maximum_gap : windows.maximum_spin_up) = length.maximum;
      } else if (name == "held") {
        windows.held = names(node, entry);
        for (const std::string& species : windows.held)
          if (!document_["species"][species])
            throw Error(place(node, entry), "species that have a range in [species]", species);
      } else if (name == "released") {
        windows.released = range("windows", name, node, "s");
      } else if (name == "dilution") {
        windows.dilution = range("windows", name, node, "s-1");
      } else {
        throw Error(place(node, entry),
                    "spin_up, gap, light_step, held, released, dilution, plume_share, imposed_share or "
                    "scatter_share",
                    "another name");
      }
    });
    return windows;
  }

  std::optional<HostRanges> host() const {
    if (!document_.contains("host")) return {};
    HostRanges host;
    for_each_entry("host", [&](const std::string& name, const toml::node& node) {
      const std::string entry = "host." + name;
      if (name == "closed_share")
        host.closed_share = share(node, entry);
      else if (name == "mixing")
        host.mixing = range("host", name, node, "s-1");
      else if (name == "daily_swing")
        host.daily_swing = range("host", name, node, "K");
      else if (name == "daily_change")
        host.daily_change = range("host", name, node, "K");
      else
        throw Error(place(node, entry), "closed_share, mixing, daily_swing or daily_change", "another name");
    });
    host.background = concentrations("background");
    for_each_entry("emission", [&](const std::string& species, const toml::node& node) {
      host.emission.push_back({range("emission", species, node, "mol mol-1 s-1"), course(species, node)});
    });
    return host;
  }

  std::vector<Scatter> scatter() const {
    std::vector<Scatter> all;
    for_each_entry("scatter", [&](const std::string& species, const toml::node& node) {
      const double decades = number(node, "scatter." + species);
      if (!(decades >= 0 && decades <= 2))
        throw Error(place(node, "scatter." + species), "0 to 2 decades", number_text(decades));
      all.push_back({species, decades});
    });
    return all;
  }

  SpeciesChoice choice() const {
    SpeciesChoice choice;
    for_each_entry("mechanism", [&](const std::string& name, const toml::node& node) {
      std::vector<std::string>* const list = name == "variable"  ? &choice.variable
                                             : name == "fixed"   ? &choice.fixed
                                             : name == "inputs"  ? &choice.inputs
                                             : name == "outputs" ? &choice.outputs
                                                                 : nullptr;
      if (list == nullptr)
        throw Error(place(node, "mechanism." + name), "variable, fixed, inputs or outputs", "another name");
      *list = names(node, "mechanism." + name);
    });
    choice.lumped = lumped();
    return choice;
  }

 private:
  std::vector<LumpedSpecies> lumped() const {
    std::vector<LumpedSpecies> all;
    for_each_entry("lumped", [&](const std::string& name, const toml::node& node) {
      if (!node.is_table() || node.as_table()->empty())
        throw Error(place(node, "lumped." + name), "a table of species and their coefficients", "none");
      LumpedSpecies lump{.name = name, .members = {}};
      for (const auto& [key, value] : *node.as_table()) {
        const std::string species(key.str()), entry = "lumped." + name + "." + species;
        if (species == "element" && value.is_string()) {
          lump.element = value.value_or("");
          continue;
        }
        if (species == "end" && value.is_boolean()) {
          lump.end = value.value_or(false);
          continue;
        }
        const double coefficient = number(value, entry);
        if (!(coefficient > 0) || !std::isfinite(coefficient))
          throw Error(place(value, entry), "a coefficient above 0", number_text(coefficient));
        lump.members.emplace_back(species, coefficient);
      }
      if (lump.members.empty())
        throw Error(place(node, "lumped." + name), "a table of species and their coefficients",
                    "an element alone");
      all.push_back(std::move(lump));
    });
    return all;
  }

  toml::table parse(const std::string& text) const {
    try {
      return toml::parse(text);
    } catch (const toml::parse_error& error) {
      throw Error(source_ + ":" + std::to_string(error.source().begin.line), "TOML",
                  std::string(error.description()));
    }
  }

  std::string place(const toml::node& node, const std::string& entry) const {
    return source_ + ":" + std::to_string(node.source().begin.line) + ": " + entry;
  }

  static bool is_environment(std::string_view name) {
    for (const auto& entry : environment_range_units)
      if (entry[0] == name) return true;
    return false;
  }

  static std::string environment_names() {
    std::string names = "one of";
    for (const auto& entry : environment_range_units) (names += " ").append(entry[0]);
    return names;
  }

  const toml::table& section(const char* name) const {
    const toml::node* const node = document_.get(name);
    if (node == nullptr || !node->is_table())
      throw Error(source_, std::string("a table [") + name + "]", "none");
    return *node->as_table();
  }

  /// Of a table that may be missing.
  template <class Visit>
  void for_each_entry(const char* table, const Visit& visit) const {
    if (!document_.contains(table)) return;
    for (const auto& [key, node] : section(table)) visit(std::string(key.str()), node);
  }

  template <class Value>
  Value value(const toml::table& table, const std::string& entry, const char* key, const char* kind) const {
    const toml::node* const node = table.get(key);
    if (node == nullptr) throw Error(place(table, entry), std::string("a key ") + key, "none");
    const auto found = node->value<Value>();
    if (!found) throw Error(place(*node, entry + "." + key), kind, "another type");
    return *found;
  }

  double number(const toml::node& node, const std::string& entry) const {
    const auto found = node.value<double>();
    if (!found) throw Error(place(node, entry), "a number", "another type");
    if (!std::isfinite(*found)) throw Error(place(node, entry), "a finite number", number_text(*found));
    return *found;
  }

  double share(const toml::node& node, const std::string& entry) const {
    const double found = number(node, entry);
    if (!(found >= 0 && found <= 1)) throw Error(place(node, entry), "0 to 1", number_text(found));
    return found;
  }

  EmissionCourse course(const std::string& species, const toml::node& node) const {
    const std::string entry = "emission." + species;
    const auto name = value<std::string>(*node.as_table(), entry, "course", "a text");
    if (name == "even") return EmissionCourse::even;
    if (name == "traffic") return EmissionCourse::traffic;
    if (name == "light") return EmissionCourse::light;
    if (name == "heat") return EmissionCourse::heat;
    throw Error(place(node, entry + ".course"), "even, traffic, light or heat", '"' + name + '"');
  }

  std::string word(const toml::node& node, const std::string& entry) const {
    const auto found = node.value<std::string>();
    if (!found) throw Error(place(node, entry), "a text", "another type");
    return *found;
  }

  std::vector<std::string> names(const toml::node& node, const std::string& entry) const {
    if (const auto one = node.value<std::string>()) return {*one};
    std::vector<std::string> list;
    if (!node.is_array()) throw Error(place(node, entry), "a list of names", "another type");
    for (const toml::node& item : *node.as_array()) {
      const auto name = item.value<std::string>();
      if (!name) throw Error(place(item, entry), "names", "another type");
      list.push_back(*name);
    }
    return list;
  }

  void photolysis_row(const std::string& name, const toml::node& node, PhotolysisTable& table) const {
    const std::string entry = "photolysis." + name;
    const McmPhotolysis* row = find_mcm_photolysis(name);
    for (const McmPhotolysis& one : mcm_photolysis_table)
      if (name == "J" + std::to_string(one.number)) row = &one;
    if (row == nullptr)
      throw Error(place(node, entry), "reference_temperature, column, J<n> or J_<name> of the MCM",
                  "another name");
    const toml::array* const pair = node.as_array();
    if (pair == nullptr || pair->size() != 2)
      throw Error(place(node, entry),
                  "[J at the reference temperature per unit of light, coefficient in K-1]", "another value");
    const auto n = static_cast<std::size_t>(row->number);
    table.value[n] = number((*pair)[0], entry);
    table.coefficient[n] = number((*pair)[1], entry);
    if (table.value[n] < 0) throw Error(place(node, entry), "a value of 0 or more", "a negative one");
  }

  /// Any unit where `units` is empty. The scale may be left out where there is only one sensible: linear.
  Range range(const std::string& group, const std::string& name, const toml::node& node,
              std::string_view units) const {
    const std::string entry = group + "." + name;
    if (!node.is_table()) throw Error(place(node, entry), "{minimum, maximum, units, scale}", "another type");
    const toml::table& table = *node.as_table();
    for (const auto& [key, ignored] : table)
      if (key != "minimum" && key != "maximum" && key != "units" && key != "scale" &&
          !(key == "column" && group == "parameters") && !(key == "course" && group == "emission"))
        throw Error(place(ignored, entry), "minimum, maximum, units, scale", std::string(key.str()));
    const std::string scale = group == "windows" && name != "dilution"
                                  ? "linear"
                                  : value<std::string>(table, entry, "scale", "a text");
    Range found{.name = name,
                .minimum = value<double>(table, entry, "minimum", "a number"),
                .maximum = value<double>(table, entry, "maximum", "a number"),
                .units = value<std::string>(table, entry, "units", "a text"),
                .logarithmic = scale == "log"};
    if (scale != "log" && scale != "linear")
      throw Error(place(table, entry + ".scale"), "\"linear\" or \"log\"", '"' + scale + '"');
    if (!units.empty()) convert(found, units, place(table, entry + ".units"));
    check(found, group == "environment" || name == "daily_change", place(table, entry));
    return found;
  }

  static void convert(Range& range, std::string_view inside, const std::string& where) {
    if (range.units == inside) return;
    std::string known = '"' + std::string(inside) + '"';
    for (const RangeUnit& unit : range_units) {
      if (unit.inside != inside) continue;
      known += ", \"" + std::string(unit.name) + '"';
      if (unit.name != range.units) continue;
      range.minimum = unit.factor * range.minimum + unit.offset;
      range.maximum = unit.factor * range.maximum + unit.offset;
      range.units = inside;
      return;
    }
    throw Error(where, known, '"' + range.units + '"');
  }

  static void check(const Range& range, bool may_be_negative, const std::string& where) {
    for (const double end : {range.minimum, range.maximum})
      if (!std::isfinite(end)) throw Error(where, "finite numbers", number_text(end));
    if (!(range.minimum <= range.maximum))
      throw Error(where, "minimum <= maximum",
                  number_text(range.minimum) + " > " + number_text(range.maximum));
    if (range.logarithmic ? !(range.minimum > 0) : !may_be_negative && range.minimum < 0)
      throw Error(where + ".minimum", range.logarithmic ? "above zero for a log scale" : "zero or more",
                  number_text(range.minimum));
  }

  std::string source_;
  toml::table document_;
};

}  // namespace detail
}  // namespace chemnne
