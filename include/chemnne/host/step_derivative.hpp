#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <span>
#include <type_traits>
#include <vector>

#include <chemnne/autodiff/dual.hpp>
#include <chemnne/autodiff/dual_backend.hpp>
#include <chemnne/host/bound_derivatives.hpp>
#include <chemnne/host/emulator.hpp>
#include <chemnne/host/step_record.hpp>

namespace chemnne {

/// Derivatives of an emulator's step: with J = d after / d (before, conditions) of `advance`, products J v
/// (`tangent`) and J^T w (`adjoint`), cell by cell, in the host's own layout, order and unit.
///
/// J is that of the deployed step: units and the air that they are relative to, floors, the network, limits,
/// the projection on the totals of elements, the parts of a step longer than the horizon, each at the state
/// that `advance` has there. At a kink it is that of the side that the step takes:
///
///     a species below its floor       the network does not see it; its own loss and gain remain
///     a species at 0                  that of small values; below 0 it counts as 0
///     a species taken to a limit      0, or 1 with respect to itself where it was beyond the limit before
///     a condition that counts as 0    0
///     a cell that is kept             the identity, and 0 with respect to conditions
///
/// A cell that a solver has solved (FallBack) has the derivative of the network's step, where it has one.
///
/// One object a thread: it owns its memory, and nothing is allocated or thrown after construction. The
/// network's J is exact to the rounding of float, all else to that of double: <w, J v> = <J^T w, v> to 1e-5
/// of the sum of the terms' sizes. Cost: `adjoint` some 4 steps a cell, `tangent` some 7. Source:
/// Griewank and Walther, Evaluating Derivatives, 2nd ed. (2008), chapters 3 and 12 (composed steps).
template <class Model, class Backend>
class StepDerivative {
  using Host = Emulator<Model, Backend>;
  using Step = typename Host::Step;
  using Prepare = typename Step::Prepare;
  using Length = typename Step::Length;

 public:
  using C = typename Model::Configuration;
  template <class T>
  using Given = std::type_identity_t<Columns<const T>>;
  static_assert(C::outputs >= C::inputs, "a state can be advanced when all inputs are among the outputs");

  /// `emulator` must outlive it. `longest_step` [s]: no longer step is asked for, since the states of all its
  /// parts are kept. Errors: Error where that is not between 0 and the emulator's longest_step.
  explicit StepDerivative(const Host& emulator, double longest_step = C::horizon)
      : emulator_(&emulator),
        longest_step_(checked(longest_step)),
        record_(emulator.guarded_.budget(), C::inputs, C::outputs),
        states_((typename Host::Plan(longest_step).steps() + 1) * block * stride),
        given_(block * C::conditions),
        slope_(block * stride),
        condition_slope_(block * C::conditions),
        raw_(C::outputs),
        scratch_(C::outputs),
        floats_(float_memory),
        unused_(Network::parameters),
        duals_(dual_memory),
        weights_(Network::parameters) {
    const auto weights = emulator.step_.weights();
    std::copy(weights.begin(), weights.end(), weights_.data());
  }

  /// J v: `state` and `conditions` before the step; `direction` is the part of v for the state, and becomes
  /// J v; `condition_direction` that for the conditions, without data 0. 0 < seconds <= longest_step.
  ///
  /// Shapes: `direction` as the state, `condition_direction` as the conditions. Returns what the step itself
  /// would.
  template <class T, CellGuard Guard = Clamp>
  StepStatus tangent(const HostBinding& binding, Given<T> state, Given<T> conditions, double seconds,
                     Columns<T> direction, Given<T> condition_direction = {}, Guard&& guard = {}) noexcept {
    if (!valid(seconds) || !fits<T>(state, conditions, direction, condition_direction))
      return {.valid_step = false};
    const BoundDerivatives<T, C::inputs, C::outputs, C::conditions> bound(binding, direction);
    return for_blocks<T>(binding, state, conditions, seconds, guard, [&](const Run& run) {
      std::fill_n(condition_slope_.data(), run.count * C::conditions, 0.0);
      if (condition_direction.data)
        each_condition(run, [&](std::size_t cell, std::size_t k, double& slope) {
          slope = static_cast<double>(condition_direction(cell, binding.condition(k)));
        });
      bound.load_tangent(run.first, run.count, part(0), condition_slope_.data(), run.weather, slope_.data(),
                         flags_.data());
      for (std::size_t p = 0; p < run.plan.steps(); ++p) push_part(run, p);
      bound.store_tangent(run.first, run.count, part(run.plan.steps()), condition_slope_.data(), run.weather,
                          slope_.data(), flags_.data());
    });
  }

