#pragma once
#include <cstddef>

namespace chemnne {

/// Weights [K, N] and bias [N] of an affine map in the order in which a backend's product reads them: made
/// once by the backend's `pack`, `packed_size` scalars long, of no use to another backend.
template <class T, std::size_t K, std::size_t N>
struct Packed {
  T* data = nullptr;

  constexpr operator Packed<const T, K, N>() const { return {data}; }
};

}  // namespace chemnne
