#define BOOST_TEST_MODULE chemistry_open_atmos_rates
#include <cmath>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/open_atmos_reader.hpp>

using namespace chemnne;

namespace {

// mol m-3 of one molecule cm-3: 1e6 / 6.02214076e23.
constexpr double f = 1.66053906717384e-18;

const auto rounding = boost::test_tools::tolerance(1e-12);

/// A mechanism with gases A (with what surfaces ask for), B, C, third body M and one reaction.
Mechanism with(const std::string& reaction) {
  return parse_open_atmos(
      "version: 1.0.0\n"
      "species: [{name: A, 'molecular weight [kg mol-1]': 0.046}, {name: B}, {name: C},\n"
      "          {name: M, is third body: true}]\n"
      "phases: [{name: gas, species: [{name: A, 'diffusion coefficient [m2 s-1]': 2.0e-5}, B, C, M]}]\n"
      "reactions:\n- {gas phase: gas, " +
          reaction + "}\n",
      "test.yaml");
}

/// [M] = 40 mol m-3 (2.408856304e19 molecules cm-3), 1e5 Pa: round numbers, though no ideal gas.
double rate(const std::string& reaction, double temperature, double air = 40 / f,
            std::vector<double> parameters = {}, std::size_t index = 0) {
  const Mechanism mechanism = with(reaction);
  BOOST_TEST(mechanism.parameters.size() == parameters.size());
  RateContext context = make_rate_context({});
  context.temperature = temperature;
  context.pressure = 1e5;
  context.air = air;
  context.parameters = parameters;
  return mechanism.reactions.at(index).rate.value(context);
}

const std::string one = ", reactants: [A], products: [C]";
const std::string two = ", reactants: [A, B], products: [C]";
const std::string three = ", reactants: [A, B, M], products: [C, M]";

}  // namespace

BOOST_AUTO_TEST_CASE(arrhenius) {
  // A exp(C/T) (T/D)^B (1 + E P) = 2 exp(300/300) (300/150)^2 (1 + 1e-6 * 1e5) = 2 e 4 1.1 = 23.92088009044.
  const std::string all = "type: ARRHENIUS, A: 2, B: 2, C: 300, D: 150, E: 1e-6";
  BOOST_TEST(rate(all + one, 300) == 23.9208800904396, rounding);
  // Order n: times f^(n-1), the third body counted.
  BOOST_TEST(rate(all + two, 300) == 23.9208800904396 * f, rounding);
  BOOST_TEST(rate(all + three, 300) == 23.9208800904396 * f * f, rounding);
  BOOST_TEST(
      rate(all + ", reactants: [{name: A, coefficient: 2}], products: []", 300) == 23.9208800904396 * f,
      rounding);
  BOOST_TEST(rate(all + ", reactants: [], products: [A]", 300) == 23.9208800904396 / f, rounding);
  // Defaults: A = 1, all else without effect; at D = 300 K a power of T shows.
  BOOST_TEST(rate("type: ARRHENIUS" + one, 250) == 1, rounding);
  BOOST_TEST(rate("type: ARRHENIUS, B: -1" + one, 150) == 2, rounding);
  // Ea in J: exp(-Ea/(k_B T)); Ea = k_B * 600 K at 300 K: exp(-2).
  BOOST_TEST(rate("type: ARRHENIUS, Ea: 8.283894e-21" + one, 300) == std::exp(-2.0), rounding);
}

BOOST_AUTO_TEST_CASE(troe_and_ternary_chemical_activation) {
  // r = k0 [M]/kinf = 2 * 40 / 80 = 1: the exponent N/(N + 0) is 1, k = 80/2 Fc = 40 * 0.6 = 24.
  BOOST_TEST(rate("type: TROE, k0_A: 2, kinf_A: 80" + one, 273) == 24, rounding);
  // r = 80/8 = 10: k = 80/11 0.6^(1/(1+1)) = 7.2727 * 0.774597 = 5.633430; with N = 3: 0.6^(3/4): 4.958048.
  BOOST_TEST(rate("type: TROE, k0_A: 2, kinf_A: 8" + one, 273) == 5.633430321756243, rounding);
  BOOST_TEST(rate("type: TROE, k0_A: 2, kinf_A: 8, N: 3" + one, 273) == 4.958048144585451, rounding);
  // Fc = 1 leaves Lindemann's form; k0 = 1 (150/300)^-1 exp(0) = 2, kinf = 8 exp(-150/150) 10 = 80/e:
  // r = 80 e/80 = e, k = 80/(1 + e).
  BOOST_TEST(rate("type: TROE, k0_A: 1, k0_B: -1, kinf_A: 80, kinf_C: -150, Fc: 1" + one, 150) ==
                 80 / (1 + std::exp(1.0)),
             rounding);
  // Two reactants: both limits take f, so that r stays.
  BOOST_TEST(rate("type: TROE, k0_A: 2, kinf_A: 8" + two, 273) == 5.633430321756243 * f, rounding);
  // Ternary: k0/(1+r) Fc^...; the values above over [M] = 40.
  BOOST_TEST(rate("type: TERNARY_CHEMICAL_ACTIVATION, k0_A: 2, kinf_A: 80" + one, 273) == 0.6, rounding);
  BOOST_TEST(rate("type: TERNARY_CHEMICAL_ACTIVATION, k0_A: 2, kinf_A: 8, N: 3" + two, 273) ==
                 4.958048144585451 / 40 * f,
             rounding);
  // No low-pressure path: r = 0, k = 0, not 0/0.
  BOOST_TEST(rate("type: TROE, k0_A: 0" + one, 273) == 0);
}

