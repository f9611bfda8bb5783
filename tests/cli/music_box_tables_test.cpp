#define BOOST_TEST_MODULE cli_music_box_tables
#include <map>
#include <string>

#include "../data/data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/cli/music_box_tables.hpp>
#include <chemnne/io/atomic_file.hpp>

using namespace chemnne;

namespace {

using Values = std::map<double, double>;

struct Fixture {
  test::TemporaryFolder folder;
  MusicBoxTables tables;

  void add(const std::string& text, const char* name = "table.csv") {
    write_file_atomically(folder.file(name), text);
    tables.add(folder.file(name));
  }
  std::string complaint(const std::string& text) {
    return test::message_of([&] { add(text); });
  }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(values_are_kept_by_time_and_what_is_empty_is_not_there, Fixture) {
  add("CONC.A.mol m-3, time.s,PHOTO.O3->O1D.s-1,USER.x,LOSS.none.s-1\n1e-6,0,2,,None\n,3600.0,NaN,4,\n");
  BOOST_TEST_REQUIRE(tables.columns().size() == 3u);
  BOOST_TEST((tables.columns().at("CONC.A.mol m-3").values == Values{{0, 1e-6}}));
  BOOST_TEST((tables.columns().at("PHOTO.O3->O1D.s-1").values == Values{{0, 2}}));
  BOOST_TEST((tables.columns().at("USER.x").values == Values{{3600, 4}}));
}

BOOST_FIXTURE_TEST_CASE(several_files_are_one_table_in_which_the_later_counts, Fixture) {
  add("time.s,ENV.temperature.K\n0,280\n100,290\n");
  add("time.s,ENV.temperature.K\n50,285\n100,300\n");
  BOOST_TEST((tables.columns().at("ENV.temperature.K").values == Values{{0, 280}, {50, 285}, {100, 300}}));
}

BOOST_FIXTURE_TEST_CASE(a_table_is_told_by_its_column_of_time, Fixture) {
  const auto is_one = [&](const char* text) {
    write_file_atomically(folder.file("one.csv"), text);
    return MusicBoxTables::is_one(folder.file("one.csv"));
  };
  BOOST_TEST(is_one("ENV.temperature.K,time.s\n280,0\n"));
  BOOST_TEST(!is_one("time,temperature\n0,280\n"));
  BOOST_TEST(!is_one("CONC.A, 1e-6\n"));
  BOOST_TEST(!is_one(""));
}

BOOST_FIXTURE_TEST_CASE(a_configuration_names_tables_and_holds_some, Fixture) {
  write_file_atomically(folder.file("table.csv"), "time.s,USER.a,USER.b\n0,1,2\n");
  add(R"({"conditions": {"data": [{"headers": ["time.s", "USER.b", "USER.c"], "rows": [[0.0, 3, null], [60, 4, 5e-1]]}],
    "filepaths": ["table.csv"]}, "mechanism": {}})",
      "my_config.json");
  BOOST_TEST((tables.columns().at("USER.a").values == Values{{0, 1}}));
  BOOST_TEST((tables.columns().at("USER.b").values == Values{{0, 3}, {60, 4}}));
  BOOST_TEST((tables.columns().at("USER.c").values == Values{{60, 0.5}}));
  const auto says = [&](const char* text, const char* part) {
    return test::contains(test::message_of([&] { add(text, "my_config.json"); }), part);
  };
  BOOST_TEST(says("{}", "line 1, column 1: expected a configuration of MusicBox 3, with 'conditions'"));
  BOOST_TEST(says(R"({"conditions": {"filepaths": ["none.csv"]}})", "expected a CSV file that is there"));
  BOOST_TEST(
      says(R"({"conditions": {"filepaths": ["my_config.json"]}})", "expected a CSV file that is there"));
  BOOST_TEST(says(R"({"conditions": {"data": [{}]}})", "expected a table with 'headers' and 'rows'"));
  BOOST_TEST(
      says(R"({"conditions": {"data": [{"headers": ["USER.b"], "rows": [[1]]}]}})", "a column time.s"));
}

BOOST_AUTO_TEST_CASE(units_are_what_stands_behind_the_last_point) {
  const auto parts = [](const std::string& title) {
    return MusicBoxTables::name_and_unit(title, [](const std::string& name) { return name == "PHOTO.j1.5"; });
  };
  BOOST_TEST((parts("PHOTO.j.s-1") == std::pair<std::string, std::string>{"PHOTO.j", "s-1"}));
  BOOST_TEST((parts("PHOTO.j1.5") == std::pair<std::string, std::string>{"PHOTO.j1.5", ""}));
  BOOST_TEST((parts("PHOTO.j1.5.s-1") == std::pair<std::string, std::string>{"PHOTO.j1.5", "s-1"}));
  BOOST_TEST((parts("A") == std::pair<std::string, std::string>{"A", ""}));
}

BOOST_FIXTURE_TEST_CASE(errors_name_file_row_and_column, Fixture) {
  const auto says = [&](const std::string& text, const std::string& part) {
    const std::string found = complaint(text);
    BOOST_TEST_MESSAGE(found);
    return test::contains(found, part);
  };
  BOOST_TEST(
      says("time.s,CONC.A\n0,-1\n", "table.csv:2, column CONC.A: expected a number of 0 or more, found -1"));
  BOOST_TEST(says("time.s,CONC.A\n0,1\n1,4x\n", "table.csv:3, column CONC.A"));
  BOOST_TEST(says("time.s,CONC.A\n-1,1\n", "table.csv:2, column time.s: expected a time of 0 or more"));
  BOOST_TEST(says("time.s,CONC.A\n,1\n", "table.csv:2, column time.s"));
  BOOST_TEST(says("time.s,CONC.A\n0,1,2\n", "table.csv:2: expected 2 fields (as in the header), found 3"));
  BOOST_TEST(says("time.s,CONC.A,CONC.A\n0,1,2\n", "expected every column once, found 'CONC.A' twice"));
  BOOST_TEST(says("time.s,WIND.u\n0,1\n", "expected time.s or PREFIX.name.unit"));
  BOOST_TEST(says("time.s,CONC.A\n", "expected a header and rows of values"));
}
