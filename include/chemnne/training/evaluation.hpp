#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <chemnne/data/dataset.hpp>
#include <chemnne/data/standardisation.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/progress.hpp>
#include <chemnne/training/cell_source.hpp>
#include <chemnne/training/evaluation_results.hpp>
#include <chemnne/training/family_sums.hpp>
#include <chemnne/training/metrics.hpp>
#include <chemnne/training/score_keeper.hpp>

namespace chemnne {

/// A predictor under the name that tables and figures show.
struct NamedPredictor {
  std::string name;
  Predictor predict;
};

/// What an evaluation keeps and how much it computes at once.
struct EvaluationOptions {
  std::size_t batch = 256;                           ///< cells predicted at once: bounds the memory
  std::vector<Family> families = common_families();  ///< members are found by name
  std::size_t examples = 4;                          ///< windows kept whole for figures
  std::size_t parity_points = 1500;                  ///< pairs kept of each family and species
};

/// x(t) = x(0); an output that is no input stays at its mean in training, 10^mean molecules cm-3.
inline Predictor persistence(const PredictionTask& task, const Standardisation& outputs, std::size_t steps) {
  const std::size_t inputs = task.inputs.size();
  std::vector<std::pair<std::size_t, float>> source;  // the input's index, or `inputs` and the mean
  for (std::size_t s = 0; s < task.outputs.size(); ++s) {
    const auto place = std::find(task.inputs.begin(), task.inputs.end(), task.outputs[s]);
    source.emplace_back(place - task.inputs.begin(), static_cast<float>(std::pow(10, outputs.mean[s])));
  }
  return [inputs, steps, source](std::span<const float> initial, std::span<const float>,
                                 std::span<float> prediction) {
    for (std::size_t i = 0; i < prediction.size(); ++i) {
      const auto& [index, mean] = source[i % source.size()];
      prediction[i] = index < inputs ? initial[i / (steps * source.size()) * inputs + index] : mean;
    }
  };
}

namespace detail {

/// Cases at evenly spaced ranks of the error from the 25th to the 95th percentile: neither the best ones nor
/// picked by hand.
inline std::vector<std::size_t> typical_cases(std::span<const double> error, std::size_t wanted) {
  std::vector<std::size_t> order(error.size()), chosen;
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return error[a] < error[b]; });
  const double last = static_cast<double>(order.size() - 1);
  for (std::size_t k = 0; k < std::min(wanted, order.size()); ++k) {
    const double share =
        0.25 + 0.7 * static_cast<double>(k) / static_cast<double>(std::max<std::size_t>(1, wanted - 1));
    chosen.push_back(order[static_cast<std::size_t>(share * last + 0.5)]);
  }
  return chosen;
}

/// Keeps every k-th pair of reference and prediction of some quantities, so that about `wanted` remain.
class ParitySampler {
 public:
  ParitySampler(std::vector<WeightedSum> quantities, std::size_t pairs, std::size_t wanted)
      : quantities_(std::move(quantities)),
        stride_(std::max<std::size_t>(1, pairs / std::max<std::size_t>(1, wanted))) {
    for (const WeightedSum& quantity : quantities_) points.push_back({quantity.name, {}, {}});
  }

  /// Shapes: reference [frame][species], prediction [step][species] of one cell.
  void add(std::span<const float> reference, std::span<const float> prediction) {
    const std::size_t species = reference.size() - prediction.size();
    for (std::size_t i = 0; i < prediction.size(); i += species) {
      if (seen_++ % stride_ != 0) continue;
      for (std::size_t q = 0; q < quantities_.size(); ++q) {
        points[q].reference.push_back(quantities_[q].of(reference.subspan(i + species, species)));
        points[q].prediction.push_back(quantities_[q].of(prediction.subspan(i, species)));
      }
    }
  }

  std::vector<ParityPoints> points;

 private:
  std::vector<WeightedSum> quantities_;
  std::size_t stride_;
  std::size_t seen_ = 0;
};

/// `families` and each species by itself.
inline std::vector<WeightedSum> parity_quantities(std::vector<WeightedSum> families,
                                                  const std::vector<std::string>& species) {
  for (std::size_t s = 0; s < species.size(); ++s) {
    families.push_back({species[s], std::vector<double>(species.size())});
    families.back().weight[s] = 1;
  }
  return families;
}

}  // namespace detail

/// Scores the emulator, persistence and the baselines on the held-out windows of `truth`.
///
/// `standardisation` is that of the training data. Roll-out, timing, model and provenance of the results are
/// the caller's to fill in. Progress goes to standard error.
/// Errors: Error when the data set is empty, or it or the standardisation lacks a name of the task.
inline EvaluationResults evaluate(const Dataset& truth, const Standardisation& standardisation,
                                  const PredictionTask& task, const NamedPredictor& emulator,
                                  std::span<const NamedPredictor> baselines = {},
                                  const EvaluationOptions& options = {}) {
  if (truth.cases() == 0 || truth.frames() < 2)
    throw Error("held-out data", "cases of two frames or more", "none");
  if (options.batch == 0) throw Error("evaluation", "a batch of one cell or more", "0");
  const Standardisation outputs = select_species(standardisation, task.outputs);
  const CellSource source(truth, task);
  const std::vector<WeightedSum> families = family_sums(options.families, task.outputs);
  EvaluationResults results;
  results.cases = truth.cases();
  results.floor = outputs.floor;
  results.time.assign(truth.time.begin() + 1, truth.time.end());
  results.species = task.outputs;
  for (const WeightedSum& family : families) results.family.push_back(family.name);
  results.condition_name = task.conditions;
  for (const std::size_t index : indices_by_name(task.conditions, truth.environment_name, "environment"))
    results.condition_units.push_back(truth.environment_units[index]);

  std::vector<std::size_t> cases(truth.cases());
  std::iota(cases.begin(), cases.end(), std::size_t{0});
  Progress progress("evaluate", static_cast<double>((baselines.size() + 2) * cases.size()));
  const auto score = [&](const NamedPredictor& predictor, auto&& visit) {
    ScoreKeeper keeper(predictor.name, outputs, source.steps(), families, source.totals());
    source.predict(cases, options.batch, predictor.predict,
                   [&](std::size_t, auto, auto reference, auto prediction) {
                     keeper.add(reference, prediction);
                     visit(reference, prediction);
                     progress.advance(1, predictor.name);
                   });
    return keeper.scores();
  };
  detail::ParitySampler parity(detail::parity_quantities(families, task.outputs),
                               cases.size() * source.steps(), options.parity_points);
  results.emulator =
      score(emulator, [&](auto reference, auto prediction) { parity.add(reference, prediction); });
  results.parity = std::move(parity.points);
  results.baselines.push_back(
      score({"persistence", persistence(task, outputs, source.steps())}, [](auto, auto) {}));
  for (const NamedPredictor& baseline : baselines)
    results.baselines.push_back(score(baseline, [](auto, auto) {}));

  const std::vector<double>& error = results.emulator.cell_rmse_standardised;
  source.predict(detail::typical_cases(error, options.examples), options.batch, emulator.predict,
                 [&](std::size_t index, auto conditions, auto reference, auto prediction) {
                   results.examples.push_back({index,
                                               error[index],
                                               {conditions.begin(), conditions.end()},
                                               {reference.begin(), reference.end()},
                                               {prediction.begin(), prediction.end()}});
                 });
  return results;
}

}  // namespace chemnne
