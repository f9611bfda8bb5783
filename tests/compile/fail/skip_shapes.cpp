// expected: Skip: input and output shape must be equal
#include <chemnne/layers/affine.hpp>
#include <chemnne/layers/compose.hpp>

#ifdef CHEMNNE_MENDED
using Network = chemnne::Skip<chemnne::Affine<4, 4>>;
#else
using Network = chemnne::Skip<chemnne::Affine<4, 5>>;
#endif

static_assert(Network::parameters > 0);
