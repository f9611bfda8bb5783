#pragma once
#include <cmath>
#include <vector>

#include <chemnne/data/dataset.hpp>
#include <chemnne/data/standardisation.hpp>
#include <chemnne/model/configuration.hpp>
#include <chemnne/support/random.hpp>
#include <chemnne/training/trainer.hpp>

namespace test {

/// A model of the size of the chemistry below.
struct Relaxation : chemnne::PaperConfiguration<3, 3, 2> {
  static constexpr std::size_t frames = 13, nodes = 4, bands = 2, embedding_width = 8, encoder_width = 32,
                               encoder_layers = 2, width = 16, heads = 2, modes = 2, blocks = 1,
                               decoder_width = 32;
};

/// Windows of A -> B with a rate that rises with temperature and sun, and C that the sun destroys: c(t) =
/// c(0) exp(-k t), solved by hand. A and B share an element.
inline chemnne::Dataset relaxation_windows(std::size_t cases, std::uint64_t seed) {
  chemnne::Dataset data;
  data.species_name = {"A", "B", "C"};
  data.molar_mass = {10, 10, 20};
  data.task = {1, 1, 1};
  data.element_name = {"X"};
  data.atom_count = {1, 1, 0};
  data.environment_name = {"temperature", "sun"};
  data.environment_units = {"K", "1"};
  data.environment_long_name = data.environment_name;
  for (std::size_t f = 0; f < Relaxation::frames; ++f) data.time.push_back(300.0 * static_cast<double>(f));
  for (std::size_t window = 0; window < cases; ++window) {
    chemnne::Random random(seed, window);
    const double a = std::pow(10, random.uniform(7, 10)), b = std::pow(10, random.uniform(7, 10)),
                 c = std::pow(10, random.uniform(5, 9)), temperature = random.uniform(270, 310),
                 sun = random.uniform();
    const double rate = 4e-4 * std::exp((temperature - 290) / 20) * (0.2 + sun);
    data.scenario.push_back(static_cast<int>(window));
    data.environment_value.insert(data.environment_value.end(), {temperature, sun});
    for (const double t : data.time) {
      const double lost = a * -std::expm1(-rate * t);
      for (const double density : {a - lost, b + lost, c * std::exp(-2e-4 * sun * t)})
        data.concentration.push_back(static_cast<float>(density));
    }
  }
  return data;
}

/// Training and validation windows as the network sees them, and their budgets.
struct RelaxationSets {
  explicit RelaxationSets(std::size_t cases = 230)
      : data(relaxation_windows(cases, 1)),
        standardisation(chemnne::fit_standardisation(data, data.environment_name)),
        train(data, standardisation),
        validation(relaxation_windows(60, 2), standardisation) {}

  chemnne::Conservation<float, 3> conservation() const {
    const std::vector<double> rows = chemnne::budget_coefficients(data, 3);
    return {.used = 2,
            .coefficient = {rows.begin(), rows.end()},
            .mean = {standardisation.mean.begin(), standardisation.mean.end()},
            .deviation = {standardisation.deviation.begin(), standardisation.deviation.end()}};
  }

  chemnne::Dataset data;
  chemnne::Standardisation standardisation;
  chemnne::TrainingSet train, validation;
};

}  // namespace test
