#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <type_traits>

#include <chemnne/host/bound_derivatives.hpp>
#include <chemnne/host/solver.hpp>
#include <chemnne/host/step_record.hpp>
#include <chemnne/solver/rosenbrock_derivative.hpp>

namespace chemnne {

/// Derivatives of a solver's step: with J = d after / d (before, conditions) of `advance`, products J v
/// (`tangent`) and J^T w (`adjoint`), cell by cell, in the host's own layout, order and unit, as those of
/// StepDerivative.
///
/// J is the discrete derivative of the steps that the solver takes from this state, their lengths held: each
/// cell's steps are kept, and gone through forwards or backwards by their own linear systems
/// (RosenbrockDerivative), in double. Conditions act through the rate constants, whose slopes are differences
/// of one part in a million of the conditions (the same in both products), and through the air that the
/// host's numbers are relative to. Units, what counts as 0, and the totals of elements are as the step has
/// them; at 0 the derivative is that of small values, of what was cut off below 0 at the end it is 0. A cell
/// that is kept has the identity, and 0 with respect to conditions.
///
/// <w, J v> = <J^T w, v> to the rounding of double that its systems leave, 1e-9 of the sum of the terms'
/// sizes. The solver's own choice of steps follows the state in jumps, which no derivative has: J is as near
/// to that of the exact solution as the solution is. One object a thread: it owns its memory, and nothing is
/// allocated or thrown after construction. Not of mechanisms whose rates follow the sum of peroxy radicals.
template <template <class> class Kernel, class T = float, class Method = Rodas3>
class SolverDerivative {
  using Host = Solver<Kernel, T, Method>;
  using Code = Kernel<double>;
  using Steps = RosenbrockDerivative<Method, Code>;
  using L = typename Code::L;

 public:
  static constexpr std::size_t species = Host::species, conditions = Host::conditions;
  template <class U>
  using Given = std::type_identity_t<Columns<const U>>;

  /// `solver` must outlive it.
  explicit SolverDerivative(const Host& solver)
      : solver_(&solver),
        most_steps_(solver.options_.maximum_attempts),
        record_(solver.budget_, species, species),
        states_(block * most_steps_ * species),
        lengths_(block * most_steps_),
        given_(block * conditions),
        solved_(block * species),
        slope_(block * species),
        before_slope_(block * species),
        condition_slope_(block * conditions),
        inputs_(conditions * lanes),
        moved_inputs_(conditions * lanes),
        rates_(Code::rate_items() * lanes),
        moved_rates_(2 * Code::rate_items() * lanes),
        rate_slopes_(conditions * Code::rates() * lanes),
        along_rates_(Code::rates() * lanes),
        state_(species * lanes),
        along_state_(species * lanes) {}

  /// J v, as that of StepDerivative. 0 < seconds <= longest_step of the solver.
  template <class U>
  StepStatus tangent(const HostBinding& binding, Given<U> state, Given<U> conditions_of_host, double seconds,
                     Columns<U> direction, Given<U> condition_direction = {}) noexcept {
    if (!valid(seconds) || !fits<U>(state, conditions_of_host, direction, condition_direction))
      return {.valid_step = false};
    const BoundDerivatives<U, species, species, conditions> bound(binding, direction);
    return for_blocks<U>(binding, state, conditions_of_host, seconds, [&](const Run& run) {
      std::fill_n(condition_slope_.data(), run.count * conditions, 0.0);
      if (condition_direction.data)
        each_condition(run, [&](std::size_t cell, std::size_t k, double& slope) {
          slope = static_cast<double>(condition_direction(cell, binding.condition(k)));
        });
      bound.load_tangent(run.first, run.count, run.loaded, condition_slope_.data(), run.weather,
                         slope_.data(), run.flags);
      std::copy_n(slope_.data(), run.count * species, before_slope_.data());
      for (std::size_t first = 0; first < run.count; first += lanes) push_group(run, first);
      for (std::size_t cell = 0; cell < run.count; ++cell)
        if (!run.kept(cell)) finish_tangent(run, cell);
      bound.store_tangent(run.first, run.count, run.number, condition_slope_.data(), run.weather,
                          slope_.data(), run.flags);
    });
  }

