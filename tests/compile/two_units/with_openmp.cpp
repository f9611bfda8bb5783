#include "team.hpp"

#if !defined(_OPENMP)
#error "this unit is compiled with OpenMP"
#endif

Seen seen_with_openmp() { return {chemnne::default_threads(), at_once()}; }
