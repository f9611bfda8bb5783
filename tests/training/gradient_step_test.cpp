#define BOOST_TEST_MODULE training_gradient_step
#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include "relaxation.hpp"
#include <boost/test/unit_test.hpp>
#include <omp.h>

#include <chemnne/emulator.hpp>

using namespace chemnne;

namespace {

using Network = ChemNNE<test::Relaxation>::Trajectory;
using Loss = Trainer<ChemNNE<test::Relaxation>, DefaultBackend>::Loss;
using Step = GradientStep<Network, DefaultBackend, Loss, 3>;

struct Fixture {
  test::RelaxationSets sets;
  Loss loss{{1, 1, 1, 1, 0.01}, {}, {}, {}, {}, sets.conservation()};
  std::vector<float> parameters = std::vector<float>(Network::parameters);

  Fixture() {
    Random random(3);
    Network::initialise(std::span<float, Network::parameters>(parameters.data(), Network::parameters),
                        random);
    for (float& p : parameters) p += static_cast<float>(random.uniform(-0.05, 0.05));
  }

  /// The gradients of all batches of an epoch, one behind the other.
  std::vector<float> epoch(int threads, const SamplingOptions& sampling) const {
    omp_set_num_threads(threads);
    Step step(sets.train, loss, sampling);
    step.begin_epoch(3);
    std::vector<float> all;
    for (std::size_t batch = 0; batch < step.batches(); ++batch) {
      step.compute(parameters, batch);
      all.insert(all.end(), step.gradient().begin(), step.gradient().end());
    }
    omp_set_num_threads(2);
    return all;
  }
};

double norm(std::span<const float> values) {
  double sum = 0;
  for (const float v : values) sum += static_cast<double>(v) * static_cast<double>(v);
  return std::sqrt(sum);
}

}  // namespace

BOOST_FIXTURE_TEST_CASE(threads_change_no_bit_of_the_gradient, Fixture) {
  for (const bool any_start : {false, true}) {
    const SamplingOptions sampling{
        .batch = 100, .any_start = any_start};  // 100, 100 and 30 of 230 windows: chunks of 32 do not fit
    const std::vector<float> one = epoch(1, sampling);
    BOOST_TEST(one.size() == 3 * Network::parameters);
    BOOST_TEST((one == epoch(2, sampling)));
    BOOST_TEST((one == epoch(3, sampling)));
  }
}

BOOST_FIXTURE_TEST_CASE(the_gradient_of_a_batch_is_the_mean_over_its_samples, Fixture) {
  const std::size_t cases = sets.train.cases;
  Step whole(sets.train, loss, {.batch = cases});
  Step single(sets.train, loss, {.batch = 1});
  whole.begin_epoch(0);
  single.begin_epoch(0);
  const auto terms = whole.compute(parameters, 0);
  std::vector<double> sum(Network::parameters);
  Step::Terms sum_of_terms{};
  BOOST_TEST(single.batches() == cases);
  for (std::size_t batch = 0; batch < cases; ++batch) {
    const auto part = single.compute(parameters, batch);
    for (std::size_t i = 0; i < part.size(); ++i) sum_of_terms[i] += part[i] / static_cast<double>(cases);
    for (std::size_t i = 0; i < sum.size(); ++i)
      sum[i] += static_cast<double>(single.gradient()[i]) / static_cast<double>(cases);
  }
  std::vector<float> difference;
  for (std::size_t i = 0; i < sum.size(); ++i)
    difference.push_back(static_cast<float>(static_cast<double>(whole.gradient()[i]) - sum[i]));
  // Float sums over 230 samples times up to 13 frames: some sqrt(3000) roundings of 6e-8.
  BOOST_TEST(norm(difference) < 1e-5 * norm(whole.gradient()));
  for (std::size_t i = 0; i < terms.size(); ++i)
    BOOST_TEST(std::abs(terms[i] - sum_of_terms[i]) <= 1e-5 * terms[i]);
  BOOST_TEST(whole.gradient_norm() == norm(whole.gradient()),
             boost::test_tools::tolerance(1e-12));  // sums of doubles
}

