#pragma once
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include <chemnne/cli/embedded_mechanism.hpp>
#include <chemnne/cli/mechanism_file.hpp>
#include <chemnne/cli/number_options.hpp>
#include <chemnne/cli/species_list.hpp>
#include <chemnne/cli/world.hpp>
#include <chemnne/data/generator.hpp>
#include <chemnne/data/read_starts.hpp>
#include <chemnne/data/scenario_ranges.hpp>
#include <chemnne/data/widened_ranges.hpp>

namespace chemnne {

/// What `--help` says of `generate`.
inline constexpr const char* generate_purpose =
    "Computes reference trajectories of sampled scenarios and writes them as a NetCDF data set.";

/// Options of `generate`, and its work, for any mechanism.
class GenerateOptions {
 public:
  explicit GenerateOptions(CLI::App* command) {
    command->add_option("--output", output_, "the data set to write (NetCDF-4)")->required();
    add_number(*command, "--scenarios", options_.scenarios, "air parcels to follow")
        ->check(above_zero())
        ->capture_default_str();
    add_number(*command, "--windows", options_.windows.windows_per_scenario,
               "one-hour windows of each scenario")
        ->check(above_zero())
        ->capture_default_str();
    add_number(*command, "--frames", options_.windows.frames,
               "states of a window, evenly spaced, its start and end among them: those that the emulator's "
               "configuration reads")
        ->check(from_to(2, 3601))
        ->capture_default_str();
    command
        ->add_option("--split", split_, "which scenarios: those of training, validation and test never meet")
        ->check(CLI::IsMember({"train", "validation", "test"}))
        ->capture_default_str();
    add_number(*command, "--seed", options_.seed, "seed of the sampling")->capture_default_str();
    add_number(*command, "--threads", options_.threads,
               "threads; 0: one a core. The data do not depend on it")
        ->check(zero_or_more())
        ->capture_default_str();
    command
        ->add_option("--solver", solver_,
                     "what solves the chemistry: Rodas4 for many scenarios at once, or SUNDIALS CVODE")
        ->check(CLI::IsMember(solver_kinds))
        ->capture_default_str();
    add_number(*command, "--rtol", relative_tolerance_,
               "relative tolerance of the solver; default: 1e-5 of rosenbrock, 1e-8 of cvode")
        ->check(above_zero());
    command
        ->add_option(
            "--inputs", inputs_,
            "species of the initial state, the first in the data set: names with commas between, a file of "
            "names, or a data set whose task 1 they are; default: those of the ranges, or all")
        ->capture_default_str();
    command
        ->add_option(
            "--outputs", outputs_,
            "species that are predicted: the same; of a data set all of its species; 'all': every variable "
            "species of the mechanism")
        ->capture_default_str();
    command
        ->add_option(
            "--start-from", start_from_,
            "states that scenarios start from, with their weather, instead of the ranges of species: a data "
            "set, whose states are mixed and jittered, to enlarge it by air like its own; or air that a host "
            "has visited, as it is, one or several files of it or of GEOS-Chem's for KPP-Standalone")
        ->check(CLI::ExistingFile);
    add_number(*command, "--widen", widen_,
               "every range so many times as wide about its middle: scenarios that an emulator of the "
               "ranges was not made for, to see whether it says so")
        ->check(above_zero())
        ->capture_default_str();
    command->footer(
        "Interrupted? The same command goes on where it was; finished scenarios wait in OUTPUT.partial "
        "(and OUTPUT.partial-1, ... of other processes).");
  }

  void run(const Mechanism& mechanism, ScenarioRanges ranges) {
    world();  // errors from here on end all processes
    if (widen_ != 1) ranges = widened(std::move(ranges), widen_);
    if (!inputs_.empty()) ranges.choice.inputs = species_list(inputs_, true);
    if (!outputs_.empty()) ranges.choice.outputs = species_list(outputs_, false);
    options_.windows.solver = solver_kind(solver_);
    if (relative_tolerance_ > 0)
      options_.windows.reference.relative_tolerance = options_.windows.rosenbrock.relative_tolerance =
          relative_tolerance_;
    const std::map<std::string, std::size_t> first{
        {"train", 0}, {"validation", 100'000'000}, {"test", 200'000'000}};
    options_.first_scenario = first.at(split_);
    std::unique_ptr<ScenarioStarts> start;
    if (!start_from_.empty()) {
      start = read_starts(start_from_, mechanism, ranges, options_.first_scenario);
      options_.start = start.get();
      const std::string found = start->summary();
      if (!found.empty() && world().rank() == 0) std::fprintf(stderr, "starting from %s\n", found.c_str());
    }
    const GenerationSummary summary = generate_dataset(mechanism, ranges, options_, output_, world());
    if (world().rank() != 0) return;
    for (const FailedScenario& failure : summary.failures)
      std::fprintf(stderr, "left out: scenario %zu: %s\n", failure.scenario, failure.reason.c_str());
    std::printf("%s: %zu windows of %zu scenarios, %zu scenarios failed, %zu taken from an interrupted run\n",
                output_.c_str(), summary.windows, summary.scenarios, summary.failures.size(),
                summary.resumed);
  }

 private:
  GeneratorOptions options_;
  std::string output_, inputs_, outputs_;
  std::vector<std::string> start_from_;
  std::string split_ = "train", solver_ = "rosenbrock";
  double widen_ = 1, relative_tolerance_ = 0;
};

/// `generate` of an emulator's program: the mechanism that it was built for.
class GenerateCommand {
 public:
  GenerateCommand(CLI::App& program, const EmbeddedMechanism& embedded)
      : embedded_(embedded),
        command_(program.add_subcommand("generate", generate_purpose)),
        options_(command_) {
    command_
        ->add_option("--ranges", ranges_,
                     "ranges of the scenarios (TOML); default: those the program was built with")
        ->check(CLI::ExistingFile);
    command_->callback([this] {
      options_.run(embedded_.mechanism(),
                   ranges_.empty() ? embedded_.ranges() : read_scenario_ranges(ranges_));
    });
  }

 private:
  const EmbeddedMechanism& embedded_;
  CLI::App* command_;
  GenerateOptions options_;
  std::string ranges_;
};

/// `generate` for the mechanism of a file.
class MechanismGenerateCommand {
 public:
  explicit MechanismGenerateCommand(CLI::App& program)
      : command_(program.add_subcommand("generate", generate_purpose)),
        mechanism_(*command_),
        options_(command_) {
    command_
        ->add_option("--ranges", ranges_,
                     "ranges of the scenarios (TOML), as docs/guide_mechanism.md explains")
        ->required()
        ->check(CLI::ExistingFile);
    command_->callback([this] {
      const ScenarioRanges ranges = read_scenario_ranges(ranges_);
      const auto read = [this](const ReadOptions& options) { return mechanism_.read(options); };
      options_.run(mechanism_of_ranges(ranges, read), ranges);
    });
  }

 private:
  CLI::App* command_;
  MechanismFile mechanism_;
  GenerateOptions options_;
  std::string ranges_;
};

}  // namespace chemnne
