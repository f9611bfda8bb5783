#pragma once
#include <algorithm>
#include <cstdio>
#include <span>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <chemnne/cli/embedded_mechanism.hpp>
#include <chemnne/cli/fresh_options.hpp>
#include <chemnne/cli/number_options.hpp>
#include <chemnne/cli/trained_model.hpp>
#include <chemnne/cli/world.hpp>
#include <chemnne/data/dataset_file.hpp>
#include <chemnne/data/species_floors.hpp>
#include <chemnne/data/without_tails.hpp>
#include <chemnne/support/number_text.hpp>
#include <chemnne/support/parallel.hpp>
#include <chemnne/support/progress.hpp>
#include <chemnne/training/conserved_elements.hpp>
#include <chemnne/training/training_set.hpp>

namespace chemnne {

/// `train`: weights from data sets.
class TrainCommand {
 public:
  TrainCommand(CLI::App& program, const ModelList& models, const EmbeddedMechanism& embedded)
      : TrainCommand(program.add_subcommand(
                         "train", "Trains an emulator on a data set and writes its weights (safetensors)."),
                     models, embedded) {}

 private:
  TrainCommand(CLI::App* command, const ModelList& models, const EmbeddedMechanism& embedded)
      : models_(models), fresh_(*command, embedded), architecture_(models.front().architecture) {
    command
        ->add_option("--data", data_,
                     "training data set; may be several, of one layout: the first is what values are "
                     "standardised by")
        ->required()
        ->check(CLI::ExistingFile);
    command->add_option("--validation", validation_, "data set that chooses the best epoch")
        ->required()
        ->check(CLI::ExistingFile);
    command
        ->add_option("--out", out_,
                     "weights to write; beside them a log OUT.csv and a checkpoint OUT.checkpoint")
        ->required();
    command
        ->add_option(
            "--initial", initial_,
            "weights to start from, of the same architecture and sizes: of other data or other species, or "
            "before unrolled training. Species and conditions are matched by name: what is new starts "
            "untrained, what is gone is dropped, means and deviations of the data may differ. "
            "--resume goes before it, if it is the same")
        ->check(CLI::ExistingFile);
    command->add_option("--architecture", architecture_, "the model; others than chemnne are to compare with")
        ->check(CLI::IsMember(architectures_of(models)))
        ->capture_default_str();
    CLI::Option* const minutes =
        add_number(*command, "--minutes", options_.minutes, "time to train; 0: --epochs tells when to end");
    minutes->check(zero_or_more())->capture_default_str();
    add_number(*command, "--epochs", options_.epochs, "passes over the data")
        ->check(above_zero())
        ->capture_default_str()
        ->excludes(minutes);
    add_number(*command, "--patience", options_.patience,
               "stop after so many epochs without a better validation; 0: never")
        ->capture_default_str();
    add_number(*command, "--seed", options_.sampling.seed,
               "seed of the first weights and of the order of samples")
        ->capture_default_str();
    add_number(*command, "--threads", threads_,
               "threads; 0: one a core. After a number of epochs the result does not depend on it")
        ->check(zero_or_more())
        ->capture_default_str();
    command->add_flag("--resume", options_.resume, "go on from OUT.checkpoint if there is one");
    add_number(*command, "--batch", options_.sampling.batch, "samples in a step of the optimiser")
        ->capture_default_str()
        ->check(above_zero());
    command->add_flag("--any-start", options_.sampling.any_start,
                      "start samples at any frame of a window: helps where windows are few");
    command->add_flag("--element-exact", options_.element_exact,
                      "keep the totals of the elements that the data conserve exactly: predictions are "
                      "projected on them, in training and in use");
    learning_rate_ = add_number(*command, "--learning-rate", options_.optimiser.learning_rate,
                                "largest learning rate, after the warm-up; default: 1.5e-3 sqrt(batch / 64)");
    add_number(*command, "--weight-decay", options_.optimiser.weight_decay, "weight decay of AdamW")
        ->capture_default_str();
    add_number(*command, "--floor", floor_,
               "number density below which any species counts as absent [molecules cm-3]")
        ->capture_default_str()
        ->check(above_zero());
    add_number(*command, "--floor-share", floor_share_,
               "a species counts as absent below this share of the 84th percentile of its number density, "
               "too")
        ->capture_default_str()
        ->check(from_to(0.0, 1.0));
    command
        ->add_option("--conditions", conditions_,
                     "environment values that the network sees, by their names in the data set with commas "
                     "between; default: the first of the data set")
        ->delimiter(',');
    const auto weight = [&](const char* name, double& value, const char* of) {
      add_number(*command, name, value, std::string("weight in the loss of: ") + of)
          ->check(zero_or_more())
          ->capture_default_str();
    };
    weight("--weight-identity", options_.weights.identity, "the state at t = 0");
    weight("--weight-first-derivative", options_.weights.first_derivative, "the first time difference");
    weight("--weight-second-derivative", options_.weights.second_derivative, "the second time difference");
    weight("--weight-conservation", options_.weights.conservation, "total mass and each element");
    add_number(*command, "--linear-beyond", options_.linear_beyond,
               "errors count linearly beyond this [standard deviations]; inf: squared, as in the paper")
        ->check(above_zero())
        ->capture_default_str();
    command->callback([this] { run(); });
  }

