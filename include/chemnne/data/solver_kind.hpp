#pragma once
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace chemnne {

/// What solves chemistry.
enum class SolverKind : std::size_t {
  rosenbrock,  ///< Rodas4 over lanes (RosenbrockSolver)
  cvode,       ///< SUNDIALS CVODE (ReferenceSolver), the independent check
};

/// As options call them, in the order of SolverKind.
inline const std::array<std::string, 2> solver_kinds{"rosenbrock", "cvode"};

/// Of a kind, among `solver_kinds`.
inline std::string_view name_of(SolverKind kind) { return solver_kinds[static_cast<std::size_t>(kind)]; }

/// Of a name among `solver_kinds`.
inline SolverKind solver_kind(std::string_view name) {
  return name == solver_kinds[1] ? SolverKind::cvode : SolverKind::rosenbrock;
}

}  // namespace chemnne
