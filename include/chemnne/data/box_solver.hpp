#pragma once
#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include <chemnne/chemistry/chemical_system.hpp>
#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/data/solver_kind.hpp>
#include <chemnne/reference/reference_solver.hpp>
#include <chemnne/solver/kinetics_program.hpp>
#include <chemnne/solver/rosenbrock_solver.hpp>
#include <chemnne/solver/table_kernel.hpp>
#include <chemnne/support/error.hpp>

namespace chemnne {

/// One box of air, solved by either solver in the environment that its ChemicalSystem has.
class BoxSolver {
 public:
  /// `system` must be that of the mechanism and outlive the solver. The tolerances are those of whichever
  /// solver. Errors: as theirs.
  BoxSolver(const Mechanism& mechanism, ChemicalSystem& system, SolverKind kind,
            const ReferenceOptions& options)
      : system_(&system) {
    if (kind == SolverKind::cvode)
      solver_.emplace<Cvode>(system, options);
    else
      solver_.emplace<Lane>(mechanism, options);
  }

  /// c(duration) from c(0) = state, in place. On failure `state` is left as it was.
  SolverStatus integrate(std::span<double> state, double duration) {
    return trajectory(state, std::span(&duration, 1), state);
  }

  /// c at each of `times` [s] from c(0) = state; see ReferenceSolver::trajectory.
  SolverStatus trajectory(std::span<const double> state, std::span<const double> times,
                          std::span<double> output) {
    if (Cvode* const cvode = std::get_if<Cvode>(&solver_)) return cvode->trajectory(state, times, output);
    return std::get<Lane>(solver_).trajectory(*system_, state, times, output);
  }

 private:
  using Cvode = ReferenceSolver<ChemicalSystem>;

  /// Rodas4 with one lane at work: the cells of its solver (LaneCells).
  class Lane {
   public:
    Lane(const Mechanism& mechanism, const ReferenceOptions& options)
        : program_(mechanism),
          kernel_(program_),
          solver_(kernel_, {.relative_tolerance = options.relative_tolerance,
                            .absolute_tolerance = options.absolute_tolerance,
                            .maximum_attempts = static_cast<std::size_t>(options.maximum_steps)}) {}

    SolverStatus trajectory(const ChemicalSystem& system, std::span<const double> state,
                            std::span<const double> times, std::span<double> output) {
      const std::size_t size = system.size();
      if (state.size() != size || output.size() != times.size() * size)
        throw Error(
            "BoxSolver::trajectory", std::to_string(size) + " species and one row an output time",
            std::to_string(state.size()) + " values and " + std::to_string(output.size()) + " outputs");
      start_.assign(state.begin(), state.end());
      const auto first = std::find_if(times.begin(), times.end(), [](double time) { return time > 0; });
      const auto at_start = static_cast<std::size_t>(first - times.begin());
      for (std::size_t row = 0; row < at_start; ++row)
        std::copy(start_.begin(), start_.end(), output.begin() + static_cast<std::ptrdiff_t>(row * size));
      cells_ = {&system, times.subspan(at_start), output.subspan(at_start * size), {}};
      if (first != times.end()) solver_.integrate(*this);
      const bool solved = cells_.outcome.solved || first == times.end();
      return {.code = solved ? 0 : -1,
              .time_reached = solved && !times.empty() ? times.back() : 0,
              .reason = solved ? std::string() : "Rodas4 found no step that is short enough"};
    }

    std::size_t count() const noexcept { return 1; }
    std::span<const double> times(std::size_t) const noexcept { return cells_.times; }
    void load(std::size_t, std::size_t, double* c, double* k) noexcept {
      constexpr std::size_t lanes = NativeLanes<double>::count;
      for (std::size_t i = 0; i < start_.size(); ++i) c[i * lanes] = start_[i];
      const std::span<const double> constants = cells_.system->effective_rate_constants();
      for (std::size_t r = 0; r < constants.size(); ++r) k[r * lanes] = constants[r];
      k += constants.size() * lanes;
      for (std::size_t s = 0; s < program_.sloped().size(); ++s)
        k[s * lanes] = cells_.system->effective_slopes()[program_.sloped()[s]];
    }
    void store(std::size_t, std::size_t frame, const double* c) noexcept {
      std::copy_n(c, start_.size(), &cells_.output[frame * start_.size()]);
    }
    void finish(std::size_t, const CellOutcome& outcome) noexcept { cells_.outcome = outcome; }

   private:
    /// The integration that is going on.
    struct Cells {
      const ChemicalSystem* system;
      std::span<const double> times;
      std::span<double> output;
      CellOutcome outcome;
    };

    KineticsProgram program_;
    TableKernel<double> kernel_;
    RosenbrockSolver<Rodas4, TableKernel<double>> solver_;
    std::vector<double> start_;
    Cells cells_{};
  };

  ChemicalSystem* system_;
  std::variant<std::monostate, Cvode, Lane> solver_;
};

}  // namespace chemnne
