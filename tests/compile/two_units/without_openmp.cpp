#include "team.hpp"

#if defined(_OPENMP)
#error "this unit is compiled without OpenMP"
#endif

Seen seen_without_openmp() { return {chemnne::default_threads(), at_once()}; }
