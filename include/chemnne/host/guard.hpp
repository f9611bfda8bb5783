#pragma once
#include <algorithm>
#include <concepts>
#include <cstddef>
#include <span>
#include <utility>

#include <chemnne/host/range_limit.hpp>
#include <chemnne/host/step_status.hpp>

namespace chemnne {

/// A cell after the network's step, as a guard sees it. Number densities in molecules cm-3.
struct GuardedCell {
  std::size_t cell;                    ///< of the call
  std::span<const double> before;      ///< [inputs]
  std::span<const double> conditions;  ///< [conditions], in the emulator's order
  double seconds;                      ///< of the step
  std::span<const RangeLimit> limits;  ///< [outputs]
  std::span<double> after;             ///< [outputs], the network's, to be changed at will
  CellFlags flags;                     ///< what is known of it, to be added to

  bool is(CellFlag one) const noexcept { return (flags & flag(one)) != 0; }
  void set(CellFlag one) noexcept { flags = static_cast<CellFlags>(flags | flag(one)); }
};

/// What is done with a cell after a step. `act` may change `after` and add flags; where it sets
/// CellFlag::kept the cell's state is not written. A cell that is not finite and neither kept nor solved is
/// kept anyway. Called by the thread that steps the cell.
template <class Guard>
concept CellGuard = requires(Guard& guard, GuardedCell& cell) {
  { guard.act(cell) }
  noexcept;
};

/// Flags, and leaves the network's result as it is.
struct FlagOnly {
  void act(GuardedCell&) const noexcept {}
};

/// Takes no species further beyond the training data than it was (RangeLimit). The default.
struct Clamp {
  void act(GuardedCell& cell) const noexcept {
    if (!cell.is(CellFlag::limited) || cell.is(CellFlag::not_finite)) return;
    for (std::size_t i = 0; i < cell.after.size(); ++i)
      cell.after[i] = i < cell.before.size() ? cell.limits[i].limited(cell.before[i], cell.after[i])
                                             : cell.limits[i].limited(cell.after[i]);
  }
};

/// A suspicious cell keeps its state.
struct KeepOld {
  void act(GuardedCell& cell) const noexcept {
    if ((cell.flags & suspicious) != 0) cell.set(CellFlag::kept);
  }
};

/// A suspicious cell is given to a solver of the host: `solve(cell)` puts the state at the end of the step
/// into `cell.after` and returns whether it could. Where it could not the cell is clamped, or kept when it is
/// not finite. One guard a thread, unless the solver is re-entrant.
template <class Solver>
class FallBack {
 public:
  explicit FallBack(Solver solver) : solver_(std::move(solver)) {}

  void act(GuardedCell& cell) noexcept {
    if ((cell.flags & suspicious) == 0) return;
    if (solver_(cell))
      cell.set(CellFlag::solved);
    else
      Clamp().act(cell);
  }

 private:
  Solver solver_;
};

static_assert(CellGuard<FlagOnly> && CellGuard<Clamp> && CellGuard<KeepOld>);

}  // namespace chemnne
