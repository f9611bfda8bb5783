#pragma once
#include <cstddef>
#include <span>

#include <chemnne/tensor/rows.hpp>

namespace chemnne {

/// y_n = level + sum_m basis_nm c_m for one row: what layers share that give a course in time by coefficients
/// of functions of time. The first `Known` outputs have no level.
///
/// Shapes: basis [Nodes][Terms], head = (c [Terms, Outputs], level [Outputs - Known]), y [Nodes][Outputs].
/// Cost: Nodes Terms Outputs multiply-adds, twice that in the pullback.
template <std::size_t Nodes, std::size_t Terms, std::size_t Outputs, std::size_t Known>
struct ModeProduct {
  static_assert(Known <= Outputs, "ModeProduct: no more outputs can be known than there are");
  static constexpr std::size_t levels = Outputs - Known;
  static constexpr std::size_t head = Terms * Outputs + levels;

  template <class B, class T>
  static void forward(Rows<const T, Terms> basis, const T* coefficients, Rows<T, Outputs> y) {
    const Rows<const T, Outputs> c(coefficients, Terms);
    if constexpr (Known > 0) B::matmul(basis, c.template columns<Known>(0), y.template columns<Known>(0));
    if constexpr (levels > 0)
      B::affine(basis, c.template columns<levels>(Known),
                std::span<const T, levels>(coefficients + Terms * Outputs, levels),
                y.template columns<levels>(Known));
  }

  /// dcoefficients += ..., dbasis = dy c^T.
  template <class B, class T>
  static void pullback(Rows<const T, Terms> basis, const T* coefficients, Rows<const T, Outputs> dy,
                       T* dcoefficients, Rows<T, Terms> dbasis) {
    B::outer_accumulate(basis, dy, Rows<T, Outputs>(dcoefficients, Terms));
    if constexpr (levels > 0)
      B::sum_rows_accumulate(dy.template columns<levels>(Known),
                             std::span<T, levels>(dcoefficients + Terms * Outputs, levels));
    B::matmul_transposed(dy, Rows<const T, Outputs>(coefficients, Terms), dbasis);
  }
};

}  // namespace chemnne
