#pragma once
#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include <chemnne/reference/solver_status.hpp>
#include <chemnne/reference/stiff_system.hpp>
#include <chemnne/reference/sundials_handles.hpp>
#include <chemnne/support/error.hpp>

namespace chemnne {

/// Accuracy of the reference solution.
struct ReferenceOptions {
  /// Local error of a step relative to each value.
  double relative_tolerance = 1e-8;
  /// Local error allowed whatever the value, in units of the state (molecules cm-3). Radicals that carry
  /// whole fluxes may be as rare as 1e-2 (O1D): their error must stay far below that. Measured on windows of
  /// the embedded mechanism at rtol 1e-8, worst relative gap of values above 1e3 to a solution at 1e-12:
  /// 6e-4, 2e-4, 2e-5, 7e-6, 4e-6, 4e-6 for 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6; the step count grows by 5 % a
  /// decade.
  double absolute_tolerance = 1e-5;
  /// Steps between two outputs before the integration counts as failed.
  long maximum_steps = 100000;
  /// Values below zero are set to zero at outputs (see ReferenceSolver).
  bool non_negative = true;
};

/// Integrates dc/dt = f(c) with CVODE's variable-order BDF (order 1-5), modified Newton iteration and KLU,
/// on the system's own sparse Jacobian.
///
/// Thread use: each object owns its SUNDIALS context; one object (and one system) a thread.
/// Reproducible: an integration depends on its arguments alone, bit for bit, not on what the object computed
/// before. For this the pivot order is chosen anew at the start of each integration (some 20 microseconds for
/// 49 species) and kept, with the symbolic factorisation, until its end.
/// Outputs: CVODE steps past an output time and evaluates the step's own polynomial there, which has the
/// order of the method; linear invariants (atoms) hold at outputs as they do at steps.
/// Values below zero: steps may undershoot by the order of the absolute tolerance. Inside an integration they
/// are left alone (clipping there adds mass at every step; CVODE's inequality constraints reject such steps
/// and cost more steps than the tolerance is worth); at outputs they become zero and the deepest is reported.
/// Failures are returned with CVODE's reason; nothing is printed.
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
        context_(detail::make_context()),
        state_(detail::own<detail::VectorHandle>(N_VNew_Serial(size_, context_.get()), "a state vector")),
        matrix_(make_matrix()),
        linear_solver_(detail::own<detail::LinearSolverHandle>(
            SUNLinSol_KLU(state_.get(), matrix_.get(), context_.get()), "a KLU solver")),
        integrator_(detail::own<detail::IntegratorHandle>(CVodeCreate(CV_BDF, context_.get()),
                                                          "a CVODE integrator")) {
    if (!(options.relative_tolerance > 0 && options.absolute_tolerance > 0))
      throw Error(
          "ReferenceOptions", "tolerances above zero",
          std::to_string(options.relative_tolerance) + ", " + std::to_string(options.absolute_tolerance));
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
    reason_.clear();
    statistics_ = {};
    std::copy(state.begin(), state.end(), values(state_.get()));
    realtype time = 0;
    int code = CVodeReInit(integrator_.get(), time, state_.get());
    for (std::size_t k = 0; k < times.size() && code >= 0; ++k) {
      if (times[k] > 0) code = CVode(integrator_.get(), times[k], state_.get(), &time, CV_NORMAL);
      if (code >= 0) write_output(output.subspan(k * size, size));
    }
    collect_statistics();
    return {.code = code, .time_reached = time, .reason = code < 0 ? describe(code) : std::string()};
  }

  /// Work of the last integration.
  const SolverStatistics& statistics() const noexcept { return statistics_; }

 private:
  /// Approximate minimum degree: on the nearly symmetric patterns of chemistry less fill than COLAMD, CVODE's
  /// default (a sixth of the whole time for 49 species).
  static constexpr int amd_ordering = 0;

  static double* values(N_Vector vector) { return NV_DATA_S(vector); }
  static ReferenceSolver& self(void* pointer) { return *static_cast<ReferenceSolver*>(pointer); }

  /// A compressed-column matrix with the pattern of the Jacobian; the pattern is written once.
  detail::MatrixHandle make_matrix() {
    const std::span<const int> pointers = system_->column_pointers();
    const std::span<const int> rows = system_->row_indices();
    auto matrix = detail::own<detail::MatrixHandle>(
        SUNSparseMatrix(size_, size_, static_cast<sunindextype>(rows.size()), CSC_MAT, context_.get()),
        "a sparse matrix");
    std::copy(pointers.begin(), pointers.end(), SM_INDEXPTRS_S(matrix.get()));
    std::copy(rows.begin(), rows.end(), SM_INDEXVALS_S(matrix.get()));
    jacobian_.resize(rows.size());
    diagonal_.resize(system_->size());
    for (std::size_t column = 0; column < diagonal_.size(); ++column) {
      const auto begin = rows.begin() + pointers[column];
      const auto end = rows.begin() + pointers[column + 1];
      const auto found = std::find(begin, end, static_cast<int>(column));
      if (found == end)
        throw Error("ReferenceSolver", "the whole diagonal in the Jacobian's pattern",
                    "no entry (" + std::to_string(column) + ", " + std::to_string(column) + ")");
      diagonal_[column] = static_cast<std::size_t>(found - rows.begin());
    }
    return matrix;
  }

