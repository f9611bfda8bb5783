#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

#include <chemnne/host/element_budget.hpp>

namespace chemnne {

/// Takes the rounding of a solver's numbers out of the totals of elements: the first order of
/// ElementProjection with all weights 1, for states whose totals are right but for a trace,
///
///     c*_i = c_i (1 + sum_e A_ei lambda_e),   A c* = b,   (A diag(c) A^T) lambda = b - A c,
///
/// in one pass over the species instead of the projection's four: 0.2 microseconds of a cell of the
/// troposphere instead of 1. The totals agree to rounding of double, for A c* is linear in lambda.
template <std::size_t Species, std::size_t Elements>
class ElementCorrection {
 public:
  /// What a species may change by (relative).
  static constexpr double largest_change = 1e-4;

  /// `composition` [elements][species]: atoms of an element in a molecule.
  explicit ElementCorrection(const std::vector<std::vector<double>>& composition) {
    for (std::size_t i = 0; i < Species; ++i)
      for (std::size_t e = 0, at = Elements; e < Elements; ++e) {
        const double atoms = row_[i][e] = composition[e][i];
        most_atoms_[e] = std::max(most_atoms_[e], atoms);
        for (std::size_t f = 0; f <= e; ++f) row_[i][at++] = atoms * composition[f][i];
      }
  }

  /// Gives `after` the totals of `before`, both [species]. Returns false and changes nothing where these are
  /// not close enough, or one of them is faint (ElementBudget), not finite or a combination of others.
  bool apply(const double* before, double* after) const noexcept {
    std::array<double, Elements> gap{}, total{};
    std::array<double, width> sum{};
    for (std::size_t i = 0; i < Species; ++i) {
      for (std::size_t e = 0; e < Elements; ++e) total[e] += row_[i][e] * before[i];
      for (std::size_t k = 0; k < width; ++k) sum[k] += row_[i][k] * after[i];
    }
    for (std::size_t e = 0; e < Elements; ++e) {
      gap[e] = total[e] - sum[e];
      if (total[e] == 0 && sum[e] == 0)
        sum[Elements + place(e, e)] = 1;  // lambda_e = 0: nothing has the element
      else if (!(total[e] >= ElementBudget::faint_total))
        return false;
    }
    if (!solve(sum.data() + Elements, gap)) return false;
    double most = 0;
    for (std::size_t e = 0; e < Elements; ++e) most += most_atoms_[e] * std::abs(gap[e]);
    if (!(most <= largest_change)) return false;
    for (std::size_t i = 0; i < Species; ++i) {
      double change = 0;
      for (std::size_t e = 0; e < Elements; ++e) change += row_[i][e] * gap[e];
      after[i] += after[i] * change;
    }
    return true;
  }

 private:
  static constexpr std::size_t width = Elements + Elements * (Elements + 1) / 2;

  /// Of H_ef, f <= e, in its lower triangle.
  static constexpr std::size_t place(std::size_t e, std::size_t f) { return e * (e + 1) / 2 + f; }

  /// r = H^-1 r by Cholesky's factors, H given by its lower triangle.
  static bool solve(double* h, std::array<double, Elements>& r) noexcept {
    const auto at = [h](std::size_t e, std::size_t f) -> double& { return h[place(e, f)]; };
    for (std::size_t e = 0; e < Elements; ++e) {
      const double diagonal = at(e, e);
      for (std::size_t f = 0; f <= e; ++f) {
        for (std::size_t g = 0; g < f; ++g) at(e, f) -= at(e, g) * at(f, g);
        if (f < e) at(e, f) /= at(f, f);
      }
      if (!(at(e, e) > 1e-10 * diagonal)) return false;
      at(e, e) = std::sqrt(at(e, e));
      for (std::size_t f = 0; f < e; ++f) r[e] -= at(e, f) * r[f];
      r[e] /= at(e, e);
    }
    for (std::size_t e = Elements; e-- > 0;) {
      for (std::size_t f = e + 1; f < Elements; ++f) r[e] -= at(f, e) * r[f];
      r[e] /= at(e, e);
    }
    return true;
  }

  /// Of each species A_e, then A_e A_f of the triangle.
  std::array<std::array<double, width>, Species> row_{};
  std::array<double, Elements> most_atoms_{};
};

}  // namespace chemnne
