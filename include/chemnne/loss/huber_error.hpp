#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>

#include <chemnne/loss/target.hpp>
#include <chemnne/tensor/buffer.hpp>
#include <chemnne/tensor/rows.hpp>

namespace chemnne {

/// The Huber delta of an error that is squared however large it is.
inline constexpr double never_linear = std::numeric_limits<double>::infinity();

namespace detail {
template <std::size_t F, std::size_t O>
constexpr std::size_t huber_memory() {
  return 2 * padded(F * O);
}
}  // namespace detail

/// sum over frames first <= f < valid and outputs o of h(importance_o (D (prediction - truth))_{f, o}), times
/// scale, where D is a backward difference over frames, (D v)_f = sum_j stencil_j v_{f - j}, and h the
/// pseudo-Huber function
///
///     h(e) = 2 delta^2 (sqrt(1 + (e / delta)^2) - 1):   e^2 where e is small, 2 delta |e| where it is
///     large,
///
/// and e^2 for a delta of infinity (Charbonnier, Blanc-Feraud, Aubert, Barlaud 1997, IEEE Trans. Image
/// Process. 6, 298). Without importances they are 1. Adds weight times the gradient, D^T applied to
/// importance h'.
///
/// Shared by the terms that compare a prediction with the truth. Needs first >= Stencil - 1 and memory of
/// huber_memory<F, O>().
template <class B, class T, std::size_t F, std::size_t O, std::size_t Stencil>
T huber_error(Rows<const T, F, O> prediction, const Target<T, F, O>& target,
              const std::array<double, Stencil>& stencil, std::size_t first, std::size_t end, double scale,
              double delta, std::span<const float> importance, T weight, Rows<T, F, O> gradient,
              Arena<T> arena) {
  T* const error = arena.template take<Shape<F * O>>(1).data();
  T* const root = arena.template take<Shape<F * O>>(1).data();
  const T sharpness = T(1 / (delta * delta)), factor = T(2) * weight * T(scale);
  const auto scale_by_importance = [importance](T* values, std::size_t count) {
    if (!importance.empty())
      for (std::size_t f = 0; f < count; f += O)
        for (std::size_t o = 0; o < O; ++o) values[f + o] *= T(importance[o]);
  };
  T sum(0);
  for (std::size_t row = 0; row < prediction.count(); ++row) {
    const T* const p = prediction[row];
    const T* const truth = target.truth[row];
    const std::size_t begin = first * O, last = std::min(end, target.valid[row]) * O;
    if (last <= begin) continue;
    const std::size_t count = last - begin;
    std::fill_n(error, count, T(0));
    for (std::size_t j = 0; j < Stencil; ++j) {
      const T share = T(stencil[j]);
      const T *const after = p + begin - j * O, *const wanted = truth + begin - j * O;
      for (std::size_t i = 0; i < count; ++i) error[i] += share * (after[i] - wanted[i]);
    }
    scale_by_importance(error, count);
    const Rows<const T, 1> errors(error, count);
    B::map(
        [sharpness](const auto& e) {
          using std::sqrt;
          using V = std::decay_t<decltype(e)>;
          return sqrt(V(T(1)) + V(sharpness) * e * e);
        },
        Rows<T, 1>(root, count), errors);
    T* const slope = root;  // half of h', what error and root become
    for (std::size_t i = 0; i < count; ++i) {
      const T e = error[i], r = root[i];
      error[i] = T(2) * e * e / (T(1) + r);
      slope[i] = e / r;
    }
    T of_row(0);
    for (std::size_t i = 0; i < count; ++i) of_row += error[i];
    sum += T(scale) * of_row;
    if (gradient.count() == 0) continue;
    scale_by_importance(slope, count);
    for (std::size_t j = 0; j < Stencil; ++j) {
      const T share = factor * T(stencil[j]);
      T* const to = gradient[row] + begin - j * O;
      for (std::size_t i = 0; i < count; ++i) to[i] += share * slope[i];
    }
  }
  return sum;
}

}  // namespace chemnne
