#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <utility>

#include <chemnne/host/guard.hpp>
#include <chemnne/host/step_status.hpp>

namespace chemnne {

/// Cells that a solver is given at once, at most.
inline constexpr std::size_t largest_together = 64;

/// A solver that takes the cells of a block together.
template <class Solver>
concept SolvesBlocks = requires(Solver& solver, std::span<GuardedCell* const> cells, bool* solved) {
  solver(cells, solved);
};

/// Cells that are solved though nothing is wrong with them: every so-many-th of a call, others in each turn.
struct SolvedSample {
  std::size_t every = 0;  ///< 0: none
  std::size_t turn = 0;   ///< of the host's steps: after `every` of them all cells have been solved once
  constexpr bool takes(std::size_t cell) const noexcept {
    return every > 0 && (cell + turn % every) % every == 0;
  }
};

/// What the network was off in the cells of a sample, over all their species.
struct SampleError {
  double squares = 0;      ///< of ln(solved / network's), neither below its floor
  std::size_t values = 0;  ///< cells times species
  /// Root mean square [decades]; 0 without a sample.
  double decades() const noexcept {
    return values > 0 ? std::sqrt(squares / static_cast<double>(values)) / std::log(10.0) : 0;
  }
  SampleError& operator+=(const SampleError& other) noexcept {
    squares += other.squares;
    values += other.values;
    return *this;
  }
};

/// Suspicious cells are given to a solver of the host: `solve(cell)` puts the state at the end of the step
/// into `cell.after` and returns true, or changes nothing and returns false; `solve(cells, solved)`, with
/// cells a span of pointers, does so for those of a block, at most `largest_together` at once, and says of
/// each whether it could. A cell that is not solved is clamped, or kept when it has no result that may be
/// written. One guard a thread, unless the solver is re-entrant.
///
/// With a `sample` some of the others are solved too, and what the network was off there corrects the rest of
/// the block: with e_ki = ln(max(solved, f_i) / max(network's, f_i)) of species i, floor f_i, in the sampled
/// cell k, each c_i above its floor is multiplied by
///
///     exp(sum_k w_k e_ki / (r^-4 + sum_k w_k)),   w_k = (1e-4 + d_k^2)^-2,   r = 1/3,
///
/// d_k^2 the mean square of the difference to cell k in what the network was given, in standard deviations of
/// the training data. These are Shepard's inverse distances (1968, doi 10.1145/800186.810616) of a power of
/// four, with one more point at a distance of r where nothing is off: a cell unlike all that were solved
/// hardly changes. The network is a control variate: only its error is interpolated, which is far smoother
/// than the chemistry (docs/studies/2026-11_solved_sample.md). No limit of the training data is passed
/// (RangeLimit), and totals of elements are made exact afterwards (GuardedStep).
///
/// The result depends on which cells are stepped together, for those of a block correct each other; not on
/// the number of threads. A derivative of the step has no sample: it is that of the network.
template <class Solver>
class FallBack {
 public:
  explicit FallBack(Solver solver, const SolvedSample& sample = {})
      : solver_(std::move(solver)), sample_(sample) {}

  static constexpr bool clamps() noexcept { return true; }
  void act(GuardedCell& cell) noexcept { act(std::span(&cell, 1)); }
  void act(std::span<GuardedCell> cells) noexcept {
    for (; cells.size() > largest_together; cells = cells.subspan(largest_together))
      act_together(cells.first(largest_together));
    act_together(cells);
  }

  /// Of all steps with this guard, before they were corrected.
  const SampleError& error() const noexcept { return error_; }

 private:
  using Some = std::array<GuardedCell*, largest_together>;

  void act_together(std::span<GuardedCell> cells) noexcept {
    Some chosen, sampled;
    std::size_t count = 0, samples = 0;
    for (GuardedCell& cell : cells) {
      const bool is_sample =
          !cell.is_suspicious() && sample_.takes(cell.cell) && cell.scratch.size() == cell.after.size();
      if (cell.is_suspicious() || is_sample) chosen[count++] = &cell;
      if (!is_sample) continue;
      std::copy(cell.after.begin(), cell.after.end(), cell.scratch.begin());
      sampled[samples++] = &cell;
    }
    if (count == 0) return;
    solve(std::span<GuardedCell* const>(chosen.data(), count));
    const auto end = std::remove_if(sampled.begin(), sampled.begin() + static_cast<std::ptrdiff_t>(samples),
                                    [](const GuardedCell* cell) { return !is_sound(*cell); });
    samples = static_cast<std::size_t>(end - sampled.begin());
    if (samples == 0) return;
    const std::span<GuardedCell* const> known(sampled.data(), samples);
    for (GuardedCell* const cell : known) compare(*cell);
    for (GuardedCell& cell : cells)
      if (!cell.is_suspicious() && !cell.is(CellFlag::solved)) correct(cell, known);
  }

  void solve(std::span<GuardedCell* const> cells) noexcept {
    std::array<bool, largest_together> solved{};
    if constexpr (SolvesBlocks<Solver>)
      solver_(cells, solved.data());
    else
      for (std::size_t i = 0; i < cells.size(); ++i) solved[i] = solver_(*cells[i]);
    for (std::size_t i = 0; i < cells.size(); ++i)
      if (solved[i]) cells[i]->set(CellFlag::solved);
  }

  /// Solved, to a state that can be one.
  static bool is_sound(const GuardedCell& cell) noexcept {
    return cell.is(CellFlag::solved) && std::all_of(cell.after.begin(), cell.after.end(),
                                                    [](double c) { return c >= 0 && std::isfinite(c); });
  }

  /// `scratch`, the network's result, becomes what it was off.
  void compare(GuardedCell& cell) noexcept {
    for (std::size_t i = 0; i < cell.after.size(); ++i) {
      const double floor = cell.floors[i];
      const double off = std::log(std::max(cell.after[i], floor) / std::max(cell.scratch[i], floor));
      cell.scratch[i] = off;
      error_.squares += off * off;
    }
    error_.values += cell.after.size();
  }

  static void correct(GuardedCell& cell, std::span<GuardedCell* const> known) noexcept {
    std::array<double, largest_together> weight;
    double sum = 81;  // r^-4
    for (std::size_t k = 0; k < known.size(); ++k) {
      double square = 0;
      for (std::size_t j = 0; j < cell.seen.size(); ++j) {
        const double difference = cell.seen[j] - known[k]->seen[j];
        square += difference * difference;
      }
      square = 1e-4 + square / static_cast<double>(cell.seen.size());
      weight[k] = 1 / (square * square);
      sum += weight[k];
    }
    for (std::size_t i = 0; i < cell.after.size(); ++i) {
      if (!(cell.after[i] > cell.floors[i])) continue;
      double off = 0;
      for (std::size_t k = 0; k < known.size(); ++k) off += weight[k] * known[k]->scratch[i];
      const double corrected = cell.after[i] * std::exp(off / sum);
      cell.after[i] = i < cell.before.size() ? cell.limits[i].limited(cell.before[i], corrected)
                                             : cell.limits[i].limited(corrected);
    }
  }

  Solver solver_;
  SolvedSample sample_;
  SampleError error_;
};

}  // namespace chemnne
