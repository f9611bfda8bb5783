#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <chemnne/data/range.hpp>
#include <chemnne/support/number_text.hpp>

namespace chemnne {

namespace detail {
/// `range` so many times as wide about its middle, in the coordinate that it is sampled in.
inline void widen(Range& range, double factor) {
  if (range.logarithmic) {
    const double middle = std::sqrt(range.minimum * range.maximum),
                 half = std::pow(range.maximum / range.minimum, 0.5 * factor);
    range.minimum = middle / half;
    range.maximum = middle * half;
  } else {
    const double middle = 0.5 * (range.minimum + range.maximum),
                 half = 0.5 * factor * (range.maximum - range.minimum);
    range.minimum = middle - half;
    range.maximum = middle + half;
  }
}

inline const std::map<std::string, std::pair<double, double>> physical_bounds{
    {"temperature", {200, 330}}, {"pressure", {5000, 1.2e5}}, {"relative_humidity", {0, 100}},
    {"latitude", {-90, 90}},     {"day_of_year", {1, 366}},   {"photolysis_scaling", {0, 100}}};
}  // namespace detail

/// Ranges `factor` times as wide, for scenarios that an emulator was not made for; weather stays physical
/// (temperature 200 to 330 K, humidity 0 to 100 %, pressure above 5000 Pa, latitudes on the globe, days of
/// the year, a photolysis scaling and linear amounts not below 0).
inline ScenarioRanges widened(ScenarioRanges ranges, double factor) {
  for (std::vector<Range>* const group : {&ranges.species, &ranges.plume})
    for (Range& range : *group) {
      detail::widen(range, factor);
      if (!range.logarithmic) range.minimum = std::max(0.0, range.minimum);
    }
  for (ParameterRange& parameter : ranges.parameters) detail::widen(parameter.range, factor);
  for (std::size_t i = 0; i < ranges.environment.size(); ++i) {
    Range& range = ranges.environment[i];
    detail::widen(range, factor);
    const auto [lowest, highest] = detail::physical_bounds.at(range.name);
    range.minimum = std::clamp(range.minimum, lowest, highest);
    range.maximum = std::clamp(range.maximum, lowest, highest);
  }
  // Part of what tells an interrupted generation from another.
  ranges.text += "\n# widened by " + fixed_text(factor, 6) + "\n";
  return ranges;
}

}  // namespace chemnne
