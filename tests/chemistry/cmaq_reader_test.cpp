#define BOOST_TEST_MODULE chemistry_cmaq_reader
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "damaged_texts.hpp"
#include "rate_evaluators.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/cmaq_reader.hpp>

using namespace chemnne;

namespace {

/// Every type of rate.
const std::string all_rates = R"(KINDS
ELIMINATE =
XC;
END ELIMINATE
REACTIONS[CM] =
<back>  B = A # 2.7E-27 @ -11000 *E<fall>;
<plain> A + B = C # 2.0E-12;
<power> A + O2 + M = C + XC - 0.5*B # 6.0E-34 ^ -2.6;
<warm>  A + m = C # 8.0E-12@2060;
<both>  A + CH4 = C # 2.03E-16 ^4.57 @-693;
<J>     A = B # 1.0/<NO2_X>;
<J2>    A = B # 0.5/<NO2_X>;
<J3>    A = B # 2/*<J2>;
<het>   A + B = # 1.0~<HETERO>;
<times> A + B = # 0.84*K<fall>;
<fall>  A + B = # 3.6E-30 ^ -4.1 & 1.9E-12 ^ 0.2 @ -10 & 0.35 & 1.33;
<fall2> A + B = # 9.0E-32^-1.5 & 3.0E-11;
<press> A + B = %1 # 1.5E-13;
<two>   A + B = %2 # 2.4E-14@-460 & 2.7E-17@-2199 & 6.5E-34@-1335;
<three> A + B + H2O = %3 # 3.08E-34@-2800 & 2.66E-54@-3180;
<more>  A + B = %3 # 6.1e-14^-1.0@-270 & 6.9e-34^1@-270 & -6.0e-14@-270;
<form>  A = %4 # KX*PRES*EXP(-10/TEMP) + 1.0D-30*(CH4 + O2);
<sea>   A = %H # 6.7E-11@-10.7 & 3.4E-08@0.67 & 2.0E-6;
END MECH
CONSTANTS
<C1> ATM_AIR = 1.0E+06
<C4> ATM_O2 = 0.21E+06
END CONSTANTS
FUNCTIONS
KY = 2.0;
KX = KY*(TEMP/300);
END FUNCTIONS
)";

Mechanism parse(const std::string& text) { return parse_cmaq(text, "folder/mech_small.def"); }

std::string reactions(const std::string& lines, const std::string& before = "",
                      const std::string& units = "CM") {
  return before + "REACTIONS[" + units + "] =\n" + lines + "\nEND MECH\n";
}

