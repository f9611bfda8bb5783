#pragma once
#include <string>
#include <utility>
#include <vector>

#include <chemnne/data/species_floors.hpp>
#include <chemnne/training/training_options.hpp>

namespace chemnne {

/// What a network is trained on, and how: with the model and the seed, all that a published training needs to
/// be repeated.
struct TrainingRecipe {
  std::vector<std::string> data;  ///< data sets of one layout; the first is what values are standardised by
  std::string validation;         ///< data set that chooses the best epoch
  std::string out;                ///< weights to write; beside them a log OUT.csv and OUT.checkpoint
  std::string initial = {};       ///< weights to start from, see warm_start; empty: random ones
  std::vector<std::string>
      conditions{};               ///< names in the data set; empty: its first, as many as the model takes
  double floor = smallest_floor;  ///< number density below which any species is absent [molecules cm-3]
  double floor_share = 1e-4;      ///< a species is absent below this share of its 84th percentile, too
  double learning_rate = 0;       ///< the largest, after the warm-up; 0: 8e-4 sqrt(batch / 64)
  std::vector<std::pair<std::string, double>>
      importance{};           ///< predicted species whose errors count so many times
  TrainingOptions options{};  ///< but checkpoint, learning rate and importance, which follow from the above
};

}  // namespace chemnne