  /// J^T w, as that of StepDerivative: dL/d conditions is added to `condition_slope`, if that has data.
  template <class U>
  StepStatus adjoint(const HostBinding& binding, Given<U> state, Given<U> conditions_of_host, double seconds,
                     Columns<U> slope, std::type_identity_t<Columns<U>> condition_slope = {}) noexcept {
    if (!valid(seconds) || !fits<U>(state, conditions_of_host, slope, condition_slope))
      return {.valid_step = false};
    const BoundDerivatives<U, species, species, conditions> bound(binding, slope);
    return for_blocks<U>(binding, state, conditions_of_host, seconds, [&](const Run& run) {
      std::fill_n(condition_slope_.data(), run.count * conditions, 0.0);
      std::fill_n(before_slope_.data(), run.count * species, 0.0);
      bound.store_cotangent(run.first, run.count, run.number, run.weather, slope_.data(),
                            condition_slope_.data(), run.flags);
      for (std::size_t cell = 0; cell < run.count; ++cell)
        if (!run.kept(cell)) finish_cotangent(run, cell);
      for (std::size_t first = 0; first < run.count; first += lanes) pull_group(run, first);
      bound.load_cotangent(run.first, run.count, run.loaded, run.weather, slope_.data(),
                           condition_slope_.data(), run.flags);
      if (condition_slope.data)
        each_condition(run, [&](std::size_t cell, std::size_t k, double& found) {
          U& sum = condition_slope(cell, binding.condition(k));
          sum = narrowed<U>(static_cast<double>(sum) + found);
        });
    });
  }

 private:
  static constexpr std::size_t lanes = L::count, block = Host::lanes;
  static_assert(block % lanes == 0, "the cells of a block fill whole lanes of double");

  /// The cells of a block while they are solved: their steps, and what they end at.
  struct Recorded : Host::Block {
    SolverDerivative* to;

    void takes(std::size_t cell, double h, const T* c) noexcept {
      const std::size_t at = cell * to->most_steps_ + to->taken_[cell]++;
      to->lengths_[at] = h;
      for (std::size_t p = 0; p < species; ++p) to->states_[at * species + p] = c[p * Host::lanes];
    }
    void begins_again(std::size_t cell) noexcept { to->taken_[cell] = 0; }
    void store(std::size_t cell, std::size_t frame, const T* c) noexcept {
      Host::Block::store(cell, frame, c);
      std::copy_n(this->number(cell), species, to->solved_.data() + cell * species);
    }
  };

  /// The cells of a block whose step has been made: states before and after, [count][species], conditions as
  /// the rate constants are given them.
  struct Run {
    std::size_t first, count;
    const double *loaded, *number, *weather;
    const CellFlags* flags;
    bool kept(std::size_t cell) const noexcept { return (flags[cell] & flag(CellFlag::kept)) != 0; }
  };

  static bool valid(double seconds) noexcept { return seconds > 0 && seconds <= Host::longest_step; }

  /// f(run) of each block, once its step is made.
  template <class U, class F>
  StepStatus for_blocks(const HostBinding& binding, Columns<const U> state, Columns<const U> air,
                        double seconds, const F& f) noexcept {
    const BoundArrays<U, species, species, conditions> arrays{binding, only_loaded(state), air};
    StepStatus status;
    parallel_for_blocks(arrays.cells(), block, 1, [&](std::size_t first, std::size_t count, std::size_t) {
      Recorded cells{{count, seconds, *solver_, memory_}, this};
      taken_.fill(0);
      arrays.load(first, count, memory_.loaded_.data(), memory_.conditions_.data());
      std::copy_n(memory_.conditions_.data(), count * conditions, given_.data());
      solver_->solve_block(arrays, cells, memory_);
      for (std::size_t cell = 0; cell < count; ++cell) status.add(cells.flags[cell]);
      f(Run{first, count, memory_.loaded_.data(), memory_.number_.data(), memory_.conditions_.data(),
            cells.flags.data()});
    });
    return status;
  }

  /// f(cell, k, slope) of the conditions that are taken as they are given.
  template <class F>
  void each_condition(const Run& run, const F& f) noexcept {
    for (std::size_t cell = 0; cell < run.count; ++cell)
      for (std::size_t k = 0; k < conditions; ++k) {
        const std::size_t at = cell * conditions + k;
        if (!run.kept(cell) && given_[at] == run.weather[at]) f(run.first + cell, k, condition_slope_[at]);
      }
  }

