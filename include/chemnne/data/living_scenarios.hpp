#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/data/environment_model.hpp>
#include <chemnne/data/lane_scenario_runner.hpp>
#include <chemnne/data/scenario.hpp>
#include <chemnne/data/share_work.hpp>
#include <chemnne/data/species_selection.hpp>
#include <chemnne/data/window_dataset.hpp>
#include <chemnne/data/window_options.hpp>
#include <chemnne/support/communicator.hpp>
#include <chemnne/support/parallel.hpp>

namespace chemnne {

/// Scenarios that are simulated forward for as long as anyone wants windows: data without end.
///
/// So many scenarios are alive, and each gives one window a call. After `windows_per_scenario` windows, or
/// one that cannot be solved, a new scenario takes its place; the first ones end after fewer, so that ages
/// are mixed from the start. Which windows come depends on mechanism, ranges, options, seed and count alone,
/// to the bit: not on threads and processes, nor on a run being interrupted (`numbers`).
class LivingScenarios {
 public:
  /// Scenarios are numbered from here, so that those of a training never meet the ones of its held-out files
  /// (`generate`), whatever the seeds.
  static constexpr std::size_t first_scenario = 300'000'000;

  /// All references must outlive it. Errors: as ScenarioScript and LaneChemistry.
  LivingScenarios(const Mechanism& mechanism, const ScenarioRanges& ranges, const SpeciesSelection& selection,
                  const WindowOptions& options, std::uint64_t seed, std::size_t count)
      : mechanism_(&mechanism),
        ranges_(&ranges),
        selection_(&selection),
        options_(options),
        seed_(seed),
        model_(mechanism, ranges),
        chemistry_(mechanism, ranges),
        script_(mechanism, ranges, selection, options, seed),
        courses_(count, script_.resume(std::vector<double>(script_.numbers_each()))),
        left_(count) {}

  std::size_t count() const noexcept { return courses_.size(); }
  std::size_t scenarios() const noexcept { return scenarios_; }  ///< that were begun
  std::size_t failures() const noexcept { return failures_; }    ///< windows that could not be solved

  /// The next window of each, on all processes; those that cannot be solved are left out.
  template <Communicator Ranks = SingleProcess>
  Dataset next(Ranks& ranks = single_process) {
    replace_ended();
    const Share own = ranks.share(count());
    std::vector<ScenarioWindows> windows(count());
    simulate(std::span(courses_).subspan(own.first, own.count),
             std::span(windows).subspan(own.first, own.count));
    Dataset data = windowless_dataset(*mechanism_, *selection_, model_, script_.times());
    if (ranks.size() > 1) exchange(own, windows, data, ranks);
    for (std::size_t i = 0; i < count(); ++i) {
      const bool solved = !windows[i].kind.empty();
      left_[i] = solved ? left_[i] - 1 : 0;
      if (solved)
        append_windows(windows[i], data, courses_[i].windows - 1);
      else
        ++failures_;
    }
    return data;
  }

  /// Where all of them are; `resume` goes on from there.
  std::vector<double> numbers() const {
    std::vector<double> all{static_cast<double>(scenarios_), static_cast<double>(failures_)};
    for (const std::size_t left : left_) all.push_back(static_cast<double>(left));
    for (const ScenarioCourse& course : courses_) {
      const std::vector<double> one = script_.numbers(course);
      all.insert(all.end(), one.begin(), one.end());
    }
    return all;
  }
  /// `numbers` are those of living scenarios of the same arguments.
  void resume(std::span<const double> numbers) {
    scenarios_ = static_cast<std::size_t>(numbers[0]);
    failures_ = static_cast<std::size_t>(numbers[1]);
    numbers = numbers.subspan(2);
    const std::size_t each = script_.numbers_each();
    for (std::size_t i = 0; i < count(); ++i) {
      left_[i] = static_cast<std::size_t>(numbers[i]);
      courses_[i] = script_.resume(numbers.subspan(count() + i * each, each));
    }
  }

