#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <chemnne/data/dataset.hpp>
#include <chemnne/data/standardisation.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/progress.hpp>
#include <chemnne/support/random.hpp>
#include <chemnne/training/cell_source.hpp>
#include <chemnne/training/metrics.hpp>

namespace chemnne {

/// How much of the data is used, and the seed of the permutations.
struct PermutationOptions {
  std::size_t windows = 1000;  ///< at most so many windows of the data, evenly chosen
  std::size_t batch = 256;     ///< cells predicted at once: bounds the memory
  std::uint64_t seed = 1;
};

/// What a predictor loses when one of its inputs is that of another window. All in standard deviations.
struct PermutationImportance {
  std::size_t windows = 0;
  std::vector<std::string> input;          ///< species, then conditions
  std::vector<std::string> output;         ///< species
  double rmse = 0;                         ///< over all outputs and steps, nothing permuted
  std::vector<double> increase;            ///< [input], of the RMSE over all outputs
  std::vector<double> increase_of_others;  ///< [input], of the RMSE over the outputs of other species
  std::vector<double> increase_by_output;  ///< [input][output], of the output's RMSE
};

namespace detail {

/// RMSE over the species but `left_out` (none: species.size()), from the RMSE of each.
inline double rmse_without(std::span<const double> species, std::size_t left_out) {
  std::vector<double> kept(species.begin(), species.end());
  if (left_out < kept.size()) kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(left_out));
  return kept.empty() ? 0 : root_mean_square(kept);
}

/// Values [cell][width] with the column `column` permuted among the cells.
inline std::vector<float> permute_column(std::vector<float> values, std::size_t width, std::size_t column,
                                         Random random) {
  for (std::size_t i = values.size() / width; i > 1; --i)
    std::swap(values[(i - 1) * width + column], values[random.index(i) * width + column]);
  return values;
}

}  // namespace detail

/// Permutation importance (Breiman 2001, doi 10.1023/A:1010933404324) of each input of a predictor: the
/// increase of the RMSE of standardised log10 number density over held-out windows when the input's values
/// are permuted among the windows. An input's permutation depends on the seed and its place alone.
///
/// Inputs that go together (NO and NO2) are torn apart by it: the numbers tell what the predictor uses, not
/// what the chemistry would do. `standardisation` has the outputs of the task.
/// Errors: Error when there is no window, or the data or the standardisation lack a name of the task.
inline PermutationImportance permutation_importance(const Dataset& data,
                                                    const Standardisation& standardisation,
                                                    const PredictionTask& task, const Predictor& predictor,
                                                    const PermutationOptions& options = {}) {
  if (data.cases() == 0 || data.frames() < 2 || options.windows == 0 || options.batch == 0)
    throw Error("permutation importance", "windows of two frames or more and batches of a cell or more",
                "none");
  const Standardisation outputs = select_species(standardisation, task.outputs);
  const CellSource source(data, task);
  std::vector<std::size_t> chosen(std::min(options.windows, data.cases()));
  for (std::size_t i = 0; i < chosen.size(); ++i) chosen[i] = i * data.cases() / chosen.size();
  const CellBatch cells = source.cells(chosen);
  const std::size_t inputs = task.inputs.size(), conditions = task.conditions.size(),
                    width = task.outputs.size(), steps = source.steps();

  Progress progress("permutation importance", static_cast<double>(1 + inputs + conditions));
  const auto rmse_of_outputs = [&](const std::vector<float>& initial, const std::vector<float>& environment) {
    SquaredErrors errors(steps, outputs.floor);
    for (std::size_t begin = 0; begin < chosen.size(); begin += options.batch) {
      const std::size_t count = std::min(options.batch, chosen.size() - begin);
      const auto part = [&](const std::vector<float>& all, std::size_t row) {
        return std::span(all).subspan(begin * row, count * row);
      };
      std::vector<float> prediction(count * steps * width);
      predictor(part(initial, inputs), part(environment, conditions), prediction);
      for (std::size_t cell = 0; cell < count; ++cell)
        errors.add(
            std::span(cells.reference).subspan(((begin + cell) * (steps + 1) + 1) * width, steps * width),
            std::span(prediction).subspan(cell * steps * width, steps * width));
    }
    progress.advance(1);
    return rmse_by_species(errors, outputs.deviation);
  };

  PermutationImportance result;
  result.windows = chosen.size();
  result.input = task.inputs;
  result.output = task.outputs;
  result.input.insert(result.input.end(), task.conditions.begin(), task.conditions.end());
  const std::vector<double> whole = rmse_of_outputs(cells.initial, cells.conditions);
  result.rmse = root_mean_square(whole);
  for (std::size_t k = 0; k < inputs + conditions; ++k) {
    const Random random(options.seed, k);
    const std::vector<double> permuted =
        k < inputs
            ? rmse_of_outputs(detail::permute_column(cells.initial, inputs, k, random), cells.conditions)
            : rmse_of_outputs(cells.initial,
                              detail::permute_column(cells.conditions, conditions, k - inputs, random));
    const auto own = static_cast<std::size_t>(
        std::find(task.outputs.begin(), task.outputs.end(), result.input[k]) - task.outputs.begin());
    result.increase.push_back(root_mean_square(permuted) - result.rmse);
    result.increase_of_others.push_back(detail::rmse_without(permuted, own) -
                                        detail::rmse_without(whole, own));
    for (std::size_t s = 0; s < width; ++s) result.increase_by_output.push_back(permuted[s] - whole[s]);
  }
  return result;
}

}  // namespace chemnne
