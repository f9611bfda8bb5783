#pragma once
#include <algorithm>
#include <cmath>
#include <span>
#include <type_traits>

#include <chemnne/chemistry/rate_symbol.hpp>

/// @file
/// What rate functions of several models are made of, each a template over its number: double, or RateSymbol.
namespace chemnne::detail {

/// Three-parameter Arrhenius form a exp(-b/T) (T/300)^c.
template <class Number>
Number arrhenius(const Number& temperature, const std::type_identity_t<Number>& a,
                 const std::type_identity_t<Number>& b, const std::type_identity_t<Number>& c) {
  using std::exp, std::pow;
  return a * exp(-b / temperature) * pow(temperature / 300, c);
}

/// Lindemann-Hinshelwood with Troe's broadening, k0/(1+r) F^(1/(1+(log10(r)/N)^2)), r = k0/kinf, k0 with [M].
template <class Number>
Number fall_off(const Number& k0, const Number& kinf, const Number& broadening,
                const std::type_identity_t<Number>& width) {
  using std::log10, std::pow;
  const Number ratio = k0 / kinf, scaled = log10(ratio) / width;
  return k0 / (1 + ratio) * pow(broadening, 1 / (1 + scaled * scaled));
}

/// p = (air, k0 at 300 K, n, kinf at 300 K, m, Fc), temperature exponents as (300/T)^n.
template <class Number>
Number termolecular(const Number& temperature, std::span<const Number> p,
                    const std::type_identity_t<Number>& width) {
  using std::pow;
  const Number cold = 300 / temperature, k0 = p[1] * pow(cold, p[2]) * p[0], kinf = p[3] * pow(cold, p[4]);
  return fall_off(k0, kinf, p[5], width);
}

/// N of the IUPAC sheets, 0.75 - 1.27 log10(Fc).
template <class Number>
Number iupac_width(const Number& broadening) {
  using std::log10;
  return 0.75 - 1.27 * log10(broadening);
}

/// x, or 0 where it is less.
template <class Number>
Number not_negative(const Number& x) {
  using std::max;
  return max(x, Number(0));
}

/// The share 1 - a exp(-T/b), or 0 where it is less.
template <class Number>
Number warm_share(const Number& temperature, double a, double b) {
  using std::exp;
  return not_negative(Number(1 - a * exp(-temperature / b)));
}

/// A(T, [M], n) of RO2 + NO: a/(1+a/b) 0.41^(1/(1+log10(a/b)^2)), a = 2e-22 cm3 e^n [M], b = 0.43 (T/298)^-8,
/// [M] in molecules cm-3, n heavy atoms. Source: Wennberg et al., Chem. Rev. 118, 3337 (2018).
template <class Number>
Number nitrate_yield_term(const Number& temperature, const Number& air, const Number& atoms) {
  using std::exp, std::log10, std::pow;
  const Number a = 2e-22 * exp(atoms) * air, b = 0.43 * pow(temperature / 298, -8);
  const Number logarithm = log10(a / b);
  return a / (1 + a / b) * pow(0.41, 1 / (1 + logarithm * logarithm));
}

}  // namespace chemnne::detail
