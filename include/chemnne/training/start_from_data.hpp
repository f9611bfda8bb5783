#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include <chemnne/model/baselines.hpp>
#include <chemnne/training/training_set.hpp>

namespace chemnne {

/// What a model's first weights take from the training data, after its initialisation: nothing.
template <class Model>
struct StartFromData {
  static void apply(const TrainingSet&, std::span<float, Model::Trajectory::parameters>) {}
};

/// The modes of proper orthogonal decomposition: the leading directions in time of the training windows,
/// known species by their change from frame 0, others by their deviation from the mean 0.
template <class C>
struct StartFromData<Pod<C>> {
  using Modes = parts::PodModes<C>;

  static void apply(const TrainingSet& data, std::span<float, Pod<C>::Trajectory::parameters> p) {
    constexpr std::size_t nodes = C::nodes;
    std::array<double, nodes * nodes> covariance{};
    const std::size_t window = C::frames * data.species;
    for (std::size_t at = 0; at + window <= data.state.size(); at += window)
      for (std::size_t s = 0; s < C::outputs; ++s) {
        const std::array<double, nodes> value =
            at_nodes(data.state.data() + at + s, data.species, s < Pod<C>::known);
        for (std::size_t n = 0; n < nodes; ++n)
          for (std::size_t m = 0; m < nodes; ++m) covariance[n * nodes + m] += value[n] * value[m];
      }
    Modes::start_modes(covariance, p.template last<Modes::parameters>());
  }

 private:
  /// A species of a window at the nodes, between frames by a line.
  static std::array<double, C::nodes> at_nodes(const float* x, std::size_t species, bool change) {
    std::array<double, C::nodes> value;
    for (std::size_t n = 0; n < C::nodes; ++n) {
      const double frame = Pod<C>::grid.time(n) / C::horizon * (C::frames - 1);
      const auto before = std::min(static_cast<std::size_t>(frame), C::frames - 2);
      const double share = frame - static_cast<double>(before);
      value[n] = (1 - share) * static_cast<double>(x[before * species]) +
                 share * static_cast<double>(x[(before + 1) * species]) -
                 (change ? static_cast<double>(x[0]) : 0);
    }
    return value;
  }
};

}  // namespace chemnne
