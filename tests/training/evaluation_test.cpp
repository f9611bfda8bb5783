#define BOOST_TEST_MODULE training_evaluation
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/data/dataset_file.hpp>
#include <chemnne/training/evaluation.hpp>

namespace {

/// 40 cases, 3 frames, species X, NO, NO2 and N2O5; NO turns into NO2, X (mass 10) falls by a tenth a frame.
chemnne::Dataset box() {
  chemnne::Dataset data;
  data.species_name = {"X", "NO", "NO2", "N2O5"};
  data.molar_mass = {10, 0, 0, 0};
  data.element_name = {"N", "S"};
  data.atom_count = {0, 0, 1, 0, 1, 0, 2, 0};
  data.environment_name = {"unused", "temperature"};
  data.environment_units = {"1", "K"};
  data.time = {0, 60, 120};
  for (int cell = 0; cell < 40; ++cell) {
    data.scenario.push_back(cell);
    data.environment_value.insert(data.environment_value.end(), {0, 250.0 + cell});
    for (int frame = 0; frame < 3; ++frame)
      for (const double c : {1e8 * (cell + 1) * (1 - 0.1 * frame), 1e6 * (4 - frame), 1e6 * (1 + frame), 1e5})
        data.concentration.push_back(static_cast<float>(c));
  }
  return data;
}

const chemnne::PredictionTask task{{"NO", "X"}, {"X", "NO2", "N2O5"}, {"temperature"}};

/// Knows the box: X and its temperature; NO2 and N2O5 are twice and exactly what they should be.
void nearly_right(std::span<const float> initial, std::span<const float> conditions,
                  std::span<float> prediction) {
  for (std::size_t cell = 0; cell < conditions.size(); ++cell)
    for (std::size_t step = 0; step < 2; ++step) {
      const float cells_x = 1e8f * (conditions[cell] - 249.f);
      BOOST_TEST(std::abs(initial[2 * cell + 1] / cells_x - 1) < 1e-5f);  // inputs and conditions of one cell
      float* const p = &prediction[(cell * 2 + step) * 3];
      p[0] = cells_x * (1 - 0.1f * static_cast<float>(step + 1));
      p[1] = 2e6f * static_cast<float>(step + 2);
      p[2] = 1e5f;
    }
}

}  // namespace

BOOST_AUTO_TEST_CASE(scores_of_a_known_error) {
  const chemnne::Dataset data = box();
  const auto standardisation = chemnne::fit_standardisation(data, task.conditions);
  const auto results =
      chemnne::evaluate(data, standardisation, task, {"nearly", nearly_right}, {}, {.batch = 7});
  const auto outputs = chemnne::select_species(standardisation, task.outputs);
  const auto close = boost::test_tools::tolerance(1e-5);  // floats
  const chemnne::Scores& scores = results.emulator;
  BOOST_TEST(scores.species_rmse_standardised[0] < 1e-5);
  BOOST_TEST(scores.species_rmse_standardised[1] == std::log10(2) / outputs.deviation[1], close);
  BOOST_TEST(scores.rmse_standardised == std::log10(2) / outputs.deviation[1] / std::sqrt(3), close);
  BOOST_TEST(scores.species_agreement[1].normalised_mean_bias == 1, close);
  BOOST_TEST(scores.cell_rmse_standardised.size() == 40u);
  // families over the outputs: NOx = NO2, NOy = NO2 + 2 N2O5: p - c = c(NO2), of 2e6 and 3e6
  BOOST_TEST(results.family == (std::vector<std::string>{"Ox", "NOx", "NOy"}));
  BOOST_TEST(scores.family_agreement[2].normalised_mean_bias == 5e6 / (5e6 + 4e5), close);
  // totals: the mass is X's; N over the outputs was 1e6 + 2e5, ends at 3e6 + 2e5, predicted 6e6 + 2e5; no S
  BOOST_TEST(scores.drift.size() == 2u);
  BOOST_TEST(scores.drift[0].total == "mass");
  BOOST_TEST(scores.drift[0].predicted.mean == 0.2, close);
  BOOST_TEST(scores.drift[0].reference.maximum == 0.2, close);
  BOOST_TEST(scores.drift[0].difference.maximum < 1e-5);
  BOOST_TEST(scores.drift[1].predicted.mean == 5.0 / 1.2, close);
  BOOST_TEST(scores.drift[1].difference.mean == 3.0 / 3.2, close);
}

BOOST_AUTO_TEST_CASE(persistence_keeps_inputs_and_gives_others_their_mean) {
  const chemnne::Dataset data = box();
  const auto standardisation = chemnne::fit_standardisation(data, task.conditions);
  const auto outputs = chemnne::select_species(standardisation, task.outputs);
  std::vector<float> prediction(6);
  chemnne::persistence(task, outputs, 2)(std::vector<float>{5, 7}, {}, prediction);
  const auto mean = [&](std::size_t s) { return static_cast<float>(std::pow(10, outputs.mean[s])); };
  BOOST_TEST(prediction == (std::vector<float>{7, mean(1), mean(2), 7, mean(1), mean(2)}));
  const auto results = chemnne::evaluate(data, standardisation, task, {"nearly", nearly_right});
  BOOST_TEST(results.baselines[0].name == "persistence");
  // X after 1 and 2 steps is 0.9 and 0.8 of its start
  const double x = std::sqrt((std::pow(std::log10(0.9), 2) + std::pow(std::log10(0.8), 2)) / 2);
  BOOST_TEST(results.baselines[0].species_rmse_standardised[0] == x / outputs.deviation[0],
             boost::test_tools::tolerance(1e-5));
}

