#define BOOST_TEST_MODULE loss_conservation
#include "loss_properties.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/loss/conservation.hpp>

using namespace chemnne;
using namespace loss_properties;

namespace {

/// Two budgets of three species: mass (30, 46, 48) and nitrogen (1, 1, 0).
template <class T>
Conservation<T, outputs> mass_and_nitrogen() {
  Conservation<T, outputs> loss{
      .used = 2, .coefficient = std::vector<T>(budgets * outputs, T(0)), .mean = {}, .deviation = {}};
  const std::array coefficient{30.0, 46.0, 48.0, 1.0, 1.0, 0.0};
  for (std::size_t i = 0; i < coefficient.size(); ++i) loss.coefficient[i] = T(coefficient[i]);
  for (const double mean : {0.2, -0.1, 0.4}) loss.mean.push_back(T(mean));
  for (const double deviation : {0.3, 0.5, 0.2}) loss.deviation.push_back(T(deviation));
  return loss;
}

/// Totals of a trajectory [frames, outputs] of normalised values, as the training set has them.
std::vector<double> totals_of(const std::vector<double>& trajectory) {
  const auto loss = mass_and_nitrogen<double>();
  const std::size_t states = trajectory.size() / outputs;
  std::vector<double> totals(states * budgets);
  for (std::size_t i = 0; i < states; ++i)
    for (std::size_t e = 0; e < loss.used; ++e)
      for (std::size_t s = 0; s < outputs; ++s)
        totals[i * budgets + e] +=
            loss.coefficient[e * outputs + s] *
            std::pow(10.0, loss.mean[s] + loss.deviation[s] * trajectory[i * outputs + s]);
  return totals;
}

const auto loss = mass_and_nitrogen<double>();

}  // namespace

BOOST_AUTO_TEST_CASE(the_gradient_is_exact) {
  BOOST_TEST(loss_properties::gradient_error(loss, mass_and_nitrogen<Dual<double>>()) < exact);
  BOOST_TEST(loss_properties::gradient_error(loss, mass_and_nitrogen<Dual<double>>(), 0.37) < exact);
}

BOOST_AUTO_TEST_CASE(a_planted_error_is_seen) {
  auto wrong = mass_and_nitrogen<Dual<double>>();
  wrong.deviation[1] = 0.501;
  BOOST_TEST(loss_properties::gradient_error(loss, wrong) > 1e-6);
}

BOOST_AUTO_TEST_CASE(parts_of_a_batch_add) {
  const double size = value_and_gradient(loss, Batch(5)).value;
  BOOST_TEST(additivity_error(loss) < 1e-15 * size);  // of a sum of squares: some ULP
}

BOOST_AUTO_TEST_CASE(frames_without_a_truth_count_for_nothing) {
  BOOST_TEST(ignores_what_is_not_valid(loss));
}

BOOST_AUTO_TEST_CASE(nothing_is_lost_where_totals_match) {
  Batch batch(1);
  batch.totals = totals_of(batch.prediction);
  BOOST_TEST(value_and_gradient(loss, batch).value < 1e-28);  // squares of roundings
  // Also where species differ: what species 0 loses in nitrogen, species 1 gains; then mass alone is wrong.
  Batch shifted(1);
  const auto density = [](double y, std::size_t s) {
    return std::pow(10.0, loss.mean[s] + loss.deviation[s] * y);
  };
  const auto normalised = [](double c, std::size_t s) {
    return (std::log10(c) - loss.mean[s]) / loss.deviation[s];
  };
  shifted.prediction = shifted.truth;
  shifted.totals = totals_of(shifted.truth);
  double expected = 0;
  for (std::size_t f = 1; f < frames; ++f) {
    double* const y = shifted.prediction.data() + f * outputs;
    const double moved = 0.3 * density(y[0], 0);
    y[1] = normalised(density(y[1], 1) + moved, 1);
    y[0] = normalised(density(y[0], 0) - moved, 0);
    expected += std::pow(std::log1p(moved * (46 - 30) / shifted.totals[f * budgets]), 2) / (2 * (frames - 1));
  }
  BOOST_TEST(value_and_gradient(loss, shifted).value == expected, boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(values_worked_by_hand) {
  // One budget, c = 10^y: totals 2 + 0.5 * 20 + 0 = 12 and so on against a truth of 10: 1.2 and 1 times as
  // much in four frames.
  Conservation<double, outputs> one{.used = 1,
                                    .coefficient = std::vector<double>(budgets * outputs),
                                    .mean = {0, 0, 0},
                                    .deviation = {1, 1, 1}};
  one.coefficient[0] = 1;
  one.coefficient[1] = 0.5;
  Batch batch(1);
  std::fill(batch.totals.begin(), batch.totals.end(), 0.0);
  for (std::size_t f = 0; f < frames; ++f) {
    batch.prediction[f * outputs] = std::log10(f == 2 ? 2.0 : 0.0 + 5);
    batch.prediction[f * outputs + 1] = std::log10(f == 2 ? 20.0 : 10.0);
    batch.totals[f * budgets] = 10;
  }
  const auto result = value_and_gradient(one, batch);
  const auto rounding = boost::test_tools::tolerance(1e-13);
  BOOST_TEST(result.value == std::log(1.2) * std::log(1.2) / 4, rounding);
  // d / dy_0 at frame 2: 2 * log(1.2) / 12 / 4 * c_0 ln 10.
  BOOST_TEST(result.gradient[2 * outputs] == 2 * std::log(1.2) / 12 / 4 * 2 * std::log(10), rounding);
  BOOST_TEST(result.gradient[2 * outputs + 2] == 0);
}

BOOST_AUTO_TEST_CASE(a_guess_that_is_decades_off_has_no_larger_gradient_than_its_decades) {
  Batch batch(1);
  batch.totals = totals_of(batch.prediction);
  for (double& y : batch.prediction) y += 20;
  const auto result = value_and_gradient(loss, batch);
  const double decades = 20 * 0.5;  // at most, of the species of the largest deviation
  BOOST_TEST(result.value < std::pow(decades * std::log(10), 2));
  for (const double slope : result.gradient)
    BOOST_TEST(std::abs(slope) < 2 * decades * std::log(10) * std::log(10) * 0.5);
}

BOOST_AUTO_TEST_CASE(a_guess_that_no_number_holds_has_a_finite_gradient_that_points_down) {
  Batch batch(1);
  batch.totals = totals_of(batch.truth);
  for (std::size_t f = 0; f < frames; ++f) batch.prediction[f * outputs + 2] = 2000;  // without nitrogen
  const auto result = value_and_gradient(loss, batch);
  BOOST_TEST(std::isfinite(result.value));
  for (const double slope : result.gradient) BOOST_TEST(std::isfinite(slope));
  BOOST_TEST(result.gradient[outputs + 2] > 0);
}

BOOST_AUTO_TEST_CASE(frame_zero_and_budgets_without_total_are_free) {
  Batch batch(1);
  const double all = value_and_gradient(loss, batch).value;
  batch.totals[0] = batch.totals[1] = 1e6;
  BOOST_TEST(value_and_gradient(loss, batch).value == all);
  std::fill(batch.totals.begin(), batch.totals.end(), 0.0);
  BOOST_TEST(value_and_gradient(loss, batch).value == 0);
}
