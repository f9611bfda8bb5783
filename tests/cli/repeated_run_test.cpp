#define BOOST_TEST_MODULE cli_repeated_run
#include <cmath>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/cli/repeated_run.hpp>

using namespace chemnne;

namespace {

std::vector<TimeSeries::Quantity> run(const std::vector<double>& a, const std::vector<double>& b) {
  return {{.name = "A", .units = {}, .long_name = {}, .value = a},
          {.name = "B", .units = {}, .long_name = {}, .value = b}};
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_change_is_relative_to_the_height_of_the_run_before) {
  RepeatedRun runs(0.01, 10, 100);
  runs.add(run({900, 1}, {0, 50}));
  BOOST_TEST(!runs.is_done());  // one alone repeats nothing
  runs.add(run({900, 31}, {0, 56}));
  BOOST_TEST(runs.change() == 6.0 / 150);
  BOOST_TEST(runs.species() == "B");
  BOOST_TEST(!runs.is_done());
  runs.add(run({910, 31}, {0, 56}));
  BOOST_TEST(runs.change() == 0.01);
  BOOST_TEST(runs.species() == "A");
  BOOST_TEST(runs.is_steady());
  BOOST_TEST(runs.runs() == 3u);
}

BOOST_AUTO_TEST_CASE(it_ends_at_the_most_runs_and_says_that_it_is_not_steady) {
  RepeatedRun runs(1e-9, 3, 1);
  while (!runs.is_done()) {
    const double value = 1e6 * static_cast<double>(runs.runs() + 1);
    runs.add(run({value}, {1}));
  }
  BOOST_TEST(runs.runs() == 3u);
  BOOST_TEST(!runs.is_steady());
}

BOOST_AUTO_TEST_CASE(a_single_run_is_done) {
  RepeatedRun runs(0, 1, 1);
  BOOST_TEST(!runs.is_done());
  runs.add(run({1}, {1}));
  BOOST_TEST(runs.is_done());
}
