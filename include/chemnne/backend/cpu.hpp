#pragma once
#include <algorithm>
#include <cstddef>
#include <span>

#include <chemnne/backend/bf16.hpp>
#include <chemnne/backend/cpu_attention.hpp>
#include <chemnne/backend/cpu_gemm.hpp>
#include <chemnne/backend/simd.hpp>
#include <chemnne/backend/transpose.hpp>
#include <chemnne/backend/vector_functions.hpp>
#include <chemnne/tensor/buffer.hpp>
#include <chemnne/tensor/rows.hpp>

#ifndef CHEMNNE_SIMD
#error "xsimd does not know this processor: take the backend Reference, as chemnne/emulator.hpp does"
#endif

namespace chemnne {

/// The primitives of `Reference` with SIMD for the instruction set `Arch` (a type: two sets can live in one
/// program).
///
/// Threads are not used inside a primitive: cells are independent, so callers split them into blocks over
/// threads
/// (`BlockRunner`), which needs no synchronisation within a layer. Remainders of a row run through the same
/// vector code as whole registers, so that a result depends neither on the batch split nor on the number of
/// threads. One exception, in double: xsimd 8.1 reduces the angles of sin and cos by another method for a
/// whole register where one of them is beyond 20 pi or not a number, which can change the last bits of its
/// neighbours.
template <class Arch = xsimd::default_arch, class Products = InFull>
struct Cpu {
  template <class T>
  using Batch = xsimd::batch<T, Arch>;

  template <class T, std::size_t K, std::size_t N>
  static void affine(Rows<const T, K> a, Rows<const T, N> b, std::span<const T, N> bias, Rows<T, N> c) {
    product<detail::Start::bias>(a, b, bias.data(), c);
  }

  template <class T, std::size_t K, std::size_t N>
  static constexpr std::size_t packed_size = (K + 1) * detail::Tile<Batch<T>>::padded_columns(N);

  template <class T, std::size_t K, std::size_t N>
  static void pack(Rows<const T, N> w, std::span<const T, N> bias, Packed<T, K, N> packed) {
    detail::pack<Batch<T>, T, K, N>(w, bias.data(), packed.data);
  }

  template <class F, class T, std::size_t K, std::size_t N, class... More>
  static void affine_map(F f, Rows<const T, K> a, Packed<const T, K, N> w, Rows<T, N> y, More... more) {
    detail::packed_affine<Batch<T>>(f, a, w.data, y, more...);
  }

  template <class T, std::size_t K, std::size_t N>
  static void matmul(Rows<const T, K> a, Rows<const T, N> b, Rows<T, N> c) {
    product<detail::Start::zero>(a, b, c.data(), c);
  }

  template <class T, std::size_t K, std::size_t N>
  static void matmul_accumulate(Rows<const T, K> a, Rows<const T, N> b, Rows<T, N> c) {
    product<detail::Start::add>(a, b, c.data(), c);
  }

  template <class T, std::size_t K, std::size_t N>
  static void matmul_transposed(Rows<const T, K> a, Rows<const T, K> b, Rows<T, N> c) {
    const auto pack = [b](T* to, std::size_t stride, std::size_t k0, std::size_t depth, std::size_t n0,
                          std::size_t width) {
      detail::transpose(b[n0] + k0, b.stride(), width, depth, to, stride);
    };
    detail::gemm<detail::Start::zero, N, Batch<T>, false>(a.count(), K, left(a), b.data(), 0, pack, c.data(),
                                                          c.data(), c.stride());
  }

  template <class T, std::size_t M, std::size_t N>
  static void outer_accumulate(Rows<const T, M> a, Rows<const T, N> b, Rows<T, N> c) {
    const auto pack = copy_columns(b);
    const detail::LeftMatrix<T> transposed{a.data(), 1, a.stride()};
    detail::gemm<detail::Start::add, N, Batch<T>, true>(M, a.count(), transposed, b.data(), b.stride(), pack,
                                                        c.data(), c.data(), c.stride());
  }

