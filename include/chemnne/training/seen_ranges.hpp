#pragma once
#include <algorithm>
#include <cstddef>
#include <vector>

#include <chemnne/data/standardisation.hpp>
#include <chemnne/io/emulator_description.hpp>
#include <chemnne/training/training_set.hpp>

namespace chemnne {

/// What a network was trained on, from least to most: log10 of each species [species] and each condition
/// [conditions].
struct SeenRanges {
  std::vector<ValueRange> species, conditions;
};

/// Of all windows of `set` and of the data that `standardisation` was fitted to.
inline SeenRanges seen_ranges(const TrainingSet& set, const Standardisation& standardisation) {
  SeenRanges seen;
  for (std::size_t s = 0; s < set.species; ++s)
    seen.species.push_back({standardisation.minimum[s], standardisation.maximum[s]});
  const std::size_t conditions = standardisation.condition_name.size();
  for (std::size_t k = 0; k < conditions; ++k)
    seen.conditions.push_back({standardisation.condition_minimum[k], standardisation.condition_maximum[k]});
  const auto widen = [](ValueRange& range, double mean, double deviation, float value) {
    const double physical = mean + deviation * static_cast<double>(value);
    range = {std::min(range.minimum, physical), std::max(range.maximum, physical)};
  };
  for (std::size_t at = 0; at < set.state.size(); ++at) {
    const std::size_t s = at % set.species;
    widen(seen.species[s], standardisation.mean[s], standardisation.deviation[s], set.state[at]);
  }
  for (std::size_t at = 0; at < set.condition.size(); ++at) {
    const std::size_t k = at % conditions;
    widen(seen.conditions[k], standardisation.condition_mean[k], standardisation.condition_deviation[k],
          set.condition[at]);
  }
  return seen;
}

}  // namespace chemnne