  /// J^T w: `state` and `conditions` before the step; `slope` is w = dL/d after, and becomes dL/d before;
  /// dL/d conditions is added to `condition_slope`, if that has data, so that it sums over the steps of a
  /// backward sweep. Shapes and result as those of `tangent`.
  template <class T, CellGuard Guard = Clamp>
  StepStatus adjoint(const HostBinding& binding, Given<T> state, Given<T> conditions, double seconds,
                     Columns<T> slope, std::type_identity_t<Columns<T>> condition_slope = {},
                     Guard&& guard = {}) noexcept {
    if (!valid(seconds) || !fits<T>(state, conditions, slope, condition_slope)) return {.valid_step = false};
    const BoundDerivatives<T, C::inputs, C::outputs, C::conditions> bound(binding, slope);
    return for_blocks<T>(binding, state, conditions, seconds, guard, [&](const Run& run) {
      std::fill_n(condition_slope_.data(), run.count * C::conditions, 0.0);
      bound.store_cotangent(run.first, run.count, part(run.plan.steps()), run.weather, slope_.data(),
                            condition_slope_.data(), flags_.data());
      for (std::size_t p = run.plan.steps(); p-- > 0;) pull_part(run, p);
      bound.load_cotangent(run.first, run.count, part(0), run.weather, slope_.data(), condition_slope_.data(),
                           flags_.data());
      if (condition_slope.data)
        each_condition(run, [&](std::size_t cell, std::size_t k, double& found) {
          T& sum = condition_slope(cell, binding.condition(k));
          sum = narrowed<T>(static_cast<double>(sum) + found);
        });
    });
  }

 private:
  using Network = typename Model::Trajectory::NodalNetwork;
  using Nodal = typename Network::Output;
  using D = Dual<float>;
  static constexpr std::size_t in = Step::in, known = Step::known, stride = Host::stride;
  static constexpr std::size_t block = std::min<std::size_t>(24, Step::largest_block);
  static constexpr std::size_t float_memory = 3 * padded(block * in) + 2 * padded(block * Nodal::size) +
                                              Network::memory(block) + Network::pullback_memory(block);
  static constexpr std::size_t dual_memory =
      padded(block * in) + padded(block * Nodal::size) + Network::memory(block);

  /// The cells of a block whose step has been made.
  struct Run {
    std::size_t first, count;
    const typename Host::Plan& plan;
    const double* weather;  ///< [count][conditions], as the network sees them
    bool clamps;
  };

  /// The guard of the step that is differentiated: what it decides is known.
  struct Replay {
    bool clamping;
    bool clamps() const noexcept { return clamping; }
    static void act(GuardedCell&) noexcept {}
  };

  static double checked(double longest_step) {
    if (!(longest_step > 0 && longest_step <= Host::longest_step))
      throw Error("derivative of a step, longest step", "a number of seconds above 0",
                  number_text(longest_step));
    return longest_step;
  }

  bool valid(double seconds) const noexcept { return seconds > 0 && seconds <= longest_step_; }

  /// States before part p of a step, and after the last: [block][stride].
  double* part(std::size_t p) noexcept { return states_.data() + p * block * stride; }
  bool is_kept(std::size_t cell) const noexcept { return (flags_[cell] & flag(CellFlag::kept)) != 0; }

