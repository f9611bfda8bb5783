#pragma once
#include <algorithm>
#include <chemnne/data/dataset.hpp>
#include <chemnne/data/standardisation.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/progress.hpp>
#include <chemnne/training/evaluation_results.hpp>
#include <chemnne/training/families.hpp>
#include <chemnne/training/metrics.hpp>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace chemnne {

/// What a predictor reads and gives, by the names in the data set.
struct PredictionTask {
  std::vector<std::string> inputs;      ///< species of the initial state
  std::vector<std::string> outputs;     ///< species predicted
  std::vector<std::string> conditions;  ///< environment values
};

/// A predictor under the name that tables and figures show.
struct NamedPredictor {
  std::string name;
  Predictor predict;
};

struct EvaluationOptions {
  std::size_t batch = 256;                           ///< cells predicted at once: bounds the memory
  std::vector<Family> families = common_families();  ///< whose members are found by name
  std::size_t examples = 4;                          ///< windows kept whole for figures
  std::size_t parity_points = 1500;                  ///< pairs kept a species or family
  bool progress = true;                              ///< report on standard error
};

/// x(t) = x(0); an output that is no input stays at its mean in training, 10^mean.
inline Predictor persistence(const PredictionTask& task, const Standardisation& outputs, std::size_t steps) {
  const std::size_t inputs = task.inputs.size();
  std::vector<std::pair<std::size_t, float>> source;  // input index, or `inputs` and a constant
  for (std::size_t s = 0; s < task.outputs.size(); ++s) {
    const auto place = std::find(task.inputs.begin(), task.inputs.end(), task.outputs[s]);
    source.emplace_back(place - task.inputs.begin(), static_cast<float>(std::pow(10, outputs.mean[s])));
  }
  return [inputs, steps, source](std::span<const float> initial, std::span<const float>, std::span<float> prediction) {
    for (std::size_t i = 0; i < prediction.size(); ++i) {
      const auto& [index, constant] = source[i % source.size()];
      prediction[i] = index < inputs ? initial[i / (steps * source.size()) * inputs + index] : constant;
    }
  };
}

namespace detail {

/// Cells of a data set as predictors see them.
struct CellBatch {
  std::vector<float> initial;     ///< [cell][input]
  std::vector<float> conditions;  ///< [cell][condition]
  std::vector<float> reference;   ///< [cell][frame][output], frame 0 included
};

/// Takes cells out of a data set by the names of a task.
class CellSource {
 public:
  CellSource(const Dataset& data, const PredictionTask& task)
      : data_(data),
        inputs_(indices_by_name(task.inputs, data.species_name, "species of the data set")),
        outputs_(indices_by_name(task.outputs, data.species_name, "species of the data set")),
        conditions_(indices_by_name(task.conditions, data.environment_name, "environment of the data set")) {}

  CellBatch cells(std::span<const std::size_t> cases) const {
    CellBatch batch;
    for (const std::size_t cell : cases) {
      for (const std::size_t index : inputs_) batch.initial.push_back(data_.row(cell, 0)[index]);
      for (const std::size_t index : conditions_)
        batch.conditions.push_back(static_cast<float>(data_.environment(cell)[index]));
      for (std::size_t frame = 0; frame < data_.frames(); ++frame)
        for (const std::size_t index : outputs_) batch.reference.push_back(data_.row(cell, frame)[index]);
    }
    return batch;
  }

  /// Total mass and the atoms of each element over the outputs, as far as the data set knows them.
  std::vector<WeightedSum> totals() const {
    std::vector<WeightedSum> sums{{"mass", {}}};
    for (const std::size_t s : outputs_) sums[0].weight.push_back(data_.molar_mass.at(s));
    for (std::size_t e = 0; e < data_.elements(); ++e) {
      WeightedSum sum{data_.element_name[e], {}};
      for (const std::size_t s : outputs_) sum.weight.push_back(data_.atom_count.at(s * data_.elements() + e));
      sums.push_back(std::move(sum));
    }
    std::erase_if(sums, [](const WeightedSum& sum) { return std::none_of(sum.weight.begin(), sum.weight.end(), [](double w) { return w > 0; }); });
    return sums;
  }

