#define BOOST_TEST_MODULE chemistry_cmaq_parser
#include <string>

#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/cmaq_parser.hpp>

using namespace chemnne;

namespace {

std::string blanked(const std::string& text) { return detail::without_cmaq_comments(text, "test.def"); }

std::string message(const std::string& text) {
  try {
    const SourceText source("test.def", blanked(text));
    detail::CmaqParser(source).parse();
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

double number(const std::string& text) {
  const SourceText source("number", text);
  SourceCursor cursor(source);
  const auto value = detail::take_cmaq_number(cursor);
  BOOST_REQUIRE(value.has_value());
  BOOST_TEST(cursor.at_end(), text);
  return *value;
}

}  // namespace

BOOST_AUTO_TEST_CASE(comments_become_blanks_but_parentheses_of_formulas_stay) {
  BOOST_TEST(blanked("A ! b\nC") == "A    \nC");
  BOOST_TEST(blanked("A {b\nc} (d) E") == "A   \n       E");
  BOOST_TEST(blanked("# 1 (x) ;%4 # (1+2) (3);(c)") == "# 1     ;%4 # (1+2) (3);   ");
  BOOST_TEST(blanked("% 5 #(1)*\n(2);(c)") == "% 5 #(1)*\n(2);   ");
  BOOST_TEST(blanked("(c)\n  functions\nK=(1);L=(2);\nEND") == "   \n  functions\nK=(1);L=(2);\nEND");
  BOOST_TEST(refuses("A (b", "test.def, line 1, column 3: expected ')' that closes the comment"));
  BOOST_TEST(refuses("A {b", "test.def, line 1, column 3: expected '}' that closes the comment"));
}

/// CMAQ's own module has 7.7D-31 for its file's 7.7-31.
BOOST_AUTO_TEST_CASE(numbers_are_those_of_fortran) {
  BOOST_TEST(number("+1.5E-3") == 1.5e-3);
  BOOST_TEST(number("-940.") == -940);
  BOOST_TEST(number("7.7-31") == 7.7e-31);
  BOOST_TEST(number("- 2.+2") == -200);
  BOOST_TEST(number(".5d1") == 5);
}

BOOST_AUTO_TEST_CASE(blocks_are_read_in_any_case_and_without_spaces) {
  const std::string text = blanked(R"(! a comment
  Small_AE
special =
 OP = 0.5*K<R 1>*C<X> - K<R2>;
 OQ = OP + 2.0*C<Y>*OP;
end special
ELIMINATE =
 XN; XC;
END ELIMINATE
REACTIONS [ cm ]=
<R 1> A + B:c + M = 2.0*A - 0.5*B:c {why} + A # 1.0
   ^ -2 ;
A = # 3 ; < R2>= XN # 1;
endmech
CONSTANTS
< C4> ATM_O2 = 0.21E+06
END CONSTANTS
FUNCTIONS
 KX = 2*(TEMP/300) ;
END FUNCTIONS
)");
  const SourceText source("test.def", text);
  const detail::CmaqDocument document = detail::CmaqParser(source).parse();
  BOOST_TEST(document.name == "Small_AE");
  BOOST_TEST(!document.in_ppm_minutes);
  BOOST_TEST_REQUIRE(document.reactions.size() == 3u);
  const detail::CmaqReaction& first = document.reactions[0];
  BOOST_TEST(first.label == "R1");
  BOOST_TEST_REQUIRE(first.left.size() == 3u);
  BOOST_TEST(first.left[1].name.text() == "B:c");
  BOOST_TEST_REQUIRE(first.right.size() == 3u);
  BOOST_TEST(first.right[0].coefficient == 2);
  BOOST_TEST(first.right[1].coefficient == -0.5);
  BOOST_TEST(first.right[2].coefficient == 1);
  BOOST_TEST(first.rate.text().find("# 1.0\n   ^ -2") == 0u);
  BOOST_TEST(document.reactions[1].label.empty());
  BOOST_TEST(document.reactions[1].right.empty());
  BOOST_TEST(document.reactions[2].label == "R2");
  BOOST_TEST(document.reactions[2].left.empty());
  BOOST_TEST(document.eliminated.size() == 2u);
  BOOST_TEST(document.constants.at("ATM_O2") == 0.21e6);
  BOOST_TEST(document.constants.at("ATM_CH4") == 1.85);
  BOOST_TEST_REQUIRE(document.functions.size() == 1u);
  BOOST_TEST(document.functions[0].text.text() == " 2*(TEMP/300) ");
  BOOST_TEST_REQUIRE(document.operators.at("OP").size() == 2u);
  BOOST_TEST(document.operators.at("OP")[0].coefficient == 0.5);
  BOOST_TEST(document.operators.at("OP")[0].rates.at(0).text() == "R 1");
  BOOST_TEST(document.operators.at("OP")[1].coefficient == -1);
  BOOST_TEST(document.operators.at("OQ")[1].operators.at(0).text() == "OP");
}

BOOST_AUTO_TEST_CASE(a_species_may_begin_as_the_word_that_ends) {
  const SourceText source("test.def", "REAC[PP]=\nENDO + A = ENDO # 1;\nEND = A # 1;\nEND MECH\n");
  const detail::CmaqDocument document = detail::CmaqParser(source).parse();
  BOOST_TEST(document.in_ppm_minutes);
  BOOST_TEST_REQUIRE(document.reactions.size() == 2u);
  BOOST_TEST(document.reactions[0].left[0].name.text() == "ENDO");
}

BOOST_AUTO_TEST_CASE(errors_say_where_and_what) {
  BOOST_TEST(
      refuses("A B", "test.def, line 1, column 3: expected SPECIAL, ELIMINATE, REACTIONS, CONSTANTS or"));
  BOOST_TEST(refuses("X\nSTEADY_STATE =", "line 2, column 1: expected SPECIAL"));
  BOOST_TEST(refuses("REACTIONS = ", "line 1, column 11: expected '[' and the units, CM or PP"));
  BOOST_TEST(
      refuses("REACTIONS[XX] =", "line 1, column 11: expected the units CM (molecules cm-3, s) or PP"));
  BOOST_TEST(refuses("REAC[CM]=\nA = B # 1;", "expected 'END' after the reactions"));
  BOOST_TEST(refuses("REAC[CM]=\n2*A = B # 1;\nEND",
                     "line 2, column 1: expected a reactant (without a coefficient)"));
  BOOST_TEST(refuses("REAC[CM]=\nA = 2 B # 1;\nEND", "line 2, column 7: expected '*' after a coefficient"));
  BOOST_TEST(
      refuses("REAC[CM]=\nA = B C # 1;\nEND", "line 2, column 7: expected '+' or '-' between the products"));
  BOOST_TEST(refuses("REAC[CM]=\nA = B # 1\nEND", "expected ';' after the rate of a reaction"));
  BOOST_TEST(refuses("REAC[CM]=\n<R1 A = B # 1;\nEND", "expected '>' after a label"));
  BOOST_TEST(refuses("REAC[CM]=\nA # 1;\nEND", "line 2, column 3: expected '=' or '+' after the reactants"));
  BOOST_TEST(refuses("CONSTANTS\n<C1> ATM_X = 1\nEND", "line 2, column 6: expected ATM_AIR, ATM_O2"));
  BOOST_TEST(refuses("CONSTANTS\nATM_O2 = -1\nEND", "expected a mixing ratio in ppm, not below 0"));
  BOOST_TEST(
      refuses("SPECIAL =\nO = Q<R1>;\nEND", "line 2, column 5: expected K<label> or C<species>, found 'Q<'"));
  BOOST_TEST(refuses("SPECIAL =\nO = 1;O = 1;\nEND", "line 2, column 7: expected every operator once"));
}
