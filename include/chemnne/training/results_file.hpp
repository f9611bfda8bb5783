#pragma once
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include <chemnne/data/netcdf_file.hpp>
#include <chemnne/io/atomic_file.hpp>
#include <chemnne/io/json.hpp>
#include <chemnne/training/evaluation_results.hpp>

namespace chemnne {

namespace detail {

inline Json to_json(const Spread& spread) {
  Json json;
  json["mean"] = spread.mean;
  json["percentile_95"] = spread.percentile_95;
  json["maximum"] = spread.maximum;
  return json;
}

inline Json to_json(const Agreement& agreement) {
  Json json;
  json["normalised_mean_bias"] = agreement.normalised_mean_bias;
  json["normalised_mean_error"] = agreement.normalised_mean_error;
  json["r2"] = agreement.r2;
  return json;
}

/// Scores of one predictor: the two numbers, by species, by family, over time, drift.
inline Json to_json(const Scores& scores, const EvaluationResults& results) {
  Json json;
  json["rmse_standardised"] = scores.rmse_standardised;
  json["rmse_minmax"] = scores.rmse_minmax;
  json["median_normalised_mean_error"] = scores.median_normalised_mean_error;
  json["median_r2"] = scores.median_r2;
  Json& species = json["species"] = Json::object();
  for (std::size_t s = 0; s < results.species.size(); ++s) {
    Json& entry = species[results.species[s]] = to_json(scores.species_agreement[s]);
    entry["rmse_standardised"] = scores.species_rmse_standardised[s];
    entry["rmse_minmax"] = scores.species_rmse_minmax[s];
  }
  Json& families = json["families"] = Json::object();
  for (std::size_t f = 0; f < results.family.size(); ++f)
    families[results.family[f]] = to_json(scores.family_agreement[f]);
  json["over_time"]["seconds"] = results.time;
  json["over_time"]["rmse_standardised"] = scores.step_rmse_standardised;
  json["over_time"]["rmse_minmax"] = scores.step_rmse_minmax;
  Json& drift = json["drift"] = Json::object();
  for (const Drift& total : scores.drift) {
    drift[total.total]["predicted"] = to_json(total.predicted);
    drift[total.total]["reference"] = to_json(total.reference);
    drift[total.total]["difference"] = to_json(total.difference);
  }
  return json;
}

inline Json to_json(const RunBias& bias) {
  Json json;
  json["mean_magnitude"] = bias.mean_magnitude;
  json["largest_magnitude"] = bias.largest_magnitude;
  json["of_run"] = bias.of_run;
  return json;
}

inline Json to_json(const RegimeBias& regimes) {
  Json json;
  json["nox_limits_molecules_cm3"] = std::vector<double>(regimes.nox_limit.begin(), regimes.nox_limit.end());
  json["temperature_limits_K"] =
      std::vector<double>(regimes.temperature_limit.begin(), regimes.temperature_limit.end());
  Json::Array rows;
  for (const RegimeBias::Regime& regime : regimes.regime) {
    Json row;
    row["day"] = regime.day;
    row["nox_third"] = regime.nox;
    row["temperature_third"] = regime.temperature;
    row["steps"] = regime.steps;
    Json& bias = row["bias_percent_per_hour"] = Json::object();
    for (std::size_t s = 0; s < regimes.species.size(); ++s) bias[regimes.species[s]] = 100 * regime.bias[s];
    rows.push_back(std::move(row));
  }
  json["regime"] = Json(std::move(rows));
  return json;
}

inline Json to_json(const RolloutResults& rollout) {
  Json json;
  json["hours"] = rollout.hours;
  json["cases"] = rollout.cases;
  json["rmse_standardised"] = rollout.rmse_standardised;
  json["rmse_minmax"] = rollout.rmse_minmax;
  json["persistence_rmse_standardised"] = rollout.persistence_rmse;
  json["mass_difference"] = rollout.mass_difference;
  json["mean_rmse_standardised"] = rollout.mean_rmse_standardised;
  json["mean_persistence_rmse_standardised"] = rollout.mean_persistence_rmse_standardised;
  json["one_step_rmse_standardised"] = rollout.one_step_rmse_standardised;
  json["score_rank_correlation"] = rollout.score_rank_correlation;
  Json& fed_back = json["bias_percent"] = Json::object();
  Json& one_step = json["one_step_bias_percent_per_hour"] = Json::object();
  for (std::size_t s = 0; s < rollout.species.size(); ++s) {
    const std::string& name = rollout.species[s];
    const RunBias days = rollout.bias_of(rollout.bias, s), hour = rollout.bias_of(rollout.one_step_bias, s);
    fed_back[name] = to_json(days);
    one_step[name] = to_json(hour);
    if (name != "O3") continue;
    json["o3_bias_percent"] = days.mean_magnitude;
    json["o3_one_step_bias_percent_per_hour"] = hour.largest_magnitude;
  }
  if (rollout.regimes) json["one_step_bias_by_regime"] = to_json(*rollout.regimes);
  return json;
}

inline Json to_json(const Timing& timing) {
  Json json;
  json["threads"] = timing.threads;
  json["batch"] = timing.batch;
  json["reference"] = timing.reference;
  json["solver"] = timing.solver;
  json["speed_up"] = timing.reference_microseconds_per_cell / timing.microseconds_per_cell;
  return json;
}

inline Json to_json(const GuardShares& guard) {
  Json json = Json::object();
  json["cells"] = guard.cells;
  json["outside_training_share"] = guard.outside_training;
  json["uncertain_share"] = guard.uncertain;
  json["limited_share"] = guard.limited;
  json["suspicious_share"] = guard.suspicious;
  return json;
}

inline Json to_json(const IntervalResults& intervals, const std::vector<std::string>& species) {
  Json json;
  json["rank_correlation"] = intervals.rank_correlation;
  json["uncertain_share"] = intervals.uncertain;
  json["rmse_uncertain"] = intervals.rmse_uncertain;
  json["rmse_certain"] = intervals.rmse_certain;
  Json::Array levels;
  for (const IntervalLevel& level : intervals.level) {
    Json row;
    row["nominal"] = level.nominal;
    row["achieved"] = level.achieved;
    row["mean_half_width_decades"] = level.mean_width;
    Json& of_species = row["species_coverage"] = Json::object();
    for (std::size_t s = 0; s < species.size(); ++s) of_species[species[s]] = level.species_coverage[s];
    levels.push_back(std::move(row));
  }
  json["levels"] = Json(std::move(levels));
  return json;
}

}  // namespace detail

/// The results as an object whose first members are the numbers that scripts read.
///
/// `rmse_*`: root mean square error of log10 number density over cases, steps after the start and species, in
/// standard deviations of the training data or of data brought to [0, 1] by their range in training.
/// `mass_drift_mean`: mean of |m(end) - m(0)| / m(0) within a window. `rollout_24h_rmse_standardised`: over
/// all hours of a roll-out of 24 hourly steps. `rollout.o3_bias_percent`: mean over runs of the magnitude of
/// the bias of ozone over all hours fed back; `rollout.o3_one_step_bias_percent_per_hour`: of single steps
/// from the reference's states, that of the worst run. A number that was not measured is null.
inline Json results_json(const EvaluationResults& results) {
  const double unknown = std::numeric_limits<double>::quiet_NaN();
  const Scores& persistence = results.baselines.at(0);
  Json json;
  json["rmse_standardised"] = results.emulator.rmse_standardised;
  json["rmse_minmax"] = results.emulator.rmse_minmax;
  json["persistence_rmse_standardised"] = persistence.rmse_standardised;
  json["persistence_rmse_minmax"] = persistence.rmse_minmax;
  json["mass_drift_mean"] =
      results.emulator.drift.empty() ? unknown : results.emulator.drift[0].predicted.mean;
  json["rollout_24h_rmse_standardised"] =
      results.rollout.hours == 24 ? results.rollout.mean_rmse_standardised : unknown;
  json["microseconds_per_cell"] = results.timing.microseconds_per_cell;
  json["reference_microseconds_per_cell"] = results.timing.reference_microseconds_per_cell;
  json["solver_microseconds_per_cell"] = results.timing.solver_microseconds_per_cell;
  json["cases"] = results.cases;
  json["timing"] = detail::to_json(results.timing);
  json["baselines"] = Json::object();
  for (const Scores& baseline : results.baselines)
    json["baselines"][baseline.name] = detail::to_json(baseline, results);
  json["emulator"] = detail::to_json(results.emulator, results);
  if (results.rollout.hours > 0) json["rollout"] = detail::to_json(results.rollout);
  if (results.guard) json["guard"] = detail::to_json(*results.guard);
  if (results.intervals) json["uncertainty"] = detail::to_json(*results.intervals, results.species);
  json["model"] = results.model;
  json["provenance"] = results.provenance;
  return json;
}

namespace detail {

/// A NetCDF file whose variables are defined and written in one go.
struct ResultsNetcdf {
  template <class Value>
  void add(const std::string& name, nc_type type, const std::vector<const char*>& dimensions,
           const std::vector<Value>& values, const std::string& units, const std::string& long_name) {
    const int variable = file.define_variable(name, type, dimensions);
    if (!units.empty()) file.write_attribute(variable, "units", units);
    file.write_attribute(variable, "long_name", long_name);
    file.write(name, std::span(values));
  }

