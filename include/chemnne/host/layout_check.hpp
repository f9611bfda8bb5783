#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include <chemnne/host/interface.h>

namespace chemnne {

/// Whether a host's layout can be of an array: strides that were negative, or lead beyond all memory, are
/// not.
inline bool plausible(const chemnne_layout& layout) noexcept {
  constexpr std::size_t limit = PTRDIFF_MAX / 64;
  const std::size_t blocks = layout.length == 0 ? 1 : layout.cells / layout.length + 1;
  const auto within = [](std::size_t extent, std::size_t stride) {
    return stride <= limit && (stride == 0 || extent <= limit / stride);
  };
  return within(layout.length == 0 ? layout.cells : layout.length, layout.cell_stride) &&
         within(layout.items, layout.item_stride) && within(blocks, layout.block_stride);
}

/// Whether no two values of a plausible layout are one: in the order of their strides each must step over all
/// that the smaller ones reach. A cell that were written twice would take two steps.
inline bool distinct(const chemnne_layout& layout) noexcept {
  struct Axis {
    std::size_t stride, extent;
  };
  const std::size_t length = layout.length == 0 ? layout.cells : std::min(layout.length, layout.cells);
  const std::size_t blocks = length == 0 ? 0 : (layout.cells + length - 1) / length;
  std::array<Axis, 3> axes{
      {{layout.cell_stride, length}, {layout.item_stride, layout.items}, {layout.block_stride, blocks}}};
  std::sort(axes.begin(), axes.end(), [](Axis a, Axis b) { return a.stride < b.stride; });
  std::size_t reached = 0;
  for (const Axis axis : axes) {
    if (axis.extent < 2) continue;
    if (axis.stride <= reached) return false;
    reached += (axis.extent - 1) * axis.stride;
  }
  return true;
}

}  // namespace chemnne
