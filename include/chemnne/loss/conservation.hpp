#pragma once
#include <cmath>
#include <numbers>
#include <span>
#include <vector>

#include <chemnne/backend/arithmetic.hpp>
#include <chemnne/loss/target.hpp>
#include <chemnne/tensor/buffer.hpp>

namespace chemnne {

namespace detail {
/// 10^(mean + deviation x), at most 1e30: a first guess that no number can hold must not make a total of NaN.
struct BoundedDensity {
  template <class V>
  constexpr V operator()(const V& x, const V& mean, const V& deviation) const {
    return Elementary<V>::at_most(Destandardise{}(x, mean, deviation), constant<V>(1e30));
  }
};
}  // namespace detail

/// L = (1 / (used (Frames - 1))) sum over budgets e and frames f >= 1 of log(sum_s a_es c_s / total_ef)^2
/// with the number density c = 10^(mean + deviation y): total mass (a = molar mass) and each element (a =
/// atom count), relative to the truth's total of the same frame. Where a budget is closed that total is the
/// initial one, and the term is the paper's conservation loss, but for the logarithm, which is the relative
/// error where that is small: squared, the first guesses of a training, decades too high, would be all that
/// counts. Where species outside the network take part (H and O through H2O and O2) it asks for what is right
/// instead of for what is constant. A budget that no output carries counts for nothing.
///
/// Shapes: y [Frames, Outputs], a [budgets, Outputs], totals [Frames, budgets]. Gradient: exact, through the
/// denormalisation. A density above 1e30 counts as 1e30, and its gradient still points down.
template <class T, std::size_t Outputs>
struct Conservation {
  static constexpr const char* name = "conservation";
  std::size_t used;                ///< budgets that there are; the coefficients of the others are zero
  std::vector<T> coefficient;      ///< [budgets, Outputs]
  std::vector<T> mean, deviation;  ///< [Outputs], of log10 of the number density

  template <std::size_t Frames, std::size_t>
  static constexpr std::size_t memory(std::size_t rows) {
    return padded(rows * Frames * Outputs) + padded(rows * Frames * budgets);
  }

  template <class B, std::size_t F>
  T value(Rows<const T, F, Outputs> prediction, const Target<T, F, Outputs>& target, Arena<T> arena, T weight,
          Rows<T, F, Outputs> gradient) const {
    const auto density = arena.template take<Shape<F, Outputs>>(prediction.count());
    const auto total = arena.template take<Shape<F, budgets>>(prediction.count()).merge();
    const Rows<const T, Outputs> a(coefficient.data(), budgets);
    B::map(detail::BoundedDensity{}, density, prediction, std::span<const T, Outputs>(mean),
           std::span<const T, Outputs>(deviation));
    B::matmul_transposed(Rows<const T, Outputs>(density.merge()), a, total);

    using std::log10;
    const T scale = T(1.0 / (static_cast<double>(used) * (F - 1)));
    T sum(0);
    for (std::size_t row = 0; row < prediction.count(); ++row)
      for (std::size_t f = 0; f < F; ++f)
        for (std::size_t e = 0; e < used; ++e) {
          T& value = total[row * F + f][e];
          const T truth = target.totals[row][f * budgets + e];
          const bool counts = f > 0 && f < target.valid[row] && T(0) < truth && T(0) < value;
          const T drift = counts ? T(std::numbers::ln10) * log10(value / truth) : T(0);
          sum += scale * drift * drift;
          value = counts ? T(2) * weight * scale * drift / value * T(std::numbers::ln10) : T(0);
        }
    for (std::size_t row = 0; row < gradient.count(); ++row)
      add_gradient<B>(Rows<const T, budgets>(total.slice(row * F, F)),
                      Rows<const T, Outputs>(density.steps(row)), gradient.steps(row));
    return sum;
  }

 private:
  /// gradient_s += (sum_e slope_e a_es) c_s deviation_s.
  template <class B>
  void add_gradient(Rows<const T, budgets> slope, Rows<const T, Outputs> density,
                    Rows<T, Outputs> gradient) const {
    for (std::size_t f = 0; f < slope.count(); ++f)
      for (std::size_t e = 0; e < used; ++e)
        for (std::size_t s = 0; s < Outputs; ++s)
          gradient[f][s] += slope[f][e] * coefficient[e * Outputs + s] * density[f][s] * deviation[s];
  }
};

}  // namespace chemnne
