#pragma once
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/data/dataset.hpp>
#include <chemnne/data/environment_model.hpp>
#include <chemnne/data/generation_journal.hpp>
#include <chemnne/data/molar_mass.hpp>
#include <chemnne/data/scenario.hpp>
#include <chemnne/data/scenario_ranges.hpp>
#include <chemnne/data/scenario_runner.hpp>
#include <chemnne/data/share_work.hpp>
#include <chemnne/data/species_selection.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/progress.hpp>

namespace chemnne {

/// Which scenarios a data set holds and how they become windows.
struct GeneratorOptions {
  std::size_t scenarios = 1000;
  /// Number of the first: files of one seed with disjoint numbers are independent (training, validation,
  /// test).
  std::size_t first_scenario = 0;
  std::uint64_t seed = 1;
  WindowOptions windows = {};
  /// Where scenarios start instead of from the ranges; must outlive the generator.
  const StartStates* start = nullptr;
  /// 0: all that OpenMP gives. The data set does not depend on it.
  int threads = 0;
};

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

/// The options with what the file of ranges says about windows.
inline WindowOptions with_ranges(WindowOptions options, const WindowRanges& ranges) {
  const auto set = [](double& option, const std::optional<double>& value) {
    option = value.value_or(option);
  };
  set(options.minimum_spin_up, ranges.minimum_spin_up);
  set(options.maximum_spin_up, ranges.maximum_spin_up);
  set(options.minimum_gap, ranges.minimum_gap);
  set(options.maximum_gap, ranges.maximum_gap);
  set(options.plume_share, ranges.plume_share);
  set(options.imposed_share, ranges.imposed_share);
  set(options.light_step, ranges.light_step);
  return options;
}

/// Computes a data set scenario by scenario; see generate_dataset for the whole of it.
///
/// The file's content depends on the mechanism, the ranges and the options (but for `threads`) alone, byte
/// for byte: not on threads, interruptions or time. Finished scenarios are kept in OUTPUT.partial until
/// `finish`.
class DatasetGenerator {
 public:
  /// `mechanism` and `ranges` must outlive the generator. Errors: Error for ranges that do not fit the
  /// mechanism, options out of range, or an unfinished generation at `output` with other options.
  DatasetGenerator(const Mechanism& mechanism, const ScenarioRanges& ranges, const GeneratorOptions& options,
                   const std::string& output)
      : mechanism_(&mechanism),
        ranges_(&ranges),
        selection_(select_species(mechanism, ranges.choice)),
        model_(mechanism, ranges),
        options_(options),
        output_(output),
        times_(ScenarioRunner(mechanism, ranges, selection_, options.windows, options.seed).times()),
        journal_(output + ".partial", provenance()),
        results_(options.scenarios) {
    if (options.scenarios == 0) throw Error("scenarios", "1 or more", "0");
    std::vector<bool> finished(options.scenarios, false);
    for (ScenarioWindows& windows : journal_.take_finished()) {
      const std::size_t index = windows.scenario - options.first_scenario;
      finished.at(index) = true;
      if (!windows.failure.empty()) ++failed_;
      results_[index] = std::move(windows);
      ++resumed_;
    }
    const auto all = draw_scenarios(ranges, options.scenarios, options.first_scenario, options.seed);
    for (std::size_t i = 0; i < all.size(); ++i)
      if (!finished[i]) pending_.push_back(all[i]);
  }

  /// Scenarios that are still to be computed.
  std::size_t remaining() const noexcept { return pending_.size(); }

  /// Computes up to `count` of the remaining scenarios and keeps them in the journal.
  void advance(std::size_t count) {
    count = std::min(count, pending_.size());
    Progress progress("reference trajectories", static_cast<double>(options_.scenarios),
                      static_cast<double>(options_.scenarios - pending_.size()));
    std::mutex mutex;
    const auto make_runner = [&] {
      return std::make_unique<ScenarioRunner>(*mechanism_, *ranges_, selection_, options_.windows,
                                              options_.seed, options_.start);
    };
    share_work(count, options_.threads, make_runner, [&](ScenarioRunner& runner, std::size_t i) {
      ScenarioWindows windows = runner.run(pending_[i]);
      const std::lock_guard lock(mutex);
      journal_.append(windows);
      if (!windows.failure.empty()) ++failed_;
      progress.advance(1, failed_ > 0 ? std::to_string(failed_) + " failed" : std::string());
      results_[windows.scenario - options_.first_scenario] = std::move(windows);
    });
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(count));
  }

