#define BOOST_TEST_MODULE cli_csv_lines
#include <string>
#include <vector>

#include "../data/data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/cli/csv_lines.hpp>
#include <chemnne/io/atomic_file.hpp>

using namespace chemnne;
using test::contains;

namespace {

using Fields = std::vector<std::string>;

std::vector<detail::CsvLine> read(const std::string& text) {
  const test::TemporaryFolder folder;
  write_file_atomically(folder.file("some.csv"), text);
  return detail::read_csv_lines(folder.file("some.csv"));
}

std::string complaint(const std::string& text) {
  return test::message_of([&] { read(text); });
}

}  // namespace

BOOST_AUTO_TEST_CASE(fields_are_what_stands_between_commas) {
  const auto lines = read("a, b c ,,\td \r\n\n  # comment, with commas\n 1\n,\n2,3");
  BOOST_TEST_REQUIRE(lines.size() == 3u);
  BOOST_TEST(lines[0].fields == (Fields{"a", "b c", "", "d"}), boost::test_tools::per_element());
  BOOST_TEST(lines[1].fields == (Fields{"1"}), boost::test_tools::per_element());
  BOOST_TEST(lines[2].fields == (Fields{"2", "3"}), boost::test_tools::per_element());
  BOOST_TEST(contains(lines[0].where, "some.csv:1"));
  BOOST_TEST(contains(lines[1].where, "some.csv:4"));
  BOOST_TEST(contains(lines[2].where, "some.csv:6"));
  BOOST_TEST(read("").empty());
  BOOST_TEST(read("# comment").empty());
}

/// RFC 4180.
BOOST_AUTO_TEST_CASE(quotation_marks_hold_commas_lines_and_marks) {
  const auto lines = read("\"a, b\" , \"two\nlines\",\"say \"\"no\"\"\"\n\"\",5\" x,\"# a; b\"\r\n");
  BOOST_TEST_REQUIRE(lines.size() == 2u);
  BOOST_TEST(lines[0].fields == (Fields{"a, b", "two\nlines", "say \"no\""}),
             boost::test_tools::per_element());
  BOOST_TEST(lines[1].fields == (Fields{"", "5\" x", "# a; b"}), boost::test_tools::per_element());
  BOOST_TEST(contains(lines[1].where, "some.csv:3"));
}

BOOST_AUTO_TEST_CASE(what_is_no_csv_is_an_error_with_line_and_field) {
  BOOST_TEST(contains(complaint("a,b\nc,\"d\ne"), "some.csv:2, field 2: expected '\"' at its end"));
  BOOST_TEST(contains(complaint("a,\"b\" c,d"), "some.csv:1, field 2: expected ',' or the end of the line"));
  BOOST_TEST(contains(complaint("a;b\n1;2\n"), "some.csv:1, field 1: expected commas between fields"));
  BOOST_TEST(contains(complaint("a,b\n1,2\t3\n"), "some.csv:2, field 2: expected commas between fields"));
  BOOST_TEST(contains(complaint("\xff\xfe"
                                "a"),
                      "found UTF-16"));
}

BOOST_AUTO_TEST_CASE(a_number_is_finite) {
  BOOST_TEST(detail::csv_number("-4.5e1", "here") == -45);
  for (const char* const text : {"nan", "NaN", "inf", "-infinity"})
    BOOST_TEST(
        contains(test::message_of([&] { detail::csv_number(text, "here"); }), "here: expected a finite"));
  for (const char* const text : {"", "4,0", "1 2", "0x10", "1e999"})
    BOOST_TEST(
        contains(test::message_of([&] { detail::csv_number(text, "here"); }), "here: expected a number"));
}
