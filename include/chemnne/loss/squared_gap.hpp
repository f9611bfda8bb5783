#pragma once
#include <array>
#include <cstddef>

#include <chemnne/loss/target.hpp>
#include <chemnne/tensor/buffer.hpp>

namespace chemnne {

/// sum over frames first <= f < valid and outputs of (D (prediction - truth))_f^2, times scale, where D is a
/// backward difference over frames, (D v)_f = sum_j stencil_j v_{f - j}. Adds weight times the gradient, D^T
/// applied to the gaps.
///
/// Shared by the terms that are quadratic in prediction - truth. Needs first >= Stencil - 1.
template <class T, std::size_t F, std::size_t O, std::size_t Stencil>
T squared_gap(Rows<const T, F, O> prediction, const Target<T, F, O>& target,
              const std::array<double, Stencil>& stencil, std::size_t first, std::size_t end, double scale,
              T weight, Rows<T, F, O> gradient) {
  T sum(0);
  const T factor = T(2) * weight * T(scale);
  for (std::size_t row = 0; row < prediction.count(); ++row) {
    const T* const p = prediction[row];
    const T* const truth = target.truth[row];
    const std::size_t last = end < target.valid[row] ? end : target.valid[row];
    T of_row(0);
    for (std::size_t i = first * O; i < last * O; ++i) {
      T gap(0);
      for (std::size_t j = 0; j < Stencil; ++j) gap += T(stencil[j]) * (p[i - j * O] - truth[i - j * O]);
      of_row += gap * gap;
      if (gradient.count() > 0)
        for (std::size_t j = 0; j < Stencil; ++j) gradient[row][i - j * O] += factor * T(stencil[j]) * gap;
    }
    sum += T(scale) * of_row;
  }
  return sum;
}

}  // namespace chemnne
