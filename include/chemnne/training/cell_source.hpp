#pragma once
#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <chemnne/data/dataset.hpp>
#include <chemnne/data/standardisation.hpp>
#include <chemnne/training/metrics.hpp>

namespace chemnne {

/// What a predictor reads and gives, by the names in the data set.
struct PredictionTask {
  std::vector<std::string> inputs;      ///< species of the initial state
  std::vector<std::string> outputs;     ///< species predicted
  std::vector<std::string> conditions;  ///< environment values
};

/// Cells of a data set as predictors see them, in physical units.
struct CellBatch {
  std::vector<float> initial;     ///< [cell][input], molecules cm-3
  std::vector<float> conditions;  ///< [cell][condition]
  std::vector<float> reference;   ///< [cell][frame][output], molecules cm-3, frame 0 included
};

/// Takes the cells of a task out of a data set, matching species and conditions by name.
class CellSource {
 public:
  /// `data` must outlive the source. Errors: Error naming the first species or condition it lacks.
  CellSource(const Dataset& data, const PredictionTask& task)
      : data_(data),
        inputs_(indices_by_name(task.inputs, data.species_name, "species of the data set")),
        outputs_(indices_by_name(task.outputs, data.species_name, "species of the data set")),
        conditions_(indices_by_name(task.conditions, data.environment_name, "environment of the data set")) {}

  std::size_t steps() const { return data_.frames() - 1; }
  std::size_t outputs() const { return outputs_.size(); }

  CellBatch cells(std::span<const std::size_t> cases) const {
    CellBatch batch;
    for (const std::size_t cell : cases) {
      append(batch.initial, data_.row(cell, 0), inputs_);
      append(batch.conditions, data_.environment(cell), conditions_);
      for (std::size_t frame = 0; frame < data_.frames(); ++frame)
        append(batch.reference, data_.row(cell, frame), outputs_);
    }
    return batch;
  }

  /// Predicts `cases`, `batch` cells at once, and calls visit(case, conditions [condition], reference
  /// [frame][output], prediction [step][output]) for each.
  template <class Visit>
  void predict(std::span<const std::size_t> cases, std::size_t batch, const Predictor& predictor,
               Visit visit) const {
    for (std::size_t begin = 0; begin < cases.size(); begin += batch) {
      const auto chosen = cases.subspan(begin, std::min(batch, cases.size() - begin));
      const CellBatch given = cells(chosen);
      std::vector<float> prediction(chosen.size() * steps() * outputs());
      predictor(given.initial, given.conditions, prediction);
      const auto part = [&, count = chosen.size()](const std::vector<float>& all, std::size_t cell) {
        const std::size_t width = all.size() / count;
        return std::span<const float>(all).subspan(cell * width, width);
      };
      for (std::size_t i = 0; i < chosen.size(); ++i)
        visit(chosen[i], part(given.conditions, i), part(given.reference, i), part(prediction, i));
    }
  }

  /// Total mass, then the atoms of each element, over the outputs; what none of them has is left out.
  std::vector<WeightedSum> totals() const {
    std::vector<WeightedSum> sums{{"mass", {}}};
    for (const std::size_t s : outputs_) sums[0].weight.push_back(data_.molar_mass[s]);
    for (std::size_t e = 0; e < data_.elements(); ++e) {
      WeightedSum sum{data_.element_name[e], {}};
      for (const std::size_t s : outputs_) sum.weight.push_back(data_.atom_count[s * data_.elements() + e]);
      sums.push_back(std::move(sum));
    }
    std::erase_if(sums, [](const WeightedSum& sum) {
      return std::none_of(sum.weight.begin(), sum.weight.end(), [](double weight) { return weight > 0; });
    });
    return sums;
  }

 private:
  template <class Value>
  static void append(std::vector<float>& values, std::span<const Value> row,
                     const std::vector<std::size_t>& indices) {
    for (const std::size_t index : indices) values.push_back(static_cast<float>(row[index]));
  }

  const Dataset& data_;
  std::vector<std::size_t> inputs_, outputs_, conditions_;
};

}  // namespace chemnne
