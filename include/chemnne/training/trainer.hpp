#pragma once
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <chemnne/inference/block_runner.hpp>
#include <chemnne/loss/conservation.hpp>
#include <chemnne/loss/terms.hpp>
#include <chemnne/loss/weighted_loss.hpp>
#include <chemnne/model/configuration.hpp>
#include <chemnne/support/progress.hpp>
#include <chemnne/training/checkpoint.hpp>
#include <chemnne/training/gradient_step.hpp>
#include <chemnne/training/history.hpp>
#include <chemnne/training/training_options.hpp>

namespace chemnne {

/// Trains the network of `Model` (its `Trajectory`) by gradient descent and keeps the averaged weights of the
/// best validation.
///
/// With a budget of epochs a run that was interrupted and resumed ends bitwise where an uninterrupted one
/// does, for any number of threads; with a budget of minutes the schedule follows the clock.
template <class Model, class Backend>
class Trainer {
 public:
  using Network = typename Model::Trajectory;
  using C = typename Model::Configuration;
  using Loss = WeightedLoss<SquaredError, IdentityLoss, FirstDerivative, SecondDerivative,
                            Conservation<float, C::outputs>>;

  /// `conservation` holds the coefficients of the budgets; `train` and `validation` must outlive the trainer.
  /// Errors: Error when the sets do not fit the configuration, or the checkpoint to resume from is of another
  /// run.
  Trainer(const TrainingSet& train, const TrainingSet& validation,
          Conservation<float, C::outputs> conservation, const TrainingOptions& options)
      : validation_(validation),
        options_(options),
        loss_({options.weights.squared_error, options.weights.identity, options.weights.first_derivative,
               options.weights.second_derivative, options.weights.conservation},
              {}, {}, {}, {}, std::move(conservation)),
        step_(train, loss_, options.sampling),
        identity_(identity(train)),
        runner_(default_threads()),
        parameters_(Network::parameters),
        state_(start(parameters_, train, options)),
        best_(Network::parameters) {
    validation.require("validation data", C::frames, std::max(C::inputs, C::outputs), C::conditions);
    if (options.resume && file_exists(options.checkpoint)) load();
  }

  /// Runs to the end of the budget. Progress goes to standard error.
  void run() {
    const auto begin = Clock::now();
    const double before = seconds_;
    const bool timed = options_.minutes > 0;
    Progress progress("Training", 1.0, share_done(timed));
    while (share_done(timed) < 1 && !out_of_patience()) {
      step_.begin_epoch(epoch_);
      typename Loss::Values mean{};
      double rate = 0;
      for (std::size_t batch = 0; batch < step_.batches(); ++batch) {
        const auto terms = step_.compute(parameters_.span(), batch);
        for (std::size_t i = 0; i < mean.size(); ++i)
          mean[i] += (terms[i] - mean[i]) / static_cast<double>(batch + 1);
        const double within = static_cast<double>(batch) / static_cast<double>(step_.batches());
        seconds_ = before + std::chrono::duration<double>(Clock::now() - begin).count();
        const double done =
            timed ? share_done(true)
                  : (static_cast<double>(epoch_) + within) / static_cast<double>(options_.epochs);
        const double norm = step_.gradient_norm();
        if (!std::isfinite(norm))
          throw Error("training, epoch " + std::to_string(epoch_), "a finite gradient",
                      "infinity or NaN: try a lower learning rate");
        rate = learning_rate_at(done, options_.optimiser);
        optimiser_step<Backend, float>(parameters_.span(), step_.gradient(),
                                       std::min(1.0, options_.optimiser.largest_norm / norm), rate,
                                       options_.optimiser, state_);
        progress.reach(std::min(done, 1.0), note());
        if (timed && done >= 1) break;
      }
      finish_epoch(rate, mean);
      progress.reach(std::min(share_done(timed), 1.0), note());
    }
  }

  std::span<const float> best_parameters() const { return best_.span(); }
  double best_rmse() const { return best_rmse_; }
  std::size_t epochs_done() const { return epoch_; }
  double seconds() const { return seconds_; }
  const std::vector<Epoch<Loss>>& history() const { return history_; }

  /// Root mean square error of the standardised state over frames 1 .. of all validation windows, with the
  /// averaged weights.
  double validate() {
    const std::size_t block = 256;
    Buffer<float> x(block * Network::Input::size), y(block * Network::Output::size);
    runner_.prepare(Parameters<const float, Network::parameters>(state_.average.data(), Network::parameters));
    double sum = 0;
    for (std::size_t first = 0; first < validation_.cases; first += block) {
      const std::size_t count = std::min(block, validation_.cases - first);
      for (std::size_t i = 0; i < count; ++i) {
        float* const row = x.data() + i * Network::Input::size;
        std::copy_n(state_of(first + i), C::inputs, row);
        std::copy_n(validation_.condition.data() + (first + i) * C::conditions, C::conditions,
                    row + C::inputs);
      }
      runner_.run({x.data(), count}, {y.data(), count});
      for (std::size_t i = 0; i < count; ++i)
        sum += squared_errors(y.data() + i * Network::Output::size, state_of(first + i));
    }
    return std::sqrt(sum / static_cast<double>(validation_.cases * (C::frames - 1) * C::outputs));
  }

