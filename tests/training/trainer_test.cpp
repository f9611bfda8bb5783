#define BOOST_TEST_MODULE training_trainer
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "../data/data_test_tools.hpp"
#include "relaxation.hpp"
#include <boost/test/unit_test.hpp>
#include <omp.h>

#include <chemnne/emulator.hpp>

using namespace chemnne;
using test::contains;

namespace {

using Model = ChemNNE<test::Relaxation>;

struct Interruption {};

/// The default backend, which stops a training in the middle of a pullback of its choice.
struct Interrupting : DefaultBackend {
  static inline long calls = 0, last = -1;
  template <class T, std::size_t M, std::size_t N>
  static void outer_accumulate(Rows<const T, M> a, Rows<const T, N> b, Rows<T, N> c) {
    if (++calls == last) throw Interruption{};
    DefaultBackend::outer_accumulate(a, b, c);
  }
};

/// What a finished training leaves, but for the clock.
struct Outcome {
  std::vector<float> weights;
  std::vector<double> numbers;
  std::size_t epochs = 0;

  bool operator==(const Outcome&) const = default;
};

template <class Backend = DefaultBackend>
Outcome train(const test::RelaxationSets& sets, const TrainingOptions& options, int threads = 2,
              WindowSource* source = nullptr) {
  omp_set_num_threads(threads);
  Trainer<Model, Backend> trainer(sets.train, sets.validation, sets.conservation(), options, single_process,
                                  {}, source);
  trainer.run();
  Outcome outcome{{trainer.best_parameters().begin(), trainer.best_parameters().end()},
                  {trainer.best_rmse()},
                  trainer.epochs_done()};
  for (const auto& epoch : trainer.history()) {
    outcome.numbers.insert(outcome.numbers.end(), {epoch.learning_rate, epoch.loss, epoch.validation_rmse});
    outcome.numbers.insert(outcome.numbers.end(), epoch.terms.begin(), epoch.terms.end());
  }
  return outcome;
}

/// Ten windows a call, numbered by the call.
class Renewing final : public WindowSource {
 public:
  explicit Renewing(TrainingSet& set) : set_(set) {}
  void renew() override {
    const std::uint64_t call = calls_++;
    set_.replace(10 * call % set_.cases,
                 TrainingSet(test::relaxation_windows(10, 100 + call), sets_.standardisation));
  }
  std::string identity() const override { return "renewing"; }
  std::vector<double> state() const override { return {static_cast<double>(calls_)}; }
  void resume(std::span<const double> state) override {
    while (calls_ < static_cast<std::uint64_t>(state[0])) renew();
  }
  std::uint64_t calls() const { return calls_; }

 private:
  TrainingSet& set_;
  test::RelaxationSets sets_;
  std::uint64_t calls_ = 0;
};

const TrainingOptions few{.sampling = {.batch = 64}, .epochs = 6};

}  // namespace

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_network_on_any_number_of_threads) {
  const test::RelaxationSets sets;
  const Outcome one = train(sets, few, 1);
  BOOST_TEST(one.epochs == 6u);
  BOOST_TEST((one == train(sets, few, 1)));
  BOOST_TEST((one == train(sets, few, 2)));
  BOOST_TEST((one == train(sets, few, 3)));
  TrainingOptions other = few;
  other.sampling.seed = 2;
  BOOST_TEST((one != train(sets, other, 1)));
}

BOOST_AUTO_TEST_CASE(an_interrupted_training_that_is_resumed_ends_bitwise_where_an_uninterrupted_one_does) {
  const test::RelaxationSets sets;
  const test::TemporaryFolder folder;
  for (const bool any_start : {false, true}) {
    TrainingOptions options = few;
    options.sampling.any_start = any_start;
    Interrupting::calls = 0;
    const Outcome expected = train<Interrupting>(sets, options, 1);
    BOOST_TEST((expected == train(sets, options)));
    const long all = Interrupting::calls;

    options.checkpoint = folder.file(any_start ? "any.checkpoint" : "first.checkpoint");
    options.resume = true;
    // Stopped within the second, the third and the fifth of six epochs, and taken up each time.
    for (const double share : {0.3, 0.2, 0.4}) {
      Interrupting::calls = 0;
      Interrupting::last = static_cast<long>(share * static_cast<double>(all));
      BOOST_CHECK_THROW(train<Interrupting>(sets, options, 1), Interruption);  // one thread: exceptions pass
    }
    Interrupting::last = -1;
    BOOST_TEST((expected == train(sets, options)));
    BOOST_TEST((expected == train(sets, options)));  // a finished run stays as it is
  }
}

