#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <type_traits>

#if !defined(CHEMNNE_WITHOUT_XSIMD) && __has_include(<xsimd/xsimd.hpp>)
#include <chemnne/backend/simd.hpp>
#endif
#if defined(CHEMNNE_SIMD)
#include <chemnne/backend/multiply_add.hpp>
#include <chemnne/backend/vector_functions.hpp>
#include <chemnne/backend/vector_logarithm.hpp>
#endif

namespace chemnne {

/// One number of each of `count` cells, 64 bytes together: arithmetic runs over all of them at once.
///
/// There are as many on every machine, 16 floats or 8 doubles, in `Parts` registers of type V (a SIMD batch,
/// or a scalar where there is no xsimd), so that what a program computes depends on the instruction set by
/// roundings alone. In memory a quantity of `count` cells is T[count], aligned to 64 bytes; an array of
/// quantities is T[items][count].
template <class V, std::size_t Parts>
struct Lanes {
  V part[Parts];

  static constexpr auto scalar_of() {
    if constexpr (std::is_floating_point_v<V>)
      return V{};
    else
      return typename V::value_type{};
  }
  using T = decltype(scalar_of());
  static constexpr std::size_t count = 64 / sizeof(T);
  static constexpr std::size_t width = count / Parts;

  /// A yes or no of each cell.
  struct Mask {
    decltype(V{} < V{}) part[Parts];
    friend Mask operator&(const Mask& a, const Mask& b) {
      Mask r;
      for (std::size_t p = 0; p < Parts; ++p) r.part[p] = a.part[p] && b.part[p];
      return r;
    }
  };

  Lanes() = default;
  /// The same number in each.
  [[gnu::always_inline]] Lanes(T value) {
    for (V& v : part) v = V(value);
  }

  /// From memory, item `item` of an array.
  [[gnu::always_inline]] static Lanes load(const T* memory, std::size_t item = 0) {
    Lanes r;
    for (std::size_t p = 0; p < Parts; ++p)
      if constexpr (std::is_floating_point_v<V>)
        r.part[p] = memory[item * count + p];
      else
        r.part[p] = V::load_aligned(memory + item * count + p * width);
    return r;
  }
  [[gnu::always_inline]] void store(T* memory, std::size_t item = 0) const {
    for (std::size_t p = 0; p < Parts; ++p)
      if constexpr (std::is_floating_point_v<V>)
        memory[item * count + p] = part[p];
      else
        part[p].store_aligned(memory + item * count + p * width);
  }

  template <class F>
  [[gnu::always_inline]] static Lanes map(const F& f, const Lanes& a) {
    Lanes r;
    for (std::size_t p = 0; p < Parts; ++p) r.part[p] = f(a.part[p]);
    return r;
  }
  template <class F>
  [[gnu::always_inline]] static Lanes map(const F& f, const Lanes& a, const Lanes& b) {
    Lanes r;
    for (std::size_t p = 0; p < Parts; ++p) r.part[p] = f(a.part[p], b.part[p]);
    return r;
  }
  template <class F>
  [[gnu::always_inline]] static Mask compare(const F& f, const Lanes& a, const Lanes& b) {
    Mask r;
    for (std::size_t p = 0; p < Parts; ++p) r.part[p] = f(a.part[p], b.part[p]);
    return r;
  }

  [[gnu::always_inline]] friend Lanes operator+(const Lanes& a, const Lanes& b) {
    return map([](const V& x, const V& y) { return V(x + y); }, a, b);
  }
  [[gnu::always_inline]] friend Lanes operator-(const Lanes& a, const Lanes& b) {
    return map([](const V& x, const V& y) { return V(x - y); }, a, b);
  }
  [[gnu::always_inline]] friend Lanes operator*(const Lanes& a, const Lanes& b) {
    return map([](const V& x, const V& y) { return V(x * y); }, a, b);
  }
  [[gnu::always_inline]] friend Lanes operator/(const Lanes& a, const Lanes& b) {
    return map([](const V& x, const V& y) { return V(x / y); }, a, b);
  }
  [[gnu::always_inline]] friend Lanes operator-(const Lanes& a) {
    return map([](const V& x) { return V(-x); }, a);
  }
  Lanes& operator+=(const Lanes& b) { return *this = *this + b; }
  Lanes& operator-=(const Lanes& b) { return *this = *this - b; }
  Lanes& operator*=(const Lanes& b) { return *this = *this * b; }

  friend Mask operator<(const Lanes& a, const Lanes& b) {
    return compare([](const V& x, const V& y) { return x < y; }, a, b);
  }
  friend Mask operator<=(const Lanes& a, const Lanes& b) {
    return compare([](const V& x, const V& y) { return x <= y; }, a, b);
  }

