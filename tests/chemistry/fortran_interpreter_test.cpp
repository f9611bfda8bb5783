#define BOOST_TEST_MODULE chemistry_fortran_interpreter
#include <cmath>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/kpp_reader.hpp>

using namespace chemnne;

namespace {

Mechanism parse(const std::string& rate, const std::string& code, const std::string& functions = "") {
  return parse_kpp("#DEFVAR A = IGNORE; B = IGNORE;\n#INLINE F90_RATES\n" + functions +
                       "\n#ENDINLINE\n#INLINE F90_RCONST\n" + code +
                       "\n#ENDINLINE\n#EQUATIONS\n<r> A = B : " + rate + ";\n",
                   "test.kpp");
}

double value(const std::string& rate, const std::string& code, double temperature = 285,
             const std::string& functions = "") {
  return parse(rate, code, functions)
      .reactions[0]
      .rate.value(make_rate_context({.temperature = temperature}));
}

/// A function k(x) of these statements, at x = TEMP.
double function(const std::string& body, double temperature) {
  return value("k(TEMP)", "", temperature,
               "REAL(dp) FUNCTION k(x)\nREAL(dp), INTENT(IN) :: x\n" + body + "\nEND FUNCTION k");
}

bool refuses(const std::string& rate, const std::string& code, const std::string& part_of_message,
             const std::string& functions = "") {
  try {
    parse(rate, code, functions);
  } catch (const Error& error) {
    if (std::string(error.what()).find(part_of_message) != std::string::npos) return true;
    BOOST_TEST_MESSAGE(error.what());
  }
  return false;
}

const auto rounding = boost::test_tools::tolerance(1e-14);

}  // namespace

BOOST_AUTO_TEST_CASE(conditions_that_are_known_choose_a_branch) {
  const std::string code =
      "n = 2\nIF (n == 1) THEN\nk = 1\nELSE IF (n >= 2 .AND. n /= 3) THEN\nk = 2\nELSE\nk = 3\nEND IF\n";
  BOOST_TEST(value("k", code) == 2.0);
  BOOST_TEST(parse("k", code).reactions[0].rate.is_constant());
  BOOST_TEST(value("k", "k = 1\nIF (.NOT. .TRUE.) k = nonsense(") == 1.0);  // never compiled
}

BOOST_AUTO_TEST_CASE(conditions_on_the_environment_choose_in_each_environment) {
  const std::string code =
      "a = 1; b = 2\nIF (TEMP < 250) THEN\na = 10\nIF (TEMP < 200) b = 20*a\nELSE IF (TEMP <= 280.) THEN\nb "
      "= 3\nELSE\n"
      "a = b + 5\nEND IF\nk = a*1000 + b";
  BOOST_TEST(value("k", code, 190) == 10200.0);
  BOOST_TEST(value("k", code, 220) == 10002.0);
  BOOST_TEST(value("k", code, 250) == 1003.0);
  BOOST_TEST(value("k", code, 280) == 1003.0);
  BOOST_TEST(value("k", code, 290) == 7002.0);
}

BOOST_AUTO_TEST_CASE(a_branch_that_is_not_taken_does_not_matter) {
  const std::string code =
      "k = 5\nIF (TEMP > 270) THEN\nk = LOG(270 - TEMP)\nk = MAX(k, 1/(TEMP - TEMP))\nEND IF";
  BOOST_TEST(value("k", code, 260) == 5.0);
  BOOST_TEST(value("MERGE(EXP(1E5*TEMP), 2.0, TEMP < 0)", "") == 2.0);
}

BOOST_AUTO_TEST_CASE(a_variable_without_a_value_in_each_branch_is_none) {
  BOOST_TEST(refuses("k", "IF (TEMP > 270) k = 3", "a value of K whatever the conditions are"));
  BOOST_TEST(value("1", "IF (TEMP > 270) k = 3") == 1.0);
  BOOST_TEST(
      refuses("k", "k = 1\nIF (unknown > 270) k = 3", "found the unknown name 'unknown' (for reaction <r>)"));
  BOOST_TEST(refuses("k", "k = 1\nIF (TEMP) k = 3", "expected a condition, found a number"));
}

BOOST_AUTO_TEST_CASE(loops_turn_as_often_as_fortran_has_them_turn) {
  BOOST_TEST(value("k", "k = 1\nDO i = 1, 3\nk = k*2\nEND DO") == 8.0);
  BOOST_TEST(value("k + i", "k = 0\nDO i = 10, 1, -4\nk = k + i\nENDDO") == 10 + 6 + 2 - 2.0);
  BOOST_TEST(value("k", "k = 7\nDO i = 1, 0\nk = 0\nEND DO") == 7.0);
  BOOST_TEST(value("k", "k = 0\nDO i = 1, 3\nDO j = i, 3\nIF (i == j) k = k + TEMP*i\nEND DO\nEND DO", 250) ==
             1500.0);
  BOOST_TEST(refuses("k", "DO i = 1, 1000000000\nk = 1\nEND DO", "at most 10000 turns of a loop"));
  BOOST_TEST(refuses("k", "DO i = 1, 9000\nDO j = 1, 9000\nk = i\nEND DO\nEND DO", "statements to execute"));
  BOOST_TEST(refuses("k", "DO i = 1, 3, 0\nk = 1\nEND DO", "turns of a loop"));
  BOOST_TEST(refuses("k", "DO i = 1, INT(TEMP)\nk = 1\nEND DO", "known when the file is read"));
}

