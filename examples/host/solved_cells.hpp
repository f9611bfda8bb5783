#pragma once
#include <cstddef>
#include <span>
#include <string>
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

  /// `chemistry` must outlive it.
  explicit SolvedCells(const chemnne::LaneChemistry<double>& chemistry)
      : rates_(chemistry), solver_(chemistry.kernel(), options) {}

  /// An hour of chemistry of `count` cells. A cell that cannot be solved stays as it was and is counted.
  void solve(Tracers& tracers, const Weather& weather, std::size_t first, std::size_t count) noexcept {
    tracers_ = &tracers;
    weather_ = &weather;
    first_ = first;
    count_ = count;
    solver_.integrate(*this);
  }
  /// Cells and hours that could not be solved.
  std::size_t failures = 0;

  std::size_t count() const noexcept { return count_; }
  std::span<const double> times(std::size_t) const noexcept { return {&hour, 1}; }

  void load(std::size_t first, std::size_t count, double* c, double* k) noexcept {
    for (std::size_t l = 0; l < count; ++l) {
      const std::size_t cell = first_ + first + l;
      const double* const q = tracers_->cell(cell);
      const double air = weather_->air(cell);
      for (std::size_t i = 0; i < tracers_->names.size(); ++i) c[i * lanes + l] = q[i] * air;
      rates_.set(l, weather_->environment[cell]);
    }
    rates_.evaluate(count, k);
  }
  void store(std::size_t cell, std::size_t, const double* c) noexcept {
    double* const q = tracers_->cell(first_ + cell);
    const double air = weather_->air(first_ + cell);
    for (std::size_t i = 0; i < tracers_->names.size(); ++i) q[i] = c[i] / air;
  }
  void finish(std::size_t, const chemnne::CellOutcome& outcome) noexcept { failures += !outcome.solved; }

 private:
  static constexpr std::size_t lanes = chemnne::BlockRates<double>::cells;

  chemnne::BlockRates<double> rates_;
  chemnne::RosenbrockSolver<chemnne::Rodas4, chemnne::TableKernel<double>> solver_;
  Tracers* tracers_ = nullptr;
  const Weather* weather_ = nullptr;
  std::size_t first_ = 0, count_ = 0;
};

}  // namespace example
