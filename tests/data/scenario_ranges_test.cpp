#define BOOST_TEST_MODULE data_scenario_ranges
#include <string>

#include <boost/test/unit_test.hpp>

#include <chemnne/data/scenario_ranges.hpp>

using chemnne::parse_scenario_ranges;

namespace {

/// A whole file: line 1 is [environment], lines 2 to 7 its entries, 8 [species], 9 O3, 10 [plume], 11 NO.
std::string valid_text() {
  return "[environment]\n"
         "temperature = { minimum = 250, maximum = 310.0, units = \"K\", scale = \"linear\" }\n"
         "pressure = { minimum = 7e4, maximum = 1e5, units = \"Pa\", scale = \"linear\" }\n"
         "relative_humidity = { minimum = 5, maximum = 95, units = \"%\", scale = \"linear\" }\n"
         "photolysis_scaling = { minimum = 0.3, maximum = 1.2, units = \"1\", scale = \"linear\" }\n"
         "latitude = { minimum = -70, maximum = 70, units = \"degree\", scale = \"linear\" }\n"
         "day_of_year = { minimum = 1, maximum = 366, units = \"day\", scale = \"linear\" }\n"
         "[species]\n"
         "O3 = { minimum = 1e-9, maximum = 1e-7, units = \"mol mol-1\", scale = \"log\" }\n"
         "[plume]\n"
         "NO = { minimum = 1e-10, maximum = 1e-8, units = \"mol mol-1\", scale = \"log\" }\n";
}

/// The message of the error that the valid text gives with `part` replaced.
std::string message_with(const std::string& part, const std::string& replacement) {
  std::string text = valid_text();
  BOOST_REQUIRE(text.find(part) != std::string::npos);
  text.replace(text.find(part), part.size(), replacement);
  try {
    parse_scenario_ranges(text, "ranges.toml");
  } catch (const chemnne::Error& error) {
    return error.what();
  }
  return "no error";
}

void expect(const std::string& message, const std::string& part) {
  BOOST_TEST(message.find(part) != std::string::npos, "'" << message << "' lacks '" << part << "'");
}

}  // namespace

BOOST_AUTO_TEST_CASE(ranges_are_read_in_a_fixed_order_and_spread_by_their_scale) {
  const auto ranges = parse_scenario_ranges(valid_text(), "ranges.toml");
  BOOST_REQUIRE(ranges.environment.size() == 6u);
  BOOST_TEST(ranges.environment[0].name == "temperature");
  BOOST_TEST(ranges.environment[4].name == "latitude");
  BOOST_TEST(ranges.environment[0].at(0.5) == 280.0);
  BOOST_TEST(ranges.species.at(0).name == "O3");
  BOOST_TEST(ranges.species[0].at(0) == 1e-9);
  BOOST_TEST(ranges.species[0].at(0.5) == 1e-8, boost::test_tools::tolerance(1e-13));
  BOOST_TEST(ranges.plume.at(0).name == "NO");
  BOOST_TEST(ranges.text == valid_text());
}

BOOST_AUTO_TEST_CASE(errors_name_the_line_the_entry_and_the_key) {
  expect(message_with("minimum = 7e4", "minimum = \"low\""), "ranges.toml:3: environment.pressure.minimum");
  expect(message_with("minimum = 7e4", "lowest = 7e4"), "found lowest");
  expect(message_with("minimum = 7e4, ", ""), "a key minimum");
  expect(message_with("units = \"K\"", "units = \"C\""), "ranges.toml:2: environment.temperature.units");
  expect(message_with("units = \"K\"", "units = \"C\""), "expected \"K\", \"degC\", found \"C\"");
  expect(message_with("scale = \"log\"", "scale = \"decibel\""), "ranges.toml:9: species.O3.scale");
  expect(message_with("minimum = 1e-9", "minimum = 0.0"), "above zero for a log scale");
  expect(message_with("maximum = 366", "maximum = 0"), "minimum <= maximum");
  expect(message_with("latitude", "longitude"), "an entry latitude");
  expect(message_with("[species]", "wind = 3\n[species]"), "environment.wind");
  expect(message_with("[plume]", "[smoke]"), "environment, species, plume, parameters");
  expect(message_with("[plume]", "[plume"), "ranges.toml:10");
  expect(message_with("O3 = {", "O3 = 3 #"), "ranges.toml:9: species.O3");
}

BOOST_AUTO_TEST_CASE(the_embedded_ranges_are_valid) {
  const auto ranges =
      chemnne::read_scenario_ranges(CHEMNNE_SOURCE_DIRECTORY "/examples/mechanisms/troposphere.toml");
  // The issue's demand: -30 to 40 C.
  BOOST_TEST(ranges.environment[0].minimum == 243.15);
  BOOST_TEST(ranges.environment[0].maximum == 313.15);
  BOOST_TEST(ranges.species.size() > 10u);
  BOOST_TEST(!ranges.plume.empty());
}
