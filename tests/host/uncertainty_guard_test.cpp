#define BOOST_TEST_MODULE host_uncertainty_guard
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "../data/data_test_tools.hpp"
#include "../training/relaxation.hpp"
#include "small_emulator.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/emulator.hpp>
#include <chemnne/model/per_time_mlp.hpp>
#include <chemnne/training/calibration.hpp>

using namespace chemnne;
using test::contains;

namespace {

using C = test::Small<>;
using Model = ChemNNE<C>;

/// A weights file, calibrated on windows of a small chemistry, and cells like those windows.
struct Calibrated {
  test::TemporaryFolder folder;
  std::string path = folder.file("weights.safetensors"), bare = folder.file("bare.safetensors");
  Uncertainty uncertainty;
  WindowErrors windows;
  std::size_t cells = 0;
  std::vector<double> state, weather;
  std::vector<double> after, half_width, score;
  StepStatus status;

  Calibrated() {
    test::write_small<C>(path, test::small_parameters<C>());
    test::write_small<C>(bare, test::small_parameters<C>());
    const TrainedNetwork<Model, DefaultBackend> network(path);
    const Calibrator<Model, DefaultBackend> calibrator(network);
    const Dataset train = test::relaxation_windows(400, 1), held_out = test::relaxation_windows(203, 2);
    uncertainty =
        calibrator.calibrate(network_inputs<C>(TrainingSet(train, network.standardisation())), held_out);
    write_uncertainty(path, uncertainty);
    windows = calibrator.errors(uncertainty, held_out);
    cells = held_out.cases();
    for (std::size_t cell = 0; cell < cells; ++cell)
      for (std::size_t i = 0; i < 3; ++i) state.push_back(static_cast<double>(held_out.row(cell, 0)[i]));
    weather = held_out.environment_value;
  }

  /// A step of all cells in calls of `part`.
  void advance(const std::string& file, const EmulatorOptions& options = {}, double seconds = 3600,
               std::size_t part = 1000) {
    Emulator<Model, DefaultBackend> emulator(file, options);
    after.assign(cells * 3, -1);
    half_width.assign(cells * 3, -1);
    score.assign(cells, -1);
    for (std::size_t first = 0; first < cells; first += part) {
      const std::size_t count = std::min(part, cells - first);
      const auto view = [&](auto& values, std::size_t items) {
        return Columns<double>::cell_major(values.data() + first * items, count, items);
      };
      status = emulator.advance(view(state, 3), view(weather, 2), seconds, view(after, 3),
                                {view(half_width, 3), view(score, 1)});
    }
  }
};

bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

}  // namespace

BOOST_FIXTURE_TEST_CASE(scores_and_widths_of_a_step_are_those_of_the_calibration, Calibrated) {
  for (const double seconds : {3600.0, 1000.0}) {
    advance(path, {}, seconds);
    BOOST_TEST(status.valid_step);
    for (std::size_t cell = 0; cell < cells; ++cell) {
      // Both in float; log10 of a state read as double or float.
      BOOST_TEST_REQUIRE(std::abs(score[cell] * static_cast<double>(uncertainty.threshold) /
                                      static_cast<double>(windows.score[cell]) -
                                  1) < 1e-4);
      const double growth = uncertainty.growth(windows.score[cell]);
      for (std::size_t s = 0; s < 3; ++s)
        BOOST_TEST_REQUIRE(std::abs(half_width[3 * cell + s] /
                                        (growth * static_cast<double>(uncertainty.half_width[2 * 3 + s])) -
                                    1) < 1e-3);
    }
    const auto above =
        static_cast<std::size_t>(std::count_if(score.begin(), score.end(), [](double u) { return u > 1; }));
    BOOST_TEST(status.uncertain == above);
    BOOST_TEST(above <= 3u);  // of 203, one in a hundred by the calibration
  }
}

BOOST_FIXTURE_TEST_CASE(cells_far_from_the_training_are_counted, Calibrated) {
  for (std::size_t cell = 0; cell < 20; ++cell)
    for (std::size_t i = 0; i < 3; ++i) state[3 * cell + i] *= i == cell % 3 ? 1e-5 : 1e8;
  advance(path);
  BOOST_TEST(status.uncertain >= 20u);
  BOOST_TEST(!status.clean());
  BOOST_TEST(status.left_unchanged == 0u);
  for (std::size_t cell = 0; cell < 20; ++cell) BOOST_TEST(score[cell] > 1);
}

BOOST_FIXTURE_TEST_CASE(a_file_without_calibration_says_that_it_knows_nothing, Calibrated) {
  advance(path);
  const std::vector<double> expected = after;
  advance(bare);
  BOOST_TEST(same_bits(after, expected));
  BOOST_TEST((!Emulator<Model, DefaultBackend>(bare).calibrated()));
  BOOST_TEST((Emulator<Model, DefaultBackend>(path).calibrated()));
  BOOST_TEST(status.uncertain == 0u);
  BOOST_TEST(std::all_of(half_width.begin(), half_width.end(), [](double w) { return std::isinf(w); }));
  BOOST_TEST(std::all_of(score.begin(), score.end(), [](double u) { return std::isinf(u); }));
}

BOOST_FIXTURE_TEST_CASE(threads_and_the_split_over_calls_change_no_bit, Calibrated) {
  for (const double seconds : {3600.0, 60.0}) {
    advance(path, {}, seconds);
    const std::vector<double> widths = half_width, scores = score;
    for (const std::size_t threads : {1u, 2u, 5u})
      for (const std::size_t part : {1u, 16u, 100u}) {
        advance(path, {.threads = threads}, seconds, part);
        BOOST_TEST(same_bits(half_width, widths), threads << " threads, " << part << " cells a call");
        BOOST_TEST(same_bits(score, scores), threads << " threads, " << part << " cells a call");
      }
  }
}

