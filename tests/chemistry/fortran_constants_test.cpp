#define BOOST_TEST_MODULE chemistry_fortran_constants
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/kpp_reader.hpp>

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
  BOOST_TEST(refuses("K*RO2", "K = 1/RO2\nRO2 = C(ind_A)", "linear in RO2"));
  BOOST_TEST(
      refuses("RO2", "RO2 = C(ind_A) + C(ind_X)", "line 5, column 24, the sum RO2: expected a species that"));
  BOOST_TEST(
      refuses("RO2", "RO2 = C(ind_F)", "the sum RO2: expected a species that #DEFVAR declares, found 'F'"));
  BOOST_TEST(refuses("RO2", "RO2 = C(ind_A) + C(ind_A)", "once in the sum RO2, found 'A'"));
  BOOST_TEST(refuses("RO2", "RO2 = 2*C(ind_A)", "C(...), a concentration"));
  BOOST_TEST(refuses("RO2", "RO2 = C(ind_A)\nRO2 = RO2 + 0.5*C(ind_B)", "C(...), a concentration"));
  BOOST_TEST(refuses("RO2", "RO2 = 7\nRO2 = RO2 + C(ind_B)", "C(...), a concentration"));
  BOOST_TEST(peroxy_radicals("RO2 = 7\nRO2 = C(ind_A)") == Names{"A"}, boost::test_tools::per_element());
  BOOST_TEST(parse("RO2", "RO2 = 7").peroxy_radicals.empty());
  BOOST_TEST(rate(parse("RO2", "RO2 = 7")) == 7.0);
}

BOOST_AUTO_TEST_CASE(constants_count_in_the_order_of_the_file) {
  BOOST_TEST(rate(parse("kx", "KY = 3\nkX = KY*2.0_dp\nKY = 5")) == 6.0);
  BOOST_TEST(rate(parse("K", "K = 1\nK = K + TEMP")) == 286.0);
  BOOST_TEST(refuses("KX", "KX = KY\nKY = 3", "line 5, column 6, constant KX: expected one of TEMP"));
  BOOST_TEST(refuses("KX", "KX = J(NPHOT)", "line 5, column 8, constant KX"));
  BOOST_TEST(rate(parse("2", "KX = nonsense +\nCALL update\nR(3) = 4")) == 2.0);  // no rate needs them
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
  BOOST_TEST(refuses("HALF", "", "unknown name 'HALF'", global));
}
