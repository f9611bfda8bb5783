#pragma once
#include <algorithm>
#include <cstddef>
#include <span>

#include <chemnne/tensor/rows.hpp>

namespace chemnne {

/// Coefficients of a row that the primitive `mode_product` reads: Terms for each output, and a level for each
/// output that is not known.
constexpr std::size_t mode_coefficients(std::size_t terms, std::size_t outputs, std::size_t known) {
  return terms * outputs + outputs - known;
}

namespace detail {

/// What an operand of the primitive `map` has from scalar `first` of a row on: rows their own, a span its
/// constants.
template <class T, std::size_t... E>
constexpr T* operand_at(const Rows<T, E...>& operand, std::size_t row, std::size_t first) {
  return operand[row] + first;
}
template <class T, std::size_t N>
constexpr T* operand_at(const std::span<T, N>& operand, std::size_t, std::size_t) {
  return operand.data();
}

template <class Operand>
inline constexpr std::size_t length_of = Operand::size;
template <class T, std::size_t N>
inline constexpr std::size_t length_of<std::span<T, N>> = N;

/// Scalars of a row of `size` that the operands have side by side: all, or as many as a span of constants
/// has.
template <std::size_t size, class... Operands>
constexpr std::size_t common_length() {
  constexpr std::size_t length = std::min({size, length_of<Operands>...});
  static_assert(
      ((length_of<Operands> == size || length_of<Operands> == length) && ...) && size % length == 0,
      "map: an operand is rows of the shape of the result, or constants of the last extents of a row");
  return length;
}

/// Whether the rows of an operand lie one behind the other.
template <class T, std::size_t... E>
constexpr bool contiguous(const Rows<T, E...>& operand) {
  return operand.contiguous();
}
template <class T, std::size_t N>
constexpr bool contiguous(const std::span<T, N>&) {
  return false;
}

}  // namespace detail

}  // namespace chemnne
