#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <numbers>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <chemnne/backend/arithmetic.hpp>
#include <chemnne/layers/element_projection.hpp>
#include <chemnne/loss/target.hpp>
#include <chemnne/tensor/buffer.hpp>

namespace chemnne {

/// ElementProjection of a trajectory: every frame gets the totals that the first one has.
///
/// Frames [Frames, Outputs] hold y, the standardised log10 of the number density c = 10^(mean + deviation y);
/// the projection is y* = y + s / (deviation ln 10). A frame that has no projection stays as it
/// is.
template <class T, std::size_t Outputs>
struct StandardisedProjection {
  ElementProjection projection;
  std::vector<std::size_t> budget;  ///< of each element, its row among the budgets of a target
  std::vector<T> mean, deviation;   ///< [Outputs], of log10 of the number density

  bool active() const { return projection.elements() > 0; }

  /// Projects y; `density` is for the projected number densities, zero in frames without a projection.
  /// `totals` [Frames, budgets], of which frame 0 is read.
  template <class B, std::size_t F>
  void project(Rows<T, F, Outputs> y, Rows<const T, F, budgets> totals, Rows<T, F, Outputs> density) const {
    using S = ElementProjection::Solve<T>;
    B::map(Destandardise{}, density, y, std::span<const T, Outputs>(mean),
           std::span<const T, Outputs>(deviation));
    for (std::size_t row = 0; row < y.count(); ++row) {
      const auto total = totals_of(totals[row]);
      for (std::size_t f = 0; f < F; ++f) {
        T* const c = density[row] + f * Outputs;
        T* const of_frame = y[row] + f * Outputs;
        const auto shift = [&](std::size_t i, const S& exponent) {
          of_frame[i] += T(exponent / (S(deviation[i]) * S(std::numbers::ln10)));
        };
        if (!projection.project(c, total.data(), shift)) std::fill_n(c, Outputs, T(0));
      }
    }
  }

  /// The gradient with respect to the projected y* becomes that with respect to y.
  template <std::size_t F>
  void pullback(Rows<const T, F, Outputs> y, Rows<const T, F, Outputs> projected,
                Rows<const T, F, budgets> totals, Rows<const T, F, Outputs> density,
                Rows<T, F, Outputs> gradient) const {
    using S = ElementProjection::Solve<T>;
    std::array<S, Outputs> slope, exponent, decades;
    ElementProjection::Totals<S> of_totals;
    for (std::size_t i = 0; i < Outputs; ++i) decades[i] = S(deviation[i]) * S(std::numbers::ln10);
    for (std::size_t row = 0; row < gradient.count(); ++row) {
      const auto total = totals_of(totals[row]);
      for (std::size_t first = 0; first < F * Outputs; first += Outputs) {
        T* const g = gradient[row] + first;
        for (std::size_t i = 0; i < Outputs; ++i) {
          slope[i] = S(g[i]) / decades[i];
          exponent[i] = (S(projected[row][first + i]) - S(y[row][first + i])) * decades[i];
        }
        projection.pullback(density[row] + first, exponent.data(), total.data(), slope.data(),
                            of_totals.data());
        for (std::size_t i = 0; i < Outputs; ++i) g[i] = T(slope[i] * decades[i]);
      }
    }
  }

 private:
  ElementProjection::Totals<ElementProjection::Solve<T>> totals_of(const T* first_frame) const {
    ElementProjection::Totals<ElementProjection::Solve<T>> total{};
    for (std::size_t e = 0; e < budget.size(); ++e)
      total[e] = ElementProjection::Solve<T>(first_frame[budget[e]]);
    return total;
  }
};

/// The loss `Inner` of predictions that are projected first, so that training sees what is used; without
/// elements it is Inner. Gradient: exact, by the pullback of the projection.
template <class Inner, class T, std::size_t Outputs>
class ProjectedLoss : public Inner {
 public:
  using Projection = StandardisedProjection<T, Outputs>;
  using typename Inner::Values;

  using Inner::Inner;  // without elements
  ProjectedLoss(Inner inner, Projection projection)
      : Inner(std::move(inner)), projection_(std::move(projection)) {}

  const Projection& projection() const { return projection_; }

  template <std::size_t Frames, std::size_t>
  static constexpr std::size_t memory(std::size_t rows) {
    return 2 * padded(rows * Frames * Outputs) + Inner::template memory<Frames, Outputs>(rows);
  }

  /// As Inner's.
  template <class B, std::size_t F>
  Values evaluate(Rows<const T, F, Outputs> prediction, const Target<T, F, Outputs>& target, Arena<T> arena,
                  T scale, Rows<T, F, Outputs> gradient) const {
    if (!projection_.active()) return Inner::template evaluate<B>(prediction, target, arena, scale, gradient);
    const auto projected = arena.template take<Shape<F, Outputs>>(prediction.count());
    const auto density = arena.template take<Shape<F, Outputs>>(prediction.count());
    B::map(Unchanged{}, projected, prediction);
    projection_.template project<B>(projected, target.totals, density);
    const Values values =
        Inner::template evaluate<B>(Rows<const T, F, Outputs>(projected), target, arena, scale, gradient);
    if (gradient.count() > 0)
      projection_.pullback(prediction, Rows<const T, F, Outputs>(projected), target.totals,
                           Rows<const T, F, Outputs>(density), gradient);
    return values;
  }

 private:
  Projection projection_;
};

}  // namespace chemnne
