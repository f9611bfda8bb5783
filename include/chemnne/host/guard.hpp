#pragma once
#include <concepts>
#include <cstddef>
#include <limits>
#include <span>

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
  std::span<const double> seen = {};    ///< [inputs, conditions] as the network was given them: standardised
  std::span<const double> floors = {};  ///< [outputs], below which a species counts as absent
  std::span<double> scratch = {};       ///< [outputs], for the guard; empty where a derivative is computed

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

static_assert(CellGuard<FlagOnly> && CellGuard<Clamp> && CellGuard<KeepOld>);

}  // namespace chemnne