  /// f(run) of each block, once its step is made and the states of its parts are there.
  template <class T, class Guard, class F>
  StepStatus for_blocks(const HostBinding& binding, Columns<const T> state, Columns<const T> conditions,
                        double seconds, Guard& guard, const F& f) noexcept {
    const BoundArrays<T, C::inputs, C::outputs, C::conditions> arrays{binding, only_loaded(state),
                                                                      conditions};
    const typename Host::Plan plan(seconds);
    StepStatus status;
    parallel_for_blocks(arrays.cells(), block, 1, [&](std::size_t first, std::size_t count, std::size_t) {
      typename Host::Block cells(first, count, memory_);
      arrays.load(first, count, cells.loaded, cells.conditions);
      std::copy_n(cells.loaded, count * stride, cells.number);
      std::copy_n(cells.conditions, count * C::conditions, given_.data());
      for (std::size_t cell = 0; cell < count; ++cell)
        if (!emulator_->legal_.apply(cells.weather(cell))) cells.set(cell, flag(CellFlag::unphysical));
      for (std::size_t p = 0; p < plan.steps(); ++p) {
        std::copy_n(cells.number, count * stride, part(p));
        emulator_->advance_once(cells, plan.length(p), guard);
      }
      std::copy_n(cells.number, count * stride, part(plan.steps()));
      for (std::size_t cell = 0; cell < count; ++cell) {
        if (!cells.is(cell, CellFlag::kept) && !arrays.holds(cells.state(cell), cells.weather(cell)))
          cells.set(cell, flag(CellFlag::not_finite) | flag(CellFlag::kept));
        flags_[cell] = cells.flags[cell];
        status.add(flags_[cell]);
        if ((flags_[cell] & unusable) != 0) flags_[cell] |= flag(CellFlag::kept);
      }
      f(Run{first, count, plan, cells.conditions, clamps(guard)});
    });
    return status;
  }

  /// f(cell, k, slope) of the conditions that the network sees as they are given.
  template <class F>
  void each_condition(const Run& run, const F& f) noexcept {
    for (std::size_t cell = 0; cell < run.count; ++cell)
      for (std::size_t k = 0; k < C::conditions; ++k) {
        const std::size_t at = cell * C::conditions + k;
        if (!is_kept(cell) && given_[at] == run.weather[at]) f(run.first + cell, k, condition_slope_[at]);
      }
  }

  /// The nodes' weights; of the horizon those of the last node.
  static Length length(const Run& run, std::size_t p) noexcept {
    const Length length = run.plan.length(p);
    return length.whole() ? Step::length(C::horizon) : length;
  }

  float input_deviation(std::size_t i) const { return emulator_->step_.prepare()[Prepare::deviation + i]; }
  float output_mean(std::size_t i) const { return emulator_->step_.finish()[i]; }
  double decades(std::size_t i) const {
    return std::numbers::ln10 * static_cast<double>(emulator_->step_.finish()[C::outputs + i]);
  }

  /// x: what the network is given of a cell before part p.
  void physical(const Run& run, std::size_t p, Rows<float, in> to) noexcept {
    for (std::size_t cell = 0; cell < run.count; ++cell) {
      for (std::size_t i = 0; i < C::inputs; ++i) to[cell][i] = narrowed<float>(part(p)[cell * stride + i]);
      for (std::size_t k = 0; k < C::conditions; ++k)
        to[cell][C::inputs + k] = narrowed<float>(run.weather[cell * C::conditions + k]);
    }
  }

  /// d x_i / d (number density or condition) of what the network is given.
  double slope_of_input(const float* given, std::size_t i) const noexcept {
    const double per_deviation = 1 / static_cast<double>(input_deviation(i));
    if (i >= C::inputs) return per_deviation;
    if (!(emulator_->step_.floor(i) < given[i])) return 0;
    return per_deviation / (std::numbers::ln10 * static_cast<double>(given[i]));
  }