  NetcdfFile& file;
};

inline void write_scores(ResultsNetcdf& netcdf, const EvaluationResults& results) {
  std::vector<std::string> names;
  std::vector<double> species, steps, cells;
  const auto append = [&](const Scores& scores) {
    names.push_back(scores.name);
    species.insert(species.end(), scores.species_rmse_standardised.begin(),
                   scores.species_rmse_standardised.end());
    steps.insert(steps.end(), scores.step_rmse_standardised.begin(), scores.step_rmse_standardised.end());
    cells.insert(cells.end(), scores.cell_rmse_standardised.begin(), scores.cell_rmse_standardised.end());
  };
  append(results.emulator);
  for (const Scores& baseline : results.baselines) append(baseline);
  netcdf.file.define_dimension("predictor", names.size());
  netcdf.file.define_dimension("case", results.cases);
  netcdf.add("predictor_name", NC_STRING, {"predictor"}, names, "", "the emulator first, then the baselines");
  netcdf.add("species_rmse", NC_DOUBLE, {"predictor", "species"}, species, "1", "RMSE of standardised log10");
  netcdf.add("time_rmse", NC_DOUBLE, {"predictor", "time"}, steps, "1", "RMSE of standardised log10");
  netcdf.add("case_rmse", NC_DOUBLE, {"predictor", "case"}, cells, "1", "RMSE of standardised log10");
}

inline void write_rollout(ResultsNetcdf& netcdf, const RolloutResults& rollout) {
  netcdf.file.define_dimension("rollout_case", rollout.cases);
  netcdf.file.define_dimension("hour", rollout.hours);
  netcdf.file.define_dimension("hour_boundary", rollout.hours + 1);
  const std::vector<const char*> series{"rollout_case", "hour_boundary", "species"};
  netcdf.add("rollout_reference", NC_FLOAT, series, rollout.reference, "molecules cm-3",
             "reference, the start first");
  netcdf.add("rollout_prediction", NC_FLOAT, series, rollout.prediction, "molecules cm-3",
             "emulator fed back into itself, the start first");
  netcdf.add("rollout_rmse", NC_DOUBLE, {"hour"}, rollout.rmse_standardised, "1",
             "RMSE of standardised log10");
}

inline void write_all_results(ResultsNetcdf& netcdf, const EvaluationResults& results) {
  netcdf.file.define_dimension("species", results.species.size());
  netcdf.file.define_dimension("time", results.time.size());
  netcdf.file.write_attribute(NC_GLOBAL, "provenance", results.provenance.dump(0));
  netcdf.add("species_name", NC_STRING, {"species"}, results.species, "", "names of the species");
  netcdf.add("time", NC_DOUBLE, {"time"}, results.time, "s", "time since the start of the window");
  write_scores(netcdf, results);
  if (results.rollout.hours > 0) write_rollout(netcdf, results.rollout);
}

}  // namespace detail

/// Writes the arrays behind the results to the NetCDF-4 file `path`: RMSE by species, over time and by case
/// for each predictor, the roll-out's series. Errors: Error naming file and variable.
inline void write_results_netcdf(const std::string& path, const EvaluationResults& results) {
  NetcdfFile::make(path, [&](NetcdfFile& file) {
    detail::ResultsNetcdf netcdf{file};
    detail::write_all_results(netcdf, results);
  });
}

/// Writes `results.json` and `results.nc` into the folder `directory`. Errors: Error naming the file.
inline void write_results(const std::string& directory, const EvaluationResults& results) {
  write_file_atomically(directory + "/results.json", results_json(results).dump() + "\n");
  write_results_netcdf(directory + "/results.nc", results);
}

}  // namespace chemnne
