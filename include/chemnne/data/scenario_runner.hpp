#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <chemnne/chemistry/chemical_system.hpp>
#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/data/environment_model.hpp>
#include <chemnne/data/open_air.hpp>
#include <chemnne/data/scenario.hpp>
#include <chemnne/data/species_selection.hpp>
#include <chemnne/data/start_states.hpp>
#include <chemnne/data/window_options.hpp>
#include <chemnne/reference/reference_solver.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/number_text.hpp>
#include <chemnne/support/random.hpp>

namespace chemnne {

/// The windows of one scenario, rows as in Dataset; `failure` says why there are none, empty on success.
struct ScenarioWindows {
  std::size_t scenario = 0;
  std::string failure;
  std::vector<int> kind;                  ///< [window]
  std::vector<double> spin_up_length;     ///< [window]
  std::vector<double> environment_value;  ///< [window][environment]
  std::vector<double> element_total;      ///< [window][first, last][element]
  std::vector<float> concentration;       ///< [window][frame][selected species]
};

/// Computes scenarios one after another: each thread owns a runner. A scenario's windows depend on the
/// scenario, the seed and the options alone.
///
/// A trajectory: initial mixing ratios; spin-up in pieces of a light step at most, each under the
/// constant environment of its middle; then windows, with or without gaps like the spin-up, each under the
/// constant environment of its own middle. Windows are closed. The air between them is diluted at a rate that
/// is drawn once a scenario, and holds the species that are to be held at their levels until it is released,
/// a time before each window that is drawn, too; levels move in each gap (OpenAir). A window of kind 1 starts
/// with every species that has a range drawn anew, one of kind 2 with every plume species added, one of kind
/// 3 with both.
class ScenarioRunner {
 public:
  /// The ranges' species must be variable in the mechanism; all arguments must outlive the runner. With
  /// `start`, scenarios begin with those states and their weather in the place of the ranges'. Errors:
  /// Error naming one that is not, or an option.
  ScenarioRunner(const Mechanism& mechanism, const ScenarioRanges& ranges, const SpeciesSelection& selection,
                 const WindowOptions& options, std::uint64_t seed, const StartStates* start = nullptr)
      : mechanism_(&mechanism),
        ranges_(&ranges),
        selection_(&selection),
        model_(mechanism, ranges),
        options_(with_ranges(options, ranges.windows)),
        seed_(seed),
        start_(start),
        system_(mechanism),
        open_air_(system_),
        spin_up_solver_(open_air_, spin_up_options(options)),
        label_solver_(system_, options.reference),
        initial_index_(indices(ranges.species)),
        plume_index_(indices(ranges.plume)) {
    check(options_);
    const double interval = options.window_length / static_cast<double>(options.frames - 1);
    for (std::size_t frame = 0; frame < options.frames; ++frame)
      times_.push_back(interval * static_cast<double>(frame));
  }

  /// Times of the frames of a window [s].
  const std::vector<double>& times() const noexcept { return times_; }

  ScenarioWindows run(const Scenario& scenario) {
    Random random(seed_, detail::random_stream(detail::RandomPurpose::scenario, scenario.number));
    ScenarioWindows windows;
    windows.scenario = scenario.number;
    Conditions conditions = scenario.conditions;
    std::vector<double> state = initial_state(scenario, random, conditions);
    Surroundings surroundings = draw_surroundings(random, state);
    const double spin_up = *options_.minimum_spin_up *
                           std::pow(*options_.maximum_spin_up / *options_.minimum_spin_up, random.uniform());
    windows.failure = simulate(conditions, surroundings, 0, spin_up, random, state);
    double start = spin_up;
    for (std::size_t window = 0; window < options_.windows_per_scenario && windows.failure.empty();
         ++window) {
      const double gap = window == 0 ? 0 : draw_gap(random);
      if (gap > 0) move_levels(air_number_density(model_.at(conditions, 0)), random, surroundings);
      windows.failure = simulate(conditions, surroundings, start, gap, random, state);
      if (!windows.failure.empty()) break;
      start += gap;
      windows.spin_up_length.push_back(window == 0 ? spin_up : gap);
      append_window(conditions, start / 3600, state, random, windows);
      start += options_.window_length;
    }
    return windows;
  }

 private:
  /// Of the air of one scenario between its windows.
  struct Surroundings {
    double dilution = 0;                   ///< s-1
    std::vector<std::size_t> held = {};    ///< places in the state
    std::vector<const Range*> range = {};  ///< of each that is held
    std::vector<double> level = {};        ///< molecules cm-3
  };

  static ReferenceOptions spin_up_options(const WindowOptions& options) {
    ReferenceOptions spin_up = options.reference;
    spin_up.relative_tolerance = options.spin_up_relative_tolerance;
    return spin_up;
  }

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

  std::vector<std::size_t> indices(const std::vector<Range>& ranges) const {
    std::vector<std::size_t> found;
    for (const Range& range : ranges) {
      found.push_back(mechanism_->index_of(range.name));
      if (found.back() >= mechanism_->variable_species)
        throw Error("scenario ranges: " + range.name, "a variable species", "a fixed one");
    }
    return found;
  }

  /// The state that the scenario starts from; with start states their weather too, and only held species that
  /// they lack come from the ranges.
  std::vector<double> initial_state(const Scenario& scenario, Random& random, Conditions& conditions) const {
    std::vector<double> state(system_.size(), 0.0);
    if (start_) {
      std::vector<std::string> parameters;
      for (const ParameterRange& one : ranges_->parameters) parameters.push_back(one.column);
      start_->start(random, parameters, state, conditions);
    }
    const double air = air_number_density(model_.at(conditions, 0));
    for (std::size_t i = 0; i < initial_index_.size(); ++i) {
      const Range& range = ranges_->species[i];
      double& density = state[initial_index_[i]];
      if (!start_ || (is_held(range) && density == 0)) density = range.density(scenario.initial[i], air);
    }
    return state;
  }

