#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/data/dataset_file.hpp>
#include <chemnne/data/environment_model.hpp>
#include <chemnne/data/generation_journal.hpp>
#include <chemnne/data/lane_scenario_runner.hpp>
#include <chemnne/data/scenario.hpp>
#include <chemnne/data/scenario_runner.hpp>
#include <chemnne/data/share_work.hpp>
#include <chemnne/data/species_selection.hpp>
#include <chemnne/data/window_dataset.hpp>
#include <chemnne/data/window_options.hpp>
#include <chemnne/io/atomic_file.hpp>
#include <chemnne/support/communicator.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/number_text.hpp>
#include <chemnne/support/progress.hpp>
#include <chemnne/support/text.hpp>
#include <chemnne/support/version.hpp>

namespace chemnne {

/// Which scenarios a data set holds and how they become windows.
struct GeneratorOptions {
  std::size_t scenarios = 1000;
  /// Number of the first: files of one seed with disjoint numbers are independent (training, validation,
  /// test).
  std::size_t first_scenario = 0;
  std::uint64_t seed = 1;
  /// What it leaves out is that of the ranges, or the default (with_ranges).
  WindowOptions windows = {};
  /// Where scenarios start instead of from the ranges; must outlive the generator.
  const ScenarioStarts* start = nullptr;
  /// 0: all that OpenMP gives. The data set does not depend on it.
  int threads = 0;
};

/// A scenario that is not in the file, and what its solver said.
struct FailedScenario {
  std::size_t scenario;
  std::string reason;
};

/// What a generation made.
struct GenerationSummary {
  std::size_t scenarios = 0;  ///< in the file
  std::size_t windows = 0;    ///< in the file
  std::size_t resumed = 0;    ///< scenarios that an earlier, interrupted run had finished
  std::vector<FailedScenario> failures;
};

/// Computes a data set scenario by scenario; see generate_dataset for the whole of it.
///
/// The file's content depends on the mechanism, the ranges and the options (but for `threads`) alone, byte
/// for byte: not on threads, processes, interruptions or time. Finished scenarios are kept in OUTPUT.partial
/// until `finish`; where several processes share the work, rank r > 0 keeps its own in OUTPUT.partial-r,
/// which rank 0 takes over before it begins and when it finishes.
class DatasetGenerator {
 public:
  /// `mechanism` and `ranges` must outlive the generator; the ranges' choice of variable and fixed species is
  /// the caller's to apply (apply_choice), before anything refers to places in the mechanism. Errors: Error
  /// for ranges that do not fit the mechanism, options out of range, no place for a file at `output`, or an
  /// unfinished generation there with other options.
  DatasetGenerator(const Mechanism& mechanism, const ScenarioRanges& ranges, const GeneratorOptions& options,
                   const std::string& output, std::size_t rank = 0)
      : mechanism_(&mechanism),
        ranges_(&ranges),
        selection_(select_species(require_choice(mechanism, ranges.choice), ranges.choice)),
        model_(mechanism, ranges),
        options_(with_ranges(options, ranges)),
        output_((require_place_for_file(output), output)),
        times_(ScenarioScript(mechanism, ranges, selection_, options_.windows, options.seed).times()),
        rank_(rank),
        journal_(output + ".partial" + (rank > 0 ? "-" + std::to_string(rank) : ""), provenance()),
        finished_(options.scenarios),
        results_(options.scenarios) {
    if (options.scenarios == 0) throw Error("scenarios", "1 or more", "0");
    for (ScenarioWindows& windows : journal_.take_finished()) keep(std::move(windows));
    if (rank == 0) take_over();
    resumed_ = static_cast<std::size_t>(std::count(finished_.begin(), finished_.end(), 1));
    draw_share(finished_, 1);
  }

  /// By scenario: 1 where it is finished.
  std::span<char> finished() noexcept { return finished_; }

  /// Leaves this process every `ranks`-th of the scenarios that are not `finished`, from the `rank`-th on.
  void draw_share(std::span<const char> finished, std::size_t ranks) {
    const auto all = draw_scenarios(*ranges_, options_.scenarios, options_.first_scenario, options_.seed);
    pending_.clear();
    std::size_t open = 0;
    for (std::size_t i = 0; i < all.size(); ++i)
      if (finished[i] == 0 && open++ % ranks == rank_) pending_.push_back(all[i]);
    ranks_ = ranks;
  }

  /// Scenarios that are still to be computed.
  std::size_t remaining() const noexcept { return pending_.size(); }