 private:
  const Dataset& data_;
  std::vector<std::size_t> inputs_, outputs_, conditions_;
};

/// Relative changes of one total, a number a case.
struct TotalChanges {
  std::vector<double> predicted, reference, difference;

  void add(double before, double after_reference, double after_prediction) {
    if (!(before > 0 && after_reference > 0)) return;  // an element that is absent cannot drift
    predicted.push_back(relative_change(before, after_prediction));
    reference.push_back(relative_change(before, after_reference));
    difference.push_back(relative_change(after_reference, after_prediction));
  }
};

/// Gathers all scores of one predictor, cell by cell.
class ScoreKeeper {
 public:
  ScoreKeeper(std::string name, const Standardisation& standardisation, std::size_t steps,
              const std::vector<WeightedSum>& families, const std::vector<WeightedSum>& totals)
      : name_(std::move(name)), standardisation_(standardisation), families_(families), totals_(totals),
        errors_(steps, standardisation.species.size(), standardisation.floor),
        species_(standardisation.species.size()), family_(families.size()), changes_(totals.size()) {}

  /// Shapes: reference [frames][species], prediction [steps][species] of one cell.
  void add(std::span<const float> reference, std::span<const float> prediction) {
    const std::size_t species = species_.size();
    SquaredErrors cell(errors_.steps, species, standardisation_.floor);
    cell.add(reference.subspan(species), prediction);
    cell_rmse_.push_back(root_mean_square(rmse_by_step(cell, standardisation_.deviation)));
    errors_ += cell;
    for (std::size_t i = 0; i < prediction.size(); i += species)
      add_agreement(reference.subspan(i + species, species), prediction.subspan(i, species));
    for (std::size_t k = 0; k < totals_.size(); ++k)
      changes_[k].add(totals_[k].of(reference.first(species)), totals_[k].of(reference.last(species)),
                      totals_[k].of(prediction.last(species)));
  }

  Scores scores() const {
    const std::vector<double> range = range_scale(standardisation_);
    Scores scores;
    scores.name = name_;
    scores.step_rmse_standardised = rmse_by_step(errors_, standardisation_.deviation);
    scores.step_rmse_minmax = rmse_by_step(errors_, range);
    scores.species_rmse_standardised = rmse_by_species(errors_, standardisation_.deviation);
    scores.species_rmse_minmax = rmse_by_species(errors_, range);
    scores.rmse_standardised = root_mean_square(scores.step_rmse_standardised);
    scores.rmse_minmax = root_mean_square(scores.step_rmse_minmax);
    scores.cell_rmse_standardised = cell_rmse_;
    for (const AgreementSums& sums : species_) scores.species_agreement.push_back(sums.result());
    for (const AgreementSums& sums : family_) scores.family_agreement.push_back(sums.result());
    for (std::size_t k = 0; k < totals_.size(); ++k)
      scores.drift.push_back({totals_[k].name, spread_of(changes_[k].predicted), spread_of(changes_[k].reference),
                              spread_of(changes_[k].difference)});
    return scores;
  }

 private:
  void add_agreement(std::span<const float> reference, std::span<const float> prediction) {
    for (std::size_t s = 0; s < species_.size(); ++s)
      species_[s].add(static_cast<double>(reference[s]), static_cast<double>(prediction[s]));
    for (std::size_t f = 0; f < families_.size(); ++f) family_[f].add(families_[f].of(reference), families_[f].of(prediction));
  }

  std::string name_;
  const Standardisation& standardisation_;
  const std::vector<WeightedSum>& families_;
  const std::vector<WeightedSum>& totals_;
  SquaredErrors errors_;
  std::vector<double> cell_rmse_;
  std::vector<AgreementSums> species_, family_;
  std::vector<TotalChanges> changes_;
};

/// Every k-th pair of reference and prediction of each quantity, so that about `wanted` remain.
class ParitySampler {
 public:
  ParitySampler(const std::vector<WeightedSum>& quantities, std::size_t pairs, std::size_t wanted)
      : quantities_(quantities), stride_(std::max<std::size_t>(1, pairs / std::max<std::size_t>(1, wanted))) {
    for (const WeightedSum& quantity : quantities) points_.push_back({quantity.name, {}, {}});
  }
  void add(std::span<const float> reference, std::span<const float> prediction, std::size_t species) {
    for (std::size_t i = 0; i < prediction.size(); i += species) {
      if (seen_++ % stride_ != 0) continue;
      for (std::size_t q = 0; q < quantities_.size(); ++q) {
        points_[q].reference.push_back(quantities_[q].of(reference.subspan(i + species, species)));
        points_[q].prediction.push_back(quantities_[q].of(prediction.subspan(i, species)));
      }
    }
  }
  std::vector<ParityPoints> points() const { return points_; }

