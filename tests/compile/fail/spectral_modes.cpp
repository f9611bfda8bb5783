// expected: SpectralConvolution: a real signal of Steps steps has Steps / 2 + 1 modes at most
#include <chemnne/layers/spectral_convolution.hpp>

#ifdef CHEMNNE_MENDED
using Kernel = chemnne::SpectralConvolution<10, 6, 8>;
#else
using Kernel = chemnne::SpectralConvolution<10, 7, 8>;
#endif

static_assert(Kernel::parameters > 0);
