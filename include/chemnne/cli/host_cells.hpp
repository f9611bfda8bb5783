#pragma once
#include <cstddef>
#include <numeric>
#include <vector>

#include <chemnne/cli/trained_model.hpp>
#include <chemnne/training/cell_source.hpp>

namespace chemnne {

/// The starts of a data set's windows as the cells of a host.
class HostCells {
 public:
  /// Errors: Error naming a species or condition of the task that the data lack.
  HostCells(const Dataset& data, const PredictionTask& task)
      : cells_(data.cases()),
        inputs_(task.inputs.size()),
        outputs_(task.outputs.size()),
        conditions_(task.conditions.size()) {
    std::vector<std::size_t> all(cells_);
    std::iota(all.begin(), all.end(), std::size_t{0});
    const CellBatch batch = CellSource(data, task).cells(all);
    before_.assign(batch.initial.begin(), batch.initial.end());
    weather_.assign(batch.conditions.begin(), batch.conditions.end());
    after_.resize(cells_ * outputs_);
  }

  std::size_t cells() const { return cells_; }

  /// A step of all cells from their start.
  StepStatus step(const StepFunction& advance, double seconds, const StepReport& report = {}) {
    return advance(Columns<const double>::cell_major(before_.data(), cells_, inputs_),
                   Columns<const double>::cell_major(weather_.data(), cells_, conditions_), seconds,
                   Columns<double>::cell_major(after_.data(), cells_, outputs_), report);
  }

 private:
  std::size_t cells_, inputs_, outputs_, conditions_;
  std::vector<double> before_, weather_, after_;
};

}  // namespace chemnne
