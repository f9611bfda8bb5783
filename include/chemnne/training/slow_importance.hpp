#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <chemnne/support/parallel.hpp>
#include <chemnne/training/training_set.hpp>

namespace chemnne {

/// Factors on the errors of the outputs [outputs]: 1 for a species whose change over a window is as large as
/// that of species in the mean, and more for what changes less, up to `largest`.
///
/// With r_s the root mean square over windows of x_s(end) - x_s(0), standardised, and r that over all known
/// species: min(max(r / r_s, 1), largest). In units of its spread an hour of a slow species is nothing, and
/// so is an error of that hour; fed back for days, it adds up. Outputs that are no inputs: 1. Nothing for a
/// `largest` of 1.
inline std::vector<float> slow_importance(const TrainingSet& set, std::size_t inputs, std::size_t outputs,
                                          double largest) {
  if (largest <= 1) return {};
  const std::size_t known = std::min(inputs, outputs), window = set.frames * set.species;
  std::vector<double> change(known, 0.0);
  parallel_for_each(known, [&](std::size_t s) {
    for (std::size_t first = 0; first < set.state.size(); first += window) {
      const double difference = static_cast<double>(set.state[first + window - set.species + s]) -
                                static_cast<double>(set.state[first + s]);
      change[s] += difference * difference;
    }
  });
  double mean = 0;
  for (const double one : change) mean += one / static_cast<double>(known);
  std::vector<float> importance(outputs, 1.0f);
  for (std::size_t s = 0; s < known; ++s)
    importance[s] =
        static_cast<float>(change[s] > 0 ? std::clamp(std::sqrt(mean / change[s]), 1.0, largest) : largest);
  return importance;
}

}  // namespace chemnne
