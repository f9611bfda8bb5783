// The step of an emulator for a GPU: compiled for devices, and run as far as that goes without one. device.sh looks at
// what became of it.
#include <cstdio>

#include "device_model.hpp"
#include <chemnne/host/cuda_emulator.cuh>
#include <chemnne/host/staged_step.hpp>

using namespace chemnne;
using OnGpu = CudaEmulator<DeviceModel>;

template bool OnGpu::advance<double>(const Binding&, Columns<double>, Columns<const double>, double, cudaStream_t,
                                     const StepReport&, Clamp, Suspects*) noexcept;

using Staged = StagedStep<DeviceModel, CudaDevice<>>;
template class chemnne::StagedStep<DeviceModel, CudaDevice<>>;
template StepStatus Staged::advance<double>(Columns<double>, Columns<const double>, double, const StepReport&, Clamp);

int main() {
  try {
    CudaDevice<>::require(CudaDevice<>::current());
    std::puts("a GPU");
  } catch (const Error& error) {
    std::puts(error.what());
  }
}
