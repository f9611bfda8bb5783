#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <iterator>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/cli/html.hpp>
#include <chemnne/cli/mechanism_file.hpp>
#include <chemnne/cli/number_options.hpp>
#include <chemnne/cli/species_list.hpp>
#include <chemnne/data/closing_lumps.hpp>
#include <chemnne/data/dataset_file.hpp>
#include <chemnne/data/environment_model.hpp>
#include <chemnne/data/lump_finder.hpp>
#include <chemnne/data/scenario_ranges.hpp>
#include <chemnne/io/atomic_file.hpp>
#include <chemnne/support/number_text.hpp>

namespace chemnne {

/// The tables [lumped.NAME] of a file of ranges, behind a line of comment.
inline std::string lumped_text(const std::vector<LumpedSpecies>& lumps, const std::string& comment) {
  std::string text = "# " + comment + "\n";
  for (const LumpedSpecies& lump : lumps) {
    text += "\n[lumped." + lump.name + "]\n";
    if (!lump.element.empty()) text += "element = \"" + lump.element + "\"\n";
    if (lump.end) text += "end = true\n";
    for (const auto& [name, coefficient] : lump.members)
      text += '"' + name + "\" = " + number_text(coefficient, 3) + "\n";
  }
  return text;
}

/// `lump`: which sums of species a host should carry, beside its tracers.
class LumpCommand {
 public:
  explicit LumpCommand(CLI::App& program)
      : command_(program.add_subcommand(
            "lump",
            "Finds lumped species: sums of the species that a host does not carry which tell an emulator "
            "most of what these do to its tracers. A host carries them as further tracers.")),
        mechanism_(*command_) {
    command_
        ->add_option("--data", data_,
                     "windows of the air that the host is to carry, of all species (generate --outputs all)")
        ->required()
        ->check(CLI::ExistingFile);
    command_->add_option(
        "--tracers", tracers_,
        "species that the host carries: names with commas between, a file of names, or a data set "
        "whose task 1 they are; default: task 1 of the data");
    add_number(*command_, "--lumps", options_.count, "how many")->check(above_zero())->capture_default_str();
    command_
        ->add_option("--close", closed_,
                     "elements with commas between, of which nothing shall be lost or made: REST_N counts "
                     "the atoms of N in "
                     "all species that are no tracers, END_N those in what no reaction consumes, and an "
                     "emulator of these "
                     "keeps the total exactly")
        ->delimiter(',');
    add_number(*command_, "--windows", options_.windows,
               "of the data, in which each species is moved; each costs six steps of the solver a species")
        ->check(above_zero())
        ->capture_default_str();
    add_number(*command_, "--threads", options_.threads,
               "threads; 0: one a core. The lumps do not depend on it")
        ->check(zero_or_more())
        ->capture_default_str();
    command_->add_option("--output", output_, "the tables [lumped.NAME], to be put behind the ranges (TOML)")
        ->required();
    command_->footer(
        "Then `generate` with these ranges makes data of the tracers and the lumped species, whatever is "
        "trained on them has both, and a host adds what it emits of a member to its lumps.");
    command_->callback([this] { run(); });
  }

 private:
  void run() const {
    require_place_for_file(output_);
    const Dataset data = read_dataset(data_);
    const ScenarioRanges ranges =
        parse_scenario_ranges(data.attribute("scenario_ranges"), data_ + ", scenario_ranges");
    const Mechanism mechanism =
        mechanism_of_ranges(ranges, [this](const ReadOptions& options) { return mechanism_.read(options); });
    const EnvironmentModel model(mechanism, ranges);
    const std::vector<std::string> tracers = species_list(tracers_.empty() ? data_ : tracers_, true);
    std::vector<LumpedSpecies> closing;
    for (const std::string& element : closed_)
      std::ranges::move(closing_lumps(mechanism, tracers, element), std::back_inserter(closing));
    FoundLumps found = LumpFinder(mechanism, model, data, tracers, options_).find();
    print(found);
    for (const LumpedSpecies& lump : closing) print(lump);
    std::ranges::move(closing, std::back_inserter(found.lumps));
    write_file_atomically(output_,
                          lumped_text(found.lumps, "Sums of species of " + mechanism.name + " beside " +
                                                       std::to_string(tracers.size()) +
                                                       " tracers, found by `chemnne_mechanism lump` in " +
                                                       std::to_string(found.windows) + " windows."));
  }

  void print(const FoundLumps& found) const {
    std::printf("%zu species that are no tracers; what they do to the tracers within six steps\n",
                found.candidates);
    std::puts("sums   left open");
    for (const auto& [count, open] : found.of_others)
      std::printf("%4zu   %s\n", count, format_percent(open).c_str());
    std::printf("%s: %zu sums, which leave open %s\n", output_.c_str(), found.lumps.size(),
                format_percent(found.left_open).c_str());
    for (const LumpedSpecies& lump : found.lumps) print(lump);
  }

  static void print(const LumpedSpecies& lump) {
    std::printf("%-8s %s\n", lump.name.c_str(), summary(lump).c_str());
  }

  CLI::App* command_;
  MechanismFile mechanism_;
  LumpOptions options_;
  std::vector<std::string> closed_;
  std::string data_, tracers_, output_;
};

}  // namespace chemnne
