#define BOOST_TEST_MODULE loss_projected_loss
#include "loss_properties.hpp"
#include <boost/test/unit_test.hpp>

#include <chemnne/backend/cpu.hpp>
#include <chemnne/loss/conservation.hpp>
#include <chemnne/loss/projected_loss.hpp>
#include <chemnne/loss/terms.hpp>
#include <chemnne/loss/weighted_loss.hpp>

using namespace chemnne;
using namespace loss_properties;

namespace {

/// Carbon in species 0 and 1, nitrogen in 1 and twice in 2: budgets 1 and 3 of the target.
const std::vector<double> composition{1, 1, 0, 0, 1, 2};
constexpr std::size_t carbon = 1, nitrogen = 3;
const std::vector<double> mean{0.1, 0, -0.2}, deviation{0.3, 0.4, 0.2};

template <class T>
std::vector<T> in(const std::vector<double>& values) {
  return {values.begin(), values.end()};
}
template <class T>
StandardisedProjection<T, outputs> projection() {
  return {ElementProjection(composition, 2, outputs), {carbon, nitrogen}, in<T>(mean), in<T>(deviation)};
}

template <class T>
using Terms =
    WeightedLoss<StateError, IdentityLoss, FirstDerivative, SecondDerivative, Conservation<T, outputs>>;
template <class T>
using Loss = ProjectedLoss<Terms<T>, T, outputs>;
template <class T>
Terms<T> terms() {
  Conservation<T, outputs> conservation{.used = 2,
                                        .coefficient = std::vector<T>(budgets * outputs, T(0)),
                                        .mean = in<T>(mean),
                                        .deviation = in<T>(deviation)};
  for (std::size_t s = 0; s < outputs; ++s) {
    conservation.coefficient[carbon * outputs + s] = T(composition[s]);
    conservation.coefficient[nitrogen * outputs + s] = T(composition[outputs + s]);
  }
  return {{1, 0.5, 2, 0.25, 0.125}, {}, {}, {}, {}, std::move(conservation)};
}
template <class T>
Loss<T> projected() {
  return {terms<T>(), projection<T>()};
}

double density(double y, std::size_t s) { return std::pow(10, mean[s] + deviation[s] * y); }
/// sum_s atoms c_s of a frame of standardised values.
double total(const double* y, std::size_t element) {
  double sum = 0;
  for (std::size_t s = 0; s < outputs; ++s) sum += composition[element * outputs + s] * density(y[s], s);
  return sum;
}

/// A batch whose totals are those of its truth at the start, the same in all frames; there are no other
/// budgets.
Batch batch_with_totals(std::size_t rows) {
  Batch batch(rows);
  std::fill(batch.totals.begin(), batch.totals.end(), 0.0);
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t f = 0; f < frames; ++f)
      for (const auto& [element, budget] : {std::pair{0u, carbon}, std::pair{1u, nitrogen}})
        batch.totals[(row * frames + f) * budgets + budget] =
            total(batch.truth.data() + row * frames * outputs, element);
  return batch;
}

struct Evaluated {
  std::vector<double> values, gradient;
};
template <class B = Reference, class L>
Evaluated evaluate(const L& loss, const Batch& batch, double scale = 1) {
  Buffer<double> gradient(batch.prediction.size());
  const auto values = on<double>(batch, {}, L::template memory<frames, outputs>(batch.rows), gradient,
                                 [&](auto prediction, const auto& target, auto arena, auto rows) {
                                   return loss.template evaluate<B>(prediction, target, arena, scale, rows);
                                 });
  return {{values.begin(), values.end()}, {gradient.span().begin(), gradient.span().end()}};
}

/// The values of the projection of a batch's prediction.
std::vector<double> projection_of(const Batch& batch) {
  std::vector<double> y = batch.prediction, c(y.size());
  projection<double>().project<Reference>(
      Rows<double, frames, outputs>(y.data(), batch.rows),
      Rows<const double, frames, budgets>(batch.totals.data(), batch.rows),
      Rows<double, frames, outputs>(c.data(), batch.rows));
  return y;
}

