#define BOOST_TEST_MODULE training_permutation_importance
#include <cmath>
#include <vector>

#include "relaxation.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/training/permutation_importance.hpp>

using namespace chemnne;

namespace {

constexpr std::size_t steps = test::Relaxation::frames - 1;

struct Windows {
  Dataset data = test::relaxation_windows(50, 1);
  Standardisation standardisation = fit_standardisation(data, data.environment_name);
  PredictionTask task{data.species_name, data.species_name, data.environment_name};

  PermutationImportance importance(const Predictor& predictor, const PermutationOptions& options = {}) const {
    return permutation_importance(data, standardisation, task, predictor, options);
  }
};

/// The closed solution of the windows: A from A and both conditions, B from A and B, C from C and the sun.
void exact(std::span<const float> initial, std::span<const float> conditions, std::span<float> prediction) {
  for (std::size_t cell = 0; cell < initial.size() / 3; ++cell) {
    const auto start = [&](std::size_t s) { return static_cast<double>(initial[cell * 3 + s]); };
    const double temperature = static_cast<double>(conditions[2 * cell]),
                 sun = static_cast<double>(conditions[2 * cell + 1]);
    const double rate = 4e-4 * std::exp((temperature - 290) / 20) * (0.2 + sun);
    for (std::size_t step = 0; step < steps; ++step) {
      const double t = 300.0 * static_cast<double>(step + 1), lost = start(0) * -std::expm1(-rate * t);
      float* const row = prediction.data() + (cell * steps + step) * 3;
      row[0] = static_cast<float>(start(0) - lost);
      row[1] = static_cast<float>(start(1) + lost);
      row[2] = static_cast<float>(start(2) * std::exp(-2e-4 * sun * t));
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_CASE(an_exact_predictor_shows_what_its_outputs_depend_on) {
  const PermutationImportance found = Windows().importance(exact);
  BOOST_TEST(found.windows == 50u);
  BOOST_TEST(found.input.size() == 5u);
  BOOST_TEST(found.rmse < 1e-5);
  // A depends on A, temperature, sun; B on A, B, temperature, sun; C on C and sun.
  const bool depends[5][3] = {{true, true, false},
                              {false, true, false},
                              {false, false, true},
                              {true, true, false},
                              {true, true, true}};
  for (std::size_t input = 0; input < 5; ++input)
    for (std::size_t output = 0; output < 3; ++output) {
      const double increase = found.increase_by_output[input * 3 + output];
      BOOST_TEST((depends[input][output] ? increase > 0.005 : increase == 0),
                 input << " " << output << " " << increase);
    }
  // C moves nothing but itself; A moves B too.
  BOOST_TEST(found.increase[2] > 0.1);
  BOOST_TEST(found.increase_of_others[2] == 0);
  BOOST_TEST(found.increase_of_others[0] > 0.1);
  BOOST_TEST(found.increase_of_others[4] == found.increase[4]);  // a condition is no output
}

BOOST_AUTO_TEST_CASE(batches_do_not_change_it_and_seeds_do) {
  const Windows windows;
  const PermutationImportance one = windows.importance(exact),
                              parts = windows.importance(exact, {.windows = 50, .batch = 7, .seed = 1}),
                              other = windows.importance(exact, {.seed = 2});
  for (std::size_t k = 0; k < 5; ++k)
    BOOST_TEST(one.increase[k] == parts.increase[k], boost::test_tools::tolerance(1e-9));
  BOOST_TEST((one.increase != other.increase));
  BOOST_TEST(windows.importance(exact, {.windows = 20}).windows == 20u);
}

BOOST_AUTO_TEST_CASE(a_permutation_keeps_the_column_and_the_others) {
  std::vector<float> values;
  for (int i = 0; i < 40; ++i) values.push_back(static_cast<float>(i));
  const std::vector<float> after = detail::permute_column(values, 2, 1, Random(3, 1));
  std::vector<float> column;
  for (std::size_t cell = 0; cell < 20; ++cell) {
    BOOST_TEST(after[2 * cell] == values[2 * cell]);
    column.push_back(after[2 * cell + 1]);
  }
  BOOST_TEST(!std::is_sorted(column.begin(), column.end()));
  std::sort(column.begin(), column.end());
  for (std::size_t cell = 0; cell < 20; ++cell) BOOST_TEST(column[cell] == values[2 * cell + 1]);
}

BOOST_AUTO_TEST_CASE(no_windows_are_an_error) {
  Windows windows;
  BOOST_CHECK_THROW(windows.importance(exact, {.windows = 0}), Error);
  windows.data = test::relaxation_windows(0, 1);
  BOOST_CHECK_THROW(windows.importance(exact), Error);
}
