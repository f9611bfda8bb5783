#define BOOST_TEST_MODULE cli_species_list
#include <string>
#include <vector>

#include "../data/data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/cli/species_list.hpp>

using namespace chemnne;
using test::contains;
using test::message_of;

namespace {

using Names = std::vector<std::string>;

void is(const Names& found, const Names& expected) {
  BOOST_TEST(found == expected, boost::test_tools::per_element());
}

}  // namespace

BOOST_AUTO_TEST_CASE(names_stand_in_the_option_itself) {
  is(species_list("O3", true), {"O3"});
  is(species_list("O3,NO, NO2,", false), {"O3", "NO", "NO2"});
}

BOOST_AUTO_TEST_CASE(names_stand_in_a_text_file) {
  const test::TemporaryFolder folder;
  write_file_atomically(folder.file("names.txt"),
                        "# inputs, of task 1\r\nO3 NO\r\n\tNO2,CO # carbon, one\n\nCH4");
  is(species_list(folder.file("names.txt"), true), {"O3", "NO", "NO2", "CO", "CH4"});
}

BOOST_AUTO_TEST_CASE(names_stand_in_a_data_set_with_their_tasks) {
  const test::TemporaryFolder folder;
  const std::string path = folder.file("data.nc");
  NetcdfFile file = NetcdfFile::create(path);
  file.define_dimension("species", 3);
  file.define_variable("species_name", NC_STRING, {"species"});
  file.define_variable("task", NC_BYTE, {"species"});
  file.write<std::string>("species_name", Names{"O3", "NO", "HNO3"});
  file.write<int>("task", std::vector<int>{1, 2, 1});
  file.close();
  is(species_list(path, true), {"O3", "HNO3"});
  is(species_list(path, false), {"O3", "NO", "HNO3"});
}

BOOST_AUTO_TEST_CASE(no_names_are_an_error) {
  const test::TemporaryFolder folder;
  write_file_atomically(folder.file("empty.txt"), "# nothing yet\n");
  const std::string message = message_of([&] { species_list(folder.file("empty.txt"), true); });
  BOOST_TEST(contains(message, "empty.txt: expected names of species, found none"), message);
  BOOST_TEST(contains(message_of([] { species_list(" , ", true); }), "expected names of species"));
  BOOST_TEST(contains(message_of([&] { species_list(folder.file("none.nc"), true); }), "none.nc"));
  write_file_atomically(folder.file("text.nc"), "O3");
  BOOST_TEST(contains(message_of([&] { species_list(folder.file("text.nc"), true); }), "text.nc"));
}
