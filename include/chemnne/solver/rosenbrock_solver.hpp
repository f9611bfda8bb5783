#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <chemnne/solver/lane_cells.hpp>
#include <chemnne/solver/lanes.hpp>
#include <chemnne/solver/rosenbrock_method.hpp>
#include <chemnne/solver/rosenbrock_options.hpp>
#include <chemnne/solver/stage_rates.hpp>
#include <chemnne/tensor/buffer.hpp>

namespace chemnne {

/// Integrates dc/dt = f(c) of many cells, a cell a lane, by a Rosenbrock method with its embedded error
/// estimate: the whole register takes a step, and each lane has a step length, a time and a verdict of its
/// own. A lane whose cell is done takes the next one. So a hard cell costs its own steps and delays no other,
/// lanes are idle only at the end, and what comes of a cell depends on that cell alone: to the bit the same
/// for any neighbours, order, threads and split.
///
/// Error of a step: the root of the mean over species of (error / (atol + rtol max(|c|, |c_new|)))^2 must not
/// be above 1. What a step adds below zero counts as an error of |that| / atol, but in mechanisms with
/// species that a reaction takes without following them (KineticsProgram::overdraws). Values below zero are
/// not cut off in between: each step keeps all linear invariants (atoms) to rounding, 4e-15 of nitrogen in an
/// hour in double and 3e-6 in float; what is below zero when a state is stored becomes zero and is reported.
/// Outputs: by the method's interpolation where it has one, else steps end there.
/// With `changes`, for ChangingLaneCells, it is f(t, c): rate constants are those of the time of each stage
/// (StageRates), and `maximum_attempts` are those between two frames.
/// Kernel: TableKernel or generated code, see there; the solver holds its memory, one a thread. Nothing
/// allocates or throws after construction.
template <class Method, class Kernel, bool changes = false>
class RosenbrockSolver {
 public:
  using T = typename Kernel::T;
  using L = typename Kernel::L;
  static constexpr std::size_t lanes = L::count;

  /// `kernel` must outlive the solver. Errors: Error naming an option.
  explicit RosenbrockSolver(const Kernel& kernel, const RosenbrockOptions& options = {})
      : kernel_(&kernel),
        options_(options.checked()),
        size_(kernel.size()),
        state_(size_ * lanes),
        after_(size_ * lanes),
        start_(size_ * lanes),
        tendency_(size_ * lanes),
        stages_(Method::stages * size_ * lanes),
        matrix_(kernel.matrix_items() * lanes),
        rates_(kernel.rate_items() * lanes),
        next_state_(size_ * lanes),
        next_rates_(kernel.rates() * lanes),
        interpolation_(interpolates ? 2 * size_ * lanes : 0),
        stage_rates_(kernel),
        time_slope_(changes ? size_ * lanes : 0),
        column_(size_) {}

  /// How cells are solved from now on. Errors: Error naming an option.
  void set_options(const RosenbrockOptions& options) { options_ = options.checked(); }

  template <LaneCells<T> Cells>
  void integrate(Cells& cells) noexcept requires(!changes || ChangingLaneCells<Cells, T>) {
    Queue queue;
    lane_.fill({});
    for (;;) {
      refill(cells, queue);
      std::size_t running = 0;
      bool lost = false;
      for (std::size_t l = 0; l < lanes; ++l) {
        if (lane_[l].cell == none) continue;
        step_[l] = static_cast<T>(std::min(lane_[l].step, farthest(cells, lane_[l]) - lane_[l].time));
        if constexpr (changes)
          if (!stage_rates_.set(cells, lane_[l].cell, l, lane_[l].time, static_cast<double>(step_[l]))) {
            lose(cells, l);
            lost = true;
            continue;
          }
        ++running;
      }
      if (running == 0 && !lost) return;
      ++statistics_.sweeps;
      statistics_.attempts += static_cast<long>(running);
      attempt(L::load(step_.data()));
      judge();
      for (std::size_t l = 0; l < lanes; ++l)
        if (lane_[l].cell != none) conclude(cells, l);
      accept();
    }
  }

  const RosenbrockStatistics& statistics() const { return statistics_; }

 private:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  struct NoStageRates {
    explicit NoStageRates(const Kernel&) {}
  };
  static constexpr bool interpolates = requires { Method::d; };
  static constexpr double longest_growth = 6, deepest_cut = 0.1;

