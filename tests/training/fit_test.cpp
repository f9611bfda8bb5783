#define BOOST_TEST_MODULE training_fit
#include <cmath>
#include <string>
#include <vector>

#include "../data/data_test_tools.hpp"
#include "relaxation.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/emulator.hpp>
#include <chemnne/training/fit.hpp>

using namespace chemnne;
using test::contains;

namespace {

using Model = ChemNNE<test::Relaxation>;

/// Trains for two epochs on windows in which A and B share the element X.
struct Fitted {
  test::RelaxationSets sets;
  test::TemporaryFolder folder;
  std::string path = folder.file("weights.safetensors");

  std::vector<ConservedElement> conserved() const {
    return conserved_elements(sets.train, sets.data.element_name, budget_coefficients(sets.data, 3), 3, 3);
  }
  FitResult train(bool element_exact, std::vector<ConservedElement> elements) const {
    TrainingOptions options{.epochs = 2};
    options.element_exact = element_exact;
    return fit<Model, DefaultBackend>({.train = sets.train,
                                       .validation = sets.validation,
                                       .standardisation = sets.standardisation,
                                       .budget_coefficient = budget_coefficients(sets.data, 3),
                                       .budgets_used = 2,
                                       .conserved = std::move(elements),
                                       .options = options,
                                       .initial = {},
                                       .out = path,
                                       .description = {}});
  }

  /// The largest relative change of X = A + B over all frames that the trained network predicts.
  double largest_drift() const {
    const TrainedNetwork<Model, DefaultBackend> network(path);
    std::vector<float> initial, conditions, prediction(60 * 12 * 3);
    for (std::size_t window = 0; window < 60; ++window) {
      const auto row = sets.data.row(window, 0);
      initial.insert(initial.end(), row.begin(), row.end());
      for (const double value : sets.data.environment(window))
        conditions.push_back(static_cast<float>(value));
    }
    network.predictor(1)(initial, conditions, prediction);
    double worst = 0;
    for (std::size_t at = 0; at < 60 * 12; ++at) {
      const auto sum = [](const float* c) { return static_cast<double>(c[0]) + static_cast<double>(c[1]); };
      const double before = sum(&initial[at / 12 * 3]);
      worst = std::max(worst, std::abs(sum(&prediction[at * 3]) / before - 1));
    }
    return worst;
  }

  EmulatorDescription description() const { return description_of(read_safetensors(path), path); }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(weights_that_name_elements_conserve_at_every_frame, Fitted) {
  train(false, {});
  BOOST_TEST(largest_drift() > 1e-3);  // two epochs do not learn a budget
  const FitResult plain = train(false, conserved());
  BOOST_TEST(largest_drift() < 1.2e-7);  // in use, whatever the training: an ULP of float for A and for B
  BOOST_TEST(!description().element_exact);
  const FitResult exact = train(true, conserved());
  BOOST_TEST(largest_drift() < 1.2e-7);
  BOOST_TEST(description().element_exact);
  BOOST_TEST(contains(description().training, "element-exact"));
  // Validation sees the projection: another error of the same size, of so short a training.
  BOOST_TEST(exact.validation_rmse != plain.validation_rmse);
  BOOST_TEST(exact.validation_rmse < 1.5 * plain.validation_rmse);
  for (const auto& [name, value] : description().metrics)
    if (name == "validation_rmse_standardised") BOOST_TEST(value == exact.validation_rmse);
}

BOOST_FIXTURE_TEST_CASE(the_file_names_the_elements_that_the_data_conserve, Fitted) {
  train(false, conserved());
  BOOST_TEST(description().elements == std::vector<std::string>{"X"}, boost::test_tools::per_element());
  BOOST_TEST((description().composition == std::vector<std::vector<double>>{{1, 1, 0}}));
  train(false, {});
  BOOST_TEST(description().elements.empty());
}

BOOST_FIXTURE_TEST_CASE(without_a_conserved_element_exact_training_is_refused, Fitted) {
  const std::string message = test::message_of([&] { train(true, {}); });
  BOOST_TEST(contains(message, "element-exact training: expected an element with carriers"), message);
  BOOST_TEST(contains(message, "found none"), message);
}

namespace {

/// The chemistry of RelaxationSets for a mechanism that was edited: another order, one species more.
struct Edited : test::Relaxation {
  static constexpr std::size_t inputs = 4, outputs = 4;
};

Dataset edited_windows(std::size_t cases, std::uint64_t seed) {
  Dataset data = test::relaxation_windows(cases, seed);
  const std::vector<float> before = data.concentration;
  data.species_name = {"C", "New", "A", "B"};
  data.molar_mass = {20, 5, 10, 10};
  data.task = {1, 1, 1, 1};
  data.atom_count = {0, 0, 1, 1};
  data.concentration.clear();
  for (std::size_t row = 0; row < before.size(); row += 3) {
    const float *const x = before.data() + row, start = before[row / 39 * 39 + 1];
    const double age = data.time[row / 3 % 13];
    const float decayed = start * static_cast<float>(std::exp(-1e-4 * age));
    data.concentration.insert(data.concentration.end(), {x[2], decayed, x[0], x[1]});
  }
  return data;
}

}  // namespace

BOOST_FIXTURE_TEST_CASE(weights_of_the_mechanism_before_an_edit_are_ahead_of_fresh_ones, Fitted) {
  TrainingOptions options{.epochs = 30};
  fit<Model, DefaultBackend>({.train = sets.train,
                              .validation = sets.validation,
                              .standardisation = sets.standardisation,
                              .budget_coefficient = budget_coefficients(sets.data, 3),
                              .budgets_used = 2,
                              .conserved = {},
                              .options = options,
                              .initial = {},
                              .out = path,
                              .description = {}});
  const Dataset data = edited_windows(200, 5);
  const Standardisation standardisation = fit_standardisation(data, data.environment_name);
  const TrainingSet train_set(data, standardisation), validation(edited_windows(60, 6), standardisation);
  const auto rmse = [&](const std::string& initial, std::size_t epochs) {
    options.epochs = epochs;
    return fit<ChemNNE<Edited>, DefaultBackend>({.train = train_set,
                                                 .validation = validation,
                                                 .standardisation = standardisation,
                                                 .budget_coefficient = budget_coefficients(data, 4),
                                                 .budgets_used = 2,
                                                 .conserved = {},
                                                 .options = options,
                                                 .initial = initial,
                                                 .out = folder.file("edited.safetensors"),
                                                 .description = {}})
        .validation_rmse;
  };
  BOOST_TEST(rmse(path, 2) < 0.5 * rmse({}, 2));
  BOOST_TEST(rmse(path, 10) < rmse({}, 10));
}
