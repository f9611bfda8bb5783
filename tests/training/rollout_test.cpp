#define BOOST_TEST_MODULE training_rollout
#include <algorithm>
#include <cmath>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/training/rollout.hpp>

namespace {

/// Two species, one condition; deviations 1 and 2 decades.
chemnne::Standardisation two_species() {
  chemnne::Standardisation standardisation;
  standardisation.species = {"A", "B"};
  standardisation.floor = {1e3, 1e3};
  standardisation.mean = {0, 0};
  standardisation.deviation = {1, 2};
  standardisation.minimum = {0, 0};
  standardisation.maximum = {10, 20};
  standardisation.condition_name = {"factor"};
  return standardisation;
}

/// Multiplies A by the condition and keeps B.
void multiply(std::span<const float> initial, std::span<const float> conditions,
              std::span<float> prediction) {
  for (std::size_t i = 0; i < initial.size(); ++i)
    prediction[i] = initial[i] * (i % 2 == 0 ? conditions[i / 2] : 1.f);
}

/// Two cases, three hours, each hour and case with its own factor; the reference is the exact chain.
chemnne::RolloutCases worked_cases() {
  return {.hours = 3,
          .reference = {1e4f, 1e5f, 1e5f, 1e5f, 1e7f, 1e5f, 1e8f, 1e5f, 1e6f, 1e7f, 2e6f, 1e7f, 6e6f, 1e7f,
                        24e6f, 1e7f},
          .conditions = {10, 100, 10, 2, 3, 4}};
}

}  // namespace

BOOST_AUTO_TEST_CASE(states_are_fed_back_under_the_conditions_of_each_hour) {
  const auto results = chemnne::roll_out(worked_cases(), two_species(), multiply);
  BOOST_TEST(results.prediction == worked_cases().reference);
  BOOST_TEST(results.mean_rmse_standardised == 0);
  BOOST_TEST(results.cases == 2u);
}

BOOST_AUTO_TEST_CASE(air_is_diluted_and_fed_before_each_hour) {
  chemnne::RolloutCases cases = worked_cases();
  cases.dilution = {1, 0.5f, 1, 1, 1, 0.25f};
  cases.source = {0, 1, 0, 0, 5e6f, 0, 0, 0, 0, 0, 0, 2};
  const auto results = chemnne::roll_out(cases, two_species(), multiply);
  // Case 0, A: 1e4 * 10, (1e5 / 2) * 100, (5e6 + 5e6) * 10; B: 1e5 + 1, halved, kept.
  const std::vector<float> first(results.prediction.begin(), results.prediction.begin() + 8);
  BOOST_TEST((first == std::vector<float>{1e4f, 1e5f, 1e5f, 100001.f, 5e6f, 50000.5f, 1e8f, 50000.5f}));
  BOOST_TEST(results.prediction[14] == 6e6f / 4 * 4);
  BOOST_TEST(results.prediction[15] == 1e7f / 4 + 2);
  cases.source.pop_back();
  BOOST_CHECK_THROW(chemnne::roll_out(cases, two_species(), multiply), chemnne::Error);
}

BOOST_AUTO_TEST_CASE(single_steps_start_from_the_truth_and_show_what_adds_up) {
  // A step that is 1 % too high in A from the truth; fed back it grows to 3 %.
  const auto high = [](std::span<const float> initial, std::span<const float> conditions,
                       std::span<float> prediction) {
    multiply(initial, conditions, prediction);
    for (std::size_t i = 0; i < prediction.size(); i += 2) prediction[i] *= 1.01f;
  };
  chemnne::RolloutCases cases = worked_cases();
  const auto results = chemnne::roll_out(cases, two_species(), high);
  const auto rounding = boost::test_tools::tolerance(1e-5);
  BOOST_TEST(results.one_step_rmse_standardised == std::log10(1.01) / std::sqrt(2.0), rounding);
  for (const std::size_t run : {0u, 1u}) {
    BOOST_TEST(results.one_step_bias[run * 2] == 0.01, rounding);
    BOOST_TEST(results.one_step_bias[run * 2 + 1] == 0);
    BOOST_TEST(results.bias[run * 2 + 1] == 0);
  }
  // 1e5, 1e7, 1e8: 1 %, 2.01 %, 3.0301 %.
  BOOST_TEST(results.bias[0] == (1e3 + 0.0201e7 + 0.030301e8) / (1e5 + 1e7 + 1e8), rounding);
  const chemnne::RunBias of_a = results.bias_of(results.bias, 0);
  BOOST_TEST(of_a.of_run[0] == 100 * results.bias[0]);
  BOOST_TEST(of_a.largest_magnitude == std::max(of_a.of_run[0], of_a.of_run[1]));
  BOOST_TEST(of_a.mean_magnitude == (of_a.of_run[0] + of_a.of_run[1]) / 2, rounding);
}

