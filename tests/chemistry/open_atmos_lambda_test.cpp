#define BOOST_TEST_MODULE chemistry_open_atmos_lambda
#include <cmath>
#include <string>

#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/open_atmos_lambda.hpp>

using namespace chemnne;

namespace {

YamlNode node(const std::string& text) {
  return {.file = std::make_shared<const std::string>("test.json"),
          .line = 3,
          .column = 7,
          .quoted = true,
          .text = text};
}

double value(const std::string& lambda) {
  return RateExpression(detail::lambda_program(node(lambda)))
      .value(make_rate_context({.temperature = 250, .pressure = 5e4}));
}

bool refuses(const std::string& lambda, const std::string& part) {
  try {
    detail::lambda_program(node(lambda));
  } catch (const Error& error) {
    BOOST_TEST_MESSAGE(error.what());
    return error.where().starts_with("test.json, line 3, column ") &&
           std::string(error.what()).find(part) != std::string::npos;
  }
  return false;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_formula_of_temperature_and_pressure_is_read) {
  const auto close = boost::test_tools::tolerance(1e-14);
  BOOST_TEST(value("[](double T, double P) { return 1.2e-5 * exp(-500.0 / T); }") == 1.2e-5 * std::exp(-2.),
             close);
  BOOST_TEST(value("[](double T, double P) -> double { return P * 2; }") == 1e5);
  BOOST_TEST(value("[ ] ( const double temperature ){return std::pow(temperature/300,-1.5);}") ==
                 std::pow(250. / 300, -1.5),
             close);
  BOOST_TEST(value("[]() { return std::sqrt(16.0); }") == 4);
  BOOST_TEST(
      value("[](double T, double P, double air_density) { return air_density*T/P; }") == 1 / 8.314462618,
      boost::test_tools::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(what_means_something_else_in_cxx_is_refused) {
  BOOST_TEST(refuses("[](double T) { return T^2; }", "each operator is arithmetic, found '^'"));
  BOOST_TEST(refuses("[](double T) { return 1/2*T; }", "found a division of integers"));
  BOOST_TEST(refuses("[](double T) { return 1 / 300 * T; }", "found a division of integers"));
  BOOST_TEST(value("[](double T) { return T/2 + 1./2 + 1/2.0 + 2/T; }") == 126.008);
}

BOOST_AUTO_TEST_CASE(what_is_more_than_a_formula_is_refused) {
  for (const char* const lambda : {"", "T", "[&](double T) { return T; }", "[](float T) { return T; }",
                                   "[](double T, double P, double M, double x) { return T; }",
                                   "[](double T) { double a = 2; return a; }",
                                   "[](double T) { return T; } + 1", "[](double T) { return T }",
                                   "[](double T) { return air; }", "[](double T) { return T > 1 ? 1 : 2; }"})
    BOOST_CHECK_THROW(detail::lambda_program(node(lambda)), Error);
  BOOST_TEST(refuses("[](double T) { if (T > 1) return 2; }",
                     "a lambda '[](double T, double P) { return formula; }'"));
}
