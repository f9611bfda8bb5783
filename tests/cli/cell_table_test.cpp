#define BOOST_TEST_MODULE cli_cell_table
#include <cmath>
#include <string>
#include <vector>

#include "../data/data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/cli/cell_table.hpp>

using namespace chemnne;
using test::contains;

namespace {

struct Fixture {
  test::TemporaryFolder folder;

  CellTable csv(const std::string& text) const {
    write_file_atomically(folder.file("cells.csv"), text);
    return read_cells_csv(folder.file("cells.csv"));
  }
  /// What the error says; it always names the file.
  std::string complaint(const std::string& text) const {
    const std::string message = test::message_of([&] { csv(text); });
    BOOST_TEST(contains(message, "cells.csv"), message);
    return message;
  }
};

const std::vector<std::string> names{"O3", "temperature"}, units{"molecules cm-3", "K"};
const CellTable table{names, {{1e12, 2.5e11}, {288.15, 300}}};

}  // namespace

BOOST_FIXTURE_TEST_CASE(a_csv_file_is_a_header_and_a_line_a_cell, Fixture) {
  // Spaces, tabs, Windows' ends of lines, empty lines and a last line without an end are no trouble.
  const CellTable found = csv("O3 , temperature\r\n1e12,\t288.15\n\n 2.5E+11,300");
  BOOST_TEST(found.name == names, boost::test_tools::per_element());
  BOOST_TEST(found.cells() == 2u);
  BOOST_TEST(found.at("O3", "") == table.column[0], boost::test_tools::per_element());
  BOOST_TEST(found.at("temperature", "") == table.column[1], boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(an_error_in_csv_says_line_and_column, Fixture) {
  const std::string word = complaint("O3,temperature\n1e12,288\n1e12,warm\n");
  BOOST_TEST(contains(word, "cells.csv:3, column temperature: expected a number, found 'warm'"), word);
  BOOST_TEST(contains(complaint("O3,temperature\n1e12,288 K\n"), "cells.csv:2, column temperature"));
  BOOST_TEST(contains(complaint("O3,temperature\n1e12,\n"),
                      "cells.csv:2, column temperature: expected a number, found ''"));
  const std::string fewer = complaint("O3,temperature\n\n1e12\n");
  BOOST_TEST(contains(fewer, "cells.csv:3: expected 2 fields (as in the header), found 1"), fewer);
  BOOST_TEST(contains(complaint("O3,temperature\n1,2,3\n"),
                      "cells.csv:2: expected 2 fields (as in the header), found 3"));
  const std::string twice = complaint("O3,temperature,O3\n1,2,3\n");
  BOOST_TEST(contains(twice, "cells.csv:1: expected a name once, found 'O3' twice"), twice);
  BOOST_TEST(contains(complaint(""), "no cell"));
  BOOST_TEST(contains(complaint("O3,temperature\n"), "no cell"));
  BOOST_TEST(contains(test::message_of([&] { read_cells_csv(folder.file("missing.csv")); }), "missing.csv"));
}

BOOST_FIXTURE_TEST_CASE(numbers_are_finite_unless_others_are_wanted, Fixture) {
  const std::string word = complaint("time,temperature\n# warm\n0,288\n60,NaN\n");
  BOOST_TEST(contains(word, "cells.csv:4, column temperature: expected a finite number, found 'NaN'"), word);
  BOOST_TEST(contains(complaint("time\n-inf\n"), "cells.csv:2, column time"));
  const CellTable found = read_cells_csv(folder.file("cells.csv"), NotFinite::kept);
  BOOST_TEST(std::isinf(found.column[0][0]));
}

BOOST_AUTO_TEST_CASE(a_column_is_found_by_its_name_alone) {
  const std::string message = test::message_of([] { table.at("o3", "state.csv"); });
  BOOST_TEST(contains(message, "state.csv: expected a column 'o3', found none"), message);
  CellTable changed = table;
  changed.set("O3", {1, 2});
  changed.set("NO", {3, 4});
  BOOST_TEST(changed.name == (std::vector<std::string>{"O3", "temperature", "NO"}),
             boost::test_tools::per_element());
  BOOST_TEST(changed.at("O3", "")[1] == 2);
  BOOST_TEST(changed.at("NO", "")[0] == 3);
}

BOOST_FIXTURE_TEST_CASE(what_is_written_can_be_read, Fixture) {
  CellTable written = table;
  written.column[0][1] = std::nan("");  // a cell that was left unchanged because it is not finite
  for (const char* const name : {"out.csv", "out.nc"}) {
    const std::string path = folder.file(name);
    write_cells(path, written, units);
    const CellTable found =
        detail::is_netcdf(path) ? read_cells_netcdf(path, names) : read_cells_csv(path, NotFinite::kept);
    BOOST_TEST(found.name == names, boost::test_tools::per_element());
    BOOST_TEST(found.column[1] == written.column[1], boost::test_tools::per_element());
    BOOST_TEST(found.column[0][0] == 1e12);
    BOOST_TEST(std::isnan(found.column[0][1]));
  }
}

BOOST_FIXTURE_TEST_CASE(netcdf_has_a_variable_a_name_over_the_dimension_cell, Fixture) {
  const std::string path = folder.file("cells.nc");
  write_cells(path, table, units);
  BOOST_TEST(NetcdfFile::open(path).dimension("cell") == 2u);
  const CellTable other_order = read_cells_netcdf(path, std::vector<std::string>{"temperature", "O3"});
  BOOST_TEST(other_order.column[0] == table.column[1], boost::test_tools::per_element());
  const std::string missing =
      test::message_of([&] { read_cells_netcdf(path, std::vector<std::string>{"NO"}); });
  BOOST_TEST((contains(missing, "cells.nc") && contains(missing, "NO")), missing);
  NetcdfFile file = NetcdfFile::create(path);
  file.define_dimension("lev", 2);
  file.define_variable("O3", NC_DOUBLE, {"lev"});
  file.write<double>("O3", table.column[0]);
  file.close();
  const std::string dimension =
      test::message_of([&] { read_cells_netcdf(path, std::vector<std::string>{"O3"}); });
  BOOST_TEST((contains(dimension, "cells.nc") && contains(dimension, "cell")), dimension);
}
