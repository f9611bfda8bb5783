#define BOOST_TEST_MODULE data_environment_model
#include <cmath>
#include <string>
#include <vector>

#include "data_test_tools.hpp"
#include "small_mechanism.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/data/environment_model.hpp>
#include <chemnne/data/scenario_ranges.hpp>

using namespace chemnne;
using test::contains;
using test::message_of;
using test::small_mechanism;
using test::small_ranges;
using test::small_ranges_with_sink;

namespace {

const std::string table =
    "[photolysis]\nreference_temperature = 280\ncolumn = \"light\"\nJ4 = [5e-6, 1e-3]\n";

/// 20 N on the longest day, in the middle of the hour that `at` looks at.
Conditions at_hour(double hour) {
  return {.temperature = 290,
          .pressure = 95000,
          .relative_humidity = 40,
          .photolysis_scaling = 0.8,
          .latitude = 20,
          .day_of_year = 172,
          .local_hour = hour - 0.5,
          .parameters = {3e-3}};
}

std::vector<std::string> column_names(const EnvironmentModel& model) {
  std::vector<std::string> names;
  for (const EnvironmentColumn& column : model.columns()) names.push_back(column.name);
  return names;
}

/// The value of SINK that a rule gives at noon.
double sink_by(const std::string& rule, double hour = 12) {
  const EnvironmentModel model(small_mechanism(), small_ranges_with_sink("SINK = " + rule + "\n"));
  return model.at(at_hour(hour), 0).parameters.at(0);
}

std::string complaint(const std::string& parameters) {
  return message_of([&] { EnvironmentModel(small_mechanism(), small_ranges_with_sink(parameters)); });
}

const std::vector<std::string> names_without_parameters{
    "temperature",        "pressure",           "relative_humidity",           "cosine_zenith",
    "photolysis_scaling", "air_number_density", "water_vapour_number_density", "latitude",
    "day_of_year",        "local_hour"};

}  // namespace

