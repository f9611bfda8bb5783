// The step of the default network of 49 species: how much a compiler inlines depends on how much there is.
#include <chemnne/host/cuda_emulator.cuh>
#include <chemnne/model/chemnne.hpp>

using namespace chemnne;
using OnGpu = CudaEmulator<ChemNNE<DefaultConfiguration<49, 49>>>;

template bool OnGpu::advance<double>(const Binding&, Columns<double>, Columns<const double>, double, cudaStream_t,
                                     const StepReport&, Clamp, Suspects*) noexcept;
