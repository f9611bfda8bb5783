// expected: Chain: the output shape of a layer must be the input shape of the next
#include <chemnne/layers/affine.hpp>
#include <chemnne/layers/chain.hpp>

#ifdef CHEMNNE_MENDED
using Network = chemnne::Chain<chemnne::Affine<3, 4>, chemnne::Affine<4, 2>>;
#else
using Network = chemnne::Chain<chemnne::Affine<3, 4>, chemnne::Affine<5, 2>>;
#endif

static_assert(Network::parameters > 0);
