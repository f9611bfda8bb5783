// A network by the threads of a block, with barriers or, where there is an argument, without. To be run under
// the thread sanitizer (races.sh).
#include "collective_case.hpp"

int main(int arguments, char**) {
  properties::BlockTwin::with_barriers = arguments == 1;
  const properties::CollectiveCase<chemnne::ChemNNE<properties::Tiny>::EndOfStep> network;
  network.prepared(properties::Way::threads);
  network.forward_and_pullback(properties::Way::threads);
}
