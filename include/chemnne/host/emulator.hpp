#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <span>
#include <string>
#include <vector>

#include <chemnne/host/columns.hpp>
#include <chemnne/io/weights_file.hpp>
#include <chemnne/model/chemnne.hpp>
#include <chemnne/support/parallel.hpp>

namespace chemnne {

/// What a step did. Cells are counted, never hidden.
struct StepStatus {
  bool valid_step =
      true;  ///< false: the step length is not in (0, horizon] or the cell counts differ; nothing was changed
  std::size_t cells = 0;  ///< of the call, those left unchanged included
  std::size_t outside_training =
      0;  ///< of these, with a species or condition outside the range of the training data
  std::size_t left_unchanged = 0;  ///< cells whose input or result is not finite: their state is as before

  bool clean() const { return valid_step && outside_training == 0 && left_unchanged == 0; }
};

/// How an emulator runs.
struct EmulatorOptions {
  std::size_t threads =
      1;  ///< of `advance`; a host that calls it from its own threads gives each an emulator with one
  std::size_t block = 8;         ///< cells evaluated together
  std::string fingerprint = {};  ///< of the mechanism that the host expects; empty: any
};

/// A trained emulator in a host model: c(t + dt) from c(t) and the conditions.
///
/// Everything is set up at construction. `advance` allocates nothing, throws nothing and is the same for any
/// number of threads and any split of the cells. The network works in float; number densities stay in double:
/// a species that was given is multiplied by 10^change, so that what does not react keeps its value but for
/// one rounding.
template <class Model, class Backend>
class Emulator {
 public:
  using C = typename Model::Configuration;
  using Network = Deployed<C, typename Model::Trajectory>;

  /// Errors: Error when the file is damaged or of another model (`read_weights`), or the options make no
  /// sense.
  explicit Emulator(const std::string& weights, const EmulatorOptions& options = {})
      : parameters_(Network::parameters),
        description_(read_weights<Network>(
            weights, Model::architecture, configuration_text<C>(),
            std::span<float, Network::parameters>(parameters_.data(), Network::parameters))),
        block_(options.block) {
    if (block_ == 0) throw Error("EmulatorOptions, block", "one cell or more", "0");
    if (!options.fingerprint.empty() && options.fingerprint != description_.fingerprint)
      throw Error(weights + ", mechanism fingerprint", "'" + options.fingerprint + "' (the host's)",
                  "'" + description_.fingerprint + "' (" + description_.mechanism + ")");
    if (description_.inputs.size() != C::inputs || description_.outputs.size() != C::outputs ||
        description_.conditions.size() != C::conditions)
      throw Error(weights, "names of the species and conditions of the configuration",
                  "another number of them");
    for (std::size_t i = 0; i < in; ++i) {
      const ValueRange range =
          i < C::inputs ? description_.input_range[i] : description_.condition_range[i - C::inputs];
      lowest_[i] = static_cast<float>((range.minimum - mean(i)) / deviation(i)) - range_margin;
      highest_[i] = static_cast<float>((range.maximum - mean(i)) / deviation(i)) + range_margin;
    }
    for (std::size_t thread = 0; thread < std::max<std::size_t>(1, options.threads); ++thread)
      memory_.emplace_back(memory_size(block_));
    flagged_.resize(memory_.size());
  }

  const EmulatorDescription& description() const { return description_; }
  /// Place of a species among the inputs. Errors: Error when the emulator does not take it.
  std::size_t species_index(const std::string& name) const {
    return place_of(name, description_.inputs, "an input species");
  }
  /// Place of a condition. Errors: Error when the emulator does not take it.
  std::size_t condition_index(const std::string& name) const {
    return place_of(name, description_.conditions, "a condition");
  }

