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
#include <chemnne/host/range_limit.hpp>
#include <chemnne/host/uncertainty_guard.hpp>
#include <chemnne/inference/prepared_network.hpp>
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
  std::size_t limited =
      0;  ///< of these, with a species that the step would have taken beyond the training data (RangeLimit)
  std::size_t uncertain =
      0;  ///< cells unlike those of the training as the network sees them; 0 without calibration
  std::size_t left_unchanged = 0;  ///< cells whose input or result is not finite: their state is as before

  bool clean() const {
    return valid_step && outside_training == 0 && limited == 0 && uncertain == 0 && left_unchanged == 0;
  }
};

/// How an emulator runs.
struct EmulatorOptions {
  std::size_t threads =
      1;  ///< of `advance`; a host that calls it from its own threads gives each an emulator with one
  std::string fingerprint = {};  ///< of the mechanism that the host expects; empty: any
  double coverage = 0.9;         ///< nominal, of the half-widths; one that the file was calibrated for
};

/// A trained emulator in a host model: c(t + dt) from c(t) and the conditions.
///
/// Everything is set up at construction, which prepares the network for inference. `advance` allocates
/// nothing, throws nothing and is the same for any number of threads and any split of the cells. The network
/// works in float; number densities stay in double: a species that was given is multiplied by 10^change, so
/// that what does not react keeps its value but for one rounding.
template <class Model, class Backend>
class Emulator {
 public:
  using C = typename Model::Configuration;
  using Network = Deployed<C, typename Model::Trajectory>;

