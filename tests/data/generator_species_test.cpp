#define BOOST_TEST_MODULE data_generator_species
#include <algorithm>
#include <string>
#include <vector>

#include "data_test_tools.hpp"
#include "small_mechanism.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/data/generator.hpp>

using namespace chemnne;
using test::contains;
using test::message_of;

namespace {

/// The data set of some ranges.
Dataset generated(const ScenarioRanges& ranges, const Mechanism& mechanism = test::small_mechanism(),
                  const WindowOptions& windows = {.frames = 7, .maximum_spin_up = 7200}) {
  const test::TemporaryFolder folder;
  const GeneratorOptions options{.scenarios = 6, .seed = 5, .windows = windows, .threads = 1};
  generate_dataset(mechanism, ranges, options, folder.file("data.nc"));
  return read_dataset(folder.file("data.nc"));
}

const Dataset& whole() {
  static const Dataset data = generated(test::small_ranges());
  return data;
}

std::size_t place(const std::vector<std::string>& names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  BOOST_TEST_REQUIRE((found != names.end()), name);
  return static_cast<std::size_t>(found - names.begin());
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_subset_is_the_same_columns_of_the_whole) {
  const Dataset part =
      generated(test::small_ranges("[mechanism]\ninputs = [\"O3\", \"NO\"]\noutputs = [\"HNO3\", \"O3\"]\n"));
  BOOST_TEST(part.species_name == (std::vector<std::string>{"O3", "NO", "HNO3"}),
             boost::test_tools::per_element());
  BOOST_TEST(part.task == (std::vector<int>{1, 1, 2}), boost::test_tools::per_element());
  BOOST_TEST(whole().task == (std::vector<int>(5, 1)), boost::test_tools::per_element());
  BOOST_TEST_REQUIRE(part.cases() == whole().cases());
  for (std::size_t k = 0; k < part.species(); ++k) {
    const std::size_t same = place(whole().species_name, part.species_name[k]);
    for (std::size_t window = 0; window < part.cases(); ++window)
      for (std::size_t frame = 0; frame < part.frames(); ++frame)
        BOOST_TEST(part.row(window, frame)[k] == whole().row(window, frame)[same]);
    BOOST_TEST(part.molar_mass[k] == whole().molar_mass[same]);
    for (std::size_t element = 0; element < part.elements(); ++element)
      BOOST_TEST(part.atom_count[k * part.elements() + element] ==
                 whole().atom_count[same * whole().elements() + element]);
  }
  // What is left out of the file still counts in the totals.
  BOOST_TEST((part.element_total == whole().element_total));
  BOOST_TEST((part.environment_value == whole().environment_value));
  BOOST_TEST(part.attribute("species") != whole().attribute("species"));
}

BOOST_AUTO_TEST_CASE(a_drawn_parameter_is_in_the_file_and_moves_the_chemistry) {
  const std::size_t column = place(whole().environment_name, "uptake");
  BOOST_TEST(column == 5u);
  BOOST_TEST(whole().environment_units[column] == "s-1");
  std::vector<double> drawn;
  for (std::size_t window = 0; window < whole().cases(); ++window) {
    drawn.push_back(whole().environment(window)[column]);
    BOOST_TEST((drawn.back() >= 1e-4 && drawn.back() <= 1e-2));
    if (whole().window_in_scenario[window] > 0) BOOST_TEST(drawn.back() == drawn[window - 1]);
  }
  std::sort(drawn.begin(), drawn.end());
  BOOST_TEST((std::unique(drawn.begin(), drawn.end()) - drawn.begin()) == 6);
  // HNO3 comes into balance within minutes to hours: P = k NO2 OH, L = SINK HNO3. At the end of each window
  // of a large sink both agree to what NO2 changes meanwhile.
  const std::size_t acid = place(whole().species_name, "HNO3"), dioxide = place(whole().species_name, "NO2");
  std::size_t looked_at = 0;
  for (std::size_t window = 0; window < whole().cases(); ++window) {
    const double sink = whole().environment(window)[column];
    if (sink < 2e-3) continue;
    const auto end = whole().row(window, 6);
    const double production = 1.1e-11 * 1e6 * static_cast<double>(end[dioxide]);
    BOOST_TEST(sink * static_cast<double>(end[acid]) == production, boost::test_tools::tolerance(0.02));
    ++looked_at;
  }
  BOOST_TEST(looked_at > 0u);
}

BOOST_AUTO_TEST_CASE(a_rule_in_the_place_of_a_range_is_no_column) {
  const Dataset data = generated(test::small_ranges_with_sink("SINK = \"1e-3*SUN\"\n"));
  for (const std::string& name : data.environment_name)
    BOOST_TEST((name != "uptake" && name != "SINK"), name);
  BOOST_TEST(data.environments() == 10u);
}

BOOST_AUTO_TEST_CASE(a_table_of_photolysis_gives_the_light_in_the_file) {
  const Dataset data = generated(test::small_ranges("[photolysis]\ncolumn = \"light\"\nJ4 = [1e-5, 0]\n"));
  const std::size_t light = place(data.environment_name, "light"),
                    factor = place(data.environment_name, "light_factor"),
                    cosine = place(data.environment_name, "cosine_zenith");
  bool is_day = false;
  for (std::size_t window = 0; window < data.cases(); ++window) {
    const auto row = data.environment(window);
    BOOST_TEST((row[factor] >= 0.5 && row[factor] <= 1.2));
    BOOST_TEST(row[light] == row[factor] * clear_sky_radiation(row[cosine]));
    is_day = is_day || row[light] > 0;
  }
  BOOST_TEST(is_day);
}

BOOST_AUTO_TEST_CASE(windows_are_those_of_the_options_else_of_the_ranges_else_the_default) {
  const ScenarioRanges ranges = test::small_ranges(
      "[windows]\nspin_up = { minimum = 0.5, maximum = 0.5, units = \"h\" }\n"
      "gap = { minimum = 60, maximum = 120, units = \"s\" }\nplume_share = 0\nimposed_share = 1\n");
  const Dataset of_ranges = generated(ranges, test::small_mechanism(), {.frames = 7});
  for (std::size_t window = 0; window < of_ranges.cases(); ++window) {
    BOOST_TEST(of_ranges.kind[window] == 1);
    if (of_ranges.window_in_scenario[window] == 0)
      BOOST_TEST(of_ranges.spin_up_length[window] == 1800, boost::test_tools::tolerance(1e-6));  // a pow
    else
      BOOST_TEST((of_ranges.spin_up_length[window] >= 60 && of_ranges.spin_up_length[window] <= 120));
  }
  BOOST_TEST(of_ranges.attribute("imposed_share") == "1");
  BOOST_TEST(of_ranges.attribute("minimum_gap") == "60");
  BOOST_TEST(of_ranges.attribute("maximum_spin_up") == "1800");
  BOOST_TEST(of_ranges.attribute("light_step") == "3600");

  const Dataset of_options = generated(
      ranges, test::small_mechanism(),
      {.frames = 7, .imposed_share = 0, .minimum_gap = 0, .maximum_gap = 0, .maximum_spin_up = 3600});
  for (std::size_t window = 0; window < of_options.cases(); ++window) {
    BOOST_TEST(of_options.kind[window] == 0);
    const double before = of_options.spin_up_length[window];
    BOOST_TEST(
        (of_options.window_in_scenario[window] > 0 ? before == 0 : before > 1799 && before < 3600 + 1));
  }
  BOOST_TEST(of_options.attribute("imposed_share") == "0");
  BOOST_TEST(of_options.attribute("plume_share") == "0");
  BOOST_TEST(of_options.attribute("minimum_spin_up") == "1800");
  BOOST_TEST(of_options.attribute("maximum_spin_up") == "3600");

  BOOST_TEST(whole().attribute("plume_share") == "0.25");
  BOOST_TEST(whole().attribute("minimum_spin_up") == "600");
}

BOOST_AUTO_TEST_CASE(a_mechanism_that_is_not_as_the_ranges_choose_is_refused) {
  const ScenarioRanges fixed = test::small_ranges("[mechanism]\nfixed = [\"X\"]\n"),
                       variable = test::small_ranges("[mechanism]\nvariable = [\"OH\"]\n");
  const auto complaint = [](const ScenarioRanges& ranges) { return message_of([&] { generated(ranges); }); };
  BOOST_TEST(contains(complaint(fixed), "species X: expected fixed (the ranges' choice), found variable"),
             complaint(fixed));
  BOOST_TEST(contains(complaint(variable), "species OH: expected variable (the ranges' choice), found fixed"),
             complaint(variable));
  Mechanism chosen = test::small_mechanism();
  apply_choice(chosen, fixed.choice);
  BOOST_TEST(generated(fixed, chosen).species() == 4u);
}

BOOST_AUTO_TEST_CASE(an_unknown_composition_is_a_molar_mass_of_zero) {
  BOOST_TEST(whole().molar_mass[place(whole().species_name, "X")] == 0);
  // 30.006 g mol-1 (CRC Handbook), stored as a float.
  BOOST_TEST(whole().molar_mass[place(whole().species_name, "NO")] == 30.006,
             boost::test_tools::tolerance(1e-4));
}

BOOST_AUTO_TEST_CASE(species_and_parameters_that_do_not_fit_are_errors) {
  const auto complaint = [](const ScenarioRanges& ranges) { return message_of([&] { generated(ranges); }); };
  BOOST_TEST(contains(complaint(test::small_ranges("[mechanism]\ninputs = [\"XENON\"]\n")), "'XENON'"));
  BOOST_TEST(
      contains(complaint(test::small_ranges("[mechanism]\noutputs = [\"OH\"]\n")), "'OH', which is fixed"));
  BOOST_TEST(contains(complaint(test::small_ranges_with_sink("")), "SINK, which reaction <sink> uses"));
}

BOOST_AUTO_TEST_CASE(a_lumped_species_is_a_sum_of_columns_of_the_whole) {
  const Dataset part = generated(test::small_ranges(
      "[mechanism]\ninputs = [\"O3\", \"NO\"]\noutputs = [\"X\"]\n[lumped.NOY]\nNO2 = 1\nHNO3 = 0.5\n"));
  BOOST_TEST(part.species_name == (std::vector<std::string>{"O3", "NO", "NOY", "X"}),
             boost::test_tools::per_element());
  BOOST_TEST(part.task == (std::vector<int>{1, 1, 1, 2}), boost::test_tools::per_element());
  const std::size_t no2 = place(whole().species_name, "NO2"), hno3 = place(whole().species_name, "HNO3");
  for (std::size_t window = 0; window < part.cases(); ++window)
    for (std::size_t frame = 0; frame < part.frames(); ++frame) {
      const auto all = whole().row(window, frame);
      BOOST_TEST(part.row(window, frame)[2] == all[no2] + 0.5f * all[hno3],
                 boost::test_tools::tolerance(1e-6f));
      BOOST_TEST(part.row(window, frame)[3] == all[place(whole().species_name, "X")]);
    }
  for (std::size_t element = 0; element < part.elements(); ++element)
    BOOST_TEST(part.atom_count[2 * part.elements() + element] == 0);
  BOOST_TEST(part.molar_mass[2] == 0);
  BOOST_TEST(part.attribute("lumped") == R"({"NOY":{"HNO3":0.5,"NO2":1}})");
}
