#define BOOST_TEST_MODULE training_metrics
#include <cmath>
#include <limits>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <chemnne/training/metrics.hpp>

// Values are floats: powers of ten are right to 6e-8 of themselves, their log10 to 3e-8.
const auto in_floats = boost::test_tools::tolerance(1e-6);

namespace {

/// One cell, two steps, species A and B; errors in decades: step 1: 1, 0; step 2: -1, 2.
chemnne::SquaredErrors worked_errors() {
  chemnne::SquaredErrors errors(2, {1e3, 1e4});
  errors.add(std::vector<float>{1e6f, 1e8f, 1e6f, 1e2f}, std::vector<float>{1e7f, 1e8f, 1e5f, 1e6f});
  return errors;  // the reference of the last is below its floor and counts as 1e4
}

}  // namespace

BOOST_AUTO_TEST_CASE(rmse_in_units_of_a_scale_worked_by_hand) {
  const std::vector<double> scale{1, 2};  // errors in units of it: 1, 0; -1, 1
  const auto by_step = chemnne::rmse_by_step(worked_errors(), scale);
  BOOST_TEST(by_step[0] == std::sqrt(0.5), in_floats);
  BOOST_TEST(by_step[1] == 1, in_floats);
  const auto by_species = chemnne::rmse_by_species(worked_errors(), scale);
  BOOST_TEST(by_species[0] == 1, in_floats);
  BOOST_TEST(by_species[1] == std::sqrt(0.5), in_floats);
  BOOST_TEST(chemnne::root_mean_square(by_step) == std::sqrt(0.75), in_floats);
  BOOST_TEST(chemnne::root_mean_square(by_species) == chemnne::root_mean_square(by_step), in_floats);
}

BOOST_AUTO_TEST_CASE(errors_of_cells_add_in_any_split) {
  const std::vector<float> reference{1e6f, 1e8f, 3e6f, 1e9f}, prediction{2e6f, 1e7f, 1e6f, 2e9f};
  chemnne::SquaredErrors whole(1, {1e3, 1e3}), first = whole, second = whole;
  whole.add(reference, prediction);
  first.add(std::span(reference).first(2), std::span(prediction).first(2));
  second.add(std::span(reference).last(2), std::span(prediction).last(2));
  first += second;
  BOOST_TEST(first.cells == whole.cells);
  BOOST_TEST(first.sum == whole.sum);
  BOOST_CHECK_THROW(whole.add(reference, std::span(prediction).first(2)), chemnne::Error);
  BOOST_CHECK_THROW(whole.add(std::span(reference).first(3), std::span(prediction).first(3)), chemnne::Error);
}

BOOST_AUTO_TEST_CASE(a_nan_is_never_hidden) {
  chemnne::SquaredErrors errors(1, {1e3});
  errors.add(std::vector<float>{1e6f}, std::vector<float>{std::numeric_limits<float>::quiet_NaN()});
  BOOST_TEST(std::isnan(chemnne::rmse_by_step(errors, std::vector<double>{1})[0]));
  BOOST_TEST(std::isnan(chemnne::spread_of({0.1, std::nan("")}).maximum));
}

BOOST_AUTO_TEST_CASE(range_of_training_with_constant_species) {
  chemnne::Standardisation standardisation;
  standardisation.minimum = {3, 7};
  standardisation.maximum = {8, 7};
  BOOST_TEST(chemnne::range_scale(standardisation) == (std::vector<double>{5, 1}));
}

BOOST_AUTO_TEST_CASE(agreement_worked_by_hand) {
  // c = 1, 2, 3, 6 (sum 12, mean 3, variation 4+1+0+9 = 14), p - c = 1, -1, 0, 2 (sum 2, |.| 4, squares 6).
  chemnne::AgreementSums sums;
  const double reference[] = {1, 2, 3, 6}, prediction[] = {2, 1, 3, 8};
  for (int i = 0; i < 4; ++i) sums.add(reference[i], prediction[i]);
  BOOST_TEST(sums.result().normalised_mean_bias == 2.0 / 12, in_floats);
  BOOST_TEST(sums.result().normalised_mean_error == 4.0 / 12, in_floats);
  BOOST_TEST(sums.result().r2 == 1 - 6.0 / 14, in_floats);
}

BOOST_AUTO_TEST_CASE(r2_keeps_its_digits_far_from_zero) {
  chemnne::AgreementSums sums;  // a reservoir of 1e19 molecules cm-3 that varies by 1e10: 2^53 ulps of 2048
  for (int i = 0; i < 100; ++i) sums.add(1e19 + 1e10 * i, 1e19 + 1e10 * i + 1e9);
  // variation = 1e20 (100^3 - 100) / 12, errors 100 (1e9)^2; each number is known to 2048 of 1e9
  BOOST_TEST(1 - sums.result().r2 == 1e20 / (1e20 * 999900 / 12), boost::test_tools::tolerance(1e-4));
}

BOOST_AUTO_TEST_CASE(a_weighted_sum_and_its_change) {
  const chemnne::WeightedSum nitrogen{"N", {1, 2, 0}};
  const double before = nitrogen.of(std::vector<float>{4, 3, 100});
  const double after = nitrogen.of(std::vector<float>{3, 3, 0});
  BOOST_TEST(before == 10);
  BOOST_TEST(chemnne::relative_change(before, after) == 0.1, in_floats);
}

BOOST_AUTO_TEST_CASE(spread_takes_the_nearest_rank) {
  std::vector<double> values(20);
  for (std::size_t i = 0; i < 20; ++i) values[i] = static_cast<double>(20 - i);
  const chemnne::Spread spread = chemnne::spread_of(values);
  BOOST_TEST(spread.mean == 10.5);
  BOOST_TEST(spread.percentile_95 == 19);  // 19 of 20 values are <= 19
  BOOST_TEST(spread.maximum == 20);
  BOOST_TEST(chemnne::spread_of({}).maximum == 0);
}
