#define BOOST_TEST_MODULE data_visited_starts
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "data_test_tools.hpp"
#include "small_mechanism.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/data/generator.hpp>
#include <chemnne/data/read_starts.hpp>
#include <chemnne/data/scenario_runner.hpp>

using namespace chemnne;
using test::contains;
using test::message_of;

namespace {

const Mechanism& mechanism() {
  static const Mechanism made = test::small_mechanism();
  return made;
}

/// All species of the mechanism in another order, beside one that it lacks; the second has the largest key.
AirSample visited() {
  return {.species = {"X", "O3", "NO", "dust", "NO2", "HNO3"},
          .conditions = {"cosine_zenith", "temperature", "pressure", "relative_humidity", "uptake",
                         "photolysis_scaling"},
          .condition_units = {"1", "K", "Pa", "%", "s-1", "1"},
          .number_density = {1e9, 1e12, 3e9, 7, 2e10, 4e9, 2e9, 7e11, 1e8, 7, 5e9, 0},
          .condition_value = {0.6, 285, 9.3e4, 45, 3e-3, 0.8, 0, 277, 9.1e4, 70, 5e-4, 1.1},
          .key = {-0.5, -0.1},
          .score = {0, 2}};
}

/// Rows of another order.
const std::vector<std::size_t> by_key{1, 0};

ScenarioRanges ranges_with_events() {
  ScenarioRanges ranges = test::small_ranges(
      "[host]\n"
      "daily_swing = { minimum = 2, maximum = 6, units = \"K\", scale = \"linear\" }\n");
  ranges.scatter = {{"O3", 0.5}};
  return ranges;
}

const SpeciesSelection all{.species = {0, 1, 2, 3, 4}, .task = {1, 1, 1, 1, 1}};

double given(const AirSample& sample, std::size_t row, std::size_t species) {
  const std::string& name = mechanism().species[species].name;
  const auto found = std::find(sample.species.begin(), sample.species.end(), name);
  return found == sample.species.end()
             ? std::nan("")
             : sample.state(row)[static_cast<std::size_t>(found - sample.species.begin())];
}

/// Windows of the first scenarios, of three frames.
std::vector<ScenarioWindows> run(const VisitedStarts& starts, const ScenarioRanges& ranges, std::size_t count,
                                 std::size_t windows = 1) {
  const WindowOptions options{.windows_per_scenario = windows,
                              .frames = 3,
                              .plume_share = 1,
                              .imposed_share = 1,
                              .minimum_spin_up = 7200,
                              .maximum_spin_up = 7200};
  ScenarioRunner runner(mechanism(), ranges, all, options, 5, &starts);
  std::vector<ScenarioWindows> result;
  for (const Scenario& scenario : draw_scenarios(ranges, count, 0, 5)) {
    result.push_back(runner.run(scenario));
    BOOST_TEST_REQUIRE(result.back().failure == "");
  }
  return result;
}

VisitedStarts starts_of(const AirSample& sample, const ScenarioRanges& ranges, std::size_t first = 0) {
  return VisitedStarts({sample}, mechanism(), ranges, first, "visited.nc");
}

/// Value of a column of the first window's environment.
double weather(const ScenarioRanges& ranges, const ScenarioWindows& windows, const std::string& name) {
  const EnvironmentModel model(mechanism(), ranges);
  for (std::size_t k = 0; k < model.columns().size(); ++k)
    if (model.columns()[k].name == name) return windows.environment_value[k];
  return std::nan("");
}

}  // namespace

BOOST_AUTO_TEST_CASE(windows_start_at_the_states_under_their_conditions) {
  const ScenarioRanges ranges = ranges_with_events();
  const AirSample sample = visited();
  const std::vector<ScenarioWindows> windows = run(starts_of(sample, ranges), ranges, 2, 2);
  for (std::size_t i = 0; i < 2; ++i) {
    const std::size_t row = by_key[i];
    for (std::size_t s = 0; s < 5; ++s)
      BOOST_TEST(windows[i].concentration[s] == static_cast<float>(given(sample, row, s)));
    for (std::size_t k = 0; k < sample.conditions.size(); ++k)
      BOOST_TEST(std::abs(weather(ranges, windows[i], sample.conditions[k]) - sample.condition(row)[k]) <=
                     1e-9 * sample.condition(row)[k],
                 sample.conditions[k]);
    BOOST_TEST(windows[i].spin_up_length[0] == 0);
    BOOST_TEST(windows[i].kind[0] == 0);
    BOOST_TEST(windows[i].kind[1] == 3);  // what follows is as in any other scenario
  }
}