BOOST_AUTO_TEST_CASE(branched) {
  const std::string entry =
      "type: BRANCHED_NO_RO2, X: 1.2e-4, Y: 167, a0: 0.15, n: 9, alkoxy products: [B], nitrate products: [C]";
  const auto branch = [&](std::size_t index, double temperature, double air, const std::string& reactants) {
    return rate(entry + reactants, temperature, air, {}, index);
  };
  // At 293 K and 2.45e19 molecules cm-3 the nitrate's share is a0 by definition; the sum is X exp(-Y/T).
  const double sum = 1.2e-4 * std::exp(-167.0 / 293);
  BOOST_TEST(branch(0, 293, 2.45e19, ", reactants: [A]") == 0.85 * sum, rounding);
  BOOST_TEST(branch(1, 293, 2.45e19, ", reactants: [A]") == 0.15 * sum, rounding);
  // There a = 2e-22 e^9 2.45e19 = 39.70511, b = 0.43 (293/298)^-8 = 0.4923315, log10(a/b) = 1.906589, so that
  // A = 39.70511/81.64711 0.41^0.2157460 = 0.4012040 and Z = A 0.85/0.15 = 2.273489.
  // At 250 K and 1e19: a = 16.20617, b = 1.752583, log10(a/b) = 0.9660018, A = 16.20617/10.24702
  // 0.41^0.5172879 = 0.9971959; alkoxy X exp(-167/250) Z/(Z + A) = 6.152796e-5 * 0.6951111 = 4.276876e-5,
  // nitrate 1.875920e-5.
  BOOST_TEST(branch(0, 250, 1e19, ", reactants: [A]") == 4.276876460300285e-05, rounding);
  BOOST_TEST(branch(1, 250, 1e19, ", reactants: [A]") == 1.8759197682024017e-05, rounding);
  BOOST_TEST(branch(1, 250, 1e19, ", reactants: [A, B]") == 1.8759197682024017e-05 * f, rounding);
  // Default a0 = 1: all of it nitrate, in every air.
  const std::string simple =
      "type: BRANCHED_NO_RO2, reactants: [A], alkoxy products: [], nitrate products: []";
  BOOST_TEST(rate(simple, 293, 1e19, {}, 0) == 0);
  BOOST_TEST(rate(simple, 293, 1e19, {}, 1) == 1, rounding);
}

BOOST_AUTO_TEST_CASE(tunneling_and_taylor_series) {
  // 2 exp(-600/300 + 2.7e7/300^3) = 2 exp(-2 + 1).
  BOOST_TEST(rate("type: TUNNELING, A: 2, B: 600, C: 2.7e7" + one, 300) == 2 * std::exp(-1.0), rounding);
  BOOST_TEST(rate("type: TUNNELING, A: 2, B: 600, C: 2.7e7" + two, 300) == 2 * std::exp(-1.0) * f, rounding);
  // (1 + 0.01 * 300 + 1e-5 * 9e4) * 2 (300/150)^1 = 4.9 * 4 = 19.6.
  const std::string taylor = "type: TAYLOR_SERIES, A: 2, B: 1, D: 150, taylor coefficients: [1, 0.01, 1e-5]";
  BOOST_TEST(rate(taylor + one, 300) == 19.6, rounding);
  BOOST_TEST(rate(taylor + two, 300) == 19.6 * f, rounding);
  // Without coefficients the Arrhenius form.
  BOOST_TEST(rate("type: TAYLOR_SERIES, A: 3" + one, 300) == 3, rounding);
}