BOOST_AUTO_TEST_CASE(scores_of_states_fed_back_are_ranked_with_the_errors_of_what_comes_out) {
  // A step whose error grows with the condition, and a score that is the condition, or less the condition.
  const auto wrong = [](std::span<const float> initial, std::span<const float> conditions,
                        std::span<float> prediction) {
    multiply(initial, conditions, prediction);
    for (std::size_t i = 1; i < prediction.size(); i += 2) prediction[i] *= 1 + conditions[i / 2];
  };
  chemnne::RolloutCases cases = worked_cases();
  cases.hours = 1;
  cases.reference = {1e4f, 1e5f, 1e5f, 1e5f, 1e6f, 1e7f, 2e6f, 1e7f, 1e4f, 1e5f, 3e4f, 1e5f};
  cases.conditions = {10, 2, 3};
  for (const double sign : {1.0, -1.0}) {
    const auto score = [sign](std::span<const float>, std::span<const float> conditions,
                              std::span<double> scores) {
      for (std::size_t i = 0; i < scores.size(); ++i) scores[i] = sign * static_cast<double>(conditions[i]);
    };
    BOOST_TEST(chemnne::roll_out(cases, two_species(), wrong, {}, score).score_rank_correlation == sign,
               boost::test_tools::tolerance(1e-12));
  }
  BOOST_TEST(std::isnan(chemnne::roll_out(cases, two_species(), wrong).score_rank_correlation));
}

BOOST_AUTO_TEST_CASE(single_steps_are_diluted_and_fed_as_those_fed_back) {
  chemnne::RolloutCases cases = worked_cases();
  // Twice as much that is halved, and a source of B that the reference's course asks for.
  cases.dilution.assign(6, 0.5f);
  for (std::size_t at = 0; at < 6; ++at)
    for (const std::size_t s : {0u, 1u})
      cases.source.push_back(0.5f * cases.reference[(at / 3 * 4 + at % 3) * 2 + s]);
  const auto results = chemnne::roll_out(cases, two_species(), multiply);
  BOOST_TEST(results.one_step_rmse_standardised == 0);
  BOOST_TEST(results.mean_rmse_standardised == 0);
}

BOOST_AUTO_TEST_CASE(long_runs_become_cases_of_an_emulator_s_species) {
  const chemnne::LongRuns runs{.cases = 1,
                               .hours = 2,
                               .species_name = {"X", "B", "A"},
                               .molar_mass = {1, 2, 3},
                               .environment_name = {"other", "factor"},
                               .concentration = {1, 2, 3, 4, 5, 6, 7, 8, 9},
                               .environment_value = {10, 11, 12, 13},
                               .dilution = {0.5, 0.25},
                               .source = {20, 21, 22, 23, 24, 25}};
  const auto cases = chemnne::rollout_cases(runs, {"A", "B"}, {"factor"}, 1);
  BOOST_TEST((cases.reference == std::vector<float>{3, 2, 6, 5}));
  BOOST_TEST((cases.conditions == std::vector<float>{11}));
  BOOST_TEST((cases.dilution == std::vector<float>{0.5f}));
  BOOST_TEST((cases.source == std::vector<float>{22, 21}));
  BOOST_CHECK_THROW(chemnne::rollout_cases(runs, {"C"}, {"factor"}, 1), chemnne::Error);
}

BOOST_AUTO_TEST_CASE(errors_by_hour_worked_by_hand) {
  // The step forgets one decade of A each hour in case 1 only: 1, 2, 3 decades after 1, 2, 3 hours.
  const auto forgetful = [](auto initial, auto conditions, auto prediction) {
    multiply(initial, conditions, prediction);
    prediction[0] /= 10;
  };
  const std::vector<double> molar_mass{1, 0};
  const auto results = chemnne::roll_out(worked_cases(), two_species(), forgetful, molar_mass);
  const auto close = boost::test_tools::tolerance(1e-6);  // floats
  for (std::size_t hour = 0; hour < 3; ++hour) {
    const double decades = static_cast<double>(hour + 1);
    BOOST_TEST(results.rmse_standardised[hour] == decades / 2, close);  // 4 numbers, one of them wrong
    BOOST_TEST(results.rmse_minmax[hour] == decades / 20, close);
    BOOST_TEST(results.mass_difference[hour] == (1 - std::pow(10, -decades)) / 2, close);
  }
  BOOST_TEST(results.mean_rmse_standardised == std::sqrt((1 + 4 + 9) / 3.0) / 2, close);
  BOOST_TEST(results.persistence_rmse[0] == std::sqrt((1 + std::pow(std::log10(2), 2)) / 4), close);
}

BOOST_AUTO_TEST_CASE(a_hosts_step_is_a_predictor_of_its_first_outputs) {
  using chemnne::Columns;
  // Two given species and a third that is predicted; the second of the cells is kept.
  const auto step = [](Columns<const double> before, Columns<const double> weather, double seconds,
                       Columns<double> after, const chemnne::StepReport&) {
    for (std::size_t cell = 0; cell < before.cells; ++cell)
      for (std::size_t i = 0; i < (cell == 1 ? 2u : 3u); ++i)
        after(cell, i) =
            cell == 1 ? before(cell, i) : weather(cell, 0) * (i < 2 ? before(cell, i) : 1e300) + seconds;
  };
  std::vector<float> prediction(4);
  chemnne::host_step(step, 2, 3, 1, 60)(std::vector<float>{1, 2, 3, 4}, std::vector<float>{10, 20},
                                        prediction);
  BOOST_TEST(prediction == (std::vector<float>{70, 80, 3, 4}));
}

BOOST_AUTO_TEST_CASE(other_shapes_are_refused) {
  chemnne::RolloutCases cases = worked_cases();
  cases.conditions.pop_back();
  BOOST_CHECK_THROW(chemnne::roll_out(cases, two_species(), multiply), chemnne::Error);
  BOOST_CHECK_THROW(chemnne::roll_out({}, two_species(), multiply), chemnne::Error);
}
