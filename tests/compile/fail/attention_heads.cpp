// expected: TimeAttention: the width must be a multiple of the number of heads
#include <chemnne/layers/time_attention.hpp>

#ifdef CHEMNNE_MENDED
using Attention = chemnne::TimeAttention<10, 64, 4>;
#else
using Attention = chemnne::TimeAttention<10, 64, 5>;
#endif

static_assert(Attention::parameters > 0);