  /// Number densities after `seconds` of chemistry under constant conditions.
  ///
  /// Shapes: before [cells][inputs], conditions [cells][conditions], after [cells][outputs]; `after` may be
  /// `before`. Units: molecules cm-3; conditions as `description()` says. 0 < seconds <= horizon; at the
  /// horizon only the last node is decoded.
  StepStatus advance(Columns<const double> before, Columns<const double> conditions, double seconds,
                     Columns<double> after) noexcept {
    StepStatus status;
    if (!(seconds > 0 && seconds <= C::horizon) || before.cells != conditions.cells ||
        before.cells != after.cells) {
      status.valid_step = false;
      return status;
    }
    if (seconds == C::horizon)
      advance_with<typename Model::EndOfStep>(before, conditions, after, status);
    else {
      set_step_length(seconds);
      advance_with<typename Model::Trajectory::NodalNetwork>(before, conditions, after, status);
    }
    return status;
  }

 private:
  static constexpr std::size_t in = C::inputs + C::conditions;
  static constexpr std::size_t known = Model::Trajectory::known;
  static constexpr float range_margin =
      1e-3f;  ///< of a deviation: rounding on the way through the file and float
  using Prepare = Normalise<C::inputs, C::conditions>;
  using Finish = Denormalise<1, C::outputs>;
  using State = Shape<1, C::outputs>;

  static std::size_t place_of(const std::string& name, const std::vector<std::string>& names,
                              const char* what) {
    const auto place = std::find(names.begin(), names.end(), name);
    if (place == names.end()) throw Error("emulator", what, "'" + name + "'");
    return static_cast<std::size_t>(place - names.begin());
  }

  static std::size_t memory_size(std::size_t block) {
    const std::size_t network =
        std::max(Model::EndOfStep::memory(block),
                 Model::Trajectory::NodalNetwork::memory(block) + padded(block * C::nodes * C::outputs));
    return 2 * padded(block * in) + 2 * padded(block * C::outputs) + network + Finish::memory(block);
  }

  double mean(std::size_t i) const { return static_cast<double>(parameters_[1 + i]); }
  double deviation(std::size_t i) const { return static_cast<double>(parameters_[1 + in + i]); }
  Parameters<const float, Prepare::parameters> prepare() const {
    return Parameters<const float, Prepare::parameters>(parameters_.data(), Prepare::parameters);
  }
  template <std::size_t N>
  Parameters<const float, N> weights() const {
    return Parameters<const float, N>(parameters_.data() + Prepare::parameters, N);
  }
  Parameters<const float, Finish::parameters> finish() const {
    return Parameters<const float, Finish::parameters>(
        parameters_.data() + Network::parameters - Finish::parameters, Finish::parameters);
  }

  void set_step_length(double seconds) noexcept {
    const auto change = typename Model::Grid{C::horizon, C::time_scale}.weights(seconds, known > 0);
    const auto value = typename Model::Grid{C::horizon, C::time_scale}.weights(seconds, false);
    for (std::size_t node = 0; node < C::nodes; ++node) {
      change_weight_[node] = static_cast<float>(change[node]);
      value_weight_[node] = static_cast<float>(value[node]);
    }
  }

  template <class Part>
  void advance_with(Columns<const double> before, Columns<const double> conditions, Columns<double> after,
                    StepStatus& status) noexcept {
    std::fill(flagged_.begin(), flagged_.end(), StepStatus{});
    const std::size_t blocks = (before.cells + block_ - 1) / block_;
    parallel_for(blocks, memory_.size(), [&](std::size_t b, std::size_t thread) {
      const std::size_t first = b * block_;
      step_block<Part>(first, std::min(block_, before.cells - first), before, conditions, after,
                       memory_[thread], flagged_[thread]);
    });
    for (const StepStatus& part : flagged_) {
      status.cells += part.cells;
      status.outside_training += part.outside_training;
      status.left_unchanged += part.left_unchanged;
    }
  }