  /// Writes the data set and deletes the journal. Errors: Error when scenarios remain or all have failed.
  GenerationSummary finish() {
    if (!pending_.empty()) throw Error(output_, "no scenario left", std::to_string(pending_.size()));
    GenerationSummary summary{.resumed = resumed_, .failures = {}};
    Dataset data = frame();
    for (ScenarioWindows& windows : results_) {
      if (windows.failure.empty()) {
        append(std::exchange(windows, {}), data);
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
  /// The shortest text that reads back as the same number.
  static std::string number_text(double value) {
    std::array<char, 32> text{};
    return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr};
  }

  /// All that the content depends on: attributes of the file and the identity of the journal.
  std::map<std::string, std::string> provenance() const {
    const WindowOptions& windows = options_.windows;
    std::map<std::string, std::string> all{
        {"title", "One-hour windows of atmospheric chemistry from sampled scenarios"},
        {"Conventions", "CF-1.8"},
        {"source", "chemnne generator: SUNDIALS CVODE (BDF, KLU) with the analytic Jacobian"},
#ifdef CHEMNNE_VERSION
        {"chemnne_version", CHEMNNE_VERSION},
#endif
        {"mechanism", mechanism_->name},
        {"mechanism_fingerprint", mechanism_->fingerprint()},
        {"scenario_ranges", ranges_->text},
        {"seed", std::to_string(options_.seed)},
        {"scenarios", std::to_string(options_.scenarios)},
        {"first_scenario", std::to_string(options_.first_scenario)},
        {"windows_per_scenario", std::to_string(windows.windows_per_scenario)},
        {"frames", std::to_string(windows.frames)},
        {"window_length", number_text(windows.window_length)},
        {"plume_share", number_text(windows.plume_share)},
        {"imposed_share", number_text(windows.imposed_share)},
        {"light_step", number_text(windows.light_step)},
        {"minimum_gap", number_text(windows.minimum_gap)},
        {"maximum_gap", number_text(windows.maximum_gap)},
        {"species", names_text()},
        {"minimum_spin_up", number_text(windows.minimum_spin_up)},
        {"maximum_spin_up", number_text(windows.maximum_spin_up)},
        {"relative_tolerance", number_text(windows.reference.relative_tolerance)},
        {"absolute_tolerance", number_text(windows.reference.absolute_tolerance)},
        {"maximum_steps", std::to_string(windows.reference.maximum_steps)},
        {"non_negative", windows.reference.non_negative ? "true" : "false"},
        {"spin_up_relative_tolerance", number_text(windows.spin_up_relative_tolerance)},
    };
    if (options_.start) all["start_states"] = options_.start->hash();
    return all;
  }

  /// One hash for names of some hundred species.
  std::string names_text() const {
    std::string names;
    for (std::size_t i = 0; i < selection_.size(); ++i)
      names += mechanism_->species[selection_.species[i]].name + (selection_.task[i] == 1 ? " " : ", ");
    return std::to_string(selection_.size()) + ", hash " + hash_hex(names);
  }

  /// The data set without windows.
  Dataset frame() const {
    Dataset data;
    data.time = times_;
    data.attributes = provenance();
    data.element_name = mechanism_->elements;
    if (data.element_name.empty()) data.element_name = {"unknown"};  // the layout has at least one
    for (const EnvironmentColumn& column : model_.columns()) {
      data.environment_name.push_back(column.name);
      data.environment_units.push_back(column.units);
      data.environment_long_name.push_back(column.long_name);
    }
    data.task = selection_.task;
    data.atom_count.assign(selection_.size() * data.elements(), 0);
    for (std::size_t i = 0; i < selection_.size(); ++i) {
      const Species& species = mechanism_->species[selection_.species[i]];
      data.species_name.push_back(species.name);
      const double mass = molar_mass(*mechanism_, species);
      data.molar_mass.push_back(std::isnan(mass) ? 0 : mass);
      for (const AtomCount& atom : species.atoms)
        data.atom_count[i * data.elements() + atom.element] = atom.count;
    }
    data.concentration.reserve(options_.scenarios * options_.windows.windows_per_scenario * data.frames() *
                               data.species());
    return data;
  }

  static void append(const ScenarioWindows& windows, Dataset& data) {
    const auto add = [](auto& target, const auto& values) {
      target.insert(target.end(), values.begin(), values.end());
    };
    for (std::size_t window = 0; window < windows.kind.size(); ++window) {
      data.scenario.push_back(static_cast<int>(windows.scenario));
      data.window_in_scenario.push_back(static_cast<int>(window));
    }
    add(data.kind, windows.kind);
    add(data.spin_up_length, windows.spin_up_length);
    add(data.environment_value, windows.environment_value);
    add(data.element_total, windows.element_total);
    add(data.concentration, windows.concentration);
  }

  const Mechanism* mechanism_;
  const ScenarioRanges* ranges_;
  SpeciesSelection selection_;
  EnvironmentModel model_;
  GeneratorOptions options_;
  std::string output_;
  std::vector<double> times_;
  GenerationJournal journal_;
  std::vector<ScenarioWindows> results_;  ///< by scenario - first_scenario
  std::vector<Scenario> pending_;
  std::size_t resumed_ = 0;
  std::size_t failed_ = 0;
};

/// Computes the scenarios of `options` and writes their windows to `output`; continues an interrupted
/// generation of the same options. Scenarios that fail are left out, counted in the file and listed in the
/// summary. Errors: see DatasetGenerator.
inline GenerationSummary generate_dataset(const Mechanism& mechanism, const ScenarioRanges& ranges,
                                          const GeneratorOptions& options, const std::string& output) {
  DatasetGenerator generator(mechanism, ranges, options, output);
  generator.advance(generator.remaining());
  return generator.finish();
}

}  // namespace chemnne
