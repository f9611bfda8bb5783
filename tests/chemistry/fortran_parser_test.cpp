#define BOOST_TEST_MODULE chemistry_fortran_parser
#include <list>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/fortran_parser.hpp>
#include <chemnne/chemistry/fortran_statements.hpp>

using namespace chemnne;
using chemnne::detail::FortranProgram;
using chemnne::detail::FortranStatement;
using Kind = FortranStatement::Kind;

namespace {

/// A program with the texts that it refers to.
struct Parsed {
  explicit Parsed(const std::string& text) : source("test", text) {
    program = detail::FortranParser(detail::fortran_statements({&source, 0, text.size()}, sources)).parse();
  }
  SourceText source;
  std::list<SourceText> sources;
  FortranProgram program;
};

std::string text_of(const std::optional<SourceSpan>& span) {
  return span ? collapse_blanks(span->text()) : "none";
}

}  // namespace

BOOST_AUTO_TEST_CASE(assignments_have_a_name_indices_and_a_value) {
  const Parsed parsed("kx = 2*y\nIf(3, n) = 4\nend = 5 ; do = 6");
  BOOST_TEST_REQUIRE(parsed.program.body.size() == 4u);
  for (const FortranStatement& one : parsed.program.body) BOOST_TEST((one.kind == Kind::assignment));
  BOOST_TEST(parsed.program.body[0].name == "KX");
  BOOST_TEST(text_of(parsed.program.body[0].value) == "2*y");
  BOOST_TEST(text_of(parsed.program.body[1].indices) == "3, n");
  BOOST_TEST(parsed.program.body[2].name == "END");
}

BOOST_AUTO_TEST_CASE(branches_and_loops_hold_what_belongs_to_them) {
  const Parsed parsed(
      "IF (a(1) > 2) THEN\n x = 1\nELSE IF (b) THEN\n DO i = 1, n(2), 3\n  IF (c) y = 2\n "
      "ENDDO\nELSEIF(d)THEN\n"
      "ELSE\n RETURN\nEND IF\nz = 3");
  BOOST_TEST_REQUIRE(parsed.program.body.size() == 2u);
  const FortranStatement& branch = parsed.program.body[0];
  BOOST_TEST_REQUIRE(branch.arms.size() == 4u);
  BOOST_TEST(text_of(branch.arms[0].condition) == "a(1) > 2");
  BOOST_TEST(text_of(branch.arms[2].condition) == "d");
  BOOST_TEST(!branch.arms[3].condition);
  BOOST_TEST((branch.arms[3].body.at(0).kind == Kind::leave));
  const FortranStatement& loop = branch.arms[1].body.at(0);
  BOOST_TEST(loop.name == "I");
  BOOST_TEST_REQUIRE(loop.bounds.size() == 3u);
  BOOST_TEST(text_of(loop.bounds[1]) == "n(2)");
  BOOST_TEST(loop.arms[0].body.at(0).arms.at(0).body.at(0).name == "Y");
}

BOOST_AUTO_TEST_CASE(declarations_have_a_kind_and_perhaps_a_value) {
  const Parsed parsed(
      "REAL(KIND=dp), INTENT(IN) :: a, b(3) = 0, c=f(1, 2)\nREAL*8 d\nDOUBLE PRECISION e\nINTEGER, "
      "PARAMETER::n=2\n"
      "LOGICAL l\nREAL, DIMENSION(2) :: g\nPARAMETER (h = 1, i = 2)\nREAL, POINTER :: p => NULL()");
  std::vector<std::string> names;
  for (const FortranStatement& one : parsed.program.body) names.push_back(one.name);
  BOOST_TEST(names == (std::vector<std::string>{"A", "B", "C", "D", "E", "N", "L", "G", "H", "I"}),
             boost::test_tools::per_element());
  const auto& body = parsed.program.body;
  BOOST_TEST((body[1].indices && text_of(body[1].value) == "0"));
  BOOST_TEST(text_of(body[2].value) == "f(1, 2)");
  BOOST_TEST((body[5].type == RateKind::integer && body[6].type == RateKind::logical));
  BOOST_TEST((body[7].indices && !body[7].value));
  BOOST_TEST((body[8].kind == Kind::assignment));
}

BOOST_AUTO_TEST_CASE(functions_and_interfaces) {
  const Parsed parsed(
      "REAL(dp) FUNCTION one(x, y)\nREAL(dp) :: x, y\none = x\nEND FUNCTION one\n"
      "ELEMENTAL FUNCTION two() RESULT(r)\nr = 2\nEND\nINTEGER FUNCTION three(n)\nthree = n\nENDFUNCTION\n"
      "INTERFACE any\n MODULE PROCEDURE one, two\nEND INTERFACE any\nSUBROUTINE s(x)\nIF (x) THEN\nEND IF\n"
      "END SUBROUTINE s\nk = 1");
  BOOST_TEST(parsed.program.body.size() == 1u);
  BOOST_TEST_REQUIRE(parsed.program.functions.size() == 3u);
  BOOST_TEST(parsed.program.functions[0].arguments == (std::vector<std::string>{"X", "Y"}),
             boost::test_tools::per_element());
  BOOST_TEST(parsed.program.functions[0].result == "ONE");
  BOOST_TEST(parsed.program.functions[1].result == "R");
  BOOST_TEST(parsed.program.functions[1].arguments.empty());
  BOOST_TEST((parsed.program.functions[2].type == RateKind::integer));
  BOOST_TEST_REQUIRE(parsed.program.interfaces.size() == 2u);
  BOOST_TEST(parsed.program.interfaces[1].first == "ANY");
  BOOST_TEST(parsed.program.interfaces[1].second == "TWO");
}

BOOST_AUTO_TEST_CASE(what_is_not_closed_is_not_understood) {
  for (const char* text :
       {"IF (x) THEN\ny = 1", "DO i = 1, 2\ny = 1", "REAL FUNCTION f(x)\nf = 1", "SUBROUTINE s\ny = 1",
        "ELSE", "END DO", "END FUNCTION", "IF x THEN", "IF (x THEN", "REAL 3", "SELECT CASE (i)\nCASE (1)"}) {
    const Parsed parsed(text);
    BOOST_TEST_REQUIRE(!parsed.program.body.empty(), text);
    BOOST_TEST((parsed.program.body[0].kind == Kind::other), text);
  }
}

BOOST_AUTO_TEST_CASE(nesting_is_bounded) {
  std::string deep;
  for (int i = 0; i < 100000; ++i) deep += "IF (x) THEN\n";
  BOOST_CHECK_THROW(Parsed parsed(deep), Error);
}