  /// One block: gather, normalise, network, and number densities again.
  template <class Part>
  void step_block(std::size_t first, std::size_t count, Columns<const double> before,
                  Columns<const double> conditions, Columns<double> after, Buffer<float>& memory,
                  StepStatus& flagged) const noexcept {
    Arena<float> arena(memory.span());
    const auto physical = arena.template take<Shape<in>>(count);
    const auto x = arena.template take<Shape<in>>(count);
    const auto y = arena.template take<State>(count);
    const auto result = arena.template take<State>(count);
    for (std::size_t cell = 0; cell < count; ++cell) {
      for (std::size_t i = 0; i < C::inputs; ++i)
        physical[cell][i] = static_cast<float>(before(first + cell, i));
      for (std::size_t k = 0; k < C::conditions; ++k)
        physical[cell][C::inputs + k] = static_cast<float>(conditions(first + cell, k));
    }
    Prepare::template forward<Backend, float>(physical, prepare(), x, arena);
    evaluate<Part>(x, y, arena);
    factors(x, y, result, arena);
    for (std::size_t cell = 0; cell < count; ++cell) {
      ++flagged.cells;
      if (outside(physical[cell], x[cell])) ++flagged.outside_training;
      if (finite(physical[cell], in) && finite(result[cell], C::outputs))
        for (std::size_t i = 0; i < C::outputs; ++i)
          after(first + cell, i) = i < known && physical[cell][i] > parameters_[0]
                                       ? before(first + cell, i) * static_cast<double>(result[cell][i])
                                       : static_cast<double>(result[cell][i]) *
                                             (i < known ? static_cast<double>(parameters_[0]) : 1);
      else {
        ++flagged.left_unchanged;
        for (std::size_t i = 0; i < std::min(C::inputs, C::outputs); ++i)
          after(first + cell, i) = before(first + cell, i);
      }
    }
  }

  /// y: the standardised state at the end of the step.
  template <class Part>
  void evaluate(Rows<const float, in> x, RowsOf<float, State> y, Arena<float> arena) const noexcept {
    if constexpr (std::is_same_v<Part, typename Model::EndOfStep>) {
      Part::template forward<Backend, float>(x, weights<Part::parameters>(), y, arena);
    } else {
      const auto nodal = arena.template take<Shape<C::nodes, C::outputs>>(x.count());
      Part::template forward<Backend, float>(x, weights<Part::parameters>(), nodal, arena);
      for (std::size_t cell = 0; cell < x.count(); ++cell)
        for (std::size_t i = 0; i < C::outputs; ++i) {
          const auto& weight = i < known ? change_weight_ : value_weight_;
          float sum = i < known ? x[cell][i] : 0.0f;
          for (std::size_t node = 0; node < C::nodes; ++node)
            sum += weight[node] * nodal[cell][node * C::outputs + i];
          y[cell][i] = sum;
        }
    }
  }

  /// Factor 10^(deviation (y - x)) of the species that were given, number density of the others.
  void factors(Rows<const float, in> x, RowsOf<float, State> y, RowsOf<float, State> result,
               Arena<float> arena) const noexcept {
    if constexpr (known < C::outputs) Finish::template forward<Backend, float>(y, finish(), result, arena);
    if constexpr (known > 0) {
      const auto change = y.merge().template columns<known>(0);
      Backend::map([](const auto& end, const auto& start) { return end - start; }, change,
                   Rows<const float, known>(change), x.template columns<known>(0));
      Backend::map_columns(
          [](const auto& difference, const auto& scale) {
            using std::exp;
            return exp(difference * scale * constant<std::decay_t<decltype(difference)>>(std::numbers::ln10));
          },
          result.merge().template columns<known>(0), Rows<const float, known>(change),
          finish().template last<C::outputs>());
    }
  }

  bool outside(const float* physical, const float* x) const noexcept {
    for (std::size_t i = 0; i < in; ++i) {
      const bool absent = i < C::inputs && physical[i] <= parameters_[0];
      if (!absent && !(x[i] >= lowest_[i] && x[i] <= highest_[i])) return true;
    }
    return false;
  }

  static bool finite(const float* values, std::size_t count) noexcept {
    return std::all_of(values, values + count, [](float v) { return std::isfinite(v); });
  }

  Buffer<float> parameters_;
  EmulatorDescription description_;
  std::size_t block_;
  std::array<float, in> lowest_{}, highest_{};
  std::array<float, C::nodes> change_weight_{}, value_weight_{};
  std::vector<Buffer<float>> memory_;
  std::vector<StepStatus> flagged_;
};

}  // namespace chemnne