 private:
  using Clock = std::chrono::steady_clock;

  static OptimiserState<float> start(Buffer<float>& parameters, const TrainingSet& train,
                                     const TrainingOptions& options) {
    Random random(options.sampling.seed, 0x5eed);
    const Parameters<float, Network::parameters> p(parameters.data(), Network::parameters);
    Network::initialise(p, random);
    if (!options.start.empty())
      std::copy_n(options.start.data(), p.size(), p.data());
    else if constexpr (requires { Model::start_from(std::span<const float>(), std::size_t{}, p); })
      Model::start_from(train.state, train.species, p);
    return OptimiserState<float>(parameters.span());
  }

  const float* state_of(std::size_t window) const {
    return validation_.state.data() + window * C::frames * validation_.species;
  }

  double squared_errors(const float* prediction, const float* truth) const {
    double sum = 0;
    for (std::size_t f = 1; f < C::frames; ++f)
      for (std::size_t s = 0; s < C::outputs; ++s) {
        const double gap =
            static_cast<double>(prediction[f * C::outputs + s] - truth[f * validation_.species + s]);
        sum += gap * gap;
      }
    return sum;
  }

  double share_done(bool timed) const {
    return timed ? seconds_ / (60 * options_.minutes)
                 : static_cast<double>(epoch_) / static_cast<double>(options_.epochs);
  }
  bool out_of_patience() const { return options_.patience > 0 && epoch_ >= best_epoch_ + options_.patience; }
  std::string note() const {
    char text[96];
    std::snprintf(text, sizeof text, "epoch %zu, loss %.3g, validation RMSE %.4f (best %.4f)", epoch_,
                  history_.empty() ? 0.0 : history_.back().loss,
                  history_.empty() ? 0.0 : history_.back().validation_rmse,
                  history_.empty() ? 0.0 : best_rmse_);
    return text;
  }

  void finish_epoch(double rate, const typename Loss::Values& mean) {
    ++epoch_;
    const double rmse = validate();
    if (!std::isfinite(rmse))
      throw Error("training, epoch " + std::to_string(epoch_), "a finite validation error",
                  "infinity or NaN: try a lower learning rate");
    if (rmse < best_rmse_) {
      best_rmse_ = rmse;
      best_epoch_ = epoch_;
      std::copy_n(state_.average.data(), best_.size(), best_.data());
    }
    history_.push_back({epoch_, seconds_, rate, loss_.total(mean), mean, rmse});
    if (!options_.checkpoint.empty()) save();
  }

  /// What identifies a run: a checkpoint of another one is refused.
  std::string identity(const TrainingSet& train) const {
    const std::string_view states(reinterpret_cast<const char*>(train.state.data()),
                                  train.state.size() * sizeof(float));
    return std::string(Model::architecture) + ' ' + configuration_text<C>() + ", data " + hash_hex(states) +
           ", seed " + std::to_string(options_.sampling.seed) + ", batch " +
           std::to_string(options_.sampling.batch) + (options_.sampling.any_start ? ", any start" : "");
  }

  void save() const {
    CheckpointWriter writer(identity_);
    writer.add("parameters", parameters_.span());
    writer.add("first", state_.first.span());
    writer.add("second", state_.second.span());
    writer.add("average", state_.average.span());
    writer.add("best", best_.span());
    std::vector<double> numbers{static_cast<double>(epoch_), static_cast<double>(best_epoch_), best_rmse_,
                                seconds_, static_cast<double>(state_.step)};
    writer.add("counters", std::span<const double>(numbers));
    const std::vector<double> rows = history_to_numbers(history_);
    writer.add("history", std::span<const double>(rows));
    writer.write(options_.checkpoint);
  }

  void load() {
    const CheckpointReader reader(options_.checkpoint, identity_);
    reader.get("parameters", parameters_.span());
    reader.get("first", state_.first.span());
    reader.get("second", state_.second.span());
    reader.get("average", state_.average.span());
    reader.get("best", best_.span());
    const std::vector<double> numbers = reader.numbers("counters");
    epoch_ = static_cast<std::size_t>(numbers.at(0));
    best_epoch_ = static_cast<std::size_t>(numbers.at(1));
    best_rmse_ = numbers.at(2);
    seconds_ = numbers.at(3);
    state_.step = static_cast<std::size_t>(numbers.at(4));
    history_ = history_from_numbers<Loss>(reader.numbers("history"));
  }

  const TrainingSet& validation_;
  TrainingOptions options_;
  Loss loss_;
  GradientStep<Network, Backend, Loss, C::inputs> step_;
  std::string identity_;
  BlockRunner<Network, Backend, float> runner_;
  Buffer<float> parameters_;
  OptimiserState<float> state_;
  Buffer<float> best_;
  double best_rmse_ = std::numeric_limits<double>::infinity();
  std::size_t best_epoch_ = 0;
  std::size_t epoch_ = 0;
  double seconds_ = 0;
  std::vector<Epoch<Loss>> history_;
};

}  // namespace chemnne
