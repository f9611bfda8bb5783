#define BOOST_TEST_MODULE data_mechanism_check
#include <cmath>
#include <string>
#include <vector>

#include "data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/data/mechanism_check.hpp>

using namespace chemnne;
using test::contains;
using test::message_of;

namespace {

/// A goes with the fixed species F, and by itself with a rate that only the model knows.
Mechanism mechanism() {
  return parse_kpp(R"(#DEFVAR
A = IGNORE;
#DEFFIX
F = IGNORE; O2 = IGNORE;
#EQUATIONS
<1> A + F = F : 1E-11 ;
<own> A + O2 = O2 : OF_THE_MODEL(1) ;
#INITVALUES
F = 5E6 ;
)",
                   "check.kpp", {.collect_unresolved = true});
}

/// What another program would write of two states, in which F is 1e6 and 3e7, O2 is 1e3 and 1e4 and the
/// model's rate is 1e-8 and 2e-9 cm3 s-1.
CheckStates states() {
  CheckStates made;
  made.species_name = {"A"};
  made.fixed_name = {"O2", "F"};
  made.fixed_concentration = {1e3, 1e6, 1e4, 3e7};
  made.environment_place = {
      {"temperature", 0}, {"air_number_density", 1}, {"water_vapour_number_density", 2}, {"<own>", 3}};
  made.environment_value = {280, 2.6e19, 2e17, 1e-8, 290, 2.5e19, 3e17, 2e-9};
  made.photolysis_rate = {0, 0};
  made.peroxy_radical_sum = {0, 0};
  made.reactions = 2;
  made.time = {0, 600};
  for (std::size_t i = 0; i < 2; ++i) {
    const double own = made.environment_value[4 * i + 3];
    made.rate_constant.insert(made.rate_constant.end(), {1e-11, own});
    const double loss = 1e-11 * made.fixed(i)[1] + own * made.fixed(i)[0];
    made.tendency.push_back(-loss * 1e9);
    made.concentration.insert(made.concentration.end(), {1e9, 1e9 * std::exp(-600 * loss)});
  }
  return made;
}

MechanismCheck checked(const CheckStates& of) {
  MechanismCheck check(mechanism(), of, SolverKind::cvode,
                       {.relative_tolerance = 1e-9, .absolute_tolerance = 1e-3}, 10);
  check.run();
  return check;
}

}  // namespace

BOOST_AUTO_TEST_CASE(species_are_held_and_rates_given_by_state) {
  const CheckStates made = states();
  const MechanismCheck check = checked(made);
  BOOST_TEST(check.rate_constant.value == 0);
  BOOST_TEST(check.tendency.value < 1e-15);
  BOOST_TEST(check.solution.value < 1e-7);
}

BOOST_AUTO_TEST_CASE(one_state_with_another_fixed_species_is_found) {
  CheckStates made = states();
  made.fixed_concentration[3] *= 1.01;  // F of the second
  const MechanismCheck check = checked(made);
  BOOST_TEST(check.rate_constant.value == 0);
  // Of the loss of 3.2e-4 s-1, 3e-4 is by F.
  BOOST_TEST(check.tendency.value == 0.01 * 3e-4 / (1.01 * 3e-4 + 2e-5), boost::test_tools::tolerance(1e-9));
  BOOST_TEST(check.tendency.where == "state 2, A");
  BOOST_TEST(check.solution.value > 1e-3);
}

BOOST_AUTO_TEST_CASE(a_species_that_varies_and_is_held_is_an_error) {
  CheckStates made = states();
  made.fixed_name[0] = "A";
  BOOST_TEST(contains(message_of([&] { checked(made); }), "'A' as both"));
  made.fixed_name[0] = "X";
  BOOST_TEST(contains(message_of([&] { checked(made); }), "'X'"));
}

BOOST_AUTO_TEST_CASE(a_rate_that_is_neither_known_nor_given_is_an_error) {
  CheckStates made = states();
  made.environment_place.erase("<own>");
  made.environment_place["other"] = 3;
  BOOST_TEST(contains(message_of([&] { checked(made); }), "<own>"));
}
