#pragma once
#include <cstddef>
#include <span>
#include <type_traits>

#include <chemnne/backend/bf16_unit.hpp>
#include <chemnne/backend/cpu.hpp>
#include <chemnne/backend/cpu_bf16_gemm.hpp>

namespace chemnne {

/// `Cpu<Arch>` whose packed affine maps of floats multiply in bf16: weights and rows are rounded, sums are
/// floats, bias and what follows a product are in full. `ReferenceBf16` is its specification. All other
/// primitives, and all in double, are those of `Cpu<Arch>`.
///
/// By which instructions is settled once a process, by processor (`bf16_unit`); where none is worth it the
/// products are in full, too. An element of a result is summed in the order of k, whatever rows share a call.
template <class Arch, bool Vectors, bool Tiles>
struct Cpu<Arch, Bf16With<Vectors, Tiles>> : Cpu<Arch> {
  using Precise = Cpu<Arch>;
  template <class T>
  using Batch = typename Precise::template Batch<T>;

  template <class T, std::size_t K, std::size_t N>
  static void pack(Rows<const T, N> w, std::span<const T, N> bias, Packed<T, K, N> packed) {
    if constexpr (std::is_same_v<T, float> && vectors)
      if (unit() == Bf16Unit::vectors) return detail::pack_pairs<Batch<T>, K, N>(w, bias.data(), packed.data);
    Precise::pack(w, bias, packed);
  }

  template <class F, class T, std::size_t K, std::size_t N, class... More>
  static void affine_map(F f, Rows<const T, K> a, Packed<const T, K, N> w, Rows<T, N> y, More... more) {
    if constexpr (std::is_same_v<T, float> && vectors)
      if (unit() == Bf16Unit::vectors) return detail::paired_affine<Batch<T>>(f, a, w.data, y, more...);
    Precise::affine_map(f, a, w, y, more...);
  }

  /// What multiplies on this processor.
  static Bf16Unit unit() {
    static const Bf16Unit chosen = bf16_unit<Bf16With<Vectors, Tiles>>();
    return chosen;
  }

 private:
  static constexpr bool vectors = Vectors && Batch<float>::size == 16;
};

static_assert(Backend<Cpu<xsimd::default_arch, Bf16>>);

}  // namespace chemnne
