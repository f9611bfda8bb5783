#pragma once
#include <chemnne/loss/squared_gap.hpp>

/// The terms that are quadratic in prediction - truth: the paper's L_data, L_identity and L_derivative (Liu,
/// Clusius, Boy 2024, section on physics-informed losses). Shapes: prediction and truth [Frames, Outputs] a
/// row. All gradients are exact.
namespace chemnne {

/// What terms without memory share.
struct LossWithoutMemory {
  template <std::size_t Frames, std::size_t Outputs>
  static constexpr std::size_t memory(std::size_t) {
    return 0;
  }
};

/// Mean over frames f >= 1 and outputs of (prediction - truth)^2.
struct SquaredError : LossWithoutMemory {
  static constexpr const char* name = "squared_error";
  template <class B, class T, std::size_t F, std::size_t O>
  T value(Rows<const T, F, O> prediction, const Target<T, F, O>& target, Arena<T>, T weight,
          Rows<T, F, O> gradient) const {
    return squared_gap(prediction, target, std::array{1.0}, 1, F, 1.0 / ((F - 1) * O), weight, gradient);
  }
};

/// Mean over outputs of (prediction(0) - x0)^2; zero by construction with the exact identity.
struct IdentityLoss : LossWithoutMemory {
  static constexpr const char* name = "identity";
  template <class B, class T, std::size_t F, std::size_t O>
  T value(Rows<const T, F, O> prediction, const Target<T, F, O>& target, Arena<T>, T weight,
          Rows<T, F, O> gradient) const {
    return squared_gap(prediction, target, std::array{1.0}, 0, 1, 1.0 / O, weight, gradient);
  }
};

/// Mean over frames and outputs of (d prediction - d truth)^2, d the difference of neighbouring frames: the
/// first time derivative in units of a deviation a frame.
struct FirstDerivative : LossWithoutMemory {
  static constexpr const char* name = "first_derivative";
  template <class B, class T, std::size_t F, std::size_t O>
  T value(Rows<const T, F, O> prediction, const Target<T, F, O>& target, Arena<T>, T weight,
          Rows<T, F, O> gradient) const {
    return squared_gap(prediction, target, std::array{1.0, -1.0}, 1, F, 1.0 / ((F - 1) * O), weight,
                       gradient);
  }
};

/// The same of second differences v_f - 2 v_{f-1} + v_{f-2}.
struct SecondDerivative : LossWithoutMemory {
  static constexpr const char* name = "second_derivative";
  template <class B, class T, std::size_t F, std::size_t O>
  T value(Rows<const T, F, O> prediction, const Target<T, F, O>& target, Arena<T>, T weight,
          Rows<T, F, O> gradient) const {
    static_assert(F >= 3, "SecondDerivative: a second difference needs three frames");
    return squared_gap(prediction, target, std::array{1.0, -2.0, 1.0}, 2, F, 1.0 / ((F - 2) * O), weight,
                       gradient);
  }
};

}  // namespace chemnne