  /// Errors: Error when the file is damaged or of another model (`read_weights`), or the options make no
  /// sense or ask for a coverage that the file was not calibrated for.
  explicit Emulator(const std::string& file, const EmulatorOptions& options = {})
      : parameters_(Network::parameters),
        description_(read_weights<Network>(
            file, Model::architecture, configuration_text<C>(),
            std::span<float, Network::parameters>(parameters_.data(), Network::parameters))),
        guard_(file, options.coverage) {
    if (!options.fingerprint.empty() && options.fingerprint != description_.fingerprint)
      throw Error(file + ", mechanism fingerprint", "'" + options.fingerprint + "' (the host's)",
                  "'" + description_.fingerprint + "' (" + description_.mechanism + ")");
    if (description_.inputs.size() != C::inputs || description_.outputs.size() != C::outputs ||
        description_.conditions.size() != C::conditions)
      throw Error(file, "names of the species and conditions of the configuration", "another number of them");
    for (std::size_t i = 0; i < in; ++i) {
      const ValueRange range =
          i < C::inputs ? description_.input_range[i] : description_.condition_range[i - C::inputs];
      lowest_[i] = static_cast<float>((range.minimum - mean(i)) / deviation(i)) - range_margin;
      highest_[i] = static_cast<float>((range.maximum - mean(i)) / deviation(i)) + range_margin;
    }
    for (std::size_t i = 0; i < C::outputs; ++i) limit_[i] = RangeLimit(description_.output_range[i]);
    end_.prepare(weights());
    nodal_.prepare(weights());
    for (std::size_t thread = 0; thread < std::max<std::size_t>(1, options.threads); ++thread)
      memory_.emplace_back(workspace);
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

  /// Whether the weights file holds an uncertainty: without it no cell is counted as uncertain and
  /// half-widths are infinite.
  bool calibrated() const { return guard_.calibrated(); }

  /// Number densities after `seconds` of chemistry under constant conditions.
  ///
  /// Shapes: before [cells][inputs], conditions [cells][conditions], after [cells][outputs]; `after` may be
  /// `before`. Units: molecules cm-3; conditions as `description()` says. 0 < seconds <= horizon; at the
  /// horizon only the last node is decoded.
  ///
  /// `uncertainty`: where the host wants them, the half-widths [cells][outputs] of the state in decades at
  /// the nominal coverage of the options, and the score of each cell. They are those of a step of the
  /// horizon, for any step length. Infinite where nothing is known: without calibration, and of cells left
  /// unchanged.
  StepStatus advance(Columns<const double> before, Columns<const double> conditions, double seconds,
                     Columns<double> after, const UncertaintyColumns& uncertainty = {}) noexcept {
    StepStatus status;
    if (!(seconds > 0 && seconds <= C::horizon) || before.cells != conditions.cells ||
        before.cells != after.cells || !uncertainty.fits(before.cells)) {
      status.valid_step = false;
      return status;
    }
    if (seconds == C::horizon) {
      advance_with(end_, before, conditions, after, uncertainty, status);
    } else {
      set_step_length(seconds);
      advance_with(nodal_, before, conditions, after, uncertainty, status);
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
  using EndOfStep = PreparedNetwork<typename Model::EndOfStep, Backend, float>;
  using Nodal = PreparedNetwork<typename Model::Trajectory::NodalNetwork, Backend, float>;
  using Guard = UncertaintyGuard<Model, Backend>;

  static std::size_t place_of(const std::string& name, const std::vector<std::string>& names,
                              const char* what) {
    const auto place = std::find(names.begin(), names.end(), name);
    if (place == names.end()) throw Error("emulator", what, "'" + name + "'");
    return static_cast<std::size_t>(place - names.begin());
  }

  /// Scalars that one thread needs for a block of cells.
  static constexpr std::size_t memory_size(std::size_t cells, std::size_t network) {
    return 2 * padded(cells * in) + 2 * padded(cells * C::outputs) + padded(cells) +
           padded(cells * Guard::scratch) + Finish::memory(cells) + network;
  }
  static constexpr std::size_t workspace = std::max(
      memory_size(EndOfStep::block, EndOfStep::memory(EndOfStep::block)),
      memory_size(Nodal::block, Nodal::memory(Nodal::block) + padded(Nodal::block * C::nodes * C::outputs)));

  double mean(std::size_t i) const { return static_cast<double>(parameters_[1 + i]); }
  double deviation(std::size_t i) const { return static_cast<double>(parameters_[1 + in + i]); }
  Parameters<const float, Prepare::parameters> prepare() const {
    return Parameters<const float, Prepare::parameters>(parameters_.data(), Prepare::parameters);
  }
  Parameters<const float, Model::Trajectory::parameters> weights() const {
    return Parameters<const float, Model::Trajectory::parameters>(parameters_.data() + Prepare::parameters,
                                                                  Model::Trajectory::parameters);
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
  void advance_with(const Part& network, Columns<const double> before, Columns<const double> conditions,
                    Columns<double> after, const UncertaintyColumns& uncertainty,
                    StepStatus& status) noexcept {
    std::fill(flagged_.begin(), flagged_.end(), StepStatus{});
    parallel_for_blocks(before.cells, Part::block, memory_.size(),
                        [&](std::size_t first, std::size_t count, std::size_t thread) {
                          step_block(network, first, count, before, conditions, after, uncertainty,
                                     Arena<float>(memory_[thread].span()), flagged_[thread]);
                        });
    for (const StepStatus& part : flagged_) {
      status.cells += part.cells;
      status.outside_training += part.outside_training;
      status.limited += part.limited;
      status.uncertain += part.uncertain;
      status.left_unchanged += part.left_unchanged;
    }
  }

  /// One block: gather, normalise, network, and number densities again.
  template <class Part>
  void step_block(const Part& network, std::size_t first, std::size_t count, Columns<const double> before,
                  Columns<const double> conditions, Columns<double> after,
                  const UncertaintyColumns& uncertainty, Arena<float> arena,
                  StepStatus& flagged) const noexcept {
    const auto physical = arena.template take<Shape<in>>(count);
    const auto x = arena.template take<Shape<in>>(count);
    const auto y = arena.template take<State>(count);
    const auto result = arena.template take<State>(count);
    float* const score = arena.template take<Shape<1>>(count).data();
    before.each(first, count, C::inputs, [&](std::size_t cell, std::size_t i) {
      physical[cell - first][i] = static_cast<float>(before(cell, i));
    });
    conditions.each(first, count, C::conditions, [&](std::size_t cell, std::size_t k) {
      physical[cell - first][C::inputs + k] = static_cast<float>(conditions(cell, k));
    });
    Prepare::template forward<Backend, float>(physical, prepare(), x, arena);
    evaluate(network, x, y, score, arena);
    factors(x, y, result, arena);

    std::array<bool, std::max(EndOfStep::block, Nodal::block)> good;
    for (std::size_t cell = 0; cell < count; ++cell) {
      ++flagged.cells;
      if (outside(physical[cell], x[cell])) ++flagged.outside_training;
      if (guard_.uncertain(score[cell])) ++flagged.uncertain;
      good[cell] = finite(physical[cell], in) && finite(result[cell], C::outputs);
      if (!good[cell]) ++flagged.left_unchanged;
    }
    const float floor = parameters_[0];
    std::array<bool, std::max(EndOfStep::block, Nodal::block)> limited{};
    after.each(first, count, C::outputs, [&](std::size_t cell, std::size_t i) {
      const double value = static_cast<double>(result[cell - first][i]);
      if (!good[cell - first]) {
        if (i < std::min(C::inputs, C::outputs)) after(cell, i) = before(cell, i);
        return;
      }
      double wanted = value, allowed;
      if (i < known) {
        const double given = physical[cell - first][i] > floor ? before(cell, i) : static_cast<double>(floor);
        wanted *= given;
        allowed = limit_[i].limited(given, wanted);
      } else {
        allowed = limit_[i].limited(wanted);
      }
      if (allowed != wanted) limited[cell - first] = true;
      after(cell, i) = allowed;
    });
    flagged.limited += static_cast<std::size_t>(std::count(limited.begin(), limited.end(), true));
    guard_.write(first, count, score, good.data(), uncertainty);
  }

  /// y: the standardised state at the end of the hour.
  void evaluate(const EndOfStep& network, Rows<const float, in> x, RowsOf<float, State> y, float* score,
                Arena<float> arena) const noexcept {
    evaluate_scored(network, x, y, score, arena);
  }
  /// y: the standardised state at the end of the step, interpolated between the nodes.
  void evaluate(const Nodal& network, Rows<const float, in> x, RowsOf<float, State> y, float* score,
                Arena<float> arena) const noexcept {
    const auto nodal = arena.template take<Shape<C::nodes, C::outputs>>(x.count());
    evaluate_scored(network, x, nodal, score, arena);
    for (std::size_t cell = 0; cell < x.count(); ++cell) {
      const Rows<const float, C::outputs> values = nodal.steps(cell);
      const Rows<float, C::outputs> end = y.steps(cell);
      if constexpr (known > 0)
        Backend::affine(Rows<const float, C::nodes>(change_weight_.data(), 1),
                        values.template columns<known>(0), std::span<const float, known>(x[cell], known),
                        end.template columns<known>(0));
      if constexpr (known < C::outputs)
        Backend::matmul(Rows<const float, C::nodes>(value_weight_.data(), 1),
                        values.template columns<C::outputs - known>(known),
                        end.template columns<C::outputs - known>(known));
    }
  }

  /// y = network(x), and the scores of the codes that it makes on the way.
  template <class Part>
  void evaluate_scored(const Part& network, Rows<const float, in> x, RowsOf<float, typename Part::Output> y,
                       float* score, Arena<float> arena) const noexcept {
    if constexpr (has_code<Model>) {
      if (guard_.calibrated()) {
        const auto memory = arena.template take<Shape<Guard::scratch>>(x.count());
        network.evaluate(x, y, arena, [&](auto code) { guard_.score(x, code, memory, score); });
        return;
      }
    }
    network.evaluate(x, y, arena);
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
  Guard guard_;
  std::array<float, in> lowest_{}, highest_{};
  std::array<RangeLimit, C::outputs> limit_{};
  std::array<float, C::nodes> change_weight_{}, value_weight_{};
  EndOfStep end_;
  Nodal nodal_;
  std::vector<Buffer<float>> memory_;
  std::vector<StepStatus> flagged_;
};

}  // namespace chemnne
