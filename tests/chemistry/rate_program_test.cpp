#define BOOST_TEST_MODULE chemistry_rate_program
#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "../data/data_test_tools.hpp"
#include "rate_program_cases.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/chemistry/rate_compiler.hpp>
#include <chemnne/chemistry/rate_program.hpp>

using namespace chemnne;
using test::contains;
using test::message_of;

namespace {

/// Values of all nodes, one after the other.
std::vector<double> evaluate(const RateProgram& program, std::span<const double> inputs) {
  std::vector<double> values;
  for (const RateNode& node : program.nodes()) {
    if (node.operation == RateNodeOperation::constant)
      values.push_back(node.number);
    else if (node.operation == RateNodeOperation::input)
      values.push_back(inputs[node.a]);
    else if (node.operation == RateNodeOperation::call) {
      const RateCall& call = program.calls()[node.a];
      RateContext context{};
      context.parameters = inputs.subspan(environment_inputs, program.parameters());
      for (const auto& one : program.context().variables) context.*one.first = values[one.second];
      for (const auto& one : program.context().photolysis) context.photolysis[one.first] = values[one.second];
      std::vector<double> arguments;
      for (const auto argument : call.arguments) arguments.push_back(values[argument]);
      values.push_back(call.function->value(context, arguments));
    } else
      values.push_back(rate_node_value(node.operation, values[node.a], values[node.b], values[node.c]));
  }
  return values;
}

/// Rates, then slopes.
std::vector<double> results(const RateProgram& program, std::span<const double> inputs) {
  const std::vector<double> values = evaluate(program, inputs);
  std::vector<double> result;
  for (std::size_t r = 0; r < program.reactions(); ++r) result.push_back(values[program.rate(r)]);
  for (const RateProgram::Slope& slope : program.slopes()) result.push_back(values[slope.node]);
  return result;
}

/// A mechanism of one reaction, A = B, with parameters P and Q and this rate.
Mechanism with_rate(const std::string& rate, const ReadOptions& options = {}) {
  return parse_kpp(
      "#DEFVAR\nA = IGNORE; B = IGNORE;\n#INLINE F90_GLOBAL\n  REAL(dp) :: P, Q\n#ENDINLINE\n"
      "#INLINE F90_RCONST\nRO2 = C(ind_A)\n#ENDINLINE\n#EQUATIONS\n<1> A = B : " +
          rate + " ;\n",
      "one.kpp", options);
}

bool calls(const RateProgram& program) {
  return std::any_of(program.nodes().begin(), program.nodes().end(),
                     [](const RateNode& node) { return node.operation == RateNodeOperation::call; });
}

/// Some roundings, and those of exponents of some hundred (photolysis next to the horizon).
constexpr double tolerance = 1e-12;
/// Next to numbers that lose digits.
constexpr double negligible = 1e-290;

}  // namespace

