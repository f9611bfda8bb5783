#define BOOST_TEST_MODULE data_range_reader
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/data/scenario_ranges.hpp>

using namespace chemnne;
using test::contains;
using test::message_of;

namespace {

/// Units that people use; lines are counted in the errors below.
const std::string text = R"toml([environment]
temperature = { minimum = -10, maximum = 30.5, units = "degC", scale = "linear" }
pressure = { minimum = 900, maximum = 1013.25, units = "hPa", scale = "linear" }
relative_humidity = { minimum = 5, maximum = 95, units = "%", scale = "linear" }
photolysis_scaling = { minimum = 0.3, maximum = 1.2, units = "1", scale = "linear" }
latitude = { minimum = -70, maximum = 70, units = "degree", scale = "linear" }
day_of_year = { minimum = 1, maximum = 366, units = "day", scale = "linear" }
[species]
O3 = { minimum = 1, maximum = 100, units = "ppb", scale = "log" }
OH = { minimum = 1e5, maximum = 1e7, units = "molecules cm-3", scale = "log" }
[plume]
NO = { minimum = 1, maximum = 5, units = "nmol mol-1", scale = "linear" }
[parameters]
RES1 = { minimum = 1e-4, maximum = 1e-2, units = "s-1", scale = "log", column = "sink" }
K2 = { minimum = 0, maximum = 3, units = "any", scale = "linear" }
"PHOTO.jno2" = "J(4)"
K3 = 2.5e-3
K4 = 7
[photolysis]
reference_temperature = 280
column = "light"
J4 = [5e-6, 1e-3]
J_HCHO_H = [1e-7, 0]
J61 = [2e-6, -2.5e-3]
[windows]
spin_up = { minimum = 0.5, maximum = 12, units = "h" }
gap = { minimum = 0, maximum = 900, units = "s" }
plume_share = 0.5
imposed_share = 1
held = ["O3", "OH"]
released = { minimum = 0, maximum = 2, units = "h" }
dilution = { minimum = 0.36, maximum = 0.72, units = "h-1", scale = "log" }
[mechanism]
variable = "all"
fixed = ["CH4", "H2"]
inputs = ["O3", "NO"]
outputs = "O3"
)toml";

ScenarioRanges read(const std::string& given = text) { return parse_scenario_ranges(given, "r.toml"); }

/// The message of the error that the text gives with `part` replaced.
std::string complaint(const std::string& part, const std::string& replacement) {
  std::string edited = text;
  BOOST_TEST_REQUIRE(edited.find(part) != std::string::npos, part);
  edited.replace(edited.find(part), part.size(), replacement);
  return message_of([&] { read(edited); });
}

void expect(const std::string& message, const std::string& part) {
  BOOST_TEST(contains(message, part), "'" << message << "' lacks '" << part << "'");
}

void is_range(const Range& range, double minimum, double maximum, const std::string& units) {
  // One product and one sum.
  BOOST_TEST(range.minimum == minimum, boost::test_tools::tolerance(1e-15) << range.name);
  BOOST_TEST(range.maximum == maximum, boost::test_tools::tolerance(1e-15) << range.name);
  BOOST_TEST(range.units == units, range.name);
}

}  // namespace

BOOST_AUTO_TEST_CASE(units_of_people_become_those_inside) {
  const ScenarioRanges ranges = read();
  is_range(ranges.environment[0], 263.15, 303.65, "K");
  is_range(ranges.environment[1], 90000, 101325, "Pa");
  is_range(ranges.species.at(0), 1e-9, 1e-7, "mol mol-1");
  BOOST_TEST(ranges.species[0].logarithmic);
  is_range(ranges.species.at(1), 1e5, 1e7, "molecules cm-3");
  is_range(ranges.plume.at(0), 1e-9, 5e-9, "mol mol-1");
  const auto ozone = [&](const std::string& unit) {
    std::string edited = text;
    edited.replace(edited.find("\"ppb\""), 5, '"' + unit + '"');
    return read(edited).species.at(0).maximum;
  };
  for (const auto& [unit, factor] : {std::pair{"mol mol-1", 1.0},
                                     {"ppm", 1e-6},
                                     {"umol mol-1", 1e-6},
                                     {"nmol mol-1", 1e-9},
                                     {"ppt", 1e-12},
                                     {"pmol mol-1", 1e-12}})
    BOOST_TEST(ozone(unit) == 100 * factor, boost::test_tools::tolerance(1e-15) << unit);
}

