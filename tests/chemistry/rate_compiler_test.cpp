#define BOOST_TEST_MODULE chemistry_rate_compiler
#include <cmath>
#include <string>
#include <vector>

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
  return compile_rate(text, RateNames{.functions = functions}).value(make_rate_context(environment));
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
  own.add("KRO2NO", 0, [](const RateContext& c, std::span<const double>) { return 2 * c.temperature; });
  BOOST_TEST(value("TWICE(TEMP)", own) == 570.0);
  BOOST_TEST(value("KRO2NO*0.5", own) == 285.0);
  BOOST_TEST(value("KRO2NO*0.5") == 1.35e-12 * std::exp(360 / 285.), rounding);  // the MCM's
}

BOOST_AUTO_TEST_CASE(names_are_looked_up_in_one_order) {
  RateNames names;
  const SourceText source("test", "2*TEMP 3*twice M*nothing 5");
  const auto define = [&](const char* name, std::size_t begin, std::size_t end) {
    define_constant(names, name, {&source, begin, end});
  };
  const auto rate = [&](const char* text) {
    return compile_rate(text, names).value(make_rate_context(environment));
  };
  names.parameters = {{"RES1", 1}, {"KDEC", 0}};
  define("twice", 0, 6);
  define("SIX", 7, 14);
  define("TWICE", 25, 26);
  BOOST_TEST(rate("six") == 6 * 285.0);  // of what the name was then
  BOOST_TEST(rate("twice") == 5.0);      // of what it is now
  define("TEMP", 25, 26);
  BOOST_TEST(rate("TEMP") == 5.0);
  define("BROKEN", 15, 24);
  BOOST_TEST(rate("M") > 1e18);
  BOOST_CHECK_EXCEPTION(rate("2*broken"), UnknownRateName,
                        [](const UnknownRateName& error) { return error.name() == "nothing"; });
  const std::vector<double> values{7, 11};
  RateContext context = make_rate_context(environment);
  context.parameters = values;
  const RateExpression with_parameters = compile_rate("res1 + 2*KDEC", names);
  BOOST_TEST(with_parameters.value(context) == 25.0);
  BOOST_TEST(with_parameters.canonical_text() == "P1 2 P0 * +");
}

BOOST_AUTO_TEST_CASE(rates_are_linear_in_the_sum_of_peroxy_radicals) {
  for (const char* text :
       {"RO2", "2*RO2/TEMP - RO2", "-(RO2 + M)*KCH3O2", "RO2*0.5*(1-7.18*EXP(-885/TEMP))"}) {
    BOOST_TEST(compile_rate(text).uses_peroxy_radicals(), text);
    BOOST_TEST(!compile_rate(text).is_constant(), text);
  }
  BOOST_TEST(!compile_rate("M*TEMP").uses_peroxy_radicals());
  for (const char* text : {"RO2*RO2", "RO2*(1 + RO2)", "1/RO2", "M/(M + RO2)", "EXP(RO2)", "RO2**2",
                           "MAX(RO2, 1)", "ARR_ab(RO2, 1)"})
    BOOST_TEST(refuses(text, "linear in RO2"), text);
}

BOOST_AUTO_TEST_CASE(photolysis_comes_from_the_context) {
  RateContext context = make_rate_context(environment);
  context.photolysis[4] = 3e-3;
  context.photolysis[41] = 7e-6;
  BOOST_TEST(compile_rate("J(J_NO2)*2").value(context) == 6e-3, rounding);
  BOOST_TEST(compile_rate("J<41>").value(context) == 7e-6);
  BOOST_TEST(compile_rate("J<41>").uses_photolysis());
  BOOST_TEST(!compile_rate("JFAC*SUN").uses_photolysis());
}

BOOST_AUTO_TEST_CASE(errors_name_the_culprit_and_its_place) {
  BOOST_TEST(refuses("2 * foo(3)", "line 1, column 5: expected a rate function"));
  BOOST_TEST(refuses("2 * foo(3)", "unknown function 'foo'"));
  BOOST_TEST(refuses("1 +\n KMT99", "line 2, column 2"));
  BOOST_TEST(refuses("1 + KMT99", "unknown name 'KMT99'"));
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
  // Names multiply the length of a text, so that the sum over all rates is bounded, too.
  RateNames names;
  const SourceText source("test", sum.substr(0, 4 + 5 * 2000));
  define_constant(names, "LONG", {&source, 0, source.text().size()});
  const auto many = [&] {
    for (int i = 0; i < 1500; ++i) compile_rate("LONG", names);
  };
  BOOST_CHECK_EXCEPTION(many(), Error, [](const Error& error) {
    return error.expected().find("operations together") != std::string::npos;
  });
}
