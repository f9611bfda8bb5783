#pragma once
#include <bit>
#include <cstdio>
#include <span>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <chemnne/cli/architectures.hpp>
#include <chemnne/cli/number_checks.hpp>
#include <chemnne/cli/world.hpp>
#include <chemnne/data/dataset.hpp>
#include <chemnne/data/standardisation.hpp>
#include <chemnne/emulator.hpp>
#include <chemnne/training/trainer.hpp>

namespace chemnne {

/// `train`: weights from data sets.
template <class C>
class TrainCommand {
 public:
  explicit TrainCommand(CLI::App& program) {
    CLI::App* const command = program.add_subcommand(
        "train", "Trains an emulator on a data set and writes its weights (safetensors).");
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
        ->add_option("--architecture", architecture_,
                     "chemnne, or mlp: the baseline that is asked once a time")
        ->check(CLI::IsMember({"chemnne", "mlp"}))
        ->capture_default_str();
    CLI::Option* const minutes =
        command->add_option("--minutes", options_.minutes, "time to train; 0: --epochs tells when to end");
    minutes->check(zero_or_more())->capture_default_str();
    command->add_option("--epochs", options_.epochs, "passes over the data")
        ->check(above_zero())
        ->capture_default_str()
        ->excludes(minutes);
    command
        ->add_option("--patience", options_.patience,
                     "stop after so many epochs without a better validation; 0: never")
        ->capture_default_str();
    command
        ->add_option("--seed", options_.sampling.seed,
                     "seed of the first weights and of the order of samples")
        ->capture_default_str();
    command
        ->add_option("--threads", threads_,
                     "threads; 0: one a core. After a number of epochs the result does not depend on it")
        ->check(zero_or_more())
        ->capture_default_str();
    command->add_flag("--resume", options_.resume, "go on from OUT.checkpoint if there is one");
    command->add_option("--batch", options_.sampling.batch, "samples in a step of the optimiser")
        ->capture_default_str()
        ->check(above_zero());
    command->add_flag("--any-start", options_.sampling.any_start,
                      "start samples at any frame of a window: helps where windows are few");
    learning_rate_ =
        command->add_option("--learning-rate", options_.optimiser.learning_rate,
                            "largest learning rate, after the warm-up; default: 1.5e-3 sqrt(batch / 64)");
    command->add_option("--weight-decay", options_.optimiser.weight_decay, "weight decay of AdamW")
        ->capture_default_str();
    command
        ->add_option("--floor", floor_,
                     "number density below which a species counts as absent [molecules cm-3]")
        ->capture_default_str()
        ->check(above_zero());
    command
        ->add_option("--conditions", conditions_,
                     "environment values that the network sees, by their names in the data set with commas "
                     "between; default: the first of the data set")
        ->delimiter(',');
    const auto weight = [&](const char* name, double& value, const char* of) {
      command->add_option(name, value, std::string("weight in the loss of: ") + of)
          ->check(zero_or_more())
          ->capture_default_str();
    };
    weight("--weight-identity", options_.weights.identity, "the state at t = 0");
    weight("--weight-first-derivative", options_.weights.first_derivative, "the first time difference");
    weight("--weight-second-derivative", options_.weights.second_derivative, "the second time difference");
    weight("--weight-conservation", options_.weights.conservation, "total mass and each element");
    command->callback(
        [this] { with_architecture<C>(architecture_, "train", [this]<class Model>() { run<Model>(); }); });
  }

 private:
  template <class Model>
  void run() {
#if defined(_OPENMP)
    if (threads_ > 0) omp_set_num_threads(threads_);
#endif
    world();  // errors from here on end all processes
    require_place_for_file(out_);
    const Dataset train = read_dataset(data_[0]), validation = read_dataset(validation_);
    require_one_mechanism(validation_, validation, train);
    std::vector<std::string> conditions = conditions_.empty() ? train.environment_name : conditions_;
    if (conditions_.empty() && conditions.size() > C::conditions) conditions.resize(C::conditions);
    if (conditions.size() != C::conditions)
      throw Error(conditions_.empty() ? data_[0] : "--conditions",
                  std::to_string(C::conditions) + " environment values (the configuration's)",
                  std::to_string(conditions.size()));
    constexpr std::size_t species = std::max(C::inputs, C::outputs);
    if (train.species() < species)
      throw Error(data_[0], std::to_string(species) + " species", std::to_string(train.species()));
    const Standardisation all = select_species(fit_standardisation(train, conditions, floor_),
                                               std::span(train.species_name).first(species));
    TrainingSet train_set(train, all);
    for (std::size_t i = 1; i < data_.size(); ++i) {
      const Dataset more = read_dataset(data_[i]);
      require_one_mechanism(data_[i], more, train);
      train_set.append(TrainingSet(more, all));
    }
    const TrainingSet validation_set(validation, all);

    options_.checkpoint = out_ + ".checkpoint";
    if (learning_rate_->empty())
      options_.optimiser.learning_rate =
          learning_rate_for_batch(options_.optimiser.learning_rate, options_.sampling.batch);
    fit<Model>(train, all, train_set, validation_set);
  }

