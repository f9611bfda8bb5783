#pragma once
#include <cmath>
#include <numbers>
#include <type_traits>

namespace chemnne {

/// A constant as a scalar, dual number or SIMD batch V, rounded once to the scalar that V is made of.
template <class V>
constexpr V constant(double value) {
  if constexpr (requires { typename V::value_type; })
    return V(static_cast<typename V::value_type>(value));
  else if constexpr (requires(V v) { v.tangent; })
    return V(constant<decltype(V::value)>(value));
  else
    return static_cast<V>(value);
}

/// `yes` where the condition holds, else `no`; lane by lane where V is a SIMD batch.
template <class V, class Condition>
constexpr V chosen(const Condition& condition, const V& yes, const V& no) {
  if constexpr (std::is_same_v<Condition, bool>)
    return condition ? yes : no;
  else
    return select(condition, yes, no);
}

/// The functions behind the layers' functions, for a scalar, dual number or SIMD batch V: here those of the
/// standard library or of V's own namespace. A backend specialises it where it knows better
/// (vector_functions.hpp). Whatever V is, results are finite, infinite or not a number for the same x.
template <class V>
struct Elementary {
  /// `least` where x < least, else x itself: an x that is not a number stays so. (std::max and the minima and
  /// maxima of instruction sets keep or drop it as the order of the operands will have it.)
  static constexpr V at_least(const V& x, const V& least) { return chosen(x < least, least, x); }

  /// `most` where x > most, else x itself.
  static constexpr V at_most(const V& x, const V& most) { return chosen(most < x, most, x); }

  /// sin(x).
  static constexpr V sine(const V& x) {
    using std::sin;
    return sin(x);
  }

  /// cos(x).
  static constexpr V cosine(const V& x) {
    using std::cos;
    return cos(x);
  }

  /// exp(x).
  static constexpr V exponential(const V& x) {
    using std::exp;
    return exp(x);
  }

  /// log(1 + exp(x)): x itself where it is large, exp(x) where it is far below 0.
  static constexpr V softplus(const V& x) {
    using std::exp, std::log1p;
    const V zero = constant<V>(0);
    return at_least(x, zero) + log1p(exp(chosen<V>(x < zero, x, -x)));
  }

  /// Phi(x) = (1 + erf(x / sqrt 2)) / 2, the distribution function of the standard normal distribution.
  static constexpr V normal_distribution(const V& x) {
    using std::erf;
    // erf(+-10) is +-1. xsimd's is not a number where the square of its argument overflows.
    const V bounded =
        at_most(at_least(x * constant<V>(std::numbers::sqrt2 / 2), constant<V>(-10)), constant<V>(10));
    return constant<V>(0.5) * (constant<V>(1) + erf(bounded));
  }

  /// Phi'(x) = exp(-x^2 / 2) / sqrt(2 pi), its density.
  static constexpr V normal_density(const V& x) {
    using std::exp;
    return exp(x * x * constant<V>(-0.5)) * constant<V>(std::numbers::inv_sqrtpi / std::numbers::sqrt2);
  }
};

}  // namespace chemnne
