#pragma once
#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include <chemnne/data/dataset.hpp>

namespace chemnne {

/// Percentiles of the number density of a species over the windows' starts and ends [molecules cm-3]: of n
/// values in order, those of rank share (n - 1), rounded down. `shares` in [0, 1]; `data` has a window or
/// more.
inline std::vector<double> percentiles(const Dataset& data, std::size_t species,
                                       std::span<const double> shares) {
  std::vector<double> values;
  for (std::size_t window = 0; window < data.cases(); ++window)
    for (const std::size_t frame : {std::size_t{0}, data.frames() - 1})
      values.push_back(static_cast<double>(data.row(window, frame)[species]));
  std::vector<double> found;
  for (const double share : shares) {
    const auto place =
        values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), place, values.end());
    found.push_back(*place);
  }
  return found;
}

}  // namespace chemnne
