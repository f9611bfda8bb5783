#pragma once
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <memory>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include <chemnne/cli/architectures.hpp>
#include <chemnne/cli/attention_map.hpp>
#include <chemnne/cli/embedded_mechanism.hpp>
#include <chemnne/cli/number_checks.hpp>
#include <chemnne/cli/report.hpp>
#include <chemnne/cli/step_timing.hpp>
#include <chemnne/data/rollout.hpp>
#include <chemnne/emulator.hpp>
#include <chemnne/training/evaluation.hpp>
#include <chemnne/training/results_file.hpp>
#include <chemnne/training/rollout.hpp>
#include <chemnne/training/trained_network.hpp>

namespace chemnne {

/// `evaluate`: an emulator against the reference and baselines on held-out windows.
template <class C>
class EvaluateCommand {
 public:
  EvaluateCommand(CLI::App& program, const EmbeddedMechanism& embedded, std::string command_line)
      : embedded_(embedded), command_line_(std::move(command_line)) {
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
    command
        ->add_option("--hours", hours_, "hourly steps of the roll-out, each fed back into the next; 0: none")
        ->capture_default_str();
    command->add_option("--rollouts", rollouts_, "windows that a roll-out starts from")
        ->check(above_zero())
        ->capture_default_str();
    command->add_option("--threads", threads_, "threads; 0: one a core. Timings use one")
        ->capture_default_str();
    command->callback([this] {
      with_architecture<C>(architecture_of(model_), model_, [this]<class Model>() { run<Model>(); });
    });
  }

 private:
  template <class Model>
  void run() {
    std::filesystem::create_directories(report_);
    require_place_for_file(report_ + "/results.json");
    const std::size_t threads = threads_ > 0 ? threads_ : default_threads();
    const Dataset truth = read_dataset(data_);
    const TrainedNetwork<Model, DefaultBackend> network(model_);
    const Mechanism mechanism = embedded_.mechanism();
    check_fingerprints(network.description(), truth, mechanism);
    const std::vector<NamedPredictor> baselines = load_baselines(network.description(), threads);

    EvaluationResults results = evaluate(truth, network.standardisation(), network.task(),
                                         {Model::architecture, network.predictor(threads)}, baselines);
    if (holds_whole_states(truth, mechanism)) {
      const EnvironmentModel environment(
          mechanism, parse_scenario_ranges(truth.attribute("scenario_ranges"), data_ + ", scenario_ranges"));
      if constexpr (C::inputs == C::outputs)
        if (hours_ > 0) results.rollout = roll(truth, network, mechanism, environment, threads);
      results.timing =
          time_step<Model, DefaultBackend>(model_, truth, network.task(), mechanism, environment);
    }
    describe(network.description(), Model::Trajectory::parameters, truth, results);

    write_results(report_, results);
    ReportOptions options;
    options.training_log = !log_.empty() ? log_ : file_exists(model_ + ".csv") ? model_ + ".csv" : "";
    options.attention = attention_map<Model>(network, truth);
    const std::string trouble = write_report(report_, results, options);
    if (!trouble.empty()) std::fprintf(stderr, "figures are missing: %s\n", trouble.c_str());
    print(results);
  }

  /// Whether the reference can start from the data: states of all species of this program's mechanism.
  bool holds_whole_states(const Dataset& truth, const Mechanism& mechanism) const {
    if (truth.attribute("mechanism_fingerprint") != mechanism.fingerprint()) return false;
    bool is_whole = truth.species() == mechanism.variable_species;
    for (std::size_t i = 0; is_whole && i < truth.species(); ++i)
      is_whole = truth.species_name[i] == mechanism.species[i].name;
    if (!is_whole)
      std::fprintf(stderr,
                   "The data hold a part of the mechanism's species: no roll-out and no timing of the "
                   "reference.\n");
    return is_whole;
  }

