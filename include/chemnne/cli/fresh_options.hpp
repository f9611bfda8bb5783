#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <chemnne/cli/embedded_mechanism.hpp>
#include <chemnne/cli/number_options.hpp>
#include <chemnne/cli/world.hpp>
#include <chemnne/data/dataset.hpp>
#include <chemnne/data/scenario_ranges.hpp>
#include <chemnne/data/species_selection.hpp>
#include <chemnne/data/window_options.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/number_text.hpp>
#include <chemnne/support/text.hpp>
#include <chemnne/training/fresh_windows.hpp>

namespace chemnne {

/// Options of `train` for windows that are simulated while it trains, and what makes them.
class FreshOptions {
 public:
  using Source = FreshWindows<std::remove_reference_t<decltype(world())>>;

  FreshOptions(CLI::App& command, const EmbeddedMechanism& embedded) : embedded_(embedded) {
    if (!embedded.present()) return;
    wanted_ = command
                  .add_option("--fresh", ranges_file_,
                              "simulate new windows of the mechanism while training: of the ranges in this "
                              "file (TOML), or of those the program was built with if none is named. They "
                              "take the place of the oldest ones of --data")
                  ->expected(0, 1);
    add_number(command, "--fresh-share", share_, "of the windows, so many are new in every epoch")
        ->check(from_to(0.0, 1.0))
        ->needs(wanted_)
        ->capture_default_str();
    add_number(command, "--fresh-windows", windows_.windows_per_scenario,
               "windows of a scenario, from its spin-up on, before another one takes its place")
        ->check(above_zero())
        ->needs(wanted_)
        ->capture_default_str();
  }

  bool wanted() const { return wanted_ && wanted_->count() > 0; }

  /// What renews `set`, made of `first` and perhaps more data. Errors: Error when the mechanism or the ranges
  /// are not those of the data.
  Source& start(const Dataset& first, TrainingSet& set, const Standardisation& standardisation,
                std::vector<double> coefficient, std::uint64_t seed) {
    mechanism_ = embedded_.mechanism();
    ranges_ = ranges_file_.empty() ? embedded_.ranges() : read_scenario_ranges(ranges_file_);
    const std::string fingerprint = first.attribute("mechanism_fingerprint");
    if (fingerprint != "unknown" && fingerprint != mechanism_->fingerprint())
      throw Error("--fresh", "data of the mechanism that this program was built for, " + mechanism_->name,
                  "those of another one, " + first.attribute("mechanism"));
    SpeciesChoice species = ranges_->choice;
    species.inputs.clear();
    for (std::size_t i = 0; i < first.species(); ++i)
      if (first.task[i] == 1) species.inputs.push_back(first.species_name[i]);
    species.outputs = first.species_name;
    selection_ = select_species(require_choice(*mechanism_, ranges_->choice), species);
    windows_.frames = set.frames;
    windows_.window_length = first.time.back();
    const auto count = static_cast<std::size_t>(std::ceil(share_ * static_cast<double>(set.cases)));
    const std::string identity = mechanism_->fingerprint() + ", ranges " + hash_hex(ranges_->text) + ", " +
                                 std::to_string(count) + " alive, " +
                                 std::to_string(windows_.windows_per_scenario) + " windows each, seed " +
                                 std::to_string(seed);
    return source_.emplace(
        LivingScenarios(*mechanism_, *ranges_, *selection_, windows_, seed, std::max<std::size_t>(1, count)),
        identity, set, standardisation, std::move(coefficient), world());
  }

  /// What a weights file says of its data.
  std::string description() const {
    return "fresh windows of " + (ranges_file_.empty() ? "the ranges built in" : ranges_file_) +
           ", a share of " + number_text(share_) + " an epoch";
  }

  void print() const {
    std::printf("fresh windows: %zu of %zu scenarios", source_->windows(), source_->living().scenarios());
    if (source_->living().failures() > 0)
      std::printf("; %zu could not be solved", source_->living().failures());
    std::printf("\n");
  }

 private:
  const EmbeddedMechanism& embedded_;
  CLI::Option* wanted_ = nullptr;
  std::string ranges_file_;
  double share_ = 0.25;
  WindowOptions windows_{.windows_per_scenario = 8};
  std::optional<Mechanism> mechanism_;
  std::optional<ScenarioRanges> ranges_;
  std::optional<SpeciesSelection> selection_;
  std::optional<Source> source_;
};

}  // namespace chemnne