BOOST_AUTO_TEST_CASE(windows_are_renewed_between_epochs_and_a_resumed_training_has_the_same_ones) {
  const test::RelaxationSets fixed;
  const test::TemporaryFolder folder;
  TrainingOptions options = few;
  const auto renewed = [&]<class Backend>(Backend, int threads) {
    test::RelaxationSets sets;
    Renewing source(sets.train);
    const Outcome outcome = train<Backend>(sets, options, threads, &source);
    BOOST_TEST(source.calls() == 5u);
    BOOST_TEST((sets.train.state != fixed.train.state));
    return outcome;
  };
  Interrupting::calls = 0;
  const Outcome expected = renewed(Interrupting(), 1);
  BOOST_TEST((expected != train(fixed, options)));
  BOOST_TEST((expected == renewed(DefaultBackend(), 2)));
  const long all = Interrupting::calls;
  options.checkpoint = folder.file("renewed.checkpoint");
  options.resume = true;
  for (const double share : {0.3, 0.4}) {
    Interrupting::calls = 0;
    Interrupting::last = static_cast<long>(share * static_cast<double>(all));
    BOOST_CHECK_THROW(renewed(Interrupting(), 1), Interruption);
  }
  Interrupting::last = -1;
  BOOST_TEST((expected == renewed(DefaultBackend(), 2)));
  const std::string message = test::message_of([&] { train(fixed, options); });
  BOOST_TEST(contains(message, "a run with fresh windows none, found one with fresh windows renewing"),
             message);
}

BOOST_AUTO_TEST_CASE(a_checkpoint_of_another_run_is_refused_by_the_name_of_what_differs) {
  const test::RelaxationSets sets;
  const test::TemporaryFolder folder;
  TrainingOptions options = few;
  options.epochs = 1;
  options.checkpoint = folder.file("run.checkpoint");
  train(sets, options);
  options.resume = true;
  BOOST_TEST(train(sets, options).epochs == 1u);

  const std::pair<const char*, void (*)(TrainingOptions&)> others[] = {
      {"seed 77", [](TrainingOptions& o) { o.sampling.seed = 77; }},
      {"batch 63", [](TrainingOptions& o) { o.sampling.batch = 63; }},
      {"samples from any frame", [](TrainingOptions& o) { o.sampling.any_start = true; }},
      {"linear beyond inf", [](TrainingOptions& o) { o.linear_beyond = HUGE_VAL; }},
      {"importance of species ",
       [](TrainingOptions& o) {
         o.importance = {0, 2, 0};
       }},
      {"weights 1 1 1 0.25 0.01", [](TrainingOptions& o) { o.weights.second_derivative = 0.25; }},
      {"epochs 2", [](TrainingOptions& o) { o.epochs = 2; }},
      {"epochs any number, minutes 3", [](TrainingOptions& o) { o.minutes = 3; }},
      {"patience 4", [](TrainingOptions& o) { o.patience = 4; }},
      {"learning rate 0.0008000000000000001",  // the last bit counts
       [](TrainingOptions& o) { o.optimiser.learning_rate = std::nextafter(8e-4, 1); }},
      {"final share 0.5", [](TrainingOptions& o) { o.optimiser.final_share = 0.5; }},
      {"warm-up 0.5", [](TrainingOptions& o) { o.optimiser.warm_up = 0.5; }},
      {"beta 0.9 0.5", [](TrainingOptions& o) { o.optimiser.beta_2 = 0.5; }},
      {"epsilon 0.5", [](TrainingOptions& o) { o.optimiser.epsilon = 0.5; }},
      {"weight decay 0.5", [](TrainingOptions& o) { o.optimiser.weight_decay = 0.5; }},
      {"largest norm 0.5", [](TrainingOptions& o) { o.optimiser.largest_norm = 0.5; }},
      {"average decay 0.5", [](TrainingOptions& o) { o.optimiser.average_decay = 0.5; }},
      {"element exact yes", [](TrainingOptions& o) { o.element_exact = true; }},
      {"initial weights ",
       [](TrainingOptions& o) { o.start.assign(ChemNNE<test::Relaxation>::Trajectory::parameters, 0.5f); }},
  };
  for (const auto& [name, change] : others) {
    TrainingOptions other = options;
    change(other);
    const std::string message = test::message_of([&] { train(sets, other); });
    BOOST_TEST(contains(message, std::string("a run with ") + name), message);
  }
  TrainingOptions two = options;
  two.sampling.seed = 77;
  two.optimiser.weight_decay = 0.5;
  const std::string both = test::message_of([&] { train(sets, two); });
  BOOST_TEST(contains(both, "with seed 77, weight decay 0.5, found one with seed 1, weight decay 0.1"), both);
}

