#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <string>
#include <vector>

#include "channel.hpp"
#include "scenery.hpp"

#include <chemnne/chemistry/environment.hpp>
#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/data/environment_model.hpp>
#include <chemnne/data/range.hpp>
#include <chemnne/data/scenario.hpp>
#include <chemnne/support/error.hpp>

namespace example {

/// The weather of the channel (Scenery): what the solver and the emulator feel of it.
/// An emulator's conditions are those columns that a data set of the same ranges would have, by name; what
/// else the mechanism wants of its host ([parameters] of the ranges) is in the middle of its range.
class Weather {
 public:
  /// `scenery` must outlive it.
  Weather(const Scenery& scenery, const chemnne::Mechanism& mechanism, const chemnne::ScenarioRanges& ranges,
          const std::vector<std::string>& condition_names, const Band& band)
      : places(band.cells()),
        environment(band.cells()),
        conditions(band.cells() * condition_names.size()),
        scenery_(&scenery),
        model_(mechanism, ranges),
        band_(band) {
    for (const std::string& name : condition_names) columns_.push_back(column(name));
    for (const chemnne::ParameterRange& one : ranges.parameters) middle_.push_back(one.range.at(0.5));
  }

  std::vector<chemnne::Conditions> places;        ///< of each cell
  std::vector<chemnne::Environment> environment;  ///< the same, as the mechanism has it
  std::vector<double> conditions;                 ///< [cell][condition], in the emulator's order

  double air(std::size_t cell) const { return chemnne::air_number_density(environment[cell]); }

  /// The weather of the hour that begins at `time`, in hours since the midnight of the first day.
  void set(int time) {
    for (std::size_t cell = 0; cell < environment.size(); ++cell) {
      const chemnne::Conditions& place = places[cell] = at(band_.first + cell / longitudes, time);
      environment[cell] = model_.at(place, 0);
      const std::vector<double> row = model_.row(place, 0, environment[cell]);
      for (std::size_t k = 0; k < columns_.size(); ++k)
        conditions[cell * columns_.size() + k] = row[columns_[k]];
    }
  }

 private:
  /// Colder in the north, warmest at 15 h; the vapour pressure stays.
  chemnne::Conditions at(std::size_t row, int time) const {
    const double to_south = (static_cast<double>(row) + 0.5) / latitudes, local_hour = time % 24;
    const double mean = scenery_->temperature + scenery_->warmer_south * to_south,
                 swing = scenery_->swing * std::sin(2 * std::numbers::pi * (local_hour + 0.5 - 9) / 24);
    const double vapour = scenery_->relative_humidity * chemnne::saturation_vapour_pressure(mean);
    return {.temperature = mean + swing,
            .pressure = 1e5,
            .relative_humidity = std::min(90.0, vapour / chemnne::saturation_vapour_pressure(mean + swing)),
            .photolysis_scaling = scenery_->light,
            .latitude = scenery_->latitude - 10 * to_south,
            .day_of_year = scenery_->day_of_year + time / 24,
            .local_hour = local_hour,
            .parameters = middle_};
  }

  std::size_t column(const std::string& name) const {
    for (std::size_t k = 0; k < model_.columns().size(); ++k)
      if (model_.columns()[k].name == name) return k;
    throw chemnne::Error("03_transport, the emulator's condition '" + name + "'", "a column of the ranges",
                         "none");
  }

  const Scenery* scenery_;
  chemnne::EnvironmentModel model_;
  Band band_;
  std::vector<std::size_t> columns_;
  std::vector<double> middle_;
};

}  // namespace example
