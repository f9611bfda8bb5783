#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include <chemnne/cli/embedded_mechanism.hpp>
#include <chemnne/cli/interpretation_page.hpp>
#include <chemnne/cli/matching_data.hpp>
#include <chemnne/cli/number_options.hpp>
#include <chemnne/cli/trained_model.hpp>
#include <chemnne/data/dataset_file.hpp>
#include <chemnne/data/environment_model.hpp>
#include <chemnne/data/reference_sensitivity.hpp>
#include <chemnne/data/scenario_ranges.hpp>
#include <chemnne/support/number_text.hpp>

namespace chemnne {

/// `interpret`: what an emulator's outputs depend on, and whether the mechanism's do too.
class InterpretCommand {
 public:
  InterpretCommand(CLI::App& program, const ModelList& models, const EmbeddedMechanism& embedded,
                   std::string command_line)
      : models_(models), embedded_(embedded), command_line_(std::move(command_line)) {
    CLI::App* const command =
        program.add_subcommand("interpret",
                               "Shows what an emulator's outputs depend on: sensitivities to each input, "
                               "beside those of the reference "
                               "solution where data and program allow, permutation importance, attention; "
                               "writes interpretation.json "
                               "and interpretation.html.");
    command->add_option("--data", data_, "held-out data set")->required()->check(CLI::ExistingFile);
    command->add_option("--model", model_, "weights of the emulator")->required()->check(CLI::ExistingFile);
    command->add_option("--report", report_, "folder of the results")->required();
    add_number(*command, "--cells", cells_, "windows, evenly chosen, at which sensitivities are taken")
        ->check(above_zero())
        ->capture_default_str();
    add_number(*command, "--windows", permutation_.windows,
               "at most so many windows for permutation importance")
        ->check(above_zero())
        ->capture_default_str();
    add_number(*command, "--seed", permutation_.seed, "of the permutations")->capture_default_str();
    add_number(*command, "--threads", threads_, "threads; 0: one a core. No result depends on it")
        ->capture_default_str();
    command->callback([this] { run(); });
  }

 private:
  void run() const {
    std::filesystem::create_directories(report_);
    require_place_for_file(report_ + "/interpretation.json");
    const Dataset truth = read_dataset(data_);
    const std::unique_ptr<TrainedModel> network = load_model(models_, model_);
    const EmulatorDescription& description = network->description();
    const ModelEntry& entry = find_model(models_, description.architecture, model_);
    require_same_mechanism(data_, truth.attribute("mechanism_fingerprint"), model_, description.fingerprint);
    if (truth.cases() == 0 || truth.frames() != entry.frames)
      throw Error(data_, "windows of " + std::to_string(entry.frames) + " frames",
                  std::to_string(truth.cases()) + " windows of " + std::to_string(truth.frames()));

    Interpretation found;
    found.inputs = description.inputs;
    found.outputs = description.outputs;
    found.conditions = description.conditions;
    found.windows.resize(std::min(cells_, truth.cases()));
    for (std::size_t i = 0; i < found.windows.size(); ++i)
      found.windows[i] = i * truth.cases() / found.windows.size();
    const CellBatch cells = CellSource(truth, network->task()).cells(found.windows);
    found.network = network->sensitivity(cells.initial, cells.conditions);
    if (embedded_.present()) compare_with_reference(truth, entry.horizon, network->standardisation(), found);
    found.importance = permutation_importance(truth, network->standardisation(), network->task(),
                                              network->predictor(threads()), permutation_);
    found.attention = network->attention(truth);
    found.model = detail::description_to_json(description);
    found.provenance = provenance_of(command_line_, data_, truth.cases(), model_, description.fingerprint);
    const std::string trouble = write_interpretation(report_, found);
    if (!trouble.empty()) std::fprintf(stderr, "figures are missing: %s\n", trouble.c_str());
    print(found);
  }

  std::size_t threads() const { return threads_ > 0 ? threads_ : default_threads(); }