BOOST_AUTO_TEST_CASE(a_checkpoint_of_other_data_or_another_loss_is_refused) {
  const test::TemporaryFolder folder;
  TrainingOptions options = few;
  options.epochs = 1;
  options.checkpoint = folder.file("run.checkpoint");
  options.resume = true;
  train(test::RelaxationSets(), options);
  const auto complaint = [&](auto&& change) {
    test::RelaxationSets other;
    change(other);
    return test::message_of([&] { train(other, options); });
  };
  const auto expect = [](const std::string& message, const std::string& name) {
    BOOST_TEST(contains(message, "a run with " + name), message);
  };
  expect(complaint([](auto& sets) { sets.train.state[5] += 1; }), "data ");
  expect(complaint([](auto& sets) { sets.train.condition[5] += 1; }), "data ");
  expect(complaint([](auto& sets) { sets.train.total[0] *= 2; }), "data ");
  expect(complaint([](auto& sets) { sets.validation.state[5] += 1; }), "validation data ");
  expect(complaint([](auto& sets) { sets.standardisation.deviation[0] *= 2; }), "constants of the loss ");
}

BOOST_AUTO_TEST_CASE(a_damaged_checkpoint_is_refused_and_in_nobodys_way) {
  const test::RelaxationSets sets;
  const test::TemporaryFolder folder;
  TrainingOptions options = few;
  options.epochs = 1;
  options.checkpoint = folder.file("run.checkpoint");
  train(sets, options);
  options.resume = true;
  write_file_atomically(options.checkpoint, read_text_file(options.checkpoint).substr(0, 5000));
  BOOST_TEST(contains(test::message_of([&] { train(sets, options); }), "run.checkpoint"));
  options.resume = false;
  BOOST_TEST(train(sets, options).epochs == 1u);
}

BOOST_AUTO_TEST_CASE(training_learns_the_chemistry) {
  const test::RelaxationSets sets;
  double sum = 0;
  constexpr std::size_t frames = test::Relaxation::frames;
  for (std::size_t window = 0; window < sets.validation.cases; ++window)
    for (std::size_t i = 3; i < 3 * frames; ++i) {
      const float* const state = sets.validation.state.data() + window * 3 * frames;
      sum += std::pow(static_cast<double>(state[i] - state[i % 3]), 2);
    }
  const double persistence = std::sqrt(sum / static_cast<double>(sets.validation.cases * 3 * (frames - 1)));
  TrainingOptions options{.sampling = {.batch = 32}, .epochs = 150};
  options.optimiser.learning_rate = 5e-3;
  const Outcome outcome = train(sets, options);
  BOOST_TEST_MESSAGE("validation RMSE " << outcome.numbers[0] << ", persistence " << persistence);
  BOOST_TEST(persistence > 0.1);
  BOOST_TEST(outcome.numbers[0] < persistence / 5);
}

BOOST_AUTO_TEST_CASE(the_best_epoch_is_kept) {
  const test::RelaxationSets sets;
  TrainingOptions options = few;
  omp_set_num_threads(2);
  Trainer<Model, DefaultBackend> trainer(sets.train, sets.validation, sets.conservation(), options);
  trainer.run();
  double best = 1e9;
  for (const auto& epoch : trainer.history()) best = std::min(best, epoch.validation_rmse);
  BOOST_TEST(trainer.best_rmse() == best);
  BOOST_TEST(trainer.history().size() == 6u);
  const std::string csv = history_csv(trainer.history());
  BOOST_TEST(std::count(csv.begin(), csv.end(), '\n') == 7);
  BOOST_TEST(csv.find("epoch,seconds,learning_rate,training_loss,state_error,identity,") == 0u);
}

