#pragma once
#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#define BOOST_TEST_NO_MAIN
#include <boost/test/unit_test.hpp>

#include <chemnne/support/mpi_communicator.hpp>

namespace test {

/// The processes of this test.
inline chemnne::MpiCommunicator& all() {
  static chemnne::MpiCommunicator processes;
  return processes;
}

/// Calls f(ranks) on the first `count` processes; the others wait.
template <class F>
void on_first(std::size_t count, const F& f) {
  MPI_Comm part = MPI_COMM_NULL;
  const bool inside = all().rank() < count;
  MPI_Comm_split(MPI_COMM_WORLD, inside ? 0 : MPI_UNDEFINED, 0, &part);
  if (inside) {
    chemnne::MpiCommunicator ranks(part);
    f(ranks);
    MPI_Comm_free(&part);
  }
  all().barrier();
}

/// The text of process 0.
inline std::string shared(std::string text) {
  text.resize(256);
  all().broadcast(std::span<char>(text));
  return text.c_str();
}

}  // namespace test

/// One report, that of process 0; failures of all.
int main(int count, char** arguments) {
  if (test::all().rank() > 0)
    setenv("BOOST_TEST_REPORT_LEVEL", "no", 1);
  else
    setenv("BOOST_TEST_REPORT_LEVEL", "short", 1);
  return boost::unit_test::unit_test_main(&init_unit_test, count, arguments);
}
