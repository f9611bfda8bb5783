#pragma once
#include <algorithm>
#include <cmath>

#include <chemnne/io/weights_file.hpp>

namespace chemnne {

/// Keeps a species that is stepped again and again from running away: a step takes it at most to the edges of
/// the training data, a factor of 2 beyond their extremes, or leaves it as far outside as it was,
///
///     min(before, lowest / 2) <= after <= max(before, 2 highest).
///
/// A network knows nothing beyond its data; fed back into itself it may double what it should not every hour.
struct RangeLimit {
  double lowest = 0, highest = 0;  ///< molecules cm-3

  RangeLimit() = default;
  /// `range` of log10 of number density in the training data; a species that is as low as `floor` in them may
  /// vanish.
  explicit RangeLimit(const ValueRange& range, double floor = 0)
      : lowest(0.5 * std::pow(10, range.minimum)), highest(2 * std::pow(10, range.maximum)) {
    if (lowest < floor) lowest = 0;
  }

  /// A species that was given.
  constexpr double limited(double before, double after) const noexcept {
    return std::clamp(after, std::min(before, lowest), std::max(before, highest));
  }
  /// A species that was not.
  constexpr double limited(double after) const noexcept { return std::clamp(after, lowest, highest); }
};

}  // namespace chemnne
