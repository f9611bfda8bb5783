#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/data/environment_model.hpp>
#include <chemnne/data/host_air.hpp>
#include <chemnne/data/scenario.hpp>
#include <chemnne/data/scenario_course.hpp>
#include <chemnne/data/scenario_starts.hpp>
#include <chemnne/data/scenario_windows.hpp>
#include <chemnne/data/species_selection.hpp>
#include <chemnne/data/window_options.hpp>
#include <chemnne/data/window_rows.hpp>
#include <chemnne/data/window_start.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/number_text.hpp>
#include <chemnne/support/random.hpp>
#include <chemnne/support/sequence.hpp>

namespace chemnne {

/// What a scenario wants solved before it goes on: a stretch of time under one environment.
struct ScenarioLeg {
  /// Of the label of a window, or of what comes between windows.
  bool label = false;
  Environment environment = {};
  /// Air that mixes in (OpenAir), holding its species or letting them go; none: closed.
  const Surroundings* around = nullptr;
  bool holding = false;
  /// Where states are wanted [s] from the start of the leg, ascending, above 0.
  std::span<const double> times = {};
  /// At the start [molecules cm-3], the mechanism's variable species in order.
  std::span<const double> start = {};
  /// The answer: states at the times [times][species], or why there are none.
  std::vector<double> states = {};
  std::string failure = {};
};

/// The course of scenarios, without what solves their chemistry: draws, weather and what follows what. A
/// scenario's windows depend on the scenario, the seed and the options alone.
///
/// A trajectory: initial mixing ratios; spin-up in pieces of a light step at most, each under the
/// constant environment of its middle; then windows, with or without gaps like the spin-up, each under the
/// constant environment of its own middle. Windows are closed. The air between them is diluted at a rate that
/// is drawn once a scenario, and holds the species that are to be held at their levels until it is released,
/// a time before each window that is drawn, too; levels move in each gap (OpenAir). A window of kind 1 starts
/// with every species that has a range drawn anew, one of kind 2 with every plume species added, one of kind
/// 3 with both. Species of [scatter] may start off their balance.
///
/// With HostRanges the weather changes by hour and day, and what lies between two windows are steps of a host
/// (HostAir) as long as a window: a gap is as many as it has room for.
class ScenarioScript {
 public:
  /// The ranges' species must be variable in the mechanism; all arguments must outlive the runner. With
  /// `start`, scenarios begin with those states and their weather in the place of the ranges'; where they are
  /// given to be the first window's start, nothing else happens there. Errors:
  /// Error naming one that is not, or an option.
  ScenarioScript(const Mechanism& mechanism, const ScenarioRanges& ranges, const SpeciesSelection& selection,
                 const WindowOptions& options, std::uint64_t seed, const ScenarioStarts* start = nullptr)
      : mechanism_(&mechanism),
        ranges_(&ranges),
        rows_(mechanism, selection),
        model_(mechanism, ranges),
        options_(with_ranges(options, ranges.windows)),
        seed_(seed),
        start_(start),
        initial_index_(variable_species(mechanism, ranges.species)),
        window_start_(mechanism, ranges) {
    check(options_);
    if (ranges.host) host_.emplace(mechanism, ranges);
    const double interval = options.window_length / static_cast<double>(options.frames - 1);
    for (std::size_t frame = 0; frame < options.frames; ++frame)
      times_.push_back(interval * static_cast<double>(frame));
  }

  /// Times of the frames of a window [s].
  const std::vector<double>& times() const noexcept { return times_; }

  const WindowOptions& options() const noexcept { return options_; }
  std::size_t species() const noexcept { return mechanism_->variable_species; }

  /// A scenario before its spin-up.
  ScenarioCourse start(const Scenario& scenario) const {
    ScenarioCourse course = without_numbers(scenario.number);
    course.conditions = scenario.conditions;
    set_initial_state(scenario, course);
    draw_surroundings(course);
    if (host_) course.host = host_->draw(course.conditions, course.random);
    if (!course.given.empty()) {
      if (host_)
        course.conditions = host_->mean_of(course.conditions, course.host, course.gap / 3600, window_hours());
      return course;
    }
    course.gap = *options_.minimum_spin_up *
                 std::pow(*options_.maximum_spin_up / *options_.minimum_spin_up, course.random.uniform());
    return course;
  }

