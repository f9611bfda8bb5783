#define BOOST_TEST_MODULE training_fresh_windows
#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "../data/data_test_tools.hpp"
#include "small_fresh.hpp"
#include <boost/test/unit_test.hpp>

using namespace chemnne;

BOOST_AUTO_TEST_CASE(the_oldest_windows_are_replaced) {
  test::SmallFresh sets;
  const TrainingSet before = sets.set;
  auto source = sets.source();
  auto living = sets.living();
  const TrainingSet fresh(living.next(), sets.standardisation);
  source.renew();
  const std::size_t width = before.state.size() / before.cases, count = test::SmallFresh::alive;
  const auto part = [&](const TrainingSet& set, std::size_t window) {
    const auto begin = set.state.begin() + static_cast<std::ptrdiff_t>(window * width);
    return std::vector<float>(begin, begin + static_cast<std::ptrdiff_t>(width));
  };
  for (std::size_t window = 0; window < before.cases; ++window)
    BOOST_TEST((part(sets.set, window) == (window < count ? part(fresh, window) : part(before, window))));
  // Twenty windows: the seventh call of three begins again in front.
  for (int call = 1; call < 7; ++call) source.renew();
  BOOST_TEST(source.windows() == 21u);
  const TrainingSet last = sets.set;
  source.renew();
  for (std::size_t window = 0; window < before.cases; ++window)
    BOOST_TEST((part(sets.set, window) == part(last, window)) == (window < 1 || window > 3));
}

BOOST_AUTO_TEST_CASE(a_source_is_resumed_with_the_windows_that_are_in_the_set) {
  for (const int calls : {0, 2, 6, 7, 11}) {
    test::SmallFresh sets, others;
    auto source = sets.source();
    for (int call = 0; call < calls; ++call) source.renew();
    auto other = others.source();
    other.resume(source.state());
    BOOST_TEST((sets.set.state == others.set.state));
    BOOST_TEST((sets.set.condition == others.set.condition));
    BOOST_TEST((sets.set.total == others.set.total));
    BOOST_TEST(other.windows() == source.windows());
    BOOST_TEST((other.state() == source.state()));
    source.renew();
    other.renew();
    BOOST_TEST((sets.set.state == others.set.state));
  }
}

BOOST_AUTO_TEST_CASE(no_scenario_that_can_be_solved_is_an_error) {
  test::SmallFresh sets;
  sets.options.rosenbrock.maximum_attempts = 1;
  auto source = sets.source();
  const std::string message = test::message_of([&] { source.renew(); });
  BOOST_TEST(test::contains(message, "expected a scenario that can be solved, found none of 3"), message);
}
