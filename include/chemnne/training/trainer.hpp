#pragma once
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <chemnne/inference/block_runner.hpp>
#include <chemnne/loss/conservation.hpp>
#include <chemnne/loss/projected_loss.hpp>
#include <chemnne/loss/terms.hpp>
#include <chemnne/loss/weighted_loss.hpp>
#include <chemnne/model/configuration.hpp>
#include <chemnne/support/communicator.hpp>
#include <chemnne/support/number_text.hpp>
#include <chemnne/support/progress.hpp>
#include <chemnne/training/checkpoint.hpp>
#include <chemnne/training/gradient_step.hpp>
#include <chemnne/training/history.hpp>
#include <chemnne/training/run_identity.hpp>
#include <chemnne/training/slow_importance.hpp>
#include <chemnne/training/start_from_data.hpp>
#include <chemnne/training/training_options.hpp>
#include <chemnne/training/window_source.hpp>

namespace chemnne {

/// Trains the network of `Model` (its `Trained`) by gradient descent and keeps the averaged weights of the
/// best validation.
///
/// With a budget of epochs a run that was interrupted and resumed ends bitwise where an uninterrupted one
/// does, for any number of threads and of processes in `Ranks`, also when it is resumed on another number of
/// them; with a budget of minutes the schedule follows the clock of rank 0. All ranks hold the weights;
/// files, the history before a resumption and progress are rank 0's.
template <class Model, class Backend, Communicator Ranks = SingleProcess>
class Trainer {
 public:
  using Network = typename Model::Trained;
  using C = typename Model::Configuration;
  using Terms = WeightedLoss<StateError, IdentityLoss, FirstDerivative, SecondDerivative,
                             Conservation<float, C::outputs>>;
  using Loss = ProjectedLoss<Terms, float, C::outputs>;
  static constexpr std::size_t frames = training_frames<C>();

  /// `conservation` holds the coefficients of the budgets; with elements in `projection` all predictions are
  /// projected, those of the validation too. `source` renews windows of `train` between epochs. `train`,
  /// `validation`, `ranks` and `source` must outlive the trainer.
  /// Errors: Error when the sets do not fit the configuration, the checkpoint to resume from is of another
  /// run, or ranks have other data.
  Trainer(const TrainingSet& train, const TrainingSet& validation,
          Conservation<float, C::outputs> conservation, const TrainingOptions& options,
          Ranks& ranks = single_process, typename Loss::Projection projection = {},
          WindowSource* source = nullptr)
      : train_(train),
        validation_(validation),
        options_(options),
        ranks_(ranks),
        source_(source),
        identity_(run_identity(std::string(Model::architecture) + ' ' + configuration_text<C>(), train,
                               validation, options, constants_of(conservation, projection),
                               source ? source->identity() : "none")),
        loss_(terms(train, options, std::move(conservation)), std::move(projection)),
        step_(train, loss_, options.sampling, ranks),
        runner_(default_threads()),
        parameters_(Network::parameters),
        state_(start(parameters_, train, options)),
        best_(Network::parameters) {
    validation.require("validation data", frames, std::max(C::inputs, C::outputs), C::conditions);
    require_one_run();
    std::vector<double> source_state = source ? source->state() : std::vector<double>();
    if (first() && options.resume && file_exists(options.checkpoint)) load(source_state);
    share_state(source_state);
  }

  /// Runs to the end of the budget. Progress goes to standard error.
  void run() {
    const auto begin = Clock::now();
    const double before = seconds_;
    const bool timed = options_.minutes > 0;
    Progress progress("Training", 1.0, share_done(timed), first());
    while (share_done(timed) < 1 && !out_of_patience()) {
      if (source_ && epoch_ > 0) source_->renew();
      step_.begin_epoch(epoch_);
      std::vector<double> terms;  // of every batch, what this process adds
      double rate = 0;
      for (std::size_t batch = 0; batch < step_.batches(); ++batch) {
        const auto part = step_.compute(parameters_.span(), batch);
        terms.insert(terms.end(), part.begin(), part.end());
        const double within = static_cast<double>(batch) / static_cast<double>(step_.batches());
        seconds_ = before + std::chrono::duration<double>(Clock::now() - begin).count();
        if (timed) ranks_.broadcast(std::span(&seconds_, 1));
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
        keep_constants();
        progress.reach(std::min(done, 1.0), note());
        if (timed && done >= 1) break;
      }
      finish_epoch(rate, mean_terms(terms));
      progress.reach(std::min(share_done(timed), 1.0), note());
    }
  }

