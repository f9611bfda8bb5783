#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include <chemnne/model/baselines.hpp>
#include <chemnne/model/network_ends.hpp>
#include <chemnne/model/unrolled_model.hpp>
#include <chemnne/training/training_set.hpp>

namespace chemnne {

/// What a model's first weights take from the training data, after its initialisation: the deviations of the
/// species that are known, where the model has them.
template <class Model>
struct StartFromData {
  static void apply(const TrainingSet& data, std::span<float, Model::Trained::parameters> p) {
    using Constants = ProductionConstants<typename SingleWindow<Model>::type::Trained>;
    for (std::size_t i = 0; i < Constants::count; ++i) p[Constants::deviation + i] = data.deviation[i];
  }
};

/// The modes of proper orthogonal decomposition: the leading directions in time of the training windows,
/// known species by their change from frame 0, others by their deviation from the mean 0.
template <class C>
struct StartFromData<Pod<C>> {
  using Modes = parts::PodModes<C>;

  static void apply(const TrainingSet& data, std::span<float, Pod<C>::Trained::parameters> p) {
    constexpr std::size_t nodes = C::nodes;
    std::array<double, nodes * nodes> covariance{};
    const std::size_t window = data.frames * data.species;
    for (std::size_t at = 0; at + window <= data.state.size(); at += window)
      for (std::size_t s = 0; s < C::outputs; ++s) {
        const std::array<double, nodes> value = at_nodes(data.state.data() + at + s, data, s < Pod<C>::known);
        for (std::size_t n = 0; n < nodes; ++n)
          for (std::size_t m = 0; m < nodes; ++m) covariance[n * nodes + m] += value[n] * value[m];
      }
    Modes::start_modes(covariance, p.template last<Modes::parameters>());
  }

 private:
  /// A species of a window of `data` at the nodes, between frames by a line.
  static std::array<double, C::nodes> at_nodes(const float* x, const TrainingSet& data, bool change) {
    std::array<double, C::nodes> value;
    for (std::size_t n = 0; n < C::nodes; ++n) {
      const double frame = Pod<C>::grid.time(n) / C::horizon * static_cast<double>(data.frames - 1);
      const auto before = std::min(static_cast<std::size_t>(frame), data.frames - 2);
      const double share = frame - static_cast<double>(before);
      value[n] = (1 - share) * static_cast<double>(x[before * data.species]) +
                 share * static_cast<double>(x[(before + 1) * data.species]) -
                 (change ? static_cast<double>(x[0]) : 0);
    }
    return value;
  }
};

}  // namespace chemnne
