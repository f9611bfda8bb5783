#define BOOST_TEST_MODULE training_optimiser
#include <cmath>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/backend/cpu.hpp>
#include <chemnne/backend/reference.hpp>
#include <chemnne/support/random.hpp>
#include <chemnne/training/optimiser.hpp>

using namespace chemnne;
namespace tt = boost::test_tools;

namespace {
/// Parameters, their state, and steps on them.
struct Training {
  std::vector<double> p;
  OptimiserOptions options;
  OptimiserState<double> state{p};
  void step(const std::vector<double>& gradient, double rate, double gradient_scale = 1) {
    optimiser_step<Reference, double>(p, gradient, gradient_scale, rate, options, state);
  }
};

/// Ten roundings of double.
const auto rounding = tt::tolerance(1e-14);
}  // namespace

BOOST_AUTO_TEST_CASE(two_steps_worked_by_hand) {
  Training t{
      .p = {1.0, -2.0},
      .options = {.beta_1 = 0.5, .beta_2 = 0.75, .epsilon = 0.5, .weight_decay = 0.2, .average_decay = 0.9}};
  // Step 1: m = g / 2, v = g^2 / 4; their estimates are g and g^2.
  // p = 1 (1 - 0.1 * 0.2) - 0.1 * 1.5 / (1.5 + 0.5);  p = -2 * 0.98 + 0.1 * 0.5 / (0.5 + 0.5)
  t.step({1.5, -0.5}, 0.1);
  BOOST_TEST(t.p[0] == 0.98 - 0.075, rounding);
  BOOST_TEST(t.p[1] == -1.96 + 0.05, rounding);
  // The average keeps (1 + 1) / (10 + 1) of the start.
  BOOST_TEST(t.state.average[0] == 2.0 / 11 * 1.0 + 9.0 / 11 * 0.905, rounding);
  // Step 2, without gradient: m = 0.375, m^ = 0.375 / (1 - 0.5^2) = 0.5; v = 0.75 * 0.5625 = 0.421875,
  // v^ = 0.421875 / (1 - 0.75^2) = 0.9642857142857143.
  t.step({0, 0}, 0.1);
  BOOST_TEST(t.p[0] == 0.905 * 0.98 - 0.1 * 0.5 / (std::sqrt(0.9642857142857143) + 0.5), rounding);
  BOOST_TEST(t.state.average[0] == 3.0 / 12 * (2.0 / 11 + 9.0 / 11 * 0.905) + 9.0 / 12 * t.p[0], rounding);
  BOOST_TEST(t.state.step == 2u);
}

BOOST_AUTO_TEST_CASE(the_first_step_is_the_rate_whatever_the_size_of_the_gradient) {
  // Adam is invariant to the scale of the gradient as long as epsilon is far below it.
  for (const double size : {1e-3, 1.0, 1e4}) {
    Training t{.p = {0.0, 0.0}, .options = {}};
    t.step({size, -size}, 1e-2);
    BOOST_TEST(t.p[0] == -1e-2, tt::tolerance(2e-5));  // epsilon / size = 1e-5
    BOOST_TEST(t.p[1] == 1e-2, tt::tolerance(2e-5));
  }
}

BOOST_AUTO_TEST_CASE(clipping_scales_the_gradient) {
  Training a{.p = {1.0}, .options = {}}, b{.p = {1.0}, .options = {}};
  a.step({8.0}, 1e-2, 0.25);
  b.step({2.0}, 1e-2);
  BOOST_TEST(a.p[0] == b.p[0]);
  BOOST_TEST(a.state.first[0] == b.state.first[0]);
  BOOST_TEST(a.state.second[0] == b.state.second[0]);
}

BOOST_AUTO_TEST_CASE(what_does_not_decay_stays_without_a_gradient) {
  Training t{.p = {3.0, 3.0}, .options = {.weight_decay = 0.5}};
  t.state.decays[1] = 0;
  t.step({0, 0}, 0.1);
  BOOST_TEST(t.p[0] == 3.0 * 0.95, rounding);
  BOOST_TEST(t.p[1] == 3.0);
}

BOOST_AUTO_TEST_CASE(decay_acts_on_the_weights_and_not_through_the_gradient) {
  // With zero gradients AdamW leaves p (1 - rate decay)^n; Adam with an L2 term in the gradient would step by
  // the rate.
  Training t{.p = {3.0}, .options = {.weight_decay = 0.5}};
  for (int i = 0; i < 10; ++i) t.step({0.0}, 0.1);
  BOOST_TEST(t.p[0] == 3 * std::pow(0.95, 10), tt::tolerance(1e-13));
}