BOOST_FIXTURE_TEST_CASE(nothing_is_known_of_cells_left_unchanged, Calibrated) {
  state[3 * 4 + 1] = std::numeric_limits<double>::quiet_NaN();
  advance(path);
  BOOST_TEST(status.left_unchanged == 1u);
  for (std::size_t s = 0; s < 3; ++s) BOOST_TEST(std::isinf(half_width[3 * 4 + s]));
  BOOST_TEST(std::isinf(score[4]));
  BOOST_TEST(std::isfinite(half_width[3 * 5]));
}

// A score that float cannot hold, of a cell whose step is finite, says nothing of it; it is no number of a
// report.
BOOST_FIXTURE_TEST_CASE(nothing_is_known_of_scores_that_are_not_finite, Calibrated) {
  for (const float exponent : {0.0f, 1.5f}) {
    Uncertainty other = uncertainty;
    other.exponent = exponent;
    other.half_width.assign(other.half_width.size(), 0);
    write_uncertainty(path, other);
    const UncertaintyGuard<Model, DefaultBackend> guard(read_safetensors(path), path, 0.9);
    std::vector<float> scores{std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
                              1};
    BOOST_TEST(guard.meaning().uncertain(scores[0]));
    BOOST_TEST(guard.meaning().uncertain(scores[1]));
    const bool good[] = {true, true, true};
    std::vector<double> widths(9), reported(3);
    guard.write(0, 3, scores.data(), good,
                {Columns<double>::cell_major(widths.data(), 3, 3),
                 Columns<double>::cell_major(reported.data(), 3, 1)});
    BOOST_TEST(std::isinf(reported[0]));
    BOOST_TEST(std::isinf(reported[1]));
    BOOST_TEST(std::isfinite(reported[2]));
    for (const double width : widths) BOOST_TEST(!std::isnan(width));
    BOOST_TEST(std::isinf(widths[0]));
    BOOST_TEST(widths[6] == 0);
  }
}

BOOST_FIXTURE_TEST_CASE(the_host_chooses_the_coverage_among_those_of_the_file, Calibrated) {
  advance(path);
  const std::vector<double> ninety = half_width;
  advance(path, {.coverage = 0.5});
  for (std::size_t i = 0; i < half_width.size(); ++i) BOOST_TEST_REQUIRE(half_width[i] < ninety[i]);
  const std::string message = test::message_of([&] { advance(path, {.coverage = 0.7}); });
  BOOST_TEST(contains(message, "coverage"), message);
  BOOST_TEST(contains(message, "0.8"), message);
  BOOST_CHECK_NO_THROW(advance(bare, {.coverage = 0.7}));
}

BOOST_FIXTURE_TEST_CASE(columns_may_lie_in_any_order_and_must_fit, Calibrated) {
  advance(path);
  Emulator<Model, DefaultBackend> emulator(path);
  const auto boxes = Columns<double>::cell_major(state.data(), cells, 3);
  const auto conditions = Columns<double>::cell_major(weather.data(), cells, 2);
  std::vector<double> result(cells * 3), widths(cells * 3, -1);
  const auto to = Columns<double>::cell_major(result.data(), cells, 3);
  BOOST_TEST(emulator
                 .advance(boxes, conditions, 3600, to,
                          {.half_width = Columns<double>::item_major(widths.data(), cells)})
                 .valid_step);
  for (std::size_t cell = 0; cell < cells; ++cell)
    for (std::size_t s = 0; s < 3; ++s)
      BOOST_TEST_REQUIRE(widths[s * cells + cell] == half_width[3 * cell + s]);
  BOOST_TEST(!emulator
                  .advance(boxes, conditions, 3600, to,
                           {.half_width = Columns<double>::item_major(widths.data(), cells - 1)})
                  .valid_step);
}

BOOST_AUTO_TEST_CASE(a_model_without_a_code_runs_without_uncertainty) {
  using Mlp = PerTimeMlp<C>;
  using Network = Deployed<C, Mlp::Trajectory>;
  static_assert(has_code<Model> && !has_code<Mlp>);
  const test::TemporaryFolder folder;
  std::vector<float> parameters(Network::parameters);
  Random random(1);
  Network::initialise(std::span<float, Network::parameters>(parameters.data(), Network::parameters), random);
  EmulatorDescription description = test::small_description<C>();
  description.architecture = Mlp::architecture;
  write_weights<Network>(folder.file("mlp"),
                         std::span<const float, Network::parameters>(parameters.data(), Network::parameters),
                         description);
  Emulator<Mlp, DefaultBackend> emulator(folder.file("mlp"));
  std::vector<double> state{1e3, 2e3, 3e3}, weather{1, 0}, widths(3);
  const auto box = Columns<double>::cell_major(state.data(), 1, 3);
  const StepStatus status =
      emulator.advance(box, Columns<double>::cell_major(weather.data(), 1, 2), 3600, box,
                       {.half_width = Columns<double>::cell_major(widths.data(), 1, 3)});
  BOOST_TEST(status.valid_step);
  BOOST_TEST(status.uncertain == 0u);
  BOOST_TEST(!emulator.calibrated());
  for (const double width : widths) BOOST_TEST(std::isinf(width));
}
