#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <Eigen/Dense>

#include <chemnne/inference/cell_score.hpp>
#include <chemnne/inference/prepared_network.hpp>
#include <chemnne/io/uncertainty.hpp>
#include <chemnne/support/number_text.hpp>
#include <chemnne/training/trained_network.hpp>
#include <chemnne/training/training_set.hpp>
#include <chemnne/training/window_errors.hpp>

namespace chemnne {

/// What the uncertainty of an emulator is calibrated for.
struct CalibrationOptions {
  std::vector<double> coverage = {0.5, 0.8, 0.9, 0.95};  ///< nominal, rising
  double inside = 0.995;  ///< share of windows like the held-out ones that shall not count as uncertain
};

namespace detail {

/// The smallest value such that another one, exchangeable with these, exceeds it with a probability of at
/// most 1 - coverage: that of rank ceil((n + 1) coverage); infinite when n is too small for it. Source:
/// Angelopoulos and Bates 2021, arXiv 2107.07511, section 1.
inline double conformal_quantile(std::vector<double> values, double coverage) {
  const double rank = std::ceil(static_cast<double>(values.size() + 1) * coverage - 1e-9);
  if (rank > static_cast<double>(values.size())) return std::numeric_limits<double>::infinity();
  const auto place = values.begin() + static_cast<std::ptrdiff_t>(std::max(rank, 1.0)) - 1;
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

/// Slope of log10 of the windows' RMSE on log10 of their score by least squares, within [0, 4].
inline double error_exponent(const WindowErrors& windows, double least) {
  const auto count = static_cast<double>(windows.windows());
  double x = 0, y = 0, xx = 0, xy = 0;
  for (std::size_t w = 0; w < windows.windows(); ++w) {
    const double a = std::log(std::max(static_cast<double>(windows.score[w]), least));
    const double b = std::log(std::max(windows.rmse[w], 1e-12));
    x += a, y += b, xx += a * a, xy += a * b;
  }
  const double variance = xx - x * x / count;
  return variance > 1e-9 * count ? std::clamp((xy - x * y / count) / variance, 0.0, 4.0) : 0;
}

}  // namespace detail

/// Mean, widest directions and the variance in the others of values [window][Width]. No variance is taken to
/// be less than 2^-16 of the largest one (beside whose inverse that of the largest is still known to a
/// hundredth in float, in which both are kept), or than what rounding alone makes of values of this size that
/// are sums of some hundred terms in float.
///
/// Errors: Error when there are fewer than two windows or the values do not vary or are not finite.
template <std::size_t Width>
ValueSpread fit_spread(std::span<const float> values) {
  using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic>;
  constexpr std::size_t directions = spread_directions(Width);
  const std::size_t count = values.size() / Width;
  if (count < 2) throw Error("calibration", "two training windows or more", std::to_string(count));
  using Rows = Eigen::Map<const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>;
  Matrix all = Rows(values.data(), static_cast<Eigen::Index>(count), static_cast<Eigen::Index>(Width))
                   .template cast<double>();
  const double mean_square = all.squaredNorm() / static_cast<double>(all.size());
  const Eigen::RowVectorXd mean = all.colwise().mean();
  all.rowwise() -= mean;
  const Matrix covariance = all.transpose() * all / static_cast<double>(count - 1);
  const double total = covariance.trace();
  constexpr double smallest = Width * static_cast<double>(std::numeric_limits<float>::min()) * 0x1p16;
  if (!(total > smallest && std::isfinite(total)))
    throw Error("calibration", "training windows that vary", "a variance of " + number_text(total));
  const Eigen::SelfAdjointEigenSolver<Matrix> modes(covariance);  // rising
  constexpr auto rest = static_cast<Eigen::Index>(Width - directions);
  constexpr double rounding = 16.0 * static_cast<double>(std::numeric_limits<float>::epsilon());
  const double least =
      std::max({modes.eigenvalues().head(rest).mean(), 0x1p-16 * modes.eigenvalues().tail(1)[0],
                rounding * rounding * mean_square});

  ValueSpread result;
  result.precision = static_cast<float>(1 / least);
  const auto precision = static_cast<double>(result.precision);
  for (std::size_t i = 0; i < Width; ++i) {
    const auto row = static_cast<Eigen::Index>(i);
    result.mean.push_back(static_cast<float>(mean[row]));
    for (std::size_t k = 0; k < directions; ++k) {
      const auto mode = static_cast<Eigen::Index>(Width - 1 - k);
      const double inverse = std::min(1 / std::max(modes.eigenvalues()[mode], least), precision);
      result.direction.push_back(
          static_cast<float>(modes.eigenvectors()(row, mode) * std::sqrt(precision - inverse)));
    }
  }
  return result;
}

/// A score below which half-widths fall no further: some windows lie in the middle of all others by chance.
inline constexpr double smallest_score = 1e-4;

/// Sets threshold, exponent and half-widths from held-out windows, by split-conformal prediction.
///
/// With g(u) = max(u, least)^exponent, whose exponent follows the windows' RMSE, the half-width of species s
/// at u = 1 is the conformal quantile of |error_s| / g(u): of windows exchangeable with these,
/// |error_s| <= half_width_s g(u) holds for a share of at least `coverage` (Vovk, Gammerman, Shafer 2005;
/// Angelopoulos and Bates 2021). That g comes from the same windows is one number from some hundred. Windows
/// of a scenario are alike, so that the scatter of the share achieved is that of fewer windows. Errors: Error
/// when there are no windows, an error or score is not finite, or a coverage is not in (0, 1).
inline void calibrate_widths(Uncertainty& result, const WindowErrors& held_out,
                             const CalibrationOptions& options = {}) {
  const std::size_t count = held_out.windows();
  if (count == 0) throw Error("calibration", "held-out windows", "none");
  for (std::size_t w = 0; w < count; ++w)
    if (!std::isfinite(held_out.score[w]) || !std::isfinite(held_out.rmse[w]))
      throw Error("calibration, window " + std::to_string(w), "a finite score and error", "another");
  const std::vector<double> scores(held_out.score.begin(), held_out.score.end());
  const auto [lowest, highest] = std::minmax_element(scores.begin(), scores.end());
  const double least = std::max(*lowest, smallest_score);
  result.least = static_cast<float>(least);
  result.threshold = static_cast<float>(
      std::max(std::min(detail::conformal_quantile(scores, options.inside), *highest), least));
  result.exponent = static_cast<float>(detail::error_exponent(held_out, least));
  result.coverage.clear();
  result.half_width.clear();
  for (const double coverage : options.coverage) {
    if (!(coverage > 0 && coverage < 1))
      throw Error("calibration, coverage", "a share between 0 and 1", number_text(coverage));
    result.coverage.push_back(static_cast<float>(coverage));
    for (std::size_t s = 0; s < held_out.outputs; ++s) {
      std::vector<double> relative;
      for (std::size_t w = 0; w < count; ++w)
        relative.push_back(std::abs(held_out.at(w, s)) / result.growth(held_out.score[w]));
      result.half_width.push_back(
          static_cast<float>(detail::conformal_quantile(std::move(relative), coverage)));
    }
  }
}

/// The inputs of a network of configuration C at the start of the windows of `set`, standardised.
/// Shape: [window][inputs + conditions].
template <class C>
std::vector<float> network_inputs(const TrainingSet& set) {
  std::vector<float> inputs;
  inputs.reserve(set.cases * (C::inputs + C::conditions));
  for (std::size_t w = 0; w < set.cases; ++w) {
    const float* const state = set.state.data() + w * set.frames * set.species;
    const float* const condition = set.condition.data() + w * set.conditions;
    inputs.insert(inputs.end(), state, state + C::inputs);
    inputs.insert(inputs.end(), condition, condition + C::conditions);
  }
  return inputs;
}

/// Codes, scores and errors of the windows of a trained network.
template <class Model, class Backend>
class Calibrator {
 public:
  using C = typename Model::Configuration;
  using Code = typename Model::Code;
  using Network = TrainedNetwork<Model, Backend>;
  static constexpr std::size_t in = C::inputs + C::conditions, width = Code::Output::size;

