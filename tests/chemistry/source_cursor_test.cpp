#define BOOST_TEST_MODULE chemistry_source_cursor
#include <string>

#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/source_cursor.hpp>

using namespace chemnne;

namespace {

double number_in(const std::string& text) {
  const SourceText source("text", text);
  return SourceCursor(source).take_number().value();
}

std::string rest_after_number(const std::string& text) {
  const SourceText source("text", text);
  SourceCursor cursor(source);
  BOOST_TEST(cursor.take_number().has_value());
  return std::string(cursor.take_word());
}

}  // namespace

BOOST_AUTO_TEST_CASE(numbers_in_the_notations_of_fortran_and_c) {
  BOOST_TEST(number_in("2") == 2.0);
  BOOST_TEST(number_in(".75") == 0.75);
  BOOST_TEST(number_in("300.") == 300.0);
  BOOST_TEST(number_in("1.85D-12") == 1.85e-12);
  BOOST_TEST(number_in("1d+6") == 1e6);
  BOOST_TEST(number_in("9.E02_dp") == 900.0);
}

BOOST_AUTO_TEST_CASE(a_letter_after_a_number_begins_a_name_unless_it_is_a_whole_exponent) {
  BOOST_TEST(rest_after_number("2OH") == "OH");
  BOOST_TEST(rest_after_number("2EOH") == "EOH");
  BOOST_TEST(rest_after_number("0.5D") == "D");
  BOOST_TEST(rest_after_number("2.*K") == "*K");
  BOOST_TEST(rest_after_number("1e5X") == "X");
}

BOOST_AUTO_TEST_CASE(numbers_out_of_range_are_errors) {
  BOOST_CHECK_THROW(number_in("1e999"), Error);
  BOOST_CHECK_THROW(number_in("1" + std::string(400, '0')), Error);
}

BOOST_AUTO_TEST_CASE(failures_name_file_line_column_and_what_stands_there) {
  const SourceText source("file.eqn", "A = B\n  C ?");
  SourceCursor cursor(source);
  cursor.take_name();
  cursor.require('=', "here");
  cursor.take_name();
  cursor.take_name();
  const auto says = [](const Error& error) {
    return error.where() == "file.eqn, line 2, column 5, reaction <7>" &&
           error.expected() == "';' after it" && error.found() == "'?'";
  };
  cursor.set_context(", reaction <7>");
  BOOST_CHECK_EXCEPTION(cursor.require(';', "after it"), Error, says);
  cursor.take('?');
  const auto at_end = [](const Error& error) { return error.found() == "the end of the text"; };
  BOOST_CHECK_EXCEPTION(cursor.require(';', "after it"), Error, at_end);
}

BOOST_AUTO_TEST_CASE(a_zero_byte_is_a_character_and_not_the_end) {
  const SourceText source("text", std::string("\0A", 2));
  SourceCursor cursor(source);
  BOOST_TEST(!cursor.at_end());
  BOOST_TEST(cursor.found() == "byte 0");
}

BOOST_AUTO_TEST_CASE(a_part_of_a_file_knows_its_place_in_it) {
  const SourceText part("file", "ab\ncd", 7, 5);
  BOOST_TEST(part.where(1) == "file, line 7, column 6");
  BOOST_TEST(part.where(4) == "file, line 8, column 2");
  BOOST_TEST(part.line(4) == 8u);
}
