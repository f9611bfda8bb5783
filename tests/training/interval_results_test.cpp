#define BOOST_TEST_MODULE training_interval_results
#include <cmath>
#include <vector>

#include "../data/data_test_tools.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/emulator.hpp>
#include <chemnne/training/interval_results.hpp>

using namespace chemnne;

BOOST_AUTO_TEST_CASE(rank_correlation_is_of_ranks_and_shares_ties) {
  const std::vector<double> a{1, 10, 100, 1000}, falling{4, 3, 2, 1}, constant(4, 2.0), tied{1, 1, 2, 3};
  BOOST_TEST(rank_correlation(a, a) == 1);
  BOOST_TEST(rank_correlation(a, falling) == -1);
  BOOST_TEST(rank_correlation(a, constant) == 0);
  // Ranks 0 1 2 3 and 0.5 0.5 2 3: 4.5 / sqrt(5 * 4.5).
  BOOST_TEST(rank_correlation(a, tied) == 4.5 / std::sqrt(22.5), boost::test_tools::tolerance(1e-12));
}

// Widths 0.1 u and 0.2 u (50 %), 0.2 u and 0.4 u (90 %) at the scores 1, 2, 3, 4.
BOOST_AUTO_TEST_CASE(known_windows) {
  Uncertainty u;
  u.threshold = 3.5;
  u.least = 0.5;
  u.exponent = 1;
  u.coverage = {0.5f, 0.9f};
  u.half_width = {0.1f, 0.2f, 0.2f, 0.4f};
  WindowErrors windows{2, {1, 2, 3, 4}, {}, {0.1, 0.2, 0.4, 0.3}, {0, 0, 1, 1}, {0.5, 1}};
  windows.error = {0.05, -0.3, -0.15, 0.3, 0.4, -0.5, -0.9, 1.7};
  const IntervalResults results = evaluate_intervals(u, windows);
  const auto close = boost::test_tools::tolerance(1e-6);  // widths are floats
  BOOST_TEST(results.windows == 4u);
  BOOST_TEST(results.rank_correlation == 0.8, close);
  BOOST_TEST(results.uncertain == 0.25);
  BOOST_TEST(results.rmse_uncertain == 0.3, close);
  BOOST_TEST(results.rmse_certain == std::sqrt(0.07), close);
  const IntervalLevel &half = results.level[0], &most = results.level[1];
  BOOST_TEST(half.nominal == 0.5, close);
  BOOST_TEST(half.achieved == 0.5, close);
  BOOST_TEST(half.species_coverage == (std::vector<double>{0.5, 0.5}));
  BOOST_TEST(half.mean_width == 0.375, close);
  BOOST_TEST(half.mean_width_standardised == 0.5, close);
  BOOST_TEST(half.species_width[1] == 0.5, close);
  BOOST_TEST(half.quartile_coverage[0] == 0.5, close);
  BOOST_TEST(half.quartile_coverage[1] == 1, close);
  BOOST_TEST(half.quartile_coverage[2] == 0.5, close);
  BOOST_TEST(half.quartile_coverage[3] == 0, close);
  BOOST_TEST(most.achieved == 0.75, close);

  u.half_width.pop_back();
  BOOST_TEST(test::contains(test::message_of([&] { evaluate_intervals(u, windows); }), "2 outputs"));
}
