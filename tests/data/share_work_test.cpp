#define BOOST_TEST_MODULE data_share_work
#include <memory>
#include <stdexcept>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/data/share_work.hpp>

using chemnne::share_work;

BOOST_AUTO_TEST_CASE(every_index_is_worked_on_once_by_one_worker_a_thread) {
  for (const int threads : {1, 3}) {
    std::atomic<std::size_t> workers = 0;
    std::vector<int> visits(1000, 0);
    share_work(
        visits.size(), threads, [&] { return std::make_unique<std::size_t>(workers++); },
        [&](std::size_t&, std::size_t i) { ++visits[i]; });
    BOOST_TEST(visits == std::vector<int>(1000, 1), boost::test_tools::per_element());
    BOOST_TEST(workers >= 1u);
    BOOST_TEST(workers <= static_cast<std::size_t>(threads));
  }
}

BOOST_AUTO_TEST_CASE(an_exception_in_any_thread_reaches_the_caller_and_ends_the_work) {
  std::atomic<std::size_t> done = 0;
  const auto work = [&](int&, std::size_t i) {
    if (i == 5) throw std::runtime_error("five");
    ++done;
  };
  const auto make_worker = [] { return std::make_unique<int>(0); };
  BOOST_CHECK_THROW(share_work(1000, 2, make_worker, work), std::runtime_error);
  done = 0;
  BOOST_CHECK_THROW(share_work(1000, 1, make_worker, work), std::runtime_error);
  BOOST_TEST(done == 5u);  // one thread stops at once
  const auto no_worker = []() -> std::unique_ptr<int> { throw std::runtime_error("none"); };
  BOOST_CHECK_THROW(share_work(1, 2, no_worker, work), std::runtime_error);
}
