#pragma once
#include <array>
#include <span>

#include <chemnne/chemistry/rate_formulas.hpp>

namespace chemnne::detail {

/// p = (k0, n, kinf, m, T, M): `termolecular` with Fc = 0.6.
template <class Number>
Number wrf_troe(std::span<const Number> p) {
  const std::array<Number, 6> q{p[5], p[0], p[1], p[2], p[3], 0.6};
  return termolecular(p[4], std::span<const Number>(q), 1);
}

/// add(name, arguments, formula) for each rate function of WRF-Chem, whose last arguments are T [K] or T and
/// M [molecules cm-3]:
///
///   ARR(a,b,c,T) = a exp(-b/T) (T/300)^c;  ARR2(a,b,T) = a exp(-b/T);  THERMAL_T2(c,d,T) = T^2 c exp(-d/T)
///   EP2(a0,c0,a2,c2,a3,c3,T,M), EP3(a1,c1,a2,c2,T,M), FALL(a0,b0,c0,a1,b1,c1,Fc,T,M): as without T and M
///   F2(a0,b0,c0,a1,b1,c1,Fc,N,T,M): FALL with log10(r)/N
///   TROE(k0,n,kinf,m,T,M): k0 (300/T)^n M and kinf (300/T)^m joined with Fc = 0.6
///   TROEE(A,B,k0,n,kinf,m,T,M) = A exp(-B/T) TROE
/// Source: WRF, chem/KPP, WRFUserRateLaws (for TROE: Stockwell et al., J. Geophys. Res. 102, 25847, 1997).
template <class Add>
void add_wrf_rate_functions(const Add& add) {
  add("ARR", 4, [](const auto&, auto p) { return arrhenius(p[3], p[0], p[1], p[2]); });
  add("ARR2", 3, [](const auto&, auto p) { return arrhenius(p[2], p[0], p[1], 0); });
  add("THERMAL_T2", 3, [](const auto&, auto p) { return p[2] * p[2] * arrhenius(p[2], p[0], p[1], 0); });
  add("EP2", 8, [](const auto&, auto p) {
    const auto k0 = arrhenius(p[6], p[0], p[1], 0), k2 = arrhenius(p[6], p[2], p[3], 0),
               k3 = arrhenius(p[6], p[4], p[5], 0) * p[7];
    return k0 + k3 / (1 + k3 / k2);
  });
  add("EP3", 6, [](const auto&, auto p) {
    return arrhenius(p[4], p[0], p[1], 0) + arrhenius(p[4], p[2], p[3], 0) * p[5];
  });
  add("FALL", 9, [](const auto&, auto p) {
    const auto k0 = arrhenius(p[7], p[0], p[1], p[2]) * p[8];
    return fall_off(k0, arrhenius(p[7], p[3], p[4], p[5]), p[6], 1);
  });
  add("F2", 10, [](const auto&, auto p) {
    const auto k0 = arrhenius(p[8], p[0], p[1], p[2]) * p[9];
    return fall_off(k0, arrhenius(p[8], p[3], p[4], p[5]), p[6], p[7]);
  });
  add("TROE", 6, [](const auto&, auto p) { return wrf_troe(p); });
  add("TROEE", 8,
      [](const auto&, auto p) { return arrhenius(p[6], p[0], p[1], 0) * wrf_troe(p.subspan(2)); });
}

}  // namespace chemnne::detail