  template <class T, std::size_t N>
  static void sum_rows_accumulate(Rows<const T, N> a, std::span<T, N> sum) {
    for (std::size_t row = 0; row < a.count(); ++row)
      for (std::size_t n = 0; n < N; ++n) sum[n] += a[row][n];
  }

  template <class F, class T, std::size_t... E, class... More>
  static void map(F f, Rows<T, E...> y, Rows<const T, E...> x, More... more) {
    if (x.contiguous() && y.contiguous() && (more.contiguous() && ...))
      map_span(f, x.count() * x.size, y.data(), x.data(), more.data()...);
    else
      for (std::size_t row = 0; row < x.count(); ++row) map_span(f, x.size, y[row], x[row], more[row]...);
  }

  template <class F, class T, std::size_t N, class... Constants>
  static void map_columns(F f, Rows<T, N> y, Rows<const T, N> x, Constants... constants) {
    for (std::size_t row = 0; row < x.count(); ++row) map_span(f, N, y[row], x[row], constants.data()...);
  }

  template <class T, std::size_t D, std::size_t S>
  static void attend(Rows<const T, D> q, Rows<const T, D> k, Rows<const T, D> v, T scale, Rows<T, S> weights,
                     Rows<T, D> o) {
    detail::attend<Batch<T>>(q, k, v, scale, weights, o);
  }

  template <class T, std::size_t D, std::size_t S>
  static void attend_pullback(Rows<const T, D> q, Rows<const T, D> k, Rows<const T, D> v, T scale,
                              Rows<const T, S> weights, Rows<const T, D> d_o, Rows<T, D> dq, Rows<T, D> dk,
                              Rows<T, D> dv, Rows<T, S> dscores) {
    detail::attend_pullback<Batch<T>>(q, k, v, scale, weights, d_o, dq, dk, dv, dscores);
  }

 private:
  template <class T>
  static Batch<T> load(const T* x, std::size_t i) {
    return Batch<T>::load_unaligned(x + i);
  }

  /// The last `count` < lanes scalars in a whole register, so that they see the same arithmetic as all
  /// others.
  template <class T>
  static Batch<T> load_part(const T* x, std::size_t i, std::size_t count) {
    alignas(alignment_bytes) T part[Batch<T>::size];
    for (std::size_t lane = 0; lane < Batch<T>::size; ++lane) part[lane] = x[lane < count ? i + lane : i];
    return Batch<T>::load_aligned(part);
  }

  template <class F, class T, class... Inputs>
  static void map_span(F f, std::size_t count, T* y, Inputs... x) {
    constexpr std::size_t lanes = Batch<T>::size;
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes) Batch<T>(f(load(x, i)...)).store_unaligned(y + i);
    if (i < count) {
      alignas(alignment_bytes) T part[lanes];
      Batch<T>(f(load_part(x, i, count - i)...)).store_aligned(part);
      std::copy_n(part, std::min(count - i, lanes), y + i);  // min: or g++ 12 sees more
    }
  }

  template <class T, std::size_t K>
  static detail::LeftMatrix<T> left(Rows<const T, K> a) {
    return {a.data(), a.stride(), 1};
  }

  template <class T, std::size_t N>
  static auto copy_columns(Rows<const T, N> b) {
    return
        [b](T* to, std::size_t stride, std::size_t k0, std::size_t depth, std::size_t n0, std::size_t width) {
          for (std::size_t k = 0; k < depth; ++k) std::copy_n(b[k0 + k] + n0, width, to + k * stride);
        };
  }

  template <detail::Start S, class T, std::size_t K, std::size_t N>
  static void product(Rows<const T, K> a, Rows<const T, N> b, const T* bias, Rows<T, N> c) {
    detail::gemm<S, N, Batch<T>, true>(a.count(), K, left(a), b.data(), b.stride(), copy_columns(b), bias,
                                       c.data(), c.stride());
  }
};

}  // namespace chemnne
