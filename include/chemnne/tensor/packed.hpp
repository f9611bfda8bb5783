#pragma once
#include <cstddef>
#include <type_traits>

namespace chemnne {

/// Weights [K, N] and bias [N] of an affine map in the order in which a backend's product reads them: made
/// once by the backend's `pack`, `packed_size` scalars long, of no use to another backend.
template <class T, std::size_t K, std::size_t N>
struct Packed {
  T* data = nullptr;

  constexpr Packed() = default;
  constexpr explicit Packed(T* packed) : data(packed) {}
  /// Weights to read from weights to write.
  template <class U>
  requires(!std::is_const_v<U> && std::is_same_v<const U, T>)  //
      constexpr Packed(Packed<U, K, N> weights)
      : data(weights.data) {}
};

}  // namespace chemnne