  /// Cells that are loaded and wait: `used` .. `staged` - 1 of those before `loaded`.
  struct Queue {
    std::size_t loaded = 0, staged = 0, used = 0;
  };
  struct Lane {
    std::size_t cell = none, frame = 0, attempts = 0;
    std::span<const double> times = {};
    double time = 0, step = 0, undershoot = 0;
    bool rejected = false, again = false;
  };

  template <class Cells>
  bool next(Cells& cells, Queue& queue) noexcept {
    const std::size_t count = cells.count();
    if (queue.loaded == count) return false;
    queue.staged = std::min(lanes, count - queue.loaded);
    cells.load(queue.loaded, queue.staged, next_state_.data(), next_rates_.data());
    queue.loaded += queue.staged;
    queue.used = 0;
    // 0, or not a number where one is not finite.
    L sum(T(0));
    for (std::size_t i = 0; i < size_; ++i) sum += L::load(next_state_.data(), i) * L(T(0));
    for (std::size_t r = 0; r < kernel_->rates(); ++r) sum += L::load(next_rates_.data(), r) * L(T(0));
    sum.store(finite_.data());
    return true;
  }

  /// The next cells enter the free lanes, one that is not finite is not solved. All enter at once: memory is
  /// gone through once, and not once a cell.
  template <class Cells>
  void refill(Cells& cells, Queue& queue) noexcept {
    std::array<std::size_t, lanes> to, from;
    for (std::size_t l = 0;;) {
      std::size_t count = 0;
      while (l < lanes && queue.used < queue.staged) {
        if (lane_[l].cell != none) {
          ++l;
          continue;
        }
        const std::size_t slot = queue.used++, cell = queue.loaded - queue.staged + slot;
        if (finite_[slot] == 0) {
          lane_[l] = {.cell = cell, .times = cells.times(cell), .step = options_.first_step};
          tolerance_[l] = static_cast<T>(options_.relative_tolerance);
          to[count] = l;
          from[count++] = slot;
        } else {
          ++statistics_.failures;
          cells.finish(cell, CellOutcome{});
        }
      }
      enter(std::span(to).first(count), std::span(from).first(count));
      while (l < lanes && lane_[l].cell != none) ++l;
      if (l == lanes || !next(cells, queue)) return;
    }
  }

  /// Staged cells at `from` into the lanes `to`.
  void enter(std::span<const std::size_t> to, std::span<const std::size_t> from) noexcept {
    const std::span<const std::size_t> species = kernel_->species();
    for (std::size_t p = 0; p < size_; ++p)
      for (std::size_t i = 0; i < to.size(); ++i)
        state_[p * lanes + to[i]] = start_[p * lanes + to[i]] = next_state_[species[p] * lanes + from[i]];
    for (std::size_t r = 0; r < kernel_->rates(); ++r)
      for (std::size_t i = 0; i < to.size(); ++i)
        rates_[r * lanes + to[i]] = next_rates_[r * lanes + from[i]];
  }

  template <class Cells>
  static double farthest([[maybe_unused]] Cells& cells, const Lane& lane) noexcept {
    const double end = interpolates ? lane.times.back() : lane.times[lane.frame];
    if constexpr (changes)
      return std::min(end, static_cast<double>(cells.next_stop(lane.cell, lane.time)));
    else
      return end;
  }

  template <std::size_t I>
  T* rates_of_stage() noexcept {
    if constexpr (changes && I > 0)
      return stage_rates_.of(I);
    else
      return rates_.data();
  }

  /// The stages, and the state that they lead to in `after_`.
  void attempt(const L& h) noexcept {
    const L s = h * L(T(Method::gamma));
    kernel_->factor(state_.data(), rates_.data(), s, matrix_.data());
    interpolation_is_ready_ = false;
    if constexpr (changes)
      kernel_->tendency(state_.data(), stage_rates_.slope(rates_.data()), time_slope_.data());
    [&]<std::size_t... I>(std::index_sequence<I...>) { (stage<I>(s), ...); }
    (std::make_index_sequence<Method::stages>{});
    // `judge` adds the last stage.
    if constexpr (!completes)
      for (std::size_t p = 0; p < size_; ++p)
        combined(Method::m, 1, L::load(state_.data(), p), p).store(after_.data(), p);
  }

  using Weights = std::array<double, Method::stages>;

  /// Whether `sum` has the weights of `before` and one more, of stage j.
  static constexpr bool extends(const Weights& sum, const Weights& before, std::size_t j) {
    for (std::size_t i = 0; i < Method::stages; ++i)
      if (i != j && sum[i] != before[i]) return false;
    return before[j] == 0;
  }
  static constexpr bool completes = extends(Method::m, Method::a[Method::stages - 1], Method::stages - 1);

