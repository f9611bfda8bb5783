#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <chemnne/host/columns.hpp>
#include <chemnne/host/guard.hpp>
#include <chemnne/host/host_fields.hpp>
#include <chemnne/host/step_report.hpp>
#include <chemnne/io/air_sample.hpp>
#include <chemnne/io/emulator_description.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/random.hpp>

namespace chemnne {

/// A sample of the air that a host visits: of all cells and steps that are offered, `capacity` states with
/// their conditions, uncertain ones more often. Windows that start from them are what training is to go on
/// with (`adapt`).
///
/// A weighted sample without replacement: a cell of weight w gets the key log(u) / w, u uniform in (0, 1],
/// and the largest keys stay. So the samples of threads and processes merge by their keys, in any order.
/// Source: Efraimidis and Spirakis, Inf. Process. Lett. 97, 181 (2006).
///
/// One a thread. An offer costs one random number, and a copy where the cell stays; nothing is allocated or
/// thrown after construction. A state that is not finite or negative somewhere is never kept.
class VisitedAir {
 public:
  /// Beyond this score, in units of the threshold, and where it is not known, a cell weighs no more.
  static constexpr double largest_score = 9;
  /// w = 1 + score, between 1 and 10. Where no score is known all cells weigh the same.
  static constexpr double weight(double score) noexcept {
    return 1 + (score < largest_score ? std::max(score, 0.0) : largest_score);
  }

  /// For inputs and conditions of an emulator, or of a solver in its place. `random`: a stream of its own for
  /// each thread and process; the sample depends on it and on what is offered. Errors: Error for a capacity
  /// of 0.
  VisitedAir(const EmulatorDescription& of, std::size_t capacity, const Random& random)
      : random_(random),
        capacity_(capacity),
        species_(of.inputs.size()),
        conditions_(of.conditions.size()),
        empty_{.species = of.inputs,
               .conditions = of.conditions,
               .condition_units = of.condition_units,
               .mechanism = of.mechanism,
               .fingerprint = of.fingerprint},
        rows_((capacity + 1) * width()) {
    if (capacity == 0) throw Error("visited air, capacity", "1 or more", "0");
    kept_.reserve(capacity + 1);
  }

  /// A cell before a step, in the emulator's order: state [inputs] in molecules cm-3, conditions.
  void offer(std::span<const double> state, std::span<const double> conditions,
             double score = detail::unknown) noexcept {
    consider(score, [&](double* row) {
      std::copy_n(state.data(), species_, row);
      std::copy_n(conditions.data(), conditions_, row + species_);
    });
  }

  /// Cells before a step, in the emulator's order, with what the step has told of them.
  void offer(Columns<const double> state, Columns<const double> conditions,
             const StepReport& report = {}) noexcept {
    for (std::size_t cell = 0; cell < state.cells; ++cell)
      consider(score_of(report, cell), [&](double* row) {
        for (std::size_t i = 0; i < species_; ++i) row[i] = state(cell, i);
        for (std::size_t k = 0; k < conditions_; ++k) row[species_ + k] = conditions(cell, k);
      });
  }

  /// Cells before a step in a host's own layout, order and unit. A host that steps in place knows no scores
  /// by then: SamplingGuard does.
  template <class T>
  void offer(const HostBinding& binding, Columns<T> state, std::type_identity_t<Columns<const T>> conditions,
             const StepReport& report = {}) noexcept {
    for (std::size_t cell = 0; cell < state.cells; ++cell)
      consider(score_of(report, cell), [&](double* row) {
        for (std::size_t k = 0; k < conditions_; ++k)
          row[species_ + k] = static_cast<double>(conditions(cell, binding.condition(k)));
        const double air = binding.air(row + species_);
        for (std::size_t i = 0; i < species_; ++i)
          row[i] = static_cast<double>(state(cell, binding.input(i))) * binding.scale(i) * air;
      });
  }

