#pragma once
#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include <chemnne/reference/newton_solver.hpp>
#include <chemnne/reference/stiff_system.hpp>

namespace chemnne {

/// The derivative of a system at one state, df/dc = J + u v^T with its part of rank one, as an operator on
/// vectors; nothing dense is formed.
///
/// Species that nothing depends on (inert products: a column of zeros) are left out: each has the eigenvalue
/// 0, and the other eigenvalues stay. Vectors shorter than `smallest_size` are filled up, since iterative
/// solvers need some room; both operators make zeros of what fills up. Shapes: x, y [size()].
class StateJacobian {
 public:
  static constexpr std::size_t smallest_size = 12;

  /// Errors: as NewtonSolver.
  template <StiffSystem System>
  StateJacobian(const System& system, std::span<const double> c)
      : newton_(system.column_pointers(), system.row_indices(), rank_one_columns(system)),
        pointers_(system.column_pointers().begin(), system.column_pointers().end()),
        rows_(system.row_indices().begin(), system.row_indices().end()),
        full_(system.size()) {
    system.jacobian(c, newton_.jacobian());
    const std::span<const std::size_t> columns = rank_one_columns(system);
    columns_.assign(columns.begin(), columns.end());
    if constexpr (RankOneStiffSystem<System>) {
      if (!columns_.empty()) system.rank_one_factor(c, newton_.rank_one_factor());
    }
    find_active();
  }

  std::size_t size() const { return std::max(active_.size(), smallest_size); }
  /// The species of each element of a vector, ascending; what fills up has none.
  std::span<const std::size_t> species() const { return active_; }

  /// y = (df/dc) x.
  void multiply(const double* x, double* y) {
    const std::span<const double> values = newton_.jacobian(), u = newton_.rank_one_factor();
    std::fill(full_.begin(), full_.end(), 0.0);
    double sum = 0;
    for (std::size_t k = 0; k < active_.size(); ++k) {
      const std::size_t column = active_[k];
      if (is_rank_one_[column]) sum += x[k];
      for (int entry = pointers_[column]; entry < pointers_[column + 1]; ++entry)
        full_[static_cast<std::size_t>(rows_[static_cast<std::size_t>(entry)])] +=
            values[static_cast<std::size_t>(entry)] * x[k];
    }
    for (std::size_t i = 0; i < u.size(); ++i) full_[i] += sum * u[i];
    gather(y);
  }

  /// Prepares `solve_shifted`. False when shift is an eigenvalue. Needs shift > 0.
  bool set_shift(double shift) {
    shift_ = shift;
    newton_.forget_pivots();
    newton_.form(1 / shift);
    return newton_.factorise();
  }

  /// y = (df/dc - shift I)^-1 x = -(1 / shift) (I - df/dc / shift)^-1 x.
  void solve_shifted(const double* x, double* y) {
    std::fill(full_.begin(), full_.end(), 0.0);
    for (std::size_t k = 0; k < active_.size(); ++k) full_[active_[k]] = -x[k] / shift_;
    newton_.solve(full_);
    gather(y);
  }

 private:
  void find_active() {
    const std::span<const double> values = newton_.jacobian(), u = newton_.rank_one_factor();
    const auto not_zero = [](double value) { return value != 0; };
    const bool coupled = std::any_of(u.begin(), u.end(), not_zero);
    is_rank_one_.assign(full_.size(), false);
    for (const std::size_t column : columns_) is_rank_one_[column] = coupled;
    for (std::size_t column = 0; column < full_.size(); ++column)
      if (is_rank_one_[column] ||
          std::any_of(values.begin() + pointers_[column], values.begin() + pointers_[column + 1], not_zero))
        active_.push_back(column);
  }

  void gather(double* y) const {
    for (std::size_t k = 0; k < active_.size(); ++k) y[k] = full_[active_[k]];
    std::fill(y + active_.size(), y + size(), 0.0);
  }

  NewtonSolver newton_;
  std::vector<int> pointers_;
  std::vector<int> rows_;
  std::vector<std::size_t> columns_;
  std::vector<bool> is_rank_one_;  ///< v
  std::vector<std::size_t> active_;
  std::vector<double> full_;  ///< a vector of all species
  double shift_ = 1;
};

}  // namespace chemnne
