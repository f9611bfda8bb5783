#pragma once
#include <memory>
#include <string>
#include <vector>

#include <chemnne/cli/trained_model.hpp>
#include <chemnne/cli/world.hpp>
#include <chemnne/data/dataset_file.hpp>
#include <chemnne/emulator.hpp>
#include <chemnne/training/calibration.hpp>
#include <chemnne/training/fit.hpp>
#include <chemnne/training/sensitivity.hpp>
#include <chemnne/training/trained_network.hpp>

namespace chemnne {

namespace detail {
/// The interface over weights of `Model`.
template <class Model>
class TrainedModelOf final : public TrainedModel {
 public:
  explicit TrainedModelOf(const std::string& file) : file_(file), network_(file) {}

  const EmulatorDescription& description() const override { return network_.description(); }
  Standardisation standardisation() const override { return network_.standardisation(); }
  Predictor predictor(std::size_t threads) const override { return network_.predictor(threads); }
  StepFunction step(std::size_t threads) const override {
    const auto emulator =
        std::make_shared<Emulator<Model, DefaultBackend>>(file_, EmulatorOptions{.threads = threads});
    return [emulator](auto... arguments) { return emulator->advance(arguments...); };
  }
  std::optional<AttentionMap> attention(const Dataset& data) const override {
    return attention_map<Model>(network_, data);
  }
  SensitivityMatrices sensitivity(std::span<const float> initial,
                                  std::span<const float> conditions) const override {
    return sensitivities<typename Model::Configuration, typename Model::Trajectory, DefaultBackend>(
        network_.parameters(), initial, conditions);
  }

  void calibrate(const std::vector<std::string>& training,
                 const std::vector<std::string>& held_out) const override {
    if constexpr (requires { typename Model::Code; }) {
      const Calibrator<Model, DefaultBackend> calibrator(network_);
      std::vector<float> inputs;
      for (const std::string& file : training) {
        const std::vector<float> more = network_inputs<typename Model::Configuration>(
            TrainingSet(read_dataset(file), network_.standardisation()));
        inputs.insert(inputs.end(), more.begin(), more.end());
      }
      Uncertainty uncertainty = calibrator.fit_score(inputs);
      WindowErrors errors;
      for (const std::string& file : held_out)
        errors.append(calibrator.errors(uncertainty, read_dataset(file)));
      calibrate_widths(uncertainty, errors);
      write_uncertainty(file_, uncertainty);
    } else {
      throw Error(file_, "a model with a code, such as chemnne",
                  std::string("'") + Model::architecture + "'");
    }
  }
  bool calibrated() const override { return uncertainty().has_value(); }
  std::optional<IntervalResults> intervals(const Dataset& data) const override {
    if constexpr (requires { typename Model::Code; })
      if (const std::optional<Uncertainty> found = uncertainty())
        return evaluate_intervals(*found, Calibrator<Model, DefaultBackend>(network_).errors(*found, data));
    return std::nullopt;
  }

 private:
  /// The file's; none for a model without a code.
  std::optional<Uncertainty> uncertainty() const {
    if constexpr (requires { typename Model::Code; }) {
      constexpr std::size_t in = Model::Code::Input::size, width = Model::Code::Output::size;
      return read_uncertainty(
          file_, {in, spread_directions(in), width, spread_directions(width), Model::Configuration::outputs});
    } else {
      return std::nullopt;
    }
  }

  std::string file_;
  TrainedNetwork<Model, DefaultBackend> network_;
};
}  // namespace detail

/// The entry of a model in a program's list. Each takes some ten seconds to compile: one translation unit a
/// model (chemnne_add_emulator does so).
template <class Model>
ModelEntry model_entry() {
  using Single = typename SingleWindow<Model>::type;
  using C = typename Single::Configuration;
  return {.architecture = Model::architecture,
          .configuration = configuration_text<C>(),
          .parameters = Single::Trajectory::parameters,
          .inputs = C::inputs,
          .outputs = C::outputs,
          .conditions = C::conditions,
          .frames = C::frames,
          .stride = C::training_stride,
          .horizon = C::horizon,
          .windows = SingleWindow<Model>::windows,
          .fit = [](const FitTask& task) { return fit<Model, DefaultBackend>(task, world()); },
          .load = [](const std::string& file) -> std::unique_ptr<TrainedModel> {
            return std::make_unique<detail::TrainedModelOf<Single>>(file);
          }};
}

}  // namespace chemnne