  void configure() {
    void* const integrator = integrator_.get();
    std::fill_n(values(state_.get()), size_, 0.0);
    detail::require_success(CVodeSetErrHandlerFn(integrator, &ReferenceSolver::keep_reason, this),
                            "CVodeSetErrHandlerFn");
    detail::require_success(CVodeInit(integrator, &ReferenceSolver::evaluate_tendency, 0, state_.get()),
                            "CVodeInit");
    detail::require_success(CVodeSetUserData(integrator, this), "CVodeSetUserData");
    detail::require_success(
        CVodeSStolerances(integrator, options_.relative_tolerance, options_.absolute_tolerance),
        "CVodeSStolerances");
    detail::require_success(CVodeSetMaxNumSteps(integrator, options_.maximum_steps), "CVodeSetMaxNumSteps");
    detail::require_success(SUNLinSol_KLUSetOrdering(linear_solver_.get(), amd_ordering),
                            "SUNLinSol_KLUSetOrdering");
    detail::require_success(CVodeSetLinearSolver(integrator, linear_solver_.get(), matrix_.get()),
                            "CVodeSetLinearSolver");
    detail::require_success(CVodeSetLinSysFn(integrator, &ReferenceSolver::form_newton_matrix),
                            "CVodeSetLinSysFn");
  }

  /// f(c); a value that is not finite makes CVODE try a smaller step.
  static int evaluate_tendency(realtype, N_Vector c, N_Vector dcdt, void* pointer) {
    ReferenceSolver& solver = self(pointer);
    const std::size_t size = solver.system_->size();
    const std::span<double> tendency(values(dcdt), size);
    solver.system_->tendency(std::span<const double>(values(c), size), tendency);
    double sum = 0;
    for (const double value : tendency) sum += value;
    return std::isfinite(sum) ? 0 : 1;
  }

  /// I - gamma J in place; J is kept here and evaluated again only when CVODE asks. This replaces CVODE's own
  /// path, which rewrites and searches the pattern at every factorisation.
  static int form_newton_matrix(realtype, N_Vector c, N_Vector, SUNMatrix matrix, booleantype reuse,
                                booleantype* evaluated, realtype gamma, void* pointer, N_Vector, N_Vector,
                                N_Vector) {
    ReferenceSolver& solver = self(pointer);
    if (!reuse) {
      solver.system_->jacobian(std::span<const double>(values(c), solver.system_->size()), solver.jacobian_);
      ++solver.statistics_.jacobian_evaluations;
    }
    *evaluated = reuse ? SUNFALSE : SUNTRUE;
    double* const entries = SM_DATA_S(matrix);
    for (std::size_t i = 0; i < solver.jacobian_.size(); ++i) entries[i] = -gamma * solver.jacobian_[i];
    for (const std::size_t entry : solver.diagonal_) entries[entry] += 1.0;
    return 0;
  }

  static void keep_reason(int, const char*, const char* function, char* message, void* pointer) {
    self(pointer).reason_ = std::string(function) + ": " + message;
  }

  std::string describe(int code) const {
    return reason_.empty() ? "CVODE returned " + std::to_string(code) : reason_;
  }

  void write_output(std::span<double> row) {
    const double* const c = values(state_.get());
    for (std::size_t i = 0; i < row.size(); ++i) {
      row[i] = c[i];
      if (options_.non_negative && c[i] < 0) {
        statistics_.largest_undershoot = std::max(statistics_.largest_undershoot, -c[i]);
        row[i] = 0;
      }
    }
  }

  void collect_statistics() {
    void* const integrator = integrator_.get();
    CVodeGetNumSteps(integrator, &statistics_.steps);
    CVodeGetNumRhsEvals(integrator, &statistics_.tendency_evaluations);
    CVodeGetNumLinSolvSetups(integrator, &statistics_.factorisations);
    CVodeGetNumNonlinSolvIters(integrator, &statistics_.newton_iterations);
    CVodeGetNumErrTestFails(integrator, &statistics_.error_test_failures);
  }

  System* system_;
  ReferenceOptions options_;
  sunindextype size_;
  std::vector<double> jacobian_;
  std::vector<std::size_t> diagonal_;
  std::string reason_;
  SolverStatistics statistics_;
  detail::ContextHandle context_;  // declared before, so destroyed after, all that was made from it
  detail::VectorHandle state_;
  detail::MatrixHandle matrix_;
  detail::LinearSolverHandle linear_solver_;
  detail::IntegratorHandle integrator_;
};

}  // namespace chemnne