  /// The reference's sensitivities in the order of the emulator's species, where the data hold whole states.
  void compare_with_reference(const Dataset& truth, double horizon, const Standardisation& outputs,
                              Interpretation& found) const {
    const Mechanism mechanism = embedded_.mechanism();
    if (!holds_whole_states(truth, mechanism, "sensitivities of the reference")) return;
    const EnvironmentModel model(
        mechanism, parse_scenario_ranges(truth.attribute("scenario_ranges"), data_ + ", scenario_ranges"));
    std::vector<float> start;
    std::vector<Environment> environment;
    for (const std::size_t window : found.windows) {
      const auto state = truth.row(window, 0);
      start.insert(start.end(), state.begin(), state.end());
      environment.push_back(model.at(model.conditions_of(truth, window), 0, horizon / 3600));
    }
    std::vector<double> floor(truth.species(), smallest_floor);
    const auto places = indices_by_name(outputs.species, truth.species_name, "species of the data set");
    for (std::size_t i = 0; i < places.size(); ++i) floor[places[i]] = outputs.floor[i];
    const ReferenceSensitivity reference =
        reference_sensitivity(mechanism, start, environment,
                              {.duration = horizon, .floor = floor, .threads = static_cast<int>(threads())});
    for (std::size_t cell = 0; cell < found.windows.size(); ++cell)
      if (!reference.failure[cell].empty())
        std::fprintf(stderr, "left out of the comparison: window %zu: %s\n", found.windows[cell],
                     reference.failure[cell].c_str());
    const std::size_t species = truth.species();
    const auto rows = indices_by_name(found.outputs, truth.species_name, "species of the data set"),
               columns = indices_by_name(found.inputs, truth.species_name, "species of the data set");
    for (std::size_t cell = 0; cell < found.windows.size(); ++cell)
      for (const std::size_t row : rows)
        for (const std::size_t column : columns)
          found.reference.push_back(reference.value[(cell * species + row) * species + column]);
    const std::vector<std::size_t> own = found.own_input();
    const std::size_t inputs = found.inputs.size();
    found.agreement = compare_sensitivities(found.network.of_species, found.reference, own, inputs);
    const BalancedSensitivities balanced =
        balanced_sensitivities(found.network.of_species, found.reference, own, inputs);
    found.balanced = compare_sensitivities(balanced.network, balanced.reference, own, inputs);
  }

  void print(const Interpretation& found) const {
    const auto line = [](const char* name, const SensitivityAgreement& agreement) {
      std::printf("  %-22s correlation %s, slope %s, right sign %s %%, RMS difference %s of %s, %zu pairs\n",
                  name, fixed_text(agreement.correlation, 3).c_str(), fixed_text(agreement.slope, 3).c_str(),
                  fixed_text(100 * agreement.sign_agreement, 1).c_str(),
                  fixed_text(agreement.rms_difference, 4).c_str(),
                  fixed_text(agreement.rms_reference, 4).c_str(), agreement.pairs);
    };
    if (found.agreement) {
      std::printf("Sensitivities at %zu windows, network against reference, different species:\n",
                  found.windows.size());
      line("each start by itself", *found.agreement);
      line("fast ones in balance", *found.balanced);
    }
    const std::vector<std::size_t> order = by_importance(found.importance);
    std::printf("Most important for other species, by permutation (RMSE %s rises by):\n",
                fixed_text(found.importance.rmse, 4).c_str());
    for (std::size_t k = 0; k < std::min<std::size_t>(5, order.size()); ++k)
      std::printf("  %-20s %s\n", found.importance.input[order[k]].c_str(),
                  fixed_text(found.importance.increase_of_others[order[k]], 4).c_str());
    std::printf("%s/interpretation.html\n", report_.c_str());
  }

  const ModelList& models_;
  const EmbeddedMechanism& embedded_;
  std::string command_line_;
  std::string data_, model_, report_;
  std::size_t cells_ = 20;
  PermutationOptions permutation_;
  std::size_t threads_ = 0;
};

}  // namespace chemnne
