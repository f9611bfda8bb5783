#define BOOST_TEST_MODULE integration_adapt
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "workspace.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/data/air_sample_file.hpp>
#include <chemnne/data/dataset_file.hpp>

using namespace chemnne;
using test::contains;
using test::workspace;
using test::Workspace;

namespace {

/// First states of the held-out windows, in a file as a host leaves it.
void write_visited(const std::string& path, const Dataset& data) {
  AirSample sample{.species = data.species_name,
                   .conditions = {data.environment_name.begin(), data.environment_name.begin() + 5},
                   .condition_units = {data.environment_units.begin(), data.environment_units.begin() + 5}};
  for (std::size_t window = 0; window < data.cases(); ++window) {
    const auto state = data.row(window, 0);
    const auto weather = data.environment(window).first(5);
    sample.number_density.insert(sample.number_density.end(), state.begin(), state.end());
    sample.condition_value.insert(sample.condition_value.end(), weather.begin(), weather.end());
    sample.key.push_back(-static_cast<double>(1 + window));
    sample.score.push_back(0);
  }
  write_air_sample(path, sample);
}

}  // namespace

BOOST_AUTO_TEST_CASE(an_emulator_is_adapted_to_the_air_that_a_host_has_visited) {
  const Workspace& program = workspace();
  BOOST_TEST(contains(program.must({"adapt", "--help"}), "chemnne_small adapt"));
  const Dataset data = read_dataset(program.held_out);
  write_visited(program.folder.file("visited.nc"), data);
  const std::vector<std::string> adapt{"adapt",
                                       "--model",
                                       program.model,
                                       "--visited",
                                       "@visited.nc",
                                       "--data",
                                       program.train,
                                       "--validation",
                                       program.validation,
                                       "--out",
                                       "@adapted.safetensors",
                                       "--windows",
                                       "6",
                                       "--minutes",
                                       "0.02"};
  const std::string windows = program.folder.file("adapted.safetensors.windows.nc");
  // A first call that is interrupted while it trains: the windows are there.
  program.must({"generate", "--output", windows, "--scenarios", "6", "--windows", "1", "--inputs",
                program.train, "--outputs", program.train, "--start-from", "@visited.nc"});
  BOOST_TEST(contains(program.must(adapt), windows + " is there"));
  std::filesystem::remove(windows);
  std::filesystem::remove(program.folder.file("adapted.safetensors.checkpoint"));
  const std::string text = program.must(adapt);
  for (const char* const stage :
       {"adapt: generate --output", "adapt: train --initial", "adapt: calibrate --model"})
    BOOST_TEST(contains(text, stage), text);
  const Dataset made = read_dataset(windows);
  BOOST_TEST(made.cases() == 6u);
  // Windows that this mechanism has solved from these states are found again.
  for (std::size_t window = 0; window < made.cases(); ++window)
    for (const std::size_t frame : {std::size_t{0}, made.frames() - 1})
      for (std::size_t s = 0; s < made.species(); ++s) {
        const auto is = static_cast<double>(made.row(window, frame)[s]),
                   was = static_cast<double>(data.row(window, frame)[s]);
        BOOST_TEST(std::abs(is - was) <= 1e-3 * was + 1, made.species_name[s] << " " << is << " " << was);
      }
  const std::string info = program.must({"info", "--model", "@adapted.safetensors"});
  BOOST_TEST(contains(info, "+ " + windows), info);
  BOOST_TEST(contains(program.must(adapt), windows + " is there"));
  std::vector<std::string> same = adapt;
  same[10] = program.model;
  BOOST_TEST(contains(program.complaint(same), "--out"));
}
