#define BOOST_TEST_MODULE chemistry_rate_compiler
#include <cmath>
#include <string>

#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/rate_compiler.hpp>

using namespace chemnne;

namespace {

const Environment environment{.temperature = 285,
                              .pressure = 9e4,
                              .relative_humidity = 60,
                              .cosine_zenith = 0.6,
                              .photolysis_scaling = 0.5};

double value(const std::string& text, const RateFunctions& functions = RateFunctions()) {
  return compile_rate(text, functions).value(make_rate_context(environment));
}

bool refuses(const std::string& text, const std::string& part_of_message) {
  try {
    compile_rate(text);
  } catch (const Error& error) {
    if (std::string(error.what()).find(part_of_message) != std::string::npos) return true;
    BOOST_TEST_MESSAGE(error.what());
  }
  return false;
}

// One rounding an operation, and a few operations.
const auto rounding = boost::test_tools::tolerance(1e-14);

}  // namespace

BOOST_AUTO_TEST_CASE(precedence_is_that_of_fortran) {
  BOOST_TEST(value("1+2*3") == 7.0);
  BOOST_TEST(value("8-4-2") == 2.0);
  BOOST_TEST(value("8/4/2") == 1.0);
  BOOST_TEST(value("-2**2") == -4.0);
  BOOST_TEST(value("2**3**2") == 512.0);
  BOOST_TEST(value("2^-1") == 0.5);
  BOOST_TEST(value("2*-3") == -6.0);
  BOOST_TEST(value("(1+2)*3 -\n- 1") == 10.0);
  BOOST_TEST(value("MIN(3,2,5) + max(1.D0,4)") == 6.0);
  BOOST_TEST(value("abs(-1.5) + SQRT(16.) + LOG(EXP(2)) + log10(1E3)") == 10.5, rounding);
}

BOOST_AUTO_TEST_CASE(names_stand_for_the_environment) {
  BOOST_TEST(value("temp") == environment.temperature);
  BOOST_TEST(value("M") == air_number_density(environment));
  BOOST_TEST(value("O2 + N2 + H2O") == oxygen_number_density(environment) +
                                           nitrogen_number_density(environment) +
                                           water_number_density(environment),
             rounding);
  BOOST_TEST(value("PRESS*RH") == 9e4 * 60);
  BOOST_TEST(value("COSX + SUN + JFAC") == 0.6 + 0.6 + 0.5);
  const RateContext night = make_rate_context({.cosine_zenith = -0.4});
  BOOST_TEST(compile_rate("SUN").value(night) == 0);
  BOOST_TEST(compile_rate("COSX").value(night) == -0.4);
}

BOOST_AUTO_TEST_CASE(photolysis_rates_contain_the_scaling) {
  BOOST_TEST(value("J(4)") == 0.5 * mcm_photolysis_rate(4, 0.6));
  BOOST_TEST(value("J(J_NO2)") == value("J( 4 )"));
  BOOST_TEST(
      value("J(J_CH3OOH)*2.+j(61)") == mcm_photolysis_rate(41, 0.6) + 0.5 * mcm_photolysis_rate(61, 0.6),
      rounding);
}

BOOST_AUTO_TEST_CASE(rates_of_the_mcm_as_they_are_written) {
  const double t = 285, m = air_number_density(environment), o2 = oxygen_number_density(environment);
  BOOST_TEST(value("6.0E-34*O2*(TEMP/300.)**(-2.6)*O2") == 6e-34 * o2 * o2 * std::pow(t / 300, -2.6),
             rounding);
  BOOST_TEST(value("3.8E-13*EXP(780./TEMP)*(1.-1./(1.+498.*EXP(-1160./TEMP)))") ==
                 3.8e-13 * std::exp(780 / t) * (1 - 1 / (1 + 498 * std::exp(-1160 / t))),
             rounding);
  BOOST_TEST(value("1.44D-13*(1+(M/4.2D+19))") == 1.44e-13 * (1 + m / 4.2e19), rounding);
  // IUPAC, OH + CH4: 6.4e-15 at 298 K, to two digits.
  const RateContext room = make_rate_context({.temperature = 298});
  BOOST_TEST(compile_rate("1.85E-12*EXP(-1690./TEMP)").value(room) == 6.4e-15,
             boost::test_tools::tolerance(0.01));
}

BOOST_AUTO_TEST_CASE(constants_are_folded) {
  BOOST_TEST(compile_rate("2.*(3.5D-13*8.0E-12)**(0.5)").is_constant());
  BOOST_TEST(compile_rate("2*3*TEMP").program().size() == 3u);
  BOOST_TEST(compile_rate("2*3*TEMP").canonical_text() == compile_rate("6.0 * temp").canonical_text());
  BOOST_TEST(compile_rate("2*TEMP").canonical_text() != compile_rate("3*TEMP").canonical_text());
  BOOST_TEST(!compile_rate("ARR_ab(1,0)").is_constant());
}

BOOST_AUTO_TEST_CASE(own_functions_and_named_numbers) {
  RateFunctions own;
  own.add("twice", 1, [](const RateContext&, std::span<const double> p) { return 2 * p[0]; });
  own.add("KRO2NO", 0, [](const RateContext& c, std::span<const double>) {
    return 2.7e-12 * std::exp(360 / c.temperature);
  });
  BOOST_TEST(value("TWICE(TEMP)", own) == 570.0);
  BOOST_TEST(value("KRO2NO*0.5", own) == 1.35e-12 * std::exp(360 / 285.), rounding);
}

BOOST_AUTO_TEST_CASE(errors_name_the_culprit_and_its_place) {
  BOOST_TEST(refuses("2 * foo(3)", "line 1, column 5: expected a rate function"));
  BOOST_TEST(refuses("2 * foo(3)", "unknown function 'foo'"));
  BOOST_TEST(refuses("1 +\n KMT01", "line 2, column 2"));
  BOOST_TEST(refuses("1 + KMT01", "unknown name 'KMT01'"));
  BOOST_TEST(refuses("ARR_ab(1)", "ARR_ab, which takes 2 arguments"));
  BOOST_TEST(refuses("EXP(1,2)", "EXP, which takes 1 argument"));
  BOOST_TEST(refuses("C(ind_CH3O2)", "a concentration"));
  BOOST_TEST(refuses("J(9)", "photolysis table"));
  BOOST_TEST(refuses("J(4.5)", "photolysis table"));
  BOOST_TEST(refuses("J(J_SUN)", "photolysis table"));
  BOOST_TEST(refuses("1/0", "a finite rate"));
  for (const char* text :
       {"", "(", "1 2", "1+", "*2", "2 * *3", "exp", "exp(", "exp()", "min(1)", "1)", "a b", "$", "2,3"})
    BOOST_TEST(refuses(text, "rate, line 1"), text);
}

BOOST_AUTO_TEST_CASE(depth_and_length_are_bounded) {
  BOOST_TEST(refuses(std::string(100000, '('), "nested levels"));
  BOOST_TEST(refuses(std::string(100000, '-') + "1", "nested levels"));
  std::string tower = "1", sum = "TEMP";
  for (int i = 0; i < 40; ++i) tower = "TEMP+(" + tower + ")";
  for (int i = 0; i < 5000; ++i) sum += "+TEMP";
  BOOST_TEST(refuses(tower, "pending values"));
  BOOST_TEST(refuses(sum, "operations"));
}