  /// Rate constants of a group of cells and their slopes [conditions][rates][lanes]. Lanes without a cell
  /// have the air of the first.
  void find_rates(const Run& run, std::size_t first) noexcept {
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      const std::size_t cell = first + lane < run.count ? first + lane : first;
      for (std::size_t k = 0; k < conditions; ++k)
        inputs_[k * lanes + lane] = run.weather[cell * conditions + k];
    }
    Code::rate_constants(inputs_.data(), rates_.data());
    double* const plus = moved_rates_.data();
    double* const minus = plus + Code::rate_items() * lanes;
    for (std::size_t k = 0; k < conditions; ++k) {
      std::array<double, lanes> by;
      for (std::size_t lane = 0; lane < lanes; ++lane)
        by[lane] = 1e-6 * std::abs(inputs_[k * lanes + lane]) + 1e-9;
      const auto move = [&](double sign, double* rates) {
        std::copy_n(inputs_.data(), conditions * lanes, moved_inputs_.data());
        for (std::size_t lane = 0; lane < lanes; ++lane) moved_inputs_[k * lanes + lane] += sign * by[lane];
        Code::rate_constants(moved_inputs_.data(), rates);
      };
      move(1, plus);
      move(-1, minus);
      double* const slope = rate_slopes_.data() + k * Code::rates() * lanes;
      for (std::size_t i = 0; i < Code::rates() * lanes; ++i)
        slope[i] = (plus[i] - minus[i]) / (2 * by[i % lanes]);
    }
  }

