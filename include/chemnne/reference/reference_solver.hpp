#pragma once
#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <chemnne/reference/kept_exception.hpp>
#include <chemnne/reference/newton_linear_solver.hpp>
#include <chemnne/reference/newton_solver.hpp>
#include <chemnne/reference/solver_status.hpp>
#include <chemnne/reference/stiff_system.hpp>
#include <chemnne/reference/sundials_handles.hpp>
#include <chemnne/reference/sundials_version.hpp>
#include <chemnne/reference/vector_operations.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/number_text.hpp>

namespace chemnne {

/// Accuracy of the reference solution.
struct ReferenceOptions {
  /// Local error of a step relative to each value.
  double relative_tolerance = 1e-8;
  /// Local error allowed whatever the value, in units of the state (molecules cm-3). Radicals that carry
  /// whole fluxes may be as rare as 1e-2 (O1D): their error must stay far below that. Measured on windows of
  /// the embedded mechanism at rtol 1e-8, worst relative difference of values above 1e3 from a solution at
  /// 1e-12: 6e-4, 2e-4, 2e-5, 7e-6, 4e-6, 4e-6 for 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6; the step count grows
  /// by 5 % a decade.
  double absolute_tolerance = 1e-5;
  /// Steps between two outputs before the integration counts as failed.
  long maximum_steps = 100000;
  /// Values below zero are set to zero at outputs (see ReferenceSolver).
  bool non_negative = true;
};

/// Integrates dc/dt = f(c), or f(t, c) of a ChangingStiffSystem, with CVODE's variable-order BDF (order 1-5),
/// modified Newton iteration and KLU, on the system's own sparse Jacobian and, where it has one, the part of
/// rank one (NewtonSolver).
///
/// Thread use: each object owns its SUNDIALS context; one object (and one system) a thread.
/// Reproducible: an integration depends on its arguments alone, bit for bit, not on what the object computed
/// before. For this pivots are chosen anew at the start of each integration (0.01 ms for 49 species, 0.8 for
/// 2439), and again when one vanishes or the iteration fails, else kept until its end. The pattern is
/// analysed once for the life of the object.
/// CVODE's own settings (frequency of Jacobians and factorisations, order, convergence, growth of steps) are
/// left alone: none of some fifteen variations was better for all of 49, 314, 2439 and 5832 species.
/// Outputs: CVODE steps past an output time and evaluates the step's own polynomial there, which has the
/// order of the method; linear invariants (atoms) hold at outputs as they do at steps.
/// Values below zero: steps may undershoot by the order of the absolute tolerance. Inside an integration they
/// are left alone (clipping there adds mass at every step; CVODE's inequality constraints reject such steps
/// and cost more steps than the tolerance is worth); at outputs they become zero and the deepest is reported.
/// Failures are returned with CVODE's reason; nothing is printed. What the system throws ends the integration
/// and is thrown on, not through CVODE; the next integration begins as any other.
/// Source: Cohen, Hindmarsh, Computers in Physics 10 (1996) 138; Davis, Palamadai, ACM TOMS 37 (2010) 36.
template <StiffSystem System>
class ReferenceSolver {
 public:
  /// `system` must outlive the solver. Errors: Error when SUNDIALS cannot be set up or a tolerance is not >
  /// 0.
  explicit ReferenceSolver(System& system, const ReferenceOptions& options = {})
      : system_(&system),
        options_(options),
        size_(static_cast<sunindextype>(system.size())),
        output_(system.size()),
        context_(detail::make_context()),
        state_(detail::own<detail::VectorHandle>(N_VNew_Serial(size_, context_.get()), "a state vector")),
        newton_(system.column_pointers(), system.row_indices(), rank_one_columns(system)),
        matrix_(detail::make_empty_matrix(context_.get())),
        linear_solver_(detail::make_linear_solver(newton_, context_.get())),
        integrator_(detail::own<detail::IntegratorHandle>(CVodeCreate(CV_BDF, context_.get()),
                                                          "a CVODE integrator")) {
    if (!(options.relative_tolerance > 0 && options.absolute_tolerance > 0))
      throw Error("ReferenceOptions", "tolerances above zero",
                  number_text(options.relative_tolerance) + ", " + number_text(options.absolute_tolerance));
    configure();
  }
  ReferenceSolver(const ReferenceSolver&) = delete;
  ReferenceSolver& operator=(const ReferenceSolver&) = delete;

  /// c(duration) from c(0) = state, in place. On failure `state` is left as it was.
  SolverStatus integrate(std::span<double> state, double duration) {
    return trajectory(state, std::span(&duration, 1), state);
  }

