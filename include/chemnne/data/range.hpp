#pragma once
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <chemnne/chemistry/photolysis_table.hpp>
#include <chemnne/io/lumped_species.hpp>

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

  /// The number density [molecules cm-3] of a value of a species' range, where the air has `air`.
  double density(double value, double air) const { return units == "molecules cm-3" ? value : air * value; }
};

/// A parameter of the mechanism that is drawn once a scenario; `column` is its name in the data set.
struct ParameterRange {
  Range range;
  std::string column;
};

/// A parameter of the mechanism that follows from the environment, as a rate expression: "J(4)", "1e-5*SUN",
/// "2e-3".
struct ParameterRule {
  std::string name;
  std::string text;
};

/// J by table, and the name that its light has in the data set.
struct PhotolysisChoice {
  std::shared_ptr<const PhotolysisTable> table = {};
  std::string column = {};
};

/// How a scenario becomes windows, where the file says so. What WindowOptions give counts over it.
struct WindowRanges {
  std::optional<double> minimum_spin_up, maximum_spin_up;  ///< s
  std::optional<double> minimum_gap, maximum_gap;          ///< s
  std::optional<double> plume_share, imposed_share;
  double scatter_share = 1;            ///< of windows, where [scatter] names species
  std::optional<double> light_step;    ///< s
  std::vector<std::string> held = {};  ///< species with a range that keep their level between windows
  std::optional<Range> released = {};  ///< s, of free air before a window
  std::optional<Range> dilution = {};  ///< s-1, between windows
};

/// How an emission goes through the day (HostAir::course).
enum class EmissionCourse {
  even,
  traffic,  ///< by day more than by night
  light,    ///< with the sun and exp(0.09 K-1 T): isoprene
  heat      ///< with exp(0.09 K-1 T): monoterpenes
};

/// A source [mol mol-1 s-1] that is drawn once a scenario.
struct EmissionRange {
  Range range;
  EmissionCourse course = EmissionCourse::even;
};

/// What a host does to air between two steps of chemistry (HostAir); everything is drawn once a scenario.
struct HostRanges {
  double closed_share = 0;                 ///< of scenarios that nothing but chemistry and weather changes
  std::optional<Range> mixing = {};        ///< s-1, with the background
  std::optional<Range> daily_swing = {};   ///< K, half of the difference between day and night
  std::optional<Range> daily_change = {};  ///< K, of a day against the scenario's mean; drawn every day
  std::vector<Range> background = {};      ///< of the air that is mixed in; others: none
  std::vector<EmissionRange> emission = {};
};

/// A species that is put off its balance at the start of a window, by a factor of 10^(decades x), x normal.
struct Scatter {
  std::string name;
  double decades = 0;
};

/// Edits of the mechanism, and the species of the data set; empty lists: as the mechanism has it, all
/// variable species.
struct SpeciesChoice {
  std::vector<std::string> variable = {};  ///< fixed species that vary; "all": each of them
  std::vector<std::string> fixed = {};     ///< variable species that are held fixed
  std::vector<std::string> inputs = {};    ///< of the emulator: the first species of the data set
  std::vector<std::string> outputs = {};   ///< those that follow, inputs not twice; "all": the rest
  std::vector<LumpedSpecies> lumped = {};  ///< inputs, too, behind the species
};

/// What scenarios are drawn from; `text` is the file it was read from, kept as provenance.
struct ScenarioRanges {
  std::vector<Range> environment;  ///< one each of environment_range_units, in that order
  std::vector<Range> species;      ///< initial values, mol mol-1 or molecules cm-3; others start at zero
  std::vector<Range> plume;        ///< added where a window begins with a plume, in the same units
  std::vector<ParameterRange> parameters = {};
  std::vector<ParameterRule> rules = {};
  PhotolysisChoice photolysis = {};
  WindowRanges windows = {};
  std::optional<HostRanges> host = {};
  std::vector<Scatter> scatter = {};
  SpeciesChoice choice = {};
  std::string text;
};

}  // namespace chemnne
