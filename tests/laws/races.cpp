// A network by the threads of a block, with barriers or, where there is an argument, without. To be run under
// the thread sanitizer (races.sh).
#include "collective_case.hpp"

int main(int arguments, char**) {
  laws::BlockTwin::with_barriers = arguments == 1;
  const laws::CollectiveCase<chemnne::ChemNNE<laws::Tiny>::EndOfStep> network;
  network.prepared(laws::Way::threads);
  network.forward_and_pullback(laws::Way::threads);
}
