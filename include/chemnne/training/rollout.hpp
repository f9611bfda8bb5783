#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <chemnne/data/long_runs.hpp>
#include <chemnne/data/standardisation.hpp>
#include <chemnne/host/columns.hpp>
#include <chemnne/host/host_arrays.hpp>
#include <chemnne/host/step_report.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/training/interval_results.hpp>
#include <chemnne/training/metrics.hpp>
#include <chemnne/training/regime_bias.hpp>

namespace chemnne {

/// What a roll-out starts from and is held against: equal steps ("hours"), each under its own conditions.
struct RolloutCases {
  std::size_t hours = 24;
  std::vector<float> reference;      ///< [case][hour + 1][species], molecules cm-3, the start first
  std::vector<float> conditions;     ///< [case][hour][condition], physical units, constant during the hour
  std::vector<float> dilution = {};  ///< [case][hour], factor on the state before the hour; empty: 1
  std::vector<float> source = {};    ///< [case][hour][species], added before the hour; empty: 0
};

/// The roll-out of long runs for the `species` and `conditions` of an emulator, over up to `hours`.
/// Errors: Error naming a species or condition that the runs lack.
inline RolloutCases rollout_cases(const LongRuns& runs, const std::vector<std::string>& species,
                                  const std::vector<std::string>& conditions, std::size_t hours) {
  const auto places = indices_by_name(species, runs.species_name, "species of the long runs");
  const auto columns = indices_by_name(conditions, runs.environment_name, "environment of the long runs");
  RolloutCases cases{.hours = std::min(hours, runs.hours), .reference = {}, .conditions = {}};
  for (std::size_t i = 0; i < runs.cases; ++i)
    for (std::size_t hour = 0; hour <= cases.hours; ++hour) {
      const float* const state =
          &runs.concentration[(i * (runs.hours + 1) + hour) * runs.species_name.size()];
      for (const std::size_t s : places) cases.reference.push_back(state[s]);
      if (hour == cases.hours) break;
      const std::size_t at = i * runs.hours + hour;
      for (const std::size_t k : columns)
        cases.conditions.push_back(
            static_cast<float>(runs.environment_value[at * runs.environment_name.size() + k]));
      cases.dilution.push_back(static_cast<float>(runs.dilution[at]));
      for (const std::size_t s : places)
        cases.source.push_back(runs.source[at * runs.species_name.size() + s]);
    }
  return cases;
}

/// Bias of a species in each run of a roll-out, in percent.
struct RunBias {
  std::vector<double> of_run;
  double mean_magnitude = 0, largest_magnitude = 0;
};

/// A roll-out and its errors, in the normalisations of metrics.hpp.
struct RolloutResults {
  std::size_t cases = 0;
  std::size_t hours = 0;
  std::vector<std::string> species;
  std::vector<float> reference;           ///< [case][hour + 1][species], molecules cm-3
  std::vector<float> prediction;          ///< [case][hour + 1][species], molecules cm-3, the same start
  std::vector<double> rmse_standardised;  ///< [hour]
  std::vector<double> rmse_minmax;        ///< [hour]
  std::vector<double> persistence_rmse;   ///< [hour], standardised, of the state at the start
  std::vector<double> mass_difference;    ///< [hour], mean of |m(p) - m(c)| / m(c); empty without masses
  double mean_rmse_standardised = 0;      ///< root mean square over all hours
  double mean_persistence_rmse_standardised = 0;
  double one_step_rmse_standardised = 0;  ///< of one step from each state of the reference
  std::vector<double> bias;               ///< [case][species], sum p / sum c - 1 over the hours
  std::vector<double> one_step_bias;      ///< [case][species], the same of single steps: a step's drift
  std::optional<RegimeBias> regimes;      ///< the same of single steps by kind of air, where that is known
  /// Spearman's, of the scores of the states fed back and the errors of the states after; NaN: no scores.
  double score_rank_correlation = std::numeric_limits<double>::quiet_NaN();