  /// c at each of `times` [s] from c(0) = state.
  ///
  /// Shapes: state [size], times [outputs] ascending and >= 0, output [outputs][size]; output may be state
  /// itself where outputs = 1. On failure the outputs before SolverStatus::time_reached are valid.
  SolverStatus trajectory(std::span<const double> state, std::span<const double> times,
                          std::span<double> output) {
    const std::size_t size = system_->size();
    if (state.size() != size || output.size() != times.size() * size)
      throw Error("ReferenceSolver::trajectory", std::to_string(size) + " species and one row an output time",
                  std::to_string(state.size()) + " values and " + std::to_string(output.size()) + " outputs");
    return each(state, times,
                [&](std::size_t k, std::span<const double> c) { std::ranges::copy(c, &output[k * size]); });
  }

  /// Calls visit(k, c) with c at each of `times`, as they come; `state` is read before the first call.
  template <class Visit>
  SolverStatus each(std::span<const double> state, std::span<const double> times, const Visit& visit) {
    reason_.clear();
    statistics_ = {};
    newton_.forget_pivots();
    const long earlier_choices = newton_.pivot_choices();
    std::copy(state.begin(), state.end(), values(state_.get()));
    sunrealtype time = 0;
    int code = CVodeReInit(integrator_.get(), time, state_.get());
    if (code >= 0) code = set_stop(time);
    for (std::size_t k = 0; k < times.size() && code >= 0; ++k) {
      if (times[k] > 0 && (k == 0 || !(times[k - 1] > 0))) code = first_step(times.back(), time);
      if (times[k] > 0 && code >= 0) code = advance(times[k], time);
      if (code >= 0) visit(k, outputs());
    }
    collect_statistics();
    statistics_.pivot_choices = newton_.pivot_choices() - earlier_choices;
    thrown_.rethrow();
    return {.code = code, .time_reached = time, .reason = code < 0 ? describe(code) : std::string()};
  }

  /// Work of the last integration.
  const SolverStatistics& statistics() const noexcept { return statistics_; }

 private:
  static constexpr int unrecoverable = -1;  ///< to CVODE: no smaller step can help

  static double* values(N_Vector vector) noexcept { return NV_DATA_S(vector); }

  /// What CVODE calls: work(the solver at `pointer`).
  template <class Work>
  static int called(void* pointer, const Work& work) noexcept {
    ReferenceSolver& solver = *static_cast<ReferenceSolver*>(pointer);
    return solver.thrown_.keep(unrecoverable, [&] { return work(solver); });
  }

  /// CVODE bounds its first step by the time that it is to go to: that of the last output, so that those
  /// before change nothing.
  int first_step(double end, sunrealtype& time) {
    const int code = CVode(integrator_.get(), end, state_.get(), &time, CV_ONE_STEP);
    return code == CV_TSTOP_RETURN ? set_stop(time) : code;
  }

  /// To an output time, by way of the stops before it.
  int advance(double to, sunrealtype& time) {
    for (;;) {
      const int code = CVode(integrator_.get(), to, state_.get(), &time, CV_NORMAL);
      if (code != CV_TSTOP_RETURN) return code;
      const int set = set_stop(time);
      if (set < 0 || time >= to) return set;
    }
  }

  /// No step goes across the next stop; the integration goes on from it without a new start.
  int set_stop([[maybe_unused]] double time) {
    if constexpr (ChangingStiffSystem<System>) {
      const double stop = system_->next_stop(time);
      if (std::isfinite(stop)) return CVodeSetStopTime(integrator_.get(), stop);
    }
    return CV_SUCCESS;
  }

  void configure() {
    void* const integrator = integrator_.get();
    detail::use_fast_operations(state_.get());
    std::fill_n(values(state_.get()), size_, 0.0);
    detail::require_success(
        detail::set_error_handler<&ReferenceSolver::keep_reason>(integrator, context_.get(), this),
        "error handler");
    detail::require_success(CVodeInit(integrator, &ReferenceSolver::evaluate_tendency, 0, state_.get()),
                            "CVodeInit");
    detail::require_success(CVodeSetUserData(integrator, this), "CVodeSetUserData");
    detail::require_success(CVodeWFtolerances(integrator, &ReferenceSolver::weigh_errors),
                            "CVodeWFtolerances");
    detail::require_success(CVodeSetMaxNumSteps(integrator, options_.maximum_steps), "CVodeSetMaxNumSteps");
    // Behind a kink a step may have to be shorter by many orders: seven cuts are not always enough.
    if constexpr (ChangingStiffSystem<System>)
      detail::require_success(CVodeSetMaxErrTestFails(integrator, 30), "CVodeSetMaxErrTestFails");
    detail::require_success(CVodeSetLinearSolver(integrator, linear_solver_.get(), matrix_.get()),
                            "CVodeSetLinearSolver");
    detail::require_success(CVodeSetLinSysFn(integrator, &ReferenceSolver::form_newton_matrix),
                            "CVodeSetLinSysFn");
  }

