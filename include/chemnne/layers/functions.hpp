#pragma once
#include <cmath>

#include <chemnne/backend/elementary.hpp>

/// @file
/// Scalar functions for `Map`: each takes scalars, dual numbers and SIMD batches alike and knows its
/// derivative.
namespace chemnne {

/// sin(x).
struct Sine {
  static constexpr const char* name = "sine";
  template <class V>
  constexpr V operator()(const V& x) const {
    return Elementary<V>::sine(x);
  }
  template <class V>
  constexpr V derivative(const V& x) const {
    return Elementary<V>::cosine(x);
  }
};

/// sin(omega_0 x): the first layer of an implicit neural representation (Sitzmann et al. 2020, arXiv
/// 2006.09661, section 3.2). The frequency is the member omega_0 of `Configuration` (clang 14 has no
/// floating-point template arguments).
template <class Configuration>
struct ScaledSine {
  template <class V>
  constexpr V operator()(const V& x) const {
    return Elementary<V>::sine(x * constant<V>(Configuration::omega_0));
  }
  template <class V>
  constexpr V derivative(const V& x) const {
    return Elementary<V>::cosine(x * constant<V>(Configuration::omega_0)) *
           constant<V>(Configuration::omega_0);
  }
};

/// tanh(x).
struct Tanh {
  static constexpr const char* name = "tanh";
  template <class V>
  constexpr V operator()(const V& x) const {
    using std::tanh;
    return tanh(x);
  }
  template <class V>
  constexpr V derivative(const V& x) const {
    const V y = (*this)(x);
    return constant<V>(1) - y * y;
  }
};

/// x Phi(x) = x (1 + erf(x / sqrt 2)) / 2 (Hendrycks and Gimpel 2016, arXiv 1606.08415, the exact form).
struct Gelu {
  static constexpr const char* name = "gelu";
  template <class V>
  constexpr V operator()(const V& x) const {
    return x * Elementary<V>::normal_distribution(x);
  }
  template <class V>
  constexpr V derivative(const V& x) const {
    return Elementary<V>::normal_distribution(x) + x * Elementary<V>::normal_density(x);
  }
};

/// x / (1 + exp(-x)) (Elfwing et al. 2018, doi 10.1016/j.neunet.2017.12.012).
struct Silu {
  static constexpr const char* name = "silu";
  template <class V>
  constexpr V operator()(const V& x) const {
    return x * sigmoid(x);
  }
  template <class V>
  constexpr V derivative(const V& x) const {
    const V s = sigmoid(x);
    return s * (constant<V>(1) + x * (constant<V>(1) - s));
  }

 private:
  template <class V>
  static constexpr V sigmoid(const V& x) {
    return constant<V>(1) / (constant<V>(1) + Elementary<V>::exponential(-x));
  }
};

}  // namespace chemnne
