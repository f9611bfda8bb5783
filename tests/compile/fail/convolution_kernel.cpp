// expected: StepConvolution: the kernel is centred, its length odd
#include <chemnne/layers/step_convolution.hpp>

#ifdef CHEMNNE_MENDED
using Kernel = chemnne::StepConvolution<10, 3, 8>;
#else
using Kernel = chemnne::StepConvolution<10, 4, 8>;
#endif

static_assert(Kernel::parameters > 0);