BOOST_AUTO_TEST_CASE(surface) {
  // v = sqrt(8 * 8.314463 * 300/(pi * 0.046)) = 371.5941 m s-1; r/D + 4/(v gamma) = 1e-7/2e-5 + 4/(371.5941 *
  // 0.02) = 0.005 + 0.5382216; 4 pi N r^2 = 4 pi 1e9 1e-14 = 1.256637e-4; k = 1.256637e-4/0.5432216
  // = 2.313305e-4.
  const std::string text =
      "type: SURFACE, name: aer, reaction probability: 0.02, gas-phase species: A, gas-phase products: [B]";
  BOOST_TEST(rate(text, 300, 40 / f, {1e-7, 1e9}) == 2.3133046043185242e-4, rounding);
  BOOST_TEST(rate(text, 300, 40 / f, {0, 1e9}) == 0);
  const Mechanism mechanism = with(text);
  BOOST_TEST(mechanism.parameters[0].name == "SURF.aer.effective radius");
  BOOST_TEST(mechanism.parameters[0].units == "m");
  BOOST_TEST(mechanism.parameters[1].name == "SURF.aer.particle number concentration");
  BOOST_TEST(mechanism.parameters[1].units == "m-3");
}

BOOST_AUTO_TEST_CASE(rates_that_the_host_sets) {
  const auto parameter = [](const std::string& text) {
    const Mechanism mechanism = with(text);
    return mechanism.parameters.at(0).name + " [" + mechanism.parameters.at(0).units + "]";
  };
  const std::string photolysis = "type: PHOTOLYSIS, name: jA, scaling factor: 2" + one;
  BOOST_TEST(rate(photolysis, 300, 1, {0.5}) == 1, rounding);
  BOOST_TEST(parameter(photolysis) == "PHOTO.jA [s-1]");
  BOOST_TEST(with(photolysis).reactions[0].photolysis);
  const std::string loss = "type: FIRST_ORDER_LOSS, name: dry A, reactants: [A]";
  BOOST_TEST(rate(loss, 300, 1, {0.5}) == 0.5, rounding);
  BOOST_TEST(parameter(loss) == "LOSS.dry A [s-1]");
  BOOST_TEST(!with(loss).reactions[0].photolysis);
  // 1e-9 mol m-3 s-1 * 6.02214076e17 molecules cm-3 per mol m-3.
  const std::string emission = "type: EMISSION, name: A, products: [A]";
  BOOST_TEST(rate(emission, 300, 1, {1e-9}) == 6.02214076e8, rounding);
  BOOST_TEST(parameter(emission) == "EMIS.A [mol m-3 s-1]");
  const std::string user = "type: USER_DEFINED, name: k, scaling factor: 3";
  BOOST_TEST(rate(user + one, 300, 1, {2}) == 6, rounding);
  BOOST_TEST(rate(user + two, 300, 1, {2}) == 6 * f, rounding);
  BOOST_TEST(rate(user + three, 300, 1, {2}) == 6 * f * f, rounding);
  BOOST_TEST(parameter(user + one) == "USER.k [s-1]");
  BOOST_TEST(parameter(user + two) == "USER.k [m3 mol-1 s-1]");
  BOOST_TEST(parameter(user + three) == "USER.k [m6 mol-2 s-1]");
}

BOOST_AUTO_TEST_CASE(parameters_are_shared_by_type_and_name) {
  const Mechanism mechanism = with("type: PHOTOLYSIS, name: j" + one +
                                   "}\n- {gas phase: gas, type: PHOTOLYSIS, name: j, reactants: [B], "
                                   "products: []}\n- {gas phase: gas, type: PHOTOLYSIS, name: J" +
                                   one + "}\n- {gas phase: gas, type: USER_DEFINED, name: j" + two);
  BOOST_TEST_REQUIRE(mechanism.parameters.size() == 3u);
  BOOST_TEST(mechanism.parameters[1].name == "PHOTO.J");  // another one: names keep their case
  BOOST_TEST(mechanism.parameters[2].name == "USER.j");
  RateContext context = make_rate_context({});
  const std::vector<double> values{1, 2, 3};
  context.parameters = values;
  BOOST_TEST(mechanism.reactions[0].rate.value(context) == 1);
  BOOST_TEST(mechanism.reactions[1].rate.value(context) == 1);
  BOOST_TEST(mechanism.reactions[2].rate.value(context) == 2);
}