BOOST_AUTO_TEST_CASE(rates_and_slopes_are_those_of_the_chemical_system) {
  for (const Mechanism& mechanism : test::all_mechanisms()) {
    const RateProgram program(mechanism);
    BOOST_TEST(program.reactions() == mechanism.reactions.size());
    Random random{11};
    for (int i = 0; i < 20; ++i) {
      const std::vector<double> inputs = test::random_inputs(program, random),
                                found = results(program, inputs);
      for (const double sum : test::peroxy_radical_sums) {
        const double difference =
            test::largest_difference(test::rates_at(program, found, sum),
                                     test::expected_rates(mechanism, program, inputs, sum), negligible);
        BOOST_TEST(difference < tolerance, mechanism.name << ", sum " << sum << ": " << difference);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_table_of_photolysis_takes_the_place_of_the_clear_sky) {
  auto table = std::make_shared<PhotolysisTable>();
  Random random{12};
  for (const McmPhotolysis& row : mcm_photolysis_table) {
    table->value[static_cast<std::size_t>(row.number)] = 1e-6 * random.uniform();
    table->coefficient[static_cast<std::size_t>(row.number)] = random.uniform(-0.01, 0.01);
  }
  table->value[4] = 0;
  const Mechanism mechanism = read_mechanism(CHEMNNE_SOURCE_DIRECTORY "/examples/mechanisms/troposphere.eqn");
  const RateProgram program(mechanism, table);
  for (int i = 0; i < 20; ++i) {
    const std::vector<double> inputs = test::random_inputs(program, random);
    BOOST_TEST(test::largest_difference(results(program, inputs),
                                        test::expected_rates(mechanism, program, inputs, 0, table),
                                        negligible) < tolerance);
  }
}

BOOST_AUTO_TEST_CASE(photolysis_is_that_of_the_mechanism_s_version) {
  const std::string text =
      "#DEFVAR A; B;\n#EQUATIONS A = B : J(18); B = A : J(57)*RO2;\n"
      "#INLINE F90_RCONST\nRO2 = C(ind_A)\n#ENDINLINE";
  const Mechanism old = parse_kpp("{MCM v3.2}" + text, "old.kpp"),
                  now = parse_kpp("{MCM v3.3.1}" + text, "now.kpp");
  Random random{13};
  for (const Mechanism* mechanism : {&old, &now}) {
    const RateProgram program(*mechanism);
    const std::vector<double> inputs = test::random_inputs(program, random);
    BOOST_TEST(test::largest_difference(test::rates_at(program, results(program, inputs), 1e9),
                                        test::expected_rates(*mechanism, program, inputs, 1e9),
                                        negligible) < tolerance);
  }
  // J18 at noon by their factors l, 1.140e-5 and 1.482e-6; the exponents are the same.
  const std::vector<double> noon{298, 1e5, 50, 1, 1};
  BOOST_TEST(results(RateProgram(old), noon)[0] / results(RateProgram(now), noon)[0] == 1.140e-5 / 1.482e-6,
             boost::test_tools::tolerance(1e-12));
  BOOST_TEST(old.fingerprint() != now.fingerprint());
}

BOOST_AUTO_TEST_CASE(photolysis_is_zero_at_night_and_vanishes_at_the_horizon) {
  const Mechanism mechanism = read_mechanism(CHEMNNE_SOURCE_DIRECTORY "/examples/mechanisms/troposphere.eqn");
  const RateProgram program(mechanism);
  std::vector<double> inputs{280, 1e5, 50, 0, 1};
  for (const double cosine : {-1.0, -1e-9, -0.0, 0.0, 1e-300, 1e-5, 1e-4}) {
    inputs[cosine_zenith_input] = cosine;
    const std::vector<double> found = results(program, inputs);
    for (std::size_t r = 0; r < program.reactions(); ++r)
      if (mechanism.reactions[r].photolysis) BOOST_TEST(found[r] == 0, cosine << " " << r);
  }
}

BOOST_AUTO_TEST_CASE(a_program_has_each_operation_once_and_none_in_vain) {
  for (const Mechanism& mechanism : test::all_mechanisms()) {
    const RateProgram program(mechanism);
    std::vector<bool> read(program.size(), false);
    for (std::size_t r = 0; r < program.reactions(); ++r) read[program.rate(r)] = true;
    for (const RateProgram::Slope& slope : program.slopes()) {
      read[slope.node] = true;
      BOOST_TEST(mechanism.reactions[slope.reaction].rate.uses_peroxy_radicals());
    }
    std::set<std::tuple<RateNodeOperation, RateProgram::Index, RateProgram::Index, double>> known;
    bool ordered = true, folded = true;
    for (RateProgram::Index i = 0; i < program.size(); ++i) {
      const RateNode& node = program.nodes()[i];
      known.emplace(node.operation, node.a, node.b, node.number);
      bool constant = operand_count(node.operation) > 0;
      program.for_each_operand(i, [&](RateProgram::Index operand) {
        read[operand] = true;
        ordered = ordered && operand < i;
        constant = constant && program.nodes()[operand].operation == RateNodeOperation::constant;
      });
      folded = folded && !constant;
    }
    BOOST_TEST(known.size() == program.size());
    BOOST_TEST(ordered);
    BOOST_TEST(folded);
    BOOST_TEST(std::count(read.begin(), read.end(), false) == 0, mechanism.name);
  }
}

BOOST_AUTO_TEST_CASE(the_troposphere_needs_few_exponentials) {
  const Mechanism mechanism = read_mechanism(CHEMNNE_SOURCE_DIRECTORY "/examples/mechanisms/troposphere.eqn");
  const RateProgram program(mechanism);
  const auto count = [&](RateNodeOperation operation) {
    return std::count_if(program.nodes().begin(), program.nodes().end(),
                         [&](const RateNode& node) { return node.operation == operation; });
  };
  // Of T, P and cos: powers of T, fall-off curves and photolysis have them in common.
  BOOST_TEST(count(RateNodeOperation::logarithm) == 3);
  BOOST_TEST(count(RateNodeOperation::power) == 0);
  BOOST_TEST(count(RateNodeOperation::exponential) <= static_cast<long>(program.reactions()));
}

BOOST_AUTO_TEST_CASE(expressions_keep_their_values_whatever_they_are_rewritten_to) {
  const char* const texts[] = {
      "P**2", "P**3", "P**(-3)", "P**0", "P**1", "P**0.5", "P**1.7", "P**(-1.7)", "P**65", "2**P", "TEMP**P",
      "(TEMP/300)**(-4)", "(300/TEMP)**4*(TEMP/300)**3.9", "P**Q", "Q**P", "(2*P)**Q",
      "EXP(P)*EXP(Q)*EXP(-P)", "EXP(P)/EXP(Q)", "3*P*EXP(2*Q)/(5*EXP(Q))", "LOG(EXP(P)*TEMP/M)", "LOG10(4*P)",
      "LOG(P*Q)", "LOG(P/Q)", "LOG(SQRT(TEMP*PRESS))", "SQRT(P)", "ABS(P)", "ABS(TEMP)", "MIN(P, Q)",
      "MAX(Q, P)", "MIN(P, 0)", "-P", "P - Q", "P - 2*Q", "(P + 1) - (Q + 3)", "2 - (P + 1)",
      "(1 + P) + (2 + Q)", "P/Q", "2/P", "P/2", "(P/3)/(Q/5)", "1/(1/TEMP)", "P/(1/TEMP)", "0*TEMP", "0*P",
      "0/TEMP", "1E200*P*1E200", "P/1E-310", "1E-200*P*1E-200", "SUN*JFAC", "RH + COSX", "N2 + O2 - M", "H2O",
      "J(4)*P", "SIN(P) - COS(2*Q)", "TAN(P)", "ATAN2(P, Q)", "ACOS(P/40) + ASIN(Q/40) + ATAN(P)",
      "INT(1.7*P)", "MOD(P, 0.7) + MODULO(Q, 0.7)", "NINT(1.3*P) + FLOOR(1.3*P) - CEILING(1.3*Q)",
      "SIGN(P, Q)", "MERGE(P, Q, P < Q)", "MERGE(P, Q, P >= 0.25 .AND. .NOT. Q == 1)",
      "MERGE(1, 0, P > 0 .OR. Q /= 30 .EQV. P <= Q)", "MERGE(EXP(P), 2*EXP(Q), TEMP > 200)*EXP(-P)",
      // Branches that cannot be, and are not taken where they cannot.
      "MERGE(LOG(P), 7, P > 0)", "MERGE(1/P, 7, P /= 0) + MERGE(Q, EXP(1E4 + TEMP), TEMP < 300)",
      "MERGE(0*LOG(P), SQRT(P), P < 0)"};
  const double numbers[] = {-3, -1, -0.5, 0, 0.25, 1, 2, 30};
  for (const std::string text : texts) {
    const Mechanism mechanism = with_rate(text);
    const RateProgram program(mechanism);
    for (const double p : numbers)
      for (const double q : numbers) {
        const std::vector<double> inputs{250, 7e4, 40, 0.3, 2, p, q};
        RateContext context = make_rate_context(test::environment_of(program, inputs));
        const double parameters[] = {p, q};
        context.parameters = parameters;
        const double expected = mechanism.reactions[0].rate.value(context),
                     found = results(program, inputs)[0];
        if (std::isfinite(expected))
          BOOST_TEST(std::abs(found - expected) <= tolerance * std::abs(expected),
                     text << " of " << p << ", " << q);
        else
          BOOST_TEST((std::isnan(expected) ? std::isnan(found) : found == expected),
                     text << " of " << p << ", " << q << ": " << found << " for " << expected);
      }
  }
}

BOOST_AUTO_TEST_CASE(slopes_by_hand) {
  const auto at = [](const std::string& rate) {
    const RateProgram program(with_rate(rate));
    BOOST_TEST(program.slopes().size() == 1u);
    return results(program, std::vector<double>{280, 1e5, 50, 0.5, 1, 3, 5});
  };
  using Both = std::vector<double>;
  BOOST_TEST((at("RO2") == Both{0, 1}));
  BOOST_TEST((at("P*RO2*2") == Both{0, 6}));
  BOOST_TEST((at("P*(1 + 4*RO2)/Q") == Both{0.6, 12 / 5.0}), boost::test_tools::per_element());
  BOOST_TEST((at("P - RO2*Q + RO2") == Both{3, -4}));
  BOOST_TEST((at("-(RO2/4 - P)") == Both{3, -0.25}));
  BOOST_TEST((at("RO2 - RO2 + P") == Both{3, 0}));
  BOOST_TEST((at("MERGE(RO2, 4*RO2 + P, TEMP > 270)") == Both{0, 1}));
  BOOST_TEST((at("MERGE(RO2, 4*RO2 + P, TEMP < 270)") == Both{3, 4}));
  BOOST_TEST((at("2*MERGE(RO2, P, Q == 5)") == Both{0, 2}));
}

BOOST_AUTO_TEST_CASE(built_in_functions_are_written_down_and_those_of_a_user_called) {
  BOOST_TEST(!calls(RateProgram(with_rate("EP2(1E-14, -460, 2.7E-17, -2199, 6.5E-34, -1335)"))));
  ReadOptions options;
  options.functions.add("EP3", 1, [](const RateContext& c, std::span<const double> p) {
    return p[0] * c.temperature + c.photolysis[4] + c.parameters[1] + c.water + c.peroxy_radicals;
  });
  options.functions.add("MINE", 0, [](const RateContext& c, std::span<const double>) { return c.air; });
  const Mechanism mechanism = with_rate("EP3(2*P) + 3*MINE + EP3(2*P)*EP3(P)", options);
  const RateProgram program(mechanism);
  BOOST_TEST(program.calls().size() == 3u);
  Random random{13};
  for (int i = 0; i < 20; ++i) {
    const std::vector<double> inputs = test::random_inputs(program, random);
    BOOST_TEST(test::largest_difference(results(program, inputs),
                                        test::expected_rates(mechanism, program, inputs, 0),
                                        negligible) < tolerance);
  }
}

/// Arguments that no file has: each function, of parameters.
BOOST_AUTO_TEST_CASE(built_in_functions_of_arguments_that_are_not_constant) {
  const char* const texts[] = {"ARR(P,100*Q,Q)",
                               "ARR_ab(P,Q)",
                               "ARR_ac(P,Q)",
                               "k_arr(P,Q,TEMP)",
                               "EP2(P,Q,Q,P,P,Q)",
                               "EP3(P,Q,P,Q)",
                               "FALL(P,Q,1,Q,P,-1,0.5+0.01*Q)",
                               "k3rd_jpl(M,P,Q,Q,P,0.6)",
                               "k3rd_iupac(M,P,Q,Q,P,0.4)",
                               "iupac_fall_off(P,Q,0.17*EXP(-51/TEMP))",
                               "k_3rd(TEMP,M,P,Q,Q,P,0.6)",
                               "k_3rd_iupac(TEMP,M,P,Q,Q,P,0.4)"};
  for (const std::string text : texts) {
    const Mechanism mechanism = with_rate(text);
    const RateProgram program(mechanism);
    BOOST_TEST(!calls(program), text);
    for (const double p : {0.1, 1.0, 3.0})
      for (const double q : {0.0, 0.5, 2.0}) {
        if (q == 0 && text[0] == 'i') continue;  // k0/0
        const std::vector<double> inputs{250, 7e4, 40, 0.3, 2, p, q};
        RateContext context = make_rate_context(test::environment_of(program, inputs));
        const double parameters[] = {p, q};
        context.parameters = parameters;
        const double expected = mechanism.reactions[0].rate.value(context),
                     found = results(program, inputs)[0];
        if (std::isfinite(expected))
          BOOST_TEST(std::abs(found - expected) <= tolerance * std::abs(expected),
                     text << " of " << p << ", " << q);
        else
          BOOST_TEST(!std::isfinite(found), text << " of " << p << ", " << q);
      }
  }
}

BOOST_AUTO_TEST_CASE(inputs_are_the_environment_the_parameters_and_what_is_fixed_by_the_host) {
  const Mechanism mechanism = parse_kpp(R"(#DEFVAR
A = IGNORE; B = IGNORE;
#DEFFIX
H2 = IGNORE; M = IGNORE; N2O = IGNORE;
#INLINE F90_GLOBAL
  REAL(dp) :: RES1
#ENDINLINE
#EQUATIONS
A + N2O + N2O = B : RES1 ;
A + M + H2 = B : 2 ;
A = B : 3*C(ind_H2)*C(ind_M) ;
)",
                                        "fixed.kpp");
  const RateProgram program(mechanism);
  const std::vector<std::string> names{
      "temperature", "pressure", "relative_humidity", "cosine_zenith", "photolysis_scaling", "RES1",
      "H2",          "N2O"};
  BOOST_TEST(program.input_names() == names, boost::test_tools::per_element());
  BOOST_TEST(program.fixed_species().size() == 2u);
  const std::vector<double> inputs{280, 1e5, 50, 0.5, 1, 7, 11, 13}, found = results(program, inputs);
  BOOST_TEST(found[0] == 7 * 13 * 13.0);
  BOOST_TEST(found[1] == 2 * 11 * number_density_of_pressure(1e5, 280),
             boost::test_tools::tolerance(tolerance));
  BOOST_TEST(found[2] == 3 * 11 * number_density_of_pressure(1e5, 280),
             boost::test_tools::tolerance(tolerance));
}

BOOST_AUTO_TEST_CASE(rates_that_can_never_be_are_errors_that_name_the_reaction) {
  Mechanism mechanism = with_rate("P");
  mechanism.reactions[0].rate = RateExpression(std::numeric_limits<double>::quiet_NaN());
  BOOST_TEST(contains(message_of([&] { RateProgram program(mechanism); }),
                      "reaction <1>: expected a finite rate constant"));
  const RateInstruction sum{.operation = RateOperation::variable, .variable = &RateContext::peroxy_radicals};
  const std::vector<RateInstruction> square{sum, sum, {.operation = RateOperation::multiply}};
  mechanism.reactions[0].rate = RateExpression(square);
  BOOST_TEST(contains(message_of([&] { RateProgram program(mechanism); }),
                      "reaction <1>: expected one that is linear"));
  mechanism = with_rate("P");
  mechanism.reactions[0].reactants[0].coefficient = 0.5;
  BOOST_TEST(contains(message_of([&] { RateProgram program(mechanism); }), "whole orders of 1 or more"));
}
