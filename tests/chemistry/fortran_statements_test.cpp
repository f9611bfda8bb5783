#define BOOST_TEST_MODULE chemistry_fortran_statements
#include <list>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/fortran_statements.hpp>

using namespace chemnne;

namespace {

using Texts = std::vector<std::string>;

Texts statements(const std::string& text) {
  const SourceText source("test", text);
  std::list<SourceText> sources;
  Texts result;
  for (const SourceSpan& span : detail::fortran_statements({&source, 0, text.size()}, sources))
    result.push_back(collapse_blanks(span.text()));
  return result;
}

}  // namespace

BOOST_AUTO_TEST_CASE(statements_end_with_lines_and_semicolons) {
  BOOST_TEST(statements("a = 1\n\n b = 2; c = 3 ;;\n") == (Texts{"a = 1", "b = 2", "c = 3"}),
             boost::test_tools::per_element());
  BOOST_TEST(statements(" ! nothing\n;\n").empty());
}

BOOST_AUTO_TEST_CASE(an_ampersand_goes_on_in_the_next_line_that_says_something) {
  BOOST_TEST(statements("a = 1 + &  ! why; &\n  ! another\n\n  & 2 &\n + 3\nb = 4") ==
                 (Texts{"a = 1 + 2 + 3", "b = 4"}),
             boost::test_tools::per_element());
  // One that nothing precedes goes on with nothing.
  BOOST_TEST(statements("a = 1\n&\n + 2") == (Texts{"a = 1", "+ 2"}), boost::test_tools::per_element());
  // One in the midst of a line stays, for others to stumble over.
  BOOST_TEST(statements("a = 1 & + 2\nb") == (Texts{"a = 1 & + 2", "b"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_stands_in_quotes_is_no_code) {
  BOOST_TEST(statements("PRINT *, 'a ! b; c & ', x; y = \"it's\" ! 'z\nw = 1") ==
                 (Texts{"PRINT *, ' ', x", "y = \" \"", "w = 1"}),
             boost::test_tools::per_element());
  BOOST_TEST(statements("PRINT 'not closed\nw = 1").size() == 2u);
}

BOOST_AUTO_TEST_CASE(places_are_those_of_the_file) {
  const SourceText source("file", "12345 a = 1 ! x\n b = &\n 2; c = 3");
  std::list<SourceText> sources;
  const auto spans = detail::fortran_statements({&source, 6, source.text().size()}, sources);
  BOOST_TEST_REQUIRE(spans.size() == 3u);
  BOOST_TEST(spans[0].where() == "file, line 1, column 7");
  BOOST_TEST(spans[1].where() == "file, line 2, column 2");
  BOOST_TEST(spans[2].where() == "file, line 3, column 5");
}
