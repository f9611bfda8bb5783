#pragma once
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include <chemnne/io/json.hpp>
#include <chemnne/training/guard_shares.hpp>
#include <chemnne/training/interval_results.hpp>
#include <chemnne/training/metrics.hpp>
#include <chemnne/training/rollout.hpp>

namespace chemnne {

/// How far a total (mass, atoms of an element) moves within a window, over the cases where it is present.
///
/// The species of an emulator exchange some elements with species that are not among them (O2, H2O, CO2):
/// there the reference drifts too, and `difference` is what speaks of the emulator.
struct Drift {
  std::string total;
  Spread predicted;   ///< |m(p, end) - m(c, 0)| / m(c, 0)
  Spread reference;   ///< |m(c, end) - m(c, 0)| / m(c, 0)
  Spread difference;  ///< |m(p, end) - m(c, end)| / m(c, end)
};

/// All scores of one predictor. Both normalisations are those of metrics.hpp; frame 0 is left out.
struct Scores {
  std::string name;
  double rmse_standardised = 0;
  double rmse_minmax = 0;
  std::vector<double> species_rmse_standardised, species_rmse_minmax;  ///< [species]
  std::vector<double> step_rmse_standardised, step_rmse_minmax;        ///< [step]
  std::vector<double> cell_rmse_standardised;                          ///< [case]
  std::vector<Agreement> species_agreement;                            ///< [species]
  /// Medians over the species.
  double median_normalised_mean_error = 0;
  double median_r2 = 0;
  std::vector<Agreement> family_agreement;  ///< [family]
  std::vector<Drift> drift;                 ///< mass first, then elements
};

/// A window kept whole, for figures.
struct ExampleWindow {
  std::size_t index = 0;          ///< its case in the data set
  double rmse_standardised = 0;   ///< of the emulator in this window
  std::vector<float> conditions;  ///< [condition]
  std::vector<float> reference;   ///< [frame][species], molecules cm-3
  std::vector<float> prediction;  ///< [step][species], molecules cm-3
};

/// Pairs of number densities [molecules cm-3], taken evenly from all cases and steps.
struct ParityPoints {
  std::string name;
  std::vector<double> reference, prediction;
};

/// Cost of one cell and one step of the data set's length, as measured by the caller.
struct Timing {
  double microseconds_per_cell = std::numeric_limits<double>::quiet_NaN();  ///< NaN: not measured
  double reference_microseconds_per_cell = std::numeric_limits<double>::quiet_NaN();
  double solver_microseconds_per_cell = std::numeric_limits<double>::quiet_NaN();
  int threads = 1;
  std::size_t batch = 1;  ///< cells given to the emulator at once
  std::string reference;  ///< solver and tolerances, in words
  std::string solver;     ///< the same of the vectorised solver, the emulator's rival
};

/// What an evaluation found: the content of results.json, results.nc and the report.
struct EvaluationResults {
  std::size_t cases = 0;
  std::vector<double> floor;  ///< [species], molecules cm-3, below which one counts as absent
  std::vector<double> time;   ///< [step], s
  std::vector<std::string> species;
  std::vector<std::string> family;
  std::vector<std::string> condition_name, condition_units;
  Scores emulator;
  std::vector<Scores> baselines;        ///< persistence first
  std::vector<ExampleWindow> examples;  ///< at evenly spaced ranks of the error
  std::vector<ParityPoints> parity;     ///< families, then species
  RolloutResults rollout;               ///< no hours: none was made
  Timing timing;
  std::optional<GuardShares> guard = {};          ///< of the host's step from the first frames
  std::optional<IntervalResults> intervals = {};  ///< of the emulator's uncertainty, where it has one
  Json model = Json::object();       ///< name, sizes, parameters, training: whatever describes the emulator
  Json provenance = Json::object();  ///< command, machine, date, fingerprint of mechanism and data
};

}  // namespace chemnne
