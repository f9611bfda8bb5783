#pragma once
#include <cmath>

#include <chemnne/training/training_set.hpp>

namespace test {

/// Windows of two frames and four species, which change by 0.3, 0.03, 0 and 1; up and down.
inline chemnne::TrainingSet steps() {
  chemnne::Dataset data;
  data.time = {0, 3600};
  data.species_name = {"fast", "slow", "still", "unknown"};
  data.molar_mass = {1, 1, 1, 1};
  data.environment_name = {"factor"};
  chemnne::Standardisation standard;
  standard.species = data.species_name;
  standard.floor = {1e-30, 1e-30, 1e-30, 1e-30};
  standard.mean = {0, 0, 0, 0};
  standard.deviation = {1, 1, 1, 1};
  standard.condition_name = {"factor"};
  standard.condition_mean = {0};
  standard.condition_deviation = {1};
  for (int window = 0; window < 8; ++window) {
    const double sign = window % 2 == 0 ? 1 : -1;
    data.scenario.push_back(window);
    data.environment_value.push_back(window);
    for (const double end : {0.0, sign})
      for (const double change : {0.3, 0.03, 0.0, 1.0})
        data.concentration.push_back(static_cast<float>(std::pow(10, change * end)));
  }
  return chemnne::TrainingSet(data, standard);
}

}  // namespace test
