#define BOOST_TEST_MODULE data_widened_ranges
#include <cmath>
#include <string>

#include <boost/test/unit_test.hpp>

#include <chemnne/data/scenario_ranges.hpp>
#include <chemnne/data/widened_ranges.hpp>

using namespace chemnne;

BOOST_AUTO_TEST_CASE(ranges_are_so_many_times_as_wide_about_their_middle_and_physical) {
  const ScenarioRanges before =
      read_scenario_ranges(std::string(CHEMNNE_SOURCE_DIRECTORY) + "/examples/mechanisms/troposphere.toml");
  const ScenarioRanges after = widened(before, 2);
  const auto close = boost::test_tools::tolerance(1e-12);
  for (std::size_t i = 0; i < before.species.size(); ++i) {
    const Range &a = before.species[i], &b = after.species[i];
    BOOST_TEST_REQUIRE(a.logarithmic);
    BOOST_TEST(a.minimum * a.maximum == b.minimum * b.maximum, close);
    BOOST_TEST(std::log(b.maximum / b.minimum) == 2 * std::log(a.maximum / a.minimum), close);
  }
  BOOST_TEST(after.plume.size() == before.plume.size());
  BOOST_TEST(after.plume[0].maximum > before.plume[0].maximum);
  for (std::size_t i = 0; i < before.environment.size(); ++i) {
    const Range &a = before.environment[i], &b = after.environment[i];
    BOOST_TEST((b.minimum <= a.minimum && b.maximum >= a.maximum), a.name);
    if (a.name == "temperature") {
      BOOST_TEST(b.minimum == 208.15, close);
      BOOST_TEST(b.maximum == 330);  // 348.15 is not of this Earth
    }
    if (a.name == "relative_humidity") BOOST_TEST((b.minimum == 0 && b.maximum == 100));
  }
  // An interrupted generation of the one must not be taken up by the other.
  BOOST_TEST(after.text != before.text);
  BOOST_TEST(widened(before, 3).text != after.text);
}