/// A loss that is linear in the prediction, in dual numbers too: what the pullback of the projection is held
/// against. WeightedLoss gives its values as double, without the tangent.
struct Linear {
  using Values = std::array<double, 1>;
  std::vector<double> slope;
  template <std::size_t, std::size_t>
  static constexpr std::size_t memory(std::size_t) {
    return 0;
  }
  template <class B, class T, std::size_t F, std::size_t O>
  Values evaluate(Rows<const T, F, O> prediction, const Target<T, F, O>&, Arena<T>, T scale,
                  Rows<T, F, O> gradient) const {
    T sum(0);
    for (std::size_t i = 0; i < prediction.count() * F * O; ++i) {
      sum += T(slope[i]) * prediction.data()[i];
      if (gradient.count() > 0) gradient.data()[i] = scale * T(slope[i]);
    }
    if constexpr (requires { sum.tangent; })
      return {sum.tangent};
    else
      return {sum};
  }
};

/// Relative error of <gradient, v> against the derivative along v by dual numbers through Newton's method.
double projected_error(double scale, double planted = 0) {
  using D = Dual<double>;
  const Batch batch = batch_with_totals(4);
  const Linear linear{random_direction(batch.prediction.size())};
  std::vector<double> v = random_direction(batch.prediction.size() + 1);
  v.erase(v.begin());
  const ProjectedLoss<Linear, double, outputs> loss(linear, projection<double>());
  auto of_duals = projection<D>();
  of_duals.deviation[1] *= D(1 + planted);
  const ProjectedLoss<Linear, D, outputs> dual_loss(linear, of_duals);
  Buffer<D> no_gradient;
  const double derivative =
      on<D>(batch, v, decltype(dual_loss)::memory<frames, outputs>(batch.rows), no_gradient,
            [&](auto prediction, const auto& target, auto arena, auto rows) {
              return dual_loss.evaluate<Reference>(prediction, target, arena, D(1), rows);
            })[0];
  return relative_error(evaluate(loss, batch, scale).gradient, scale * derivative, v);
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_gradient_is_exact) {
  BOOST_TEST(projected_error(1) < exact);
  BOOST_TEST(projected_error(0.37) < exact);
  BOOST_TEST(projected_error(1, 1e-3) > 1e-6);  // a planted error is seen
}

BOOST_AUTO_TEST_CASE(every_frame_has_the_totals_of_the_first) {
  const Batch batch = batch_with_totals(3);
  const std::vector<double> y = projection_of(batch);
  for (std::size_t at = 0; at < batch.rows * frames; ++at)
    for (const auto& [element, budget] : {std::pair{0u, carbon}, std::pair{1u, nitrogen}}) {
      const double wanted = batch.totals[at / frames * frames * budgets + budget];
      // Rounding of y to and fro through a power of ten.
      BOOST_TEST(total(y.data() + at * outputs, element) == wanted, boost::test_tools::tolerance(1e-14));
    }
  // Frame 0 alone tells the totals: those of later frames are not read.
  Batch other = batch;
  for (std::size_t row = 0; row < other.rows; ++row)
    std::fill_n(other.totals.begin() + static_cast<std::ptrdiff_t>((row * frames + 1) * budgets),
                (frames - 1) * budgets, 7.0);
  BOOST_TEST(projection_of(other) == y);
}

BOOST_AUTO_TEST_CASE(terms_are_those_of_the_projected_prediction) {
  const Batch batch = batch_with_totals(4);
  Batch moved = batch;
  moved.prediction = projection_of(batch);
  const auto found = evaluate(projected<double>(), batch), expected = evaluate(terms<double>(), moved);
  for (std::size_t i = 0; i + 1 < found.values.size(); ++i) BOOST_TEST(found.values[i] == expected.values[i]);
  BOOST_TEST(found.values.back() < 1e-28);  // squares of roundings: nothing is left to conserve
  BOOST_TEST(evaluate(terms<double>(), batch).values.back() > 1e-3);
}

BOOST_AUTO_TEST_CASE(a_prediction_that_has_the_totals_is_left_as_it_is) {
  Batch batch = batch_with_totals(2);
  for (std::size_t at = 0; at < batch.rows * frames; ++at)
    std::copy_n(batch.truth.begin() + static_cast<std::ptrdiff_t>(at / frames * frames * outputs), outputs,
                batch.prediction.begin() + static_cast<std::ptrdiff_t>(at * outputs));
  const std::vector<double> y = projection_of(batch);
  for (std::size_t i = 0; i < y.size(); ++i) BOOST_TEST(std::abs(y[i] - batch.prediction[i]) < 1e-14);
}

