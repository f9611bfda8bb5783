#define BOOST_TEST_MODULE chemistry_wrf_rate_functions
#include <cmath>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/rate_functions.hpp>

using namespace chemnne;

namespace {

const RateFunctions functions;

/// In an environment that must not matter: T and M are arguments.
double call(const std::string& name, const std::vector<double>& arguments) {
  const auto function = functions.find(name, arguments.size());
  BOOST_REQUIRE_MESSAGE(function, name);
  return function->value(make_rate_context({.temperature = 310}), arguments);
}

/// The same where they are those of the environment.
double here(const std::string& name, const std::vector<double>& arguments, double temperature, double air) {
  const auto function = functions.find(name, arguments.size());
  BOOST_REQUIRE_MESSAGE(function, name);
  RateContext context = make_rate_context({});
  context.temperature = temperature;
  context.air = air;
  return function->value(context, arguments);
}

const auto rounding = boost::test_tools::tolerance(1e-13);

}  // namespace

BOOST_AUTO_TEST_CASE(with_temperature_and_air_as_arguments_they_are_kpps) {
  const double t = 260, m = 1.8e19;
  BOOST_TEST(call("ARR", {2, 100, -1.5, t}) == here("ARR", {2, 100, -1.5}, t, m), rounding);
  BOOST_TEST(call("ARR2", {2, 100, t}) == here("ARR_ab", {2, 100}, t, m), rounding);
  const std::vector<double> ep2{2.4e-14, -460, 2.7e-17, -2199, 6.5e-34, -1335},
      ep3{2e-13, -600, 1.7e-33, -1000}, fall{9e-32, 0, -1.5, 3e-11, 20, 0.5, 0.6};
  const auto with = [&](std::vector<double> arguments) {
    arguments.insert(arguments.end(), {t, m});
    return arguments;
  };
  BOOST_TEST(call("EP2", with(ep2)) == here("EP2", ep2, t, m), rounding);
  BOOST_TEST(call("EP3", with(ep3)) == here("EP3", ep3, t, m), rounding);
  BOOST_TEST(call("FALL", with(fall)) == here("FALL", fall, t, m), rounding);
  // N = 1 is FALL's.
  BOOST_TEST(call("F2", {9e-32, 0, -1.5, 3e-11, 20, 0.5, 0.6, 1, t, m}) == here("FALL", fall, t, m),
             rounding);
  BOOST_TEST(call("TROE", {9e-32, 1.5, 3e-11, 0.2, t, m}) ==
                 here("k3rd_jpl", {m, 9e-32, 1.5, 3e-11, 0.2, 0.6}, t, m),
             rounding);
}

BOOST_AUTO_TEST_CASE(values_by_hand) {
  BOOST_TEST(call("THERMAL_T2", {2, 300, 300}) == 2 * 9e4 * std::exp(-1), rounding);
  // At k0 M = kinf the fall-off is kinf Fc/2, with any N.
  BOOST_TEST(call("TROE", {2e-30, 3, 4e-11, 3, 300, 2e19}) == 4e-11 * 0.6 / 2, rounding);
  BOOST_TEST(call("F2", {2e-30, 0, 0, 4e-11, 0, 0, 0.3, 1.4, 250, 2e19}) == 4e-11 * 0.3 / 2, rounding);
  BOOST_TEST(call("TROEE", {7, 600, 2e-30, 3, 4e-11, 3, 300, 2e19}) == 7 * std::exp(-2) * 4e-11 * 0.6 / 2,
             rounding);
}
