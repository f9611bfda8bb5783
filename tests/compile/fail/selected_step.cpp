// expected: SelectStep: the step lies outside the sequence
#include <chemnne/layers/select_step.hpp>

#ifdef CHEMNNE_MENDED
using Last = chemnne::SelectStep<10, 9, 8>;
#else
using Last = chemnne::SelectStep<10, 10, 8>;
#endif

static_assert(Last::parameters == 0);
