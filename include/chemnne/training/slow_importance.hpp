#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include <chemnne/support/parallel.hpp>
#include <chemnne/training/metrics.hpp>
#include <chemnne/training/training_set.hpp>

namespace chemnne {

/// Factors on the errors of the outputs [outputs]: 1 for a species that changes over a window as much as
/// species do in the mean, and more for what changes less, up to `largest`.
///
/// With m_s the median over windows of |x_s(end) - x_s(0)|, standardised, and m its mean over the known
/// species: min(max(m / m_s, 1), largest). In units of its spread an hour of a slow species is nothing, and
/// so is an error of that hour; fed back for days, it adds up. The median, for ozone is slow but where fresh
/// NO meets it. Outputs that are no inputs: 1. Nothing for a `largest` of 1.
inline std::vector<float> slow_importance(const TrainingSet& set, std::size_t inputs, std::size_t outputs,
                                          double largest) {
  if (largest <= 1) return {};
  const std::size_t known = std::min(inputs, outputs), window = set.frames * set.species;
  std::vector<double> change(known);
  parallel_for_each(known, [&](std::size_t s) {
    std::vector<double> of_window;
    for (std::size_t first = 0; first < set.state.size(); first += window)
      of_window.push_back(std::abs(static_cast<double>(set.state[first + window - set.species + s]) -
                                   static_cast<double>(set.state[first + s])));
    change[s] = median_of(std::move(of_window));
  });
  double mean = 0;
  for (const double one : change) mean += one / static_cast<double>(known);
  std::vector<float> importance(outputs, 1.0f);
  for (std::size_t s = 0; s < known; ++s)
    importance[s] =
        static_cast<float>(mean < largest * change[s] ? std::max(mean / change[s], 1.0) : largest);
  return importance;
}

}  // namespace chemnne
