#define BOOST_TEST_MODULE data_generator
#include <cmath>
#include <filesystem>
#include <string>

#include "data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/data/generator.hpp>
#include <chemnne/data/rollout.hpp>
#include <chemnne/data/scenario_ranges.hpp>
#include <chemnne/support/text.hpp>

using namespace chemnne;
using test::contains;
using test::message_of;
using test::TemporaryFolder;

namespace {

const Mechanism& mechanism() {
  static const Mechanism troposphere =
      read_kpp(CHEMNNE_SOURCE_DIRECTORY "/examples/mechanisms/troposphere.eqn");
  return troposphere;
}

const ScenarioRanges& ranges() {
  static const ScenarioRanges read =
      read_scenario_ranges(CHEMNNE_SOURCE_DIRECTORY "/examples/mechanisms/troposphere.toml");
  return read;
}

/// Younger air than the ranges have, and none that is drawn anew: in the place of their file's [windows].
GeneratorOptions few_scenarios() {
  const WindowOptions windows{
      .windows_per_scenario = 4, .imposed_share = 0, .minimum_spin_up = 600, .maximum_spin_up = 36 * 3600};
  return {.scenarios = 10, .seed = 11, .windows = windows, .threads = 1};
}

std::string bytes(const std::string& path) { return hash_hex(read_text_file(path)); }

void expect(const std::string& message, const std::string& part) {
  BOOST_TEST(contains(message, part), "'" << message << "' lacks '" << part << "'");
}

/// One data set for the tests that look at its content.
const Dataset& dataset() {
  static const Dataset data = [] {
    const TemporaryFolder folder;
    generate_dataset(mechanism(), ranges(), few_scenarios(), folder.file("data.nc"));
    return read_dataset(folder.file("data.nc"));
  }();
  return data;
}

}  // namespace

BOOST_AUTO_TEST_CASE(an_interrupted_generation_continues_to_the_same_bytes_on_other_threads) {
  const TemporaryFolder folder;
  GeneratorOptions options = few_scenarios();
  const auto summary = generate_dataset(mechanism(), ranges(), options, folder.file("whole.nc"));
  BOOST_TEST(summary.scenarios + summary.failures.size() == 10u);
  BOOST_TEST(summary.resumed == 0u);
  options.threads = 2;
  DatasetGenerator(mechanism(), ranges(), options, folder.file("parts.nc")).advance(3);
  // A record that the interruption cut off in its middle.
  const auto journal = folder.file("parts.nc.partial");
  std::filesystem::resize_file(journal, std::filesystem::file_size(journal) - 1000);
  DatasetGenerator(mechanism(), ranges(), options, folder.file("parts.nc")).advance(4);
  BOOST_TEST(!std::filesystem::exists(folder.file("parts.nc")));
  const auto resumed = generate_dataset(mechanism(), ranges(), options, folder.file("parts.nc"));
  BOOST_TEST(resumed.resumed == 6u);
  BOOST_TEST(bytes(folder.file("parts.nc")) == bytes(folder.file("whole.nc")));
  BOOST_TEST(!std::filesystem::exists(journal));
}

BOOST_AUTO_TEST_CASE(other_options_do_not_continue_an_interrupted_generation) {
  const TemporaryFolder folder;
  GeneratorOptions options = few_scenarios();
  DatasetGenerator(mechanism(), ranges(), options, folder.file("data.nc")).advance(1);
  options.seed = 12;
  const auto open = [&] { DatasetGenerator(mechanism(), ranges(), options, folder.file("data.nc")); };
  expect(message_of(open), "data.nc.partial");
  expect(message_of(open), "seed: expected 12, found 11");
}