  /// A data set that does not tell its mechanism goes with any.
  void require_one_mechanism(const std::string& file, const Dataset& data, const Dataset& first) const {
    const std::string expected = first.attribute("mechanism_fingerprint"),
                      found = data.attribute("mechanism_fingerprint");
    if (expected != found && expected != "unknown" && found != "unknown")
      throw Error(file + ", mechanism fingerprint", "'" + expected + "' (that of " + data_[0] + ")",
                  "'" + found + "'");
  }

  template <class Model>
  void fit(const Dataset& train, const Standardisation& all, const TrainingSet& train_set,
           const TrainingSet& validation_set) {
    const std::vector<double> coefficient = budget_coefficients(train, C::outputs);
    Conservation<float, C::outputs> conservation;
    conservation.used = 1 + train.elements();
    conservation.coefficient.assign(coefficient.begin(), coefficient.end());
    conservation.mean.assign(all.mean.begin(), all.mean.begin() + C::outputs);
    conservation.deviation.assign(all.deviation.begin(), all.deviation.begin() + C::outputs);
    if (world().rank() == 0 && !std::has_single_bit(world().size()))
      std::fprintf(stderr, "%zu processes: training uses %zu of them, a power of two\n", world().size(),
                   std::bit_floor(world().size()));
    Trainer<Model, DefaultBackend, World> trainer(train_set, validation_set, std::move(conservation),
                                                  options_, world());
    trainer.run();
    if (world().rank() != 0) return;
    write_file_atomically(out_ + ".csv", history_csv(trainer.history()));
    write<Model>(train, train_set.cases, all, trainer.best_parameters(), trainer.best_rmse(),
                 trainer.epochs_done(), trainer.seconds());
    std::printf("%s: %zu parameters, %zu epochs in %s, validation RMSE %.4f (standardised)\n", out_.c_str(),
                Model::Trajectory::parameters, trainer.epochs_done(),
                format_duration(trainer.seconds()).c_str(), trainer.best_rmse());
  }

  /// The deployed network: the constants of the normalisation around the trained weights.
  template <class Model>
  void write(const Dataset& train, std::size_t windows, const Standardisation& all,
             std::span<const float> weights, double rmse, std::size_t epochs, double seconds) const {
    using Network = Deployed<C, typename Model::Trajectory>;
    Buffer<float> block(Network::parameters);
    float* next = block.data();
    const auto put = [&next](const std::vector<double>& values, std::size_t count) {
      for (std::size_t i = 0; i < count; ++i) *next++ = static_cast<float>(values[i]);
    };
    put({all.floor}, 1);
    put(all.mean, C::inputs);
    put(all.condition_mean, C::conditions);
    put(all.deviation, C::inputs);
    put(all.condition_deviation, C::conditions);
    next = std::copy(weights.begin(), weights.end(), next);
    put(all.mean, C::outputs);
    put(all.deviation, C::outputs);

    EmulatorDescription d;
    d.architecture = Model::architecture;
    d.configuration = configuration_text<C>();
    d.inputs.assign(all.species.begin(), all.species.begin() + C::inputs);
    d.outputs.assign(all.species.begin(), all.species.begin() + C::outputs);
    d.conditions = all.condition_name;
    d.condition_units = all.condition_units;
    for (std::size_t i = 0; i < C::inputs; ++i) d.input_range.push_back({all.minimum[i], all.maximum[i]});
    for (std::size_t i = 0; i < C::outputs; ++i) d.output_range.push_back({all.minimum[i], all.maximum[i]});
    for (std::size_t k = 0; k < C::conditions; ++k)
      d.condition_range.push_back({all.condition_minimum[k], all.condition_maximum[k]});
    d.mechanism = train.attribute("mechanism");
    d.fingerprint = train.attribute("mechanism_fingerprint");
    d.data = data_[0];
    for (std::size_t i = 1; i < data_.size(); ++i) d.data += " + " + data_[i];
    d.data += ", " + std::to_string(windows) + " windows, seed " + train.attribute("seed") +
              ", relative tolerance " + train.attribute("relative_tolerance");
    d.training = std::to_string(epochs) + " epochs in " + format_duration(seconds) + ", batch " +
                 std::to_string(options_.sampling.batch) + ", seed " + std::to_string(options_.sampling.seed);
    d.metrics["validation_rmse_standardised"] = rmse;
    d.metrics["training_seconds"] = seconds;
    write_weights<Network>(out_,
                           std::span<const float, Network::parameters>(block.data(), Network::parameters), d);
  }

  TrainingOptions options_;
  CLI::Option* learning_rate_;
  std::vector<std::string> data_;
  std::string validation_, out_;
  std::string architecture_ = "chemnne";
  std::vector<std::string> conditions_;
  double floor_ = 1e3;
  int threads_ = 0;
};

}  // namespace chemnne
