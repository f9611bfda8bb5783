#pragma once
#include <algorithm>
#include <cstddef>
#include <type_traits>

namespace chemnne {

/// The values of many cells in a host's own layout, a view that owns nothing: value i of cell c is
///
///     data[(c / length) * block_stride + (c % length) * cell_stride + i * item_stride],
///
/// with cells in blocks of `length`, or all in one block where it is 0.
///
/// KPP boxes and GEOS-Chem gathers have the species of a cell together (`cell_major`); CAM, WRF and CMAQ the
/// cells of a species (`item_major`); MICM's vectors, and NPROMA arrays with the block as slowest index, the
/// cells of a species within a block (`blocks`). Anything with constant strides can be described by the
/// members. Cells beyond the last, in a tail block, are not touched.
template <class T>
struct Columns {
  T* data = nullptr;
  std::size_t cells = 0;
  std::size_t cell_stride = 0;
  std::size_t item_stride = 0;
  std::size_t length = 0;  ///< cells of a block; 0: all
  std::size_t block_stride = 0;

  /// Species of a cell together: data[cells][items].
  static Columns cell_major(T* data, std::size_t cells, std::size_t items) { return {data, cells, items, 1}; }
  /// Cells of a species together: data[items][cells].
  static Columns item_major(T* data, std::size_t cells) { return {data, cells, 1, cells}; }
  /// Blocks of `length` cells, the last perhaps in part: data[blocks][items][length].
  static Columns blocks(T* data, std::size_t cells, std::size_t items, std::size_t length) {
    return {data, cells, 1, length, length, items * length};
  }

  template <class U>
  requires(!std::is_const_v<T> && std::is_same_v<U, const T>) operator Columns<U>() const {
    return {data, cells, cell_stride, item_stride, length, block_stride};
  }

  constexpr T& operator()(std::size_t cell, std::size_t item) const {
    return start(cell)[item * item_stride];
  }

  /// Of one item.
  Columns item(std::size_t place) const {
    return {data + place * item_stride, cells, cell_stride, item_stride, length, block_stride};
  }

  /// f(cell, item, value) for all cells of a range and all items, in the order of memory: a host's array is
  /// far larger than a cache, and its strides are often powers of two.
  template <class F>
  void each(std::size_t first, std::size_t count, std::size_t items, const F& f) const {
    for (const std::size_t end = first + count; first < end;) {
      const std::size_t part = length == 0 ? end - first : std::min(end - first, length - first % length);
      T* const base = start(first);
      if (cell_stride < item_stride)
        for (std::size_t item = 0; item < items; ++item)
          for (std::size_t cell = 0; cell < part; ++cell)
            f(first + cell, item, base[cell * cell_stride + item * item_stride]);
      else
        for (std::size_t cell = 0; cell < part; ++cell)
          for (std::size_t item = 0; item < items; ++item)
            f(first + cell, item, base[cell * cell_stride + item * item_stride]);
      first += part;
    }
  }

 private:
  constexpr T* start(std::size_t cell) const {
    return length == 0 ? data + cell * cell_stride
                       : data + cell / length * block_stride + cell % length * cell_stride;
  }
};

}  // namespace chemnne