  /// The sum over nodes that output i follows.
  template <class V>
  static double at_end(const Length& length, std::size_t i, const V& nodal) noexcept {
    double sum = 0;
    for (std::size_t node = 0; node < C::nodes; ++node) sum += weight(length, i, node) * nodal(node);
    return sum;
  }
  static double weight(const Length& length, std::size_t i, std::size_t node) noexcept {
    return static_cast<double>(i < known ? length.change[node] : length.value[node]);
  }

  typename Host::ChangeSlopes change(std::size_t i, const double* before,
                                     const float* result) const noexcept {
    return {before[i], static_cast<double>(result[i]), static_cast<double>(emulator_->step_.floor(i))};
  }

  /// Repeats part p of a cell from the network's values at the nodes: `result` are the factors and number
  /// densities [outputs], the record is that of the cell. Returns false where it has none.
  template <class V>
  bool repeat(const Run& run, std::size_t p, std::size_t cell, const Length& length, const V& nodal,
              float* result) noexcept {
    if (is_kept(cell)) return false;
    const double* const before = part(p) + cell * stride;
    for (std::size_t i = 0; i < C::outputs; ++i) {
      const double end = at_end(length, i, [&](std::size_t node) { return nodal(node, i); });
      const double mean = i < known ? 0 : std::numbers::ln10 * static_cast<double>(output_mean(i));
      result[i] = narrowed<float>(std::exp(mean + decades(i) * end));
    }
    emulator_->change(before, result, raw_.data());
    GuardedCell guarded{.cell = run.first + cell,
                        .before = {before, C::inputs},
                        .conditions = {run.weather + cell * C::conditions, C::conditions},
                        .seconds = length.seconds,
                        .limits = emulator_->step_.limits(),
                        .after = {raw_.data(), C::outputs},
                        .flags = 0};
    record_.begin(before);
    Replay guard{run.clamps};
    emulator_->guarded_.decide(std::span(&guarded, 1), guard, scratch_.data(), record_);
    return !guarded.is(CellFlag::kept);
  }

  /// Slopes of the state after part p become those of the state before it.
  void pull_part(const Run& run, std::size_t p) noexcept {
    const Length length = StepDerivative::length(run, p);
    Arena<float> arena(floats_.span());
    const auto given = arena.take<Shape<in>>(run.count), x = arena.take<Shape<in>>(run.count),
               dx = arena.take<Shape<in>>(run.count);
    const auto nodal = arena.take<Nodal>(run.count), dnodal = arena.take<Nodal>(run.count);
    physical(run, p, given);
    Prepare::template forward<Backend, float>(given, emulator_->step_.prepare(), x, arena);
    const auto residual =
        Network::template forward<Backend, float>(x, emulator_->step_.weights(), nodal, arena);
    std::array<double, block> scale{};
    for (std::size_t cell = 0; cell < run.count; ++cell) {
      const auto values = nodal.steps(cell), slopes = dnodal.steps(cell);
      slopes.fill(0);
      std::array<float, C::outputs> result;
      const auto at = [&](std::size_t node, std::size_t i) { return static_cast<double>(values[node][i]); };
      if (!repeat(run, p, cell, length, at, result.data())) continue;
      scale[cell] = pull_result(part(p) + cell * stride, result.data(), slope_.data() + cell * stride);
      for (std::size_t i = 0; i < C::outputs; ++i)
        for (std::size_t node = 0; node < C::nodes; ++node)
          slopes[node][i] = static_cast<float>(weight(length, i, node) * raw_[i]);
    }
    Network::template pullback<InputsOnly<Backend>, float>(
        residual, x, emulator_->step_.weights(), dnodal, dx,
        Parameters<float, Network::parameters>(unused_.data(), Network::parameters), arena);
    for (std::size_t cell = 0; cell < run.count; ++cell)
      for (std::size_t i = 0; scale[cell] != 0 && i < in; ++i) {
        double& sum = i < C::inputs ? slope_[cell * stride + i]
                                    : condition_slope_[cell * C::conditions + i - C::inputs];
        sum += scale[cell] * static_cast<double>(dx[cell][i]) * slope_of_input(given[cell], i);
      }
  }

