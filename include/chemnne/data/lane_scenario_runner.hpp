#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/chemistry/mechanism_edit.hpp>
#include <chemnne/data/scenario_script.hpp>
#include <chemnne/solver/lane_chemistry.hpp>

namespace chemnne {

/// The mechanism of the ranges in each of the airs that a scenario meets, for all threads.
class ScenarioChemistry {
 public:
  enum Air : std::size_t { closed, released, holding };

  /// Errors: see LaneChemistry.
  ScenarioChemistry(const Mechanism& mechanism, const ScenarioRanges& ranges) {
    std::vector<std::size_t> held, diluted;
    for (const std::string& name : ranges.windows.held) held.push_back(mechanism.index_of(name));
    for (std::size_t i = 0; i < mechanism.variable_species; ++i)
      if (std::ranges::find(held, i) == held.end()) diluted.push_back(i);
    Mechanism open = mechanism;
    add_dilution(open, diluted);
    const auto make = [&](const Mechanism& one) {
      return std::make_unique<const LaneChemistry<double>>(one, ranges.photolysis.table);
    };
    of_[closed] = make(mechanism);
    of_[released] = make(open);
    hold_species(open, held);
    of_[holding] = make(open);
  }

  const LaneChemistry<double>& of(Air air) const { return *of_[air]; }

 private:
  std::array<std::unique_ptr<const LaneChemistry<double>>, 3> of_;
};

/// Computes many scenarios (ScenarioScript) at once with Rodas4 over lanes: each thread owns a runner. What
/// comes of a scenario does not depend on the others, to the bit.
class LaneScenarioRunner {
 public:
  /// `chemistry` is that of the mechanism and the ranges and must outlive the runner; other arguments and
  /// errors: see ScenarioScript.
  LaneScenarioRunner(const ScenarioChemistry& chemistry, const Mechanism& mechanism,
                     const ScenarioRanges& ranges, const SpeciesSelection& selection,
                     const WindowOptions& options, std::uint64_t seed, const ScenarioStarts* start = nullptr)
      : script_(mechanism, ranges, selection, options, seed, start) {
    RosenbrockOptions spin_up = options.rosenbrock;
    spin_up.relative_tolerance = *script_.options().spin_up_relative_tolerance;
    stations_.emplace_back(*this, chemistry.of(ScenarioChemistry::closed), false, options.rosenbrock);
    for (const auto air :
         {ScenarioChemistry::closed, ScenarioChemistry::released, ScenarioChemistry::holding})
      stations_.emplace_back(*this, chemistry.of(air), air != ScenarioChemistry::closed, spin_up);
  }
  LaneScenarioRunner(const LaneScenarioRunner&) = delete;  // stations refer to it
  LaneScenarioRunner& operator=(const LaneScenarioRunner&) = delete;

  const ScenarioScript& script() const noexcept { return script_; }

  /// The windows of each scenario. Errors: what a script throws.
  std::vector<ScenarioWindows> run(std::span<const Scenario> scenarios) {
    std::vector<ScenarioWindows> windows(scenarios.size());
    solve(scenarios.size(), [&](std::size_t i) { return script_.run(scenarios[i], windows[i]); });
    return windows;
  }

  /// The next window of each course. Errors: what a script throws.
  std::vector<ScenarioWindows> next(std::span<ScenarioCourse> courses) {
    std::vector<ScenarioWindows> windows(courses.size());
    solve(courses.size(), [&](std::size_t i) {
      windows[i].scenario = courses[i].scenario;
      return script_.window(courses[i], windows[i]);
    });
    return windows;
  }

 private:
  using Legs = Sequence<ScenarioLeg>;

  /// Follows the legs that `legs_of` gives for each of `count`.
  template <class LegsOf>
  void solve(std::size_t count, const LegsOf& legs_of) {
    std::deque<Legs> all;
    for (std::size_t i = 0; i < count; ++i) {
      all.push_back(legs_of(i));
      go_on(all.back());
    }
    // Where most wait, so that lanes are full.
    for (;;) {
      if (failure_) std::rethrow_exception(std::exchange(failure_, {}));
      Station& next = *std::max_element(stations_.begin(), stations_.end(), [](const auto& a, const auto& b) {
        return a.waiting.size() < b.waiting.size();
      });
      if (next.waiting.empty()) return;
      next.solve();
    }
  }

  /// Where legs of one air and accuracy are solved. It is the cells of its solver (LaneCells).
  class Station {
   public:
    Station(LaneScenarioRunner& runner, const LaneChemistry<double>& chemistry, bool open,
            const RosenbrockOptions& options)
        : runner_(&runner),
          open_(open),
          rates_(chemistry),
          solver_(chemistry.kernel(), options),
          dilution_(environment_inputs + chemistry.rate_program().parameters() - 1) {}

    std::vector<Legs*> waiting;

    void solve() noexcept {
      solver_.integrate(*this);
      waiting.clear();
    }

    std::size_t count() const noexcept { return waiting.size(); }
    std::span<const double> times(std::size_t cell) const noexcept { return leg(cell).times; }

    void load(std::size_t first, std::size_t count, double* c, double* k) noexcept {
      for (std::size_t l = 0; l < count; ++l) {
        const ScenarioLeg& one = leg(first + l);
        for (std::size_t i = 0; i < one.start.size(); ++i) c[i * cells + l] = one.start[i];
        rates_.set(l, one.environment);
        if (open_) rates_.input(dilution_, l) = one.around->dilution;
      }
      rates_.evaluate(count, k);
    }

    void store(std::size_t cell, std::size_t frame, const double* c) noexcept {
      ScenarioLeg& one = leg(cell);
      std::copy_n(c, one.start.size(), &one.states[frame * one.start.size()]);
    }

    void finish(std::size_t cell, const CellOutcome& outcome) noexcept {
      if (!outcome.solved) leg(cell).failure = "no step is short enough, or a rate constant is not finite";
      runner_->go_on(*waiting[cell]);
    }

   private:
    static constexpr std::size_t cells = BlockRates<double>::cells;
    ScenarioLeg& leg(std::size_t cell) const noexcept { return waiting[cell]->value(); }

    LaneScenarioRunner* runner_;
    bool open_;
    BlockRates<double> rates_;
    RosenbrockSolver<Rodas4, TableKernel<double>> solver_;
    std::size_t dilution_;  ///< the last parameter of open air
  };

  Station& station_of(const ScenarioLeg& leg) {
    if (leg.label) return stations_[0];
    const bool closed =
        !leg.around || (leg.around->dilution == 0 && (leg.around->held.empty() || !leg.holding));
    return stations_[closed ? 1 : leg.holding ? 3 : 2];
  }

  /// From one leg to the next, into the queue of its station. What is thrown is kept: a solver is at work.
  void go_on(Legs& legs) noexcept {
    if (failure_) return;
    try {
      if (!legs.next()) return;
      ScenarioLeg& leg = legs.value();
      check_environment(leg.environment);
      leg.states.resize(leg.times.size() * leg.start.size());
      station_of(leg).waiting.push_back(&legs);
    } catch (...) {
      failure_ = std::current_exception();
    }
  }

  ScenarioScript script_;
  std::deque<Station> stations_;
  std::exception_ptr failure_;
};

}  // namespace chemnne