BOOST_AUTO_TEST_CASE(without_parameters_the_columns_are_ten_and_each_is_described) {
  const Mechanism troposphere = read_kpp(CHEMNNE_SOURCE_DIRECTORY "/examples/mechanisms/troposphere.eqn");
  const ScenarioRanges ranges =
      read_scenario_ranges(CHEMNNE_SOURCE_DIRECTORY "/examples/mechanisms/troposphere.toml");
  const EnvironmentModel model(troposphere, ranges);
  BOOST_TEST(column_names(model) == names_without_parameters, boost::test_tools::per_element());
  for (const EnvironmentColumn& column : model.columns())
    BOOST_TEST((!column.units.empty() && !column.long_name.empty()), column.name);
  Conditions noon = at_hour(12);
  noon.parameters.clear();
  const Environment environment = model.at(noon, 0);
  BOOST_TEST(environment.parameters.empty());
  BOOST_TEST((environment.photolysis == nullptr));
  const std::vector<double> row = model.row(noon, 0, environment);
  BOOST_TEST(row == (std::vector<double>{290, 95000, 40, cosine_solar_zenith(20, 172, 12), 0.8,
                                         air_number_density(environment), water_number_density(environment),
                                         20, 172, 11.5}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_drawn_parameter_is_a_condition_under_its_column_s_name) {
  const EnvironmentModel model(small_mechanism(), small_ranges());
  std::vector<std::string> expected = names_without_parameters;
  expected.insert(expected.begin() + 5, "uptake");
  BOOST_TEST(column_names(model) == expected, boost::test_tools::per_element());
  BOOST_TEST(model.columns()[5].units == "s-1");
  BOOST_TEST(contains(model.columns()[5].long_name, "SINK"));
  const Environment environment = model.at(at_hour(12), 0);
  // The second, which no rate uses and no range names, is 0.
  BOOST_TEST(environment.parameters == (std::vector<double>{3e-3, 0}), boost::test_tools::per_element());
  BOOST_TEST(model.row(at_hour(12), 0, environment).at(5) == 3e-3);
  const ScenarioRanges plain =
      small_ranges_with_sink("SINK = { minimum = 0, maximum = 1, units = \"s-1\", scale = \"linear\" }\n");
  BOOST_TEST(EnvironmentModel(small_mechanism(), plain).columns().at(5).name == "SINK");
}

BOOST_AUTO_TEST_CASE(rules_follow_the_environment_of_each_step) {
  const double cosine = cosine_solar_zenith(20, 172, 12);
  BOOST_TEST(sink_by("\"J(4)\"") == 0.8 * mcm_photolysis_rate(4, cosine));
  BOOST_TEST(sink_by("\"1e-5*SUN\"") == 1e-5 * cosine);
  BOOST_TEST(sink_by("\"TEMP/290 + PRESS\"") == 95001);
  BOOST_TEST(sink_by("0.1") == 0.1);  // a number comes through its text unchanged
  BOOST_TEST(sink_by("2") == 2);
  for (const char* const rule : {"\"J(4)\"", "\"1e-5*SUN\""}) BOOST_TEST(sink_by(rule, 0) == 0, rule);
  // What follows from the rest is no condition of an emulator.
  const EnvironmentModel model(small_mechanism(), small_ranges_with_sink("SINK = \"J(4)\"\nIDLE = 7\n"));
  BOOST_TEST(column_names(model) == names_without_parameters, boost::test_tools::per_element());
  BOOST_TEST(model.at(at_hour(12), 0).parameters.at(1) == 7);
}

BOOST_AUTO_TEST_CASE(parameters_that_are_missing_or_unknown_are_errors) {
  const std::string missing = complaint("IDLE = 1\n");
  BOOST_TEST(
      contains(missing, "[parameters]: expected a range, a number or a rule for SINK, which reaction <sink>"),
      missing);
  const std::string unknown = complaint("SINK = 1\nSOURCE = 2\n");
  BOOST_TEST(contains(unknown, "parameters.SOURCE: expected a parameter of the mechanism small"), unknown);
  BOOST_TEST(contains(complaint("SINK = \"2*XENON\"\n"), "parameters.SINK"));
  BOOST_TEST(contains(complaint("SINK = \"2*XENON\"\n"), "XENON"));
  BOOST_TEST(contains(complaint("SINK = \"2*\"\n"), "parameters.SINK, line 1"));
  BOOST_TEST(contains(complaint("SINK = { minimum = 0, maximum = 1, units = \"s-1\", scale = \"linear\", "
                                "column = \"temperature\" }\n"),
                      "each name once, found 'temperature' twice"));
}

BOOST_AUTO_TEST_CASE(with_a_table_light_is_the_factor_times_the_clear_sky) {
  const EnvironmentModel model(small_mechanism(), small_ranges(table));
  std::vector<std::string> expected = names_without_parameters;
  expected[4] = "light";
  expected.insert(expected.begin() + 5, "uptake");
  expected.push_back("light_factor");
  BOOST_TEST(column_names(model) == expected, boost::test_tools::per_element());
  BOOST_TEST(model.columns()[4].units == "W m-2");
  const double cosine = cosine_solar_zenith(20, 172, 12);
  const Environment noon = model.at(at_hour(12), 0);
  BOOST_TEST(noon.photolysis_scaling == 0.8 * 1098 * cosine * std::exp(-0.059 / cosine),
             boost::test_tools::tolerance(1e-15));
  // J = light value exp(coefficient (T - reference)); rounding of three products.
  BOOST_TEST(make_rate_context(noon).photolysis[4] == noon.photolysis_scaling * 5e-6 * std::exp(0.01),
             boost::test_tools::tolerance(1e-14));
  const std::vector<double> row = model.row(at_hour(12), 0, noon);
  BOOST_TEST(row.at(4) == noon.photolysis_scaling);
  BOOST_TEST(row.back() == 0.8);
  const Environment night = model.at(at_hour(12), 12);
  BOOST_TEST(night.photolysis_scaling == 0);
  BOOST_TEST(make_rate_context(night).photolysis[4] == 0);
}

BOOST_AUTO_TEST_CASE(the_clear_sky_is_that_of_haurwitz) {
  // 1098 exp(-0.059) at the zenith; 549 exp(-0.118) at 60 degrees.
  BOOST_TEST(clear_sky_radiation(1) == 1035.09, boost::test_tools::tolerance(1e-5));
  BOOST_TEST(clear_sky_radiation(0.5) == 487.890, boost::test_tools::tolerance(1e-5));
  BOOST_TEST(clear_sky_radiation(0) == 0);
  BOOST_TEST(clear_sky_radiation(-0.2) == 0);
}

BOOST_AUTO_TEST_CASE(a_row_leads_back_to_the_conditions) {
  for (const std::string& more : {std::string(), table}) {
    const EnvironmentModel model(small_mechanism(), small_ranges(more));
    Dataset data;
    for (const EnvironmentColumn& column : model.columns()) data.environment_name.push_back(column.name);
    // A window by day, one by night, one after midnight of the first.
    for (const double hours : {0.0, 9.0, 20.0}) {
      const std::vector<double> row = model.row(at_hour(12), hours, model.at(at_hour(12), hours));
      data.environment_value.insert(data.environment_value.end(), row.begin(), row.end());
    }
    for (std::size_t window = 0; window < 3; ++window) {
      const double hours = window == 0 ? 0 : window == 1 ? 9 : 20;
      const Conditions back = model.conditions_of(data, window);
      BOOST_TEST(back.parameters == (std::vector<double>{3e-3}), boost::test_tools::per_element());
      BOOST_TEST(back.day_of_year == (window == 2 ? 173 : 172));
      BOOST_TEST(back.local_hour == 11.5 + hours - (window == 2 ? 24 : 0));
      BOOST_TEST(back.photolysis_scaling == 0.8);
      // The day goes on as it would have; the hour modulo 24 is exact here, its angle rounds.
      for (const double later : {0.0, 6.0, 14.0}) {
        const Environment expected = model.at(at_hour(12), hours + later), found = model.at(back, later);
        BOOST_TEST(std::abs(found.cosine_zenith - expected.cosine_zenith) < 1e-12);
        BOOST_TEST(std::abs(found.photolysis_scaling - expected.photolysis_scaling) < 1e-9);
        BOOST_TEST((found.parameters == expected.parameters));
        BOOST_TEST(found.temperature == expected.temperature);
      }
    }
    data.environment_name[5] = "another";
    BOOST_TEST(contains(message_of([&] { model.conditions_of(data, 0); }), "environment value uptake"));
  }
}
