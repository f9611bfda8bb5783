#pragma once
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include <chemnne/cli/embedded_mechanism.hpp>
#include <chemnne/cli/host_cells.hpp>
#include <chemnne/cli/matching_data.hpp>
#include <chemnne/cli/name_and_value.hpp>
#include <chemnne/cli/number_options.hpp>
#include <chemnne/cli/report.hpp>
#include <chemnne/cli/step_timing.hpp>
#include <chemnne/cli/trained_model.hpp>
#include <chemnne/data/dataset_file.hpp>
#include <chemnne/data/rollout.hpp>
#include <chemnne/data/scenario_ranges.hpp>
#include <chemnne/support/number_text.hpp>
#include <chemnne/training/evaluation.hpp>
#include <chemnne/training/results_file.hpp>
#include <chemnne/training/rollout.hpp>

namespace chemnne {

/// `evaluate`: an emulator against the reference and baselines on held-out windows.
class EvaluateCommand {
 public:
  EvaluateCommand(CLI::App& program, const ModelList& models, const EmbeddedMechanism& embedded,
                  std::string command_line)
      : models_(models), embedded_(embedded), command_line_(std::move(command_line)) {
    CLI::App* const command =
        program.add_subcommand("evaluate",
                               "Compares an emulator with the reference on held-out windows; writes "
                               "results.json, results.nc and report.html.");
    command->add_option("--data", data_, "held-out data set")->required()->check(CLI::ExistingFile);
    command->add_option("--model", model_, "weights of the emulator")->required()->check(CLI::ExistingFile);
    command->add_option("--report", report_, "folder of the results")->required();
    command->add_option("--baseline", baselines_,
                        "NAME=FILE: weights to compare with; may be given several times");
    command->add_option("--training-log", log_,
                        "CSV of the training for the report; default: MODEL.csv if it is there");
    add_number(*command, "--hours", hours_,
               "hourly steps of the roll-out, each fed back into the next; 0: none")
        ->capture_default_str();
    command
        ->add_option(
            "--long", long_,
            "long runs in hourly states (NetCDF, as docs/guide_mechanism.md tells), or a data set whose "
            "windows follow each other: the roll-out follows them through their days, sources and dilution "
            "included")
        ->check(CLI::ExistingFile);
    add_number(*command, "--rollouts", rollouts_, "windows that a roll-out starts from")
        ->check(above_zero())
        ->capture_default_str();
    add_number(*command, "--threads", threads_, "threads; 0: one a core. Timings use one")
        ->capture_default_str();
    command->callback([this] { run(); });
  }

 private:
  void run() {
    std::filesystem::create_directories(report_);
    require_place_for_file(report_ + "/results.json");
    const std::size_t threads = threads_ > 0 ? threads_ : default_threads();
    const Dataset truth = read_dataset(data_);
    const std::unique_ptr<TrainedModel> network = load_model(models_, model_);
    const ModelEntry& entry = find_model(models_, network->description().architecture, model_);
    require_same_mechanism(data_, truth.attribute("mechanism_fingerprint"), model_,
                           network->description().fingerprint);
    const std::vector<NamedPredictor> baselines = load_baselines(network->description(), threads);

    EvaluationResults results = evaluate(truth, network->standardisation(), network->task(),
                                         {entry.architecture, network->predictor(threads)}, baselines);
    if (!long_.empty()) results.rollout = roll_long(*network, entry, threads);
    results.timing = time_step(network->step(1), entry.horizon, truth, network->task());
    if (embedded_.present()) compare_with_reference(truth, *network, entry, threads, results);
    describe(network->description(), entry.parameters, truth, results);

    HostCells host(truth, network->task());
    std::vector<CellFlags> flags(host.cells());
    host.step(network->step(1), entry.horizon, {.flags = flags.data()});
    results.guard = guard_shares(flags);
    results.intervals = network->intervals(truth);
    write_results(report_, results);
    ReportOptions options;
    options.training_log = !log_.empty() ? log_ : file_exists(model_ + ".csv") ? model_ + ".csv" : "";
    options.attention = network->attention(truth);
    const std::string trouble = write_report(report_, results, options);
    if (!trouble.empty()) std::fprintf(stderr, "figures are missing: %s\n", trouble.c_str());
    print(results);
  }

