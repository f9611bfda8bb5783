#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <chemnne/training/optimiser.hpp>

namespace chemnne {

/// How samples are drawn.
struct SamplingOptions {
  std::size_t batch = 64;
  bool any_start = false;  ///< a sample begins at any frame of its window, not only at frame 0: helps where
                           ///< windows are few
  std::uint64_t seed = 1;
};

/// Weights of the terms of the loss, in the units of the terms' definitions.
struct LossWeights {
  double state_error = 1;
  double identity = 1;
  double first_derivative = 1;
  double second_derivative = 1;
  double conservation = 0.01;
};

/// How long and with what a network is trained.
struct TrainingOptions {
  OptimiserOptions optimiser{};
  SamplingOptions sampling{};
  LossWeights weights{};
  /// Errors count linearly beyond this [standard deviations]; infinity: squared, as in the paper. A squared
  /// error is that of a few violent windows: what hardly changes, most of a host's cells, is learnt worse.
  double linear_beyond = 0.005;
  /// Errors of species that hardly change count more, up to so many times (slow_importance).
  double slow_importance = 1;
  /// Factors on the errors of outputs [outputs], in the place of slow_importance where above 0; empty: nowhere.
  std::vector<float> importance{};
  std::size_t epochs = 200;    ///< the budget, unless minutes are given
  double minutes = 0;          ///< budget of time; 0: by epochs
  std::size_t patience = 0;    ///< epochs without a better validation after which training stops; 0: never
  std::string checkpoint{};    ///< file of the state after every epoch; empty: none
  std::vector<float> start{};  ///< weights to start from; empty: random ones
  bool element_exact = false;  ///< project predictions on the totals of the elements that the data conserve
  bool resume = false;         ///< go on from the checkpoint when there is one
};

}  // namespace chemnne
