#define BOOST_TEST_MODULE laws_collective_order
#include <array>

#include "collective_case.hpp"
#include <boost/test/unit_test.hpp>

using namespace chemnne;
using laws::Backwards, laws::CollectiveCase, laws::Forwards, laws::HostThreads, laws::same, laws::Shuffled,
    laws::Threaded;

// A collective primitive gives the same numbers, to the bit, in whatever order its work is done, by however
// many threads, and however rows are split. Under the thread sanitizer the last case also finds a barrier
// that lacks.

BOOST_AUTO_TEST_CASE_TEMPLATE(the_order_within_a_phase_does_not_matter, L, laws::CollectiveLayers) {
  const CollectiveCase<L> c;
  const auto trained = c.template forward_and_pullback<Forwards>(),
             prepared = c.template prepared<Forwards>();
  BOOST_TEST(same(trained, c.template forward_and_pullback<Backwards>()));
  BOOST_TEST(same(trained, c.template forward_and_pullback<Shuffled>()));
  BOOST_TEST(same(prepared, c.template prepared<Backwards>()));
  BOOST_TEST(same(prepared, c.template prepared<Shuffled>()));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_split_does_not_matter, L, laws::CollectiveLayers) {
  const CollectiveCase<L> c;
  const auto whole = c.template prepared<Forwards>();
  BOOST_TEST(same(whole, c.template prepared<Forwards>({1, 12})));
  BOOST_TEST(same(whole, c.template prepared<Forwards>({5, 8})));
  BOOST_TEST(same(whole, c.template prepared<Forwards>({2, 3, 7, 1})));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_number_of_threads_does_not_matter, L, laws::CollectiveLayers) {
  const CollectiveCase<L> c;
  BOOST_TEST(same(c.template forward_and_pullback<Forwards>(),
                  (c.template forward_and_pullback<Threaded, HostThreads<>>())));
  BOOST_TEST(same(c.template prepared<Forwards>(), (c.template prepared<Threaded, HostThreads<>>())));
}

namespace {
/// Two phases without a barrier between them: y_i is read where another thread writes it.
template <class Group>
std::array<int, 8> sum_in_one_phase() {
  std::array<int, 8> y{1, 1, 1, 1, 1, 1, 1, 1};
  Group::each(7, [&](std::uint32_t i) { y[i + 1] += y[i]; });
  return y;
}
}  // namespace

BOOST_AUTO_TEST_CASE(a_phase_that_reads_what_it_writes_is_seen) {
  using laws::InOrder, laws::Order;
  const auto forwards = sum_in_one_phase<InOrder<Order::forwards>>();
  BOOST_TEST((forwards != sum_in_one_phase<InOrder<Order::backwards>>()));
  BOOST_TEST((forwards != sum_in_one_phase<InOrder<Order::shuffled>>()));
}
