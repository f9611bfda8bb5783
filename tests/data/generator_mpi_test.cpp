#define BOOST_TEST_MODULE data_generator_mpi
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "../support/processes.hpp"
#include "data_test_tools.hpp"
#include "small_mechanism.hpp"

#include <chemnne/data/generator.hpp>
#include <chemnne/support/text.hpp>

using namespace chemnne;

namespace {

const Mechanism& mechanism() {
  static const Mechanism small = test::small_mechanism();
  return small;
}
const ScenarioRanges& ranges() {
  static const ScenarioRanges small = test::small_ranges();
  return small;
}

const GeneratorOptions ten{.scenarios = 10, .seed = 11, .windows = {.windows_per_scenario = 2}, .threads = 1};

/// A folder that all processes see, and the data set of one process in it.
struct Fixture {
  std::unique_ptr<test::TemporaryFolder> own;
  std::string folder;

  Fixture() {
    if (test::all().rank() == 0) {
      own = std::make_unique<test::TemporaryFolder>();
      generate_dataset(mechanism(), ranges(), ten, own->file("whole.nc"));
    }
    folder = test::shared(own ? own->file("") : "");
    test::all().barrier();
  }
  ~Fixture() { test::all().barrier(); }

  /// On process 0: is `name` byte for byte that data set, and is nothing else left?
  void expect_whole(const std::string& name) const {
    if (test::all().rank() > 0) return;
    BOOST_TEST(hash_hex(read_text_file(folder + name)) == hash_hex(read_text_file(folder + "whole.nc")));
    BOOST_TEST(std::distance(std::filesystem::directory_iterator(folder), {}) == 2);
  }

  /// Every process computes `count` scenarios, those that are there, and is interrupted.
  void begin(const std::string& name, std::size_t count, MpiCommunicator& ranks) const {
    std::optional<DatasetGenerator> generator;
    for (const bool turn_of_first : {true, false}) {
      if ((ranks.rank() == 0) == turn_of_first)
        generator.emplace(mechanism(), ranges(), ten, folder + name, ranks.rank());
      ranks.barrier();
    }
    generator->draw_share(std::vector<char>(ten.scenarios), ranks.size());
    generator->advance(count);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(the_data_set_is_byte_for_byte_that_of_one_process, Fixture) {
  const GenerationSummary summary =
      generate_dataset(mechanism(), ranges(), ten, folder + "shared.nc", test::all());
  BOOST_TEST(summary.scenarios == (test::all().rank() == 0 ? 10u : 0u));
  expect_whole("shared.nc");
}

BOOST_FIXTURE_TEST_CASE(an_interrupted_generation_goes_on_with_one_process, Fixture) {
  begin("shared.nc", 2, test::all());
  test::all().barrier();
  if (test::all().rank() > 0) return;
  const GenerationSummary summary = generate_dataset(mechanism(), ranges(), ten, folder + "shared.nc");
  BOOST_TEST(summary.resumed == 2 * test::all().size());
  expect_whole("shared.nc");
}

BOOST_FIXTURE_TEST_CASE(an_interrupted_generation_goes_on_with_more_processes, Fixture) {
  for (const std::size_t processes : {2u, 1u})
    test::on_first(processes, [&](MpiCommunicator& ranks) { begin("shared.nc", 1, ranks); });
  const GenerationSummary summary =
      generate_dataset(mechanism(), ranges(), ten, folder + "shared.nc", test::all());
  if (test::all().rank() == 0) BOOST_TEST(summary.resumed >= 1u);
  expect_whole("shared.nc");
}
