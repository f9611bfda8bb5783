#pragma once
#include <algorithm>
#include <cstddef>
#include <span>

#include <chemnne/backend/attention_heads.hpp>
#include <chemnne/backend/backend.hpp>
#include <chemnne/backend/bf16.hpp>
#include <chemnne/backend/cpu_attention.hpp>
#include <chemnne/backend/cpu_gemm.hpp>
#include <chemnne/backend/operand.hpp>
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

  template <class T, std::size_t... E>
  static void fill(Rows<T, E...> y, const T& value) {
    y.fill(value);
  }

  template <class F, class T, std::size_t... E, class... Operands>
  static void map(F f, Rows<T, E...> y, Operands... operands) {
    constexpr std::size_t length = detail::common_length<Rows<T, E...>::size, Operands...>();
    if (y.contiguous() && (detail::contiguous(operands) && ...))
      map_span(f, y.count() * y.size, y.data(), operands.data()...);
    else
      for (std::size_t row = 0; row < y.count(); ++row)
        for (std::size_t first = 0; first < y.size; first += length)
          map_span(f, length, y[row] + first, detail::operand_at(operands, row, first)...);
  }

  template <class M, std::size_t Columns, class T, std::size_t From, std::size_t To, std::size_t Width>
  static void along_steps(Rows<const T, From, Width> x, Rows<T, To, Width> y, std::size_t first = 0) {
    const Rows<const T, From> matrix(M::template value<T>.element.data(), To);
    for (std::size_t row = 0; row < x.count(); ++row)
      matmul(matrix, x.steps(row).template columns<Columns>(first),
             y.steps(row).template columns<Columns>(first));
  }

  template <class M, std::size_t Columns, class T, std::size_t From, std::size_t To, std::size_t Width>
  static void along_steps_from(Rows<const T, Columns> start, Rows<const T, From, Width> x,
                               Rows<T, To, Width> y) {
    const Rows<const T, From> matrix(M::template value<T>.element.data(), To);
    for (std::size_t row = 0; row < x.count(); ++row)
      affine(matrix, x.steps(row).template columns<Columns>(0),
             std::span<const T, Columns>(start[row], Columns), y.steps(row).template columns<Columns>(0));
  }

  template <std::size_t Outputs, std::size_t Known, class T, std::size_t Nodes, std::size_t Terms,
            std::size_t Head, std::size_t Width>
  static void mode_product(Rows<const T, Nodes, Terms> basis, Rows<const T, Head> head,
                           Rows<T, Nodes, Width> y, std::size_t first = 0) {
    static_assert(Head == mode_coefficients(Terms, Outputs, Known));
    constexpr std::size_t levels = Outputs - Known;
    for (std::size_t row = 0; row < y.count(); ++row) {
      const Rows<const T, Outputs> c(head[row], Terms);
      if constexpr (Known > 0)
        matmul(basis.steps(row), c.template columns<Known>(0), y.steps(row).template columns<Known>(first));
      if constexpr (levels > 0)
        affine(basis.steps(row), c.template columns<levels>(Known),
               std::span<const T, levels>(head[row] + Terms * Outputs, levels),
               y.steps(row).template columns<levels>(first + Known));
    }
  }

  template <std::size_t Known, class T, std::size_t Nodes, std::size_t Terms, std::size_t Head,
            std::size_t Outputs>
  static void mode_product_pullback(Rows<const T, Nodes, Terms> basis, Rows<const T, Head> head,
                                    Rows<const T, Nodes, Outputs> dy, Rows<T, Head> dhead,
                                    Rows<T, Nodes, Terms> dbasis) {
    static_assert(Head == mode_coefficients(Terms, Outputs, Known));
    constexpr std::size_t levels = Outputs - Known;
    dhead.fill(T(0));
    for (std::size_t row = 0; row < dy.count(); ++row) {
      outer_accumulate(basis.steps(row), dy.steps(row), Rows<T, Outputs>(dhead[row], Terms));
      if constexpr (levels > 0)
        sum_rows_accumulate(dy.steps(row).template columns<levels>(Known),
                            std::span<T, levels>(dhead[row] + Terms * Outputs, levels));
      matmul_transposed(dy.steps(row), Rows<const T, Outputs>(head[row], Terms), dbasis.steps(row));
    }
  }

  template <std::size_t Heads, class T, std::size_t Steps, std::size_t QKV, std::size_t Width>
  static void attend(Rows<const T, Steps, QKV> qkv, AttentionWeights<T, Heads, Steps> weights,
                     Rows<T, Steps, Width> o) {
    detail::each_head<Heads, Width>(
        qkv, o, [&](std::size_t row, std::size_t head, auto q, auto k, auto v, auto y) {
          detail::attend<Batch<T>>(q, k, v, weights_of_head<Steps>(weights.steps(row), head), y);
        });
  }

  template <std::size_t Heads, class T, std::size_t Steps, std::size_t QKV, std::size_t Width>
  static void attend(Rows<const T, Steps, QKV> qkv, Rows<T, Steps, Width> o) {
    alignas(alignment_bytes) T memory[Steps * padded(Steps)];
    const Rows<T, Steps> weights(memory, Steps, padded(Steps));
    detail::each_head<Heads, Width>(qkv, o, [&](std::size_t, std::size_t, auto q, auto k, auto v, auto y) {
      detail::attend<Batch<T>>(q, k, v, weights, y);
    });
  }

  template <std::size_t Heads, class T, std::size_t Steps, std::size_t QKV, std::size_t Width>
  static void attend_pullback(Rows<const T, Steps, QKV> qkv, AttentionWeights<const T, Heads, Steps> weights,
                              Rows<const T, Steps, Width> d_o, Rows<T, Steps, QKV> dqkv) {
    constexpr std::size_t depth = Width / Heads;
    alignas(alignment_bytes) T memory[Steps * padded(Steps)];
    const Rows<T, Steps> dscores(memory, Steps, padded(Steps));
    detail::each_head<Heads, Width>(
        qkv, d_o, [&](std::size_t row, std::size_t head, auto q, auto k, auto v, auto cotangent) {
          const auto part = [&](std::size_t which) {
            return dqkv.steps(row).template columns<depth>(which * Width + head * depth);
          };
          detail::attend_pullback<Batch<T>>(q, k, v, weights_of_head<Steps>(weights.steps(row), head),
                                            cotangent, part(0), part(1), part(2), dscores);
        });
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

static_assert(Backend<Cpu<>> && Backend<Cpu<>, double>);

}  // namespace chemnne