  /// Computes up to `count` of the remaining scenarios and keeps them in the journal.
  void advance(std::size_t count) {
    count = std::min(count, pending_.size());
    const auto each = static_cast<double>(ranks_), all = static_cast<double>(options_.scenarios);
    Progress progress("reference trajectories", all,
                      std::max(0.0, all - each * static_cast<double>(pending_.size())), rank_ == 0);
    std::mutex mutex;
    const auto finished = [&](ScenarioWindows windows) {
      const std::lock_guard lock(mutex);
      journal_.append(windows);
      keep(std::move(windows));
      progress.advance(each, failed_ > 0 ? std::to_string(failed_) + " failed" : std::string());
    };
    if (options_.windows.solver == SolverKind::cvode)
      advance_one_by_one(count, finished);
    else
      advance_together(count, finished);
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(count));
  }

  /// Writes the data set and deletes the journal; for rank 0, when the other processes have closed theirs.
  /// Errors: Error when scenarios remain or all have failed.
  GenerationSummary finish() {
    take_over();
    if (const auto left = std::count(finished_.begin(), finished_.end(), 0); left > 0)
      throw Error(output_, "no scenario left", std::to_string(left));
    GenerationSummary summary{.resumed = resumed_, .failures = {}};
    Dataset data = windowless_dataset(*mechanism_, selection_, model_, times_);
    data.attributes = provenance();
    data.concentration.reserve(options_.scenarios * options_.windows.windows_per_scenario * data.frames() *
                               data.species());
    for (ScenarioWindows& windows : results_) {
      if (windows.failure.empty()) {
        append_windows(std::exchange(windows, {}), data);
        ++summary.scenarios;
      } else {
        summary.failures.push_back({windows.scenario, windows.failure});
      }
    }
    if (data.cases() == 0)
      throw Error(output_, "a scenario that could be computed",
                  "none; the first: " + summary.failures[0].reason);
    data.attributes["failed_scenarios"] = std::to_string(summary.failures.size());
    summary.windows = data.cases();
    write_dataset(output_, data);
    journal_.remove();
    return summary;
  }

 private:
  /// `finished` takes the windows of each scenario.
  template <class Finished>
  void advance_one_by_one(std::size_t count, const Finished& finished) const {
    const auto make_runner = [&] {
      return std::make_unique<ScenarioRunner>(*mechanism_, *ranges_, selection_, options_.windows,
                                              options_.seed, options_.start);
    };
    share_work(count, options_.threads, make_runner,
               [&](ScenarioRunner& runner, std::size_t i) { finished(runner.run(pending_[i])); });
  }

  template <class Finished>
  void advance_together(std::size_t count, const Finished& finished) const {
    const ScenarioChemistry chemistry(*mechanism_, *ranges_);
    const auto make_runner = [&] {
      return std::make_unique<LaneScenarioRunner>(chemistry, *mechanism_, *ranges_, selection_,
                                                  options_.windows, options_.seed, options_.start);
    };
    const std::size_t threads =
        options_.threads > 0 ? static_cast<std::size_t>(options_.threads) : default_threads();
    const std::size_t each = std::min(together, (count + threads - 1) / threads);
    share_work(count == 0 ? 0 : (count + each - 1) / each, options_.threads, make_runner,
               [&](LaneScenarioRunner& runner, std::size_t i) {
                 const std::size_t first = i * each;
                 const std::span<const Scenario> some(&pending_[first], std::min(each, count - first));
                 for (ScenarioWindows& windows : runner.run(some)) finished(std::move(windows));
               });
  }

  static GeneratorOptions with_ranges(GeneratorOptions options, const ScenarioRanges& ranges) {
    options.windows = chemnne::with_ranges(options.windows, ranges.windows);
    return options;
  }

  void keep(ScenarioWindows windows) {
    const std::size_t index = windows.scenario - options_.first_scenario;
    if (!windows.failure.empty() && finished_.at(index) == 0) ++failed_;
    finished_.at(index) = 1;
    results_[index] = std::move(windows);
  }

  /// Moves what the journals of other ranks hold to this one. A scenario that is in both, after an
  /// interruption between copying and deleting, is the same in both.
  void take_over() {
    namespace fs = std::filesystem;
    const fs::path output = fs::absolute(output_);
    const std::string prefix = output.filename().string() + ".partial-";
    std::vector<std::string> journals;
    for (const fs::directory_entry& entry : fs::directory_iterator(output.parent_path())) {
      const std::string name = entry.path().filename().string();
      if (name.size() > prefix.size() && name.starts_with(prefix) &&
          name.find_first_not_of("0123456789", prefix.size()) == std::string::npos)
        journals.push_back(entry.path().string());
    }
    for (const std::string& path : journals) {
      GenerationJournal journal(path, provenance());
      for (ScenarioWindows& windows : journal.take_finished()) {
        journal_.append(windows);
        keep(std::move(windows));
      }
      journal_.sync();
      journal.remove();
    }
  }