BOOST_AUTO_TEST_CASE(patience_ends_a_training_that_gets_no_better) {
  const test::RelaxationSets sets(64);
  TrainingOptions options{.epochs = 50, .patience = 3};
  options.optimiser.learning_rate =
      0;  // nothing changes but the rounding of the averaged weights in the first epochs
  Trainer<Model, DefaultBackend> trainer(sets.train, sets.validation, sets.conservation(), options);
  trainer.run();
  std::size_t best = 0;
  while (trainer.history()[best].validation_rmse > trainer.best_rmse()) ++best;
  BOOST_TEST(trainer.epochs_done() == best + 1 + 3);
  BOOST_TEST(trainer.epochs_done() < 50u);
}

BOOST_AUTO_TEST_CASE(a_budget_of_time_ends) {
  const test::RelaxationSets sets(64);
  BOOST_TEST(train(sets, {.minutes = 1e-3}).epochs >= 1u);
}

BOOST_AUTO_TEST_CASE(a_training_that_diverges_is_an_error) {
  test::RelaxationSets sets(64);
  TrainingOptions options = few;
  options.optimiser.learning_rate = 1e38;
  const std::string message = test::message_of([&] { train(sets, options); });
  BOOST_TEST((contains(message, "training, epoch") && contains(message, "learning rate")), message);
  sets.train.state[40] = std::numeric_limits<float>::quiet_NaN();
  BOOST_CHECK_THROW(train(sets, few), Error);
}

namespace {

struct Producing : test::Relaxation {
  static constexpr std::size_t exponential_width = 5;
  static constexpr bool production_loss = true;
};

}  // namespace

BOOST_AUTO_TEST_CASE(what_the_network_holds_of_the_standardisation_is_not_learnt) {
  using Constants = ProductionConstants<ChemNNE<Producing>::Trained>;
  const test::RelaxationSets sets;
  Trainer<ChemNNE<Producing>, DefaultBackend> trainer(sets.train, sets.validation, sets.conservation(), few);
  trainer.run();
  for (std::size_t i = 0; i < Constants::count; ++i)
    BOOST_TEST(trainer.best_parameters()[Constants::deviation + i] == sets.train.deviation[i]);
  BOOST_TEST(trainer.best_parameters()[Constants::level] != -1);
}

namespace {

struct Strided : test::Relaxation {
  static constexpr std::size_t training_stride = 4;
};
struct FewFrames : test::Relaxation {
  static constexpr std::size_t frames = 4;
};

/// The same windows with every fourth frame alone.
Dataset thinned(const Dataset& data) {
  Dataset result = data;
  result.time.clear();
  result.concentration.clear();
  for (std::size_t frame = 0; frame < data.frames(); frame += 4) result.time.push_back(data.time[frame]);
  for (std::size_t window = 0; window < data.cases(); ++window)
    for (std::size_t frame = 0; frame < data.frames(); frame += 4) {
      const auto row = data.row(window, frame);
      result.concentration.insert(result.concentration.end(), row.begin(), row.end());
    }
  return result;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_stride_is_training_on_data_of_fewer_frames) {
  const test::RelaxationSets sets;
  const Dataset data = sets.data, held_out = test::relaxation_windows(60, 2);
  const std::vector<double> coefficients = budget_coefficients(data, 3);
  const TrainingSet strided(data, sets.standardisation, coefficients, 4),
      held_strided(held_out, sets.standardisation, coefficients, 4),
      few_frames(thinned(data), sets.standardisation), held_few(thinned(held_out), sets.standardisation);
  Trainer<ChemNNE<Strided>, DefaultBackend> one(strided, held_strided, sets.conservation(), few);
  Trainer<ChemNNE<FewFrames>, DefaultBackend> other(few_frames, held_few, sets.conservation(), few);
  one.run();
  other.run();
  BOOST_TEST(one.best_rmse() == other.best_rmse());
  BOOST_TEST(std::ranges::equal(one.best_parameters(), other.best_parameters()));
  BOOST_TEST(train(sets, few).numbers[0] != one.best_rmse());
}

BOOST_AUTO_TEST_CASE(validation_data_of_other_sizes_are_refused) {
  test::RelaxationSets sets(64);
  sets.validation.frames = 61;
  const std::string message = test::message_of([&] { train(sets, few); });
  BOOST_TEST(contains(message, "validation data: expected 13 frames (the configuration's), found 61"),
             message);
}