  /// A course that lies between two windows as numbers, of which `resume` makes it again; as many for each
  /// course.
  std::vector<double> numbers(const ScenarioCourse& course) const {
    std::vector<double> all{static_cast<double>(course.scenario), static_cast<double>(course.windows),
                            static_cast<double>(course.random.position())};
    visit_numbers(course, [&](double number) { all.push_back(number); });
    return all;
  }
  ScenarioCourse resume(std::span<const double> numbers) const {
    ScenarioCourse course = without_numbers(static_cast<std::size_t>(numbers[0]));
    course.windows = static_cast<std::size_t>(numbers[1]);
    course.random.move_to(static_cast<std::uint64_t>(numbers[2]));
    visit_numbers(course, [at = numbers.begin() + 3](double& number) mutable { number = *at++; });
    return course;
  }
  std::size_t numbers_each() const { return numbers(without_numbers(0)).size(); }

  /// To the end of the next window of a course, which `windows` gets. Solves nothing itself: yields each leg,
  /// and goes on from its answer. Both arguments must live until the sequence ends.
  Sequence<ScenarioLeg> window(ScenarioCourse& course, ScenarioWindows& windows) const {
    if (course.windows > 0) {
      course.gap = draw_gap(course.random);
      if (course.gap > 0 && !host_)
        move_levels(air_number_density(model_.at(course.conditions, 0)), course.random, course.around);
    }
    for (auto legs = before(course, windows); legs.next();) co_yield legs.value();
    if (!windows.failure.empty()) co_return;
    if (is_given(course))
      for (std::size_t i = 0; i < species(); ++i)
        if (!std::isnan(course.given[i])) course.state[i] = course.given[i];
    windows.spin_up_length.push_back(course.gap);
    for (auto legs = label(course, windows); legs.next();) co_yield legs.value();
    course.time += options_.window_length;
    ++course.windows;
  }

  /// All windows of a scenario; `windows` must live until the sequence ends.
  Sequence<ScenarioLeg> run(const Scenario& scenario, ScenarioWindows& windows) const {
    windows.scenario = scenario.number;
    ScenarioCourse course = start(scenario);
    while (course.windows < options_.windows_per_scenario && windows.failure.empty())
      for (auto legs = window(course, windows); legs.next();) co_yield legs.value();
  }

 private:
  static void check(const WindowOptions& options) {
    if (options.windows_per_scenario == 0) throw Error("windows_per_scenario", "1 or more", "0");
    if (options.frames < 2) throw Error("frames", "2 or more", std::to_string(options.frames));
    if (!(options.window_length > 0))
      throw Error("window_length", "above 0 s", number_text(options.window_length));
    if (!(*options.minimum_spin_up > 0 && *options.minimum_spin_up <= *options.maximum_spin_up &&
          std::isfinite(*options.maximum_spin_up)))
      throw Error("minimum_spin_up", "above 0 s and not above maximum_spin_up",
                  number_text(*options.minimum_spin_up));
    if (!(*options.minimum_gap >= 0 && *options.minimum_gap <= *options.maximum_gap &&
          std::isfinite(*options.maximum_gap)))
      throw Error("minimum_gap", "0 s or more and not above maximum_gap", number_text(*options.minimum_gap));
    if (!(*options.light_step > 0)) throw Error("light_step", "above 0 s", number_text(*options.light_step));
    for (const auto& [name, share] :
         {std::pair{"plume_share", *options.plume_share}, std::pair{"imposed_share", *options.imposed_share}})
      if (!(share >= 0 && share <= 1)) throw Error(name, "0 to 1", number_text(share));
  }

  double window_hours() const { return options_.window_length / 3600; }

  /// Whether the next window starts with a state that was given.
  static bool is_given(const ScenarioCourse& course) { return course.windows == 0 && !course.given.empty(); }

