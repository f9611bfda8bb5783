#define BOOST_TEST_MODULE training_calibration
#include <cmath>
#include <limits>
#include <vector>

#include "../data/data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/emulator.hpp>
#include <chemnne/support/random.hpp>
#include <chemnne/training/calibration.hpp>
#include <chemnne/training/interval_results.hpp>

using namespace chemnne;
using test::contains;

namespace {

/// Standard normal, by the sum of twelve uniform numbers.
double normal(Random& random) {
  double sum = -6;
  for (int i = 0; i < 12; ++i) sum += random.uniform();
  return sum;
}

/// Squared distances of values [row][Width] by the backend.
template <class Backend, std::size_t Width>
std::vector<float> distances(const ValueSpread& spread, const std::vector<float>& values) {
  using Distance = SquaredDistance<Backend, Width>;
  const std::size_t count = values.size() / Width;
  std::vector<float> result(count), memory(count * Distance::scratch);
  Buffer<float> constants(Distance::constants);
  Distance::prepare(spread.mean, spread.direction, spread.precision, constants.data());
  Distance::accumulate(constants.data(), 1, {values.data(), count}, {memory.data(), count}, result.data());
  return result;
}

/// Exchangeable windows whose errors grow with the score: error_s = (s + 1) u^1.5 normal / 100.
WindowErrors synthetic(std::size_t count, std::uint64_t seed) {
  WindowErrors windows{3, {}, {}, {}, {}, {0.5, 1, 2}};
  Random random(seed);
  for (std::size_t w = 0; w < count; ++w) {
    const double u = std::exp(random.uniform(-0.7, 1.2));
    double sum = 0;
    for (int s = 0; s < 3; ++s) {
      const double error = 0.01 * (s + 1) * std::pow(u, 1.5) * normal(random);
      windows.error.push_back(error);
      sum += std::pow(error / windows.deviation[static_cast<std::size_t>(s)], 2);
    }
    windows.score.push_back(static_cast<float>(u));
    windows.rmse.push_back(std::sqrt(sum / 3));
    windows.scenario.push_back(static_cast<int>(w / 4));
  }
  return windows;
}

}  // namespace

// Codes +-a_i e_i have the mean 0 and the covariance diag(2 a_i^2 / (2 Width - 1)).
BOOST_AUTO_TEST_CASE(the_distance_is_in_units_of_the_spread) {
  constexpr std::size_t width = 6;
  const std::vector<double> a{1, 4, 2, 0.5, 8, 0.25};
  std::vector<float> codes;
  for (std::size_t i = 0; i < width; ++i)
    for (const double sign : {-1.0, 1.0})
      for (std::size_t j = 0; j < width; ++j) codes.push_back(static_cast<float>(i == j ? sign * a[i] : 0));
  const ValueSpread spread = fit_spread<width>(codes);
  const auto variance = [&](std::size_t i) { return 2 * a[i] * a[i] / 11; };
  const double rest = (variance(0) + variance(3) + variance(5)) / 3;  // 8, 4 and 2 are the three widest

  const std::vector<float> z{1, 2, 3, 4, 5, 6};
  double expected = 0;
  for (std::size_t i = 0; i < width; ++i)
    expected += (static_cast<double>(i) + 1) * (static_cast<double>(i) + 1) /
                (i == 1 || i == 2 || i == 4 ? variance(i) : rest);
  expected /= width;
  // Float: sums of a dozen terms of the size of the result.
  BOOST_TEST(std::abs(static_cast<double>(distances<Reference, width>(spread, z)[0]) / expected - 1) < 1e-5);
  BOOST_TEST(std::abs(static_cast<double>(distances<Cpu<>, width>(spread, z)[0]) / expected - 1) < 1e-5);
}

// The trace of S_K^-1 S is the width, whatever S: a property of the principal components and the mean
// variance.
BOOST_AUTO_TEST_CASE(the_mean_distance_of_the_training_windows_is_one) {
  constexpr std::size_t width = 40, count = 500;
  Random random(3);
  std::vector<float> codes;
  for (std::size_t w = 0; w < count; ++w) {
    const double shared = normal(random);
    for (std::size_t i = 0; i < width; ++i)
      codes.push_back(static_cast<float>(3 + shared * std::sin(static_cast<double>(i)) +
                                         normal(random) / (1.0 + static_cast<double>(i))));
  }
  double sum = 0;
  for (const float d : distances<DefaultBackend, width>(fit_spread<width>(codes), codes))
    sum += static_cast<double>(d);
  BOOST_TEST(std::abs(sum / (count - 1) - 1) < 1e-4);
}

