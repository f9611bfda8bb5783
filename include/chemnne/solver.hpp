#pragma once

/// What a host model includes to step a mechanism by a stiff solver, beside the header of the mechanism that
/// chemnne_add_solver writes: layouts, status and the solver. No third-party header but xsimd, and none
/// without it.

#if __cplusplus < 202002L
#error "chemnne needs C++20: g++ 12, clang 14 or later, with -std=c++20"
#endif

#include <chemnne/host/solver.hpp>
