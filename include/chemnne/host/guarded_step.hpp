#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <utility>

#include <chemnne/host/element_budget.hpp>
#include <chemnne/host/guard.hpp>
#include <chemnne/host/step_status.hpp>

namespace chemnne {

/// What becomes of a cell between the network and the host's arrays, in this order:
///
///   1. limits: a result beyond the training data is flagged, and taken back where the guard clamps;
///   2. totals: the result is projected on the totals of the conserved elements of the state before, where
///      the guard clamps within the limits;
///   3. guard: it may keep the state, or put another result in the place of the network's;
///   4. budget: the totals of what the guard has changed are made exact again, or what is off is flagged;
///   5. last check: a cell whose result is not finite, negative or, where steps are projected, off the totals
///      by more than `rounding` is kept.
///
/// So a projected step keeps its totals in every cell. A limit gives way to them where no state within all
/// limits is found: docs/studies/2026-11_host.md, "The guard". Nothing is allocated or thrown after
/// construction. `most_species`: see ElementProjection.
template <std::size_t most_species>
class BasicGuardedStep {
  using Budget = BasicElementBudget<most_species>;

 public:
  /// Relative change of a total that counts as none: sums of some hundred species in double differ by less.
  static constexpr double rounding = 1e-12;

  /// `exact`: project. Without, a total that changes by more than `most_change` (relative) is flagged.
  BasicGuardedStep(Budget budget, bool exact, double most_change)
      : budget_(std::move(budget)),
        exact_(exact && budget_.elements() > 0),
        allowed_(exact_ ? rounding : most_change) {}

  /// Each `after` becomes the state at the end of the step, or the cell is flagged as kept. Shape: memory
  /// [outputs], scratch. `watch` sees what is done to the state of a cell, see Unwatched.
  template <class Guard, class Watch = Unwatched>
  constexpr void decide(std::span<GuardedCell> cells, Guard& guard, double* memory,
                        Watch&& watch = {}) const noexcept {
    for (GuardedCell& cell : cells) propose(cell, clamps(guard), memory, watch);
    act_on(guard, cells);
    for (GuardedCell& cell : cells) settle(cell, watch);
  }

  constexpr const Budget& budget() const noexcept { return budget_; }

 private:
  /// Limits and totals.
  template <class Watch>
  constexpr void propose(GuardedCell& cell, bool clamping, double* memory, Watch& watch) const noexcept {
    if ((cell.flags & unusable) != 0) return;
    if (beyond_limits(cell)) cell.set(CellFlag::limited);
    if (clamping && cell.is(CellFlag::limited)) limit(cell, watch);
    if (!conserve(cell, watch)) cell.set(CellFlag::budget);
    if (clamping && exact_ && !cell.is(CellFlag::budget) && beyond_limits(cell))
      conserve_within_limits(cell, memory, watch);
  }

  /// Budget and last check.
  template <class Watch>
  constexpr void settle(GuardedCell& cell, Watch& watch) const noexcept {
    if ((cell.flags & unusable) != 0 && !cell.is(CellFlag::solved)) cell.set(CellFlag::kept);
    if (cell.is(CellFlag::kept)) return;
    const bool conserved = balanced(cell) || (exact_ && conserve(cell, watch) && balanced(cell));
    const bool sound = std::all_of(cell.after.begin(), cell.after.end(),
                                   [](double c) { return c >= 0 && std::isfinite(c); });
    if (!conserved) cell.set(CellFlag::budget);
    if (!sound) cell.set(CellFlag::not_finite);
    if (!sound || (exact_ && !conserved)) cell.set(CellFlag::kept);
  }

  static constexpr double limited(const GuardedCell& cell, std::size_t i, double value) noexcept {
    return i < cell.before.size() ? cell.limits[i].limited(cell.before[i], value)
                                  : cell.limits[i].limited(value);
  }
  static constexpr bool beyond_limits(const GuardedCell& cell) noexcept {
    for (std::size_t i = 0; i < cell.after.size(); ++i)
      if (limited(cell, i, cell.after[i]) != cell.after[i]) return true;
    return false;
  }
  template <class Watch>
  static constexpr void limit(GuardedCell& cell, Watch& watch) noexcept {
    for (std::size_t i = 0; i < cell.after.size(); ++i) {
      const double allowed = limited(cell, i, cell.after[i]);
      if (allowed == cell.after[i]) continue;
      cell.after[i] = allowed;
      watch.limited(i, allowed);
    }
  }

  constexpr bool balanced(const GuardedCell& cell) const noexcept {
    return budget_.elements() == 0 ||
           budget_.largest_change(cell.before.data(), cell.after.data()) <= allowed_;
  }
  /// Whether the totals are those of before, once they have been made so where steps are projected.
  template <class Watch>
  constexpr bool conserve(GuardedCell& cell, Watch& watch) const noexcept {
    return exact_ ? budget_.project(cell.before.data(), cell.after.data(), watch) : balanced(cell);
  }

  template <class Watch>
  constexpr void conserve_within_limits(GuardedCell& cell, double* memory, Watch& watch) const noexcept {
    const auto within = [&](std::size_t i, double value) { return limited(cell, i, value); };
    if (!budget_.project_within(cell.before.data(), cell.after.data(), within, memory, watch))
      conserve(cell, watch);
  }

  Budget budget_;
  bool exact_;
  double allowed_;
};

/// Of any number of species.
using GuardedStep = BasicGuardedStep<std::dynamic_extent>;

}  // namespace chemnne