BOOST_AUTO_TEST_CASE(the_average_ends_at_its_own_decay) {
  // After many steps at a constant p the start has a weight below 1e-6; before, its decay is that of the
  // options.
  Training t{.p = {0.0}, .options = {.weight_decay = 0, .average_decay = 0.9}};
  for (int i = 0; i < 300; ++i) t.step({0.0}, 0.0);
  t.p[0] = 1;
  t.step({0.0}, 0.0);
  BOOST_TEST(t.state.average[0] == 0.1, tt::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(it_finds_the_minimum_of_a_badly_scaled_bowl) {
  Training t{.p = {1.0, 1.0}, .options = {.weight_decay = 0}};
  for (int i = 0; i < 4000; ++i)
    t.step({1e3 * (t.p[0] - 0.3), 1e-2 * (t.p[1] + 0.7)}, 1e-2 * std::pow(0.998, i));
  BOOST_TEST(t.p[0] == 0.3, tt::tolerance(1e-3));
  BOOST_TEST(t.p[1] == -0.7, tt::tolerance(1e-3));
}

BOOST_AUTO_TEST_CASE(the_learning_rate_at_its_corners) {
  const OptimiserOptions o{.learning_rate = 0.4, .final_share = 0.05, .warm_up = 0.1};
  BOOST_TEST(learning_rate_at(0.1, o) == 0.4, rounding);
  BOOST_TEST(learning_rate_at(1, o) == 0.4 * 0.05, rounding);
  BOOST_TEST(learning_rate_at(1.5, o) == 0.4 * 0.05, rounding);                // beyond the end
  BOOST_TEST(learning_rate_at(0.55, o) == 0.4 * (0.05 + 0.95 / 2), rounding);  // half the cosine
  BOOST_TEST(learning_rate_at(0, o) == 0.4 * 1e-3 / 0.101, rounding);          // small, but not nothing
  BOOST_TEST(learning_rate_at(0.05, o) == 0.4 * 0.051 / 0.101, rounding);      // half the warm-up
  const OptimiserOptions without{.learning_rate = 0.4, .warm_up = 0};
  BOOST_TEST(learning_rate_at(0, without) == 0.4, rounding);
}

BOOST_AUTO_TEST_CASE(the_learning_rate_rises_then_falls_without_jumps) {
  const OptimiserOptions o;
  constexpr int steps = 10'000;
  double last = learning_rate_at(0, o);
  for (int i = 1; i <= steps; ++i) {
    const double progress = static_cast<double>(i) / steps, now = learning_rate_at(progress, o);
    BOOST_TEST_REQUIRE((progress <= o.warm_up ? now > last : now <= last));
    // The steepest place is the warm-up: the whole rate in `warm_up`.
    BOOST_TEST_REQUIRE(std::abs(now - last) <= 1.01 * o.learning_rate / (o.warm_up * steps));
    last = now;
  }
}

// More parameters than a block, a number that is no multiple of anything.
BOOST_AUTO_TEST_CASE(simd_takes_the_same_steps) {
  constexpr std::size_t size = 2500;
  Random random(3);
  std::vector<float> p(size), gradient(size);
  for (float& value : p) value = static_cast<float>(random.normal());
  std::vector<float> q = p;
  OptimiserState<float> of_p{p}, of_q{q};
  for (int step = 0; step < 5; ++step) {
    for (float& value : gradient) value = static_cast<float>(random.normal());
    optimiser_step<Cpu<>, float>(p, gradient, 0.7, 1e-2, {}, of_p);
    optimiser_step<Reference, float>(q, gradient, 0.7, 1e-2, {}, of_q);
  }
  // Parameters up to 4, half an ULP of which is 2.4e-7, after five steps of 1e-2 whose last bits may differ.
  for (std::size_t i = 0; i < size; ++i) {
    BOOST_TEST_REQUIRE(std::abs(p[i] - q[i]) < 1e-6f);
    BOOST_TEST_REQUIRE(std::abs(of_p.average[i] - of_q.average[i]) < 1e-6f);
  }
}

BOOST_AUTO_TEST_CASE(the_learning_rate_grows_with_the_square_root_of_the_batch) {
  BOOST_TEST(learning_rate_for_batch(1.5e-3, 64) == 1.5e-3);
  BOOST_TEST(learning_rate_for_batch(1.5e-3, 1024) == 6e-3, rounding);
  BOOST_TEST(learning_rate_for_batch(1.5e-3, 16) == 0.75e-3, rounding);
}
