#pragma once
#include <cstddef>

namespace chemnne {

/// The steps of a network that a step of a host is made of: as many of the horizon as go into it, and what is
/// left. `Step` as CellStep.
template <class Step>
struct StepPlan {
  /// The longest step that is composed of others [s]: a slip of units and not a wish.
  static constexpr double longest = 1e5 * Step::C::horizon;

  /// 0 < seconds <= longest.
  explicit StepPlan(double seconds) noexcept
      : whole(static_cast<std::size_t>(seconds / Step::C::horizon)),
        rest(rest_of(seconds, whole)),
        last(rest > 0 ? Step::length(rest) : typename Step::Length{}),
        block(Step::block(rest <= 0)) {}

  std::size_t whole;           ///< steps of the horizon
  double rest;                 ///< length of another [s], 0: none
  typename Step::Length last;  ///< of that
  std::size_t block;           ///< cells of a block

  std::size_t steps() const { return whole + (rest > 0 ? 1 : 0); }
  typename Step::Length length(std::size_t step) const {
    return step < whole ? typename Step::Length{} : last;
  }

 private:
  /// What rounding has left of a multiple of the horizon is no step of its own.
  static double rest_of(double seconds, std::size_t whole) noexcept {
    const double rest = seconds - static_cast<double>(whole) * Step::C::horizon;
    return whole > 0 && rest < 1e-9 * Step::C::horizon ? 0 : rest;
  }
};

}  // namespace chemnne