  /// `network` must outlive this.
  explicit Calibrator(const Network& network)
      : network_(network), encoder_(network.weights().template first<Code::parameters>()) {}

  /// The score of networks trained on `inputs` [window][in], standardised (`network_inputs`), with
  /// half-widths from `held_out`. Errors: as those of the parts.
  Uncertainty calibrate(std::span<const float> inputs, const Dataset& held_out,
                        const CalibrationOptions& options = {}) const {
    Uncertainty result = fit_score(inputs);
    calibrate_widths(result, errors(result, held_out), options);
    return result;
  }

  /// The score alone. Errors: see fit_spread.
  Uncertainty fit_score(std::span<const float> inputs) const {
    Uncertainty result;
    result.input = fit_spread<in>(inputs);
    result.code = fit_spread<width>(codes(inputs));
    return result;
  }

  /// Codes [window][width] of standardised inputs [window][in].
  std::vector<float> codes(std::span<const float> inputs) const {
    std::vector<float> result(inputs.size() / in * width);
    Buffer<float> memory(encoder_.memory(Encoder::block));
    for (std::size_t first = 0; first < inputs.size() / in; first += Encoder::block) {
      const std::size_t count = std::min(Encoder::block, inputs.size() / in - first);
      encoder_.evaluate(Rows<const float, in>(inputs.data() + first * in, count),
                        Rows<float, width>(result.data() + first * width, count),
                        Arena<float>(memory.span()));
    }
    return result;
  }

