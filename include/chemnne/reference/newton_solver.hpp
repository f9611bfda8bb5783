#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <chemnne/reference/sparse_lu.hpp>
#include <chemnne/support/error.hpp>

namespace chemnne {

/// Solves (I - gamma (J + u v^T)) x = b, the linear systems of an implicit method, with J sparse and v = 1 in
/// some columns, else 0.
///
/// The part of rank one is exact, by Sherman and Morrison: with A = I - gamma J and w = A^-1 gamma u,
/// x = y + w (v^T y) / (1 - v^T w), y = A^-1 b. It costs one more solution a factorisation, and a sum and a
/// multiple of w a solution. No dense matrix is formed. Against leaving u v^T out of Newton's matrix, in
/// hours of ARCA's Hyde mechanism (454 peroxy radicals): 149 steps and 185 iterations in place of 153 and
/// 190 at rtol 1e-4, the same numbers at 1e-7, the same time within noise.
/// Use: fill `jacobian` and `rank_one_factor`, then `form`, `factorise`, `solve`; more gammas may follow.
/// Shapes: b, u [size]; J in compressed columns, rows ascending, the whole diagonal present.
/// Source: Sherman, Morrison, Ann. Math. Stat. 21 (1950) 124.
class NewtonSolver {
 public:
  /// `rank_one_columns` are the places of v = 1; none: there is no such part.
  /// Errors: Error when the pattern lacks an entry of the diagonal.
  NewtonSolver(std::span<const int> column_pointers, std::span<const int> row_indices,
               std::span<const std::size_t> rank_one_columns)
      : lu_(column_pointers, row_indices),
        jacobian_(row_indices.size()),
        matrix_(row_indices.size()),
        columns_(rank_one_columns.begin(), rank_one_columns.end()),
        factor_(columns_.empty() ? 0 : column_pointers.size() - 1),
        correction_(factor_.size()) {
    for (std::size_t column = 0; column + 1 < column_pointers.size(); ++column) {
      const auto begin = row_indices.begin() + column_pointers[column];
      const auto end = row_indices.begin() + column_pointers[column + 1];
      const auto found = std::find(begin, end, static_cast<int>(column));
      if (found == end)
        throw Error("NewtonSolver", "the whole diagonal in the Jacobian's pattern",
                    "no entry (" + std::to_string(column) + ", " + std::to_string(column) + ")");
      diagonal_.push_back(static_cast<std::size_t>(found - row_indices.begin()));
    }
  }

  /// The values of J, to be filled.
  std::span<double> jacobian() noexcept { return jacobian_; }
  /// u, to be filled; empty where there is no part of rank one.
  std::span<double> rank_one_factor() noexcept { return factor_; }

  /// The next factorisation chooses pivots anew: what follows does not depend on what was.
  void forget_pivots() noexcept { lu_.forget_pivots(); }
  /// How often pivots were chosen since the start.
  long pivot_choices() const noexcept { return lu_.pivot_choices(); }

  /// I - gamma J of the present J.
  void form(double gamma) noexcept {
    gamma_ = gamma;
    for (std::size_t i = 0; i < matrix_.size(); ++i) matrix_[i] = -gamma * jacobian_[i];
    for (const std::size_t entry : diagonal_) matrix_[entry] += 1.0;
  }

  /// False when the matrix is singular or not finite; then nothing can be solved.
  bool factorise() noexcept {
    if (!lu_.factorise(matrix_)) return false;
    if (factor_.empty()) return true;
    for (std::size_t i = 0; i < factor_.size(); ++i) correction_[i] = gamma_ * factor_[i];
    lu_.solve(correction_);
    const double sum = sum_over_columns(correction_);
    denominator_ = 1 - sum;
    // Below that the difference is rounding: the matrix is singular, though A is not.
    return std::abs(denominator_) > 1e-13 * (1 + std::abs(sum));
  }

  /// b becomes x.
  void solve(std::span<double> b) noexcept {
    lu_.solve(b);
    if (factor_.empty()) return;
    const double multiple = sum_over_columns(b) / denominator_;
    for (std::size_t i = 0; i < b.size(); ++i) b[i] += multiple * correction_[i];
  }

 private:
  /// v^T x.
  double sum_over_columns(std::span<const double> x) const noexcept {
    double sum = 0;
    for (const std::size_t column : columns_) sum += x[column];
    return sum;
  }

  SparseLu lu_;
  std::vector<double> jacobian_;
  std::vector<double> matrix_;         ///< A
  std::vector<std::size_t> diagonal_;  ///< entries of the diagonal
  std::vector<std::size_t> columns_;
  std::vector<double> factor_;      ///< u
  std::vector<double> correction_;  ///< w
  double gamma_ = 0;
  double denominator_ = 1;  ///< 1 - v^T w
};

}  // namespace chemnne
