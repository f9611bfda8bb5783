#define BOOST_TEST_MODULE training_trainer_mpi
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "../data/data_test_tools.hpp"
#include "../support/processes.hpp"
#include "relaxation.hpp"

#include <chemnne/emulator.hpp>

using namespace chemnne;

namespace {

using Model = ChemNNE<test::Relaxation>;
using Network = Model::Trajectory;
using Loss = Trainer<Model, DefaultBackend>::Loss;

struct Interruption {};

/// Stops all processes in the same sum of gradients.
struct Interrupting : MpiCommunicator {
  using MpiCommunicator::MpiCommunicator;
  int sums_left = 0;
  template <class T>
  void sum(std::span<T> values) {
    MpiCommunicator::sum(values);
    if (values.size() == Network::parameters && --sums_left == 0) throw Interruption{};
  }
};

/// What a finished training leaves, but for the clock.
struct Outcome {
  std::vector<float> weights;
  std::vector<double> numbers;
  bool operator==(const Outcome&) const = default;
};

template <class Ranks>
Outcome train(const test::RelaxationSets& sets, const TrainingOptions& options, Ranks& ranks) {
  Trainer<Model, DefaultBackend, Ranks> trainer(sets.train, sets.validation, sets.conservation(), options,
                                                ranks);
  trainer.run();
  Outcome outcome{{trainer.best_parameters().begin(), trainer.best_parameters().end()},
                  {trainer.best_rmse(), static_cast<double>(trainer.epochs_done())}};
  const auto last = trainer.history().back();
  outcome.numbers.insert(outcome.numbers.end(), {last.learning_rate, last.loss, last.validation_rmse});
  outcome.numbers.insert(outcome.numbers.end(), last.terms.begin(), last.terms.end());
  return outcome;
}

/// Batches of 230 windows: 4 chunks, 4 and 1, so that shares are uneven and one process or more has none.
const TrainingOptions few{.sampling = {.batch = 100}, .epochs = 6};

std::vector<float> gradients(const test::RelaxationSets& sets, std::size_t batch, auto& ranks) {
  const Loss loss{{1, 1, 1, 1, 0.01}, {}, {}, {}, {}, sets.conservation()};
  std::vector<float> parameters(Network::parameters), all;
  Random random(3);
  for (float& p : parameters) p = static_cast<float>(random.uniform(-0.3, 0.3));
  GradientStep<Network, DefaultBackend, Loss, 3, std::decay_t<decltype(ranks)>> step(
      sets.train, loss, {.batch = batch, .any_start = true}, ranks);
  step.begin_epoch(1);
  for (std::size_t i = 0; i < step.batches(); ++i) {
    auto terms = step.compute(parameters, i);
    ranks.sum(std::span<double>(terms));
    for (const double term : terms) all.push_back(static_cast<float>(term));
    all.insert(all.end(), step.gradient().begin(), step.gradient().end());
  }
  return all;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_gradient_of_a_batch_is_bitwise_that_of_one_process) {
  const test::RelaxationSets sets;
  for (const std::size_t batch : {32u, 64u, 100u, 230u}) {
    const std::vector<float> expected = gradients(sets, batch, single_process);
    for (const std::size_t processes : {2u, 3u, 4u})
      test::on_first(processes, [&](MpiCommunicator& ranks) {
        BOOST_TEST((expected == gradients(sets, batch, ranks)));
      });
  }
}

BOOST_AUTO_TEST_CASE(a_training_ends_bitwise_where_that_of_one_process_does) {
  const test::RelaxationSets sets;
  const Outcome expected = train(sets, few, single_process);
  for (const std::size_t processes : {1u, 2u, 3u, 4u})
    test::on_first(processes,
                   [&](MpiCommunicator& ranks) { BOOST_TEST((expected == train(sets, few, ranks))); });
}

BOOST_AUTO_TEST_CASE(a_training_is_resumed_on_another_number_of_processes) {
  const test::RelaxationSets sets;
  const Outcome expected = train(sets, few, single_process);
  std::unique_ptr<test::TemporaryFolder> folder;
  if (test::all().rank() == 0) folder = std::make_unique<test::TemporaryFolder>();
  TrainingOptions options = few;
  options.checkpoint = test::shared(folder ? folder->file("run.checkpoint") : "");
  // The checkpoint is read by process 0 alone: others may not see it.
  if (test::all().rank() > 0) options.checkpoint += ".elsewhere";
  options.resume = true;
  // Three batches an epoch: stopped in the second, the third and the fourth of six epochs.
  for (const std::size_t processes : {2u, 4u, 1u}) {
    MPI_Comm part = MPI_COMM_NULL;
    MPI_Comm_split(MPI_COMM_WORLD, test::all().rank() < processes ? 0 : 1, 0, &part);
    if (test::all().rank() < processes) {
      Interrupting ranks(part);
      ranks.sums_left = 5;
      BOOST_CHECK_THROW(train(sets, options, ranks), Interruption);
    }
    MPI_Comm_free(&part);
    test::all().barrier();
  }
  BOOST_TEST((expected == train(sets, options, test::all())));
  test::all().barrier();
}

BOOST_AUTO_TEST_CASE(a_budget_of_time_ends_on_all_processes_at_once) {
  const test::RelaxationSets sets(64);
  Outcome mine = train(sets, {.minutes = 1e-3}, test::all()), first = mine;
  test::all().broadcast(std::span<float>(first.weights));
  test::all().broadcast(std::span<double>(first.numbers));
  BOOST_TEST((mine == first));
}

BOOST_AUTO_TEST_CASE(processes_with_other_data_are_an_error_on_all) {
  test::RelaxationSets sets(64);
  if (test::all().size() == 1) return;
  if (test::all().rank() == 1) sets.train.state[5] += 1;
  const std::string message = test::message_of([&] { train(sets, few, test::all()); });
  BOOST_TEST(test::contains(message, "the same data and options on all"), message);
}
