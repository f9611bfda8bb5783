#pragma once
#include <algorithm>
#include <bit>
#include <cstdio>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <chemnne/io/atomic_file.hpp>
#include <chemnne/io/weights_file.hpp>
#include <chemnne/model/nodal_model.hpp>
#include <chemnne/model/unrolled_model.hpp>
#include <chemnne/support/communicator.hpp>
#include <chemnne/support/progress.hpp>
#include <chemnne/support/random.hpp>
#include <chemnne/support/text.hpp>
#include <chemnne/training/fit_task.hpp>
#include <chemnne/training/history.hpp>
#include <chemnne/training/seen_ranges.hpp>
#include <chemnne/training/trained_network.hpp>
#include <chemnne/training/trainer.hpp>
#include <chemnne/training/warm_start.hpp>

namespace chemnne {

namespace detail {

/// The deployed network: the constants of the normalisation around the trained weights.
template <class Model>
void write_fitted(const FitTask& task, std::span<const float, Model::Trajectory::parameters> weights,
                  const FitResult& result) {
  using C = typename Model::Configuration;
  using Network = Deployed<C, typename Model::Trajectory>;
  const Standardisation& all = task.standardisation;
  EmulatorDescription d = task.description;
  d.architecture = Model::architecture;
  d.configuration = configuration_text<C>();
  d.inputs.assign(all.species.begin(), all.species.begin() + C::inputs);
  d.outputs.assign(all.species.begin(), all.species.begin() + C::outputs);
  d.conditions = all.condition_name;
  d.condition_units = all.condition_units;
  const SeenRanges seen = seen_ranges(task.train, all);
  d.input_range.assign(seen.species.begin(), seen.species.begin() + C::inputs);
  d.output_range.assign(seen.species.begin(), seen.species.begin() + C::outputs);
  for (std::size_t i = 0; i < C::outputs; ++i) d.scale_range.push_back({all.minimum[i], all.maximum[i]});
  d.condition_range = seen.conditions;
  d.output_floor.assign(all.floor.begin(), all.floor.begin() + C::outputs);
  for (const ConservedElement& element : task.conserved) {
    d.elements.push_back(element.name);
    d.composition.push_back(element.atoms);
  }
  d.element_exact = task.options.element_exact;
  d.training = std::to_string(result.epochs) + " epochs in " + format_duration(result.seconds) + ", batch " +
               std::to_string(task.options.sampling.batch) + ", seed " +
               std::to_string(task.options.sampling.seed) +
               (task.options.element_exact ? ", element-exact" : "");
  d.metrics["validation_rmse_standardised"] = result.validation_rmse;
  d.metrics["training_seconds"] = result.seconds;
  const Buffer<float> block = deployed_parameters<Model>(all, weights);
  write_weights<Network>(task.out,
                         std::span<const float, Network::parameters>(block.data(), Network::parameters), d);
}

/// The projection on the totals of the conserved elements. Errors: Error when there are none.
template <std::size_t Outputs>
StandardisedProjection<float, Outputs> projection_of(const FitTask& task) {
  if (task.conserved.empty())
    throw Error("element-exact training",
                "an element with carriers, all of them given and predicted, whose total the data conserve to "
                "1e-5",
                "none");
  StandardisedProjection<float, Outputs> result;
  std::vector<double> composition;
  for (const ConservedElement& element : task.conserved) {
    result.budget.push_back(element.budget);
    composition.insert(composition.end(), element.atoms.begin(), element.atoms.end());
  }
  result.projection = ElementProjection(
      composition, task.conserved.size(), Outputs,
      mobilities(std::span(task.standardisation.species).first(Outputs), task.description.lumped));
  for (std::size_t i = 0; i < Outputs; ++i) {
    result.mean.push_back(static_cast<float>(task.standardisation.mean[i]));
    result.deviation.push_back(static_cast<float>(task.standardisation.deviation[i]));
  }
  return result;
}

}  // namespace detail

/// Trains `Model` on the processes of `ranks`, of which the first writes the weights file and the log beside
/// it. Errors: see Trainer, warm_start and write_weights; Error when element-exact training finds no
/// conserved element.
template <class Model, class Backend, Communicator Ranks = SingleProcess>
FitResult fit(const FitTask& task, Ranks& ranks = single_process) {
  using C = typename Model::Configuration;
  Conservation<float, C::outputs> conservation;
  conservation.used = task.budgets_used;
  conservation.coefficient.assign(task.budget_coefficient.begin(), task.budget_coefficient.end());
  conservation.mean.assign(task.standardisation.mean.begin(), task.standardisation.mean.begin() + C::outputs);
  conservation.deviation.assign(task.standardisation.deviation.begin(),
                                task.standardisation.deviation.begin() + C::outputs);
  using Written = typename SingleWindow<Model>::type;
  TrainingOptions options = task.options;
  if (!task.initial.empty()) {
    using Network = typename Written::Trajectory;
    options.start.resize(Network::parameters);
    const std::span<float, Network::parameters> weights(options.start);
    Random random(options.sampling.seed, 0x7a63);  // for what the file does not have
    Network::initialise(weights, random);
    const std::string common = warm_start<Written>(task.initial, task.standardisation, weights);
    const bool resumes = options.resume && file_exists(options.checkpoint);
    if (ranks.rank() == 0 && !resumes) std::fprintf(stderr, "Starting from %s\n", common.c_str());
  }
  if (ranks.rank() == 0 && !std::has_single_bit(ranks.size()))
    std::fprintf(stderr, "%zu processes: training uses %zu of them, a power of two\n", ranks.size(),
                 std::bit_floor(ranks.size()));
  StandardisedProjection<float, C::outputs> projection;
  if (options.element_exact) projection = detail::projection_of<C::outputs>(task);
  Trainer<Model, Backend, Ranks> trainer(task.train, task.validation, std::move(conservation), options, ranks,
                                         std::move(projection), task.source);
  trainer.run();
  const FitResult result{Model::Trained::parameters, trainer.epochs_done(), trainer.seconds(),
                         trainer.best_rmse()};
  if (ranks.rank() != 0) return result;
  write_file_atomically(task.out + ".csv", history_csv(trainer.history()));
  using Weights = std::span<const float, Model::Trained::parameters>;
  detail::write_fitted<Written>(task, Weights(trainer.best_parameters()), result);
  return result;
}

}  // namespace chemnne
