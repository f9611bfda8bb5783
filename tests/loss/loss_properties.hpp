#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <chemnne/autodiff/dual.hpp>
#include <chemnne/backend/reference.hpp>
#include <chemnne/loss/target.hpp>
#include <chemnne/support/random.hpp>
#include <chemnne/tensor/buffer.hpp>

/// What the tests of loss terms share: random batches and the properties that every term has.
namespace loss_properties {

using namespace chemnne;

inline constexpr std::size_t frames = 5, outputs = 3;

/// A batch: prediction, truth, totals and the number of frames that have a truth, 3 for the second row.
struct Batch {
  std::size_t rows;
  std::vector<double> prediction, truth, totals;
  std::vector<std::size_t> valid;

  explicit Batch(std::size_t count, std::uint64_t seed = 1)
      : rows(count),
        prediction(count * frames * outputs),
        truth(prediction.size()),
        totals(count * frames * budgets),
        valid(count, frames) {
    Random random(seed);
    for (double& value : prediction) value = random.normal();
    for (double& value : truth) value = random.normal();
    for (double& value : totals) value = std::exp(random.normal());
    if (count > 1) valid[1] = 3;
  }

  Batch part(std::size_t first, std::size_t count) const {
    Batch result(count);
    const auto copy = [&](const auto& from, auto& to, std::size_t size) {
      std::copy_n(from.data() + first * size, count * size, to.data());
    };
    copy(prediction, result.prediction, frames * outputs);
    copy(truth, result.truth, frames * outputs);
    copy(totals, result.totals, frames * budgets);
    copy(valid, result.valid, 1);
    return result;
  }
};

/// L, and weight dL / dprediction where asked for.
template <class T>
struct Result {
  T value;
  std::vector<double> gradient;
};

/// Calls `evaluate(prediction, target, arena, gradient)` with everything in the scalar T, the prediction
/// moving along `direction`.
template <class T, class Evaluate>
auto on(const Batch& batch, const std::vector<double>& direction, std::size_t memory_size,
        Buffer<T>& gradient, const Evaluate& evaluate) {
  const auto scalars = [](const std::vector<double>& from) {
    Buffer<T> to(from.size());
    for (std::size_t i = 0; i < from.size(); ++i) to[i] = T(from[i]);
    return to;
  };
  Buffer<T> prediction = scalars(batch.prediction), truth = scalars(batch.truth),
            totals = scalars(batch.totals), memory(memory_size);
  if constexpr (requires(T t) { t.tangent; })
    for (std::size_t i = 0; i < direction.size(); ++i) prediction[i].tangent = direction[i];
  const Target<T, frames, outputs> target{Rows<const T, frames, outputs>(truth.data(), batch.rows),
                                          Rows<const T, frames, budgets>(totals.data(), batch.rows),
                                          batch.valid};
  const std::size_t gradient_rows = gradient.size() > 0 ? batch.rows : 0;
  return evaluate(Rows<const T, frames, outputs>(prediction.data(), batch.rows), target,
                  Arena<T>(memory.span()), Rows<T, frames, outputs>(gradient.data(), gradient_rows));
}

/// A term's value and its gradient, which it adds to zeros.
template <class Term>
Result<double> value_and_gradient(const Term& term, const Batch& batch, double weight = 1) {
  Buffer<double> gradient(batch.prediction.size());
  const double value =
      on<double>(batch, {}, Term::template memory<frames, outputs>(batch.rows), gradient,
                 [&](auto prediction, const auto& target, auto arena, auto rows) {
                   return term.template value<Reference>(prediction, target, arena, weight, rows);
                 });
  return {value, {gradient.span().begin(), gradient.span().end()}};
}

/// The derivative of a term along `direction`, by dual numbers through its value.
template <class Term>
double derivative_along(const Term& term, const Batch& batch, const std::vector<double>& direction) {
  using D = Dual<double>;
  Buffer<D> no_gradient;
  return on<D>(batch, direction, Term::template memory<frames, outputs>(batch.rows), no_gradient,
               [&](auto prediction, const auto& target, auto arena, auto rows) {
                 return term.template value<Reference>(prediction, target, arena, D(1), rows);
               })
      .tangent;
}

/// |<gradient, v> - dL v| over sum |gradient v| for a random v.
inline double relative_error(const std::vector<double>& gradient, double derivative,
                             const std::vector<double>& v) {
  double product = 0, scale = 0;
  for (std::size_t i = 0; i < v.size(); ++i) {
    product += gradient[i] * v[i];
    scale += std::abs(gradient[i] * v[i]);
  }
  return std::abs(product - derivative) / scale;
}

inline std::vector<double> random_direction(std::size_t size) {
  Random random(99);
  std::vector<double> v(size);
  for (double& value : v) value = random.normal();
  return v;
}

/// The gradient check of a term; `dual_term` is the same with constants in dual numbers.
template <class Term, class DualTerm>
double gradient_error(const Term& term, const DualTerm& dual_term, double weight = 1) {
  const Batch batch(4);
  const std::vector<double> v = random_direction(batch.prediction.size());
  return relative_error(value_and_gradient(term, batch, weight).gradient,
                        weight * derivative_along(dual_term, batch, v), v);
}

/// The values and the gradient of a whole loss where `gap` scalars, which must stay as they are, lie between
/// the rows of prediction and gradient.
template <class B, class Loss>
std::vector<double> evaluated_apart(const Loss& loss, const Batch& batch, std::size_t gap) {
  constexpr std::size_t size = frames * outputs;
  constexpr double untouched = 7;
  const std::size_t stride = size + gap;
  std::vector<double> prediction(batch.rows * stride, untouched), gradient = prediction, found;
  for (std::size_t row = 0; row < batch.rows; ++row)
    std::copy_n(batch.prediction.data() + row * size, size, prediction.data() + row * stride);
  const Target<double, frames, outputs> target{
      Rows<const double, frames, outputs>(batch.truth.data(), batch.rows),
      Rows<const double, frames, budgets>(batch.totals.data(), batch.rows), batch.valid};
  Buffer<double> memory(Loss::template memory<frames, outputs>(batch.rows));
  const auto values = loss.template evaluate<B>(
      Rows<const double, frames, outputs>(prediction.data(), batch.rows, stride), target,
      Arena<double>(memory.span()), 0.5, Rows<double, frames, outputs>(gradient.data(), batch.rows, stride));
  found.assign(values.begin(), values.end());
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    if (i % stride < size)
      found.push_back(gradient[i]);
    else if (gradient[i] != untouched)
      return {};
  }
  return found;
}

