#pragma once
#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <chemnne/data/standardisation.hpp>
#include <chemnne/host/element_budget.hpp>
#include <chemnne/inference/block_runner.hpp>
#include <chemnne/io/weights_file.hpp>
#include <chemnne/model/chemnne.hpp>
#include <chemnne/tensor/buffer.hpp>
#include <chemnne/training/cell_source.hpp>
#include <chemnne/training/metrics.hpp>

namespace chemnne {

/// The parameters of the deployed network of `Model`: `weights` between the constants of a standardisation of
/// its species, the inputs and outputs first, and of its conditions.
template <class Model>
Buffer<float> deployed_parameters(const Standardisation& all,
                                  std::span<const float, Model::Trajectory::parameters> weights) {
  using C = typename Model::Configuration;
  Buffer<float> block(Deployed<C, typename Model::Trajectory>::parameters);
  float* next = block.data();
  const auto put = [&next](const std::vector<double>& values, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) *next++ = static_cast<float>(values[i]);
  };
  put(all.floor, C::inputs);
  put(all.mean, C::inputs);
  put(all.condition_mean, C::conditions);
  put(all.deviation, C::inputs);
  put(all.condition_deviation, C::conditions);
  next = std::copy(weights.begin(), weights.end(), next);
  put(all.mean, C::outputs);
  put(all.deviation, C::outputs);
  return block;
}

/// A trained network of `Model` with the normalisation around it: number densities in, all frames of number
/// densities out.
template <class Model, class Backend>
class TrainedNetwork {
 public:
  using C = typename Model::Configuration;
  using Network = Deployed<C, typename Model::Trajectory>;
  using Prepare = Normalise<C::inputs, C::conditions>;

  /// Errors: see read_weights.
  explicit TrainedNetwork(const std::string& path)
      : parameters_(Network::parameters),
        description_(read_weights<Network>(
            path, Model::architecture, configuration_text<C>(),
            std::span<float, Network::parameters>(parameters_.data(), Network::parameters))),
        budget_(description_) {}

  const EmulatorDescription& description() const { return description_; }
  Parameters<const float, Network::parameters> parameters() const& {
    return Parameters<const float, Network::parameters>(parameters_.data(), Network::parameters);
  }
  Parameters<const float, Network::parameters> parameters() && = delete;  // a view of what is gone
  /// The weights of the network proper, without the normalisation around it.
  Parameters<const float, Model::Trajectory::parameters> weights() const& {
    return parameters().template subspan<Prepare::parameters, Model::Trajectory::parameters>();
  }

  Parameters<const float, Model::Trajectory::parameters> weights() && = delete;

  PredictionTask task() const { return {description_.inputs, description_.outputs, description_.conditions}; }

  /// The normalisation of the outputs and conditions, as it was fitted on the training data.
  Standardisation standardisation() const {
    Standardisation s;
    s.species = description_.outputs;
    s.floor = description_.output_floor;
    const auto& scale =
        description_.scale_range.empty() ? description_.output_range : description_.scale_range;
    const std::size_t at = Network::parameters - 2 * C::outputs;
    for (std::size_t i = 0; i < C::outputs; ++i) {
      s.mean.push_back(static_cast<double>(parameters_[at + i]));
      s.deviation.push_back(static_cast<double>(parameters_[at + C::outputs + i]));
      s.minimum.push_back(scale[i].minimum);
      s.maximum.push_back(scale[i].maximum);
    }
    s.condition_name = description_.conditions;
    s.condition_units = description_.condition_units;
    for (std::size_t k = 0; k < C::conditions; ++k) {
      s.condition_mean.push_back(static_cast<double>(parameters_[Prepare::mean + C::inputs + k]));
      s.condition_deviation.push_back(static_cast<double>(parameters_[Prepare::deviation + C::inputs + k]));
      s.condition_minimum.push_back(description_.condition_range[k].minimum);
      s.condition_maximum.push_back(description_.condition_range[k].maximum);
    }
    return s;
  }

  /// Predicts the frames after the first, from the parameters as they are now; with the totals of the start
  /// of the elements that the file says are conserved, as a host's step has them.
  Predictor predictor(std::size_t threads) const {
    auto runner = std::make_shared<BlockRunner<Network, Backend, float>>(threads);
    runner->prepare(parameters());
    const ElementBudget budget = budget_;
    return [runner, budget](std::span<const float> initial, std::span<const float> conditions,
                            std::span<float> prediction) {
      const std::size_t cells = initial.size() / C::inputs;
      Buffer<float> x(cells * Network::Input::size), y(cells * Network::Output::size);
      for (std::size_t cell = 0; cell < cells; ++cell) {
        float* const row = x.data() + cell * Network::Input::size;
        std::copy_n(initial.data() + cell * C::inputs, C::inputs, row);
        std::copy_n(conditions.data() + cell * C::conditions, C::conditions, row + C::inputs);
      }
      runner->run({x.data(), cells}, {y.data(), cells});
      constexpr std::size_t later = (C::frames - 1) * C::outputs;
      for (std::size_t cell = 0; cell < cells; ++cell)
        std::copy_n(y.data() + cell * Network::Output::size + C::outputs, later,
                    prediction.data() + cell * later);
      if (budget.elements() == 0) return;
      for (std::size_t cell = 0; cell < cells; ++cell)
        for (std::size_t at = 0; at < later; at += C::outputs)
          budget.project(initial.data() + cell * C::inputs, prediction.data() + cell * later + at);
    };
  }

 private:
  Buffer<float> parameters_;
  EmulatorDescription description_;
  ElementBudget budget_;
};

}  // namespace chemnne
