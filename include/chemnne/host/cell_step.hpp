#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>
#include <span>
#include <string>
#include <type_traits>

#include <chemnne/backend/arithmetic.hpp>
#include <chemnne/backend/bf16.hpp>
#include <chemnne/host/range_limit.hpp>
#include <chemnne/host/step_status.hpp>
#include <chemnne/host/uncertainty_guard.hpp>
#include <chemnne/inference/prepared_network.hpp>
#include <chemnne/io/weights_file.hpp>
#include <chemnne/model/chemnne.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne {

/// A trained network on a block of cells in number densities: normalisation, network, the change as a factor,
/// what is known of how far to trust it. Read-only after construction: threads share it.
template <class Model, class Backend, class T = float>
class CellStep {
 public:
  using C = typename Model::Configuration;
  using Network = Deployed<C, typename Model::Trajectory>;
  static constexpr std::size_t in = C::inputs + C::conditions;
  /// Species whose value before the step is known.
  static constexpr std::size_t known = Model::Trajectory::known;

  /// The length of a step. The whole horizon is the last node; else the nodes are interpolated.
  struct Length {
    double seconds = C::horizon;
    std::array<T, C::nodes> change{}, value{};
    constexpr bool whole() const { return seconds == C::horizon; }
  };
  /// 0 < seconds <= horizon.
  static Length length(double seconds) noexcept {
    const auto change = typename Model::Grid{C::horizon, C::time_scale}.weights(seconds, known > 0);
    const auto value = typename Model::Grid{C::horizon, C::time_scale}.weights(seconds, false);
    Length length{.seconds = seconds};
    for (std::size_t node = 0; node < C::nodes; ++node) {
      length.change[node] = static_cast<T>(change[node]);
      length.value[node] = static_cast<T>(value[node]);
    }
    return length;
  }

  /// Errors: Error when the file is of another model or damaged (`read_weights`), was not calibrated for the
  /// coverage, or a range is beyond what float can hold in deviations.
  CellStep(const SafetensorsFile& file, const std::string& path, double coverage)
      : parameters_(Network::parameters),
        description_(read(file, path, parameters_)),
        uncertainty_(file, path, coverage) {
    for (std::size_t i = 0; i < in; ++i) {
      const ValueRange range =
          i < C::inputs ? description_.input_range[i] : description_.condition_range[i - C::inputs];
      lowest_[i] = standardised(range.minimum, i, path) - range_margin;
      highest_[i] = standardised(range.maximum, i, path) + range_margin;
    }
    for (std::size_t i = 0; i < C::outputs; ++i)
      limit_[i] = RangeLimit(description_.output_range[i], description_.output_floor[i]);
    end_.prepare(weights());
    nodal_.prepare(weights());
  }

  const EmulatorDescription& description() const { return description_; }
  const auto& uncertainty() const { return uncertainty_; }
  const std::array<RangeLimit, C::outputs>& limits() const { return limit_; }

  using Prepare = Normalise<C::inputs, C::conditions>;
  using Finish = Denormalise<1, C::outputs>;

  /// The rest is public for other ways to run the same step (BlockStep).
  using State = Shape<1, C::outputs>;

 private:
  using EndOfStep = PreparedNetwork<typename Model::EndOfStep, Backend, T>;
  using Nodal = PreparedNetwork<typename Model::Trajectory::NodalNetwork, Backend, T>;

 public:
  using Guard = UncertaintyGuard<Model, PreciseBackend<Backend>, T>;

  /// Scalars that a prepared network needs for so many rows whose codes are scored.
  template <class P>
  static constexpr std::size_t scored_memory(std::size_t rows) {
    if constexpr (has_code<Model>)
      return P::memory_watched(rows, Guard::Score::scratch);
    else
      return P::memory(rows);
  }

  /// Cells of a block, for a step of the horizon and for others.
  static constexpr std::size_t block(bool whole) { return whole ? EndOfStep::block : Nodal::block; }
  static constexpr std::size_t largest_block = std::max(EndOfStep::block, Nodal::block);
  /// Floats that `evaluate` needs for such a block.
  static constexpr std::size_t memory = [] {
    constexpr auto of = [](std::size_t cells, std::size_t network) {
      return padded(cells * C::outputs) + Finish::memory(cells) + network;
    };
    return std::max(of(EndOfStep::block, scored_memory<typename EndOfStep::P>(EndOfStep::block)),
                    of(Nodal::block, scored_memory<typename Nodal::P>(Nodal::block) +
                                         padded(Nodal::block * C::nodes * C::outputs)));
  }();