BOOST_AUTO_TEST_CASE(windows_of_a_scenario_follow_each_other_and_plumes_add) {
  const Dataset& data = dataset();
  const std::size_t nitric_oxide = mechanism().index_of("NO"), ozone = mechanism().index_of("O3");
  std::size_t plumes = 0;
  for (std::size_t window = 0; window < data.cases(); ++window) {
    if (data.kind[window] == 2) ++plumes;
    if (data.window_in_scenario[window] == 0) {
      BOOST_TEST(data.spin_up_length[window] >= 600);
      BOOST_TEST(data.spin_up_length[window] <= 48 * 3600);
      continue;
    }
    const auto before = data.row(window - 1, 60), now = data.row(window, 0);
    BOOST_TEST(now[ozone] == before[ozone]);  // in no plume
    if (data.kind[window] == 0)
      BOOST_TEST(now[nitric_oxide] == before[nitric_oxide]);
    else
      BOOST_TEST(now[nitric_oxide] > before[nitric_oxide]);
  }
  // 40 windows at a share of a quarter: 10 expected, 2.7 the standard deviation.
  BOOST_TEST(plumes >= 1u);
  BOOST_TEST(plumes <= 24u);
}

BOOST_AUTO_TEST_CASE(every_window_conserves_carbon_nitrogen_and_sulphur) {
  const Dataset& data = dataset();
  for (std::size_t element = 0; element < data.elements(); ++element) {
    const std::string& name = data.element_name[element];
    if (name != "C" && name != "N" && name != "S") continue;
    for (std::size_t window = 0; window < data.cases(); ++window) {
      const double* const total = &data.element_total[window * 2 * data.elements()];
      BOOST_TEST(total[element] > 0);
      // In double before rounding to float: the solver's rounding over some hundred steps.
      BOOST_TEST(std::abs(total[data.elements() + element] / total[element] - 1) < 1e-12);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_environment_leads_back_to_the_place_and_hour) {
  const Dataset& data = dataset();
  const EnvironmentModel model(mechanism(), ranges());
  for (std::size_t window = 0; window < data.cases(); ++window) {
    const Environment environment = model.at(model.conditions_of(data, window), 0);
    const auto stored = data.environment(window);
    // The hour is stored modulo 24: rounding only.
    BOOST_TEST(std::abs(environment.cosine_zenith - stored[3]) < 1e-12);
    BOOST_TEST(stored[3] >= 0.0);
    BOOST_TEST(stored[5] == air_number_density(environment));
    BOOST_TEST((stored[9] >= 0 && stored[9] < 24));
  }
}

BOOST_AUTO_TEST_CASE(a_roll_out_from_a_window_follows_the_next_windows) {
  const Dataset& data = dataset();
  const std::size_t steps = 3, species = data.species();
  std::vector<std::size_t> starts;
  std::vector<float> start;
  for (std::size_t window = 0; window < data.cases(); window += 4) {
    if (data.kind[window + 1] != 0 || data.kind[window + 2] != 0) continue;
    starts.push_back(window);
    start.insert(start.end(), data.row(window, 0).begin(), data.row(window, 0).end());
  }
  BOOST_REQUIRE(!starts.empty());
  const Rollout rollout = reference_rollout(
      mechanism(), start, hourly_environments(EnvironmentModel(mechanism(), ranges()), data, starts, steps));
  for (std::size_t i = 0; i < starts.size(); ++i)
    for (std::size_t step = 0; step < steps; ++step) {
      BOOST_TEST(rollout.failure[i] == "");
      const auto expected = data.row(starts[i] + step, 60);
      for (std::size_t k = 0; k < species; ++k) {
        const float found = rollout.concentration[(i * (steps + 1) + step + 1) * species + k];
        // The start was rounded to float (6e-8 of each value); titration can amplify that a hundred times.
        // Below 1e3 molecules cm-3, the floor of the training data, values do not matter.
        BOOST_TEST(std::abs(found - expected[k]) <= 1e-4f * std::max(expected[k], 1e3f));
      }
    }
}

BOOST_AUTO_TEST_CASE(failed_scenarios_are_left_out_and_reported) {
  for (const SolverKind solver : {SolverKind::cvode, SolverKind::rosenbrock}) {
    const TemporaryFolder folder;
    GeneratorOptions options = few_scenarios();
    options.windows.solver = solver;
    // Too few for the stiffest starts.
    options.windows.reference.maximum_steps = 500;
    options.windows.rosenbrock.maximum_attempts = 105;
    const auto summary = generate_dataset(mechanism(), ranges(), options, folder.file("data.nc"));
    BOOST_TEST_REQUIRE(summary.failures.size() > 0u);
    BOOST_TEST(summary.scenarios > 0u);
    BOOST_TEST(summary.scenarios + summary.failures.size() == 10u);
    expect(summary.failures[0].reason,
           solver == SolverKind::cvode ? "mxstep steps taken" : "no step is short enough");
    const Dataset data = read_dataset(folder.file("data.nc"));
    BOOST_TEST(data.cases() == 4 * summary.scenarios);
    BOOST_TEST(data.attributes.at("failed_scenarios") == std::to_string(summary.failures.size()));
    for (const FailedScenario& failure : summary.failures)
      for (const int scenario : data.scenario) BOOST_TEST(scenario != static_cast<int>(failure.scenario));
    options.windows.reference.maximum_steps = 2;
    options.windows.rosenbrock.maximum_attempts = 2;
    expect(message_of([&] { generate_dataset(mechanism(), ranges(), options, folder.file("none.nc")); }),
           "a scenario that could be computed");
  }
}

BOOST_AUTO_TEST_CASE(both_solvers_make_the_same_windows_to_the_accuracy_of_labels) {
  const TemporaryFolder folder;
  GeneratorOptions options = few_scenarios();
  options.windows.spin_up_relative_tolerance = 1e-7;  // so that windows start from the same states
  std::vector<Dataset> data;
  for (const SolverKind solver : {SolverKind::cvode, SolverKind::rosenbrock}) {
    options.windows.solver = solver;
    const std::string file = folder.file(std::string(name_of(solver)) + ".nc");
    generate_dataset(mechanism(), ranges(), options, file);
    data.push_back(read_dataset(file));
  }
  BOOST_TEST_REQUIRE(data[0].concentration.size() == data[1].concentration.size());
  std::size_t apart = 0;
  for (std::size_t k = 0; k < data[0].concentration.size(); ++k) {
    const float value = data[0].concentration[k];
    if (std::abs(data[1].concentration[k] - value) > 1e-4f * std::max(value, 1e3f)) ++apart;
  }
  BOOST_TEST(apart < data[0].concentration.size() / 1000);
}

BOOST_AUTO_TEST_CASE(ranges_and_options_that_do_not_fit_are_errors) {
  const TemporaryFolder folder;
  const auto generate = [&](const ScenarioRanges& given, const GeneratorOptions& options) {
    return message_of([&] { generate_dataset(mechanism(), given, options, folder.file("data.nc")); });
  };
  ScenarioRanges unknown = ranges();
  unknown.plume[0].name = "XENON";
  expect(generate(unknown, few_scenarios()), "'XENON'");
  ScenarioRanges fixed = ranges();
  fixed.species[0].name = "H2O";
  expect(generate(fixed, few_scenarios()), "H2O: expected a variable species");
  expect(generate(ranges(), {.scenarios = 0}), "scenarios: expected 1 or more");
  expect(generate(ranges(), {.windows = {.frames = 1}}), "frames: expected 2 or more");
  expect(generate(ranges(), {.windows = {.minimum_spin_up = 0}}), "minimum_spin_up");
}

BOOST_AUTO_TEST_CASE(names_masses_and_provenance_are_in_the_file) {
  const Dataset& data = dataset();
  BOOST_TEST(data.species() == 49u);
  BOOST_TEST(data.species_name[mechanism().index_of("HNO3")] == "HNO3");
  // 63.012 g mol-1 (CRC Handbook).
  BOOST_TEST(data.molar_mass[mechanism().index_of("HNO3")] == 63.012, boost::test_tools::tolerance(1e-4));
  BOOST_TEST(data.attributes.at("mechanism_fingerprint") == mechanism().fingerprint());
  BOOST_TEST(data.attributes.at("solver") == "rosenbrock");
  BOOST_TEST(std::stod(data.attributes.at("relative_tolerance")) == 1e-5);
  BOOST_TEST(data.attributes.at("seed") == "11");
  BOOST_TEST(data.attributes.at("scenario_ranges") == ranges().text);
  BOOST_TEST(data.attributes.at("chemnne_version") == version);
}