  /// The state that the scenario starts from; with start states their weather too, and only held species that
  /// they lack come from the ranges.
  void set_initial_state(const Scenario& scenario, ScenarioCourse& course) const {
    course.state.assign(species(), std::numeric_limits<double>::quiet_NaN());
    if (start_) {
      std::vector<std::string> parameters;
      for (const ParameterRange& one : ranges_->parameters) parameters.push_back(one.column);
      start_->start(course, parameters, window_hours());
    }
    const double air = air_number_density(model_.at(course.conditions, 0));
    for (std::size_t i = 0; i < initial_index_.size(); ++i) {
      const Range& range = ranges_->species[i];
      double& density = course.state[initial_index_[i]];
      if (!start_ || (is_held(range) && std::isnan(density)))
        density = range.density(scenario.initial[i], air);
    }
    for (double& density : course.state)
      if (std::isnan(density)) density = 0;
  }

  bool is_held(const Range& range) const {
    return std::ranges::find(ranges_->windows.held, range.name) != ranges_->windows.held.end();
  }

  /// Which species are held, as long as nothing is drawn.
  Surroundings surroundings() const {
    Surroundings around;
    for (std::size_t i = 0; i < initial_index_.size(); ++i) {
      if (!is_held(ranges_->species[i])) continue;
      around.held.push_back(initial_index_[i]);
      around.range.push_back(&ranges_->species[i]);
    }
    around.level.resize(around.held.size());
    return around;
  }

  void draw_surroundings(ScenarioCourse& course) const {
    Surroundings& around = course.around;
    if (const std::optional<Range>& dilution = ranges_->windows.dilution)
      around.dilution = dilution->at(course.random.uniform());
    for (std::size_t i = 0; i < around.held.size(); ++i) around.level[i] = course.state[around.held[i]];
  }

  /// Other sources: a normal deviate times a tenth of the range, in its scale. About what ARCA's data show
  /// (docs/studies/2026-11_training_data.md).
  static void move_levels(double air, Random& random, Surroundings& surroundings) {
    for (std::size_t i = 0; i < surroundings.held.size(); ++i) {
      const Range& range = *surroundings.range[i];
      double& level = surroundings.level[i];
      const double step = 0.1 * random.normal();
      if (range.logarithmic)
        level *= std::pow(range.maximum / range.minimum, step);
      else
        level = std::max(0.0, level + step * range.density(range.maximum - range.minimum, air));
    }
  }

  double draw_gap(Random& random) const {
    if (*options_.maximum_gap == 0) return 0;
    return *options_.minimum_gap + (*options_.maximum_gap - *options_.minimum_gap) * random.uniform();
  }

  ScenarioCourse without_numbers(std::size_t scenario) const {
    ScenarioCourse course{
        .scenario = scenario,
        .conditions = {},
        .random = Random(seed_, detail::random_stream(detail::RandomPurpose::scenario, scenario)),
        .state = std::vector<double>(species()),
        .around = surroundings()};
    course.conditions.parameters.resize(ranges_->parameters.size());
    if (host_) course.host = host_->without_numbers();
    return course;
  }

  /// What a course draws, where it is and what its air is, in one order.
  template <class Course, class Visit>
  static void visit_numbers(Course& course, Visit visit) {
    auto& c = course.conditions;
    for (auto* one : {&course.time, &course.around.dilution, &c.temperature, &c.pressure,
                      &c.relative_humidity, &c.photolysis_scaling, &c.latitude, &c.day_of_year, &c.local_hour,
                      &course.host.mixing, &course.host.swing, &course.host.change, &course.host.light})
      visit(*one);
    for (auto* part :
         {&c.parameters, &course.around.level, &course.host.background, &course.host.emission, &course.state})
      for (auto& one : *part) visit(one);
  }

  /// The conditions of a step that starts `hours` after the scenario and lasts `length` hours.
  Conditions weather(const ScenarioCourse& course, double hours, double length) const {
    return host_ ? host_->weather(course.conditions, course.host, hours, length) : course.conditions;
  }

  Environment environment(const ScenarioCourse& course, double hours, double length) const {
    return model_.at(weather(course, hours, length), hours, length);
  }

  /// What lies before the next window.
  Sequence<ScenarioLeg> before(ScenarioCourse& course, ScenarioWindows& windows) const {
    if (host_ && course.windows > 0) return host_steps(course, windows);
    return between(course, windows);
  }