  /// w = 1 / (rtol |c| + atol), in one loop.
  static int weigh_errors(N_Vector c, N_Vector weights, void* pointer) noexcept {
    return called(pointer, [&](const ReferenceSolver& solver) {
      const double relative = solver.options_.relative_tolerance,
                   absolute = solver.options_.absolute_tolerance;
      const double* const __restrict state = values(c);
      double* const __restrict weight = values(weights);
      for (std::size_t i = 0; i < solver.system_->size(); ++i)
        weight[i] = 1 / (relative * std::abs(state[i]) + absolute);
      return 0;
    });
  }

  /// f(c); a value that is not finite makes CVODE try a smaller step.
  static int evaluate_tendency(sunrealtype time, N_Vector c, N_Vector dcdt, void* pointer) noexcept {
    return called(pointer, [&](ReferenceSolver& solver) {
      const std::size_t size = solver.system_->size();
      const std::span<double> tendency(values(dcdt), size);
      solver.set_time(time);
      solver.system_->tendency(std::span<const double>(values(c), size), tendency);
      double sum = 0;
      for (const double value : tendency) sum += value;
      return std::isfinite(sum) ? 0 : 1;
    });
  }

  /// I - gamma J; J (and u) are kept and evaluated again only when CVODE asks.
  static int form_newton_matrix(sunrealtype time, N_Vector c, N_Vector, SUNMatrix, sunbooleantype reuse,
                                sunbooleantype* evaluated, sunrealtype gamma, void* pointer, N_Vector,
                                N_Vector, N_Vector) noexcept {
    return called(pointer, [&](ReferenceSolver& solver) {
      if (!reuse) {
        solver.set_time(time);
        solver.evaluate_jacobian(std::span<const double>(values(c), solver.system_->size()));
      }
      if (solver.newton_failed_again()) solver.newton_.forget_pivots();
      *evaluated = reuse ? SUNFALSE : SUNTRUE;
      solver.newton_.form(gamma);
      return 0;
    });
  }

  void set_time([[maybe_unused]] double time) {
    if constexpr (ChangingStiffSystem<System>) system_->set_time(time);
  }

  void evaluate_jacobian(std::span<const double> c) {
    system_->jacobian(c, newton_.jacobian());
    if constexpr (RankOneStiffSystem<System>) {
      if (!newton_.rank_one_factor().empty()) system_->rank_one_factor(c, newton_.rank_one_factor());
    }
    ++statistics_.jacobian_evaluations;
  }

  /// Whether an iteration has failed since the last call: old pivots may be the cause.
  bool newton_failed_again() {
    long failures = 0;
    CVodeGetNumNonlinSolvConvFails(integrator_.get(), &failures);
    return std::exchange(statistics_.newton_failures, failures) < failures;
  }

  static void keep_reason(void* pointer, const char* function, const char* message) noexcept {
    called(pointer, [&](ReferenceSolver& solver) {
      solver.reason_ = std::string(function) + ": " + message;
      return 0;
    });
  }

  std::string describe(int code) const {
    return reason_.empty() ? "CVODE returned " + std::to_string(code) : reason_;
  }

  /// The present state as it is put out.
  std::span<const double> outputs() {
    const double* const c = values(state_.get());
    for (std::size_t i = 0; i < output_.size(); ++i) {
      output_[i] = c[i];
      if (options_.non_negative && c[i] < 0) {
        statistics_.largest_undershoot = std::max(statistics_.largest_undershoot, -c[i]);
        output_[i] = 0;
      }
    }
    return output_;
  }

  void collect_statistics() {
    void* const integrator = integrator_.get();
    CVodeGetNumSteps(integrator, &statistics_.steps);
    CVodeGetNumRhsEvals(integrator, &statistics_.tendency_evaluations);
    CVodeGetNumLinSolvSetups(integrator, &statistics_.factorisations);
    CVodeGetNumNonlinSolvIters(integrator, &statistics_.newton_iterations);
    CVodeGetNumErrTestFails(integrator, &statistics_.error_test_failures);
    CVodeGetNumNonlinSolvConvFails(integrator, &statistics_.newton_failures);
  }

  System* system_;
  ReferenceOptions options_;
  sunindextype size_;
  std::vector<double> output_;
  std::string reason_;
  SolverStatistics statistics_;
  detail::KeptException thrown_;
  detail::ContextHandle context_;  // declared before, so destroyed after, all that was made from it
  detail::VectorHandle state_;
  NewtonSolver newton_;
  detail::MatrixHandle matrix_;
  detail::LinearSolverHandle linear_solver_;
  detail::IntegratorHandle integrator_;
};

}  // namespace chemnne
