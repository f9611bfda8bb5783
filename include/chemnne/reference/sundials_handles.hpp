#pragma once
#include <memory>
#include <string>
#include <type_traits>

#include <cvode/cvode.h>
#include <nvector/nvector_serial.h>
#include <sundials/sundials_linearsolver.h>
#include <sundials/sundials_matrix.h>

#include <chemnne/reference/sundials_version.hpp>
#include <chemnne/support/error.hpp>

/// @file
/// Owning handles of the SUNDIALS objects that a solver is made of, and the check of their return codes.
namespace chemnne::detail {

struct DestroyVector {
  void operator()(N_Vector vector) const { N_VDestroy(vector); }
};
struct DestroyMatrix {
  void operator()(SUNMatrix matrix) const { SUNMatDestroy(matrix); }
};
struct DestroyLinearSolver {
  void operator()(SUNLinearSolver solver) const { SUNLinSolFree(solver); }
};
struct DestroyContext {
  void operator()(SUNContext context) const { SUNContext_Free(&context); }
};
struct DestroyIntegrator {
  void operator()(void* memory) const { CVodeFree(&memory); }
};

using VectorHandle = std::unique_ptr<std::remove_pointer_t<N_Vector>, DestroyVector>;
using MatrixHandle = std::unique_ptr<std::remove_pointer_t<SUNMatrix>, DestroyMatrix>;
using LinearSolverHandle = std::unique_ptr<std::remove_pointer_t<SUNLinearSolver>, DestroyLinearSolver>;
using ContextHandle = std::unique_ptr<std::remove_pointer_t<SUNContext>, DestroyContext>;
using IntegratorHandle = std::unique_ptr<void, DestroyIntegrator>;

inline ContextHandle make_context() {
  SUNContext context = nullptr;
  if (create_context(&context) != 0) throw Error("SUNDIALS", "a context", "none");
  return ContextHandle(context);
}

/// Wraps what a SUNDIALS constructor returned. Errors: Error when it returned nothing (no memory).
template <class Handle, class Pointer>
Handle own(Pointer pointer, const char* what) {
  if (pointer == nullptr) throw Error("SUNDIALS", what, "none");
  return Handle(pointer);
}

/// Errors: Error naming `function` when a set-up call did not succeed.
inline void require_success(int code, const char* function) {
  if (code < 0)
    throw Error(std::string("SUNDIALS ") + function, "success", "return code " + std::to_string(code));
}

}  // namespace chemnne::detail