  bool is_held(const Range& range) const {
    return std::ranges::find(ranges_->windows.held, range.name) != ranges_->windows.held.end();
  }

  Surroundings draw_surroundings(Random& random, const std::vector<double>& state) const {
    const std::optional<Range>& dilution = ranges_->windows.dilution;
    Surroundings drawn{.dilution = dilution ? dilution->at(random.uniform()) : 0};
    for (std::size_t i = 0; i < initial_index_.size(); ++i) {
      if (!is_held(ranges_->species[i])) continue;
      drawn.held.push_back(initial_index_[i]);
      drawn.range.push_back(&ranges_->species[i]);
      drawn.level.push_back(state[initial_index_[i]]);
    }
    return drawn;
  }

  /// Other sources: a normal deviate times a tenth of the range, in its scale. About what ARCA's data show
  /// (docs/results.md).
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

  /// From `start` s of the scenario to a window; says why it failed, empty on success.
  std::string simulate(const Conditions& conditions, const Surroundings& surroundings, double start,
                       double length, Random& random, std::vector<double>& state) {
    if (length == 0) return {};
    const std::optional<Range>& released = ranges_->windows.released;
    const double free = released ? std::min(length, released->at(random.uniform())) : 0;
    open_air_.hold(surroundings.dilution, surroundings.held);
    for (std::size_t i = 0; i < surroundings.held.size(); ++i)
      state[surroundings.held[i]] = surroundings.level[i];
    std::string failure = follow(conditions, start, length - free, state);
    open_air_.release(surroundings.dilution, surroundings.held);
    if (failure.empty()) failure = follow(conditions, start + length - free, free, state);
    return failure;
  }

  /// In pieces of the light step.
  std::string follow(const Conditions& conditions, double start, double length, std::vector<double>& state) {
    for (double done = 0; done < length; done += *options_.light_step) {
      const double piece = std::min(*options_.light_step, length - done);
      system_.set_environment(model_.at(conditions, (start + done) / 3600, piece / 3600));
      const SolverStatus status = spin_up_solver_.integrate(state, piece);
      if (!status) return "spin-up, from " + number_text(start + done) + " s: " + status.reason;
    }
    return {};
  }

  void append_window(const Conditions& conditions, double hours, std::vector<double>& state, Random& random,
                     ScenarioWindows& windows) {
    const Environment environment = model_.at(conditions, hours, options_.window_length / 3600);
    const double air = air_number_density(environment);
    const bool imposed = *options_.imposed_share > 0 && random.uniform() < *options_.imposed_share;
    if (imposed) impose(air, random, state);
    const bool plume = random.uniform() < *options_.plume_share;
    if (plume) add_plume(air, random, state);
    system_.set_environment(environment);
    trajectory_.resize(times_.size() * state.size());
    const SolverStatus status = label_solver_.trajectory(state, times_, trajectory_);
    if (!status) {
      windows.failure = "window " + std::to_string(windows.kind.size()) + ": " + status.reason;
      return;
    }
    windows.kind.push_back((imposed ? 1 : 0) + (plume ? 2 : 0));
    const std::vector<double> row = model_.row(conditions, hours, environment);
    windows.environment_value.insert(windows.environment_value.end(), row.begin(), row.end());
    append_element_totals(state, windows.element_total);
    state.assign(trajectory_.end() - static_cast<std::ptrdiff_t>(state.size()), trajectory_.end());
    append_element_totals(state, windows.element_total);
    for (std::size_t frame = 0; frame < times_.size(); ++frame)
      for (const std::size_t i : selection_->species)
        windows.concentration.push_back(static_cast<float>(trajectory_[frame * state.size() + i]));
  }

  void impose(double air, Random& random, std::vector<double>& state) const {
    for (std::size_t i = 0; i < initial_index_.size(); ++i) {
      const Range& range = ranges_->species[i];
      state[initial_index_[i]] = range.density(range.at(random.uniform()), air);
    }
  }

  void add_plume(double air, Random& random, std::vector<double>& state) const {
    for (std::size_t i = 0; i < plume_index_.size(); ++i) {
      const Range& range = ranges_->plume[i];
      state[plume_index_[i]] += range.density(range.at(random.uniform()), air);
    }
  }

  void append_element_totals(const std::vector<double>& state, std::vector<double>& totals) const {
    const std::size_t offset = totals.size();
    totals.resize(offset + std::max<std::size_t>(mechanism_->elements.size(), 1), 0.0);
    for (std::size_t i = 0; i < state.size(); ++i)
      for (const AtomCount& atom : mechanism_->species[i].atoms)
        totals[offset + atom.element] += atom.count * state[i];
  }

  const Mechanism* mechanism_;
  const ScenarioRanges* ranges_;
  const SpeciesSelection* selection_;
  EnvironmentModel model_;
  WindowOptions options_;
  std::uint64_t seed_;
  const StartStates* start_;
  ChemicalSystem system_;
  OpenAir<ChemicalSystem> open_air_;
  ReferenceSolver<OpenAir<ChemicalSystem>> spin_up_solver_;
  ReferenceSolver<ChemicalSystem> label_solver_;
  std::vector<std::size_t> initial_index_;
  std::vector<std::size_t> plume_index_;
  std::vector<double> times_;
  std::vector<double> trajectory_;
};

}  // namespace chemnne
