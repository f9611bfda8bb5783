#pragma once
#include <cstddef>
#include <limits>

#include <chemnne/host/columns.hpp>
#include <chemnne/host/step_status.hpp>

namespace chemnne {

/// What a host may ask of a step beside the state; what has no data is not asked for.
struct StepReport {
  Columns<double> half_width = {};  ///< [cells][outputs], decades: log10 of the state is within +- this
  Columns<double> score = {};       ///< [cells][1], in units of the threshold: above 1 the cell is uncertain
  CellFlags* flags = nullptr;       ///< [cells], see CellFlag

  bool fits(std::size_t cells) const {
    return (!half_width.data || half_width.cells == cells) && (!score.data || score.cells == cells);
  }
};

namespace detail {
inline constexpr double unknown = std::numeric_limits<double>::infinity();

/// Infinite widths and scores of the cells from `first`.
inline void nothing_known(std::size_t first, std::size_t count, std::size_t outputs,
                          const StepReport& wanted) noexcept {
  if (wanted.score.data)
    for (std::size_t cell = first; cell < first + count; ++cell) wanted.score(cell, 0) = unknown;
  if (wanted.half_width.data)
    wanted.half_width.each(first, count, outputs,
                           [](std::size_t, std::size_t, double& value) { value = unknown; });
}
}  // namespace detail

}  // namespace chemnne