BOOST_AUTO_TEST_CASE(results_do_not_depend_on_the_batch) {
  const chemnne::Dataset data = box();
  const auto standardisation = chemnne::fit_standardisation(data, task.conditions);
  const std::vector<chemnne::NamedPredictor> baselines{{"twin", nearly_right}};
  const auto one =
      chemnne::evaluate(data, standardisation, task, {"nearly", nearly_right}, baselines, {.batch = 1});
  const auto all =
      chemnne::evaluate(data, standardisation, task, {"nearly", nearly_right}, baselines, {.batch = 99});
  BOOST_TEST(one.emulator.rmse_minmax == all.emulator.rmse_minmax);
  BOOST_TEST(one.emulator.rmse_minmax == one.baselines[1].rmse_minmax);
  BOOST_TEST(one.emulator.cell_rmse_standardised == all.emulator.cell_rmse_standardised);
}

BOOST_AUTO_TEST_CASE(examples_and_parity_points_come_from_the_same_arrays) {
  const chemnne::Dataset data = box();
  const auto standardisation = chemnne::fit_standardisation(data, task.conditions);
  const auto results = chemnne::evaluate(data, standardisation, task, {"nearly", nearly_right}, {},
                                         {.examples = 3, .parity_points = 20});
  BOOST_TEST(results.examples.size() == 3u);
  for (const chemnne::ExampleWindow& example : results.examples) {
    BOOST_TEST(example.conditions[0] == 250.f + static_cast<float>(example.index));
    BOOST_TEST(example.reference[0] == data.row(example.index, 0)[0]);
    BOOST_TEST(example.prediction[1] == 4e6f);
  }
  BOOST_TEST(results.parity.size() == 3u + 3u);
  BOOST_TEST(results.parity[4].name == "NO2");
  BOOST_TEST(results.parity[4].reference.size() == 20u);
  for (std::size_t i = 0; i < 20; ++i)
    BOOST_TEST(results.parity[4].prediction[i] == 2 * results.parity[4].reference[i]);
}

BOOST_AUTO_TEST_CASE(names_that_are_missing_are_errors) {
  const chemnne::Dataset data = box();
  const auto standardisation = chemnne::fit_standardisation(data, task.conditions);
  const auto with = [&](chemnne::PredictionTask other) {
    return chemnne::evaluate(data, standardisation, other, {"nearly", nearly_right});
  };
  BOOST_CHECK_THROW(with({{"O3"}, {"X"}, {}}), chemnne::Error);
  BOOST_CHECK_THROW(with({{"X"}, {"O3"}, {}}), chemnne::Error);
  BOOST_CHECK_THROW(with({{"X"}, {"X"}, {"pressure"}}), chemnne::Error);
}

/// Persistence on the ARCA windows as an independent program (NumPy) computed it: ../shared/data/README.md.
BOOST_AUTO_TEST_CASE(persistence_on_arca_is_the_published_one) {
  const std::string folder = CHEMNNE_SHARED_DIRECTORY "/data/";
  if (!std::filesystem::exists(folder + "arca_hyde_train.nc")) {
    std::puts("skipped: the shared ARCA data are not here");
    return;
  }
  const std::vector<std::string> none;
  const auto standardisation =
      chemnne::fit_standardisation(chemnne::read_dataset(folder + "arca_hyde_train.nc"), none);
  const auto data = chemnne::read_dataset(folder + "arca_hyde_validation.nc");
  const std::vector<std::string> inputs(data.species_name.begin(), data.species_name.begin() + 49);
  const auto check = [&](const std::vector<std::string>& outputs, double standardised, double minmax) {
    const chemnne::PredictionTask known{inputs, outputs, none};
    const auto selected = chemnne::select_species(standardisation, outputs);
    const chemnne::CellSource source(data, known);
    chemnne::ScoreKeeper keeper("persistence", selected, source.steps(), {}, {});
    std::vector<std::size_t> cases(data.cases());
    std::iota(cases.begin(), cases.end(), std::size_t{0});
    source.predict(
        cases, 64, chemnne::persistence(known, selected, source.steps()),
        [&](std::size_t, auto, auto reference, auto prediction) { keeper.add(reference, prediction); });
    // printed with three digits, computed there in single precision
    BOOST_TEST(keeper.scores().rmse_standardised == standardised, boost::test_tools::tolerance(0.003));
    BOOST_TEST(keeper.scores().rmse_minmax == minmax, boost::test_tools::tolerance(0.004));
  };
  check(inputs, 0.160, 0.0295);            // task 1
  check(data.species_name, 0.947, 0.189);  // task 3: 351 outputs that are no inputs
}