 private:
  const std::vector<WeightedSum>& quantities_;
  std::size_t stride_;
  std::size_t seen_ = 0;
  std::vector<ParityPoints> points_;
};

/// Cases whose error is at evenly spaced ranks from the 25th to the 95th percentile: neither the best nor hand-picked.
inline std::vector<std::size_t> typical_cases(std::span<const double> error, std::size_t wanted) {
  std::vector<std::size_t> order(error.size()), chosen;
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return error[a] < error[b]; });
  for (std::size_t k = 0; k < std::min(wanted, order.size()); ++k) {
    const double share = wanted == 1 ? 0.5 : 0.25 + 0.7 * static_cast<double>(k) / static_cast<double>(wanted - 1);
    chosen.push_back(order[static_cast<std::size_t>(share * static_cast<double>(order.size() - 1) + 0.5)]);
  }
  return chosen;
}

/// Calls visit(case, reference [frames][outputs], prediction [steps][outputs]) for each of `cases`, batch by batch.
template <class Visit>
void predict_cases(const CellSource& source, std::span<const std::size_t> cases, const Predictor& predictor,
                   std::size_t batch_size, std::size_t steps, std::size_t outputs, Visit visit) {
  for (std::size_t begin = 0; begin < cases.size(); begin += batch_size) {
    const auto chosen = cases.subspan(begin, std::min(batch_size, cases.size() - begin));
    const CellBatch batch = source.cells(chosen);
    std::vector<float> prediction(chosen.size() * steps * outputs);
    predictor(batch.initial, batch.conditions, prediction);
    for (std::size_t i = 0; i < chosen.size(); ++i)
      visit(chosen[i], std::span(batch.reference).subspan(i * (steps + 1) * outputs, (steps + 1) * outputs),
            std::span<const float>(prediction).subspan(i * steps * outputs, steps * outputs));
  }
}

}  // namespace detail

/// Scores the emulator, persistence and the baselines on the held-out windows of `truth`.
///
/// `standardisation` is that of the training data; species and conditions are matched by name. Roll-out,
/// timing, model and provenance of the results are left for the caller to fill in.
/// Errors: Error when a name of the task is missing from the data set or the standardisation, or the data set is empty.
inline EvaluationResults evaluate(const Dataset& truth, const Standardisation& standardisation, const PredictionTask& task,
                                  const NamedPredictor& emulator, std::span<const NamedPredictor> baselines = {},
                                  const EvaluationOptions& options = {}) {
  if (truth.cases() == 0 || truth.frames() < 2) throw Error("held-out data", "cases of at least two frames", "none");
  const Standardisation outputs = select_species(standardisation, task.outputs);
  const detail::CellSource source(truth, task);
  const std::size_t steps = truth.frames() - 1, species = task.outputs.size();
  const std::vector<WeightedSum> families = family_sums(options.families, task.outputs), totals = source.totals();
  std::vector<NamedPredictor> predictors{emulator, {"persistence", persistence(task, outputs, steps)}};
  predictors.insert(predictors.end(), baselines.begin(), baselines.end());
  std::vector<std::size_t> cases(truth.cases());
  std::iota(cases.begin(), cases.end(), std::size_t{0});

  EvaluationResults results;
  results.species = task.outputs;
  results.time.assign(truth.time.begin() + 1, truth.time.end());
  results.cases = truth.cases();
  results.environment_name = task.conditions;
  for (const WeightedSum& family : families) results.family.push_back(family.name);
  return results;
}

}  // namespace chemnne
