#pragma once
#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <toml++/toml.h>

#include <chemnne/support/error.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne {

/// An interval that a quantity is drawn from, evenly in its value or in its logarithm.
struct Range {
  std::string name;
  double minimum = 0;
  double maximum = 0;
  std::string units;
  bool logarithmic = false;

  /// The value at a fraction in [0, 1) of the interval.
  double at(double fraction) const {
    return logarithmic ? minimum * std::pow(maximum / minimum, fraction)
                       : minimum + (maximum - minimum) * fraction;
  }
};

/// What scenarios are drawn from; `text` is the file they were read from, kept as provenance.
struct ScenarioRanges {
  std::vector<Range> environment;  ///< one each of environment_range_units, in that order
  std::vector<Range> species;      ///< initial mixing ratios, mol mol-1; other species start at zero
  std::vector<Range> plume;        ///< mixing ratios added where a window begins with a plume, mol mol-1
  std::string text;
};

/// The environment ranges that a file must give, with their units.
inline constexpr std::array<std::array<std::string_view, 2>, 6> environment_range_units{
    {{"temperature", "K"},
     {"pressure", "Pa"},
     {"relative_humidity", "%"},
     {"photolysis_scaling", "1"},
     {"latitude", "degree"},
     {"day_of_year", "day"}}};

namespace detail {

/// Reads the ranges of a TOML document; every error names the place as file:line, entry and key.
class RangeReader {
 public:
  RangeReader(const std::string& text, const std::string& source) : source_(source), document_(parse(text)) {
    for (const auto& [key, node] : document_)
      if (key != "environment" && key != "species" && key != "plume")
        throw Error(place(node, std::string(key.str())), "environment, species or plume", "another table");
  }

  std::vector<Range> environment() const {
    const toml::table& table = section("environment");
    std::vector<Range> ranges;
    for (const auto& [name, units] : environment_range_units) {
      const toml::node* const entry = table.get(name);
      if (entry == nullptr) throw Error(place(table, "environment"), "an entry " + std::string(name), "none");
      ranges.push_back(range("environment", std::string(name), *entry, units));
    }
    if (table.size() != ranges.size())
      for (const auto& [key, node] : table)
        if (!is_environment(key.str()))
          throw Error(place(node, "environment." + std::string(key.str())), environment_names(),
                      "another name");
    return ranges;
  }

  std::vector<Range> mixing_ratios(const char* name) const {
    std::vector<Range> ranges;
    for (const auto& [key, node] : section(name))
      ranges.push_back(range(name, std::string(key.str()), node, "mol mol-1"));
    return ranges;
  }

 private:
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

  template <class Value>
  Value value(const toml::table& table, const std::string& entry, const char* key, const char* kind) const {
    const toml::node* const node = table.get(key);
    if (node == nullptr) throw Error(place(table, entry), std::string("a key ") + key, "none");
    const auto found = node->value<Value>();
    if (!found) throw Error(place(*node, entry + "." + key), kind, "another type");
    return *found;
  }

  Range range(const std::string& group, const std::string& name, const toml::node& node,
              std::string_view units) const {
    const std::string entry = group + "." + name;
    if (!node.is_table()) throw Error(place(node, entry), "{minimum, maximum, units, scale}", "another type");
    const toml::table& table = *node.as_table();
    for (const auto& [key, ignored] : table)
      if (key != "minimum" && key != "maximum" && key != "units" && key != "scale")
        throw Error(place(ignored, entry), "minimum, maximum, units, scale", std::string(key.str()));
    const auto scale = value<std::string>(table, entry, "scale", "a text");
    const Range found{.name = name,
                      .minimum = value<double>(table, entry, "minimum", "a number"),
                      .maximum = value<double>(table, entry, "maximum", "a number"),
                      .units = value<std::string>(table, entry, "units", "a text"),
                      .logarithmic = scale == "log"};
    if (scale != "log" && scale != "linear")
      throw Error(place(table, entry + ".scale"), "\"linear\" or \"log\"", '"' + scale + '"');
    if (found.units != units)
      throw Error(place(table, entry + ".units"), '"' + std::string(units) + '"', '"' + found.units + '"');
    if (!(found.minimum <= found.maximum))
      throw Error(place(table, entry), "minimum <= maximum",
                  std::to_string(found.minimum) + " > " + std::to_string(found.maximum));
    if (found.logarithmic ? !(found.minimum > 0) : group != "environment" && found.minimum < 0)
      throw Error(place(table, entry + ".minimum"),
                  found.logarithmic ? "above zero for a log scale" : "zero or more",
                  std::to_string(found.minimum));
    return found;
  }

  std::string source_;
  toml::table document_;
};

}  // namespace detail

/// The ranges in a TOML text; `source` names it in errors.
///
/// Layout: tables [environment], [species] and [plume] of entries NAME = {minimum, maximum, units, scale},
/// scale "linear" or "log". Errors: Error with source, line, entry and key.
inline ScenarioRanges parse_scenario_ranges(const std::string& text, const std::string& source) {
  const detail::RangeReader reader(text, source);
  return {.environment = reader.environment(),
          .species = reader.mixing_ratios("species"),
          .plume = reader.mixing_ratios("plume"),
          .text = text};
}

/// The ranges in a TOML file. Errors: see parse_scenario_ranges; Error when the file cannot be read.
inline ScenarioRanges read_scenario_ranges(const std::string& path) {
  return parse_scenario_ranges(read_text_file(path), path);
}

}  // namespace chemnne
