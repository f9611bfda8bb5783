// A step as the code of a device: layers, models and inference are constexpr text without a word of CUDA, which nvcc
// compiles for a GPU as it stands. Compiled only.
#include <chemnne/backend/reference.hpp>
#include <chemnne/inference/prepared_network.hpp>
#include <chemnne/model/chemnne.hpp>

using namespace chemnne;

using Network = ChemNNE<DefaultConfiguration<49, 49>>;

template <class L>
__device__ void evaluate(const float* x, const float* constants, float* y, float* memory, std::size_t cells) {
  using P = Prepared<L>;
  P::template evaluate<Reference, float>(RowsOf<const float, typename L::Input>(x, cells), constants,
                                         RowsOf<float, typename L::Output>(y, cells),
                                         Arena<float>(std::span<float>(memory, P::memory(cells))));
}

__global__ void end_of_step(const float* x, const float* constants, float* y, float* memory, std::size_t cells) {
  evaluate<Network::EndOfStep>(x, constants, y, memory, cells);
}

__global__ void trajectory(const float* x, const float* constants, float* y, float* memory, std::size_t cells) {
  evaluate<Network::Trajectory>(x, constants, y, memory, cells);
}
