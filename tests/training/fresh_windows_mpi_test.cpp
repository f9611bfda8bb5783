#define BOOST_TEST_MODULE training_fresh_windows_mpi
#include <cstddef>

#include "../support/processes.hpp"
#include "small_fresh.hpp"

using namespace chemnne;

BOOST_AUTO_TEST_CASE(windows_are_bitwise_those_of_one_process_on_all) {
  test::SmallFresh expected;
  auto alone = expected.source();
  for (int call = 0; call < 5; ++call) alone.renew();
  for (const std::size_t processes : {1u, 2u, 3u, 4u})
    test::on_first(processes, [&](MpiCommunicator& ranks) {
      test::SmallFresh sets;
      auto source = sets.source(ranks);
      for (int call = 0; call < 5; ++call) source.renew();
      BOOST_TEST((sets.set.state == expected.set.state));
      BOOST_TEST((sets.set.condition == expected.set.condition));
      BOOST_TEST((sets.set.total == expected.set.total));
      BOOST_TEST((source.state() == alone.state()));
    });
}
