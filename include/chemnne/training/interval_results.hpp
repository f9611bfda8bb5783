#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include <chemnne/io/uncertainty.hpp>
#include <chemnne/training/metrics.hpp>
#include <chemnne/training/window_errors.hpp>

namespace chemnne {

/// One row of the reliability table.
struct IntervalLevel {
  double nominal;                           ///< coverage asked for
  double achieved;                          ///< share of windows and species within the half-width
  double mean_width;                        ///< mean half-width over windows and species [decades]
  double mean_width_standardised;           ///< the same in standard deviations of the training data
  std::vector<double> species_coverage;     ///< [outputs], share of windows
  std::vector<double> species_width;        ///< [outputs], mean half-width [decades]
  std::array<double, 4> quartile_coverage;  ///< share among the quarters of windows by score, lowest first
};

/// How an uncertainty does on windows that it was not calibrated on.
struct IntervalResults {
  std::size_t windows = 0;
  double rank_correlation = 0;       ///< Spearman's, of score and RMSE of the windows
  double uncertain = 0;              ///< share of windows above the threshold
  double rmse_uncertain = 0;         ///< root mean square of their RMSE, 0 when there are none
  double rmse_certain = 0;           ///< that of the others
  std::vector<IntervalLevel> level;  ///< by rising nominal coverage
};

namespace detail {

/// Ranks from 0; equal values share the mean of theirs.
inline std::vector<double> ranks(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> rank(values.size());
  for (std::size_t i = 0; i < order.size();) {
    std::size_t end = i;
    while (end < order.size() && values[order[end]] == values[order[i]]) ++end;
    for (std::size_t k = i; k < end; ++k) rank[order[k]] = 0.5 * static_cast<double>(i + end - 1);
    i = end;
  }
  return rank;
}

}  // namespace detail

/// Spearman's rank correlation: Pearson's of the ranks. 0 where one of them is constant.
inline double rank_correlation(std::span<const double> a, std::span<const double> b) {
  const std::vector<double> x = detail::ranks(a), y = detail::ranks(b);
  const double mean = 0.5 * (static_cast<double>(a.size()) - 1);
  double xx = 0, yy = 0, xy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx += (x[i] - mean) * (x[i] - mean);
    yy += (y[i] - mean) * (y[i] - mean);
    xy += (x[i] - mean) * (y[i] - mean);
  }
  return xx > 0 && yy > 0 ? xy / std::sqrt(xx * yy) : 0;
}

/// Coverage, widths and ranking of `uncertainty` on `windows`. Errors: Error when there are none or the
/// numbers of outputs differ.
inline IntervalResults evaluate_intervals(const Uncertainty& uncertainty, const WindowErrors& windows) {
  const std::size_t count = windows.windows(), outputs = windows.outputs;
  if (count == 0) throw Error("evaluation of intervals", "windows", "none");
  if (uncertainty.half_width.size() != uncertainty.coverage.size() * outputs)
    throw Error("evaluation of intervals", "half-widths of " + std::to_string(outputs) + " outputs",
                "others");
  IntervalResults result;
  result.windows = count;
  const std::vector<double> score(windows.score.begin(), windows.score.end());
  result.rank_correlation = rank_correlation(score, windows.rmse);
  std::vector<double> above, below;
  for (std::size_t w = 0; w < count; ++w)
    (windows.score[w] <= uncertainty.threshold ? below : above).push_back(windows.rmse[w]);
  result.uncertain = static_cast<double>(above.size()) / static_cast<double>(count);
  result.rmse_uncertain = above.empty() ? 0 : root_mean_square(above);
  result.rmse_certain = below.empty() ? 0 : root_mean_square(below);

  const std::vector<double> rank = detail::ranks(score);
  const double share = 1 / static_cast<double>(count * outputs);
  for (std::size_t l = 0; l < uncertainty.coverage.size(); ++l) {
    IntervalLevel level{static_cast<double>(uncertainty.coverage[l]),
                        0,
                        0,
                        0,
                        std::vector<double>(outputs),
                        std::vector<double>(outputs),
                        {}};
    std::array<double, 4> members{};
    for (std::size_t w = 0; w < count; ++w) {
      const auto quarter = static_cast<std::size_t>(4 * rank[w] / static_cast<double>(count));
      members[quarter] += static_cast<double>(outputs);
      for (std::size_t s = 0; s < outputs; ++s) {
        const double width = static_cast<double>(uncertainty.half_width[l * outputs + s]) *
                             uncertainty.growth(windows.score[w]);
        const double within = std::abs(windows.at(w, s)) <= width ? 1 : 0;
        level.achieved += within * share;
        level.mean_width += width * share;
        level.mean_width_standardised += width / windows.deviation[s] * share;
        level.species_coverage[s] += within / static_cast<double>(count);
        level.species_width[s] += width / static_cast<double>(count);
        level.quartile_coverage[quarter] += within;
      }
    }
    for (std::size_t q = 0; q < 4; ++q)
      if (members[q] > 0) level.quartile_coverage[q] /= members[q];
    result.level.push_back(std::move(level));
  }
  return result;
}

}  // namespace chemnne