  std::span<const float> best_parameters() const { return best_.span(); }
  double best_rmse() const { return best_rmse_; }
  std::size_t epochs_done() const { return epoch_; }
  double seconds() const { return seconds_; }
  const std::vector<Epoch<Loss>>& history() const { return history_; }

  /// Root mean square error of the standardised state over frames 1 .. of all validation windows, of those that
  /// training reads, with the averaged weights.
  double validate() {
    const std::size_t block = 256;
    Buffer<float> x(block * Network::Input::size), y(block * Network::Output::size);
    Buffer<float> density(loss_.projection().active() ? y.size() : 0);
    runner_.prepare(Parameters<const float, Network::parameters>(state_.average.data(), Network::parameters));
    const Share own = ranks_.share(validation_.cases);
    std::vector<double> sums(validation_.cases);
    for (std::size_t done = 0; done < own.count; done += block) {
      const std::size_t start = own.first + done, count = std::min(block, own.count - done);
      for (std::size_t i = 0; i < count; ++i) {
        float* const row = x.data() + i * Network::Input::size;
        std::copy_n(state_of(start + i), C::inputs, row);
        std::copy_n(validation_.condition.data() + (start + i) * C::conditions, C::conditions,
                    row + C::inputs);
      }
      runner_.run({x.data(), count}, {y.data(), count});
      if (loss_.projection().active())
        loss_.projection().template project<Backend>(
            States(y.data(), count), {validation_.total.data() + start * frames * budgets, count},
            States(density.data(), count));
      for (std::size_t i = 0; i < count; ++i)
        sums[start + i] = squared_errors(y.data() + i * Network::Output::size, state_of(start + i));
    }
    ranks_.sum(std::span(sums));
    const double sum = std::accumulate(sums.begin(), sums.end(), 0.0);
    return std::sqrt(sum / static_cast<double>(validation_.cases * (frames - 1) * C::outputs));
  }

 private:
  using Clock = std::chrono::steady_clock;
  static Terms terms(const TrainingSet& train, const TrainingOptions& options,
                     Conservation<float, C::outputs> conservation) {
    const LossWeights& w = options.weights;
    const HuberTerm error{options.linear_beyond, importance(train, options)};
    return Terms({w.state_error, w.identity, w.first_derivative, w.second_derivative, w.conservation},
                 {error}, {error}, {error}, {error}, std::move(conservation));
  }
  static std::vector<float> importance(const TrainingSet& train, const TrainingOptions& options) {
    std::vector<float> factors = slow_importance(train, C::inputs, C::outputs, options.slow_importance);
    if (!options.importance.empty()) factors.resize(C::outputs, 1.0f);
    for (std::size_t i = 0; i < options.importance.size(); ++i)
      if (options.importance[i] > 0) factors[i] = options.importance[i];
    return factors;
  }
  using States = Rows<float, frames, C::outputs>;

  static OptimiserState<float> start(Buffer<float>& parameters, const TrainingSet& train,
                                     const TrainingOptions& options) {
    Random random(options.sampling.seed, 0x5eed);
    const Parameters<float, Network::parameters> p(parameters.data(), Network::parameters);
    Network::initialise(p, random);
    if (options.start.empty())
      StartFromData<Model>::apply(train, p);
    else
      std::copy_n(options.start.data(), p.size(), p.data());
    OptimiserState<float> state(parameters.span());
    Network::describe("", 0, [&](const std::string&, std::size_t offset, const auto& shape) {
      if (std::size(shape) == 1) std::fill_n(state.decays.data() + offset, shape[0], 0.0f);
    });
    return state;
  }

  /// What the network holds of the standardisation is not learnt.
  void keep_constants() {
    using Constants = ProductionConstants<typename SingleWindow<Model>::type::Trained>;
    for (std::size_t i = 0; i < Constants::count; ++i)
      parameters_[Constants::deviation + i] = state_.average[Constants::deviation + i] = train_.deviation[i];
  }

  bool first() const { return ranks_.rank() == 0; }

  /// Ranks with other data or options would wait for each other for ever.
  void require_one_run() {
    std::string mine;
    for (const auto& [name, value] : identity_) {
      std::string theirs = hash_hex(value);
      ranks_.broadcast(std::span<char>(theirs));
      if (theirs != hash_hex(value)) mine += ", " + name + ' ' + value;
    }
    double strangers = mine.empty() ? 0 : 1;
    ranks_.sum(std::span(&strangers, 1));
    if (strangers > 0)
      throw Error("training on " + std::to_string(ranks_.size()) + " processes",
                  "the same data and options on all",
                  mine.empty() ? "others than those of the first process on another"
                               : "on process " + std::to_string(ranks_.rank()) + mine);
  }

