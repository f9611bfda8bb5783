#define BOOST_TEST_MODULE chemistry_rate_functions
#include <cmath>
#include <initializer_list>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/rate_functions.hpp>

using namespace chemnne;

namespace {

const RateFunctions functions;

double call(const std::string& name, const RateContext& context, std::vector<double> arguments) {
  const auto function = functions.find(name, arguments.size());
  BOOST_REQUIRE_MESSAGE(function, name);
  return function->value(context, arguments);
}

RateContext context_of(double temperature, double air = 2.5e19) {
  RateContext context = make_rate_context({});
  context.temperature = temperature;
  context.air = air;
  return context;
}

// A few roundings of exp and pow, whose errors grow with the exponent.
const auto rounding = boost::test_tools::tolerance(1e-13);

}  // namespace

BOOST_AUTO_TEST_CASE(arrhenius_forms_agree_with_evaluations_at_298_K) {
  // OH + CH4: IUPAC, 1.85e-12 exp(-1690/T) = 6.4e-15; JPL 15-10, 2.45e-12 exp(-1775/T) = 6.3e-15, both to two
  // digits.
  BOOST_TEST(call("ARR_ab", context_of(298), {1.85e-12, 1690}) == 6.4e-15,
             boost::test_tools::tolerance(0.01));
  BOOST_TEST(call("ARR_ab", context_of(298), {2.45e-12, 1775}) == 6.3e-15,
             boost::test_tools::tolerance(0.01));
}

BOOST_AUTO_TEST_CASE(arrhenius_forms_are_special_cases_of_one) {
  const RateContext context = context_of(250);
  BOOST_TEST(call("ARR_abc", context, {2, 100, -1.5}) == 2 * std::exp(-0.4) * std::pow(250. / 300., -1.5),
             rounding);
  BOOST_TEST(call("arr", context, {2, 100, -1.5}) == call("ARR_abc", context, {2, 100, -1.5}));
  BOOST_TEST(call("ARR_ab", context, {2, 100}) == call("ARR_abc", context, {2, 100, 0}), rounding);
  BOOST_TEST(call("ARR_ac", context, {2, -1.5}) == call("ARR_abc", context, {2, 0, -1.5}), rounding);
  BOOST_TEST(call("k_arr", context, {2, 100, 1 / 3.3540e-3}) == 2, rounding);
}

BOOST_AUTO_TEST_CASE(fall_off_has_its_limits_and_its_centre) {
  // At r = k0/kinf = 1 the broadening is Fc itself: k = kinf Fc / 2. Far from there it is (almost) 1: at
  // log10(r) = -+12 the term Fc^(1/(1+144)) differs from 1 by 0.0035 for Fc = 0.6, and 1/(1+r) by 1e-12.
  const double k0 = 2e-30, kinf = 4e-11;
  const auto limit = boost::test_tools::tolerance(0.004);
  const auto fall = [&](double air) {
    return call("FALL", context_of(300, air), {k0, 0, -3, kinf, 0, 0, 0.6});
  };
  BOOST_TEST(fall(kinf / k0) == 0.6 * kinf / 2, rounding);
  BOOST_TEST(fall(1e-12 * kinf / k0) == 1e-12 * kinf, limit);
  BOOST_TEST(fall(1e12 * kinf / k0) == kinf, limit);
}

BOOST_AUTO_TEST_CASE(termolecular_forms_agree_where_they_must) {
  const RateContext context = context_of(260, 1.8e19);
  const double jpl = call("k3rd_jpl", context, {1.8e19, 2e-30, 3, 4e-11, 1, 0.6});
  // (300/T)^n of k3rd is (T/300)^-n of FALL.
  BOOST_TEST(jpl == call("FALL", context, {2e-30, 0, -3, 4e-11, 0, -1, 0.6}), rounding);
  BOOST_TEST(jpl == call("k_3rd", context, {260, 1.8e19, 2e-30, 3, 4e-11, 1, 0.6}), rounding);
  const double iupac = call("k3rd_iupac", context, {1.8e19, 2e-30, 3, 4e-11, 1, 0.41});
  BOOST_TEST(iupac == call("k_3rd_iupac", context, {260, 1.8e19, 2e-30, 3, 4e-11, 1, 0.41}), rounding);
  // With N = 0.75 - 1.27 log10(Fc) = 1, at Fc = 10^(-0.25/1.27) = 0.6356, the two are one.
  const double broadening = std::pow(10, -0.25 / 1.27);
  BOOST_TEST(call("k3rd_iupac", context, {1.8e19, 2e-30, 3, 4e-11, 1, broadening}) ==
                 call("k3rd_jpl", context, {1.8e19, 2e-30, 3, 4e-11, 1, broadening}),
             rounding);
}

BOOST_AUTO_TEST_CASE(ep2_and_ep3_by_hand) {
  // k0 = 1, k2 = 2, k3 = 3 M with M = 2: 1 + 6/(1 + 6/2) = 2.5;  1 + 2 M = 5.
  BOOST_TEST(call("EP2", context_of(298, 2), {1, 0, 2, 0, 3, 0}) == 2.5, rounding);
  BOOST_TEST(call("EP3", context_of(298, 2), {1, 0, 2, 0}) == 5.0, rounding);
  // OH + HNO3, JPL: 2.4e-14 exp(460/T) + k3 M/(1 + k3 M/k2), k2 = 2.7e-17 exp(2199/T), k3 = 6.5e-34
  // exp(1335/T): 1.5e-13 at 298 K and 1 atm, to two digits.
  BOOST_TEST(
      call("EP2", context_of(298, 2.46e19), {2.4e-14, -460, 2.7e-17, -2199, 6.5e-34, -1335}) == 1.5e-13,
      boost::test_tools::tolerance(0.04));
}

BOOST_AUTO_TEST_CASE(own_functions_are_found_without_regard_to_case_and_replace_others) {
  RateFunctions own;
  own.add("GCARR_ac", 2, [](const RateContext& c, std::span<const double> p) {
    return p[0] * std::exp(p[1] / c.temperature);
  });
  const auto found = own.find("gcarr_AC", 2);
  BOOST_REQUIRE(found);
  const double arguments[] = {3, 596};
  BOOST_TEST(found->value(context_of(298), arguments) == 3 * std::exp(2), rounding);
  BOOST_TEST(!own.find("GCARR", 2));
  own.add("EP3", 0, [](const RateContext&, std::span<const double>) { return 7.0; });
  BOOST_TEST(own.find("EP3", 0)->arity == 0u);
  BOOST_TEST(own.find("EP3", 0)->value(context_of(298), {}) == 7.0);
}

BOOST_AUTO_TEST_CASE(functions_of_a_name_are_told_apart_by_the_number_of_their_arguments) {
  const RateContext context = context_of(250);
  BOOST_TEST(call("ARR", context, {2, 100, -1.5, 300}) == 2 * std::exp(-1. / 3), rounding);  // its own T
  BOOST_TEST(functions.arities("arr") == (std::vector<std::size_t>{3, 4}), boost::test_tools::per_element());
  BOOST_TEST(functions.arities("nothing").empty());
  BOOST_TEST(!functions.find("ARR", 2));
  // KPP 2 and WRF-Chem do not agree on the sign.
  BOOST_TEST(call("ARR2", context, {2, 100}) == 2 * std::exp(0.4), rounding);
  BOOST_TEST(call("ARR2", context, {2, 100, 250}) == 2 * std::exp(-0.4), rounding);
}
