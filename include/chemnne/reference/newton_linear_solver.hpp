#pragma once
#include <algorithm>
#include <span>

#include <nvector/nvector_serial.h>
#include <sundials/sundials_linearsolver.h>
#include <sundials/sundials_matrix.h>

#include <chemnne/reference/newton_solver.hpp>
#include <chemnne/reference/sundials_handles.hpp>

/// @file
/// A NewtonSolver as a direct linear solver of SUNDIALS. C calls these functions: none throws. 0 is success.
namespace chemnne::detail {

inline NewtonSolver& newton_of(SUNLinearSolver solver) noexcept {
  return *static_cast<NewtonSolver*>(solver->content);
}

inline int set_up_newton(SUNLinearSolver solver, SUNMatrix) noexcept {
  return newton_of(solver).factorise() ? 0 : SUNLS_LUFACT_FAIL;  // CVODE takes a smaller step
}

inline int solve_newton(SUNLinearSolver solver, SUNMatrix, N_Vector x, N_Vector b, sunrealtype) noexcept {
  const auto size = static_cast<std::size_t>(NV_LENGTH_S(x));
  if (x != b) std::copy_n(NV_DATA_S(b), size, NV_DATA_S(x));
  newton_of(solver).solve(std::span(NV_DATA_S(x), size));
  return 0;
}

inline int free_newton(SUNLinearSolver solver) noexcept {
  solver->content = nullptr;  // not SUNDIALS' to free
  SUNLinSolFreeEmpty(solver);
  return 0;
}

/// `newton` must outlive what is returned.
inline LinearSolverHandle make_linear_solver(NewtonSolver& newton, SUNContext context) {
  auto solver = own<LinearSolverHandle>(SUNLinSolNewEmpty(context), "a linear solver");
  solver->content = &newton;
  solver->ops->gettype = [](SUNLinearSolver) noexcept { return SUNLINEARSOLVER_DIRECT; };
  solver->ops->getid = [](SUNLinearSolver) noexcept { return SUNLINEARSOLVER_CUSTOM; };
  solver->ops->initialize = [](SUNLinearSolver) noexcept { return 0; };
  solver->ops->setup = set_up_newton;
  solver->ops->solve = solve_newton;
  solver->ops->free = free_newton;
  return solver;
}

/// CVODE asks for a matrix beside a direct solver; ours lives in the NewtonSolver, so this one is empty.
inline MatrixHandle make_empty_matrix(SUNContext context) {
  auto matrix = own<MatrixHandle>(SUNMatNewEmpty(context), "an empty matrix");
  matrix->ops->getid = [](SUNMatrix) noexcept { return SUNMATRIX_CUSTOM; };
  return matrix;
}

}  // namespace chemnne::detail
