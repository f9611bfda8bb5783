#pragma once
#include <algorithm>
#include <cstddef>
#include <vector>

#include <chemnne/data/dataset.hpp>
#include <chemnne/data/standardisation.hpp>

namespace chemnne {

/// The number density of each species below which it counts as absent [molecules cm-3]: `share` of the 84th
/// percentile of its number density over the windows' starts and ends, and no less than `least`.
///
/// What a logarithm tells apart is not what air tells apart: fresh NO takes ozone from 1e12 to anything below
/// 1e3, and whether to 1e3 or to 1e7 concerns no other species. With one floor for all such depths made up
/// more than half of the squared error of a network (docs/results.md).
inline std::vector<double> species_floors(const Dataset& data, double share = 1e-4,
                                          double least = smallest_floor) {
  std::vector<double> floor;
  for (std::size_t s = 0; s < data.species(); ++s) {
    std::vector<double> values;
    for (std::size_t window = 0; window < data.cases(); ++window)
      for (const std::size_t frame : {std::size_t{0}, data.frames() - 1})
        values.push_back(static_cast<double>(data.row(window, frame)[s]));
    const auto high =
        values.begin() + static_cast<std::ptrdiff_t>(0.84 * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), high, values.end());
    floor.push_back(std::max(least, share * *high));
  }
  return floor;
}

}  // namespace chemnne
