#define BOOST_TEST_MODULE chemistry_kpp_fortran
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/chemical_system.hpp>
#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/chemistry/mechanism_edit.hpp>

using namespace chemnne;

namespace {

const std::string head =
    "#DEFVAR A = IGNORE; B = IGNORE; C = IGNORE; UNUSED = IGNORE;\n#DEFFIX F = IGNORE;\n";

/// A, B, C and F react; `rate` is that of the first reaction, `code` stands in F90_RCONST from line 5 on.
Mechanism parse(const std::string& rate, const std::string& code, const std::string& global = "") {
  return parse_kpp(head + "#INLINE F90_GLOBAL " + global + "\n#ENDINLINE #INLINE F90_RCONST\n" + code +
                       "\n#ENDINLINE\n#EQUATIONS\nA + F = B + C : " + rate + ";\n",
                   "test.kpp");
}

bool refuses(const std::string& rate, const std::string& code, const std::string& part_of_message,
             const std::string& global = "") {
  try {
    parse(rate, code, global);
  } catch (const Error& error) {
    if (std::string(error.what()).find(part_of_message) != std::string::npos) return true;
    BOOST_TEST_MESSAGE(error.what());
  }
  return false;
}

std::vector<std::string> peroxy_radicals(const std::string& code) {
  std::vector<std::string> names;
  const Mechanism mechanism = parse("RO2", code);
  for (const std::size_t i : mechanism.peroxy_radicals) names.push_back(mechanism.species[i].name);
  return names;
}

using Names = std::vector<std::string>;

double rate(const Mechanism& mechanism) {
  return mechanism.reactions[0].rate.value(make_rate_context({.temperature = 285}));
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_sum_of_peroxy_radicals_goes_over_lines) {
  BOOST_TEST(
      peroxy_radicals("RO2 = C(ind_C) + &   ! comment\n  ! another\n  &  C( IND_A )") == (Names{"A", "C"}),
      boost::test_tools::per_element());
  BOOST_TEST(peroxy_radicals("RO2 = C(ind_C)\nRO2 = RO2 + C(ind_A)") == (Names{"A", "C"}),
             boost::test_tools::per_element());
  BOOST_TEST(peroxy_radicals("RO2 = C(ind_C)\nRO2 = C(ind_A)") == Names{"A"},
             boost::test_tools::per_element());
  // Left out with its species, which no equation has.
  BOOST_TEST(peroxy_radicals("RO2 = C(ind_UNUSED) + C(ind_A)") == Names{"A"},
             boost::test_tools::per_element());
  BOOST_TEST(peroxy_radicals("ro2 = c(ind_A)") == Names{"A"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(sums_that_cannot_be_are_refused) {
  BOOST_TEST(refuses("RO2", "", "which species RO2 is the sum of"));
  BOOST_TEST(refuses("RO2*RO2", "RO2 = C(ind_A)", "linear in RO2"));
  BOOST_TEST(refuses("K*RO2", "RO2 = C(ind_A)\nK = 1/RO2", "linear in RO2"));
  BOOST_TEST(refuses("K", "RO2 = C(ind_A)\nK = 2*RO2\nRO2 = RO2 + C(ind_B)",
                     "line 7, column 1: expected RO2 complete before another constant follows it"));
  BOOST_TEST(
      refuses("RO2", "RO2 = C(ind_A) + C(ind_X)", "line 5, column 24, the sum RO2: expected a species that"));
  BOOST_TEST(
      refuses("RO2", "RO2 = C(ind_F)", "the sum RO2: expected a species that #DEFVAR declares, found 'F'"));
  BOOST_TEST(refuses("RO2", "RO2 = C(ind_A) + C(ind_A)", "once in the sum RO2, found 'A'"));
  BOOST_TEST(refuses("RO2", "RO2 = 2*C(ind_A)", "), a concentration"));
  BOOST_TEST(refuses("RO2", "RO2 = C(ind_A)\nRO2 = RO2 + 0.5*C(ind_B)", "), a concentration"));
  BOOST_TEST(refuses("RO2", "RO2 = 7\nRO2 = RO2 + C(ind_B)", "), a concentration"));
  BOOST_TEST(peroxy_radicals("RO2 = 7\nRO2 = C(ind_A)") == Names{"A"}, boost::test_tools::per_element());
  BOOST_TEST(parse("RO2", "RO2 = 7").peroxy_radicals.empty());
  BOOST_TEST(rate(parse("RO2", "RO2 = 7")) == 7.0);
}

BOOST_AUTO_TEST_CASE(constants_count_in_the_order_of_the_file) {
  BOOST_TEST(rate(parse("kx", "KY = 3\nkX = KY*2.0_dp\nKY = 5")) == 6.0);
  BOOST_TEST(rate(parse("K", "K = 1\nK = K + TEMP")) == 286.0);
  BOOST_TEST(refuses("KX", "KX = KY\nKY = 3", "line 5, column 6, constant KX: expected one of TEMP"));
  BOOST_TEST(refuses("2*KX", "KX = KY", "found the unknown name 'KY' (for reaction <1>)"));
  BOOST_TEST(rate(parse("2", "KX = nonsense")) == 2.0);  // no rate needs it
  BOOST_TEST(rate(parse("R(3)*2 + R( n )", "n = 2\nR(3) = 4\nR(n) = 1", "\nINTEGER :: n")) == 9.0);
}

BOOST_AUTO_TEST_CASE(places_in_a_block_on_one_line_are_true) {
  const std::string text = "#DEFVAR A = IGNORE; #INLINE F90_RCONST KX = KY #ENDINLINE #EQUATIONS A = A : KX;";
  BOOST_CHECK_EXCEPTION(parse_kpp(text, "test.kpp"), Error, [&](const Error& error) {
    return error.where() ==
           "test.kpp, line 1, column " + std::to_string(text.find("KY") + 1) + ", constant KX";
  });
}

BOOST_AUTO_TEST_CASE(parameters_are_real_scalars_of_the_host) {
  const std::string global =
      "\n  REAL(dp)::M, RES1, Res2, R(3), half = 0.5_dp\n INTEGER, PARAMETER :: N = 71\n"
      "REAL(dp), PARAMETER :: P = 3\n REAL, SAVE :: RES1, RES3 &\n , RES4 ! RES5\n";
  const Mechanism mechanism = parse("RES2*2 + RES4", "", global);
  Names names;
  for (const Parameter& parameter : mechanism.parameters) names.push_back(parameter.name);
  BOOST_TEST(names == (Names{"RES1", "Res2", "RES3", "RES4"}), boost::test_tools::per_element());
  const std::vector<double> values{1, 10, 100, 1000};
  RateContext context = make_rate_context({});
  context.parameters = values;
  BOOST_TEST(mechanism.reactions[0].rate.value(context) == 1020.0);
  BOOST_TEST(parse("RES1", "RES1 = 3", global).reactions[0].rate.is_constant());
  BOOST_TEST(refuses("RES5", "", "unknown name 'RES5'", global));
  BOOST_TEST(rate(parse("HALF*P*N", "", global)) == 0.5 * 3 * 71);
}

BOOST_AUTO_TEST_CASE(statements_that_are_not_understood_are_errors_that_name_them) {
  const char* const statements[] = {"+ C(ind_B)",
                                    "CALL set_rates(KX)",
                                    "READ (7, *) KX",
                                    "GOTO 10",
                                    "EQUIVALENCE (KX, KY)",
                                    "SELECT CASE (n)\nCASE (1)\nKX = 1\nEND SELECT",
                                    "DO WHILE (KX < 3)\nKX = KX + 1\nEND DO",
                                    "WHERE (x > 0) x = 1",
                                    "#ifdef NEW",
                                    "END IF",
                                    "END"};
  for (const std::string statement : statements) {
    const std::string first = statement.substr(0, statement.find('\n'));
    BOOST_TEST(refuses("KX", "KX = 1\n" + statement, "line 6, column 1: expected "), statement);
    BOOST_TEST(refuses("KX", "KX = 1\n" + statement, ", found '" + first + "'"), statement);
  }
  for (const char* assignment :
       {"KX = 2*", "KX = (1", "KX = 1 + & 2", "KX(1,) = 3", "KX = 1 .AND. 2", "KX = 1;2"})
    BOOST_TEST(refuses("1", assignment, "test.kpp, line 5, column "), assignment);
  BOOST_TEST(
      refuses("KX", "IF (1 < 2) THEN\nKX = 1", "expected END IF after the IF, found 'IF (1 < 2) THEN'"));
  BOOST_TEST(refuses("KX", "DO i = 1, 2\nKX = 1", "expected END DO after the DO"));
}

BOOST_AUTO_TEST_CASE(what_can_influence_no_rate_constant_is_passed_over) {
  const std::string code =
      "USE constants_mcm, ONLY : J\nIMPLICIT NONE\nCHARACTER(LEN=3) :: name = 'a;b'  ! it''s\n"
      "CALL Update_SUN()\n  call define_constants_mcm\nIF (TEMP > 300) PRINT *, 'hot; IF (x) KX = 7'\n"
      "WRITE (6, '(A)') \"! no comment\"; KX = 3\nTYPE :: state\n REAL :: KX = 9\nEND TYPE state\n"
      "TYPE(state) :: s\nSUBROUTINE other()\nIF (1 < 2) THEN\nKX = 4\nEND IF\nEND SUBROUTINE\n";
  BOOST_TEST(rate(parse("KX", code)) == 3.0);
}

BOOST_AUTO_TEST_CASE(all_that_is_not_understood_is_listed_where_that_is_asked_for) {
  const Mechanism mechanism =
      parse_kpp(head +
                    "#INLINE F90_RCONST\nKX = 1 +\nCALL x(3)\nKY = 2\nIF (KY > ) KY = 3\n#ENDINLINE\n"
                    "#EQUATIONS A = B : KX; B = C + F : KY; A = C : KZ; A = B : KX;",
                "test.kpp", {.collect_unresolved = true});
  BOOST_TEST_REQUIRE(mechanism.not_understood.size() == 3u);
  BOOST_TEST(mechanism.not_understood[0].find("test.kpp, line 4, column 9, constant KX") == 0u);
  BOOST_TEST(mechanism.not_understood[1].find("'CALL x(3)'") != std::string::npos);
  BOOST_TEST(mechanism.not_understood[2].find("line 7, column 10") != std::string::npos);
  Names names;
  for (const UnresolvedRate& one : mechanism.unresolved) names.push_back(one.name);
  BOOST_TEST(names == (Names{"KX", "KZ", "KX"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_sum_of_peroxy_radicals_grows_as_mecca_writes_it) {
  const std::string code =
      "RO2 = 0.\nIF (ind_A>0) RO2 = RO2 + C(ind_A)\nIF (ind_X>0) RO2 = RO2 + C(ind_X)\n"
      "IF (ind_UNUSED /= 0) RO2 = RO2 + C(ind_UNUSED)\nIF (ind_c.GT.0) RO2 = RO2 + C(ind_C)\n";
  BOOST_TEST(peroxy_radicals(code) == (Names{"A", "C"}), boost::test_tools::per_element());
  BOOST_TEST(peroxy_radicals("RO2 = 0&\n+C(ind_A)&\n+C(ind_B)") == (Names{"A", "B"}),
             boost::test_tools::per_element());
  BOOST_TEST(peroxy_radicals("RO2 = 0").empty());
  BOOST_TEST(refuses("RO2", "RO2 = C(ind_A)\nIF (TEMP > 250) RO2 = RO2 + C(ind_B)",
                     "line 6, column 17: expected RO2 as the same sum whatever the conditions are"));
  BOOST_TEST(refuses("RO2", "RO2 = C(ind_A)\n&\n + C(ind_B)", "line 7, column 2: expected an assignment"));
  BOOST_TEST(rate(parse("3*RO2", "RO2 = C(ind_A)\nRO2 = 5.0")) == 15.0);
  BOOST_TEST(parse("3*RO2", "RO2 = C(ind_A)\nRO2 = 5.0").peroxy_radicals.empty());
}

BOOST_AUTO_TEST_CASE(concentrations_of_fixed_species_are_numbers) {
  const auto with = [](const std::string& constant) {
    return parse_kpp(
        "#DEFVAR A = IGNORE; B = IGNORE;\n#DEFFIX F = IGNORE; H2O = IGNORE; M = IGNORE; G = IGNORE;\n"
        "#INLINE F90_RCONST\n K = " +
            constant +
            "\n#ENDINLINE\n"
            "#EQUATIONS A + F + H2O = B : K;\n#INITVALUES CFACTOR = 2; F = 1E4; G = 5;",
        "test.kpp");
  };
  const RateContext context = make_rate_context({.temperature = 285});
  const auto value = [&](const std::string& constant) {
    RateContext with_fixed = context;
    const double fixed[] = {2e4, 1e17};
    with_fixed.fixed = fixed;
    return with(constant).reactions[0].rate.value(with_fixed);
  };
  BOOST_TEST(value("2*C(ind_F)") == 4e4);
  BOOST_TEST(value("FIX(indf_h2o)") == 1e17);
  BOOST_TEST(value("C(ind_M)") == context.air);  // in no equation: the environment's
  BOOST_TEST(value("C(KPP_G)") == 10.0);         // in no equation: that of the file
  for (const char* variable : {"C(ind_B)", "VAR(ind_B)"}) {
    BOOST_CHECK_EXCEPTION(with("1.0E-3*" + std::string(variable)), UnknownRateName,
                          [&](const UnknownRateName& error) {
                            return error.name() == variable &&
                                   std::string(error.what()).find("(for reaction <1>)") != std::string::npos;
                          });
  }
}

BOOST_AUTO_TEST_CASE(a_rate_that_names_a_species_is_told_so) {
  BOOST_TEST(refuses("KRO2NO*B", "", "reaction <1>: expected one of TEMP"));
  BOOST_TEST(
      refuses("KRO2NO*B", "", "found 'B', a species, whose concentration no rate constant may follow"));
  BOOST_TEST(refuses("KRO2NO*C(ind_B)", "", "reaction <1>: expected a rate of temperature"));
}

BOOST_AUTO_TEST_CASE(rates_follow_fixed_species_of_the_host) {
  const Mechanism mechanism = parse_kpp(
      "#DEFVAR A = IGNORE;\n#DEFFIX F = IGNORE; O2 = IGNORE;\n#EQUATIONS A + F = O2 : 2*C(ind_F)*C(ind_O2);",
      "test.kpp");
  ChemicalSystem system(mechanism);
  system.set_environment({});
  BOOST_TEST(system.effective_rate_constants()[0] == 0.0);
  system.set_fixed(std::vector<double>{3, 5});
  BOOST_TEST(system.effective_rate_constants()[0] == 2 * 3 * 5 * 3.0);
  system.set_environment({});
  BOOST_TEST(system.effective_rate_constants()[0] == 2 * 3 * system.fixed()[1] * 3);
  Mechanism changed = mechanism;
  BOOST_CHECK_THROW(make_variable(changed, std::vector<std::string>{"F"}), Error);
}

BOOST_AUTO_TEST_CASE(names_that_nobody_defines_are_the_hosts_if_they_have_an_index) {
  const Mechanism mechanism =
      parse_kpp(head +
                    "#EQUATIONS A = B : j( Pj_no2 ); A = C : jx(ip_NO2)*2; B = F : PHOTOL(3) + photol(3); C "
                    "= A : HET(ind_A,1);"
                    "A = B : k_Trop(2); A = B : TIME*1E-9; A = B : Hetero(State_Het);",
                "test.kpp");
  Names names;
  for (const Parameter& parameter : mechanism.parameters) names.push_back(parameter.name);
  BOOST_TEST(names == (Names{"j(Pj_no2)", "jx(ip_NO2)", "PHOTOL(3)", "HET(ind_A,1)", "k_Trop(2)", "TIME",
                             "Hetero(State_Het)"}),
             boost::test_tools::per_element());
  BOOST_TEST(mechanism.parameters[5].units == "s");
  // Arguments are no indices.
  for (const char* rate : {"HET(TEMP)", "HET(1.5)", "HET(1E-3, C_M)", "HET()", "HET(1+1)"})
    BOOST_TEST(refuses(rate, "", "the unknown function 'HET'"), rate);
}

/// MECCA declares what its host fills.
BOOST_AUTO_TEST_CASE(elements_of_an_array_whose_index_nobody_defines_are_the_hosts) {
  const Mechanism mechanism =
      parse("3*jx( ip_NO2 ) + k_p", "k_p = 2*jx(ip_O1D); own(ind_B) = 7; k_p = k_p + own(ind_B)",
            "\nINTEGER, PARAMETER :: IP_MAX = 200\nREAL(dp) :: jx(IP_MAX) = 0., own(5) = 0.");
  BOOST_TEST_REQUIRE(mechanism.parameters.size() == 2u);
  BOOST_TEST(mechanism.parameters[0].name == "jx(ip_O1D)");
  BOOST_TEST(mechanism.parameters[1].name == "jx(ip_NO2)");
  const std::vector<double> values{10, 100};
  RateContext context = make_rate_context({.temperature = 298});
  context.parameters = values;
  BOOST_TEST(mechanism.reactions[0].rate.value(context) == 3 * 100 + 2 * 10 + 7.0);
  BOOST_TEST(rate(parse("jx(2)", "", "\nREAL(dp) :: jx(3) = 4.")) == 4.0);
}

/// Heterogeneous uptake of GEOS-Chem: what the host computes of its own objects, whatever else it takes.
BOOST_AUTO_TEST_CASE(functions_of_an_object_of_the_host_are_its_parameters) {
  const Mechanism mechanism = parse_kpp(
      head +
          "#EQUATIONS A = B : uptake( SR_MW(ind_A), 0.10_dp, State_Het );\n"
          "B = A : 2*Uptake(SR_MW(ind_A),0.10_dp,State_Het) + uptake(SR_MW(ind_B), .FALSE., State_Het);"
          "A = C : het(State_Het, TEMP*(1 + 2), C(ind_A));",
      "test.kpp");
  Names names;
  for (const Parameter& parameter : mechanism.parameters) names.push_back(parameter.name);
  BOOST_TEST(names == (Names{"uptake(SR_MW(ind_A),0.10_dp,State_Het)",
                             "uptake(SR_MW(ind_B),.FALSE.,State_Het)", "het(State_Het,TEMP*(1+2),C(ind_A))"}),
             boost::test_tools::per_element());
  const std::vector<double> values{3, 4, 5};
  RateContext context = make_rate_context({.temperature = 298});
  context.parameters = values;
  BOOST_TEST(mechanism.reactions[1].rate.value(context) == 2 * 3 + 4.0);
  // A name within an expression is none.
  for (const char* rate :
       {"HET(1.5, 2*State_Het)", "HET(EXP(-Typo/TEMP), 1.5)", "HET(State_Het", "HET(1.5, (A)"})
    BOOST_TEST(refuses(rate, "", "the unknown function 'HET'"), rate);
}

BOOST_AUTO_TEST_CASE(globals_of_kpp_and_of_models_have_their_values) {
  const std::string text = head + "#INITVALUES CFACTOR = 2.5E19;\n#EQUATIONS A + F = B + C : ";
  const RateContext context = make_rate_context({.temperature = 285});
  const auto value = [&](const std::string& rate) {
    return parse_kpp(text + rate + ";", "test.kpp").reactions[0].rate.value(context);
  };
  BOOST_TEST(value("CFACTOR") == 2.5e19);
  for (const char* air : {"M", "C_M", "cair", "NUMDEN"}) BOOST_TEST(value(air) == context.air, air);
  BOOST_TEST(value("C_H2O") == context.water);
  BOOST_TEST(value("SR_TEMP*SR_TEMP*INV_TEMP") == 1.0, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(rate(parse("CFACTOR", "")) == 1.0);
  BOOST_TEST(rate(parse("cair", "cair = 7")) == 7.0);  // the file's own counts
  BOOST_TEST(parse("cair", "", "\nREAL(dp) :: cair, TEMP").parameters.empty());
}

/// Each with what KPP's Fortran, run, makes of it, or what it must be.
BOOST_AUTO_TEST_CASE(cases_that_were_silently_wrong) {
  const std::string folder = std::string(CHEMNNE_SHARED_DIRECTORY) + "/cases/";
  const auto rate_of = [&](const std::string& file, std::size_t reaction, double temperature) {
    const Mechanism mechanism = read_kpp(folder + file);
    ChemicalSystem system(mechanism);
    system.set_environment({.temperature = temperature});
    return system.effective_rate_constants()[reaction];
  };
  std::FILE* const there = std::fopen((folder + "README.md").c_str(), "rb");
  if (!there) return static_cast<void>(std::printf("skipped: no shared data\n"));
  std::fclose(there);
  const auto rounding = boost::test_tools::tolerance(1e-14);
  BOOST_TEST(rate_of("b_a2_one_line_if.kpp", 0, 240) == 3e-4);
  BOOST_TEST(rate_of("b_a2_one_line_if.kpp", 0, 298) == 1e-4);
  BOOST_TEST(rate_of("b_a4_do_loop.kpp", 0, 298) == 8e-4, rounding);
  BOOST_TEST(rate_of("b_a8_semicolon_two_statements.kpp", 0, 298) == 1e-4);
  BOOST_TEST(rate_of("b_a8_semicolon_two_statements.kpp", 1, 298) == 2e-4);
  BOOST_TEST(rate_of("a5_integer_division.kpp", 0, 298) == 0.0);
  BOOST_TEST(rate_of("a3_conc_constant.kpp", 0, 298) ==
                 1.5e-12 * (1 + 1.4e-21 * water_number_density({.temperature = 298})),
             rounding);
  BOOST_TEST(rate_of("k12_cfactor_in_rate.kpp", 0, 298) == 1e-10, rounding);
  BOOST_TEST(rate_of("k13_f90_rates_function.kpp", 0, 298) == 1e-12 * std::exp(-300. / 298), rounding);
  BOOST_TEST(read_kpp(folder + "k14_wrf_j.kpp").parameters.size() == 3u);
  for (const char* file : {"b_a1_mecca_ro2.kpp", "a13_ro2_zero_plus.kpp"})
    BOOST_TEST(read_kpp(folder + file).peroxy_radicals.size() == 2u, file);
  for (const char* file : {"e1_broken_continuation.kpp", "c11_conc_in_rate.kpp"})
    BOOST_CHECK_THROW(read_kpp(folder + file), Error);
}
