#pragma once
#include <chemnne/support/communicator.hpp>
#if defined(CHEMNNE_WITH_MPI)
#include <chemnne/support/mpi_communicator.hpp>
#endif

namespace chemnne {

/// How processes of a program reach each other: by MPI where the program is linked with chemnne::mpi.
#if defined(CHEMNNE_WITH_MPI)
using World = MpiCommunicator;
#else
using World = SingleProcess;
#endif

/// The processes that run this program. MPI is started by the first command that asks, so that the others
/// need none.
inline World& world() {
  static World processes;
  return processes;
}

}  // namespace chemnne