  /// Scores and errors of the windows of `data`. Errors: Error when it lacks a species or condition.
  WindowErrors errors(const Uncertainty& uncertainty, const Dataset& data) const {
    const Standardisation standard = network_.standardisation();
    const CellSource source(data, network_.task());
    std::vector<std::size_t> cases(data.cases());
    std::iota(cases.begin(), cases.end(), std::size_t{0});
    WindowErrors result{C::outputs, {}, {}, {}, data.scenario, standard.deviation};
    const auto logarithm = [&](std::span<const float> values, std::size_t s) {
      return std::log10(
          std::max(static_cast<double>(values[values.size() - C::outputs + s]), standard.floor[s]));
    };
    source.predict(cases, 256, network_.predictor(1),
                   [&](std::size_t, auto, auto reference, auto prediction) {
                     double sum = 0;
                     for (std::size_t s = 0; s < C::outputs; ++s) {
                       const double error = logarithm(prediction, s) - logarithm(reference, s);
                       result.error.push_back(error);
                       sum += error / standard.deviation[s] * error / standard.deviation[s];
                     }
                     result.rmse.push_back(std::sqrt(sum / C::outputs));
                   });
    result.score = scores(uncertainty, inputs(source, cases));
    return result;
  }

 private:
  using Encoder = PreparedNetwork<Code, Backend, float>;
  using Score = CellScore<Backend, in, width>;

  std::vector<float> scores(const Uncertainty& uncertainty, std::span<const float> inputs) const {
    const std::size_t count = inputs.size() / in;
    const std::vector<float> code = codes(inputs);
    std::vector<float> result(count);
    Buffer<float> constants(Score::constants), memory(count * Score::scratch);
    Score::prepare(uncertainty, constants.data());
    Score::evaluate(constants.data(), {inputs.data(), count}, {code.data(), count}, {memory.data(), count},
                    result.data());
    return result;
  }

  /// Standardised inputs [window][in] of cells in physical units.
  std::vector<float> inputs(const CellSource& source, std::span<const std::size_t> cases) const {
    using Prepare = typename Network::Prepare;
    std::vector<float> result(cases.size() * in);
    for (std::size_t w = 0; w < cases.size(); ++w) {
      const CellBatch cell = source.cells(cases.subspan(w, 1));
      std::array<float, in> physical;
      std::copy(cell.initial.begin(), cell.initial.end(), physical.begin());
      std::copy(cell.conditions.begin(), cell.conditions.end(), physical.begin() + C::inputs);
      Arena<float> nothing({});
      Prepare::template forward<Backend, float>(Rows<const float, in>(physical.data(), 1),
                                                network_.parameters().template first<Prepare::parameters>(),
                                                Rows<float, in>(result.data() + w * in, 1), nothing);
    }
    return result;
  }

  const Network& network_;
  Encoder encoder_;
};

}  // namespace chemnne
