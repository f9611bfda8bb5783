#define BOOST_TEST_MODULE training_regime_bias
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/training/regime_bias.hpp>

using namespace chemnne;

namespace {

const std::vector<std::string> species{"NO", "NO2", "O3"}, conditions{"temperature", "cosine_zenith"};

/// One step for each kind of air, in an order of its own: NOx 1, 2, 3 and 280, 290, 300 K. Ozone 100 before
/// and after; the prediction is `error(day, nox, temperature)` of it too high.
template <class F>
RegimeBias of_each_kind(const F& error) {
  std::vector<float> before, weather, truth, prediction;
  for (const std::size_t temperature : {2u, 0u, 1u})
    for (const bool day : {true, false})
      for (const std::size_t nox : {1u, 2u, 0u}) {
        before.insert(before.end(), {0.25f, 0.75f + static_cast<float>(nox), 100});
        weather.insert(weather.end(), {280 + 10 * static_cast<float>(temperature), day ? 0.5f : 0.f});
        truth.insert(truth.end(), {1, 1, 100});
        prediction.insert(prediction.end(),
                          {1, 1, 100 * (1 + static_cast<float>(error(day, nox, temperature)))});
      }
  return regime_bias(species, conditions, {before, weather, truth, prediction}).value();
}

}  // namespace

BOOST_AUTO_TEST_CASE(each_kind_of_air_has_its_own_bias) {
  const auto error = [](bool day, std::size_t nox, std::size_t temperature) {
    return 0.01 * static_cast<double>(nox + 3 * temperature) - (day ? 0.05 : 0);
  };
  const RegimeBias found = of_each_kind(error);
  BOOST_TEST(found.nox_limit[0] == 2);
  BOOST_TEST(found.temperature_limit[1] == 300);
  BOOST_TEST_REQUIRE(found.regime.size() == 18u);
  for (const RegimeBias::Regime& regime : found.regime) {
    BOOST_TEST(regime.steps == 1u);
    BOOST_TEST(regime.bias[2] == error(regime.day, regime.nox, regime.temperature),
               boost::test_tools::tolerance(1e-5));
    BOOST_TEST(regime.bias[0] == 0);
  }
}

BOOST_AUTO_TEST_CASE(steps_of_a_kind_are_weighted_by_what_there_is) {
  // All in one kind at night: 1 of 1 too much and nothing of 3.
  const std::vector<float> before{1, 1, 1, 1, 1, 3}, weather{280, 0, 280, 0}, truth{1, 1, 1, 1, 1, 3},
      prediction{1, 1, 2, 1, 1, 3};
  const auto found = regime_bias(species, conditions, {before, weather, truth, prediction});
  BOOST_TEST_REQUIRE(found.has_value());
  BOOST_TEST_REQUIRE(found->regime.size() == 1u);
  BOOST_TEST(found->regime[0].steps == 2u);
  BOOST_TEST(!found->regime[0].day);
  BOOST_TEST(found->regime[0].bias[2] == 0.25);
}

BOOST_AUTO_TEST_CASE(air_whose_kind_is_not_known_has_none) {
  const std::vector<float> values{1, 1, 1}, weather{280, 0};
  BOOST_TEST(!regime_bias({"A", "B", "O3"}, conditions, {values, weather, values, values}));
  BOOST_TEST(!regime_bias(species, {"pressure", "cosine_zenith"}, {values, weather, values, values}));
  BOOST_TEST(!regime_bias(species, {"temperature", "pressure"}, {values, weather, values, values}));
  BOOST_TEST(!regime_bias(species, conditions, {}));
}
