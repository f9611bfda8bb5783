#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include <chemnne/data/dataset.hpp>
#include <chemnne/data/percentile.hpp>
#include <chemnne/data/standardisation.hpp>

namespace chemnne {

/// The number density of each species below which it counts as absent [molecules cm-3]: `share` of the 84th
/// percentile of its number density over the windows' starts and ends, and no less than `least`.
///
/// What a logarithm tells apart is not what air tells apart: fresh NO takes ozone from 1e12 to anything below
/// 1e3, and whether to 1e3 or to 1e7 concerns no other species. With one floor for all such depths made up
/// more than half of the squared error of a network (docs/studies/2026-11_training_data.md).
inline std::vector<double> species_floors(const Dataset& data, double share = 1e-4,
                                          double least = smallest_floor) {
  std::vector<double> floor;
  for (std::size_t s = 0; s < data.species(); ++s)
    floor.push_back(std::max(least, share * percentiles(data, s, std::array{0.84})[0]));
  return floor;
}

}  // namespace chemnne
