#pragma once
#include <algorithm>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <chemnne/cli/attention_map.hpp>
#include <chemnne/host/emulator.hpp>
#include <chemnne/training/fit_task.hpp>
#include <chemnne/training/interval_results.hpp>
#include <chemnne/training/metrics.hpp>
#include <chemnne/training/sensitivity_matrices.hpp>

namespace chemnne {

/// `Emulator::advance` of some weights.
using StepFunction =
    std::function<StepStatus(Columns<const double> before, Columns<const double> conditions, double seconds,
                             Columns<double> after, const StepReport& report)>;

/// Weights of one of a program's models, read from a file, behind an interface that knows no types: what the
/// commands need.
class TrainedModel {
 public:
  virtual ~TrainedModel() = default;
  virtual const EmulatorDescription& description() const = 0;
  virtual Standardisation standardisation() const = 0;
  /// Predicts the frames after the first.
  virtual Predictor predictor(std::size_t threads) const = 0;
  /// The host's step with the same weights.
  virtual StepFunction step(std::size_t threads) const = 0;
  /// Attention over the windows of `data`; none for a model without attention.
  virtual std::optional<AttentionMap> attention(const Dataset& data) const = 0;
  /// Of the end of the horizon to the start; see `sensitivities`. Shapes: [cell][input], [cell][condition].
  virtual SensitivityMatrices sensitivity(std::span<const float> initial,
                                          std::span<const float> conditions) const = 0;

  /// Adds the uncertainty to the weights file, from files of training data and of held-out windows.
  /// Errors: Error for a model without a code, data that lack a species, or a file that cannot be written.
  virtual void calibrate(const std::vector<std::string>& training,
                         const std::vector<std::string>& held_out) const = 0;
  virtual bool calibrated() const = 0;
  /// How the file's uncertainty does on `data`; none when the file has none.
  virtual std::optional<IntervalResults> intervals(const Dataset& data) const = 0;

  PredictionTask task() const {
    return {description().inputs, description().outputs, description().conditions};
  }
};

/// A model that a program can train and read weights of: its sizes and what was compiled for it.
struct ModelEntry {
  std::string architecture;
  std::string configuration;
  std::size_t parameters;
  std::size_t inputs, outputs, conditions, frames;
  std::size_t stride;   ///< of the frames that training reads
  double horizon;       ///< s, of a window
  std::size_t windows;  ///< that training unrolls
  std::function<FitResult(const FitTask&)> fit;
  std::function<std::unique_ptr<TrainedModel>(const std::string& file)> load;
};

/// The models of a program; the first is the default.
using ModelList = std::vector<ModelEntry>;

/// The names of the models, in order.
inline std::vector<std::string> architectures_of(const ModelList& models) {
  std::vector<std::string> names;
  for (const ModelEntry& model : models) names.push_back(model.architecture);
  return names;
}

/// Errors: Error at `where` when the program has no model of this name.
inline const ModelEntry& find_model(const ModelList& models, std::string_view architecture,
                                    std::string_view where) {
  std::string names;
  for (const ModelEntry& model : models) {
    if (model.architecture == architecture) return model;
    names += (names.empty() ? "'" : ", '") + model.architecture + "'";
  }
  throw Error(std::string(where) + ", architecture", names, "'" + std::string(architecture) + "'");
}

/// The weights in `file`, by the model that the file names. Errors: see find_model and read_weights.
inline std::unique_ptr<TrainedModel> load_model(const ModelList& models, const std::string& file) {
  const std::string architecture = description_of(read_safetensors(file), file).architecture;
  return find_model(models, architecture, file).load(file);
}

}  // namespace chemnne
