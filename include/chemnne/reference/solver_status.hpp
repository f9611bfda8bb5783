#pragma once
#include <string>

namespace chemnne {

/// How an integration ended. A failure is a value, not an exception: one scenario of thousands may fail.
struct SolverStatus {
  int code = 0;             ///< CVODE's return flag, negative on failure
  double time_reached = 0;  ///< s, time of the last accepted step or output
  std::string reason;       ///< CVODE's own words on failure, empty otherwise

  explicit operator bool() const noexcept { return code >= 0; }
};

/// Work of the last integration, and the deepest value below zero that was set to zero at an output.
struct SolverStatistics {
  long steps = 0;
  long tendency_evaluations = 0;
  long jacobian_evaluations = 0;
  long factorisations = 0;
  long pivot_choices = 0;  ///< factorisations that chose pivots; the others kept them
  long newton_iterations = 0;
  long newton_failures = 0;
  long error_test_failures = 0;
  double largest_undershoot = 0;  ///< units of the state, >= 0
};

}  // namespace chemnne
