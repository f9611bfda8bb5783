#pragma once
#include <cstddef>
#include <span>

#include <chemnne/tensor/rows.hpp>

namespace chemnne {

/// Budgets that a target has room for: mass and up to seven elements. A program is compiled before its data
/// are known, so the number is fixed; rows that are not used are zero and count for nothing.
inline constexpr std::size_t budgets = 8;

/// What a batch of predictions is held to. All values are normalised (standardised log10 of number density).
///
/// A loss term is a type with `name` and
///     value(prediction, target, memory, weight, gradient)
/// which returns the sum over rows of its value and, where `gradient` has rows, adds weight * d value / d
/// prediction to it. Terms have no state but constants, so that a batch may be split into parts whose values
/// and gradients add.
template <class T, std::size_t Frames, std::size_t Outputs>
struct Target {
  Rows<const T, Frames, Outputs> truth;  ///< frame 0 is the initial state
  Rows<const T, Frames, budgets>
      totals;  ///< sum over outputs of budget coefficient times number density, see Conservation
  std::span<const std::size_t>
      valid;  ///< frames of each row that have a truth, frame 0 included: a sample that starts late is short
};

}  // namespace chemnne
