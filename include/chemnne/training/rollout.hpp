#pragma once
#include <chemnne/data/standardisation.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/training/metrics.hpp>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace chemnne {

/// What a roll-out starts from and is held against: `hours` equal steps, each under its own conditions.
struct RolloutCases {
  std::size_t hours = 24;
  std::vector<float> start;       ///< [case][species], molecules cm-3
  std::vector<float> conditions;  ///< [case][hour][condition], physical units, constant during the hour
  std::vector<float> reference;   ///< [case][hour][species], state at the end of each hour
};

/// A roll-out and its errors, in both normalisations of metrics.hpp.
struct RolloutResults {
  std::size_t cases = 0;
  std::size_t hours = 0;
  std::vector<std::string> species;
  std::vector<float> start;                    ///< [case][species], molecules cm-3
  std::vector<float> reference;                ///< [case][hour][species], molecules cm-3
  std::vector<float> prediction;               ///< [case][hour][species], molecules cm-3
  std::vector<double> rmse_standardised;       ///< [hour]
  std::vector<double> rmse_minmax;             ///< [hour]
  std::vector<double> persistence_rmse;        ///< [hour], standardised, of the state at the start
  std::vector<double> mass_difference;         ///< [hour], mean of |m(p) - m(c)| / m(c); empty without masses
  double mean_rmse_standardised = 0;           ///< root mean square over all hours
  double mean_persistence_rmse_standardised = 0;
};

/// Only the last of the `steps` output times of `predictor`, as a predictor of one step.
inline Predictor last_step(Predictor predictor, std::size_t steps, std::size_t outputs) {
  return [predictor = std::move(predictor), steps, outputs](std::span<const float> initial,
                                                            std::span<const float> conditions,
                                                            std::span<float> prediction) {
    std::vector<float> all(prediction.size() * steps);
    predictor(initial, conditions, all);
    for (std::size_t i = 0; i < prediction.size(); ++i)
      prediction[i] = all[(i / outputs * steps + steps - 1) * outputs + i % outputs];
  };
}

namespace detail {

inline std::vector<double> mean_mass_difference(const RolloutResults& results, std::span<const double> molar_mass) {
  const std::size_t species = results.species.size();
  const WeightedSum mass{"mass", {molar_mass.begin(), molar_mass.end()}};
  std::vector<double> mean(results.hours);
  for (std::size_t i = 0; i < results.cases * results.hours; ++i) {
    const double reference = mass.of(std::span(results.reference).subspan(i * species, species));
    const double prediction = mass.of(std::span(results.prediction).subspan(i * species, species));
    mean[i % results.hours] += relative_change(reference, prediction) / static_cast<double>(results.cases);
  }
  return mean;
}

/// Values of hour `hour` out of [case][hour][width].
inline std::vector<float> hour_of(std::span<const float> values, std::size_t hour, std::size_t hours, std::size_t width) {
  std::vector<float> result;
  for (std::size_t begin = hour * width; begin < values.size(); begin += hours * width)
    result.insert(result.end(), &values[begin], &values[begin] + width);
  return result;
}

}  // namespace detail

/// Feeds the end-of-hour state back as the next hour's start: p(h + 1) = step(p(h), conditions(h)), p(0) =
/// start, and compares each hour with the reference's own chain.
///
/// `step` predicts one step (see `last_step`) whose outputs are its inputs: the species of `standardisation`.
/// `molar_mass` [species] or empty. All cases are one batch.
/// Errors: Error when the arrays do not have the shapes of RolloutCases.
inline RolloutResults roll_out(const RolloutCases& given, const Standardisation& standardisation,
                               const Predictor& step, std::span<const double> molar_mass = {}) {
  const std::size_t species = standardisation.species.size();
  const std::size_t cases = given.start.size() / species;
  if (cases == 0 || given.hours == 0 || given.reference.size() != cases * given.hours * species ||
      given.conditions.size() != cases * given.hours * standardisation.condition_name.size())
    throw Error("roll-out", "start, conditions and reference of equal cases and hours", "other shapes");
  RolloutResults results{.cases = cases, .hours = given.hours, .species = standardisation.species,
                         .start = given.start, .reference = given.reference, .prediction = {}, .rmse_standardised = {}, .rmse_minmax = {}, .persistence_rmse = {}, .mass_difference = {}};
  results.prediction.resize(given.reference.size());
  SquaredErrors errors(given.hours, species, standardisation.floor);
  SquaredErrors persistence(given.hours, species, standardisation.floor);
  std::vector<float> state = given.start, next(state.size()), unchanged(given.reference.size());
  for (std::size_t hour = 0; hour < given.hours; ++hour) {
    step(state, detail::hour_of(given.conditions, hour, given.hours, standardisation.condition_name.size()), next);
    state.swap(next);
    for (std::size_t i = 0; i < state.size(); ++i) {
      const std::size_t place = (i / species * given.hours + hour) * species + i % species;
      results.prediction[place] = state[i];
      unchanged[place] = given.start[i];
    }
  }
  errors.add(given.reference, results.prediction);
  persistence.add(given.reference, unchanged);
  results.rmse_standardised = rmse_by_step(errors, standardisation.deviation);
  results.rmse_minmax = rmse_by_step(errors, range_scale(standardisation));
  results.persistence_rmse = rmse_by_step(persistence, standardisation.deviation);
  results.mean_rmse_standardised = root_mean_square(results.rmse_standardised);
  results.mean_persistence_rmse_standardised = root_mean_square(results.persistence_rmse);
  if (!molar_mass.empty()) results.mass_difference = detail::mean_mass_difference(results, molar_mass);
  return results;
}

}  // namespace chemnne
