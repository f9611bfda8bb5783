#pragma once
#include <algorithm>
#include <cstddef>
#include <span>

#include <chemnne/autodiff/dual.hpp>
#include <chemnne/backend/elementary.hpp>
#include <chemnne/backend/operand.hpp>
#include <chemnne/backend/reference.hpp>
#include <chemnne/tensor/buffer.hpp>

namespace chemnne {

/// The functions of a dual number over a SIMD batch, by those of the batch.
template <class V>
requires requires { typename V::value_type; }
struct Elementary<Dual<V>> {
  using D = Dual<V>;
  static D at_least(const D& x, const D& least) {
    return {Elementary<V>::at_least(x.value, least.value),
            select(x.value < least.value, least.tangent, x.tangent)};
  }
  static D sine(const D& x) {
    return {Elementary<V>::sine(x.value), Elementary<V>::cosine(x.value) * x.tangent};
  }
  static D cosine(const D& x) {
    return {Elementary<V>::cosine(x.value), -Elementary<V>::sine(x.value) * x.tangent};
  }
  static D exponential(const D& x) {
    const V y = Elementary<V>::exponential(x.value);
    return {y, y * x.tangent};
  }
  static D softplus(const D& x) {
    const V one(typename V::value_type(1));
    return {Elementary<V>::softplus(x.value), x.tangent / (one + Elementary<V>::exponential(-x.value))};
  }
  static D normal_distribution(const D& x) {
    return {Elementary<V>::normal_distribution(x.value), Elementary<V>::normal_density(x.value) * x.tangent};
  }
};

/// The primitives of a forward for dual numbers: where Base has SIMD batches, products by its products of
/// values and tangents, maps over duals of batches; the rest, and all of it for another Base, in the plain
/// loops of `Reference`. It is held to the numbers of `Reference`.
template <class Base>
struct DualBackend : Reference {};

/// Where Base has SIMD batches.
template <class Base>
requires requires { typename Base::template Batch<float>; }
struct DualBackend<Base> : Reference {
  template <class T, std::size_t K, std::size_t N>
  static void affine(Rows<const Dual<T>, K> a, Rows<const Dual<T>, N> b, std::span<const Dual<T>, N> bias,
                     Rows<Dual<T>, N> c) {
    multiply(a, b,
             [bias, c](std::size_t row, std::size_t n, const Dual<T>& sum) { c[row][n] = bias[n] + sum; });
  }
  template <class T, std::size_t K, std::size_t N>
  static void matmul(Rows<const Dual<T>, K> a, Rows<const Dual<T>, N> b, Rows<Dual<T>, N> c) {
    multiply(a, b, [c](std::size_t row, std::size_t n, const Dual<T>& sum) { c[row][n] = sum; });
  }
  template <class T, std::size_t K, std::size_t N>
  static void matmul_accumulate(Rows<const Dual<T>, K> a, Rows<const Dual<T>, N> b, Rows<Dual<T>, N> c) {
    multiply(a, b, [c](std::size_t row, std::size_t n, const Dual<T>& sum) { c[row][n] += sum; });
  }

  template <class F, class T, std::size_t... E, class... Operands>
  static void map(F f, Rows<Dual<T>, E...> y, Operands... operands) {
    constexpr std::size_t length = detail::common_length<Rows<Dual<T>, E...>::size, Operands...>();
    for (std::size_t row = 0; row < y.count(); ++row)
      for (std::size_t first = 0; first < y.size; first += length)
        map_row<T>(f, length, y[row] + first, detail::operand_at(operands, row, first)...);
  }

 private:
  /// put(row, n, (a b)_rn). In memory b is [K][2 N], values and tangents by turns, so that the products of
  /// a's values with it are (a b, a db) and those of a's tangents (da b, da db).
  template <class T, std::size_t K, std::size_t N, class Put>
  static void multiply(Rows<const Dual<T>, K> a, Rows<const Dual<T>, N> b, const Put& put) {
    static_assert(sizeof(Dual<T>) == 2 * sizeof(T));
    constexpr std::size_t items = 16 * 1024, largest = std::clamp<std::size_t>(items / (K + 2 * N), 1, 48);
    alignas(alignment_bytes) T left[2 * largest * K];
    alignas(alignment_bytes) T sum[2 * largest * 2 * N];
    const Rows<const T, 2 * N> right(&b.data()->value, K, 2 * b.stride());
    for (std::size_t first = 0; first < a.count(); first += largest) {
      const std::size_t rows = std::min(largest, a.count() - first);
      for (std::size_t row = 0; row < rows; ++row)
        for (std::size_t k = 0; k < K; ++k) {
          left[row * K + k] = a[first + row][k].value;
          left[(rows + row) * K + k] = a[first + row][k].tangent;
        }
      Base::matmul(Rows<const T, K>(left, 2 * rows), right, Rows<T, 2 * N>(sum, 2 * rows));
      for (std::size_t row = 0; row < rows; ++row) {
        const T* const of_value = sum + row * 2 * N;
        const T* const of_tangent = sum + (rows + row) * 2 * N;
        for (std::size_t n = 0; n < N; ++n)
          put(first + row, n, Dual<T>(of_value[2 * n], of_value[2 * n + 1] + of_tangent[2 * n]));
      }
    }
  }

  template <class T>
  static auto load(const Dual<T>* x, std::size_t count) {
    using V = typename Base::template Batch<T>;
    alignas(alignment_bytes) T value[V::size], tangent[V::size];
    for (std::size_t lane = 0; lane < V::size; ++lane) {
      value[lane] = x[lane < count ? lane : 0].value;
      tangent[lane] = x[lane < count ? lane : 0].tangent;
    }
    return Dual<V>(V::load_aligned(value), V::load_aligned(tangent));
  }

  template <class T, class F, class... Inputs>
  static void map_row(F f, std::size_t size, Dual<T>* y, Inputs... x) {
    using V = typename Base::template Batch<T>;
    for (std::size_t i = 0; i < size; i += V::size) {
      const std::size_t count = std::min(size - i, V::size);
      const Dual<V> result = f(load(x + i, count)...);
      alignas(alignment_bytes) T value[V::size], tangent[V::size];
      result.value.store_aligned(value);
      result.tangent.store_aligned(tangent);
      for (std::size_t lane = 0; lane < count; ++lane) y[i + lane] = {value[lane], tangent[lane]};
    }
  }
};

}  // namespace chemnne