BOOST_AUTO_TEST_CASE(parameters_are_ranges_or_rules) {
  const ScenarioRanges ranges = read();
  BOOST_TEST_REQUIRE(ranges.parameters.size() == 2u);
  // TOML's tables are ordered by name.
  BOOST_TEST(ranges.parameters[0].range.name == "K2");
  BOOST_TEST(ranges.parameters[0].column == "K2");
  BOOST_TEST(ranges.parameters[0].range.units == "any");
  BOOST_TEST(ranges.parameters[1].column == "sink");
  is_range(ranges.parameters[1].range, 1e-4, 1e-2, "s-1");
  BOOST_TEST_REQUIRE(ranges.rules.size() == 3u);
  BOOST_TEST(ranges.rules[0].name == "K3");
  BOOST_TEST(std::stod(ranges.rules[0].text) == 2.5e-3);
  BOOST_TEST(std::stod(ranges.rules[1].text) == 7);
  BOOST_TEST(ranges.rules[2].name == "PHOTO.jno2");
  BOOST_TEST(ranges.rules[2].text == "J(4)");
}

BOOST_AUTO_TEST_CASE(photolysis_by_table) {
  const PhotolysisChoice choice = read().photolysis;
  BOOST_TEST_REQUIRE((choice.table != nullptr));
  BOOST_TEST(choice.column == "light");
  BOOST_TEST(choice.table->reference_temperature == 280);
  BOOST_TEST(choice.table->value[4] == 5e-6);
  BOOST_TEST(choice.table->coefficient[4] == 1e-3);
  BOOST_TEST(choice.table->value[11] == 1e-7);  // J_HCHO_H
  BOOST_TEST(choice.table->coefficient[61] == -2.5e-3);
  BOOST_TEST(choice.table->value[1] == 0);
}