/// Rounding alone: sums of some 1e2 products of double.
inline constexpr double exact = 1e-12;

/// The largest difference between the gradient of a batch and those of its parts, one behind the other, and
/// of the values.
template <class Term>
double additivity_error(const Term& term) {
  const Batch batch(5);
  const auto whole = value_and_gradient(term, batch);
  const auto first = value_and_gradient(term, batch.part(0, 2)),
             second = value_and_gradient(term, batch.part(2, 3));
  double worst = std::abs(first.value + second.value - whole.value);
  for (std::size_t i = 0; i < whole.gradient.size(); ++i) {
    const std::size_t half = first.gradient.size();
    const double part = i < half ? first.gradient[i] : second.gradient[i - half];
    worst = std::max(worst, std::abs(part - whole.gradient[i]));
  }
  return worst;
}

/// True if what lies beyond the valid frames of a row changes neither value nor gradient, and the gradient
/// there is zero.
template <class Term>
bool ignores_what_is_not_valid(const Term& term) {
  Batch batch(2);
  const auto before = value_and_gradient(term, batch);
  const std::size_t end = (frames + batch.valid[1]) * outputs;
  for (std::size_t i = end; i < batch.truth.size(); ++i) batch.truth[i] = 5, batch.prediction[i] = -5;
  for (std::size_t i = (frames + batch.valid[1]) * budgets; i < batch.totals.size(); ++i) batch.totals[i] = 0;
  const auto after = value_and_gradient(term, batch);
  bool zero = true;
  for (std::size_t i = end; i < batch.truth.size(); ++i) zero = zero && after.gradient[i] == 0;
  return zero && before.value == after.value && before.gradient == after.gradient;
}

}  // namespace loss_properties