  /// Takes over what another thread has kept, as if its cells had been offered here. Errors: Error where the
  /// two are of different species, conditions or capacity.
  void merge(const VisitedAir& other) {
    if (capacity_ != other.capacity_ || empty_.species != other.empty_.species ||
        empty_.conditions != other.empty_.conditions)
      throw Error("visited air, merge", "samples of the same species, conditions and capacity", "others");
    offered_ += other.offered_;
    for (const Kept& one : other.kept_) {
      if (!enters(one.key)) continue;
      std::copy_n(&other.rows_[one.slot * width()], width(), &rows_[free_slot() * width()]);
      keep(one.key, one.score);
    }
  }

  std::size_t offered() const noexcept { return offered_; }
  std::size_t kept() const noexcept { return kept_.size(); }

  /// What is kept, the largest key first.
  AirSample sample() const {
    AirSample sample = empty_;
    std::vector<Kept> sorted = kept_;
    std::sort(sorted.begin(), sorted.end(), larger);
    for (const Kept& one : sorted) {
      const auto row = rows_.begin() + static_cast<std::ptrdiff_t>(one.slot * width());
      const auto between = row + static_cast<std::ptrdiff_t>(species_);
      sample.number_density.insert(sample.number_density.end(), row, between);
      sample.condition_value.insert(sample.condition_value.end(), between,
                                    between + static_cast<std::ptrdiff_t>(conditions_));
      sample.key.push_back(one.key);
      sample.score.push_back(one.score);
    }
    return sample;
  }

 private:
  struct Kept {
    double key, score;
    std::size_t slot;  ///< of rows_
  };
  /// For heaps whose first has the smallest key.
  static bool larger(const Kept& a, const Kept& b) noexcept { return a.key > b.key; }

  std::size_t width() const noexcept { return species_ + conditions_; }
  static double score_of(const StepReport& report, std::size_t cell) noexcept {
    return report.score.data ? report.score(cell, 0) : detail::unknown;
  }

  bool enters(double key) const noexcept { return kept_.size() < capacity_ || key > kept_.front().key; }
  /// The one slot more than the capacity, which no cell has.
  std::size_t free_slot() const noexcept { return kept_.size() < capacity_ ? kept_.size() : free_; }

  template <class Write>
  void consider(double score, const Write& write) noexcept {
    ++offered_;
    const double key = std::log(1 - random_.uniform()) / weight(score);
    if (!enters(key)) return;
    double* const row = &rows_[free_slot() * width()];
    write(row);
    const bool sound = std::all_of(row, row + width(), [](double value) { return std::isfinite(value); }) &&
                       std::all_of(row, row + species_, [](double density) { return density >= 0; });
    if (sound) keep(key, score);
  }

  /// What lies in the free slot.
  void keep(double key, double score) noexcept {
    kept_.push_back({key, score, free_slot()});
    std::push_heap(kept_.begin(), kept_.end(), larger);
    if (kept_.size() <= capacity_) return;
    std::pop_heap(kept_.begin(), kept_.end(), larger);
    free_ = kept_.back().slot;
    kept_.pop_back();
  }

  Random random_;
  std::size_t capacity_, species_, conditions_;
  AirSample empty_;           ///< without rows
  std::vector<double> rows_;  ///< [capacity + 1][inputs, conditions]
  std::vector<Kept> kept_;    ///< a heap
  std::size_t free_ = capacity_, offered_ = 0;
};

/// A guard that offers each cell to VisitedAir before another one acts: the air of a host as the network
/// meets it, with its scores, whatever the host's layout. A step that is composed of several offers each.
template <CellGuard Guard = Clamp>
class SamplingGuard {
 public:
  /// `air` must outlive it.
  explicit SamplingGuard(VisitedAir& air, Guard guard = {}) : air_(&air), guard_(std::move(guard)) {}

  bool clamps() const noexcept { return chemnne::clamps(guard_); }
  void act(GuardedCell& cell) noexcept { act(std::span(&cell, 1)); }
  void act(std::span<GuardedCell> cells) noexcept {
    for (const GuardedCell& cell : cells) air_->offer(cell.before, cell.conditions, cell.score);
    act_on(guard_, cells);
  }

 private:
  VisitedAir* air_;
  Guard guard_;
};

}  // namespace chemnne
