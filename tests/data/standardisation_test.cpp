#define BOOST_TEST_MODULE data_standardisation
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/data/standardisation.hpp>

namespace {

/// Two cases of two frames, species O3, OH, N2; environment temperature, pressure.
chemnne::Dataset small_data() {
  chemnne::Dataset data;
  data.species_name = {"O3", "OH", "N2"};
  data.environment_name = {"temperature", "pressure"};
  data.environment_units = {"K", "Pa"};
  data.scenario = {0, 1};
  data.time = {0, 60};
  data.concentration = {1e12f, 1e6f, 7e18f, 1e10f, 1e2f, 7e18f, 1e12f, 0.f, 7e18f, 1e10f, 1e6f, 7e18f};
  data.environment_value = {280, 1e5, 300, 1e5};
  return data;
}

const std::vector<std::string> conditions{"pressure", "temperature"};

}  // namespace

BOOST_AUTO_TEST_CASE(constants_are_those_worked_by_hand) {
  const chemnne::Standardisation fit = chemnne::fit_standardisation(small_data(), conditions, 1e3);
  const auto close = boost::test_tools::tolerance(1e-7);  // concentrations are floats: log10 to 1e-8
  BOOST_TEST(fit.species == small_data().species_name);
  BOOST_TEST(fit.mean[0] == 11, close);  // log10: 12, 10, 12, 10
  BOOST_TEST(fit.deviation[0] == 1, close);
  BOOST_TEST(fit.mean[1] == 4.5, close);  // log10 over the floor: 6, 3, 3, 6
  BOOST_TEST(fit.deviation[1] == 1.5, close);
  BOOST_TEST(fit.minimum[1] == 3, close);
  BOOST_TEST(fit.maximum[1] == 6, close);
  BOOST_TEST(fit.deviation[2] == 1);  // constant
  BOOST_TEST(fit.mean[2] == std::log10(7e18), close);
}

BOOST_AUTO_TEST_CASE(conditions_are_found_by_name) {
  const chemnne::Standardisation fit = chemnne::fit_standardisation(small_data(), conditions);
  BOOST_TEST(fit.condition_name == conditions);
  BOOST_TEST(fit.condition_units == (std::vector<std::string>{"Pa", "K"}));
  BOOST_TEST(fit.condition_mean == (std::vector<double>{1e5, 290}));
  BOOST_TEST(fit.condition_deviation == (std::vector<double>{1, 10}));
  BOOST_TEST(fit.condition_minimum[1] == 280);
  BOOST_TEST(fit.condition_maximum[1] == 300);
  const std::vector<std::string> unknown{"albedo"};
  BOOST_CHECK_THROW(chemnne::fit_standardisation(small_data(), unknown), chemnne::Error);
  BOOST_CHECK_THROW(chemnne::fit_standardisation(chemnne::Dataset{}, conditions), chemnne::Error);
}

BOOST_AUTO_TEST_CASE(a_selection_takes_species_by_name) {
  const chemnne::Standardisation fit = chemnne::fit_standardisation(small_data(), conditions);
  const std::vector<std::string> names{"OH", "O3"};
  const chemnne::Standardisation part = chemnne::select_species(fit, names);
  BOOST_TEST(part.species == names);
  BOOST_TEST(part.mean == (std::vector<double>{fit.mean[1], fit.mean[0]}));
  BOOST_TEST(part.maximum == (std::vector<double>{fit.maximum[1], fit.maximum[0]}));
  BOOST_TEST(part.condition_mean == fit.condition_mean);
  const std::vector<std::string> unknown{"HO"};
  BOOST_CHECK_THROW(chemnne::select_species(fit, unknown), chemnne::Error);
}

BOOST_AUTO_TEST_CASE(narrow_distributions_far_from_zero_keep_their_digits) {
  chemnne::detail::Moments moments;
  for (int i = 0; i < 1000; ++i) moments.add(1e6 + (i % 2 == 0 ? 1e-5 : -1e-5));
  // 1e6 has an ULP of 1.2e-10: the deviation is known to about 1e-5 of itself.
  BOOST_TEST(moments.deviation() == 1e-5, boost::test_tools::tolerance(1e-4));
}