  /// All that the content depends on: attributes of the file and the identity of the journal.
  std::map<std::string, std::string> provenance() const {
    const WindowOptions& windows = options_.windows;
    const bool cvode = windows.solver == SolverKind::cvode;
    std::map<std::string, std::string> all = identity_attributes(*mechanism_, *ranges_);
    all.merge(std::map<std::string, std::string>{
        {"title", "One-hour windows of atmospheric chemistry from sampled scenarios"},
        {"source", cvode ? "chemnne generator: SUNDIALS CVODE (BDF, KLU) with the analytic Jacobian"
                         : "chemnne generator: Rodas4 with the analytic Jacobian"},
        {"solver", std::string(name_of(windows.solver))},
        {"seed", std::to_string(options_.seed)},
        {"scenarios", std::to_string(options_.scenarios)},
        {"first_scenario", std::to_string(options_.first_scenario)},
        {"windows_per_scenario", std::to_string(windows.windows_per_scenario)},
        {"frames", std::to_string(windows.frames)},
        {"window_length", number_text(windows.window_length)},
        {"plume_share", number_text(*windows.plume_share)},
        {"imposed_share", number_text(*windows.imposed_share)},
        {"light_step", number_text(*windows.light_step)},
        {"minimum_gap", number_text(*windows.minimum_gap)},
        {"maximum_gap", number_text(*windows.maximum_gap)},
        {"species", names_text()},
        {"minimum_spin_up", number_text(*windows.minimum_spin_up)},
        {"maximum_spin_up", number_text(*windows.maximum_spin_up)},
        {"relative_tolerance",
         number_text(cvode ? windows.reference.relative_tolerance : windows.rosenbrock.relative_tolerance)},
        {"absolute_tolerance",
         number_text(cvode ? windows.reference.absolute_tolerance : windows.rosenbrock.absolute_tolerance)},
        {"maximum_steps", cvode ? std::to_string(windows.reference.maximum_steps)
                                : std::to_string(windows.rosenbrock.maximum_attempts)},
        {"non_negative", !cvode || windows.reference.non_negative ? "true" : "false"},
        {"spin_up_relative_tolerance", number_text(*windows.spin_up_relative_tolerance)},
    });
    if (options_.start) all["start_states"] = options_.start->hash();
    return all;
  }

  /// One hash for names of some hundred species.
  std::string names_text() const {
    std::string names;
    const std::vector<std::string> columns = selection_.names(*mechanism_);
    for (std::size_t i = 0; i < columns.size(); ++i)
      names += columns[i] + (i < selection_.inputs() + selection_.lumped.size() ? " " : ", ");
    return std::to_string(selection_.size()) + ", hash " + hash_hex(names);
  }

  /// Scenarios that share a register's lanes: enough to keep them busy, few enough that an interruption loses
  /// little.
  static constexpr std::size_t together = 32;

  const Mechanism* mechanism_;
  const ScenarioRanges* ranges_;
  SpeciesSelection selection_;
  EnvironmentModel model_;
  GeneratorOptions options_;
  std::string output_;
  std::vector<double> times_;
  std::size_t rank_;
  std::size_t ranks_ = 1;  ///< that share the scenarios
  GenerationJournal journal_;
  std::vector<char> finished_;            ///< by scenario - first_scenario
  std::vector<ScenarioWindows> results_;  ///< by scenario - first_scenario
  std::vector<Scenario> pending_;
  std::size_t resumed_ = 0;
  std::size_t failed_ = 0;
};

/// Computes the scenarios of `options` and writes their windows to `output`; continues an interrupted
/// generation of the same options. Scenarios that fail are left out, counted in the file and listed in the
/// summary, which is rank 0's. All processes must see the folder of `output`. Errors: see DatasetGenerator.
template <Communicator Ranks = SingleProcess>
GenerationSummary generate_dataset(const Mechanism& mechanism, const ScenarioRanges& ranges,
                                   const GeneratorOptions& options, const std::string& output,
                                   Ranks& ranks = single_process) {
  const bool first = ranks.rank() == 0;
  std::optional<DatasetGenerator> generator;
  const auto open = [&] { generator.emplace(mechanism, ranges, options, output, ranks.rank()); };
  std::vector<char> finished(options.scenarios);
  if (first) {
    open();
    std::ranges::copy(generator->finished(), finished.begin());
  }
  ranks.broadcast(std::span(finished));
  if (!first) open();
  generator->draw_share(finished, ranks.size());
  generator->advance(generator->remaining());
  if (!first) generator.reset();  // closes its journal
  ranks.barrier();
  return first ? generator->finish() : GenerationSummary{};
}

}  // namespace chemnne
