#define BOOST_TEST_MODULE chemistry_fortran_intrinsics
#include <cmath>
#include <limits>
#include <string>

#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/rate_compiler.hpp>

using namespace chemnne;

namespace {

double value(const std::string& text) {
  RateNames names;
  names.fortran = true;
  return compile_rate(text, names).value(make_rate_context({.temperature = 250}));
}

bool refuses(const std::string& text, const std::string& part_of_message) {
  try {
    value(text);
  } catch (const Error& error) {
    if (std::string(error.what()).find(part_of_message) != std::string::npos) return true;
    BOOST_TEST_MESSAGE(error.what());
  }
  return false;
}

const auto rounding = boost::test_tools::tolerance(1e-14);

}  // namespace

/// Of constants, and of TEMP, which is 250: what is folded is what is computed.
BOOST_AUTO_TEST_CASE(functions_of_real_numbers) {
  for (const std::string x : {"0.4", "(TEMP/625)"}) {
    BOOST_TEST(value("SIN(" + x + ")") == std::sin(0.4), rounding);
    BOOST_TEST(value("DCOS(" + x + ")") == std::cos(0.4), rounding);
    BOOST_TEST(value("tan(" + x + ")") == std::tan(0.4), rounding);
    BOOST_TEST(value("ASIN(" + x + ")") == std::asin(0.4), rounding);
    BOOST_TEST(value("ACOS(-" + x + ")") == std::acos(-0.4), rounding);
    BOOST_TEST(value("ATAN(" + x + ")") == std::atan(0.4), rounding);
    BOOST_TEST(value("ATAN2(" + x + ", -1.)") == std::atan2(0.4, -1), rounding);
    BOOST_TEST(value("SINH(" + x + ")") == std::sinh(0.4), rounding);
    BOOST_TEST(value("COSH(" + x + ")") == std::cosh(0.4), rounding);
    BOOST_TEST(value("TANH(" + x + ")") == std::tanh(0.4), rounding);
    BOOST_TEST(value("DEXP(" + x + ") + DLOG(" + x + ") + ALOG10(" + x + ") + DSQRT(" + x + ")") ==
                   std::exp(0.4) + std::log(0.4) + std::log10(0.4) + std::sqrt(0.4),
               rounding);
  }
}

BOOST_AUTO_TEST_CASE(whole_numbers_and_signs) {
  BOOST_TEST(value("INT(-2.7) + 10*NINT(-2.5) + 100*NINT(2.4)") == -2 - 30 + 200.0);
  BOOST_TEST(value("FLOOR(-2.1) + 10*CEILING(-2.1) + 100*FLOOR(3.) + 1000*CEILING(2.1)") ==
             -3 - 20 + 300 + 3000.0);
  BOOST_TEST(value("AINT(2.7)/2") == 1.0);
  BOOST_TEST(value("INT(TEMP)/100") == 2.0);  // an integer of the environment
  BOOST_TEST(value("MOD(-7, 3) + 10*MODULO(-7, 3)") == -1 + 20.0);
  BOOST_TEST(value("MOD(TEMP, 60.)") == 10.0);
  BOOST_TEST(value("SIGN(3., -0.5) + SIGN(-2., TEMP)") == -1.0);
  BOOST_TEST(value("DIM(3., 1.) + DIM(1., 3.)") == 2.0);
  BOOST_TEST(value("ABS(-7)/2") == 3.0);
  BOOST_TEST(value("MAX(1, 7, 3)/2 + MAX(1., 7)/2 + AMIN1(2., TEMP)") == 3 + 3.5 + 2);
  BOOST_TEST(value("REAL(7, dp)/2 + DBLE(1)/2 + REAL(1, KIND=8)/2 + INT(7.9, 4)/2") == 3.5 + 0.5 + 0.5 + 3);
}

BOOST_AUTO_TEST_CASE(merge_takes_one_of_two) {
  BOOST_TEST(value("MERGE(1, 2, TEMP > 200.) + MERGE(10, 20, 1 > 2)") == 21.0);
  BOOST_TEST(value("MERGE(1, 2, .TRUE.)/2") == 0.0);
  BOOST_TEST(refuses("MERGE(1, 2, 3)", "expected a condition, found a number"));
  BOOST_TEST(refuses("MERGE(1, 2)", "MERGE, which takes 3 arguments, found 2"));
  BOOST_TEST(refuses("SIN(1, 2)", "SIN, which takes 1 argument, found 2"));
}

BOOST_AUTO_TEST_CASE(conditions_are_those_of_fortran) {
  const auto holds = [](const std::string& condition) {
    return value("MERGE(1, 0, " + condition + ")") == 1;
  };
  for (const char* condition : {"TEMP<251", "TEMP.LE.250.AND.TEMP.GE.250", "TEMP == 250.", "TEMP /= 3",
                                "1.lt.2.or.2<1", ".NOT.TEMP>250", ".NOT. 1 > 2 .AND. 3 >= 3",
                                "1 > 2 .EQV. 3 > 4", "1 > 2 .NEQV. 3 < 4", "TEMP/2 > 100 + 20", "2.*2.EQ.4.",
                                ".true. .AND. .NOT. .FALSE.", "(TEMP > 1 .OR. TEMP < 0) .AND. TEMP > 1"}) {
    BOOST_TEST(holds(condition), condition);
    BOOST_TEST(!holds(std::string(".NOT. (") + condition + ")"), condition);
  }
  for (const char* text :
       {"TEMP > 250", ".TRUE.", "1 + (1 < 2)", "MERGE(1, 0, 1 < 2 < 3)", "-(1 < 2)", "MERGE(1,0,1.AND.2)"})
    BOOST_TEST(refuses(text, "expected"), text);
}

/// As 0 < 1/0 is not, and not the contrary of 0 >= 1/0 either where it is no number.
BOOST_AUTO_TEST_CASE(what_is_no_number_compares_with_nothing) {
  RateNames names;
  RateContext context = make_rate_context({});
  context.sun = std::numeric_limits<double>::quiet_NaN();
  for (const char* sign : {"<", "<=", ">", ">=", "=="})
    BOOST_TEST(compile_rate(std::string("MERGE(1, 0, SUN ") + sign + " 1)", names).value(context) == 0.0,
               sign);
  BOOST_TEST(compile_rate("MERGE(1, 0, SUN /= 1)", names).value(context) == 1.0);
}

BOOST_AUTO_TEST_CASE(numbers_are_integers_in_fortran_alone) {
  BOOST_TEST(value("1/2 + 2**(-1) + 1_4/2 + 1.d0/2 + 1e0/2") == 1.0);
  BOOST_TEST(value("2**3**2/100") == 5.0);
  BOOST_TEST(value("2^-1") == 0.5);  // no operator of Fortran
  BOOST_TEST(compile_rate("1/2").value(make_rate_context({})) == 0.5);
}
