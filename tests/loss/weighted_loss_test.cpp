#define BOOST_TEST_MODULE loss_weighted_loss
#include <string>

#include "loss_properties.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/backend/cpu.hpp>
#include <chemnne/loss/conservation.hpp>
#include <chemnne/loss/terms.hpp>
#include <chemnne/loss/weighted_loss.hpp>

using namespace chemnne;
using namespace loss_properties;

namespace {

template <class T>
Conservation<T, outputs> mass() {
  Conservation<T, outputs> loss{.used = 1,
                                .coefficient = std::vector<T>(budgets * outputs, T(0)),
                                .mean = {T(0.1), T(0), T(-0.2)},
                                .deviation = {T(0.3), T(0.4), T(0.2)}};
  for (std::size_t s = 0; s < outputs; ++s) loss.coefficient[s] = T(static_cast<double>(1 + s));
  return loss;
}

using Loss =
    WeightedLoss<StateError, IdentityLoss, FirstDerivative, SecondDerivative, Conservation<double, outputs>>;
Loss with_weights(const Loss::Values& weights) { return {weights, {}, {}, {}, {}, mass<double>()}; }

struct Evaluated {
  Loss::Values values;
  std::vector<double> gradient;
};

template <class B = Reference>
Evaluated evaluate(const Loss& loss, const Batch& batch, double scale, double start_of_gradient = 0) {
  Buffer<double> gradient(batch.prediction.size());
  std::fill_n(gradient.data(), gradient.size(), start_of_gradient);
  const auto values = on<double>(batch, {}, Loss::memory<frames, outputs>(batch.rows), gradient,
                                 [&](auto prediction, const auto& target, auto arena, auto rows) {
                                   return loss.evaluate<B>(prediction, target, arena, scale, rows);
                                 });
  return {values, {gradient.span().begin(), gradient.span().end()}};
}

const Loss::Values weights{1, 0.5, 0, 2, 0.25};
const Loss loss = with_weights(weights);

}  // namespace

BOOST_AUTO_TEST_CASE(the_gradient_is_that_of_the_weighted_sum) {
  const Batch batch(4);
  const std::vector<double> v = random_direction(batch.prediction.size());
  const std::array derivative{
      derivative_along(StateError{}, batch, v), derivative_along(IdentityLoss{}, batch, v),
      derivative_along(FirstDerivative{}, batch, v), derivative_along(SecondDerivative{}, batch, v),
      derivative_along(mass<Dual<double>>(), batch, v)};
  double sum = 0;
  for (std::size_t i = 0; i < derivative.size(); ++i) sum += weights[i] * derivative[i];
  BOOST_TEST(relative_error(evaluate(loss, batch, 1).gradient, sum, v) < exact);
  BOOST_TEST(relative_error(evaluate(loss, batch, 0.125).gradient, 0.125 * sum, v) < exact);
  // A weight that is not the one of the gradient is seen.
  BOOST_TEST(relative_error(evaluate(with_weights({1, 0.5, 0.01, 2, 0.25}), batch, 1).gradient, sum, v) >
             1e-6);
}

BOOST_AUTO_TEST_CASE(every_term_is_reported_as_it_is) {
  const Batch batch(4);
  const auto values = evaluate(loss, batch, 0.5).values;
  BOOST_TEST(values[0] == value_and_gradient(StateError{}, batch).value);
  BOOST_TEST(values[1] == value_and_gradient(IdentityLoss{}, batch).value);
  BOOST_TEST(values[2] == value_and_gradient(FirstDerivative{}, batch).value);  // of weight 0
  BOOST_TEST(values[3] == value_and_gradient(SecondDerivative{}, batch).value);
  BOOST_TEST(values[4] == value_and_gradient(mass<double>(), batch).value);
  BOOST_TEST(loss.total({1, 2, 3, 4, 8}) == 1 + 0.5 * 2 + 2 * 4 + 0.25 * 8);
  BOOST_TEST(std::string(Loss::names[4]) == "conservation");
}

BOOST_AUTO_TEST_CASE(the_gradient_is_set_and_a_term_of_weight_zero_leaves_none) {
  const Batch batch(4);
  BOOST_TEST(evaluate(loss, batch, 1, 7.0).gradient == evaluate(loss, batch, 1).gradient);
  const auto none = evaluate(with_weights({0, 0, 0, 0, 0}), batch, 1, 7.0).gradient;
  BOOST_TEST(none == std::vector<double>(none.size()));
}

BOOST_AUTO_TEST_CASE(parts_of_a_batch_add) {
  const Batch batch(5);
  const auto whole = evaluate(loss, batch, 0.2).values, first = evaluate(loss, batch.part(0, 2), 0.2).values,
             second = evaluate(loss, batch.part(2, 3), 0.2).values;
  for (std::size_t i = 0; i < whole.size(); ++i)
    BOOST_TEST(first[i] + second[i] == whole[i], boost::test_tools::tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(cpu_gives_what_reference_gives) {
  const Batch batch(4);
  const auto expected = evaluate(loss, batch, 1), found = evaluate<Cpu<>>(loss, batch, 1);
  // exp within an ULP or two, times ln 10 (mean + deviation y) below 3: some 1e-15 of the largest gradient.
  double largest = 0;
  for (const double g : expected.gradient) largest = std::max(largest, std::abs(g));
  for (std::size_t i = 0; i < expected.gradient.size(); ++i)
    BOOST_TEST(std::abs(found.gradient[i] - expected.gradient[i]) < 1e-14 * largest);
}

BOOST_AUTO_TEST_CASE(rows_that_lie_apart_give_the_same_and_nothing_between_is_written) {
  const Batch batch(4);
  BOOST_TEST(evaluated_apart<Reference>(loss, batch, 2) == evaluated_apart<Reference>(loss, batch, 0));
  BOOST_TEST(evaluated_apart<Cpu<>>(loss, batch, 2) == evaluated_apart<Cpu<>>(loss, batch, 0));
}