  template <std::size_t I>
  void stage(const L& s) noexcept {
    if constexpr (I == 0) {
      kernel_->tendency(state_.data(), rates_.data(), tendency_.data());
    } else if constexpr (Method::new_tendency[I]) {
      // From the stage before where only its own part is new: less memory to go through.
      constexpr bool goes_on =
          I > 1 && Method::new_tendency[I - 1] && extends(Method::a[I], Method::a[I - 1], I - 1);
      for (std::size_t p = 0; p < size_; ++p)
        if constexpr (goes_on)
          (L::load(after_.data(), p) + part<I - 1>(Method::a[I], p)).store(after_.data(), p);
        else
          combined(Method::a[I], 1, L::load(state_.data(), p), p).store(after_.data(), p);
      kernel_->tendency(after_.data(), rates_of_stage<I>(), tendency_.data());
    }
    T* const k = stages_.data() + I * size_ * lanes;
    for (std::size_t p = 0; p < size_; ++p) {
      L tendency = L::load(tendency_.data(), p);
      if constexpr (changes) tendency += L(T(Method::slope[I])) * L::load(time_slope_.data(), p);
      combined(Method::c[I], Method::gamma, s * tendency, p).store(k, p);
    }
    kernel_->solve(matrix_.data(), k);
  }

  /// sum + scale sum_j weight_j K_j of species p.
  [[gnu::always_inline]] L combined(const Weights& weight, double scale, L sum,
                                    std::size_t p) const noexcept {
    for (std::size_t j = 0; j < Method::stages; ++j)
      if (weight[j] != 0) sum += L(T(scale * weight[j])) * L::load(stages_.data() + j * size_ * lanes, p);
    return sum;
  }

  /// weight_J K_J of species p.
  template <std::size_t J>
  [[gnu::always_inline]] L part(const Weights& weight, std::size_t p) const noexcept {
    return L(T(weight[J])) * L::load(stages_.data() + J * size_ * lanes, p);
  }

  /// The error of each lane, and the factor on its step that would make it about 1.
  void judge() noexcept {
    const L absolute(T(options_.absolute_tolerance)), relative = L::load(tolerance_.data()), zero(T(0));
    const L per_absolute = kernel_->overdraws() ? zero : L(T(1)) / absolute;
    L sum = zero;
    for (std::size_t p = 0; p < size_; ++p) {
      const L before = L::load(state_.data(), p);
      L after = L::load(after_.data(), p);
      if constexpr (completes) {
        after += part<Method::stages - 1>(Method::m, p);
        after.store(after_.data(), p);
      }
      const L error =
          abs(combined(Method::e, 1, zero, p)) / (absolute + relative * max(abs(before), abs(after)));
      const L below = (min(before, zero) - after) * per_absolute;
      const L worse = max(below, error);
      sum += worse * worse;
    }
    const L error = sqrt(sum * L(T(1) / static_cast<T>(size_)));
    error.store(error_.data());
    (L(T(0.9)) * exp(log(max(error, L(T(1e-8)))) * L(T(-1.0 / Method::order)))).store(factor_.data());
  }

  /// What comes of a lane's step.
  template <class Cells>
  void conclude(Cells& cells, std::size_t l) noexcept {
    Lane& lane = lane_[l];
    const double taken = static_cast<double>(step_[l]);
    accepted_[l] = T(0);
    ++lane.attempts;
    if (error_[l] <= T(1)) {
      ++statistics_.steps;
      accepted_[l] = T(1);
      const double longest = lane.rejected ? 1 : longest_growth, end = lane.time + taken;
      if constexpr (StepCells<Cells, T>) cells.takes(lane.cell, taken, state_.data() + l);
      write_frames(cells, l, end, taken);
      // One that was cut short by a frame says nothing about the whole.
      const double whole = taken < 0.99 * lane.step ? lane.step : 0;
      lane.step = std::max(whole, taken * std::clamp(static_cast<double>(factor_[l]), 0.2, longest));
      lane.time = end;
      lane.rejected = false;
      if (lane.frame == lane.times.size()) {
        cells.finish(lane.cell, CellOutcome{true, lane.undershoot});
        lane.cell = none;
      }
    } else {
      // An error that is not finite has no factor.
      const double cut = static_cast<double>(error_[l] < T(1e30) ? factor_[l] : T(0));
      lane.step = taken * std::clamp(cut, deepest_cut, 0.9);
      lane.rejected = true;
    }
    if (lane.cell != none && lane.attempts >= options_.maximum_attempts) give_up(cells, l);
  }

