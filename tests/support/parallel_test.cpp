#define BOOST_TEST_MODULE support_parallel
#include <atomic>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/support/parallel.hpp>

using namespace chemnne;

BOOST_AUTO_TEST_CASE(every_item_comes_once) {
  for (const std::size_t threads : {1u, 2u, 5u})
    for (const std::size_t items : {0u, 1u, 7u, 100u}) {
      std::vector<std::atomic<int>> visits(items);
      std::atomic<bool> known_thread = true;
      parallel_for(items, threads, [&](std::size_t i, std::size_t thread) {
        ++visits[i];
        if (thread >= threads) known_thread = false;
      });
      BOOST_TEST(known_thread);
      for (const auto& v : visits) BOOST_TEST(v == 1);
    }
}

BOOST_AUTO_TEST_CASE(blocks_make_up_all_items_and_leave_no_thread_idle) {
  for (const std::size_t threads : {1u, 2u, 3u, 8u})
    for (const std::size_t largest : {1u, 12u, 48u})
      for (const std::size_t items : {0u, 1u, 2u, 11u, 64u, 97u, 1000u}) {
        std::vector<std::atomic<int>> visits(items);
        std::atomic<std::size_t> blocks = 0, widest = 0;
        parallel_for_blocks(items, largest, threads,
                            [&](std::size_t first, std::size_t count, std::size_t thread) {
                              if (thread >= threads) return;
                              for (std::size_t i = first; i < first + count; ++i) ++visits[i];
                              ++blocks;
                              std::size_t seen = widest;
                              while (count > seen && !widest.compare_exchange_weak(seen, count)) {
                              }
                            });
        for (const auto& v : visits) BOOST_TEST_REQUIRE(v == 1);
        BOOST_TEST(widest <= largest);
        // As many blocks as a multiple of the threads has, but for sizes that do not divide.
        const std::size_t rounds = (items + largest * threads - 1) / (largest * threads);
        BOOST_TEST((items == 0 || widest * rounds * threads < items + rounds * threads));
        BOOST_TEST(blocks <= rounds * threads);
      }
}

BOOST_AUTO_TEST_CASE(the_threads_that_are_asked_for_are_there_by_default) {
  const std::size_t before = default_threads();
  BOOST_TEST(before >= 1u);
  for (const int threads : {3, 1}) {
    use_threads(threads);
    BOOST_TEST(default_threads() == static_cast<std::size_t>(threads));
  }
  use_threads(static_cast<int>(before));
}
