#pragma once
#include <numbers>

#include <chemnne/backend/elementary.hpp>

/// @file
/// What layers do with a backend's `map`: functors of scalars, dual numbers and SIMD batches alike.
namespace chemnne {

/// The value itself: a copy, and what a product is given where nothing follows it.
struct Unchanged {
  template <class V>
  constexpr V operator()(const V& v) const {
    return v;
  }
};

/// -a.
struct Negate {
  template <class V>
  constexpr V operator()(const V& a) const {
    return -a;
  }
};

/// a + b.
struct Add {
  template <class V>
  constexpr V operator()(const V& a, const V& b) const {
    return a + b;
  }
};

/// a - b.
struct Subtract {
  template <class V>
  constexpr V operator()(const V& a, const V& b) const {
    return a - b;
  }
};

/// a b.
struct Multiply {
  template <class V>
  constexpr V operator()(const V& a, const V& b) const {
    return a * b;
  }
};

/// a b + c.
struct MultiplyAdd {
  template <class V>
  constexpr V operator()(const V& a, const V& b, const V& c) const {
    return a * b + c;
  }
};

/// (x - mean) / deviation.
struct Standardise {
  template <class V>
  constexpr V operator()(const V& x, const V& mean, const V& deviation) const {
    return (x - mean) / deviation;
  }
};

/// (log10(max(x, floor)) - mean) / deviation; an x that is not a number stays one.
struct StandardiseLogarithm {
  template <class V>
  constexpr V operator()(const V& x, const V& floor, const V& mean, const V& deviation) const {
    using std::log10;
    return Standardise{}(V(log10(Elementary<V>::at_least(x, floor))), mean, deviation);
  }
};

/// 10^(x scale).
struct PowerOfTen {
  template <class V>
  constexpr V operator()(const V& x, const V& scale) const {
    return Elementary<V>::exponential(x * scale * constant<V>(std::numbers::ln10));
  }
};

/// 10^(mean + deviation x): what StandardiseLogarithm came from.
struct Destandardise {
  template <class V>
  constexpr V operator()(const V& x, const V& mean, const V& deviation) const {
    return Elementary<V>::exponential((mean + deviation * x) * constant<V>(std::numbers::ln10));
  }
};

}  // namespace chemnne
