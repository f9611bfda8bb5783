#pragma once
#include <algorithm>

#include "layer_table.hpp"

#include <chemnne/autodiff/gradient_check.hpp>

namespace properties {

/// Rounding alone: the check compares two sums of some 1e3 products of double, each rounded to 1e-16 of its
/// size; the deepest model stays below 1e-14.
inline constexpr double exact = 1e-12;

/// A wrong factor or a term that is missing shows far above this.
inline constexpr double wrong = 1e-6;

/// The largest error of the gradient check over inputs and parameters, for one row and for several.
template <class L, class B>
double worst_error() {
  Random random(7);
  double worst = 0;
  for (const std::size_t rows : {1u, 3u}) {
    const Point at = point<L>(rows, random);
    const GradientError error = gradient_error<L, B, double>(at.x, at.p, random);
    worst = std::max({worst, error.input, error.parameters});
  }
  return worst;
}

}  // namespace properties
