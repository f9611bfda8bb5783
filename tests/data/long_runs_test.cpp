#define BOOST_TEST_MODULE data_long_runs
#include <cstdio>
#include <filesystem>

#include "data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/data/long_runs.hpp>

using namespace chemnne;

BOOST_AUTO_TEST_CASE(arca_s_long_runs_follow_their_own_rule) {
  const std::string path = CHEMNNE_SHARED_DIRECTORY "/data/arca_hyde_long.nc";
  if (!std::filesystem::exists(path)) {
    std::puts("skipped: " CHEMNNE_SHARED_DIRECTORY " is not there");
    return;
  }
  const LongRuns runs = read_long_runs(path);
  BOOST_TEST(runs.cases == 6u);
  BOOST_TEST(runs.hours == 240u);
  BOOST_TEST(runs.species_name.size() == 400u);
  // CH4 lives for years: over an hour it changes by dilution and source alone, to a part in 1e4.
  const auto methane = static_cast<std::size_t>(
      std::find(runs.species_name.begin(), runs.species_name.end(), "CH4") - runs.species_name.begin());
  const std::size_t species = runs.species_name.size();
  for (std::size_t i = 0; i < runs.cases; ++i)
    for (std::size_t hour = 0; hour < runs.hours; ++hour) {
      const std::size_t at = i * runs.hours + hour, state = i * (runs.hours + 1) + hour;
      const double start =
          static_cast<double>(runs.concentration[state * species + methane]) * runs.dilution[at] +
          static_cast<double>(runs.source[at * species + methane]);
      BOOST_TEST(static_cast<double>(runs.concentration[(state + 1) * species + methane]) == start,
                 boost::test_tools::tolerance(1e-4));
    }
}

BOOST_AUTO_TEST_CASE(another_layout_is_an_error) {
  const test::TemporaryFolder folder;
  const std::string path = folder.file("short.nc");
  NetcdfFile file = NetcdfFile::create(path);
  file.define_dimension("case", 1);
  file.define_dimension("hour", 3);
  file.define_dimension("hour_state", 3);
  file.close();
  const std::string message = test::message_of([&] { read_long_runs(path); });
  BOOST_TEST(test::contains(message, "hour_state"), message);
  BOOST_TEST(test::contains(message, "4"), message);
}
