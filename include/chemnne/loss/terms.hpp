#pragma once
#include <array>
#include <cstddef>
#include <vector>

#include <chemnne/loss/huber_error.hpp>

/// @file
/// The terms that compare a prediction with the truth: the paper's L_data, L_identity and L_derivative (Liu,
/// Clusius, Boy 2024, section on physics-informed losses), each with a Huber delta beyond which an error
/// counts linearly (huber_error; with a delta of infinity they are the paper's squares) and importances of
/// the outputs. Shapes: prediction and truth [Frames, Outputs] a row. All gradients are exact.
namespace chemnne {

/// What these terms share.
struct HuberTerm {
  double delta = never_linear;         ///< errors beyond it count linearly
  std::vector<float> importance = {};  ///< [Outputs], factors on errors; empty: 1

  template <std::size_t Frames, std::size_t Outputs>
  static constexpr std::size_t memory(std::size_t) {
    return detail::huber_memory<Frames, Outputs>();
  }
};

/// Mean over frames f >= 1 and outputs of h(prediction - truth).
struct StateError : HuberTerm {
  static constexpr const char* name = "state_error";
  template <class B, class T, std::size_t F, std::size_t O>
  T value(Rows<const T, F, O> prediction, const Target<T, F, O>& target, Arena<T> arena, T weight,
          Rows<T, F, O> gradient) const {
    return huber_error<B>(prediction, target, std::array{1.0}, 1, F, 1.0 / ((F - 1) * O), delta, importance,
                          weight, gradient, arena);
  }
};

/// Mean over outputs of h(prediction(0) - x0); zero by construction with the exact identity.
struct IdentityLoss : HuberTerm {
  static constexpr const char* name = "identity";
  template <class B, class T, std::size_t F, std::size_t O>
  T value(Rows<const T, F, O> prediction, const Target<T, F, O>& target, Arena<T> arena, T weight,
          Rows<T, F, O> gradient) const {
    return huber_error<B>(prediction, target, std::array{1.0}, 0, 1, 1.0 / O, delta, importance, weight,
                          gradient, arena);
  }
};

/// Mean over frames and outputs of h(d prediction - d truth), d the difference of neighbouring frames: the
/// first time derivative in units of a deviation a frame.
struct FirstDerivative : HuberTerm {
  static constexpr const char* name = "first_derivative";
  template <class B, class T, std::size_t F, std::size_t O>
  T value(Rows<const T, F, O> prediction, const Target<T, F, O>& target, Arena<T> arena, T weight,
          Rows<T, F, O> gradient) const {
    return huber_error<B>(prediction, target, std::array{1.0, -1.0}, 1, F, 1.0 / ((F - 1) * O), delta,
                          importance, weight, gradient, arena);
  }
};

/// The same of second differences v_f - 2 v_{f-1} + v_{f-2}.
struct SecondDerivative : HuberTerm {
  static constexpr const char* name = "second_derivative";
  template <class B, class T, std::size_t F, std::size_t O>
  T value(Rows<const T, F, O> prediction, const Target<T, F, O>& target, Arena<T> arena, T weight,
          Rows<T, F, O> gradient) const {
    static_assert(F >= 3, "SecondDerivative: a second difference needs three frames");
    return huber_error<B>(prediction, target, std::array{1.0, -2.0, 1.0}, 2, F, 1.0 / ((F - 2) * O), delta,
                          importance, weight, gradient, arena);
  }
};

}  // namespace chemnne