BOOST_AUTO_TEST_CASE(integers_are_cut_off_as_they_are_declared) {
  BOOST_TEST(value("k", "INTEGER :: n\nREAL :: k\nn = 7.9\nk = n/2") == 3.0);
  BOOST_TEST(value("k", "k = 1/2 + 1./2 + 7/2*2 + 2**(-1) + (-7)/2") == 0 + 0.5 + 6 + 0 - 3.0);
  BOOST_TEST(value("1.0E-4*(1/2)", "") == 0.0);
  BOOST_TEST(value("k/2", "k = 1") == 0.5);  // not declared: real
  BOOST_TEST(value("n", "INTEGER n\nn = TEMP/2", 285) == 142.0);
}

BOOST_AUTO_TEST_CASE(arrays_have_elements) {
  const std::string code = "REAL :: a(2,2)\na = 1.5\na(1,2) = 4\nDO i = 1, 2\na(i,i) = a(1,2)*i\nEND DO";
  BOOST_TEST(value("a(1,1) + 10*a(1,2) + 100*a(2,1) + 1000*a(2,2)", code) == 4 + 40 + 150 + 8000.0);
  BOOST_TEST(refuses("k(TEMP)", "", "a value of A(...)",
                     "REAL FUNCTION k(x)\nREAL :: x, a(3)\na(1) = x\nk = a(2)\nEND FUNCTION"));
}

BOOST_AUTO_TEST_CASE(functions_have_arguments_and_names_of_their_own) {
  const std::string functions =
      "REAL(dp) FUNCTION arr(a0, b0, TEMP)\nREAL(dp), INTENT(IN) :: a0, b0, TEMP\nREAL(dp) :: k\n"
      "k = a0*EXP(-b0/TEMP)\narr = k\nEND FUNCTION arr\n"
      "REAL(dp) FUNCTION twice(x)\ntwice = 2*arr(x, 0.0_dp, 1._dp)\nEND FUNCTION\n"
      "REAL(dp) FUNCTION half(n)\nINTEGER :: n\nhalf = n/2\nEND FUNCTION\n";
  BOOST_TEST(value("arr(2.0_dp, 300._dp, TEMP*2)", "k = 7", 150, functions) == 2 * std::exp(-1), rounding);
  BOOST_TEST(value("k + twice(k)", "k = 7", 150, functions) == 21.0);  // its k is not ours
  BOOST_TEST(value("half(7)", "", 150, functions) == 3.0);
  // The file's own count before those that are built in, of the same number of arguments.
  const std::string own = "REAL FUNCTION ARR2(a, b, t)\nARR2 = a + b + t\nEND FUNCTION\n";
  BOOST_TEST(value("ARR2(1., 2., TEMP)", "", 250, own) == 253.0);
  BOOST_TEST(value("ARR2(1., 250.)", "", 250, own) == std::exp(1), rounding);
}

BOOST_AUTO_TEST_CASE(return_leaves_a_function_where_its_condition_holds) {
  const std::string body = "IF (x < 200) THEN\nk = 1\nRETURN\nEND IF\nk = 2\nIF (x > 280) RETURN\nk = k + x";
  BOOST_TEST(function(body, 190) == 1.0);
  BOOST_TEST(function(body, 250) == 252.0);
  BOOST_TEST(function(body, 290) == 2.0);
  BOOST_TEST(function("k = 3\nRETURN\nk = 4", 250) == 3.0);
  BOOST_TEST(function("k = 0\nDO i = 1, 5\nk = k + 1\nIF (i == 3) RETURN\nEND DO", 250) == 3.0);
  BOOST_TEST(
      function(
          "IF (x > 250) THEN\nIF (x > 300) THEN\nk = 1\nRETURN\nEND IF\nk = 2\nELSE\nk = 3\nRETURN\nEND IF\n"
          "k = k + 10",
          260) == 12.0);
}

BOOST_AUTO_TEST_CASE(a_function_that_is_not_understood_is_an_error_where_it_is_called) {
  const std::string functions =
      "REAL FUNCTION f(x)\nREAL :: x(:)\nWHERE (x > 0) x = 1\nf = SUM(x)\nEND FUNCTION\n";
  BOOST_TEST(value("1", "", 285, functions) == 1.0);
  BOOST_TEST(refuses("f(TEMP)", "", "test.kpp, line 5, column 1, function F: expected ", functions));
  BOOST_TEST(refuses("f(TEMP)", "", "found 'WHERE (x > 0) x = 1' (for reaction <r>)", functions));
  BOOST_TEST(refuses("f(TEMP, 2)", "", "f, which takes 1 argument, found 2", functions));
  BOOST_TEST(refuses("g(1.)", "", "20 deep", "REAL FUNCTION g(x)\ng = g(x)\nEND FUNCTION"));
  BOOST_TEST(refuses("g(1.)", "", "a value of G", "REAL FUNCTION g(x)\ny = x\nEND FUNCTION"));
}

BOOST_AUTO_TEST_CASE(growth_is_bounded) {
  std::string doubling = "k = TEMP\n", conditions = "k = TEMP\n", returns;
  for (int i = 0; i < 30; ++i) doubling += "IF (k > " + std::to_string(i) + ") k = k*k\n";
  for (int i = 0; i < 5000; ++i) conditions += "IF (TEMP > 1) k = 1\n";
  for (int i = 0; i < 5000; ++i) returns += "IF (TEMP > 1) RETURN\n";
  BOOST_TEST(refuses("k", doubling, "operations"));
  BOOST_TEST(refuses("k", conditions, "operations"));
  BOOST_TEST(refuses("k", returns + "k = 1", "conditions in each other"));
}