  std::size_t steps_of(const Run& run, std::size_t cell) const noexcept {
    return cell < run.count && !run.kept(cell) ? taken_[cell] : 0;
  }
  std::size_t longest(const Run& run, std::size_t first) const noexcept {
    std::size_t most = 0;
    for (std::size_t lane = 0; lane < lanes; ++lane) most = std::max(most, steps_of(run, first + lane));
    return most;
  }
  /// The state that step `step` of each lane begins with, and its length; 0 where there is none.
  template <class StepOf>
  L load_steps(const Run& run, std::size_t first, const StepOf& step_of) noexcept {
    alignas(64) double h[lanes];
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      const std::size_t cell = first + lane, taken = steps_of(run, cell), step = step_of(taken);
      h[lane] = step < taken ? lengths_[cell * most_steps_ + step] : 0;
      const T* const from = states_.data() + (cell * most_steps_ + step) * species;
      for (std::size_t p = 0; p < species; ++p)
        state_[p * lanes + lane] = step < taken ? static_cast<double>(from[p]) : 1;
    }
    return L::load(h);
  }

  void push_group(const Run& run, std::size_t first) noexcept {
    find_rates(run, first);
    std::fill_n(along_rates_.data(), Code::rates() * lanes, 0.0);
    for (std::size_t lane = 0; lane < lanes && first + lane < run.count; ++lane) {
      const std::size_t cell = first + lane;
      for (std::size_t k = 0; k < conditions; ++k)
        for (std::size_t r = 0; r < Code::rates(); ++r)
          along_rates_[r * lanes + lane] +=
              rate_slopes_[(k * Code::rates() + r) * lanes + lane] * condition_slope_[cell * conditions + k];
      for (std::size_t p = 0; p < species; ++p)
        along_state_[p * lanes + lane] =
            counts(run, cell, Code::order[p]) * slope_[cell * species + Code::order[p]];
    }
    for (std::size_t n = 0; n < longest(run, first); ++n) {
      const L h = load_steps(run, first, [n](std::size_t) { return n; });
      steps_.tangent(state_.data(), rates_.data(), h, along_state_.data(), along_rates_.data());
    }
    for (std::size_t lane = 0; lane < lanes && first + lane < run.count; ++lane)
      for (std::size_t p = 0; p < species; ++p)
        slope_[(first + lane) * species + Code::order[p]] = along_state_[p * lanes + lane];
  }

  void pull_group(const Run& run, std::size_t first) noexcept {
    find_rates(run, first);
    std::fill_n(along_rates_.data(), Code::rates() * lanes, 0.0);
    for (std::size_t lane = 0; lane < lanes && first + lane < run.count; ++lane)
      for (std::size_t p = 0; p < species; ++p)
        along_state_[p * lanes + lane] = slope_[(first + lane) * species + Code::order[p]];
    for (std::size_t n = 0; n < longest(run, first); ++n) {
      // A lane that has no more steps is past its first one: beyond the last.
      const L h =
          load_steps(run, first, [n](std::size_t taken) { return n < taken ? taken - 1 - n : taken; });
      steps_.adjoint(state_.data(), rates_.data(), h, along_state_.data(), along_rates_.data());
    }
    for (std::size_t lane = 0; lane < lanes && first + lane < run.count; ++lane) {
      const std::size_t cell = first + lane;
      for (std::size_t p = 0; p < species; ++p) {
        const std::size_t at = cell * species + Code::order[p];
        slope_[at] = before_slope_[at] + counts(run, cell, Code::order[p]) * along_state_[p * lanes + lane];
      }
      for (std::size_t k = 0; k < conditions; ++k)
        for (std::size_t r = 0; r < Code::rates(); ++r)
          condition_slope_[cell * conditions + k] +=
              rate_slopes_[(k * Code::rates() + r) * lanes + lane] * along_rates_[r * lanes + lane];
    }
  }

  /// 1, or 0 of a species that is negative and counts as 0.
  static double counts(const Run& run, std::size_t cell, std::size_t i) noexcept {
    return run.loaded[cell * species + i] >= 0 ? 1 : 0;
  }
  /// Whether the last step left a species below 0 that was not 0 before it.
  bool cut(std::size_t cell, std::size_t p) const noexcept {
    const std::size_t last = cell * most_steps_ + taken_[cell] - 1;
    return solved_[cell * species + Code::order[p]] == 0 && states_[last * species + p] != 0;
  }

  void finish_tangent(const Run& run, std::size_t cell) noexcept {
    double* const direction = slope_.data() + cell * species;
    const double* const before = before_slope_.data() + cell * species;
    for (std::size_t p = 0; p < species; ++p)
      if (cut(cell, p)) direction[Code::order[p]] = 0;
    if (solver_->budget_.elements() > 0 &&
        !solver_->correction_.tangent(run.loaded + cell * species, solved_.data() + cell * species, before,
                                      direction)) {
      project_again(run, cell);
      record_.tangent(before, direction);
    }
    for (std::size_t i = 0; i < species; ++i)
      if (!Host::Code::reacts[i]) direction[i] = before[i];
  }

  void finish_cotangent(const Run& run, std::size_t cell) noexcept {
    double* const slope = slope_.data() + cell * species;
    double* const before = before_slope_.data() + cell * species;
    for (std::size_t i = 0; i < species; ++i)
      if (!Host::Code::reacts[i]) {
        before[i] += slope[i];
        slope[i] = 0;
      }
    if (solver_->budget_.elements() > 0 &&
        !solver_->correction_.cotangent(run.loaded + cell * species, solved_.data() + cell * species, slope,
                                        before)) {
      project_again(run, cell);
      record_.cotangent(slope, before);
    }
    for (std::size_t p = 0; p < species; ++p)
      if (cut(cell, p)) slope[Code::order[p]] = 0;
  }

  /// What the solver does where the correction is not enough, for the record.
  void project_again(const Run& run, std::size_t cell) noexcept {
    const double* const loaded = run.loaded + cell * species;
    std::array<double, species> after;
    std::copy_n(solved_.data() + cell * species, species, after.begin());
    record_.begin(loaded);
    solver_->budget_.project(loaded, after.data(), record_);
  }

  const Host* solver_;
  std::size_t most_steps_;
  typename Host::Workspace memory_;
  Steps steps_;
  StepRecord record_;
  std::array<std::size_t, block> taken_{};
  Buffer<T> states_;  ///< [cell][step][species], in the kernel's order
  Buffer<double> lengths_, given_, solved_, slope_, before_slope_, condition_slope_, inputs_, moved_inputs_,
      rates_, moved_rates_, rate_slopes_, along_rates_, state_, along_state_;
};

}  // namespace chemnne