 private:
  /// Scenarios that share a register's lanes: enough to keep them busy, few enough for all threads.
  static constexpr std::size_t together = 32;

  void replace_ended() {
    const auto ended = static_cast<std::size_t>(std::count(left_.begin(), left_.end(), std::size_t{0}));
    if (ended == 0) return;
    const std::vector<Scenario> drawn = draw_scenarios(*ranges_, ended, first_scenario + scenarios_, seed_);
    const std::size_t life = options_.windows_per_scenario;
    auto next = drawn.begin();
    for (std::size_t i = 0; i < count(); ++i) {
      if (left_[i] > 0) continue;
      left_[i] = scenarios_ == 0 ? 1 + i % life : life;
      courses_[i] = script_.start(*next++);
    }
    scenarios_ += ended;
  }

  void simulate(std::span<ScenarioCourse> courses, std::span<ScenarioWindows> windows) const {
    const auto make_runner = [&] {
      return std::make_unique<LaneScenarioRunner>(chemistry_, *mechanism_, *ranges_, *selection_, options_,
                                                  seed_);
    };
    const std::size_t pieces =
        std::max((courses.size() + together - 1) / together, std::min(courses.size(), default_threads()));
    share_work(pieces, 0, make_runner, [&](LaneScenarioRunner& runner, std::size_t piece) {
      const std::size_t begin = piece * courses.size() / pieces, end = (piece + 1) * courses.size() / pieces;
      std::ranges::move(runner.next(courses.subspan(begin, end - begin)), windows.subspan(begin).begin());
    });
  }

  /// Courses and windows of the other processes; each has some of them.
  template <Communicator Ranks>
  void exchange(const Share& own, std::vector<ScenarioWindows>& windows, const Dataset& data, Ranks& ranks) {
    const std::size_t state = script_.numbers_each(), environments = data.environments(),
                      totals = 2 * data.elements(), values = data.frames() * data.species(),
                      each = state + 2 + environments + totals + values;
    std::vector<double> all(count() * each);
    for (std::size_t i = own.first; i < own.first + own.count; ++i) {
      auto to = std::ranges::copy(script_.numbers(courses_[i]), &all[i * each]).out;
      const ScenarioWindows& one = windows[i];
      *to++ = one.kind.empty() ? -1 : one.kind[0];
      if (one.kind.empty()) continue;
      *to++ = one.spin_up_length[0];
      to = std::ranges::copy(one.environment_value, to).out;
      to = std::ranges::copy(one.element_total, to).out;
      std::ranges::copy(one.concentration, to);
    }
    ranks.sum(std::span(all));
    for (std::size_t i = 0; i < count(); ++i) {
      std::span<const double> rest = std::span<const double>(all).subspan(i * each, each);
      const auto take = [&](std::size_t number) {
        const auto taken = rest.first(number);
        rest = rest.subspan(number);
        return taken;
      };
      courses_[i] = script_.resume(take(state));
      ScenarioWindows& one = windows[i] = {};
      one.scenario = courses_[i].scenario;
      const double kind = take(1)[0];
      if (kind < 0) continue;
      one.kind.push_back(static_cast<int>(kind));
      one.spin_up_length.push_back(take(1)[0]);
      const auto fill = [&]<class T>(std::vector<T>& target, std::size_t number) {
        for (const double value : take(number)) target.push_back(static_cast<T>(value));
      };
      fill(one.environment_value, environments);
      fill(one.element_total, totals);
      fill(one.concentration, values);
    }
  }

  const Mechanism* mechanism_;
  const ScenarioRanges* ranges_;
  const SpeciesSelection* selection_;
  WindowOptions options_;
  std::uint64_t seed_;
  EnvironmentModel model_;
  ScenarioChemistry chemistry_;
  ScenarioScript script_;
  std::vector<ScenarioCourse> courses_;
  std::vector<std::size_t> left_;  ///< windows until a course ends
  std::size_t scenarios_ = 0, failures_ = 0;
};

}  // namespace chemnne
