// expected: Sum: both paths must have the same input shape and the same output shape
#include <chemnne/layers/affine.hpp>
#include <chemnne/layers/compose.hpp>

#ifdef CHEMNNE_MENDED
using Network = chemnne::Sum<chemnne::Affine<4, 5>, chemnne::Affine<4, 5>>;
#else
using Network = chemnne::Sum<chemnne::Affine<4, 5>, chemnne::Affine<5, 4>>;
#endif

static_assert(Network::parameters > 0);