  /// Of one cell: `slope` becomes what reaches the state before by other ways than the network; `raw_` are
  /// the slopes with respect to what the network says at the end, of size 1 at most, in units of the result.
  double pull_result(const double* before, const float* result, double* slope) noexcept {
    std::array<double, C::inputs> of_before{};
    record_.cotangent(slope, of_before.data());
    double largest = 0;
    for (std::size_t i = 0; i < C::outputs; ++i) {
      double of_result = slope[i];
      if (i < known) {
        const auto now = change(i, before, result);
        of_before[i] += slope[i] * now.of_before;
        of_result = slope[i] * now.of_factor;
      }
      raw_[i] = of_result * static_cast<double>(result[i]) * decades(i);
      largest = std::max(largest, std::abs(raw_[i]));
    }
    std::fill_n(slope, C::outputs, 0.0);
    std::copy(of_before.begin(), of_before.end(), slope);
    if (!(largest > 0)) return 0;
    for (std::size_t i = 0; i < C::outputs; ++i) raw_[i] /= largest;
    return largest;
  }

  /// Directions of the state before part p become those of the state after it.
  void push_part(const Run& run, std::size_t p) noexcept {
    const Length length = StepDerivative::length(run, p);
    Arena<float> floats(floats_.span());
    Arena<D> arena(duals_.span());
    const auto given = floats.take<Shape<in>>(run.count), value = floats.take<Shape<in>>(run.count);
    const auto x = arena.take<Shape<in>>(run.count);
    const auto nodal = arena.take<Nodal>(run.count);
    physical(run, p, given);
    Prepare::template forward<Backend, float>(given, emulator_->step_.prepare(), value, floats);
    std::array<double, block> scale{};
    for (std::size_t cell = 0; cell < run.count; ++cell) {
      std::array<double, in> direction{};
      if (!is_kept(cell))
        for (std::size_t i = 0; i < in; ++i) {
          direction[i] = slope_of_input(given[cell], i) *
                         (i < C::inputs ? slope_[cell * stride + i]
                                        : condition_slope_[cell * C::conditions + i - C::inputs]);
          scale[cell] = std::max(scale[cell], std::abs(direction[i]));
        }
      const double per = scale[cell] > 0 ? 1 / scale[cell] : 0;
      for (std::size_t i = 0; i < in; ++i)
        x[cell][i] = {value[cell][i], static_cast<float>(direction[i] * per)};
    }
    Network::template forward<DualBackend<Backend>, D>(
        x, Parameters<const D, Network::parameters>(weights_.data(), Network::parameters), nodal, arena);
    for (std::size_t cell = 0; cell < run.count; ++cell) {
      const auto values = nodal.steps(cell);
      std::array<float, C::outputs> result;
      const auto at = [&](std::size_t n, std::size_t i) { return static_cast<double>(values[n][i].value); };
      if (!repeat(run, p, cell, length, at, result.data())) continue;
      double* const direction = slope_.data() + cell * stride;
      std::array<double, C::inputs> of_before;
      std::copy_n(direction, C::inputs, of_before.begin());
      for (std::size_t i = 0; i < C::outputs; ++i) {
        const double end = at_end(length, i, [&](std::size_t n) {
          return static_cast<double>(values[n][i].tangent) * scale[cell];
        });
        const double of_result = decades(i) * static_cast<double>(result[i]) * end;
        if (i < known) {
          const auto now = change(i, part(p) + cell * stride, result.data());
          direction[i] = now.of_before * of_before[i] + now.of_factor * of_result;
        } else {
          direction[i] = of_result;
        }
      }
      record_.tangent(of_before.data(), direction);
    }
  }

  const Host* emulator_;
  double longest_step_;
  typename Host::Workspace memory_;
  StepRecord record_;
  std::array<CellFlags, block> flags_{};
  Buffer<double> states_, given_, slope_, condition_slope_, raw_, scratch_;
  Buffer<float> floats_, unused_;
  Buffer<D> duals_, weights_;
};

}  // namespace chemnne