BOOST_FIXTURE_TEST_CASE(the_loss_falls_along_the_gradient_as_fast_as_its_norm_says, Fixture) {
  Step step(sets.train, loss, {.batch = 230});
  step.begin_epoch(0);
  const auto mean_loss = [&](const std::vector<float>& p) { return loss.total(step.compute(p, 0)); };
  const double start = mean_loss(parameters), squared = std::pow(step.gradient_norm(), 2);
  const std::vector<float> gradient(step.gradient().begin(), step.gradient().end());
  // A central difference over a part of the loss of 2e-3: rounding of the loss (1e-6) and third derivatives
  // stay below 2 %.
  const double length = 1e-3 * start / squared;
  std::vector<float> down = parameters, up = parameters;
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    down[i] -= static_cast<float>(length) * gradient[i];
    up[i] += static_cast<float>(length) * gradient[i];
  }
  BOOST_TEST((mean_loss(up) - mean_loss(down)) / (2 * length) == squared, boost::test_tools::tolerance(0.02));
}

BOOST_FIXTURE_TEST_CASE(an_epoch_takes_every_window_once_in_an_order_of_its_own, Fixture) {
  Step step(sets.train, loss, {.batch = 1, .seed = 5});
  std::vector<std::vector<double>> orders;
  for (const std::size_t epoch : {0u, 1u, 0u}) {
    step.begin_epoch(epoch);
    std::vector<double> order;
    for (std::size_t batch = 0; batch < step.batches(); ++batch)
      order.push_back(step.compute(parameters, batch)[0]);
    orders.push_back(order);
  }
  BOOST_TEST((orders[0] != orders[1]));
  BOOST_TEST((orders[0] == orders[2]));
  for (auto& order : orders) std::sort(order.begin(), order.end());
  BOOST_TEST((orders[0] == orders[1]));
  // Windows of different errors, or equal sets would say little.
  BOOST_TEST(std::set<double>(orders[0].begin(), orders[0].end()).size() > 200u);
}

// Without weights the network keeps the state. Where the state is the number of its frame, a sample that
// starts at frame s has the error sum_{j < F - s} j^2 / (F - 1): each value tells its start.
BOOST_FIXTURE_TEST_CASE(samples_start_at_any_frame_where_asked, Fixture) {
  constexpr std::size_t frames = test::Relaxation::frames;
  for (std::size_t i = 0; i < sets.train.state.size(); ++i)
    sets.train.state[i] = static_cast<float>(i / 3 % frames);
  std::fill(parameters.begin(), parameters.end(), 0.0f);
  std::vector<double> error(frames);  // by start
  for (std::size_t start = 0; start < frames; ++start)
    for (std::size_t j = 1; start + j < frames; ++j)
      error[start] += static_cast<double>(j * j) / (frames - 1);
  for (const bool any_start : {false, true}) {
    Step step(sets.train, loss, {.batch = 1, .any_start = any_start});
    step.begin_epoch(0);
    std::set<std::size_t> starts;
    for (std::size_t batch = 0; batch < step.batches(); ++batch) {
      const auto terms = step.compute(parameters, batch);
      BOOST_TEST(terms[1] == 0);  // the identity, wherever it starts
      std::size_t nearest = 0;
      for (std::size_t start = 0; start < frames; ++start)
        if (std::abs(error[start] - terms[0]) < std::abs(error[nearest] - terms[0])) nearest = start;
      BOOST_TEST(terms[0] == error[nearest], boost::test_tools::tolerance(1e-6));  // a float
      starts.insert(nearest);
    }
    // 230 samples leave one of 12 starts out with a probability below 1e-7; the last frame is no start.
    BOOST_TEST(starts.size() == (any_start ? frames - 1 : 1u));
    BOOST_TEST(*starts.begin() == 0u);
  }
}

BOOST_FIXTURE_TEST_CASE(data_of_other_sizes_are_refused, Fixture) {
  sets.train.frames = 61;
  BOOST_CHECK_THROW(Step(sets.train, loss, {}), Error);
}