  /// Where the frame at the end of a step is, seen from it: rounding of the step must not miss it.
  static bool reached(double time, double end, double taken) noexcept { return time <= end + 1e-6 * taken; }

  template <class Cells>
  void write_frames(Cells& cells, std::size_t l, double end, double taken) noexcept {
    Lane& lane = lane_[l];
    const std::span<const std::size_t> species = kernel_->species();
    if constexpr (interpolates) {
      if (!interpolation_is_ready_ && reached(lane.times[lane.frame], end, taken)) prepare_interpolation();
    }
    for (; lane.frame < lane.times.size() && reached(lane.times[lane.frame], end, taken); ++lane.frame) {
      const double x = std::min(1.0, (lane.times[lane.frame] - lane.time) / taken);
      T lowest = 0;
      for (std::size_t p = 0; p < size_; ++p) {
        const T value = interpolated(p, l, x);
        lowest = std::min(lowest, value);
        column_[species[p]] = std::max(value, T(0));
      }
      lane.undershoot = std::max(lane.undershoot, -static_cast<double>(lowest));
      cells.store(lane.cell, lane.frame, column_.data());
      if constexpr (changes) lane.attempts = 0;
    }
  }

  /// D of all lanes, where the first of them has a frame within its step.
  void prepare_interpolation() noexcept requires interpolates {
    for (std::size_t k = 0; k < Method::d.size(); ++k)
      for (std::size_t p = 0; p < size_; ++p)
        combined(Method::d[k], 1, L(T(0)), p).store(interpolation_.data() + k * size_ * lanes, p);
    interpolation_is_ready_ = true;
  }

  /// The state of species p in lane l at x of the step.
  T interpolated(std::size_t p, std::size_t l, double x) const noexcept {
    const T after = after_[p * lanes + l];
    if constexpr (interpolates) {
      if (x < 1 - 1e-6) {
        const T at = static_cast<T>(x), rest = static_cast<T>(1 - x);
        const T* const d = interpolation_.data() + p * lanes + l;
        return rest * state_[p * lanes + l] + at * (after + rest * (d[0] + at * d[size_ * lanes]));
      }
    }
    return after;
  }

  /// Once more with a tighter tolerance, which keeps a cell from where it ran aground, or not solved.
  template <class Cells>
  void give_up(Cells& cells, std::size_t l) noexcept {
    Lane& lane = lane_[l];
    if (lane.again) return lose(cells, l);
    ++statistics_.retries;
    accepted_[l] = T(0);
    for (std::size_t p = 0; p < size_; ++p) state_[p * lanes + l] = start_[p * lanes + l];
    tolerance_[l] = static_cast<T>(0.01 * options_.relative_tolerance);
    if constexpr (StepCells<Cells, T>) cells.begins_again(lane.cell);
    lane = {.cell = lane.cell, .times = lane.times, .step = 0.01 * options_.first_step, .again = true};
    if constexpr (changes)
      if (!cells.rates(lane.cell, 0, rates_.data() + l)) lose(cells, l);
  }

  /// Not solved.
  template <class Cells>
  void lose(Cells& cells, std::size_t l) noexcept {
    ++statistics_.failures;
    cells.finish(lane_[l].cell, CellOutcome{});
    lane_[l].cell = none;
  }

  void accept() noexcept {
    const auto yes = L(T(0)) < L::load(accepted_.data());
    for (std::size_t p = 0; p < size_; ++p)
      select(yes, L::load(after_.data(), p), L::load(state_.data(), p)).store(state_.data(), p);
    if constexpr (changes)
      for (std::size_t r = 0; r < kernel_->rates(); ++r)
        select(yes, L::load(stage_rates_.of(Method::stages - 1), r), L::load(rates_.data(), r))
            .store(rates_.data(), r);
  }

  using OfLanes = std::array<T, lanes>;

  const Kernel* kernel_;
  RosenbrockOptions options_;
  RosenbrockStatistics statistics_;
  std::size_t size_;
  std::array<Lane, lanes> lane_{};
  alignas(64) OfLanes step_{}, error_{}, factor_{}, accepted_{}, tolerance_{}, finite_{};
  Buffer<T> state_, after_, start_, tendency_, stages_, matrix_, rates_, next_state_, next_rates_,
      interpolation_;
  [[no_unique_address]] std::conditional_t<changes, StageRates<Method, Kernel>, NoStageRates> stage_rates_;
  Buffer<T> time_slope_;  ///< h df/dt at the start of the step
  bool interpolation_is_ready_ = false;
  std::vector<T> column_;
};

}  // namespace chemnne
