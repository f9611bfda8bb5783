#pragma once
#include <string>
#include <string_view>

#include <chemnne/chemistry/mechanism_reader.hpp>
#include <chemnne/data/scenario_ranges.hpp>

namespace chemnne {

/// The mechanism and the scenario ranges that a program was built for, as the texts of their files.
struct EmbeddedMechanism {
  std::string_view name;  ///< of the mechanism's file: its ending tells the format
  std::string_view mechanism_text;
  std::string_view ranges_text;

  /// Whether there is one: a program may be built for data alone.
  bool present() const { return !mechanism_text.empty(); }

  /// With the rate constants that the ranges give, and the species variable or fixed as they ask.
  Mechanism mechanism() const {
    return mechanism_of_ranges(ranges(), [this](const ReadOptions& options) {
      return parse_mechanism(std::string(mechanism_text), std::string(name), options);
    });
  }
  ScenarioRanges ranges() const {
    return parse_scenario_ranges(std::string(ranges_text), std::string(name) + " ranges");
  }
};

}  // namespace chemnne
