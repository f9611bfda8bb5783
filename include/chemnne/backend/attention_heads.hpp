#pragma once
#include <cstddef>

#include <chemnne/support/constant_math.hpp>
#include <chemnne/tensor/buffer.hpp>
#include <chemnne/tensor/rows.hpp>

namespace chemnne {

/// The weights of attention that a pullback needs: of each head [keys][queries], rows of queries padded.
template <class T, std::size_t Heads, std::size_t Steps>
using AttentionWeights = Rows<T, Heads * Steps, padded(Steps)>;

/// 1 / sqrt(depth of a head).
template <std::size_t Depth>
inline constexpr double attention_scale = 1 / constant_math::sqrt(Depth);

/// The weights of one head, of those of a cell.
template <std::size_t Steps, class T, std::size_t Stride>
constexpr Rows<T, Steps> weights_of_head(Rows<T, Stride> of_cell, std::size_t head) {
  return of_cell.slice(head * Steps, Steps).template columns<Steps>(0);
}

namespace detail {

/// Calls f(row, head, q, k, v, o) for each head of each row: columns of qkv [Steps, 3 Width] and o [Steps,
/// Width].
template <std::size_t Heads, std::size_t Width, class T, std::size_t Steps, std::size_t QKV, class U, class F>
constexpr void each_head(Rows<const T, Steps, QKV> qkv, Rows<U, Steps, Width> o, const F& f) {
  static_assert(QKV == 3 * Width && Width % Heads == 0);
  constexpr std::size_t depth = Width / Heads;
  for (std::size_t row = 0; row < qkv.count(); ++row)
    for (std::size_t head = 0; head < Heads; ++head) {
      const auto part = [&](std::size_t which) {
        return qkv.steps(row).template columns<depth>(which * Width + head * depth);
      };
      f(row, head, part(0), part(1), part(2), o.steps(row).template columns<depth>(head * depth));
    }
}

}  // namespace detail

}  // namespace chemnne
