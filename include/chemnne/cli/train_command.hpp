#pragma once
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include <chemnne/cli/embedded_mechanism.hpp>
#include <chemnne/cli/fresh_options.hpp>
#include <chemnne/cli/name_and_value.hpp>
#include <chemnne/cli/number_options.hpp>
#include <chemnne/cli/trained_model.hpp>
#include <chemnne/cli/world.hpp>
#include <chemnne/support/number_text.hpp>
#include <chemnne/support/parallel.hpp>
#include <chemnne/support/progress.hpp>
#include <chemnne/training/training_data.hpp>

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
    add_files(*command);
    add_schedule(*command);
    add_descent(*command);
    add_view(*command);
    add_loss(*command);
    command->callback([this] { run(); });
  }

  /// What is read and written, and which model.
  void add_files(CLI::App& command) {
    command
        .add_option("--data", recipe_.data,
                    "training data set; may be several, of one layout: the first is what values are "
                    "standardised by")
        ->required()
        ->check(CLI::ExistingFile);
    command.add_option("--validation", recipe_.validation, "data set that chooses the best epoch")
        ->required()
        ->check(CLI::ExistingFile);
    command
        .add_option("--out", recipe_.out,
                    "weights to write; beside them a log OUT.csv and a checkpoint OUT.checkpoint")
        ->required();
    command
        .add_option(
            "--initial", recipe_.initial,
            "weights to start from, of the same architecture and sizes: of other data or other species, or "
            "before unrolled training. Species and conditions are matched by name: what is new starts "
            "untrained, what is gone is dropped, means and deviations of the data may differ. "
            "--resume goes before it, if it is the same")
        ->check(CLI::ExistingFile);
    command.add_option("--architecture", architecture_, "the model; others than chemnne are to compare with")
        ->check(CLI::IsMember(architectures_of(models_)))
        ->capture_default_str();
  }

  /// When it ends, on what it runs.
  void add_schedule(CLI::App& command) {
    CLI::Option* const minutes = add_number(command, "--minutes", recipe_.options.minutes,
                                            "time to train; 0: --epochs tells when to end");
    minutes->check(zero_or_more())->capture_default_str();
    add_number(command, "--epochs", recipe_.options.epochs, "passes over the data")
        ->check(above_zero())
        ->capture_default_str()
        ->excludes(minutes);
    add_number(command, "--patience", recipe_.options.patience,
               "stop after so many epochs without a better validation; 0: never")
        ->capture_default_str();
    add_number(command, "--seed", recipe_.options.sampling.seed,
               "seed of the first weights and of the order of samples")
        ->capture_default_str();
    add_number(command, "--threads", threads_,
               "threads; 0: one a core. After a number of epochs the result does not depend on it")
        ->check(zero_or_more())
        ->capture_default_str();
    command.add_flag("--resume", recipe_.options.resume, "go on from OUT.checkpoint if there is one");
  }

  /// How samples are drawn and weights changed.
  void add_descent(CLI::App& command) {
    add_number(command, "--batch", recipe_.options.sampling.batch, "samples in a step of the optimiser")
        ->capture_default_str()
        ->check(above_zero());
    command.add_flag("--any-start", recipe_.options.sampling.any_start,
                     "start samples at any frame of a window: helps where windows are few");
    command.add_flag("--element-exact", recipe_.options.element_exact,
                     "keep the totals of the elements that the data conserve exactly: predictions are "
                     "projected on them, in training and in use");
    add_number(command, "--learning-rate", recipe_.learning_rate,
               "largest learning rate, after the warm-up; 0: 8e-4 sqrt(batch / 64)")
        ->check(zero_or_more())
        ->capture_default_str();
    add_number(command, "--weight-decay", recipe_.options.optimiser.weight_decay, "weight decay of AdamW")
        ->capture_default_str();
  }

  /// What the network sees.
  void add_view(CLI::App& command) {
    add_number(command, "--floor", recipe_.floor,
               "number density below which any species counts as absent [molecules cm-3]")
        ->capture_default_str()
        ->check(above_zero());
    add_number(command, "--floor-share", recipe_.floor_share,
               "a species counts as absent below this share of the 84th percentile of its number density, "
               "too")
        ->capture_default_str()
        ->check(from_to(0.0, 1.0));
    command
        .add_option("--conditions", recipe_.conditions,
                    "environment values that the network sees, by their names in the data set with commas "
                    "between; default: the first of the data set")
        ->delimiter(',');
  }

  /// What counts as an error.
  void add_loss(CLI::App& command) {
    const auto weight = [&](const char* name, double& value, const char* of) {
      add_number(command, name, value, std::string("weight in the loss of: ") + of)
          ->check(zero_or_more())
          ->capture_default_str();
    };
    weight("--weight-identity", recipe_.options.weights.identity, "the state at t = 0");
    weight("--weight-first-derivative", recipe_.options.weights.first_derivative,
           "the first time difference");
    weight("--weight-second-derivative", recipe_.options.weights.second_derivative,
           "the second time difference");
    weight("--weight-conservation", recipe_.options.weights.conservation, "total mass and each element");
    add_number(command, "--slow-importance", recipe_.options.slow_importance,
               "errors of species that hardly change within a window count more, up to so many times: for "
               "emulators that are fed back")
        ->check(from_to(1.0, 1e3))
        ->capture_default_str();
    command
        .add_option(
            "--importance", importance_,
            "errors of a species count so many times, whatever --slow-importance gives it: SPECIES=FACTOR "
            "with commas between, for what a host is judged by")
        ->delimiter(',');
    add_number(command, "--linear-beyond", recipe_.options.linear_beyond,
               "errors count linearly beyond this [standard deviations]; inf: squared, as in the paper")
        ->check(above_zero())
        ->capture_default_str();
  }

  void run() {
    if (threads_ > 0) use_threads(threads_);
    world();  // errors from here on end all processes
    require_place_for_file(recipe_.out);
    for (const std::string& item : importance_) add_importance(item);
    const ModelEntry& model = find_model(models_, architecture_, "--architecture");
    TrainingData data(recipe_, {.inputs = model.inputs,
                                .outputs = model.outputs,
                                .conditions = model.conditions,
                                .frames = model.frames,
                                .stride = model.stride,
                                .windows = model.windows});
    const FitResult result = model.fit(data.task(fresh_source(model, data)));
    if (world().rank() != 0) return;
    if (fresh_.wanted()) fresh_.print();
    std::printf("%s: %zu parameters, %zu epochs in %s, validation RMSE %s (standardised)\n",
                recipe_.out.c_str(), result.parameters, result.epochs,
                format_duration(result.seconds).c_str(), fixed_text(result.validation_rmse, 4).c_str());
  }

  void add_importance(const std::string& item) {
    auto [species, factor] = name_and_value("--importance", "SPECIES=FACTOR", item);
    recipe_.importance.emplace_back(std::move(species), parse_number(factor, "--importance " + item));
  }

  /// What renews windows, where that is wanted.
  WindowSource* fresh_source(const ModelEntry& model, TrainingData& data) {
    if (!fresh_.wanted()) return nullptr;
    if (model.windows > 1)
      throw Error("--fresh", "a model of one window",
                  model.architecture + ", which is unrolled over several");
    data.description().data += ", " + fresh_.description();
    return &fresh_.start(data.first(), data.train(), data.standardisation(), data.coefficients(),
                         recipe_.options.sampling.seed);
  }

  const ModelList& models_;
  FreshOptions fresh_;
  TrainingRecipe recipe_;
  std::vector<std::string> importance_;
  std::string architecture_;
  int threads_ = 0;
};

}  // namespace chemnne
