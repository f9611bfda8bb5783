#pragma once
#include <algorithm>
#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <chemnne/chemistry/chemical_system.hpp>
#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/data/changing_system.hpp>
#include <chemnne/data/solver_kind.hpp>
#include <chemnne/reference/kept_exception.hpp>
#include <chemnne/reference/reference_solver.hpp>
#include <chemnne/solver/kinetics_program.hpp>
#include <chemnne/solver/rosenbrock_solver.hpp>
#include <chemnne/solver/table_kernel.hpp>
#include <chemnne/support/error.hpp>

namespace chemnne {

/// One box of air, solved by either solver in the environment that its ChemicalSystem has, or whose rate
/// constants follow a course in time.
class BoxSolver {
 public:
  /// `system` must be that of the mechanism and outlive the solver. The tolerances are those of whichever
  /// solver. Errors: as theirs.
  BoxSolver(const Mechanism& mechanism, ChemicalSystem& system, SolverKind kind,
            const ReferenceOptions& options, RateCourse course = {})
      : system_(system, std::move(course)) {
    if (kind == SolverKind::cvode)
      solver_.emplace<Cvode>(system_, options);
    else
      solver_.emplace<Lane>(mechanism, options);
  }
  BoxSolver(const BoxSolver&) = delete;  // the solver refers to the system
  BoxSolver& operator=(const BoxSolver&) = delete;

  /// c(duration) from c(0) = state, in place. On failure `state` is left as it was.
  SolverStatus integrate(std::span<double> state, double duration) {
    return trajectory(state, std::span(&duration, 1), state);
  }

  /// c at each of `times` [s] from c(0) = state; see ReferenceSolver::trajectory.
  SolverStatus trajectory(std::span<const double> state, std::span<const double> times,
                          std::span<double> output) {
    const std::size_t size = system_.size();
    if (state.size() != size || output.size() != times.size() * size)
      throw Error("BoxSolver::trajectory", std::to_string(size) + " species and one row an output time",
                  std::to_string(state.size()) + " values and " + std::to_string(output.size()) + " outputs");
    return each(state, 0, times, [&](std::size_t k, std::span<const double> c) {
      std::copy(c.begin(), c.end(), output.begin() + static_cast<std::ptrdiff_t>(k * size));
    });
  }

  /// Calls visit(k, c) with c at each of `times`, ascending and not before `from`, from c(from) = state, as
  /// they come: rows between do not change what comes later. What the course is at the last time and after it
  /// is not seen. `state` is read before the first call. Errors: what the course throws.
  template <class Visit>
  SolverStatus each(std::span<const double> state, double from, std::span<const double> times,
                    const Visit& visit) {
    if (times.empty()) return {.code = 0, .time_reached = from, .reason = {}};
    since_.resize(times.size());
    std::transform(times.begin(), times.end(), since_.begin(), [from](double time) { return time - from; });
    system_.begin(from, times.back());
    const auto visit_row = [&](std::size_t k, std::span<const double> c) {
      visit(k, c);
      system_.forget_time();
    };
    SolverStatus status;
    if (Cvode* const cvode = std::get_if<Cvode>(&solver_)) {
      system_.set_time(0);  // CVODE asks for nothing where the state is that of the start
      status = cvode->each(state, since_, visit_row);
    } else {
      status = std::get<Lane>(solver_).each(system_, state, since_, visit_row);
    }
    status.time_reached += from;
    return status;
  }

 private:
  using Cvode = ReferenceSolver<ChangingSystem>;

  /// Rodas4 with one lane at work: the cells of its solver (ChangingLaneCells).
  class Lane {
   public:
    Lane(const Mechanism& mechanism, const ReferenceOptions& options)
        : program_(mechanism),
          kernel_(program_),
          solver_(kernel_, {.relative_tolerance = options.relative_tolerance,
                            .absolute_tolerance = options.absolute_tolerance,
                            .maximum_attempts = static_cast<std::size_t>(options.maximum_steps)}) {}

    SolverStatus each(ChangingSystem& system, std::span<const double> state, std::span<const double> times,
                      const std::function<void(std::size_t, std::span<const double>)>& visit) {
      start_.assign(state.begin(), state.end());
      std::size_t at_start = 0;
      while (at_start < times.size() && times[at_start] <= 0) visit(at_start++, start_);
      if (at_start == times.size()) return {};
      cells_ = {&system, times.subspan(at_start), at_start, &visit, 0, {}, {}};
      solver_.integrate(*this);
      cells_.thrown.rethrow();
      return {.code = cells_.outcome.solved ? 0 : -1,
              .time_reached = cells_.frames == 0 ? 0 : cells_.times[cells_.frames - 1],
              .reason = cells_.outcome.solved ? std::string() : "Rodas4 found no step that is short enough"};
    }

    std::size_t count() const noexcept { return 1; }
    std::span<const double> times(std::size_t) const noexcept { return cells_.times; }
    void load(std::size_t, std::size_t, double* c, double* k) noexcept {
      for (std::size_t i = 0; i < start_.size(); ++i) c[i * lanes] = start_[i];
      rates(0, 0, k);
    }
    bool rates(std::size_t, double time, double* k) noexcept {
      const int failed = cells_.thrown.keep(1, [&] {
        cells_.system->set_time(time);
        return 0;
      });
      const ChemicalSystem& chemistry = cells_.system->chemistry();
      for (const double constant : chemistry.effective_rate_constants()) {
        *k = constant;
        k += lanes;
      }
      for (const std::size_t sloped : program_.sloped()) {
        *k = chemistry.effective_slopes()[sloped];
        k += lanes;
      }
      return failed == 0;
    }
    double next_stop(std::size_t, double time) const noexcept { return cells_.system->next_stop(time); }
    void store(std::size_t, std::size_t frame, const double* c) noexcept {
      if (frame < cells_.frames) return;  // begun again
      cells_.frames = frame + 1;
      cells_.thrown.keep(1, [&] {
        (*cells_.visit)(cells_.first + frame, std::span(c, start_.size()));
        return 0;
      });
    }
    void finish(std::size_t, const CellOutcome& outcome) noexcept { cells_.outcome = outcome; }

   private:
    static constexpr std::size_t lanes = NativeLanes<double>::count;

    /// The integration that is going on.
    struct Cells {
      ChangingSystem* system;
      std::span<const double> times;
      std::size_t first;  ///< of these among all
      const std::function<void(std::size_t, std::span<const double>)>* visit;
      std::size_t frames;  ///< that were visited
      CellOutcome outcome;
      detail::KeptException thrown;
    };

    KineticsProgram program_;
    TableKernel<double> kernel_;
    RosenbrockSolver<Rodas4, TableKernel<double>, true> solver_;
    std::vector<double> start_;
    Cells cells_{};
  };

  ChangingSystem system_;
  std::vector<double> since_;
  std::variant<std::monostate, Cvode, Lane> solver_;
};

}  // namespace chemnne
