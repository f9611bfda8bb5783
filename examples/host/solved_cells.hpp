#pragma once
#include <algorithm>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "channel.hpp"
#include "weather.hpp"

#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/solver/lane_chemistry.hpp>
#include <chemnne/solver/rosenbrock_solver.hpp>

namespace example {

/// The reference of 03_transport: all variable species of a mechanism by Rodas4 in double, a cell a lane, from
/// tables. One a thread. It is the cells of its solver (LaneCells).
class SolvedCells {
 public:
  static constexpr chemnne::RosenbrockOptions options{
      .relative_tolerance = 1e-4, .absolute_tolerance = 1, .maximum_attempts = 10000};

  /// `times` of an hour at which states are wanted [s], ascending, the last its end. `chemistry` must outlive it.
  explicit SolvedCells(const chemnne::LaneChemistry<double>& chemistry, std::vector<double> times = {hour})
      : rates_(chemistry), solver_(chemistry.kernel(), options), times_(std::move(times)) {}

  /// An hour of chemistry of `count` cells. A cell that cannot be solved stays as it was and is counted.
  /// `states` [cell][start and times][species], molecules cm-3, where they are wanted; NaN where unsolved.
  void solve(Tracers& tracers, const Weather& weather, std::size_t first, std::size_t count,
             std::span<double> states = {}) noexcept {
    states_ = states;
    tracers_ = &tracers;
    weather_ = &weather;
    first_ = first;
    count_ = count;
    solver_.integrate(*this);
  }
  /// Cells and hours that could not be solved.
  std::size_t failures = 0;

  std::size_t count() const noexcept { return count_; }
  std::span<const double> times(std::size_t) const noexcept { return times_; }

  void load(std::size_t first, std::size_t count, double* c, double* k) noexcept {
    for (std::size_t l = 0; l < count; ++l) {
      const std::size_t cell = first_ + first + l;
      const double* const q = tracers_->cell(cell);
      const double air = weather_->air(cell);
      for (std::size_t i = 0; i < tracers_->names.size(); ++i) c[i * lanes + l] = q[i] * air;
      if (!states_.empty()) keep(first + l, 0, q, air);
      rates_.set(l, weather_->environment[cell]);
    }
    rates_.evaluate(count, k);
  }
  void store(std::size_t cell, std::size_t frame, const double* c) noexcept {
    if (!states_.empty()) keep(cell, frame + 1, c, 1);
    if (frame + 1 < times_.size()) return;
    double* const q = tracers_->cell(first_ + cell);
    const double air = weather_->air(first_ + cell);
    for (std::size_t i = 0; i < tracers_->names.size(); ++i) q[i] = c[i] / air;
  }
  void finish(std::size_t cell, const chemnne::CellOutcome& outcome) noexcept {
    if (outcome.solved) return;
    ++failures;
    const std::size_t each = states_.size() / count_;
    std::fill_n(states_.begin() + static_cast<std::ptrdiff_t>(cell * each), each,
                std::numeric_limits<double>::quiet_NaN());
  }

 private:
  static constexpr std::size_t lanes = chemnne::BlockRates<double>::cells;

  void keep(std::size_t cell, std::size_t frame, const double* state, double factor) noexcept {
    const std::size_t species = tracers_->names.size();
    double* const to = &states_[(cell * (times_.size() + 1) + frame) * species];
    for (std::size_t i = 0; i < species; ++i) to[i] = factor * state[i];
  }

  chemnne::BlockRates<double> rates_;
  chemnne::RosenbrockSolver<chemnne::Rodas4, chemnne::TableKernel<double>> solver_;
  Tracers* tracers_ = nullptr;
  const Weather* weather_ = nullptr;
  std::vector<double> times_;
  std::span<double> states_;
  std::size_t first_ = 0, count_ = 0;
};

}  // namespace example