  /// Roll-out and time of the reference, where the data hold what the reference needs to start from.
  void compare_with_reference(const Dataset& truth, const TrainedModel& network, const ModelEntry& entry,
                              std::size_t threads, EvaluationResults& results) const {
    const Mechanism mechanism = embedded_.mechanism();
    if (!holds_whole_states(truth, mechanism, "roll-out and no timing of the reference")) return;
    const ScenarioRanges ranges =
        parse_scenario_ranges(truth.attribute("scenario_ranges"), data_ + ", scenario_ranges");
    const EnvironmentModel environment(mechanism, ranges);
    if (entry.inputs == entry.outputs && hours_ > 0 && long_.empty())
      results.rollout = roll(truth, network, entry, mechanism, environment, threads);
    time_reference(results.timing, entry.horizon, truth, mechanism, environment);
    time_solver(results.timing, entry.horizon, truth, mechanism, ranges);
  }

  std::vector<NamedPredictor> load_baselines(const EmulatorDescription& emulator, std::size_t threads) const {
    std::vector<NamedPredictor> predictors;
    for (const std::string& entry : baselines_) {
      const auto [name, file] = name_and_value("--baseline", "NAME=FILE", entry);
      const std::unique_ptr<TrainedModel> network = load_model(models_, file);
      require_same_mechanism(file, network->description().fingerprint, model_, emulator.fingerprint);
      predictors.push_back({name, network->predictor(threads)});
    }
    return predictors;
  }

  /// The long runs' hours, each end fed back; all of them, whatever --hours says.
  RolloutResults roll_long(const TrainedModel& network, const ModelEntry& entry, std::size_t threads) const {
    if (entry.inputs > entry.outputs)
      throw Error("--long", "an emulator that predicts all of its inputs",
                  std::to_string(entry.outputs) + " outputs of " + std::to_string(entry.inputs) + " inputs");
    const LongRuns runs = read_long_runs(long_);
    const std::vector<std::string>& inputs = network.description().inputs;
    std::vector<double> masses;
    for (const std::size_t s : indices_by_name(inputs, runs.species_name, "species of the long runs"))
      masses.push_back(runs.molar_mass[s]);
    const Standardisation outputs = select_species(network.standardisation(), inputs);
    return roll_out(rollout_cases(runs, inputs, network.description().conditions, runs.hours), outputs,
                    step_of(network, entry, threads), masses, score_of(network, entry, threads));
  }

  /// None where the emulator is not calibrated.
  static ScoreFunction score_of(const TrainedModel& network, const ModelEntry& entry, std::size_t threads) {
    if (!network.calibrated()) return {};
    return host_score(network.step(threads), entry.inputs, entry.outputs, entry.conditions, entry.horizon);
  }

  static Predictor step_of(const TrainedModel& network, const ModelEntry& entry, std::size_t threads) {
    return host_step(network.step(threads), entry.inputs, entry.outputs, entry.conditions, entry.horizon);
  }

  /// Hourly steps from evenly chosen windows through the hours of their day, each hour's end fed back.
  RolloutResults roll(const Dataset& truth, const TrainedModel& network, const ModelEntry& entry,
                      const Mechanism& mechanism, const EnvironmentModel& environment,
                      std::size_t threads) const {
    const CellSource source(truth, network.task());
    std::vector<std::size_t> windows(std::min(rollouts_, truth.cases()));
    std::vector<float> start;
    for (std::size_t i = 0; i < windows.size(); ++i) {
      windows[i] = i * truth.cases() / windows.size();
      const auto row = truth.row(windows[i], 0);
      start.insert(start.end(), row.begin(), row.end());
    }
    const Rollout reference =
        reference_rollout(mechanism, start, hourly_environments(environment, truth, windows, hours_),
                          {.threads = static_cast<int>(threads)});
    const std::vector<std::size_t> inputs =
        indices_by_name(network.task().inputs, truth.species_name, "species of the data set");
    RolloutCases cases;
    cases.hours = hours_;
    for (std::size_t i = 0; i < windows.size(); ++i) {
      if (!reference.failure[i].empty()) {
        std::fprintf(stderr, "left out of the roll-out: window %zu: %s\n", windows[i],
                     reference.failure[i].c_str());
        continue;
      }
      for (std::size_t hour = 0; hour <= hours_; ++hour)
        for (const std::size_t input : inputs)
          cases.reference.push_back(
              reference.concentration[(i * (hours_ + 1) + hour) * truth.species() + input]);
      const Conditions conditions = environment.conditions_of(truth, windows[i]);
      for (std::size_t hour = 0; hour < hours_; ++hour)
        for (const double value :
             condition_values(environment, conditions, static_cast<double>(hour), network.task().conditions))
          cases.conditions.push_back(static_cast<float>(value));
    }
    return roll_out(cases, network.standardisation(), step_of(network, entry, threads), truth.molar_mass);
  }