// Codes of rank one and two, exactly and but for rounding: the training windows are at a mean distance of
// less than one (what is left of the width is taken to vary a little), and all that leaves their plane is far
// away.
BOOST_AUTO_TEST_CASE(codes_of_low_rank_are_scored_by_their_own_directions) {
  constexpr std::size_t width = 64, count = 400;
  for (const std::size_t rank : {1u, 2u})
    for (const double offset : {0.0, 100.0}) {  // rounding is of the size of the offset
      Random random(3);
      std::vector<float> codes;
      std::vector<double> along;
      for (std::size_t w = 0; w < count; ++w) {
        const double a = normal(random), b = rank > 1 ? 0.3 * normal(random) : 0;
        along.push_back(a * a + (rank > 1 ? b * b / 0.09 : 0));
        for (std::size_t i = 0; i < width; ++i)
          codes.push_back(
              static_cast<float>(offset + a * std::sin(static_cast<double>(i)) + b * (i % 2 ? 1.0 : -1.0)));
      }
      const ValueSpread spread = fit_spread<width>(codes);
      BOOST_TEST(std::isfinite(spread.precision));
      const std::vector<float> reference = distances<Reference, width>(spread, codes),
                               cpu = distances<Cpu<>, width>(spread, codes);
      double sum = 0;
      for (std::size_t w = 0; w < count; ++w) {
        BOOST_TEST(std::abs(cpu[w] - reference[w]) < 0.02f * reference[w] + 1e-4f);
        // Within what the spread of 400 windows and the fit leave open.
        BOOST_TEST(static_cast<double>(cpu[w]) * width < 1.5 * along[w] + 0.2);
        BOOST_TEST(static_cast<double>(cpu[w]) * width > 0.6 * along[w] - 0.2);
        sum += static_cast<double>(cpu[w]) * width;
      }
      BOOST_TEST(std::abs(sum / count - static_cast<double>(rank)) < 0.1 * static_cast<double>(rank));
      std::vector<float> outside(codes.begin(), codes.begin() + width);
      for (std::size_t i = 0; i < width; i += 3) outside[i] += 1;
      BOOST_TEST((distances<Cpu<>, width>(spread, outside)[0]) >
                 500.0f);  // 22 moved by 1, in 2^16 / 32 of 64
    }
}

// Inputs that never varied in the training but one of them.
BOOST_AUTO_TEST_CASE(inputs_that_were_constant_are_noticed_when_they_move) {
  constexpr std::size_t width = 6;
  Random random(4);
  std::vector<float> inputs;
  for (int w = 0; w < 300; ++w)
    for (std::size_t i = 0; i < width; ++i)
      inputs.push_back(i == 2 ? static_cast<float>(normal(random)) : 0.5f);
  const ValueSpread spread = fit_spread<width>(inputs);
  const auto of = [&](std::size_t place, float value) {
    std::vector<float> x(width, 0.5f);
    x[2] = 0;
    x[place] = value;
    return distances<DefaultBackend, width>(spread, x)[0];
  };
  BOOST_TEST(of(2, 1.0f) < 0.3f);
  BOOST_TEST(of(2, 1.0f) > 0.1f);
  for (const std::size_t place : {0u, 1u, 3u, 4u, 5u}) BOOST_TEST(of(place, 0.6f) > 10.0f);
}

BOOST_AUTO_TEST_CASE(scores_of_zero_leave_a_threshold_and_widths_that_can_be_used) {
  WindowErrors windows = synthetic(200, 1);
  for (float& score : windows.score) score = 0;
  Uncertainty u;
  calibrate_widths(u, windows);
  BOOST_TEST(u.least > 0.0f);
  BOOST_TEST(u.threshold >= u.least);
  for (const float width : u.half_width) BOOST_TEST(std::isfinite(width));
}

