#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <chemnne/chemistry/environment.hpp>
#include <chemnne/chemistry/solar_position.hpp>
#include <chemnne/data/latin_hypercube.hpp>
#include <chemnne/data/range.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/random.hpp>

namespace chemnne {

/// A place and a time, and the weather that stays while only the sun moves.
struct Conditions {
  double temperature = 298.15;          ///< K
  double pressure = 101325;             ///< Pa
  double relative_humidity = 50;        ///< %
  double photolysis_scaling = 1;        ///< multiplies every photolysis rate
  double latitude = 0;                  ///< degrees north
  double day_of_year = 80;              ///< 1 is 1 January
  double local_hour = 12;               ///< local solar time, h
  std::vector<double> parameters = {};  ///< values of ScenarioRanges::parameters
};

/// The constant environment of a step that starts `hours` later and lasts `length` hours: the weather of
/// `conditions` with the sun of the step's middle (at night the cosine is 0).
inline Environment environment_at(const Conditions& conditions, double hours, double length = 1) {
  const double since_midnight = conditions.local_hour + hours + length / 2;
  const double day = conditions.day_of_year + std::floor(since_midnight / 24);
  const double cosine = cosine_solar_zenith(conditions.latitude, day, since_midnight);
  return {.temperature = conditions.temperature,
          .pressure = conditions.pressure,
          .relative_humidity = conditions.relative_humidity,
          .cosine_zenith = std::max(cosine, 0.0),
          .photolysis_scaling = conditions.photolysis_scaling};
}

/// One air parcel: where and when it starts, and the initial value of each species range, in its units.
struct Scenario {
  std::size_t number;  ///< counts over all files of a seed
  Conditions conditions;
  std::vector<double> initial;
};

namespace detail {

/// Streams of one seed, so that no two uses share random numbers.
enum class RandomPurpose : std::uint64_t { hypercube = 1, scenario = 2 };

inline std::uint64_t random_stream(RandomPurpose purpose, std::size_t number) {
  return (static_cast<std::uint64_t>(purpose) << 56) | static_cast<std::uint64_t>(number);
}

}  // namespace detail

/// `count` scenarios numbered from `first`: one Latin hypercube over all environment, species and parameter
/// ranges and the local hour of the start, which is any of the day.
///
/// The hypercube depends on (ranges, seed, first, count): sets of another `first` or seed are independent.
inline std::vector<Scenario> draw_scenarios(const ScenarioRanges& ranges, std::size_t count,
                                            std::size_t first, std::uint64_t seed) {
  const std::size_t environments = ranges.environment.size();
  const std::size_t first_parameter = environments + 1 + ranges.species.size();
  const std::size_t dimensions = first_parameter + ranges.parameters.size();
  const std::vector<double> cube = latin_hypercube(
      count, dimensions, seed, detail::random_stream(detail::RandomPurpose::hypercube, first));
  std::vector<Scenario> scenarios;
  for (std::size_t i = 0; i < count; ++i) {
    const double* const point = &cube[i * dimensions];
    const auto value = [&](std::size_t index) { return ranges.environment[index].at(point[index]); };
    Scenario scenario{.number = first + i,
                      .conditions = {.temperature = value(0),
                                     .pressure = value(1),
                                     .relative_humidity = value(2),
                                     .photolysis_scaling = value(3),
                                     .latitude = value(4),
                                     .day_of_year = std::floor(value(5)),
                                     .local_hour = 24 * point[environments],
                                     .parameters = {}},
                      .initial = {}};
    for (std::size_t k = 0; k < ranges.species.size(); ++k)
      scenario.initial.push_back(ranges.species[k].at(point[environments + 1 + k]));
    for (std::size_t k = 0; k < ranges.parameters.size(); ++k)
      scenario.conditions.parameters.push_back(ranges.parameters[k].range.at(point[first_parameter + k]));
    scenarios.push_back(std::move(scenario));
  }
  return scenarios;
}

}  // namespace chemnne
