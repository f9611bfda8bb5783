#pragma once
#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <chemnne/data/box_solver.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/number_text.hpp>

namespace chemnne {

/// A concentration [molecules cm-3] that is set at a time [s], or added to what is there.
struct BoxEvent {
  double time;
  std::size_t species;  ///< place in the state
  double value;
  bool adds;
};

/// A box from one time to another. The solver starts anew where the course of its conditions jumps or a
/// concentration is set, and only there: rows that are looked at change nothing.
class BoxRun {
 public:
  /// `jumps` [s], in any order, like the events; events of one time happen in theirs. `solver` must outlive
  /// it.
  BoxRun(BoxSolver& solver, std::vector<double> jumps, std::vector<BoxEvent> events)
      : solver_(&solver), starts_(std::move(jumps)), events_(std::move(events)) {
    std::stable_sort(events_.begin(), events_.end(),
                     [](const BoxEvent& a, const BoxEvent& b) { return a.time < b.time; });
    for (const BoxEvent& event : events_) starts_.push_back(event.time);
    std::sort(starts_.begin(), starts_.end());
    starts_.erase(std::unique(starts_.begin(), starts_.end()), starts_.end());
  }

  /// Calls visit(time, state) at `from` and at each of `rows`, ascending after it, with what the events up to
  /// and at that time made of the state; `state` is the last of them then. Errors: Error with the time where
  /// the solver cannot go on; what the course throws.
  template <class Visit>
  void run(std::vector<double>& state, double from, std::span<const double> rows, const Visit& visit) {
    set(state, from);
    visit(from, std::span<const double>(state));
    std::size_t done = 0;
    while (done < rows.size()) {
      const auto start = std::upper_bound(starts_.begin(), starts_.end(), from);
      const double to = start == starts_.end() ? rows.back() : std::min(*start, rows.back());
      std::vector<double> times;
      for (std::size_t row = done; row < rows.size() && rows[row] < to; ++row) times.push_back(rows[row]);
      const std::size_t between = times.size();
      times.push_back(to);
      const SolverStatus status =
          solver_->each(state, from, times, [&](std::size_t k, std::span<const double> c) {
            if (k < between)
              visit(times[k], c);
            else
              end_.assign(c.begin(), c.end());
          });
      if (!status)
        throw Error("box at " + number_text(status.time_reached) + " s", "a solver that goes on",
                    status.reason);
      done += between;
      state = end_;
      set(state, to);
      if (rows[done] == to) {
        visit(to, std::span<const double>(state));
        ++done;
      }
      from = to;
    }
  }

 private:
  void set(std::vector<double>& state, double time) const {
    for (const BoxEvent& event : events_)
      if (event.time == time) state[event.species] = event.value + (event.adds ? state[event.species] : 0);
  }

  BoxSolver* solver_;
  std::vector<double> starts_;
  std::vector<BoxEvent> events_;
  std::vector<double> end_;
};

}  // namespace chemnne