  /// A step of a block of cells: the factor on species that were given, the number density of the others.
  ///
  /// Shapes: physical [cells][inputs + conditions] (number densities in molecules cm-3, then conditions), x
  /// the same, standardised, which is written, result [cells][outputs], flags and score [cells]. Flags:
  /// outside_training, uncertain, not_finite.
  void evaluate(const Length& length, Rows<const T, in> physical, Rows<T, in> x, RowsOf<T, State> result,
                CellFlags* flags, T* score, Arena<T> arena) const noexcept {
    const auto y = arena.template take<State>(physical.count());
    Prepare::template forward<Backend, T>(physical, prepare(), x, arena);
    if (length.whole())
      evaluate_scored(end_, x, y, score, arena);
    else
      interpolate(length, x, y, score, arena);
    factors(finish(), x, y, result, arena);
    for (std::size_t cell = 0; cell < physical.count(); ++cell) {
      const bool good = finite(physical[cell], in) && finite(result[cell], C::outputs);
      flags[cell] = static_cast<CellFlags>(
          (outside(physical[cell], x[cell], parameters_.data(), lowest_, highest_)
               ? flag(CellFlag::outside_training)
               : 0) |
          (uncertainty_.meaning().uncertain(score[cell]) ? flag(CellFlag::uncertain) : 0) |
          (good ? 0 : flag(CellFlag::not_finite)));
    }
  }

  /// Number density below which an input counts as absent [molecules cm-3].
  T floor(std::size_t input) const { return parameters_[input]; }

  /// Parameters of the normalisation, of the network itself, and of the way back to number densities.
  Parameters<const T, Prepare::parameters> prepare() const {
    return Parameters<const T, Prepare::parameters>(parameters_.data(), Prepare::parameters);
  }
  Parameters<const T, Model::Trajectory::parameters> weights() const {
    return Parameters<const T, Model::Trajectory::parameters>(parameters_.data() + Prepare::parameters,
                                                              Model::Trajectory::parameters);
  }
  Parameters<const T, Finish::parameters> finish() const {
    return Parameters<const T, Finish::parameters>(
        parameters_.data() + Network::parameters - Finish::parameters, Finish::parameters);
  }

  /// y: the standardised state at the end of the step, between those of the nodes [nodes, outputs].
  static constexpr void between_nodes(const Length& length, Rows<const T, in> x,
                                      Rows<const T, C::nodes, C::outputs> nodal,
                                      RowsOf<T, State> y) noexcept {
    for (std::size_t cell = 0; cell < x.count(); ++cell) {
      const Rows<const T, C::outputs> values = nodal.steps(cell);
      const Rows<T, C::outputs> end = y.steps(cell);
      if constexpr (known > 0)
        Backend::affine(Rows<const T, C::nodes>(length.change.data(), 1), values.template columns<known>(0),
                        std::span<const T, known>(x[cell], known), end.template columns<known>(0));
      if constexpr (known < C::outputs)
        Backend::matmul(Rows<const T, C::nodes>(length.value.data(), 1),
                        values.template columns<C::outputs - known>(known),
                        end.template columns<C::outputs - known>(known));
    }
  }

  /// Factor 10^(deviation (y - x)) of the species that were given, number density of the others. `p` as
  /// `finish()`.
  static constexpr void factors(Parameters<const T, Finish::parameters> p, Rows<const T, in> x,
                                RowsOf<T, State> y, RowsOf<T, State> result, Arena<T> arena) noexcept {
    if constexpr (known < C::outputs) Finish::template forward<Backend, T>(y, p, result, arena);
    if constexpr (known > 0) {
      const auto change = y.merge().template columns<known>(0);
      Backend::map(Subtract{}, change, change, x.template columns<known>(0));
      Backend::map(PowerOfTen{}, result.merge().template columns<known>(0), change,
                   p.template last<C::outputs>().template first<known>());
    }
  }