BOOST_AUTO_TEST_CASE(missing_species_form_and_the_others_are_put_back) {
  AirSample sample = visited();
  sample.species[2] = "another";  // NO
  const ScenarioRanges ranges = ranges_with_events();
  const std::vector<ScenarioWindows> windows = run(starts_of(sample, ranges), ranges, 2);
  for (std::size_t i = 0; i < 2; ++i) {
    BOOST_TEST(windows[i].spin_up_length[0] == VisitedStarts::spin_up);
    for (std::size_t s = 0; s < 5; ++s)
      if (mechanism().species[s].name != "NO")
        BOOST_TEST(windows[i].concentration[s] == static_cast<float>(given(sample, by_key[i], s)));
    BOOST_TEST(std::abs(weather(ranges, windows[i], "cosine_zenith") - sample.condition(by_key[i])[0]) <
               1e-9);
  }
  const std::size_t no = mechanism().index_of("NO");
  BOOST_TEST(windows[0].concentration[no] == 0);    // of the night
  BOOST_TEST(windows[1].concentration[no] > 1e8f);  // of the day, from NO2
}

BOOST_AUTO_TEST_CASE(number_densities_of_air_and_water_are_conditions_too) {
  AirSample sample = visited();
  sample.conditions[2] = "air_number_density";
  sample.conditions[3] = "water_vapour_number_density";
  for (std::size_t row = 0; row < 2; ++row) {
    double* const values = &sample.condition_value[row * 6];
    const Environment air{.temperature = values[1], .pressure = values[2], .relative_humidity = values[3]};
    values[2] = air_number_density(air);
    values[3] = water_number_density(air);
  }
  const ScenarioRanges ranges = test::small_ranges();
  const std::vector<ScenarioWindows> windows = run(starts_of(sample, ranges), ranges, 2);
  for (std::size_t i = 0; i < 2; ++i)
    for (const std::size_t k : {std::size_t{2}, std::size_t{3}})
      BOOST_TEST(weather(ranges, windows[i], visited().conditions[k]) == visited().condition(by_key[i])[k],
                 boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(the_sun_of_the_first_window_has_its_height_anywhere) {
  const ScenarioRanges ranges = test::small_ranges();
  AirSample sample = visited();
  for (const double latitude : {-90.0, -70.0, 0.0, 23.0, 89.0})
    for (const double day : {1.0, 80.0, 172.0, 365.0})
      for (const double cosine : {-0.3, 0.0, 1e-4, 0.5, 0.95, 1.0}) {
        sample.conditions = {"cosine_zenith", "latitude", "day_of_year"};
        sample.condition_value = {cosine, latitude, day, cosine, latitude, day};
        const std::vector<ScenarioWindows> windows = run(starts_of(sample, ranges), ranges, 2);
        for (const ScenarioWindows& one : windows)
          BOOST_TEST(std::abs(weather(ranges, one, "cosine_zenith") - std::max(cosine, 0.0)) < 1e-7,
                     latitude << " " << day << " " << cosine);
      }
}

BOOST_AUTO_TEST_CASE(the_hour_tells_morning_from_afternoon) {
  const ScenarioRanges ranges = test::small_ranges();
  AirSample sample = visited();
  for (const double hour : {8.0, 15.0}) {
    sample.conditions = {"cosine_zenith", "local_hour", "latitude"};
    sample.condition_value = {0.5, hour, 40, 0.5, hour, 40};
    for (const ScenarioWindows& one : run(starts_of(sample, ranges), ranges, 2))
      BOOST_TEST((weather(ranges, one, "local_hour") + 0.5 < 12) == (hour < 12));
  }
}

BOOST_AUTO_TEST_CASE(light_by_table_is_found_again) {
  const ScenarioRanges ranges = test::small_ranges("[photolysis]\ncolumn = \"light\"\nJ4 = [1e-5, 0]\n");
  AirSample sample = visited();
  sample.conditions[5] = "light";
  sample.condition_value[5] = 321;
  const std::vector<ScenarioWindows> windows = run(starts_of(sample, ranges), ranges, 2);
  BOOST_TEST(weather(ranges, windows[1], "light") == 321, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(weather(ranges, windows[0], "light") == 0);
}

BOOST_AUTO_TEST_CASE(more_scenarios_than_states_begin_again_jittered) {
  const ScenarioRanges ranges = test::small_ranges();
  const AirSample sample = visited();
  const std::vector<ScenarioWindows> windows = run(starts_of(sample, ranges), ranges, 40);
  double square = 0;
  for (std::size_t i = 2; i < 40; ++i) {
    const double decades =
        std::log10(static_cast<double>(windows[i].concentration[2]) / given(sample, by_key[i % 2], 2));
    BOOST_TEST(decades != 0);
    square += decades * decades / 38;
  }
  BOOST_TEST(std::abs(std::sqrt(square) - StartStates::jitter) <
             5 * StartStates::jitter / std::sqrt(2 * 38.0));
}

BOOST_AUTO_TEST_CASE(what_is_no_air_is_left_out_and_told) {
  const ScenarioRanges ranges = test::small_ranges();
  AirSample sample = visited();
  BOOST_TEST(starts_of(sample, ranges).summary() ==
             "2 visited states, 1 species that are no variable ones of the mechanism (dust)");
  sample.condition_value[1] = 500;  // K
  const VisitedStarts starts = starts_of(sample, ranges);
  BOOST_TEST(starts.states() == 1u);
  BOOST_TEST(contains(starts.summary(), "1 left out"));
  BOOST_TEST(starts.hash() != starts_of(visited(), ranges).hash());
  sample.number_density[6] = std::nan("");
  const auto complaint = [&](const AirSample& of) { return message_of([&] { starts_of(of, ranges); }); };
  BOOST_TEST(contains(complaint(sample), "visited.nc: expected states"));
  sample = visited();
  sample.species = {"a", "b", "c", "d", "e", "OH"};
  BOOST_TEST(contains(complaint(sample), "variable species"));
  sample = visited();
  sample.fingerprint = "another";
  BOOST_TEST(contains(complaint(sample), "'another'"));
}

BOOST_AUTO_TEST_CASE(files_are_told_by_their_content) {
  const ScenarioRanges ranges = test::small_ranges();
  const test::TemporaryFolder folder;
  const std::string one = folder.file("one"), two = folder.file("two"), data = folder.file("data"),
                    text = folder.file("text");
  AirSample sample = visited();
  sample.fingerprint = mechanism().fingerprint();
  write_air_sample(one, sample);
  sample.key = {-0.2, -0.05};
  write_air_sample(two, sample);
  write_file_atomically(
      text,
      "Location: here\nTimestamp: 2019/07/01 10:00\nLongitude (degrees): 0\n"
      "Latitude (degrees): 45\nPressure (hPa): 950\nTemperature (K): 290\n"
      "Dry air density (molec/cm3): 2.3E+19\nCosine of solar zenith angle: 0.8\n"
      "Water vapor mixing ratio (vol H2O/vol dry air): 1E-2\nName, Value\nO3, 1.5e12, 1e-2\n"
      "NO2, 1e10, 1e-2\nM, 2e19, 1\n");
  GeneratorOptions options{.scenarios = 5, .threads = 1};
  options.windows.frames = 2;
  options.windows.windows_per_scenario = 1;
  const auto generate = [&](const std::vector<std::string>& files, SolverKind solver) {
    const auto starts = read_starts(files, mechanism(), ranges, 0);
    options.start = starts.get();
    options.windows.solver = solver;
    generate_dataset(mechanism(), ranges, options, data);
    return read_dataset(data);
  };
  // By key: the text, then of the files the second, the second, the first, the first.
  const Dataset made = generate({one, two, text}, SolverKind::rosenbrock);
  const std::size_t o3 = mechanism().index_of("O3");
  const std::vector<float> expected{1.5e12f, 7e11f, 7e11f, 1e12f, 1e12f};
  for (std::size_t i = 0; i < 5; ++i) BOOST_TEST(made.row(i, 0)[o3] == expected[i]);
  BOOST_TEST(made.spin_up_length[0] == VisitedStarts::spin_up);
  BOOST_TEST(made.attribute("start_states").size() == 16u);
  const Dataset by_cvode = generate({one, two, text}, SolverKind::cvode);
  for (std::size_t i = 0; i < 5; ++i)
    BOOST_TEST(by_cvode.row(i, 1)[o3] == made.row(i, 1)[o3], boost::test_tools::tolerance(1e-3f));
  // A data set is mixed and jittered.
  BOOST_TEST(generate({folder.file("data")}, SolverKind::rosenbrock).row(0, 0)[o3] != expected[0]);
}
