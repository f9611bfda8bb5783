#pragma once
#include <concepts>
#include <cstddef>
#include <span>

namespace chemnne {

/// How a cell went.
struct CellOutcome {
  bool solved = false;
  double undershoot = 0;  ///< molecules cm-3, the deepest value below zero that became zero
};

/// What a RosenbrockSolver solves: cells 0 .. count() - 1, each from its state at time 0. The count may grow
/// while it works, by what follows from cells that are finished.
///
///     times(cell): where states are wanted [s], ascending, above 0, at least one; as long as the cell is
///         not finished
///     load(first, count, c, k): states c [species][lanes] in the mechanism's order [molecules cm-3] and rate
///         constants k [Kernel::rates()][lanes] of cells first .. first + count - 1, a cell a lane
///     store(cell, frame, c): the state [species] at times(cell)[frame]; frames come in order,
///         and once more from the first where a cell is begun again
///     finish(cell, outcome): after the last frame of a cell, or where it could not be solved
///
/// No function may throw.
template <class Cells, class T>
concept LaneCells = requires(Cells& cells, std::size_t i, T* memory, const T* state, CellOutcome outcome) {
  { cells.count() } -> std::convertible_to<std::size_t>;
  { cells.times(i) } -> std::convertible_to<std::span<const double> >;
  cells.load(i, i, memory, memory);
  cells.store(i, i, state);
  cells.finish(i, outcome);
};

/// LaneCells that see the steps of a cell.
///
///     takes(cell, h, c): an accepted step of h [s] from c, in the kernel's order, c[p * lanes]
///     begins_again(cell): the steps so far do not count
template <class Cells, class T>
concept StepCells = LaneCells<Cells, T> && requires(Cells& cells, std::size_t i, double h, const T* c) {
  cells.takes(i, h, c);
  cells.begins_again(i);
};

/// LaneCells whose rate constants follow time [s from the start of the cell]; `load` gives those of time 0.
///
///     rates(cell, time, k): those of a time, k[r * lanes]; false where there are none: the cell is not
///         solved
///     next_stop(cell, time): the first time after `time` at which they have a kink, or infinity: no step
///         goes across it
template <class Cells, class T>
concept ChangingLaneCells = LaneCells<Cells, T> && requires(Cells& cells, std::size_t i, double time, T* k) {
  { cells.rates(i, time, k) } -> std::convertible_to<bool>;
  { cells.next_stop(i, time) } -> std::convertible_to<double>;
};

}  // namespace chemnne