  /// a where `mask`, else b.
  [[gnu::always_inline]] friend Lanes select(const Mask& mask, const Lanes& a, const Lanes& b) {
    Lanes r;
    for (std::size_t p = 0; p < Parts; ++p)
      if constexpr (std::is_floating_point_v<V>)
        r.part[p] = mask.part[p] ? a.part[p] : b.part[p];
      else
        r.part[p] = xsimd_select(mask.part[p], a.part[p], b.part[p]);
    return r;
  }
  /// The smaller; b where one is not a number.
  [[gnu::always_inline]] friend Lanes min(const Lanes& a, const Lanes& b) { return select(a < b, a, b); }
  /// The larger; b where one is not a number.
  [[gnu::always_inline]] friend Lanes max(const Lanes& a, const Lanes& b) { return select(b < a, a, b); }

  friend Lanes abs(const Lanes& a) {
    using std::abs;
    return map([](const V& x) { return V(abs(x)); }, a);
  }
  friend Lanes sqrt(const Lanes& a) {
    using std::sqrt;
    return map([](const V& x) { return V(sqrt(x)); }, a);
  }
  friend Lanes exp(const Lanes& a) {
    return map([](const V& x) { return V(exponential(x)); }, a);
  }
  friend Lanes log(const Lanes& a) {
    return map([](const V& x) { return V(logarithm(x)); }, a);
  }

  // Rare in rates: one number after the other.
  friend Lanes sin(const Lanes& a) {
    return each([](T x, T) { return std::sin(x); }, a, a);
  }
  friend Lanes cos(const Lanes& a) {
    return each([](T x, T) { return std::cos(x); }, a, a);
  }
  friend Lanes trunc(const Lanes& a) {
    return each([](T x, T) { return std::trunc(x); }, a, a);
  }
  friend Lanes atan2(const Lanes& a, const Lanes& b) {
    return each([](T x, T y) { return std::atan2(x, y); }, a, b);
  }
  friend Lanes pow(const Lanes& a, const Lanes& b) {
    return each([](T x, T y) { return std::pow(x, y); }, a, b);
  }

  /// a b + c, rounded once where the instruction set can.
  [[gnu::always_inline]] friend Lanes multiply_add(const Lanes& a, const Lanes& b, const Lanes& c) {
    Lanes r;
    for (std::size_t p = 0; p < Parts; ++p)
      if constexpr (std::is_floating_point_v<V>)
        r.part[p] = a.part[p] * b.part[p] + c.part[p];
      else
        r.part[p] = fused(a.part[p], b.part[p], c.part[p]);
    return r;
  }

 private:
  template <class F>
  static Lanes each(const F& f, const Lanes& a, const Lanes& b) {
    constexpr std::size_t items = sizeof(Lanes) / sizeof(T);
    alignas(64) T x[items], y[items];
    a.store(x);
    b.store(y);
    for (std::size_t i = 0; i < items; ++i) x[i] = f(x[i], y[i]);
    return load(x);
  }
  static V exponential(const V& x) {
#if defined(CHEMNNE_SIMD) && !defined(__FAST_MATH__)
    if constexpr (std::is_same_v<V, double>)
      return std::exp(x);
    else if constexpr (std::is_same_v<T, double>)
      return detail::exponential(x);
    else
      return Elementary<V>::exponential(x);
#else
    using std::exp;
    return exp(x);
#endif
  }
  static V logarithm(const V& x) {
#if defined(CHEMNNE_SIMD) && !defined(__FAST_MATH__)
    if constexpr (std::is_floating_point_v<V>)
      return std::log(x);
    else
      return detail::logarithm(x);
#else
    using std::log;
    return log(x);
#endif
  }
#if defined(CHEMNNE_SIMD)
  template <class M>
  [[gnu::always_inline]] static V xsimd_select(const M& mask, const V& a, const V& b) {
    return xsimd::select(mask, a, b);
  }
  [[gnu::always_inline]] static V fused(const V& a, const V& b, const V& c) {
    return detail::multiply_add(a, b, c);
  }
#endif
};

namespace detail {

template <class T>
constexpr auto native_lanes() {
#if defined(CHEMNNE_SIMD)
  if constexpr (xsimd::has_simd_register<T>::value)
    return std::type_identity<Lanes<xsimd::batch<T>, 64 / sizeof(T) / xsimd::batch<T>::size> >{};
  else
#endif
    return std::type_identity<Lanes<T, 64 / sizeof(T)> >{};
}

}  // namespace detail

/// Of T, in the widest registers that this translation unit is compiled for.
template <class T>
using NativeLanes = typename decltype(detail::native_lanes<T>())::type;

}  // namespace chemnne