BOOST_AUTO_TEST_CASE(windows_and_species_are_choices) {
  const ScenarioRanges ranges = read();
  BOOST_TEST((ranges.windows.minimum_spin_up == 1800.0));
  BOOST_TEST((ranges.windows.maximum_spin_up == 43200.0));
  BOOST_TEST((ranges.windows.minimum_gap == 0.0));
  BOOST_TEST((ranges.windows.maximum_gap == 900.0));
  BOOST_TEST((ranges.windows.plume_share == 0.5));
  BOOST_TEST((ranges.windows.imposed_share == 1.0));
  using Names = std::vector<std::string>;
  BOOST_TEST((ranges.windows.held == Names{"O3", "OH"}));
  BOOST_TEST(ranges.windows.released->at(0.25) == 1800);
  BOOST_TEST(ranges.windows.dilution->at(0) == 1e-4, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(ranges.windows.dilution->at(0.5) == 1e-4 * std::sqrt(2.0), boost::test_tools::tolerance(1e-14));
  BOOST_TEST((ranges.choice.variable == Names{"all"}));
  BOOST_TEST((ranges.choice.fixed == Names{"CH4", "H2"}));
  BOOST_TEST((ranges.choice.inputs == Names{"O3", "NO"}));
  BOOST_TEST((ranges.choice.outputs == Names{"O3"}));
}

BOOST_AUTO_TEST_CASE(what_a_file_leaves_out_is_left_to_the_options) {
  const ScenarioRanges ranges = read(text.substr(0, text.find("[species]")));
  BOOST_TEST(
      (ranges.species.empty() && ranges.plume.empty() && ranges.parameters.empty() && ranges.rules.empty()));
  BOOST_TEST((ranges.photolysis.table == nullptr));
  BOOST_TEST((!ranges.windows.minimum_spin_up && !ranges.windows.maximum_gap && !ranges.windows.plume_share &&
              !ranges.windows.imposed_share && ranges.windows.held.empty() && !ranges.windows.released &&
              !ranges.windows.dilution));
  BOOST_TEST((ranges.choice.variable.empty() && ranges.choice.inputs.empty()));
  const ScenarioRanges bare = read(text.substr(0, text.find("[species]")) + "[photolysis]\nJ4 = [1, 0]\n");
  BOOST_TEST(bare.photolysis.table->reference_temperature == 285);
  BOOST_TEST(bare.photolysis.column == "photolysis_rate_scaling");
}

BOOST_AUTO_TEST_CASE(ranges_that_are_none_are_errors_with_their_line) {
  expect(complaint("\"degC\"", "\"F\""),
         "r.toml:2: environment.temperature.units: expected \"K\", \"degC\", found \"F\"");
  expect(complaint("\"hPa\"", "\"bar\""), "r.toml:3: environment.pressure.units: expected \"Pa\", \"hPa\"");
  expect(complaint("\"ppb\"", "\"ug m-3\""), "r.toml:9: species.O3.units: expected \"mol mol-1\", \"ppm\"");
  expect(complaint("\"ppb\"", "3"), "r.toml:9: species.O3.units: expected a text");
  expect(complaint("maximum = 100,", "maximum = inf,"), "r.toml:9: species.O3: expected finite numbers");
  expect(complaint("minimum = 1e5", "minimum = -1e5"), "r.toml:10: species.OH.minimum");
  expect(complaint(", scale = \"linear\" }\n[parameters]",
                   ", scale = \"linear\", column = \"x\" }\n[parameters]"),
         "r.toml:12: plume.NO: expected minimum, maximum, units, scale, found column");
}

BOOST_AUTO_TEST_CASE(parameters_that_are_none_are_errors_with_their_line) {
  expect(complaint("column = \"sink\"", "column = 3"), "r.toml:14: parameters.RES1.column: expected a text");
  expect(complaint("maximum = 3,", ""), "r.toml:15: parameters.K2: expected a key maximum");
  expect(complaint("minimum = 0, maximum = 3", "minimum = -1, maximum = 3"),
         "r.toml:15: parameters.K2.minimum: expected zero or more");
  for (const char* const other : {"[1, 2]", "true", "-2.5e-3", "2024-06-21"})
    expect(complaint("2.5e-3\nK4", std::string(other) + "\nK4"),
           "r.toml:17: parameters.K3: expected a number, a rate expression or a range, found another value");
}

BOOST_AUTO_TEST_CASE(photolysis_rows_that_are_none_are_errors_with_their_line) {
  expect(complaint("J4 =", "J9 ="), "r.toml:22: photolysis.J9: expected reference_temperature, column, J<n>");
  expect(complaint("J_HCHO_H", "J_"), "r.toml:23: photolysis.J_");
  for (const char* const other : {"[5e-6]", "5e-6", "[5e-6, 1e-3, 0]"})
    expect(complaint("[5e-6, 1e-3]", other),
           "r.toml:22: photolysis.J4: expected [J at the reference temperature");
  expect(complaint("[5e-6, 1e-3]", "[5e-6, \"warm\"]"), "r.toml:22: photolysis.J4: expected a number");
  expect(complaint("[5e-6, 1e-3]", "[-5e-6, 1e-3]"), "photolysis.J4: expected a value of 0 or more");
  expect(complaint("[5e-6, 1e-3]", "[nan, 1e-3]"), "photolysis.J4: expected a finite number");
  expect(complaint("= 280", "= \"warm\""), "r.toml:20: photolysis.reference_temperature: expected a number");
  expect(complaint("\"light\"", "1"), "r.toml:21: photolysis.column: expected a text");
}

BOOST_AUTO_TEST_CASE(windows_and_lists_that_are_none_are_errors_with_their_line) {
  expect(complaint("\"h\"", "\"days\""), "r.toml:26: windows.spin_up.units: expected \"s\", \"h\"");
  expect(complaint("maximum = 12,", "maximum = 0.1,"),
         "r.toml:26: windows.spin_up: expected minimum <= maximum");
  expect(complaint("gap = {", "gap = 3 #"), "r.toml:27: windows.gap");
  expect(complaint("plume_share = 0.5", "plume_share = 1.5"),
         "r.toml:28: windows.plume_share: expected 0 to 1");
  expect(complaint("imposed_share = 1", "imposed_share = \"all\""), "r.toml:29: windows.imposed_share");
  expect(complaint("\"OH\"]", "\"NO\"]"),
         "r.toml:30: windows.held: expected species that have a range in "
         "[species], found NO");
  expect(complaint("held = [\"O3\", \"OH\"]", "held = 3"),
         "r.toml:30: windows.held: expected a list of names");
  expect(complaint("0, maximum = 2,", "0, maximum = -2,"),
         "r.toml:31: windows.released: expected minimum <= maximum");
  expect(complaint("\"h-1\"", "\"h\""), "r.toml:32: windows.dilution.units: expected \"s-1\", \"h-1\"");
  expect(complaint("minimum = 0.36", "minimum = -1"),
         "r.toml:32: windows.dilution.minimum: expected above zero");
  expect(complaint("plume_share", "smoke_share"), "r.toml:28: windows.smoke_share: expected spin_up, gap");
  expect(complaint("\"all\"", "7"), "r.toml:34: mechanism.variable: expected a list of names");
  expect(complaint("\"H2\"", "2"), "r.toml:35: mechanism.fixed: expected names");
  expect(complaint("inputs", "entries"), "r.toml:36: mechanism.entries: expected variable, fixed, inputs");
  expect(complaint("[mechanism]", "[mechanisms]"), "r.toml:33: mechanisms: expected environment, species");
  expect(message_of([] { read("windows = 3\n" + text.substr(0, text.find("[windows]"))); }),
         "expected a table [windows]");
}

BOOST_AUTO_TEST_CASE(lumped_species_have_members_with_coefficients) {
  const std::string lumps =
      "[lumped.L1]\nPAN = 1\n\"PH-AN\" = 0.25\n[lumped.L2]\nelement = \"N\"\nend = true\nX = 3e-3\n";
  const std::vector<LumpedSpecies> found = read(text + lumps).choice.lumped;
  BOOST_TEST_REQUIRE(found.size() == 2u);
  BOOST_TEST(found[0].name == "L1");
  BOOST_TEST_REQUIRE(found[0].members.size() == 2u);
  for (const auto& [name, coefficient] : found[0].members)
    BOOST_TEST(coefficient == (name == "PAN" ? 1 : 0.25));
  BOOST_TEST(found[1].members[0].second == 3e-3);
  BOOST_TEST(found[0].element == "");
  BOOST_TEST(found[1].element == "N");
  BOOST_TEST(found[1].end);
  const auto said = [](const char* table) { return message_of([&] { read(text + table); }); };
  expect(said("[lumped.L1]\nPAN = 0\n"), "r.toml:39: lumped.L1.PAN: expected a coefficient above 0, found 0");
  expect(said("[lumped.L1]\nPAN = -1\n"), "a coefficient above 0, found -1");
  expect(said("[lumped.L1]\nPAN = inf\n"), "r.toml:39: lumped.L1.PAN");
  expect(said("[lumped.L1]\nPAN = \"one\"\n"), "r.toml:39: lumped.L1.PAN");
  expect(said("[lumped.L1]\n"), "r.toml:38: lumped.L1: expected a table of species");
  expect(said("[lumped.L1]\nelement = \"N\"\n"), "r.toml:38: lumped.L1: expected a table of species");
  expect(said("[lumped]\nL1 = 1\n"), "r.toml:39: lumped.L1: expected a table of species");
}