  /// One state of `states` (reference or prediction), [species]; hour 0 is the start.
  std::span<const float> state(const std::vector<float>& states, std::size_t index, std::size_t hour) const {
    return std::span(states).subspan((index * (hours + 1) + hour) * species.size(), species.size());
  }

  /// Of one of the species; `of` is bias or one_step_bias.
  RunBias bias_of(const std::vector<double>& of, std::size_t of_species) const {
    RunBias result;
    for (std::size_t at = of_species; at < of.size(); at += species.size()) {
      result.of_run.push_back(100 * of[at]);
      const double magnitude = std::abs(result.of_run.back());
      result.mean_magnitude += magnitude / static_cast<double>(cases);
      result.largest_magnitude = std::max(result.largest_magnitude, magnitude);
    }
    return result;
  }
};

/// A host's step of `seconds` as a predictor of the first `inputs` of its outputs: a roll-out meets the same
/// limits, projection and guard as a host's run. `step` is `Emulator::advance`.
template <class Step>
Predictor host_step(Step step, std::size_t inputs, std::size_t outputs, std::size_t conditions,
                    double seconds) {
  return [=](std::span<const float> initial, std::span<const float> weather, std::span<float> prediction) {
    const std::size_t cells = initial.size() / inputs;
    const std::vector<double> before(initial.begin(), initial.end()), around(weather.begin(), weather.end());
    std::vector<double> after(cells * outputs);
    step(Columns<const double>::cell_major(before.data(), cells, inputs),
         Columns<const double>::cell_major(around.data(), cells, conditions), seconds,
         Columns<double>::cell_major(after.data(), cells, outputs), StepReport{});
    for (std::size_t cell = 0; cell < cells; ++cell)
      for (std::size_t i = 0; i < inputs; ++i)
        prediction[cell * inputs + i] = narrowed<float>(after[cell * outputs + i]);
  };
}

/// What a guard makes of cells: states [cells][inputs], conditions [cells][conditions], scores [cells].
using ScoreFunction = std::function<void(std::span<const float> states, std::span<const float> conditions,
                                         std::span<double> scores)>;

/// The scores that a host's step gives its cells, in units of the guard's threshold; `step` as for host_step.
template <class Step>
ScoreFunction host_score(Step step, std::size_t inputs, std::size_t outputs, std::size_t conditions,
                         double seconds) {
  return [=](std::span<const float> states, std::span<const float> weather, std::span<double> scores) {
    const std::size_t cells = scores.size();
    const std::vector<double> before(states.begin(), states.end()), around(weather.begin(), weather.end());
    std::vector<double> after(cells * outputs);
    step(Columns<const double>::cell_major(before.data(), cells, inputs),
         Columns<const double>::cell_major(around.data(), cells, conditions), seconds,
         Columns<double>::cell_major(after.data(), cells, outputs),
         StepReport{.score = Columns<double>::cell_major(scores.data(), cells, 1)});
  };
}

namespace detail {

/// Rows 0 .. cases - 1 at step `step` out of values [case][steps][width].
inline std::vector<float> rows_at(std::span<const float> values, std::size_t step, std::size_t steps,
                                  std::size_t width) {
  std::vector<float> rows;
  for (std::size_t begin = step * width; begin < values.size(); begin += steps * width) {
    const auto row = values.subspan(begin, width);
    rows.insert(rows.end(), row.begin(), row.end());
  }
  return rows;
}

/// What a step starts from: the state after the hour before, diluted and fed.
inline void transport(const RolloutCases& given, std::size_t index, std::size_t hour,
                      std::span<float> state) {
  const std::size_t at = index * given.hours + hour;
  for (std::size_t s = 0; s < state.size(); ++s) {
    if (!given.dilution.empty()) state[s] *= given.dilution[at];
    if (!given.source.empty()) state[s] += given.source[at * state.size() + s];
  }
}

/// p(h + 1) = step(p(h) dilution(h) + source(h), conditions(h)), p(0) the start: all hours of all cases into
/// `results.prediction`.
inline void feed_back(const RolloutCases& given, std::size_t conditions, const Predictor& step,
                      RolloutResults& results) {
  const std::size_t species = results.species.size();
  results.prediction.resize(given.reference.size());
  std::vector<float> state = rows_at(given.reference, 0, given.hours + 1, species);
  for (std::size_t hour = 0; hour <= given.hours; ++hour) {
    for (std::size_t i = 0; i < state.size(); ++i)
      results.prediction[(i / species * (given.hours + 1) + hour) * species + i % species] = state[i];
    if (hour == given.hours) break;
    for (std::size_t i = 0; i < results.cases; ++i)
      transport(given, i, hour, std::span(state).subspan(i * species, species));
    std::vector<float> next(state.size());
    step(state, rows_at(given.conditions, hour, given.hours, conditions), next);
    state.swap(next);
  }
}

/// sum p / sum c - 1 over the hours of each case, [case][species].
inline std::vector<double> biases(const RolloutResults& results, const std::vector<float>& prediction) {
  const std::size_t species = results.species.size();
  std::vector<double> bias(results.cases * species);
  for (std::size_t i = 0; i < results.cases; ++i)
    for (std::size_t s = 0; s < species; ++s) {
      double predicted = 0, truth = 0;
      for (std::size_t hour = 1; hour <= results.hours; ++hour) {
        predicted += static_cast<double>(results.state(prediction, i, hour)[s]);
        truth += static_cast<double>(results.state(results.reference, i, hour)[s]);
      }
      bias[i * species + s] = predicted / truth - 1;
    }
  return bias;
}

/// One step from each state of the reference: what a step is worth along the days, before errors add up.
inline void step_from_truth(const RolloutCases& given, const Standardisation& standardisation,
                            const Predictor& step, RolloutResults& results) {
  const std::size_t species = results.species.size();
  std::vector<float> prediction = given.reference;  // the start stays
  std::vector<float> before, truth, after;          // of all steps, without the starts
  SquaredErrors errors(1, standardisation.floor);
  for (std::size_t i = 0; i < results.cases; ++i) {
    const auto first = static_cast<std::ptrdiff_t>(i * (given.hours + 1) * species);
    const auto length = static_cast<std::ptrdiff_t>(given.hours * species);
    std::vector<float> state(given.reference.begin() + first, given.reference.begin() + first + length);
    for (std::size_t hour = 0; hour < given.hours; ++hour)
      transport(given, i, hour, std::span(state).subspan(hour * species, species));
    const std::size_t conditions = standardisation.condition_name.size();
    const auto weather =
        std::span(given.conditions).subspan(i * given.hours * conditions, given.hours * conditions);
    const auto next = std::span(prediction).subspan((i * (given.hours + 1) + 1) * species, state.size());
    step(state, weather, next);
    const auto end = std::span(given.reference).subspan((i * (given.hours + 1) + 1) * species, state.size());
    errors.add(end, next);
    before.insert(before.end(), state.begin(), state.end());
    truth.insert(truth.end(), end.begin(), end.end());
    after.insert(after.end(), next.begin(), next.end());
  }
  results.one_step_rmse_standardised = rmse_by_step(errors, standardisation.deviation)[0];
  results.one_step_bias = biases(results, prediction);
  results.regimes =
      regime_bias(results.species, standardisation.condition_name, {before, given.conditions, truth, after});
}

/// Errors of each hour, of the roll-out and of the unchanged start.
inline void compare(const Standardisation& standardisation, std::span<const double> molar_mass,
                    RolloutResults& results) {
  const WeightedSum mass{"mass", {molar_mass.begin(), molar_mass.end()}};
  SquaredErrors errors(results.hours, standardisation.floor), persistence = errors;
  if (!molar_mass.empty()) results.mass_difference.assign(results.hours, 0);
  for (std::size_t i = 0; i < results.cases; ++i) {
    std::vector<float> reference, prediction, unchanged;
    for (std::size_t hour = 1; hour <= results.hours; ++hour) {
      const auto truth = results.state(results.reference, i, hour);
      const auto predicted = results.state(results.prediction, i, hour);
      const auto start = results.state(results.reference, i, 0);
      reference.insert(reference.end(), truth.begin(), truth.end());
      prediction.insert(prediction.end(), predicted.begin(), predicted.end());
      unchanged.insert(unchanged.end(), start.begin(), start.end());
      if (!molar_mass.empty())
        results.mass_difference[hour - 1] +=
            relative_change(mass.of(truth), mass.of(predicted)) / static_cast<double>(results.cases);
    }
    errors.add(reference, prediction);
    persistence.add(reference, unchanged);
  }
  results.rmse_standardised = rmse_by_step(errors, standardisation.deviation);
  results.rmse_minmax = rmse_by_step(errors, range_scale(standardisation));
  results.persistence_rmse = rmse_by_step(persistence, standardisation.deviation);
  results.mean_rmse_standardised = root_mean_square(results.rmse_standardised);
  results.mean_persistence_rmse_standardised = root_mean_square(results.persistence_rmse);
}

/// Scores of the states that are stepped along a roll-out against the RMSE of the states that come out.
inline double score_rank_correlation(const RolloutCases& given, const Standardisation& standardisation,
                                     const ScoreFunction& score, const RolloutResults& results) {
  const std::size_t species = results.species.size(), conditions = standardisation.condition_name.size();
  std::vector<double> scores, errors;
  for (std::size_t hour = 0; hour < results.hours; ++hour) {
    std::vector<float> states = rows_at(results.prediction, hour, results.hours + 1, species);
    for (std::size_t i = 0; i < results.cases; ++i) {
      transport(given, i, hour, std::span(states).subspan(i * species, species));
      SquaredErrors of_state(1, standardisation.floor);
      of_state.add(results.state(results.reference, i, hour + 1),
                   results.state(results.prediction, i, hour + 1));
      errors.push_back(rmse_by_step(of_state, standardisation.deviation)[0]);
    }
    scores.resize(errors.size());
    score(states, rows_at(given.conditions, hour, given.hours, conditions),
          std::span(scores).last(results.cases));
  }
  return rank_correlation(scores, errors);
}

}  // namespace detail

/// Feeds the end of each hour back as the start of the next and compares it with the reference's own chain.
///
/// `step` predicts one step (see `host_step`) whose outputs are its inputs: the species of `standardisation`,
/// in that order. `molar_mass` [species] or empty; `score` or none. All cases are one batch.
/// Errors: Error when the arrays do not have the shapes of RolloutCases.
inline RolloutResults roll_out(const RolloutCases& given, const Standardisation& standardisation,
                               const Predictor& step, std::span<const double> molar_mass = {},
                               const ScoreFunction& score = {}) {
  const std::size_t species = standardisation.species.size();
  const std::size_t conditions = standardisation.condition_name.size();
  RolloutResults results;
  results.cases = given.reference.size() / ((given.hours + 1) * species);
  results.hours = given.hours;
  if (results.cases == 0 || given.hours == 0 ||
      given.reference.size() != results.cases * (given.hours + 1) * species ||
      given.conditions.size() != results.cases * given.hours * conditions ||
      (!given.dilution.empty() && given.dilution.size() != results.cases * given.hours) ||
      (!given.source.empty() && given.source.size() != results.cases * given.hours * species))
    throw Error("roll-out", "reference [case][hour + 1][species] and conditions [case][hour][condition]",
                std::to_string(given.reference.size()) + " and " + std::to_string(given.conditions.size()) +
                    " values");
  results.species = standardisation.species;
  results.reference = given.reference;
  detail::feed_back(given, conditions, step, results);
  detail::step_from_truth(given, standardisation, step, results);
  detail::compare(standardisation, molar_mass, results);
  results.bias = detail::biases(results, results.prediction);
  if (score)
    results.score_rank_correlation = detail::score_rank_correlation(given, standardisation, score, results);
  return results;
}

}  // namespace chemnne
