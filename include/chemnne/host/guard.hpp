#pragma once
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

/// What is done with a cell after a step (GuardedStep says when). `act` may change `after` and add flags;
/// where it sets CellFlag::kept the cell's state is not written. Where it has a member `clamps()` that
/// returns true, no species is taken further beyond the training data than it was (RangeLimit) before it
/// acts. Called by the thread that steps the cell.
template <class Guard>
concept CellGuard = requires(Guard& guard, GuardedCell& cell) {
  { guard.act(cell) }
  noexcept;
};

template <class Guard>
constexpr bool clamps(const Guard& guard) noexcept {
  if constexpr (requires { guard.clamps(); })
    return guard.clamps();
  else
    return false;
}

/// Flags, and leaves the network's result as it is.
struct FlagOnly {
  void act(GuardedCell&) const noexcept {}
};

/// Takes no species further beyond the training data than it was. The default.
struct Clamp {
  static constexpr bool clamps() noexcept { return true; }
  void act(GuardedCell&) const noexcept {}
};

/// A suspicious cell keeps its state.
struct KeepOld {
  void act(GuardedCell& cell) const noexcept {
    if ((cell.flags & suspicious) != 0) cell.set(CellFlag::kept);
  }
};

/// A suspicious cell is given to a solver of the host: `solve(cell)` puts the state at the end of the step
/// into `cell.after` and returns true, or changes nothing and returns false. The cell is then clamped, or
/// kept when it has no result that may be written. One guard a thread, unless the solver is re-entrant.
template <class Solver>
class FallBack {
 public:
  explicit FallBack(Solver solver) : solver_(std::move(solver)) {}

  static constexpr bool clamps() noexcept { return true; }
  void act(GuardedCell& cell) noexcept {
    if ((cell.flags & suspicious) != 0 && solver_(cell)) cell.set(CellFlag::solved);
  }

 private:
  Solver solver_;
};

static_assert(CellGuard<FlagOnly> && CellGuard<Clamp> && CellGuard<KeepOld>);

}  // namespace chemnne