  void describe(const EmulatorDescription& d, std::size_t parameters, const Dataset& truth,
                EvaluationResults& results) const {
    results.model = detail::description_to_json(d);
    results.model["parameters"] = parameters;
    results.provenance = provenance_of(command_line_, data_, truth.cases(), model_, d.fingerprint);
  }

  void print(const EvaluationResults& results) const {
    const auto line = [](const Scores& s) {
      std::printf("  %-14s RMSE %s standardised, %s min-max; species median NME %s, R2 %s", s.name.c_str(),
                  fixed_text(s.rmse_standardised, 4).c_str(), fixed_text(s.rmse_minmax, 5).c_str(),
                  fixed_text(s.median_normalised_mean_error, 4).c_str(), fixed_text(s.median_r2, 4).c_str());
      if (!s.drift.empty())
        std::printf("; mass %s off, drifts %s", scientific_text(s.drift[0].difference.mean, 2).c_str(),
                    scientific_text(s.drift[0].predicted.mean, 2).c_str());
      std::printf("\n");
    };
    std::printf("%zu held-out windows:\n", results.cases);
    line(results.emulator);
    for (const Scores& baseline : results.baselines) line(baseline);
    if (results.rollout.hours > 0) print(results.rollout);
    if (results.guard)
      std::printf(
          "  guard of a host's step: %s %% of windows suspicious (%s %% outside the training ranges, "
          "%s %% unlike its data, %s %% limited)\n",
          fixed_text(100 * results.guard->suspicious, 2).c_str(),
          fixed_text(100 * results.guard->outside_training, 2).c_str(),
          fixed_text(100 * results.guard->uncertain, 2).c_str(),
          fixed_text(100 * results.guard->limited, 2).c_str());
    if (results.intervals) print(*results.intervals);
    std::printf("  a step of a cell: %s microseconds",
                fixed_text(results.timing.microseconds_per_cell, 1).c_str());
    if (!results.timing.reference.empty())
      std::printf(" (reference %s: %s)",
                  fixed_text(results.timing.reference_microseconds_per_cell, 0).c_str(),
                  results.timing.reference.c_str());
    if (!results.timing.solver.empty())
      std::printf(" (%s: %s)", fixed_text(results.timing.solver_microseconds_per_cell, 1).c_str(),
                  results.timing.solver.c_str());
    std::printf(", one thread\n");
    std::printf("%s/report.html\n", report_.c_str());
  }

  static void print(const RolloutResults& rollout) {
    std::printf("  %zu hourly steps fed back: RMSE %s (persistence %s); one step from the reference: %s\n",
                rollout.hours, fixed_text(rollout.mean_rmse_standardised, 4).c_str(),
                fixed_text(rollout.mean_persistence_rmse_standardised, 4).c_str(),
                fixed_text(rollout.one_step_rmse_standardised, 4).c_str());
    if (!std::isnan(rollout.score_rank_correlation))
      std::printf("  rank correlation of score and error along them: %s\n",
                  fixed_text(rollout.score_rank_correlation, 2).c_str());
    const auto found = std::ranges::find(rollout.species, "O3");
    if (found == rollout.species.end()) return;
    const auto text = [&](const std::vector<double>& of) {
      const RunBias bias = rollout.bias_of(of, static_cast<std::size_t>(found - rollout.species.begin()));
      return fixed_text(bias.mean_magnitude, 3) + " % (worst run " + fixed_text(bias.largest_magnitude, 3) +
             " %)";
    };
    std::printf("  ozone off by %s fed back, %s an hour in one step\n", text(rollout.bias).c_str(),
                text(rollout.one_step_bias).c_str());
  }

  static void print(const IntervalResults& results) {
    std::printf("  uncertainty: rank correlation of score and error %s; %s %% of windows uncertain\n",
                fixed_text(results.rank_correlation, 2).c_str(),
                fixed_text(100 * results.uncertain, 1).c_str());
    for (const IntervalLevel& level : results.level)
      std::printf("    %2s %% intervals cover %s %%, mean half-width %s decades\n",
                  fixed_text(100 * level.nominal, 0).c_str(), fixed_text(100 * level.achieved, 1).c_str(),
                  fixed_text(level.mean_width, 3).c_str());
  }

  const ModelList& models_;
  const EmbeddedMechanism& embedded_;
  std::string command_line_;
  std::string data_, model_, report_, log_, long_;
  std::vector<std::string> baselines_;
  std::size_t hours_ = 24;
  std::size_t rollouts_ = 200;
  std::size_t threads_ = 0;
};

}  // namespace chemnne
