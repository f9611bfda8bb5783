#define BOOST_TEST_MODULE properties_collective_order
#include <array>
#include <cmath>

#include "collective_case.hpp"
#include <boost/test/unit_test.hpp>

using namespace chemnne;
using properties::BlockTwin, properties::CollectiveCase, properties::same, properties::Way;

// A collective primitive gives the same numbers, to the bit, in whatever order its work is done, by however
// many threads, and however rows are split. Under the thread sanitizer the threads also find a barrier that
// lacks.

BOOST_AUTO_TEST_CASE_TEMPLATE(results_depend_on_neither_order_nor_threads_nor_split, L,
                              properties::CollectiveLayers) {
  const CollectiveCase<L> c;
  const auto trained = c.forward_and_pullback(Way::forwards), prepared = c.prepared(Way::forwards);
  for (const Way way : {Way::backwards, Way::shuffled, Way::threads}) {
    BOOST_TEST(same(trained, c.forward_and_pullback(way)));
    BOOST_TEST(same(prepared, c.prepared(way)));
    BOOST_TEST(same(prepared, c.prepared(way, {2, 3, 7, 1})));
  }
  BOOST_TEST(same(prepared, c.prepared(Way::forwards, {1, 12})));
  BOOST_TEST(same(prepared, c.prepared(Way::forwards, {5, 8})));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(prepared_equals_forward, L, properties::CollectiveLayers) {
  const CollectiveCase<L> c;
  const auto y = c.forward_and_pullback(Way::shuffled), prepared = c.prepared(Way::shuffled);
  double difference = 0, largest = 0;
  for (std::size_t i = 0; i < prepared.size(); ++i) {
    difference = std::max(difference, static_cast<double>(std::abs(y[i] - prepared[i])));
    largest = std::max(largest, static_cast<double>(std::abs(y[i])));
  }
  BOOST_TEST(difference <= 200 * 6e-8 * largest);  // prepared_case.hpp
}

namespace {
/// Two phases without a barrier between them: y_i is read where another thread writes it.
std::array<int, 8> sum_in_one_phase(Way way) {
  std::array<int, 8> y{1, 1, 1, 1, 1, 1, 1, 1};
  properties::run(way, [&] { BlockTwin::each(7, [&](std::uint32_t i) { y[i + 1] += y[i]; }); });
  return y;
}
}  // namespace

BOOST_AUTO_TEST_CASE(a_phase_that_reads_what_it_writes_is_seen) {
  const auto forwards = sum_in_one_phase(Way::forwards);
  BOOST_TEST((forwards != sum_in_one_phase(Way::backwards)));
  BOOST_TEST((forwards != sum_in_one_phase(Way::shuffled)));
}
