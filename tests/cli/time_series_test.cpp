#define BOOST_TEST_MODULE cli_time_series
#include <string>
#include <vector>

#include "../data/data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/cli/time_series.hpp>

using namespace chemnne;

namespace {

/// Three times of O3 and of two reactions.
TimeSeries series() {
  TimeSeries made;
  made.attributes = {{"Conventions", "CF-1.8"}};
  made.axes = {
      {"reaction",
       {{"reaction_label", "labels", {"R1", "R2"}}, {"reaction_equation", "equations", {"A = B", "B = A"}}}}};
  made.quantities = {
      {.name = "time", .units = "s", .long_name = "time", .standard_name = "time", .value = {0, 60, 120}},
      {.name = "O3",
       .units = "molecules cm-3",
       .long_name = "number density of O3",
       .value = {1e12, 2e12, 3e12}},
      {.name = "rate", .units = {}, .long_name = "rates", .axis = "reaction", .value = {1, 2, 3, 4, 5, 6}}};
  return made;
}

std::string attribute(const std::string& path, const char* variable, const char* name) {
  int file = -1, id = -1;
  std::size_t length = 0;
  BOOST_REQUIRE(nc_open(path.c_str(), NC_NOWRITE, &file) == NC_NOERR);
  std::string text;
  if (nc_inq_varid(file, variable, &id) == NC_NOERR && nc_inq_attlen(file, id, name, &length) == NC_NOERR) {
    text.resize(length);
    nc_get_att_text(file, id, name, text.data());
  }
  nc_close(file);
  return text;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_column_for_each_entry_in_csv) {
  const test::TemporaryFolder folder;
  series().write(folder.file("s.csv"));
  const CellTable table = read_cells_csv(folder.file("s.csv"));
  const std::vector<std::string> names{"time", "O3", "rate(R1)", "rate(R2)"};
  BOOST_TEST(table.name == names, boost::test_tools::per_element());
  const std::vector<double> second{2, 4, 6};
  BOOST_TEST(table.column[3] == second, boost::test_tools::per_element());
  BOOST_TEST(table.column[1][2] == 3e12);
}

BOOST_AUTO_TEST_CASE(netcdf_says_what_its_numbers_are) {
  const test::TemporaryFolder folder;
  const std::string path = folder.file("s.nc");
  series().write(path);
  const NetcdfFile file = NetcdfFile::open(path);
  BOOST_TEST(file.attributes().at("Conventions") == "CF-1.8");
  BOOST_TEST(file.read<double>("O3", {"time"})[1] == 2e12);
  const std::vector<double> rates{1, 2, 3, 4, 5, 6};
  BOOST_TEST(file.read<double>("rate", {"time", "reaction"}) == rates, boost::test_tools::per_element());
  BOOST_TEST(file.read<std::string>("reaction_equation", {"reaction"})[1] == "B = A");
  BOOST_TEST(attribute(path, "O3", "units") == "molecules cm-3");
  BOOST_TEST(attribute(path, "O3", "long_name") == "number density of O3");
  BOOST_TEST(attribute(path, "time", "standard_name") == "time");
  BOOST_TEST(attribute(path, "reaction_label", "long_name") == "labels");
  BOOST_TEST(attribute(path, "rate", "units") == "");  // none was given
}
