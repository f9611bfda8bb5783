#pragma once
#include <chemnne/support/communicator.hpp>
#include <chemnne/training/fit.hpp>
#include <chemnne/training/training_data.hpp>

namespace chemnne {

/// Trains `Model` by a recipe, on the processes of `ranks`: what the command `train` does, from data sets to
/// the weights file.
///
///     train<ChemNNE<DefaultConfiguration<49, 49>>, DefaultBackend>(
///         {.data = {"train.nc"}, .validation = "validation.nc", .out = "weights.safetensors"});
///
/// Errors: see TrainingData and fit.
template <class Model, class Backend, Communicator Ranks = SingleProcess>
FitResult train(const TrainingRecipe& recipe, Ranks& ranks = single_process) {
  const TrainingData data(recipe, model_sizes<Model>());
  return fit<Model, Backend>(data.task(), ranks);
}

}  // namespace chemnne