// The coverage that a calibration with n windows gives is Beta distributed about the nominal one, variance
// c (1 - c) / (n + 2), and what m other windows show of it is binomial. Four deviations.
BOOST_AUTO_TEST_CASE(exchangeable_windows_are_covered_as_asked_for) {
  constexpr std::size_t n = 800, m = 4000;
  Uncertainty u;
  calibrate_widths(u, synthetic(n, 1));
  BOOST_TEST(std::abs(u.exponent - 1.5f) < 0.1f);
  const IntervalResults results = evaluate_intervals(u, synthetic(m, 2));
  BOOST_TEST(results.level.size() == 4u);
  for (const IntervalLevel& level : results.level) {
    const double scatter = level.nominal * (1 - level.nominal);
    const double bound = 4 * std::sqrt(scatter / (n + 2) + scatter / m);
    for (const double coverage : level.species_coverage)
      BOOST_TEST(std::abs(coverage - level.nominal) < bound, level.nominal << ": " << coverage);
    for (const double coverage : level.quartile_coverage)  // widths follow the score
      BOOST_TEST(std::abs(coverage - level.nominal) < bound + 0.03, level.nominal << ": " << coverage);
    BOOST_TEST(level.species_width[2] > 2 * level.species_width[0]);
  }
  BOOST_TEST(results.rank_correlation > 0.6);
  // One in a hundred, by construction: 99 % of 800 and of 4000 windows.
  BOOST_TEST(std::abs(results.uncertain - 0.005) < 4 * std::sqrt(0.005 * 0.995 * (1.0 / n + 1.0 / m)));
}

BOOST_AUTO_TEST_CASE(too_few_windows_for_a_coverage_make_its_interval_infinite) {
  Uncertainty u;
  calibrate_widths(u, synthetic(10, 1));
  const auto width = [&](std::size_t level) { return static_cast<double>(u.half_width[level * 3]); };
  BOOST_TEST(std::isfinite(width(1)));  // 80 %: rank 9 of 10
  BOOST_TEST(std::isfinite(width(2)));  // 90 %: rank 10 of 10
  BOOST_TEST(std::isinf(width(3)));     // 95 %: rank 11
  BOOST_TEST(std::isfinite(u.threshold));
}

BOOST_AUTO_TEST_CASE(errors_that_do_not_follow_the_score_get_one_width) {
  WindowErrors windows = synthetic(200, 1);
  for (std::size_t w = 0; w < windows.windows(); ++w)
    windows.rmse[w] = 1 / static_cast<double>(windows.score[w]);
  Uncertainty u;
  calibrate_widths(u, windows);
  BOOST_TEST(u.exponent == 0.0f);
  BOOST_TEST(u.growth(0.1f) == u.growth(10.0f));
}

BOOST_AUTO_TEST_CASE(halves_share_no_scenario) {
  const auto [even, odd] = synthetic(100, 1).halves();
  BOOST_TEST(even.windows() + odd.windows() == 100u);
  for (const int scenario : even.scenario) BOOST_TEST(scenario % 2 == 0);
  for (const int scenario : odd.scenario) BOOST_TEST(scenario % 2 == 1);
  BOOST_TEST(odd.at(1, 2) == synthetic(100, 1).at(5, 2));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_calibrated_is_an_error) {
  Uncertainty u;
  WindowErrors windows = synthetic(20, 1);
  BOOST_TEST(contains(test::message_of([&] { calibrate_widths(u, {}); }), "held-out windows"));
  BOOST_TEST(contains(test::message_of([&] { calibrate_widths(u, windows, {.coverage = {1.0}}); }),
                      "between 0 and 1, found 1"));
  windows.rmse[7] = std::numeric_limits<double>::quiet_NaN();
  BOOST_TEST(contains(test::message_of([&] { calibrate_widths(u, windows); }), "window 7"));
  BOOST_TEST(contains(test::message_of([] { fit_spread<4>(std::vector<float>(4)); }), "two training"));
  BOOST_TEST(contains(test::message_of([] { fit_spread<4>(std::vector<float>(40, 1)); }), "vary"));
  std::vector<float> tiny(40, 1e-30f);
  tiny[3] = 2e-30f;  // an inverse variance beyond float
  BOOST_TEST(contains(test::message_of([&] { fit_spread<4>(tiny); }), "vary"));
  tiny[3] = std::numeric_limits<float>::infinity();
  BOOST_TEST(contains(test::message_of([&] { fit_spread<4>(tiny); }), "vary"));
}