  /// An emulator, its data and the program must speak of one mechanism.
  void check_fingerprints(const EmulatorDescription& description, const Dataset& truth,
                          const Mechanism& mechanism) const {
    const std::string of_data = truth.attribute("mechanism_fingerprint");
    require_same_mechanism(data_, of_data, description.fingerprint);
    if (of_data != mechanism.fingerprint())
      std::fprintf(stderr,
                   "The data are of another mechanism (%s) than this program (%s): no roll-out and no timing "
                   "of the reference.\n",
                   of_data.c_str(), mechanism.fingerprint().c_str());
  }

  void require_same_mechanism(const std::string& file, const std::string& found,
                              const std::string& of_model) const {
    if (found != of_model)
      throw Error(file + ", mechanism fingerprint", "'" + of_model + "' (that of " + model_ + ")",
                  "'" + found + "'");
  }

  std::vector<NamedPredictor> load_baselines(const EmulatorDescription& emulator, std::size_t threads) const {
    std::vector<NamedPredictor> predictors;
    for (const std::string& entry : baselines_) {
      const std::size_t sign = entry.find('=');
      if (sign == std::string::npos) throw Error("--baseline", "NAME=FILE", "'" + entry + "'");
      const std::string name = entry.substr(0, sign), file = entry.substr(sign + 1);
      predictors.push_back(
          {name, with_architecture<C>(architecture_of(file), file, [&]<class Model>() -> Predictor {
             const auto network = std::make_shared<TrainedNetwork<Model, DefaultBackend>>(file);
             require_same_mechanism(file, network->description().fingerprint, emulator.fingerprint);
             return [network, predict = network->predictor(threads)](auto... spans) { predict(spans...); };
           })});
    }
    return predictors;
  }

  /// Hourly steps from evenly chosen windows through the hours of their day, each hour's end fed back.
  template <class Network>
  RolloutResults roll(const Dataset& truth, const Network& network, const Mechanism& mechanism,
                      const EnvironmentModel& environment, std::size_t threads) const {
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
    const Predictor step = last_step(network.predictor(threads), C::frames - 1, C::outputs);
    return roll_out(cases, network.standardisation(), step, truth.molar_mass);
  }

  void describe(const EmulatorDescription& d, std::size_t parameters, const Dataset& truth,
                EvaluationResults& results) const {
    results.model = detail::description_to_json(d);
    results.model["parameters"] = parameters;
    results.provenance["command"] = command_line_;
    results.provenance["data"] = data_ + ", " + std::to_string(truth.cases()) + " windows";
    results.provenance["model"] = model_;
    results.provenance["mechanism_fingerprint"] = d.fingerprint;
    results.provenance["machine"] = machine_name();
    const std::time_t now = std::time(nullptr);
    char date[32];
    std::strftime(date, sizeof date, "%Y-%m-%d %H:%M UTC", std::gmtime(&now));
    results.provenance["date"] = date;
    results.provenance["chemnne_version"] = std::string(version);
  }

  void print(const EvaluationResults& results) const {
    const auto line = [](const Scores& s) {
      std::printf("  %-14s RMSE %.4f standardised, %.5f min-max\n", s.name.c_str(), s.rmse_standardised,
                  s.rmse_minmax);
    };
    std::printf("%zu held-out windows:\n", results.cases);
    line(results.emulator);
    for (const Scores& baseline : results.baselines) line(baseline);
    if (results.rollout.hours > 0)
      std::printf("  %zu hourly steps fed back: RMSE %.4f (persistence %.4f)\n", results.rollout.hours,
                  results.rollout.mean_rmse_standardised, results.rollout.mean_persistence_rmse_standardised);
    if (!results.timing.reference.empty())
      std::printf("  a cell and hour: %.1f microseconds (reference %.0f: %s), one thread\n",
                  results.timing.microseconds_per_cell, results.timing.reference_microseconds_per_cell,
                  results.timing.reference.c_str());
    std::printf("%s/report.html\n", report_.c_str());
  }

  const EmbeddedMechanism& embedded_;
  std::string command_line_;
  std::string data_, model_, report_, log_;
  std::vector<std::string> baselines_;
  std::size_t hours_ = 24;
  std::size_t rollouts_ = 200;
  std::size_t threads_ = 0;
};

}  // namespace chemnne
