#pragma once
#include <cstddef>
#include <type_traits>

#include <chemnne/backend/simd.hpp>

namespace chemnne::detail {

/// to[c][r] = from[r][c] for `rows` x `columns` scalars; rows of `from` and of `to` are their strides apart.
/// Floats go in blocks of 4 x 4 through registers, which reads and writes whole quarters of a cache line.
template <class T>
void transpose(const T* from, std::size_t from_stride, std::size_t rows, std::size_t columns, T* to,
               std::size_t to_stride) {
  std::size_t whole_rows = 0, whole_columns = 0;
  if constexpr (std::is_same_v<T, float>) {
    using Four = xsimd::make_sized_batch_t<float, 4>;
    if constexpr (!std::is_void_v<Four>) {
      whole_rows = rows / 4 * 4;
      whole_columns = columns / 4 * 4;
      for (std::size_t r = 0; r < whole_rows; r += 4)
        for (std::size_t c = 0; c < whole_columns; c += 4) {
          const float* const at = from + r * from_stride + c;
          const Four a = Four::load_unaligned(at), b = Four::load_unaligned(at + from_stride),
                     d = Four::load_unaligned(at + 2 * from_stride),
                     e = Four::load_unaligned(at + 3 * from_stride);
          const Four even_low = xsimd::zip_lo(a, d), odd_low = xsimd::zip_lo(b, e),
                     even_high = xsimd::zip_hi(a, d), odd_high = xsimd::zip_hi(b, e);
          float* const result = to + c * to_stride + r;
          xsimd::zip_lo(even_low, odd_low).store_unaligned(result);
          xsimd::zip_hi(even_low, odd_low).store_unaligned(result + to_stride);
          xsimd::zip_lo(even_high, odd_high).store_unaligned(result + 2 * to_stride);
          xsimd::zip_hi(even_high, odd_high).store_unaligned(result + 3 * to_stride);
        }
    }
  }
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = r < whole_rows ? whole_columns : 0; c < columns; ++c)
      to[c * to_stride + r] = from[r * from_stride + c];
}

}  // namespace chemnne::detail
