#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <chemnne/data/standardisation.hpp>
#include <chemnne/support/error.hpp>

namespace chemnne {

/// Predicts the steps after the initial state of each cell, all in physical units (molecules cm-3).
///
/// Shapes: initial [cells][inputs], conditions [cells][conditions], prediction [cells][steps][outputs].
using Predictor = std::function<void(std::span<const float> initial, std::span<const float> conditions,
                                     std::span<float> prediction)>;

/// Squared errors of log10 number density, summed over cells: the base of every RMSE below.
///
/// sum[t][s] = sum over cells of (log10 max(p, floor_s) - log10 max(c, floor_s))^2, p predicted, c reference.
/// A NaN in either stays visible as NaN in the results.
struct SquaredErrors {
  std::size_t steps = 0;
  std::size_t species = 0;
  std::vector<double> floor;  ///< [species], molecules cm-3
  std::size_t cells = 0;      ///< cells summed so far
  std::vector<double> sum;    ///< [steps][species], squares of decades

  SquaredErrors(std::size_t steps_, std::vector<double> floor_)
      : steps(steps_), species(floor_.size()), floor(std::move(floor_)), sum(steps * species) {}

  /// Adds cells. Shapes: both [cells][steps][species]. Errors: Error when the shapes differ from that.
  void add(std::span<const float> reference, std::span<const float> prediction) {
    if (reference.size() != prediction.size() || reference.size() % sum.size() != 0)
      throw Error("squared errors", "reference and prediction of whole cells",
                  std::to_string(reference.size()) + " and " + std::to_string(prediction.size()) + " values");
    for (std::size_t i = 0; i < reference.size(); ++i) {
      const double least = floor[i % species];
      const double difference = logarithm(prediction[i], least) - logarithm(reference[i], least);
      sum[i % sum.size()] += difference * difference;
    }
    cells += reference.size() / sum.size();
  }

  /// Adds the cells of `other`, of the same steps and floors.
  SquaredErrors& operator+=(const SquaredErrors& other) {
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += other.sum[i];
    cells += other.cells;
    return *this;
  }

 private:
  static double logarithm(float value, double least) {
    return std::log10(std::max(static_cast<double>(value), least));
  }
};

/// RMSE over the species in units of `scale`: sqrt(mean over cells, steps, species of (error_s / scale_s)^2).
///
/// `scale` [species] in decades: `Standardisation::deviation` gives the error in standard deviations,
/// `range_scale` the error of data brought to [0, 1]. Every species weighs the same.
inline std::vector<double> rmse_by_step(const SquaredErrors& errors, std::span<const double> scale) {
  std::vector<double> result(errors.steps);
  for (std::size_t t = 0; t < errors.steps; ++t) {
    double sum = 0;
    for (std::size_t s = 0; s < errors.species; ++s)
      sum += errors.sum[t * errors.species + s] / (scale[s] * scale[s]);
    result[t] = std::sqrt(sum / static_cast<double>(errors.cells * errors.species));
  }
  return result;
}

/// RMSE of each species: sqrt(mean over cells and steps of (error_s / scale_s)^2).
inline std::vector<double> rmse_by_species(const SquaredErrors& errors, std::span<const double> scale) {
  std::vector<double> result(errors.species);
  for (std::size_t s = 0; s < errors.species; ++s) {
    double sum = 0;
    for (std::size_t t = 0; t < errors.steps; ++t) sum += errors.sum[t * errors.species + s];
    result[s] = std::sqrt(sum / static_cast<double>(errors.cells * errors.steps)) / scale[s];
  }
  return result;
}

/// The root of the mean square of `values`: RMSE of parts of equal size to RMSE of the whole.
inline double root_mean_square(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value * value;
  return std::sqrt(sum / static_cast<double>(values.size()));
}

/// maximum - minimum of log10 in the training data, [species]; 1 where a species was constant.
inline std::vector<double> range_scale(const Standardisation& standardisation) {
  std::vector<double> scale(standardisation.maximum.size());
  for (std::size_t s = 0; s < scale.size(); ++s) {
    const double range = standardisation.maximum[s] - standardisation.minimum[s];
    scale[s] = range > 0 ? range : 1;
  }
  return scale;
}

/// How predicted number densities p agree with those of the reference, c; all sums over cells and steps.
struct Agreement {
  double normalised_mean_bias;   ///< sum(p - c) / sum(c)
  double normalised_mean_error;  ///< sum|p - c| / sum(c)
  double r2;                     ///< coefficient of determination: 1 - sum (p - c)^2 / sum (c - mean c)^2
};

/// The sums behind an `Agreement`. Where sum(c) or the variance of c is zero the quotient is NaN or infinite.
class AgreementSums {
 public:
  void add(double reference, double prediction) {
    if (count_ == 0) origin_ = reference;
    const double error = prediction - reference;
    const double offset = reference - origin_;
    ++count_;
    reference_ += reference;
    error_ += error;
    absolute_error_ += std::abs(error);
    squared_error_ += error * error;
    offset_ += offset;
    squared_offset_ += offset * offset;
  }
  Agreement result() const {
    const double variation = squared_offset_ - offset_ * offset_ / static_cast<double>(count_);
    return {error_ / reference_, absolute_error_ / reference_, 1 - squared_error_ / variation};
  }

 private:
  std::size_t count_ = 0;
  double origin_ = 0, reference_ = 0, error_ = 0, absolute_error_ = 0, squared_error_ = 0, offset_ = 0,
         squared_offset_ = 0;
};

/// A weighted sum of species: a family, the total mass, the atoms of an element.
struct WeightedSum {
  std::string name;
  std::vector<double> weight;  ///< [species]

  /// sum_s weight_s c_s of one state [species].
  double of(std::span<const float> state) const {
    double sum = 0;
    for (std::size_t s = 0; s < weight.size(); ++s) sum += weight[s] * static_cast<double>(state[s]);
    return sum;
  }
};

/// The median; values that are not finite count as the largest. Errors: none; NaN for no values.
inline double median_of(std::vector<double> values) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  for (double& value : values)
    if (!std::isfinite(value)) value = std::numeric_limits<double>::infinity();
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// Mean, 95th percentile and maximum of values that are >= 0 (relative changes).
struct Spread {
  double mean;
  double percentile_95;  ///< the smallest value that at least 95 % of the values do not exceed
  double maximum;
};

/// The spread of `values`; all zero when there are none. A NaN makes all three NaN.
inline Spread spread_of(std::vector<double> values) {
  if (values.empty()) return {0, 0, 0};
  double sum = 0;
  for (const double value : values) sum += value;
  if (std::isnan(sum)) return {sum, sum, sum};
  std::sort(values.begin(), values.end());
  const auto rank = static_cast<std::size_t>(std::ceil(0.95 * static_cast<double>(values.size())));
  return {sum / static_cast<double>(values.size()), values[rank - 1], values.back()};
}

/// |after - before| / before, the drift of a total that should stay. `before` > 0.
inline double relative_change(double before, double after) { return std::abs(after - before) / before; }

}  // namespace chemnne