std::string message(const std::string& text) {
  try {
    parse(text);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

bool refuses(const std::string& text, const std::string& part) {
  const std::string found = message(text);
  BOOST_TEST_MESSAGE(found);
  return found.find(part) != std::string::npos;
}

struct Air {
  double temperature, pressure;
};

double rate(const Mechanism& mechanism, const std::string& label, const Air& air) {
  std::vector<double> parameters;
  for (std::size_t i = 0; i < mechanism.parameters.size(); ++i)
    parameters.push_back(static_cast<double>(i + 1));
  RateContext context = make_rate_context({.temperature = air.temperature, .pressure = air.pressure});
  context.parameters = parameters;
  for (const Reaction& one : mechanism.reactions)
    if (one.label == label) return one.rate.value(context);
  throw Error(label, "a reaction", "none");
}

}  // namespace

BOOST_AUTO_TEST_CASE(species_are_those_of_the_reactions_and_what_is_constant_is_fixed) {
  const Mechanism mechanism = parse(all_rates);
  BOOST_TEST(mechanism.name == "KINDS");
  std::string names;
  for (const Species& one : mechanism.species) names += one.name + " ";
  BOOST_TEST(names == "B A C M O2 H2O CH4 ");  // m is M; XC is eliminated
  BOOST_TEST(mechanism.variable_species == 3u);
  const auto abundance = [&](const char* name) {
    return *mechanism.species[mechanism.index_of(name)].abundance;
  };
  BOOST_TEST(abundance("M").factor == 1);
  BOOST_TEST(abundance("O2").factor == 0.21, boost::test_tools::tolerance(1e-15));
  BOOST_TEST(abundance("CH4").factor == 1.85e-6,
             boost::test_tools::tolerance(1e-15));  // not stated: the usual
  BOOST_TEST((abundance("H2O").variable == &RateContext::water));
  const Reaction& power = mechanism.reactions[2];
  BOOST_TEST(power.label == "power");
  BOOST_TEST(power.line == 8u);
  BOOST_TEST(power.text == "A + O2 + M = C + XC - 0.5*B # 6.0E-34 ^ -2.6");
  BOOST_TEST_REQUIRE(power.products.size() == 2u);
  BOOST_TEST(power.products[1].coefficient == -0.5);
}

/// Values computed here from CHEMMECH's table of formulas.
BOOST_AUTO_TEST_CASE(each_type_of_rate_has_its_formula) {
  const Mechanism mechanism = parse(all_rates);
  const auto close = boost::test_tools::tolerance(1e-12);
  for (const Air& air : {Air{298, 101300}, Air{240, 20000}}) {
    const double t = air.temperature, p = air.pressure / 101325, x = t / 300;
    const double m = make_rate_context({.temperature = t, .pressure = air.pressure}).air;
    const auto fall = [&](double k0, double k1, double f, double n) {
      const double r = k0 * m / k1;
      return k0 * m / (1 + r) * std::pow(f, 1 / (1 + std::pow(std::log10(r) / n, 2)));
    };
    const auto found = [&](const char* label) { return rate(mechanism, label, air); };
    BOOST_TEST(found("plain") == 2e-12);
    BOOST_TEST(found("power") == 6e-34 * std::pow(x, -2.6), close);
    BOOST_TEST(found("warm") == 8e-12 * std::exp(-2060 / t), close);
    BOOST_TEST(found("both") == 2.03e-16 * std::pow(x, 4.57) * std::exp(693 / t), close);
    const double of_fall =
        fall(3.6e-30 * std::pow(x, -4.1), 1.9e-12 * std::pow(x, 0.2) * std::exp(10 / t), 0.35, 1.33);
    BOOST_TEST(found("fall") == of_fall, close);
    BOOST_TEST(found("times") == 0.84 * of_fall, close);
    BOOST_TEST(found("back") == of_fall * std::exp(-11000 / t) / 2.7e-27, close);
    BOOST_TEST(found("fall2") == fall(9e-32 * std::pow(x, -1.5), 3e-11, 0.6, 1), close);
    BOOST_TEST(found("press") == 1.5e-13 * (1 + 0.6 * p), close);
    const double k3 = 6.5e-34 * std::exp(1335 / t) * m, k2 = 2.7e-17 * std::exp(2199 / t);
    BOOST_TEST(found("two") == 2.4e-14 * std::exp(460 / t) + k3 / (1 + k3 / k2), close);
    BOOST_TEST(found("three") == 3.08e-34 * std::exp(2800 / t) + 2.66e-54 * std::exp(3180 / t) * m, close);
    BOOST_TEST(found("more") == std::exp(270 / t) * (6.1e-14 / x + 6.9e-34 * x * m - 6e-14), close);
    BOOST_TEST(found("form") == 2 * x * p * std::exp(-10 / t) + 1e-30 * (1.85e-6 + 0.21) * m, close);
  }
}

BOOST_AUTO_TEST_CASE(what_the_host_gives_is_a_parameter_by_its_label) {
  const Mechanism mechanism = parse(all_rates);
  std::string parameters;
  for (const Parameter& one : mechanism.parameters) parameters += one.name + " [" + one.units + "], ";
  BOOST_TEST(parameters == "NO2_X [s-1], HETERO [cm3 molecule-1 s-1], sea [s-1], ");
  const Air air{280, 9e4};
  BOOST_TEST(rate(mechanism, "J", air) == 1);
  BOOST_TEST(rate(mechanism, "J2", air) == 0.5);
  BOOST_TEST(rate(mechanism, "J3", air) == 1);
  BOOST_TEST(rate(mechanism, "het", air) == 2);
  BOOST_TEST(rate(mechanism, "sea", air) == 3);
  std::string light;
  for (const Reaction& one : mechanism.reactions)
    if (one.photolysis) light += one.label + " ";
  BOOST_TEST(light == "J J2 J3 ");
}

/// The formulas are written down for the solver's program, none can but be called.
BOOST_AUTO_TEST_CASE(rates_are_the_same_in_all_evaluators) {
  const Mechanism mechanism = parse(all_rates);
  BOOST_TEST(RateProgram(mechanism).calls().empty());
  BOOST_TEST(test::difference_of_evaluators(mechanism) < 1e-12);
}

/// rate = 2 (0.5 k_1 [X] - k_2 [X] [Z]) [Y]: X and Z are there before and after.
BOOST_AUTO_TEST_CASE(a_sum_over_concentrations_becomes_a_reaction_a_term) {
  const Mechanism mechanism = parse(
      reactions("<R1> X = # 3; <R2> Z = # 5; <sum> Y = Z # 2.0?OP; <one> Y = # ?OK;",
                "SPECIAL =\nOP = 0.5*K<R1>*C<X> - OX*C<Z>;\nOX = K<R2>*C<X>;\nOK = 7.0;\nEND special\n"));
  BOOST_TEST_REQUIRE(mechanism.reactions.size() == 5u);
  const Reaction& first = mechanism.reactions[2];
  const Reaction& second = mechanism.reactions[3];
  BOOST_TEST(first.label == "sum.1");
  BOOST_TEST(rate(mechanism, "sum.1", {280, 9e4}) == 3);
  BOOST_TEST(rate(mechanism, "sum.2", {280, 9e4}) == -10);
  BOOST_TEST(rate(mechanism, "one", {280, 9e4}) == 7);
  BOOST_TEST(first.reactants.size() == 2u);   // Y + X
  BOOST_TEST(first.products.size() == 2u);    // Z + X
  BOOST_TEST(second.reactants.size() == 3u);  // Y + Z + X
  BOOST_TEST_REQUIRE(second.products.size() == 2u);
  BOOST_TEST(second.products[0].coefficient == 2);  // Z, made and given back
}

/// k in ppm^(1-n) min-1 is k / (60 (1e-6 [M])^(n-1)) in molecules cm-3 and s; fall-offs are in the latter.
BOOST_AUTO_TEST_CASE(ppm_and_minutes_are_converted) {
  const std::string lines =
      "<1> A = # 30; <2> A + B = # 1.2@100; <3> A + O2 + M = # 0.5^-2; <4> A + B = # 2*K<2>; <J> A = # 1/<J>;"
      "<5> A + B = # 9.0E-32 & 3.0E-11; <6> A + B = %1 # 440; <7> A + B = %3 # 1E-13@0 & 1E-33@0;";
  const Mechanism ppm = parse(reactions(lines, "", "PP")), cm = parse(reactions(lines));
  const auto close = boost::test_tools::tolerance(1e-12);
  for (const Air& air : {Air{298, 101300}, Air{240, 20000}}) {
    const double per_ppm =
        1e6 / make_rate_context({.temperature = air.temperature, .pressure = air.pressure}).air;
    const auto ratio = [&](const char* label) { return rate(ppm, label, air) / rate(cm, label, air); };
    BOOST_TEST(ratio("1") == 1. / 60, close);
    BOOST_TEST(ratio("2") == per_ppm / 60, close);
    BOOST_TEST(ratio("3") == per_ppm * per_ppm / 60, close);
    BOOST_TEST(ratio("4") == per_ppm / 60, close);
    BOOST_TEST(ratio("6") == per_ppm / 60, close);
    for (const char* const label : {"J", "5", "7"}) BOOST_TEST(ratio(label) == 1);
  }
}

BOOST_AUTO_TEST_CASE(formulas_that_name_something_unknown_are_collected_where_asked) {
  const std::string text = reactions("<1> A = B %4 # 2*NOBODY; <2> B = A # 3*K<1>; <3> A = # 1;");
  BOOST_TEST(refuses(text, "reaction <1>"));
  BOOST_TEST(refuses(text, "NOBODY"));
  const Mechanism mechanism = parse_cmaq(text, "test.def", {.collect_unresolved = true});
  BOOST_TEST_REQUIRE(mechanism.unresolved.size() == 2u);
  BOOST_TEST(mechanism.unresolved[0].name == "NOBODY");
  BOOST_TEST(mechanism.unresolved[1].reaction == 1u);
  BOOST_TEST(std::isnan(rate(mechanism, "1", {280, 9e4})));
  BOOST_TEST(rate(mechanism, "3", {280, 9e4}) == 1);
}

BOOST_AUTO_TEST_CASE(errors_say_where_and_what) {
  const auto says = [](const std::string& lines, const std::string& part) {
    return refuses(reactions(lines), part);
  };
  BOOST_TEST(says("<1> A = # x;", "line 2, column 11, reaction <1>: expected a number"));
  BOOST_TEST(says("<1> A = # 1 2;", "line 2, column 13, reaction <1>: expected '^', '@', '&', '/<J>'"));
  BOOST_TEST(says("<1> A = # 1/J;", "reaction <1>: expected '<' before a label"));
  BOOST_TEST(says("<1> A = # 1*K<2>;", "line 2, column 15: expected the label of a reaction, found '2'"));
  BOOST_TEST(says("A = # 1; <2> A = # 1*K< >;", "expected the label of a reaction, found ' '"));
  BOOST_TEST(
      says("<1> A = # 1; <1> A = # 2;", "line 2, column 18: expected every label once, found '1' again"));
  BOOST_TEST(says("<1> A = # 1*L<1>;", "reaction <1>: expected A*K<label> or A@C*E<label>"));
  BOOST_TEST(says("<1> A = # 0@1*E<1>;", "expected a number above 0 before '@'"));
  BOOST_TEST(says("<1> A = # 1*K<1>;", "at most 100 rates that lead to one another, and none to itself"));
  BOOST_TEST(says("<1> A = # 1*K<2>; <2> A = # 1*K<1>;", "none to itself"));
  BOOST_TEST(says("<1> A = # 1 & 0;", "expected numbers above 0 behind '&'"));
  BOOST_TEST(says("<1> A = %6 # 1;", "expected %1, %2, %3, %4, %5 or %H before '#'"));
  BOOST_TEST(says("<1> A = %2 # 1@1;", "expected '&' between the three constants of %2"));
  BOOST_TEST(says("<1> A = %4 # C<A>;", "reaction <1>"));
  BOOST_TEST(says("<1> A = # 1?OP;", "expected an operator that SPECIAL defines"));
  BOOST_TEST(says("<1> A+A+A+A+A+A+A+A+A+A = # 1;", "expected at most 9 reactants"));
  BOOST_TEST(
      refuses(reactions("<1> X = # 1;", "ELIMINATE = X; END\n"), "ELIMINATE does not list, found 'X'"));
  BOOST_TEST(refuses(reactions("<1> X = # 1?O;", "SPECIAL = O = O; END\n"), "not by itself"));
  BOOST_TEST(refuses("NAME\n", "a mechanism with REACTIONS"));
  BOOST_CHECK_THROW(read_cmaq("/nowhere/at.all"), Error);
}

/// No file may crash the reader: whatever random editing makes of a file, it is read or refused with an
/// Error.
BOOST_AUTO_TEST_CASE(damaged_files_are_read_or_refused) {
  static constexpr const char* pieces[] = {"<",   ">",  "#",    "%4", "&", ";", "+",
                                           "*E<", "\n", "END ", "(",  "{", "!", "\xff"};
  const test::DamagedTexts texts(all_rates, pieces, 3000, [](const std::string& text) { parse(text); });
  BOOST_TEST(texts.read > 300u);
  BOOST_TEST(texts.refused > 300u);
}
