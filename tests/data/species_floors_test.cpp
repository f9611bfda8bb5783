#define BOOST_TEST_MODULE data_species_floors
#include <cmath>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/data/species_floors.hpp>

using namespace chemnne;

namespace {

/// 50 windows of two frames: A rises evenly from 1e9 to 100e9 over all states, B is below 1e3 everywhere.
Dataset windows() {
  Dataset data;
  data.species_name = {"A", "B"};
  data.time = {0, 60};
  for (int i = 1; i <= 100; ++i) {
    data.concentration.push_back(1e9f * static_cast<float>(i));
    data.concentration.push_back(10.f);
  }
  data.scenario.resize(50);
  return data;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_share_of_the_84th_percentile_and_no_less_than_the_least) {
  const Dataset data = windows();
  // The value of rank 83 of 0 .. 99 is 84e9, to the rounding of float.
  const auto rounding = boost::test_tools::tolerance(1e-7);
  const auto found = species_floors(data, 1e-4, 1e3);
  BOOST_TEST(found[0] == 84e5, rounding);
  BOOST_TEST(found[1] == 1e3);
  BOOST_TEST(species_floors(data, 1e-4, 1e7) == (std::vector<double>{1e7, 1e7}),
             boost::test_tools::per_element());
  BOOST_TEST(species_floors(data, 0, 1e3) == (std::vector<double>{1e3, 1e3}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(each_species_is_standardised_above_its_own_floor) {
  const Dataset data = windows();
  const Standardisation fit = fit_standardisation(data, {}, {50e9, 1e3});
  BOOST_TEST(fit.floor == (std::vector<double>{50e9, 1e3}), boost::test_tools::per_element());
  BOOST_TEST(fit.minimum[0] == std::log10(50e9), boost::test_tools::tolerance(1e-12));
  BOOST_TEST(fit.maximum[0] == 11.0, boost::test_tools::tolerance(1e-7));
  BOOST_TEST(fit.minimum[1] == 3.0);
  BOOST_TEST(select_species(fit, std::vector<std::string>{"B"}).floor == (std::vector<double>{1e3}));
  BOOST_CHECK_THROW(fit_standardisation(data, {}, std::vector<double>{1e3}), Error);
}
