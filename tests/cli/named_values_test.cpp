#define BOOST_TEST_MODULE cli_named_values
#include <string>

#include "../data/data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/cli/named_values.hpp>
#include <chemnne/io/atomic_file.hpp>

using namespace chemnne;

namespace {

std::vector<NamedValue> read(const std::string& text) {
  const test::TemporaryFolder folder;
  const std::string file = folder.file("values.csv");
  write_file_atomically(file, text);
  return read_named_values(file);
}

std::string trouble(const std::string& text) {
  try {
    read(text);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

BOOST_AUTO_TEST_CASE(three_layouts_say_the_same) {
  for (const std::string text : {"species, value, units\n# a comment\nO3, 40, ppb\nNO, 1e-1, ppb\n",
                                 "O3 [ppb],40\nNO [ppb],0.1\n", "O3 [ppb], NO [ppb]\r\n40, 0.1\r\n"}) {
    const std::vector<NamedValue> values = read(text);
    BOOST_REQUIRE(values.size() == 2u);
    BOOST_TEST(values[0].name == "O3");
    BOOST_TEST(values[0].units == "ppb");
    BOOST_TEST(values[0].values.at(0) == 40);
    BOOST_TEST(values[1].name == "NO");
    BOOST_TEST(values[1].values.at(0) == 0.1);
  }
}

BOOST_AUTO_TEST_CASE(rows_of_musicbox_have_no_units_and_may_have_two_values) {
  const auto values = read("CONC.O3,1e-6\nSURF.aer,2e-8,1e11\n");
  BOOST_TEST(values.at(0).units == "");
  BOOST_TEST(values.at(1).values.size() == 2u);
  BOOST_TEST(values.at(1).values[1] == 1e11);
}

BOOST_AUTO_TEST_CASE(units_may_stand_in_the_row_or_in_the_name) {
  const auto values = read("A [mol m-3], 1\nB, 2, ppm\nC [ppb], 3, ppt\nD, 4,\nE [, 5\n");
  BOOST_TEST(values.at(0).name == "A");
  BOOST_TEST(values[0].units == "mol m-3");
  BOOST_TEST(values.at(1).units == "ppm");
  BOOST_TEST(values.at(2).units == "ppt");  // the row's own
  BOOST_TEST(values.at(3).units == "");
  BOOST_TEST(values.at(4).name == "E [");  // no unit, and whoever looks for a species will say so
}

BOOST_AUTO_TEST_CASE(places_count_comments_and_empty_lines) {
  const auto values = read("# first\n\nO3,1\n  # third\nNO,2\n");
  BOOST_TEST(values.at(0).where.ends_with("values.csv:3"));
  BOOST_TEST(values.at(1).where.ends_with("values.csv:5"));
  BOOST_TEST(read("O3\n7\n").at(0).values.at(0) == 7);  // one column alone
}

BOOST_AUTO_TEST_CASE(errors_name_file_and_line) {
  BOOST_TEST(trouble("O3,1\nNO,many\n").find("values.csv:2") != std::string::npos);
  BOOST_TEST(trouble("O3,1\nNO\n").find("values.csv:2") != std::string::npos);
  BOOST_TEST(trouble("O3,NO\n1,2\n3,4\n").find("3 lines") != std::string::npos);
  BOOST_TEST(trouble("O3,NO\n1\n").find("2 fields") != std::string::npos);
  BOOST_TEST(trouble("# nothing\n").find("nothing") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_value_that_is_none_is_an_error_with_line_and_name) {
  const auto says = [](const std::string& text, const std::string& part) {
    const std::string message = trouble(text);
    BOOST_TEST(message.find(part) != std::string::npos, message);
  };
  says("O3, nan, ppb\n", "values.csv:1, O3: expected a finite number, found 'nan'");
  says("O3, 1\nNO, -Inf\n", "values.csv:2, NO: expected a finite number");
  says("O3 [ppb], NO\n1, NaN\n", "values.csv:2, column NO: expected a finite number");
  // A decimal comma is a field more, in quotation marks it is no number, and with semicolons nothing is.
  says("NO, 1\nO3, 4,0e1, ppb\n", "values.csv:2, O3: expected one value (with a point, no comma)");
  says("O3, \"4,0e1\", ppb\nNO, 1\n", "values.csv:1, O3: expected a number, found '4,0e1'");
  says("O3;4,0e1;ppb\n", "values.csv:1, field 1: expected commas between fields");
  says("O3\t40\n", "values.csv:1, field 1: expected commas between fields");
  says("O3, 1, ppb, 2\n", "found '2' behind them");
  // A row alone, or behind a header.
  says("O3, \"4,0e1\", ppb\n", "values.csv:1, O3: expected a number, found '4,0e1'");
  says("O3, 1e400\n", "values.csv:1, O3: expected a number in the range of double, found '1e400'");
  says("O3, 4,0e1\n", "values.csv:1, O3: expected one value (with a point, no comma)");
  says("species, value, units\nO3, \"4,0\", ppb\nNO, \"1,0\", ppb\n",
       "values.csv:2, O3: expected a number, found '4,0'");
  // No header, but a first row that is broken.
  says("O3, , ppb\nNO, 1, ppb\n", "values.csv:1, O3: expected a number, found ''");
  says("O3, none, ppb\nNO, 1, ppb\n", "values.csv:1, O3: expected a number, found 'none'");
  says("O3, 4O\nNO, 1\n", "values.csv:1, O3: expected a number, found '4O'");
}

BOOST_AUTO_TEST_CASE(a_name_stands_once) {
  BOOST_TEST(trouble("O3,1\nNO,2\nO3,1\n").find("values.csv:3: expected every name once, found 'O3' twice") !=
             std::string::npos);
  BOOST_TEST(trouble("O3 [ppb],O3\n1,2\n").find("every name once") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_byte_order_mark_and_the_ends_of_lines_of_windows_are_no_text) {
  const auto values = read("\xef\xbb\xbfO3, 40, ppb\r\nNO, 0.1, ppb\r\n");
  BOOST_TEST(values.at(0).name == "O3");
  BOOST_TEST(values.at(1).units == "ppb");
}
