#pragma once
#include <cstdio>
#include <map>
#include <string>

#include <CLI/CLI.hpp>

#include <chemnne/cli/embedded_mechanism.hpp>
#include <chemnne/cli/number_checks.hpp>
#include <chemnne/data/generator.hpp>

namespace chemnne {

/// `generate`: a data set of reference trajectories.
class GenerateCommand {
 public:
  GenerateCommand(CLI::App& program, const EmbeddedMechanism& embedded) : embedded_(embedded) {
    CLI::App* const command = program.add_subcommand(
        "generate",
        "Computes reference trajectories of sampled scenarios (CVODE) and writes them as a NetCDF data set.");
    command->add_option("--output", output_, "the data set to write (NetCDF-4)")->required();
    command->add_option("--scenarios", options_.scenarios, "air parcels to follow")
        ->check(above_zero())
        ->capture_default_str();
    command
        ->add_option("--windows", options_.windows.windows_per_scenario, "one-hour windows of each scenario")
        ->check(above_zero())
        ->capture_default_str();
    command
        ->add_option("--split", split_, "which scenarios: those of training, validation and test never meet")
        ->check(CLI::IsMember({"train", "validation", "test"}))
        ->capture_default_str();
    command->add_option("--seed", options_.seed, "seed of the sampling")->capture_default_str();
    command->add_option("--threads", options_.threads, "threads; 0: one a core. The data do not depend on it")
        ->check(zero_or_more())
        ->capture_default_str();
    command
        ->add_option("--rtol", options_.windows.reference.relative_tolerance,
                     "relative tolerance of the reference solution")
        ->check(above_zero())
        ->capture_default_str();
    command
        ->add_option("--ranges", ranges_,
                     "ranges of the scenarios (TOML); default: those the program was built with")
        ->check(CLI::ExistingFile);
    command->footer(
        "Interrupted? The same command goes on where it was; finished scenarios wait in OUTPUT.partial.");
    command->callback([this] { run(); });
  }

 private:
  void run() {
    const Mechanism mechanism = embedded_.mechanism();
    const ScenarioRanges ranges = ranges_.empty() ? embedded_.ranges() : read_scenario_ranges(ranges_);
    const std::map<std::string, std::size_t> first{
        {"train", 0}, {"validation", 100'000'000}, {"test", 200'000'000}};
    options_.first_scenario = first.at(split_);
    const GenerationSummary summary = generate_dataset(mechanism, ranges, options_, output_);
    for (const FailedScenario& failure : summary.failures)
      std::fprintf(stderr, "left out: scenario %zu: %s\n", failure.scenario, failure.reason.c_str());
    std::printf("%s: %zu windows of %zu scenarios, %zu scenarios failed, %zu taken from an interrupted run\n",
                output_.c_str(), summary.windows, summary.scenarios, summary.failures.size(),
                summary.resumed);
  }

  const EmbeddedMechanism& embedded_;
  GeneratorOptions options_;
  std::string output_;
  std::string split_ = "train";
  std::string ranges_;
};

}  // namespace chemnne
