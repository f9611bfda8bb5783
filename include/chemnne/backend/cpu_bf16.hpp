#pragma once
#include <algorithm>
#include <cstddef>
#include <span>
#include <type_traits>

#include <chemnne/backend/bf16_unit.hpp>
#include <chemnne/backend/cpu.hpp>
#include <chemnne/backend/cpu_bf16_gemm.hpp>
#include <chemnne/backend/cpu_bf16_tiles.hpp>

namespace chemnne {

/// `Cpu<Arch>` whose packed affine maps of floats multiply in bf16: weights and rows are rounded, sums are
/// floats, bias and what follows a product are in full. `ReferenceBf16` is its specification. All other
/// primitives, and all in double, are those of `Cpu<Arch>`.
///
/// By which instructions is settled once a process, by processor (`bf16_unit`); where none is worth it the
/// products are in full, too. The order in which an element is summed does not depend on what rows share a
/// call.
template <class Arch, bool Vectors, bool Tiles>
struct Cpu<Arch, Bf16With<Vectors, Tiles>> : Cpu<Arch> {
  using Precise = Cpu<Arch>;
  template <class T>
  using Batch = typename Precise::template Batch<T>;

  /// That of floats, the largest but for few k in whole tiles.
  template <class T, std::size_t K, std::size_t N>
  static constexpr std::size_t packed_size = std::max(Precise::template packed_size<T, K, N>,
                                                      Tiles ? (detail::tile_depth<K> + 1) *
                                                                  detail::Tile<Batch<T>>::padded_columns(N)
                                                            : 0);

  template <class T, std::size_t K, std::size_t N>
  static void pack(Rows<const T, N> w, std::span<const T, N> bias, Packed<T, K, N> packed) {
    if constexpr (multiplies<T>) {
      if (unit() == Bf16Unit::vectors)
        return detail::pack_pairs<Batch<T>, K, detail::pair_depth<K>>(w, bias.data(), packed.data);
      if constexpr (Tiles)
        if (unit() == Bf16Unit::tiles)
          return detail::pack_pairs<Batch<T>, K, detail::tile_depth<K>>(w, bias.data(), packed.data);
    }
    Precise::pack(w, bias, packed);
  }

  template <class F, class T, std::size_t K, std::size_t N, class... More>
  static void affine_map(F f, Rows<const T, K> a, Packed<const T, K, N> w, Rows<T, N> y, More... more) {
    if constexpr (multiplies<T>) {
      if (unit() == Bf16Unit::vectors) return detail::paired_affine<Batch<T>>(f, a, w.data, y, more...);
      if constexpr (Tiles)
        if (unit() == Bf16Unit::tiles) return detail::tiled_affine<Batch<T>>(f, a, w.data, y, more...);
    }
    Precise::affine_map(f, a, w, y, more...);
  }

  /// What multiplies on this processor.
  static Bf16Unit unit() {
    static const Bf16Unit chosen = bf16_unit<Bf16With<Vectors, Tiles>>();
    return chosen;
  }

 private:
  /// Registers of AVX-512 hold what both units multiply.
  template <class T>
  static constexpr bool multiplies = Vectors&& std::is_same_v<T, float>&& Batch<float>::size == 16;
};

static_assert(Backend<Cpu<xsimd::default_arch, Bf16>>);

}  // namespace chemnne
