#define BOOST_TEST_MODULE chemistry_photolysis_table
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "../data/data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/chemical_system.hpp>
#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/chemistry/photolysis_table.hpp>
#include <chemnne/chemistry/rate_context.hpp>

using namespace chemnne;
using test::contains;
using test::message_of;

namespace {

/// J4 alike at all temperatures, J1 doubles over 100 K.
PhotolysisTable table() {
  PhotolysisTable made;
  made.value[4] = 5e-6;
  made.value[1] = 2e-8;
  made.coefficient[1] = std::log(2.0) / 100;
  return made;
}

std::shared_ptr<const PhotolysisTable> shared_table() {
  return std::make_shared<const PhotolysisTable>(table());
}

Mechanism with_parameters() {
  return parse_kpp(R"(#DEFVAR
A = IGNORE; B = IGNORE;
#INLINE F90_GLOBAL
  REAL(dp) :: RES1, RES2
#ENDINLINE
#EQUATIONS
<1> A = B : J(4) ;
<2> B = A : 3*RES1 ;
<sink> A = PROD : RES2 ;
)",
                   "parameters.kpp");
}

const std::vector<double> no_state(2, 0.0);

}  // namespace

BOOST_AUTO_TEST_CASE(rates_are_those_worked_by_hand) {
  const auto at_reference = table().rates(285, 100);
  BOOST_TEST(at_reference[4] == 5e-4, boost::test_tools::tolerance(1e-15));
  BOOST_TEST(at_reference[1] == 2e-6, boost::test_tools::tolerance(1e-15));
  const auto warm = table().rates(335, 100);
  BOOST_TEST(warm[4] == at_reference[4]);
  // Half of the way to twice the rate; exp of a product that is rounded.
  BOOST_TEST(warm[1] == std::sqrt(2.0) * 2e-6, boost::test_tools::tolerance(1e-14));
  PhotolysisTable shifted = table();
  shifted.reference_temperature = 385;
  BOOST_TEST(shifted.rates(285, 100)[1] == 1e-6, boost::test_tools::tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(it_is_night_without_light_and_rates_that_are_not_given_are_zero) {
  for (const double rate : table().rates(300, 0)) BOOST_TEST(rate == 0);
  const auto rates = table().rates(300, 50);
  for (std::size_t n = 0; n < rates.size(); ++n) BOOST_TEST((rates[n] > 0) == (n == 1 || n == 4), n);
}

BOOST_AUTO_TEST_CASE(an_environment_with_a_table_gives_its_rates_whatever_the_sun) {
  for (const double cosine : {-0.5, 0.3, 1.0}) {
    const RateContext context = make_rate_context({.temperature = 320,
                                                   .cosine_zenith = cosine,
                                                   .photolysis_scaling = 400,
                                                   .photolysis = shared_table()});
    BOOST_TEST((context.photolysis == table().rates(320, 400)));
    BOOST_TEST(context.photolysis_scaling == 400);
  }
  const RateContext clear = make_rate_context({.cosine_zenith = 0.3, .photolysis_scaling = 0.5});
  BOOST_TEST(clear.photolysis[4] == 0.5 * mcm_photolysis_rate(4, 0.3));
}

BOOST_AUTO_TEST_CASE(light_in_other_units_may_be_large_only_with_a_table) {
  BOOST_TEST(
      contains(message_of([] { make_rate_context({.photolysis_scaling = 400}); }), "photolysis_scaling"));
  BOOST_TEST(contains(
      message_of([] { make_rate_context({.photolysis_scaling = 2e5, .photolysis = shared_table()}); }),
      "photolysis_scaling: expected 0 to 1e5"));
}

BOOST_AUTO_TEST_CASE(table_and_parameters_of_an_environment_reach_the_rate_constants) {
  ChemicalSystem system(with_parameters());
  system.set_environment(
      Environment{.photolysis_scaling = 200, .parameters = {0.25, 0.5}, .photolysis = shared_table()});
  std::vector<double> constants = system.rate_constants(no_state);
  BOOST_TEST(constants[0] == 200 * 5e-6, boost::test_tools::tolerance(1e-15));
  BOOST_TEST(constants[1] == 0.75);
  BOOST_TEST(constants[2] == 0.5);
  // Without parameters those that were set before count.
  system.set_parameter("RES2", 2);
  system.set_environment(Environment{.photolysis_scaling = 100, .photolysis = shared_table()});
  constants = system.rate_constants(no_state);
  BOOST_TEST(constants[0] == 100 * 5e-6, boost::test_tools::tolerance(1e-15));
  BOOST_TEST(constants[1] == 0.75);
  BOOST_TEST(constants[2] == 2);
}

BOOST_AUTO_TEST_CASE(parameters_that_do_not_fit_are_errors) {
  ChemicalSystem system(with_parameters());
  BOOST_TEST(contains(message_of([&] { system.set_environment(Environment{}); }),
                      "reaction <2>: expected a value of the parameter RES1"));
  const std::string message = message_of([&] {
    system.set_environment(Environment{.parameters = {1, 2, 3}});
  });
  BOOST_TEST(contains(message, "environment, parameters: expected 2 values (the mechanism's), found 3"),
             message);
  ChemicalSystem without(parse_kpp("#DEFVAR\nA=IGNORE;\n#EQUATIONS\n A = PROD : 1 ;\n", "none.kpp"));
  BOOST_TEST(contains(message_of([&] { without.set_environment(Environment{.parameters = {1}}); }),
                      "expected 0 values"));
}
