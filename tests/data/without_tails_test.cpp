#define BOOST_TEST_MODULE data_without_tails
#include <cmath>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/data/without_tails.hpp>

namespace {
const std::vector<std::string> conditions{"pressure", "temperature"};
}

// Ozone that fresh NO takes away in a few windows must not hide what happens in the others; a species that is
// absent most of the time keeps the deviation of all, or its rare moments would outweigh everything.
BOOST_AUTO_TEST_CASE(tails_do_not_widen_a_deviation) {
  chemnne::Dataset data;
  data.environment_name = {"temperature", "pressure"};
  data.environment_units = {"K", "Pa"};
  data.time = {0, 60};
  data.species_name = {"O3", "SO3", "CO2"};
  for (int window = 0; window < 100; ++window) {
    data.scenario.push_back(window);
    data.environment_value.insert(data.environment_value.end(), {280.0 + window, 1e5});
    const double o3 = window < 3 ? 0 : std::pow(10, 11 + 0.01 * window), so3 = window < 10 ? 1e5 : 0;
    for (int frame = 0; frame < 2; ++frame)
      data.concentration.insert(data.concentration.end(),
                                {static_cast<float>(o3), static_cast<float>(so3), 1e15f});
  }
  const chemnne::Standardisation fit =
      chemnne::without_tails(chemnne::fit_standardisation(data, conditions, 1e3), data);
  BOOST_TEST(std::abs(fit.deviation[0] - 0.34) < 0.011);  // half of the 68 windows in the middle, 0.01 apart
  BOOST_TEST(std::abs(fit.deviation[1] - 2 * std::sqrt(0.1 * 0.9)) < 1e-6);
  BOOST_TEST(fit.deviation[2] == 1);  // a constant
  BOOST_TEST(chemnne::fit_standardisation(data, conditions, 1e3).deviation[0] > 1);
}
