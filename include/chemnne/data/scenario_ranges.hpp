#pragma once
#include <string>

#include <chemnne/data/range.hpp>
#include <chemnne/data/range_reader.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne {

/// The ranges in a TOML text; `source` names it in errors.
///
/// Layout: tables [environment], [species] and [plume] of entries NAME = {minimum, maximum, units, scale},
/// scale "linear" or "log". Where they are wanted: [parameters] of the mechanism: a range as above (with
/// `column`, its name in the data set), a number, or a rate expression such as "J(4)" or "1e-5*SUN";
/// [photolysis] J by table (PhotolysisTable): reference_temperature, column, J<n> = [value, coefficient];
/// [windows] spin_up, gap and released = {minimum, maximum, units}, light_step [s], plume_share,
/// imposed_share, held = list of species with a range, dilution = a range in s-1 or h-1 (ScenarioRunner);
/// [mechanism] variable, fixed, inputs, outputs = lists of species.
/// Units: those of environment_range_units (temperature also degC, pressure hPa); concentrations mol mol-1,
/// ppm, ppb, ppt, umol, nmol or pmol mol-1, or molecules cm-3; lengths s or h. Errors: Error with source,
/// line, entry and key.
inline ScenarioRanges parse_scenario_ranges(const std::string& text, const std::string& source) {
  const detail::RangeReader reader(text, source);
  return {.environment = reader.environment(),
          .species = reader.concentrations("species"),
          .plume = reader.concentrations("plume"),
          .parameters = reader.parameter_ranges(),
          .rules = reader.parameter_rules(),
          .photolysis = reader.photolysis(),
          .windows = reader.windows(),
          .choice = reader.choice(),
          .text = text};
}

/// The ranges in a TOML file. Errors: see parse_scenario_ranges; Error when the file cannot be read.
inline ScenarioRanges read_scenario_ranges(const std::string& path) {
  return parse_scenario_ranges(read_text_file(path), path);
}

}  // namespace chemnne
