// A network by the threads of a block: with barriers and without. To be run under the thread sanitizer
// (races.sh).
#include "collective_case.hpp"

int main() {
#ifdef CHEMNNE_WITHOUT_BARRIERS
  using Block = laws::HostThreads<false>;
#else
  using Block = laws::HostThreads<>;
#endif
  const laws::CollectiveCase<chemnne::ChemNNE<laws::Tiny>::EndOfStep> network;
  network.prepared<chemnne::Cuda<Block>, Block>();
  network.forward_and_pullback<chemnne::Cuda<Block>, Block>();
}
