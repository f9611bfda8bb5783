#pragma once
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include <chemnne/support/random.hpp>

namespace chemnne {

/// Points in the unit cube, [point][dimension] in [0, 1): in each dimension every one of the `points` equal
/// intervals holds exactly one point.
///
/// Depends on (points, dimensions, seed, stream) alone; other streams are independent hypercubes.
/// Source: McKay, Beckman, Conover, Technometrics 21, 239 (1979).
inline std::vector<double> latin_hypercube(std::size_t points, std::size_t dimensions, std::uint64_t seed,
                                           std::uint64_t stream) {
  std::vector<double> cube(points * dimensions);
  Random random(seed, stream);
  std::vector<std::size_t> interval(points);
  for (std::size_t dimension = 0; dimension < dimensions; ++dimension) {
    std::iota(interval.begin(), interval.end(), std::size_t{0});
    for (std::size_t i = points; i > 1; --i) std::swap(interval[i - 1], interval[random.index(i)]);
    for (std::size_t i = 0; i < points; ++i)
      cube[i * dimensions + dimension] =
          (static_cast<double>(interval[i]) + random.uniform()) / static_cast<double>(points);
  }
  return cube;
}

}  // namespace chemnne