  /// Transport before a step of a host.
  void transport(ScenarioCourse& course) const {
    const double hours = course.time / 3600, length = options_.window_length / 3600;
    const auto day = [&](double at) { return std::floor((course.conditions.local_hour + at) / 24); };
    if (day(hours) != day(hours - length)) host_->begin_day(course.host, course.random);
    host_->exchange(course.host, environment(course, hours, length),
                    HostAir::local_hour(course.conditions, hours, length), length, course.state);
  }

  /// The steps of a host in the gap, and transport before the next window; none after a failure.
  Sequence<ScenarioLeg> host_steps(ScenarioCourse& course, ScenarioWindows& windows) const {
    const double length = options_.window_length, steps = std::floor(course.gap / length);
    course.gap = steps * length;
    for (double step = 0; step < steps && windows.failure.empty(); ++step) {
      transport(course);
      ScenarioLeg leg{.environment = environment(course, course.time / 3600, length / 3600),
                      .times = {&length, 1},
                      .start = course.state};
      co_yield leg;
      keep(leg, course.time, course, windows);
      course.time += length;
    }
    transport(course);
  }

  /// Through the gap.
  Sequence<ScenarioLeg> between(ScenarioCourse& course, ScenarioWindows& windows) const {
    if (course.gap == 0) co_return;
    const std::optional<Range>& released = ranges_->windows.released;
    const double free = released ? std::min(course.gap, released->at(course.random.uniform())) : 0;
    const Surroundings& around = course.around;
    const double begin = course.time;
    for (std::size_t i = 0; i < around.held.size(); ++i) course.state[around.held[i]] = around.level[i];
    for (auto legs = follow(course, windows, course.gap - free, true); legs.next();) co_yield legs.value();
    for (auto legs = follow(course, windows, free, false); legs.next();) co_yield legs.value();
    course.time = begin + course.gap;
  }

  /// In pieces of the light step; none after a failure.
  Sequence<ScenarioLeg> follow(ScenarioCourse& course, ScenarioWindows& windows, double length,
                               bool holding) const {
    for (double done = 0; done < length && windows.failure.empty(); done += *options_.light_step) {
      const double piece = std::min(*options_.light_step, length - done), begin = course.time + done;
      ScenarioLeg leg{.environment = environment(course, begin / 3600, piece / 3600),
                      .around = &course.around,
                      .holding = holding,
                      .times = {&piece, 1},
                      .start = course.state};
      co_yield leg;
      keep(leg, begin, course, windows);
    }
    course.time += length;
  }

  /// The end of a leg between windows, which began at `begin` [s].
  static void keep(ScenarioLeg& leg, double begin, ScenarioCourse& course, ScenarioWindows& windows) {
    if (leg.failure.empty())
      course.state = std::move(leg.states);
    else
      windows.failure = "spin-up, from " + number_text(begin) + " s: " + leg.failure;
  }

  /// The window itself.
  Sequence<ScenarioLeg> label(ScenarioCourse& course, ScenarioWindows& windows) const {
    std::vector<double>& state = course.state;
    const double hours = course.time / 3600, length = options_.window_length / 3600;
    ScenarioLeg leg{.label = true,
                    .environment = environment(course, hours, length),
                    .times = std::span(times_).subspan(1),
                    .start = state};
    const double air = air_number_density(leg.environment);
    const int kind = is_given(course) ? 0 : window_start_.apply(options_, air, course.random, state);
    co_yield leg;
    if (!leg.failure.empty()) {
      windows.failure = "window " + std::to_string(course.windows) + ": " + leg.failure;
      co_return;
    }
    windows.kind.push_back(kind);
    const double kept = host_ && course.windows > 0 ? HostAir::kept(course.host, length) : 1;
    const std::vector<double> row = model_.row(weather(course, hours, length), hours, leg.environment, kept);
    windows.environment_value.insert(windows.environment_value.end(), row.begin(), row.end());
    rows_.append(state, leg.states, windows);
    state.assign(leg.states.end() - static_cast<std::ptrdiff_t>(species()), leg.states.end());
  }

  const Mechanism* mechanism_;
  const ScenarioRanges* ranges_;
  WindowRows rows_;
  EnvironmentModel model_;
  std::optional<HostAir> host_;
  WindowOptions options_;
  std::uint64_t seed_;
  const ScenarioStarts* start_;
  std::vector<std::size_t> initial_index_;
  WindowStart window_start_;
  std::vector<double> times_;
};

}  // namespace chemnne