  /// All ranks go on from where rank 0 is.
  void share_state(std::vector<double>& source_state) {
    for (const std::span<float> part :
         {parameters_.span(), state_.first.span(), state_.second.span(), state_.average.span(), best_.span()})
      ranks_.broadcast(part);
    std::vector<double> numbers = counters();
    ranks_.broadcast(std::span(numbers));
    set_counters(numbers);
    if (!source_ || epoch_ == 0) return;
    ranks_.broadcast(std::span(source_state));
    source_->resume(source_state);
  }

  /// The mean over the batches of an epoch of the terms that ranks have parts of.
  typename Loss::Values mean_terms(std::vector<double>& parts) {
    ranks_.sum(std::span(parts));
    typename Loss::Values mean{};
    for (std::size_t at = 0; at < parts.size(); ++at) {
      double& value = mean[at % mean.size()];
      value += (parts[at] - value) / static_cast<double>(at / mean.size() + 1);
    }
    return mean;
  }

  const float* state_of(std::size_t window) const {
    return validation_.state.data() + window * frames * validation_.species;
  }

  double squared_errors(const float* prediction, const float* truth) const {
    double sum = 0;
    for (std::size_t f = 1; f < frames; ++f)
      for (std::size_t s = 0; s < C::outputs; ++s) {
        const double error =
            static_cast<double>(prediction[f * C::outputs + s] - truth[f * validation_.species + s]);
        sum += error * error;
      }
    return sum;
  }

  double share_done(bool timed) const {
    return timed ? seconds_ / (60 * options_.minutes)
                 : static_cast<double>(epoch_) / static_cast<double>(options_.epochs);
  }
  bool out_of_patience() const { return options_.patience > 0 && epoch_ >= best_epoch_ + options_.patience; }
  std::string note() const {
    if (history_.empty()) return "in the first epoch";
    return "epoch " + std::to_string(epoch_) + ", loss " + number_text(history_.back().loss, 3) +
           ", validation RMSE " + fixed_text(history_.back().validation_rmse, 4) + " (best " +
           fixed_text(best_rmse_, 4) + ')';
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
    if (first() && !options_.checkpoint.empty()) save();
  }

  /// Whatever the loss has beside the options.
  static std::string constants_of(const Conservation<float, C::outputs>& conservation,
                                  const typename Loss::Projection& projection) {
    std::string text = hash_of(std::span(conservation.coefficient)) + hash_of(std::span(conservation.mean)) +
                       hash_of(std::span(conservation.deviation)) + " of " +
                       std::to_string(conservation.used) + " budgets";
    if (projection.active()) text += ", element exact";
    for (const std::size_t budget : projection.budget) text += ' ' + std::to_string(budget);
    return text;
  }

  std::vector<double> counters() const {
    return {static_cast<double>(epoch_), static_cast<double>(best_epoch_), best_rmse_, seconds_,
            static_cast<double>(state_.step)};
  }
  void set_counters(const std::vector<double>& numbers) {
    epoch_ = static_cast<std::size_t>(numbers.at(0));
    best_epoch_ = static_cast<std::size_t>(numbers.at(1));
    best_rmse_ = numbers.at(2);
    seconds_ = numbers.at(3);
    state_.step = static_cast<std::size_t>(numbers.at(4));
  }

  void save() const {
    CheckpointWriter writer(identity_);
    writer.add("parameters", parameters_.span());
    writer.add("first", state_.first.span());
    writer.add("second", state_.second.span());
    writer.add("average", state_.average.span());
    writer.add("best", best_.span());
    const std::vector<double> numbers = counters();
    writer.add("counters", std::span<const double>(numbers));
    const std::vector<double> rows = history_to_numbers(history_);
    writer.add("history", std::span<const double>(rows));
    const std::vector<double> source = source_ ? source_->state() : std::vector<double>();
    if (source_) writer.add("fresh windows", std::span<const double>(source));
    writer.write(options_.checkpoint);
  }

  void load(std::vector<double>& source_state) {
    const CheckpointReader reader(options_.checkpoint, identity_);
    reader.get("parameters", parameters_.span());
    reader.get("first", state_.first.span());
    reader.get("second", state_.second.span());
    reader.get("average", state_.average.span());
    reader.get("best", best_.span());
    set_counters(reader.numbers("counters"));
    history_ = history_from_numbers<Loss>(reader.numbers("history"));
    if (source_) source_state = reader.numbers("fresh windows");
  }

  const TrainingSet& train_;
  const TrainingSet& validation_;
  TrainingOptions options_;
  Ranks& ranks_;
  WindowSource* source_;
  RunIdentity identity_;
  Loss loss_;
  GradientStep<Network, Backend, Loss, C::inputs, Ranks> step_;
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