  /// Whether a cell's value, standardised x, is beyond the training data; `floors` [inputs].
  static constexpr bool outside(const T* physical, const T* x, const T* floors,
                                const std::array<T, in>& lowest, const std::array<T, in>& highest) noexcept {
    for (std::size_t i = 0; i < in; ++i) {
      const bool absent = i < C::inputs && physical[i] <= floors[i];
      if (!absent && !(x[i] >= lowest[i] && x[i] <= highest[i])) return true;
    }
    return false;
  }

  static constexpr bool finite(const T* values, std::size_t count) noexcept {
    return std::all_of(values, values + count, [](T v) { return std::isfinite(v); });
  }

  /// `before` times the network's factor; a species below its floor, which the network takes for absent,
  /// loses its own share and gains what the floor would; a negative one counts as 0.
  static constexpr double changed(double before, double factor, double floor) noexcept {
    if (before > floor) return before * factor;
    return std::max(before, 0.0) * std::min(factor, 1.0) + floor * std::max(factor - 1, 0.0);
  }

  const std::array<T, in>& lowest() const { return lowest_; }
  const std::array<T, in>& highest() const { return highest_; }

 private:
  /// In deviations: new air like that of the training data passes their extremes by a little now and then
  /// (one window in 200: docs/studies/2026-11_host.md, "The guard").
  static constexpr T range_margin = T(0.1);

  double mean(std::size_t i) const { return static_cast<double>(parameters_[Prepare::mean + i]); }
  double deviation(std::size_t i) const { return static_cast<double>(parameters_[Prepare::deviation + i]); }
  /// The weights of a file, which holds floats.
  static EmulatorDescription read(const SafetensorsFile& file, const std::string& path, Buffer<T>& to) {
    const auto read_floats = [&](float* weights) {
      return read_weights<Network>(file, path, Model::architecture, configuration_text<C>(),
                                   std::span<float, Network::parameters>(weights, Network::parameters));
    };
    if constexpr (std::is_same_v<T, float>) {
      return read_floats(to.data());
    } else {
      Buffer<float> weights(Network::parameters);
      EmulatorDescription description = read_floats(weights.data());
      std::copy_n(weights.data(), weights.size(), to.data());
      return description;
    }
  }

  /// The end of a range in deviations from the mean.
  T standardised(double end, std::size_t i, const std::string& path) const {
    const double value = (end - mean(i)) / deviation(i);
    if (!(std::abs(value) < static_cast<double>(std::numeric_limits<float>::max())))
      throw Error(path + ", range of '" +
                      (i < C::inputs ? description_.inputs[i] : description_.conditions[i - C::inputs]) + "'",
                  "one that T can hold in deviations from the mean", number_text(value) + " deviations");
    return static_cast<T>(value);
  }
  /// y: the standardised state at the end of the step, interpolated between the nodes.
  void interpolate(const Length& length, Rows<const T, in> x, RowsOf<T, State> y, T* score,
                   Arena<T> arena) const noexcept {
    const auto nodal = arena.template take<Shape<C::nodes, C::outputs>>(x.count());
    evaluate_scored(nodal_, x, nodal, score, arena);
    between_nodes(length, x, nodal, y);
  }

  /// y = network(x), and the scores of the codes that it makes on the way.
  template <class Part>
  void evaluate_scored(const Part& network, Rows<const T, in> x, RowsOf<T, typename Part::Output> y, T* score,
                       Arena<T> arena) const noexcept {
    if constexpr (has_code<Model>) {
      if (uncertainty_.meaning().calibrated) {
        network.evaluate(x, y, arena, [&](auto code, Arena<T> scratch) {
          uncertainty_.score(x, code, scratch.template take<Shape<Guard::Score::scratch>>(x.count()), score);
        });
        return;
      }
    }
    network.evaluate(x, y, arena);
  }

  Buffer<T> parameters_;
  EmulatorDescription description_;
  Guard uncertainty_;
  std::array<T, in> lowest_{}, highest_{};
  std::array<RangeLimit, C::outputs> limit_{};
  EndOfStep end_;
  Nodal nodal_;
};

}  // namespace chemnne