BOOST_AUTO_TEST_CASE(the_gradient_has_no_part_that_the_projection_takes_away) {
  // Moves of log c by w (A^T e_k) / (1 + p) leave the projection where it is, so the loss does not see
  // them.
  const Batch batch = batch_with_totals(3);
  const std::vector<double> g = evaluate(projected<double>(), batch).gradient, y = projection_of(batch);
  for (std::size_t at = 0; at < batch.rows * frames; ++at)
    for (std::size_t element = 0; element < 2; ++element) {
      const double* const totals = batch.totals.data() + at / frames * frames * budgets;
      double along = 0, scale = 1e-3;
      for (std::size_t s = 0; s < outputs; ++s) {
        const std::size_t i = at * outputs + s;
        const double shift = (y[i] - batch.prediction[i]) * deviation[s] * std::numbers::ln10;
        const double held =
            density(batch.prediction[i], s) *
            std::max(composition[s] / totals[carbon], composition[outputs + s] / totals[nitrogen]);
        const double weight = held / (1 + held) + 0.01, slope = held / ((1 + held) * (1 + held));
        const double part =
            g[i] / deviation[s] * weight * composition[element * outputs + s] / (1 + shift * slope / weight);
        along += part;
        scale += std::abs(part);
      }
      BOOST_TEST(std::abs(along) < 1e-11 * scale);
    }
}

BOOST_AUTO_TEST_CASE(without_elements_it_is_the_loss_inside) {
  const Batch batch(4);
  const Loss<double> plain({1, 0.5, 2, 0.25, 0}, {}, {}, {}, {},
                           {.used = 1,
                            .coefficient = std::vector<double>(budgets * outputs),
                            .mean = mean,
                            .deviation = deviation});
  const Terms<double>& inside = plain;
  BOOST_TEST(evaluate(plain, batch).values == evaluate(inside, batch).values,
             boost::test_tools::per_element());
  BOOST_TEST(evaluate(plain, batch).gradient == evaluate(inside, batch).gradient);
}

BOOST_AUTO_TEST_CASE(a_frame_without_a_projection_stays_and_keeps_its_gradient) {
  Batch batch = batch_with_totals(1);
  batch.totals[carbon] = 0;  // of frame 0: no logarithm of nothing
  const auto found = evaluate(projected<double>(), batch), expected = evaluate(terms<double>(), batch);
  BOOST_TEST(projection_of(batch) == batch.prediction);
  BOOST_TEST(found.values == expected.values, boost::test_tools::per_element());
  for (std::size_t i = 0; i < found.gradient.size(); ++i)
    BOOST_TEST(found.gradient[i] == expected.gradient[i], boost::test_tools::tolerance(1e-15));
}

BOOST_AUTO_TEST_CASE(cpu_gives_what_reference_gives) {
  const Batch batch = batch_with_totals(4);
  const auto expected = evaluate(projected<double>(), batch),
             found = evaluate<Cpu<>>(projected<double>(), batch);
  double largest = 0;
  for (const double g : expected.gradient) largest = std::max(largest, std::abs(g));
  // Exponentials within an ULP or two, as in weighted_loss_test, and the differences of the projection.
  for (std::size_t i = 0; i < expected.gradient.size(); ++i)
    BOOST_TEST(std::abs(found.gradient[i] - expected.gradient[i]) < 1e-13 * largest);
}

BOOST_AUTO_TEST_CASE(rows_that_lie_apart_give_the_same_and_nothing_between_is_written) {
  const Batch batch = batch_with_totals(4);
  BOOST_TEST(evaluated_apart<Reference>(projected<double>(), batch, 2) ==
             evaluated_apart<Reference>(projected<double>(), batch, 0));
  BOOST_TEST(evaluated_apart<Cpu<>>(projected<double>(), batch, 2) ==
             evaluated_apart<Cpu<>>(projected<double>(), batch, 0));
}
