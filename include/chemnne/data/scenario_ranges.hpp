#pragma once
#include <string>
#include <vector>

#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/chemistry/mechanism_builder.hpp>
#include <chemnne/chemistry/prescribed_rates.hpp>
#include <chemnne/data/range.hpp>
#include <chemnne/data/range_reader.hpp>
#include <chemnne/data/species_selection.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne {

/// The ranges in a TOML text; `source` names it in errors.
///
/// Layout: tables [environment], [species] and [plume] of entries NAME = {minimum, maximum, units, scale},
/// scale "linear" or "log". Where they are wanted: [parameters] of the mechanism: a range as above (with
/// `column`, its name in the data set), a number, or a rate expression such as "J(4)" or "1e-5*SUN"; a
/// parameter "<label>" is the rate constant of that reaction (prescribe_rates);
/// [photolysis] J by table (PhotolysisTable): reference_temperature, column, J<n> = [value, coefficient];
/// [windows] spin_up, gap and released = {minimum, maximum, units}, light_step [s], plume_share,
/// imposed_share, held = list of species with a range, dilution = a range in s-1 or h-1 (ScenarioRunner);
/// [host] closed_share, mixing, daily_swing, daily_change, with [background] of entries like those of
/// [species] and [emission] of entries in ppb h-1 or ppt h-1 that have a `course` (HostAir);
/// [scatter] NAME = decades, at the start of a share [windows] scatter_share of the windows;
/// [mechanism] variable, fixed, inputs, outputs = lists of species;
/// [lumped.NAME] SPECIES = coefficient: tracers that are sums of species (LumpedSpecies).
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
          .host = reader.host(),
          .scatter = reader.scatter(),
          .choice = reader.choice(),
          .text = text};
}

/// The ranges in a TOML file. Errors: see parse_scenario_ranges; Error when the file cannot be read.
inline ScenarioRanges read_scenario_ranges(const std::string& path) {
  return parse_scenario_ranges(read_text_file(path), path);
}

/// The rate constants of reactions that the ranges give, "<label>" each.
inline std::vector<std::string> rate_names(const ScenarioRanges& ranges) {
  std::vector<std::string> names;
  for (const ParameterRange& one : ranges.parameters)
    if (is_rate_name(one.range.name)) names.push_back(one.range.name);
  for (const ParameterRule& one : ranges.rules)
    if (is_rate_name(one.name)) names.push_back(one.name);
  return names;
}

/// The mechanism that `read(options)` reads, with the rate constants that the ranges give and the species
/// variable or fixed as they ask. Errors: those of `read`, prescribe_rates and apply_choice.
template <class Read>
Mechanism mechanism_of_ranges(const ScenarioRanges& ranges, const Read& read) {
  const std::vector<std::string> given = rate_names(ranges);
  Mechanism mechanism = read(ReadOptions{.collect_unresolved = !given.empty()});
  if (!given.empty()) prescribe_rates(mechanism, given, "the ranges, [parameters]");
  apply_choice(mechanism, ranges.choice);
  return mechanism;
}

}  // namespace chemnne
