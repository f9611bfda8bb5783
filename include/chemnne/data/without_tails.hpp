#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include <chemnne/data/dataset.hpp>
#include <chemnne/data/percentile.hpp>
#include <chemnne/data/standardisation.hpp>

namespace chemnne {

namespace detail {

/// Half of the distance between the 16th and the 84th percentile of log10 of a species over the windows'
/// starts and ends: the standard deviation of a normal distribution, whatever its tails. Infinite where it
/// does not describe the bulk: too few windows, a species that is often absent, a constant.
inline double central_deviation(const Dataset& data, std::size_t species, double floor) {
  if (data.cases() < 50) return std::numeric_limits<double>::infinity();
  std::vector<double> edge = percentiles(data, species, std::array{0.16, 0.84});
  for (double& value : edge) value = std::log10(std::max(value, floor));
  return edge[0] > std::log10(floor) && edge[1] > edge[0] ? 0.5 * (edge[1] - edge[0])
                                                          : std::numeric_limits<double>::infinity();
}

}  // namespace detail

/// The standardisation that a network is trained in: where tails of the data make the standard deviation of a
/// species larger, its deviation is that of the bulk, and no less than `smallest_deviation`.
///
/// Fresh NO takes ozone below 1e3 molecules cm-3 in 2 % of the windows of the embedded mechanism: a standard
/// deviation of 1.24 decades where the bulk has 0.46, in which an error of 5 % of ozone counts for nothing.
/// Floors of their own (species_floors) make such tails shorter.
/// `data` are those that `all` was fitted to, with the same species.
inline Standardisation without_tails(Standardisation all, const Dataset& data) {
  for (std::size_t s = 0; s < all.species.size(); ++s)
    all.deviation[s] = std::max(std::min(all.deviation[s], detail::central_deviation(data, s, all.floor[s])),
                                smallest_deviation);
  return all;
}

}  // namespace chemnne