  void run() {
    if (threads_ > 0) use_threads(threads_);
    world();  // errors from here on end all processes
    require_place_for_file(out_);
    const Dataset train = read_dataset(data_[0]), validation = read_dataset(validation_);
    require_one_mechanism(validation_, validation, train);
    const ModelEntry& model = find_model(models_, architecture_, "--architecture");
    std::vector<std::string> conditions = conditions_.empty() ? train.environment_name : conditions_;
    if (conditions_.empty() && conditions.size() > model.conditions) conditions.resize(model.conditions);
    if (conditions.size() != model.conditions)
      throw Error(conditions_.empty() ? data_[0] : "--conditions",
                  std::to_string(model.conditions) + " environment values (the configuration's)",
                  std::to_string(conditions.size()));
    const std::size_t species = std::max(model.inputs, model.outputs);
    if (train.species() < species)
      throw Error(data_[0], std::to_string(species) + " species", std::to_string(train.species()));
    const Standardisation all = without_tails(
        select_species(fit_standardisation(train, conditions, species_floors(train, floor_share_, floor_)),
                       std::span(train.species_name).first(species)),
        train);
    TrainingSet train_set(train, all);
    EmulatorDescription description = describe(train);
    for (std::size_t i = 1; i < data_.size(); ++i) {
      const Dataset more = read_dataset(data_[i]);
      require_one_mechanism(data_[i], more, train);
      if (description.fingerprint == "unknown")
        description.fingerprint = more.attribute("mechanism_fingerprint");
      if (description.mechanism == "unknown") description.mechanism = more.attribute("mechanism");
      train_set.append(TrainingSet(more, all, budget_coefficients(train, species)));
    }
    description.data += ", " + std::to_string(train_set.cases) + " windows";
    TrainingSet validation_set(validation, all, budget_coefficients(train, species));
    if (model.windows > 1) {
      train_set = chains(train_set, model.windows, data_[0]);
      validation_set = chains(validation_set, model.windows, validation_);
    }

    WindowSource* source = nullptr;
    if (fresh_.wanted()) {
      if (model.windows > 1)
        throw Error("--fresh", "a model of one window",
                    model.architecture + ", which is unrolled over several");
      source =
          &fresh_.start(train, train_set, all, budget_coefficients(train, species), options_.sampling.seed);
      description.data += ", " + fresh_.description();
    }

    options_.checkpoint = out_ + ".checkpoint";
    if (learning_rate_->empty())
      options_.optimiser.learning_rate =
          learning_rate_for_batch(options_.optimiser.learning_rate, options_.sampling.batch);
    const FitResult result = model.fit(
        {.train = train_set,
         .validation = validation_set,
         .standardisation = all,
         .budget_coefficient = budget_coefficients(train, model.outputs),
         .budgets_used = 1 + train.elements(),
         .conserved = conserved_elements(train_set, train.element_name, budget_coefficients(train, species),
                                         std::min(model.inputs, model.outputs), model.outputs),
         .options = options_,
         .initial = initial_,
         .out = out_,
         .description = description,
         .source = source});
    if (world().rank() != 0) return;
    if (source) fresh_.print();
    std::printf("%s: %zu parameters, %zu epochs in %s, validation RMSE %s (standardised)\n", out_.c_str(),
                result.parameters, result.epochs, format_duration(result.seconds).c_str(),
                fixed_text(result.validation_rmse, 4).c_str());
  }

  /// A data set that does not tell its mechanism goes with any.
  void require_one_mechanism(const std::string& file, const Dataset& data, const Dataset& first) const {
    const std::string expected = first.attribute("mechanism_fingerprint"),
                      found = data.attribute("mechanism_fingerprint");
    if (expected != found && expected != "unknown" && found != "unknown")
      throw Error(file + ", mechanism fingerprint", "'" + expected + "' (that of " + data_[0] + ")",
                  "'" + found + "'");
  }

  static TrainingSet chains(const TrainingSet& set, std::size_t length, const std::string& file) {
    TrainingSet chained = set.chained(length);
    if (chained.cases == 0)
      throw Error(file, std::to_string(length) + " windows in a row, each from where the one before ended",
                  "none");
    return chained;
  }

  EmulatorDescription describe(const Dataset& train) const {
    EmulatorDescription d;
    d.mechanism = train.attribute("mechanism");
    d.fingerprint = train.attribute("mechanism_fingerprint");
    d.data = data_[0] + ", seed " + train.attribute("seed") + ", relative tolerance " +
             train.attribute("relative_tolerance");
    for (std::size_t i = 1; i < data_.size(); ++i) d.data += " + " + data_[i];
    return d;
  }

  const ModelList& models_;
  FreshOptions fresh_;
  TrainingOptions options_;
  CLI::Option* learning_rate_;
  std::vector<std::string> data_;
  std::string validation_, initial_, out_;
  std::string architecture_;
  std::vector<std::string> conditions_;
  double floor_ = smallest_floor, floor_share_ = 1e-4;
  int threads_ = 0;
};

}  // namespace chemnne
