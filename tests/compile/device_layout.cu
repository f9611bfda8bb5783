// What host and device must agree on: scalars of constants, bytes of what is shared and passed. In the text for a device
// they are a variable, in the program of the host its output; device.sh compares them.
#include <cstddef>
#include <cstdio>

#include "device_model.hpp"

namespace {

using Backend = chemnne::Cuda<>;
using Whole = DeviceBlock<true>;
using Part = DeviceBlock<false>;

/// A function: nvcc 13 fails where the initial value of a variable instantiates `constants`.
template <class P>
constexpr std::size_t constants() {
  return P::template constants<Backend, float>;
}

}  // namespace

#ifdef __CUDACC__
extern "C" __device__
#else
static
#endif
    std::size_t layout[] = {constants<Whole::EndOfStep>(), sizeof(Whole::Shared),       constants<Part::Nodal>(),
                            sizeof(Part::Shared),  sizeof(Whole::Tables),       sizeof(Whole::Binding),
                            Whole::cells,          sizeof(Whole::Call<double>)};

#ifndef __CUDACC__
int main() {
  for (const std::size_t number : layout) std::printf("%zu ", number);
}
#endif
