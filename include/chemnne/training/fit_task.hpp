#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include <chemnne/data/standardisation.hpp>
#include <chemnne/io/weights_file.hpp>
#include <chemnne/training/conserved_elements.hpp>
#include <chemnne/training/training_options.hpp>
#include <chemnne/training/training_set.hpp>
#include <chemnne/training/window_source.hpp>

namespace chemnne {

/// All that a training needs but the model's type.
struct FitTask {
  const TrainingSet& train;  ///< which `source` may change
  const TrainingSet& validation;
  const Standardisation& standardisation;   ///< of inputs, outputs and conditions
  std::vector<double> budget_coefficient;   ///< [budgets][outputs], see budget_coefficients
  std::size_t budgets_used;                 ///< mass and the elements that the data have
  std::vector<ConservedElement> conserved;  ///< what the weights file says of elements
  TrainingOptions options;
  std::string initial;              ///< weights file to start from, see warm_start; empty: random weights
  std::string out;                  ///< weights to write, beside them OUT.csv
  EmulatorDescription description;  ///< mechanism and data; the rest is filled in
  WindowSource* source = nullptr;   ///< renews windows of `train` after each epoch
};

/// How a training went.
struct FitResult {
  std::size_t parameters;
  std::size_t epochs;
  double seconds;
  double validation_rmse;  ///< standardised
};

}  // namespace chemnne
