#pragma once
#include <cstddef>
#include <type_traits>

namespace chemnne {

/// The values of many cells in a host's own layout: value i of cell c is data[c * cell_stride + i *
/// item_stride].
///
/// KPP boxes and GEOS-Chem gathers have the species of a cell together (cell_stride = species, item_stride =
/// 1); CAM, WRF and CMAQ the cells (cell_stride = 1, item_stride = cells).
template <class T>
struct Columns {
  T* data = nullptr;
  std::size_t cells = 0;
  std::size_t cell_stride = 0;
  std::size_t item_stride = 0;

  /// Species of a cell together.
  static Columns cell_major(T* data, std::size_t cells, std::size_t items) { return {data, cells, items, 1}; }
  /// Cells of a species together.
  static Columns item_major(T* data, std::size_t cells) { return {data, cells, 1, cells}; }

  operator Columns<const T>() const requires(!std::is_const_v<T>) {
    return {data, cells, cell_stride, item_stride};
  }

  T& operator()(std::size_t cell, std::size_t item) const {
    return data[cell * cell_stride + item * item_stride];
  }

  /// f(cell, item) for all cells of a range and all items, in the order of memory: a host's array is far
  /// larger than a cache, and its strides are often powers of two.
  template <class F>
  void each(std::size_t first, std::size_t count, std::size_t items, const F& f) const {
    if (cell_stride < item_stride)
      for (std::size_t item = 0; item < items; ++item)
        for (std::size_t cell = first; cell < first + count; ++cell) f(cell, item);
    else
      for (std::size_t cell = first; cell < first + count; ++cell)
        for (std::size_t item = 0; item < items; ++item) f(cell, item);
  }
};

}  // namespace chemnne
