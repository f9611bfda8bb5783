#pragma once
#include <string>
#include <string_view>

#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/data/scenario_ranges.hpp>

namespace chemnne {

/// The mechanism and the scenario ranges that a program was built for, as the texts of their files.
struct EmbeddedMechanism {
  std::string_view name;
  std::string_view mechanism_text;
  std::string_view ranges_text;

  Mechanism mechanism() const { return parse_kpp(std::string(mechanism_text), std::string(name)); }
  ScenarioRanges ranges() const {
    return parse_scenario_ranges(std::string(ranges_text), std::string(name) + " ranges");
  }
};

}  // namespace chemnne
