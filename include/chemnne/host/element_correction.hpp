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
    std::array<double, width> sum;
    std::array<double, Elements> lambda;
    if (!find(before, after, sum, lambda)) return false;
    for (std::size_t i = 0; i < Species; ++i) after[i] += after[i] * along(i, lambda);
    return true;
  }

  /// Its derivative where it returns true, `after` as it was before: with g_i = (1 + sum_e A_ei lambda_e)
  /// dc_i,
  ///
  ///     dc*_i = g_i + c_i sum_e A_ei (H^-1 (db - A g))_e,   H = A diag(c) A^T.
  ///
  /// `d_after` [species] is dc and becomes dc*, `d_before` is the direction whose totals are db.
  bool tangent(const double* before, const double* after, const double* d_before,
               double* d_after) const noexcept {
    std::array<double, width> sum;
    std::array<double, Elements> lambda, missing{};
    if (!find(before, after, sum, lambda)) return false;
    for (std::size_t i = 0; i < Species; ++i) {
      d_after[i] += d_after[i] * along(i, lambda);
      for (std::size_t e = 0; e < Elements; ++e) missing[e] += row_[i][e] * (d_before[i] - d_after[i]);
    }
    solve(sum.data() + Elements, missing);
    for (std::size_t i = 0; i < Species; ++i) d_after[i] += after[i] * along(i, missing);
    return true;
  }

  /// The transposed of that: `slope` [species] is dL/dc* and becomes dL/dc; adds to dL/d before.
  bool cotangent(const double* before, const double* after, double* slope,
                 double* before_slope) const noexcept {
    std::array<double, width> sum;
    std::array<double, Elements> lambda, v{};
    if (!find(before, after, sum, lambda)) return false;
    for (std::size_t i = 0; i < Species; ++i)
      for (std::size_t e = 0; e < Elements; ++e) v[e] += row_[i][e] * after[i] * slope[i];
    solve(sum.data() + Elements, v);
    for (std::size_t i = 0; i < Species; ++i) {
      const double of_total = along(i, v);
      before_slope[i] += of_total;
      slope[i] = (slope[i] - of_total) * (1 + along(i, lambda));
    }
    return true;
  }

 private:
  static constexpr std::size_t width = Elements + Elements * (Elements + 1) / 2;

  /// Of H_ef, f <= e, in its lower triangle.
  static constexpr std::size_t place(std::size_t e, std::size_t f) { return e * (e + 1) / 2 + f; }

  /// lambda, and the sums A after and H. False where `apply` is not for these states.
  bool find(const double* before, const double* after, std::array<double, width>& sum,
            std::array<double, Elements>& lambda) const noexcept {
    std::array<double, Elements> total{};
    sum.fill(0);
    for (std::size_t i = 0; i < Species; ++i) {
      for (std::size_t e = 0; e < Elements; ++e) total[e] += row_[i][e] * before[i];
      for (std::size_t k = 0; k < width; ++k) sum[k] += row_[i][k] * after[i];
    }
    for (std::size_t e = 0; e < Elements; ++e) {
      lambda[e] = total[e] - sum[e];
      if (total[e] == 0 && sum[e] == 0)
        sum[Elements + place(e, e)] = 1;  // lambda_e = 0: nothing has the element
      else if (!(total[e] >= ElementBudget::faint_total))
        return false;
    }
    std::array<double, width> factors = sum;
    if (!solve(factors.data() + Elements, lambda)) return false;
    double most = 0;
    for (std::size_t e = 0; e < Elements; ++e) most += most_atoms_[e] * std::abs(lambda[e]);
    return most <= largest_change;
  }

  double along(std::size_t i, const std::array<double, Elements>& lambda) const noexcept {
    double change = 0;
    for (std::size_t e = 0; e < Elements; ++e) change += row_[i][e] * lambda[e];
    return change;
  }

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
