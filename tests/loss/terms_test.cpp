#define BOOST_TEST_MODULE loss_terms
#include <cmath>
#include <tuple>

#include "loss_properties.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/loss/terms.hpp>

using namespace chemnne;
using namespace loss_properties;

using Terms = std::tuple<StateError, IdentityLoss, FirstDerivative, SecondDerivative>;

BOOST_AUTO_TEST_CASE_TEMPLATE(gradients_are_exact, Term, Terms) {
  BOOST_TEST(loss_properties::gradient_error(Term{}, Term{}) < exact);
  BOOST_TEST(loss_properties::gradient_error(Term{}, Term{}, 0.37) < exact);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(parts_of_a_batch_add, Term, Terms) {
  // Rows are summed in the same order but for one pair of brackets.
  BOOST_TEST(additivity_error(Term{}) < 1e-14);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(frames_without_a_truth_count_for_nothing, Term, Terms) {
  BOOST_TEST(ignores_what_is_not_valid(Term{}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(nothing_is_lost_at_the_truth, Term, Terms) {
  Batch batch(3);
  batch.prediction = batch.truth;
  const auto result = value_and_gradient(Term{}, batch);
  BOOST_TEST(result.value == 0);
  BOOST_TEST(result.gradient == std::vector<double>(result.gradient.size()));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_weight_scales_the_gradient_alone, Term, Terms) {
  const Batch batch(3);
  const auto one = value_and_gradient(Term{}, batch), half = value_and_gradient(Term{}, batch, 0.5);
  BOOST_TEST(one.value == half.value);
  for (std::size_t i = 0; i < one.gradient.size(); ++i) BOOST_TEST(one.gradient[i] == 2 * half.gradient[i]);
}

namespace {
/// One row; output 0 runs through these errors to a truth of 1, the other outputs are right.
Batch with_errors(const std::vector<double>& error_of_frame) {
  Batch batch(1);
  std::fill(batch.truth.begin(), batch.truth.end(), 1.0);
  batch.prediction = batch.truth;
  for (std::size_t f = 0; f < frames; ++f) batch.prediction[f * outputs] += error_of_frame[f];
  return batch;
}
const auto rounding = boost::test_tools::tolerance(1e-14);
}  // namespace

BOOST_AUTO_TEST_CASE(values_worked_by_hand) {
  const Batch batch = with_errors({3, 1, -1, 2, 0});
  // Frames 1 to 4, three outputs: (1 + 1 + 4 + 0) / (4 * 3). Frame 0 belongs to the identity loss.
  BOOST_TEST(value_and_gradient(StateError{}, batch).value == 6.0 / 12, rounding);
  BOOST_TEST(value_and_gradient(IdentityLoss{}, batch).value == 9.0 / 3, rounding);
  // Differences -2, -2, 3, -2: (4 + 4 + 9 + 4) / 12. Second differences 0, 5, -5: (0 + 25 + 25) / (3 * 3).
  BOOST_TEST(value_and_gradient(FirstDerivative{}, batch).value == 21.0 / 12, rounding);
  BOOST_TEST(value_and_gradient(SecondDerivative{}, batch).value == 50.0 / 9, rounding);
  // Gradients of output 0 at frame 2: 2 (-1) / 12; 2 (-2 - 3) / 12; 2 (0 - 2 * 5 - 5) / 9.
  BOOST_TEST(value_and_gradient(StateError{}, batch).gradient[2 * outputs] == -2.0 / 12, rounding);
  BOOST_TEST(value_and_gradient(FirstDerivative{}, batch).gradient[2 * outputs] == -10.0 / 12, rounding);
  BOOST_TEST(value_and_gradient(SecondDerivative{}, batch).gradient[2 * outputs] == -30.0 / 9, rounding);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(gradients_are_exact_where_errors_turn_linear, Term, Terms) {
  for (const double delta : {0.1, 1.0, 10.0})
    BOOST_TEST(loss_properties::gradient_error(Term{{delta}}, Term{{delta}}) < exact);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(gradients_are_exact_with_importances, Term, Terms) {
  const Term term{{0.5, {3, 1, 0.25f}}};
  BOOST_TEST(loss_properties::gradient_error(term, term) < exact);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_importance_scales_the_errors_of_its_output, Term, Terms) {
  // As errors so many times as large would count.
  const Batch batch = with_errors({3, 1, -1, 2, 0}), thrice = with_errors({9, 3, -3, 6, 0});
  const Term plain{{0.5}}, first{{0.5, {3, 1, 1}}}, others{{0.5, {1, 7, 7}}};
  BOOST_TEST(value_and_gradient(first, batch).value == value_and_gradient(plain, thrice).value, rounding);
  BOOST_TEST(value_and_gradient(others, batch).value == value_and_gradient(plain, batch).value, rounding);
}

BOOST_AUTO_TEST_CASE(errors_are_squared_below_delta_and_linear_beyond) {
  // One error e in twelve: 2 c^2 (sqrt(1 + (e / c)^2) - 1) / 12.
  const auto value = [](double error, double delta) {
    return 12 * value_and_gradient(StateError{{delta}}, with_errors({0, error, 0, 0, 0})).value;
  };
  BOOST_TEST(value(1, 1) == 2 * (std::sqrt(2.0) - 1), rounding);
  BOOST_TEST(value(-3, 0.5) == 0.5 * (std::sqrt(37.0) - 1), rounding);
  BOOST_TEST(std::abs(value(1e-3, 1) / 1e-6 - 1) < 1e-6);
  BOOST_TEST(std::abs(value(1e4, 1) / 2e4 - 1) < 1e-3);
  BOOST_TEST(value(5, never_linear) == 25, rounding);
}

BOOST_AUTO_TEST_CASE(derivatives_do_not_see_what_they_should_not) {
  // A constant error has no first difference, a linear one no second.
  BOOST_TEST(value_and_gradient(FirstDerivative{}, with_errors({2, 2, 2, 2, 2})).value == 0);
  BOOST_TEST(value_and_gradient(SecondDerivative{}, with_errors({1, 2, 3, 4, 5})).value == 0);
}

namespace {
/// A squared error whose gradient lacks the factor 2.
struct FactorTwoMissing : StateError {
  template <class B, class T, std::size_t F, std::size_t O>
  T value(Rows<const T, F, O> prediction, const Target<T, F, O>& target, Arena<T> arena, T weight,
          Rows<T, F, O> gradient) const {
    return StateError::value<B>(prediction, target, arena, weight * T(0.5), gradient);
  }
};
/// A second difference whose gradient has the middle of the stencil wrong.
struct StencilWrong : SecondDerivative {
  template <class B, class T, std::size_t F, std::size_t O>
  T value(Rows<const T, F, O> prediction, const Target<T, F, O>& target, Arena<T> arena, T weight,
          Rows<T, F, O> gradient) const {
    const T result = SecondDerivative::value<B>(prediction, target, arena, weight, gradient);
    if (gradient.count() > 0) gradient[0][O] *= T(1.001);
    return result;
  }
};
}  // namespace

BOOST_AUTO_TEST_CASE(planted_errors_are_seen) {
  BOOST_TEST(loss_properties::gradient_error(FactorTwoMissing{}, FactorTwoMissing{}) > 1e-6);
  BOOST_TEST(loss_properties::gradient_error(StencilWrong{}, StencilWrong{}) > 1e-6);
}
