#pragma once
#include <algorithm>
#include <cstddef>
#include <span>
#include <type_traits>

#include <chemnne/backend/bf16.hpp>
#include <chemnne/backend/reference.hpp>

namespace chemnne {

/// The specification of affine maps in bf16: weights and rows of floats are rounded, each product of two of
/// them is exact in float, the bias is added in full. All else, and all in other scalars, is `Reference`.
struct ReferenceBf16 : Reference {
  using Precise = Reference;

  template <class T, std::size_t K, std::size_t N>
  static constexpr void pack(Rows<const T, N> w, std::span<const T, N> bias, Packed<T, K, N> packed) {
    Reference::pack(w, bias, packed);
    if constexpr (std::is_same_v<T, float>)
      std::transform(packed.data, packed.data + K * N, packed.data, rounded_to_bf16);
  }

  template <class F, class T, std::size_t K, std::size_t N, class... More>
  static constexpr void affine_map(F f, Rows<const T, K> a, Packed<const T, K, N> w, Rows<T, N> y,
                                   More... more) {
    if constexpr (!std::is_same_v<T, float>)
      Reference::affine_map(f, a, w, y, more...);
    else
      for (std::size_t row = 0; row < a.count(); ++row) {
        T rounded[K]{};
        std::transform(a[row], a[row] + K, rounded, rounded_to_bf16);
        Reference::affine_map(f, Rows<const T, K>(rounded, 1), w, y.slice(row, 1), more.slice(row, 1)...);
      }
  }
};

static_assert(Backend<ReferenceBf16>);

}  // namespace chemnne
