// One of two processes has an error while the other waits for it: both end, with its message.
#include <chemnne/support/mpi_communicator.hpp>

int main() {
  chemnne::MpiCommunicator ranks;
  if (ranks.rank() == 1) chemnne::MpiCommunicator::give_up("no air left", 2);
  ranks.barrier();
}
