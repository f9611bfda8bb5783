#pragma once
#include <array>
#include <concepts>
#include <cstddef>
#include <limits>
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
  /// In units of the threshold above which a cell is uncertain; infinite where it is not known.
  double score = std::numeric_limits<double>::infinity();

  constexpr bool is(CellFlag one) const noexcept { return (flags & flag(one)) != 0; }
  constexpr bool is_suspicious() const noexcept { return (flags & suspicious) != 0; }
  constexpr void set(CellFlag one) noexcept { flags = static_cast<CellFlags>(flags | flag(one)); }
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

/// Whether this guard limits what a step does to a species, see RangeLimit; without a member `clamps()` it
/// does not.
template <class Guard>
constexpr bool clamps(const Guard& guard) noexcept {
  if constexpr (requires { guard.clamps(); })
    return guard.clamps();
  else
    return false;
}

/// One that has a member `act(cells)` for the cells of a block acts on them together.
template <class Guard>
constexpr void act_on(Guard& guard, std::span<GuardedCell> cells) noexcept {
  if constexpr (requires { guard.act(cells); })
    guard.act(cells);
  else
    for (GuardedCell& cell : cells) guard.act(cell);
}

/// Cells that a solver is given at once, at most.
inline constexpr std::size_t largest_together = 64;

/// A solver that takes the cells of a block together.
template <class Solver>
concept SolvesBlocks = requires(Solver& solver, std::span<GuardedCell* const> cells, bool* solved) {
  solver(cells, solved);
};

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
  constexpr void act(GuardedCell& cell) const noexcept {
    if (cell.is_suspicious()) cell.set(CellFlag::kept);
  }
};

/// Suspicious cells are given to a solver of the host: `solve(cell)` puts the state at the end of the step
/// into `cell.after` and returns true, or changes nothing and returns false; `solve(cells, solved)`, with
/// cells a span of pointers, does so for those of a block, at most `largest_together` at once, and says of
/// each whether it could. A cell that is not solved is clamped, or kept when it has no result that may be
/// written. One guard a thread, unless the solver is re-entrant.
template <class Solver>
class FallBack {
 public:
  explicit FallBack(Solver solver) : solver_(std::move(solver)) {}

  static constexpr bool clamps() noexcept { return true; }
  void act(GuardedCell& cell) noexcept {
    if constexpr (SolvesBlocks<Solver>)
      act(std::span(&cell, 1));
    else if (cell.is_suspicious() && solver_(cell))
      cell.set(CellFlag::solved);
  }
  void act(std::span<GuardedCell> cells) noexcept requires SolvesBlocks<Solver> {
    std::array<GuardedCell*, largest_together> suspects;
    for (std::size_t next = 0; next < cells.size();) {
      std::size_t count = 0;
      for (; next < cells.size() && count < suspects.size(); ++next)
        if (cells[next].is_suspicious()) suspects[count++] = &cells[next];
      std::array<bool, largest_together> solved{};
      if (count > 0) solver_(std::span<GuardedCell* const>(suspects.data(), count), solved.data());
      for (std::size_t i = 0; i < count; ++i)
        if (solved[i]) suspects[i]->set(CellFlag::solved);
    }
  }

 private:
  Solver solver_;
};

static_assert(CellGuard<FlagOnly> && CellGuard<Clamp> && CellGuard<KeepOld>);

}  // namespace chemnne
