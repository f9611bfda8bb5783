#pragma once
#include <cmath>
#include <span>
#include <type_traits>

#include <chemnne/chemistry/rate_formulas.hpp>

namespace chemnne::detail {

/// a exp(c/T) (300/T)^b, as GEOS-Chem writes Arrhenius' law.
template <class Number>
Number geos_chem_arrhenius(const Number& temperature, const std::type_identity_t<Number>& a,
                           const std::type_identity_t<Number>& b, const std::type_identity_t<Number>& c) {
  return arrhenius(temperature, a, -c, -b);
}

/// Share of ISOP + OH in which a hydrogen shift, k0, outruns k1: c k0/(k0 + k1) with p = (a, b, c, d, e, f,
/// g).
template <class Number>
Number geos_chem_shifted(const Number& t, std::span<const Number> p) {
  using std::exp;
  const Number k0 = p[3] * exp(p[4] / t + 1e8 / (t * t * t)), k1 = p[5] * exp(p[6] / t);
  return p[2] * k0 / (k0 + k1);
}

/// Share of RO2 + NO that makes a nitrate, for n carbon atoms (Carter and Atkinson, J. Atmos. Chem. 8, 165,
/// 1989).
template <class Number>
Number geos_chem_nitrate_share(const Number& temperature, const Number& air, const Number& n) {
  using std::exp, std::pow;
  const Number yield = fall_off(Number(1.94e-22 * exp(0.97 * n) * air),
                                Number(0.826 * pow(300 / temperature, Number(8.1))), Number(0.411), 1);
  return yield / (1 + yield);
}

/// add(name, arguments, formula) for each gas-phase rate function of GEOS-Chem; the letters in their names
/// are the arguments of a exp(c/T) (300/T)^b, with fv or cf the broadening of a fall-off. T temperature, M
/// number density of air, [H2O] that of water vapour.
///
/// GCARR_*: that law. GCJPLPR_*: a fall-off; GCJPLEQ_*: one over an equilibrium constant; GCJPLAC_*: an
/// activation that competes with it. GC_*: single reactions, among them HO2 + HO2, CO + OH, RO2 + NO to a
/// nitrate (A) or NO2 (B), isoprene (ISO1, ISO2, NIT, ALK, EPO) and PAN. ARRPLUS_*, TUNPLUS_*: a (d + e T)
/// exp(...), 0 where it is less. Source: GEOS-Chem 13 and 14, KPP/fullchem, rateLawUtilFuncs and
/// fullchem_RateLawFuncs.
template <class Add>
void add_geos_chem_rate_functions(const Add& add) {
  using std::exp, std::pow;

  add("GCARR_ab", 2, [](const auto& c, auto p) { return geos_chem_arrhenius(c.temperature, p[0], p[1], 0); });
  add("GCARR_ac", 2, [](const auto& c, auto p) { return geos_chem_arrhenius(c.temperature, p[0], 0, p[1]); });
  add("GCARR_abc", 3,
      [](const auto& c, auto p) { return geos_chem_arrhenius(c.temperature, p[0], p[1], p[2]); });

  add("GCJPLPR_aa", 3, [](const auto& c, auto p) { return fall_off(p[0] * c.air, p[1], p[2], 1); });
  add("GCJPLPR_aba", 4, [](const auto& c, auto p) {
    return fall_off(geos_chem_arrhenius(c.temperature, p[0], p[1], 0) * c.air, p[2], p[3], 1);
  });
  add("GCJPLPR_abab", 5, [](const auto& c, auto p) {
    return fall_off(geos_chem_arrhenius(c.temperature, p[0], p[1], 0) * c.air,
                    geos_chem_arrhenius(c.temperature, p[2], p[3], 0), p[4], 1);
  });
  add("GCJPLPR_abcabc", 7, [](const auto& c, auto p) {
    return fall_off(geos_chem_arrhenius(c.temperature, p[0], p[1], p[2]) * c.air,
                    geos_chem_arrhenius(c.temperature, p[3], p[4], p[5]), p[6], 1);
  });
  add("GCJPLEQ_acabab", 7, [](const auto& c, auto p) {
    return fall_off(geos_chem_arrhenius(c.temperature, p[2], p[3], 0) * c.air,
                    geos_chem_arrhenius(c.temperature, p[4], p[5], 0), p[6], 1) /
           geos_chem_arrhenius(c.temperature, p[0], 0, p[1]);
  });
  add("GCJPLAC_ababac", 7, [](const auto& c, auto p) {
    const auto high = geos_chem_arrhenius(c.temperature, p[2], p[3], 0);
    const auto associated =
        fall_off(geos_chem_arrhenius(c.temperature, p[0], p[1], 0) * c.air, high, p[6], 1);
    return geos_chem_arrhenius(c.temperature, p[4], 0, p[5]) * (1 - associated / high);
  });

  add("ARRPLUS_ade", 3,
      [](const auto& c, auto p) { return not_negative(p[0] * (p[1] + c.temperature * p[2])); });
  add("ARRPLUS_abde", 4, [](const auto& c, auto p) {
    return not_negative(p[0] * (p[2] + c.temperature * p[3]) * exp(-p[1] / c.temperature));
  });
  add("TUNPLUS_abcde", 5, [](const auto& c, auto p) {
    const auto& t = c.temperature;
    return not_negative(p[0] * (p[3] + t * p[4]) * exp(p[1] / t + p[2] / (t * t * t)));
  });

  add("GC_ISO1", 7, [](const auto& c, auto p) {
    return geos_chem_arrhenius(c.temperature, p[0], 0, p[1]) * (1 - geos_chem_shifted(c.temperature, p));
  });
  add("GC_ISO2", 7, [](const auto& c, auto p) {
    return geos_chem_arrhenius(c.temperature, p[0], 0, p[1]) * geos_chem_shifted(c.temperature, p);
  });
  add("GC_EPO_a", 3, [](const auto& c, auto p) {
    return geos_chem_arrhenius(c.temperature, p[0], 0, p[1]) / (p[2] * c.air + 1);
  });
  add("GC_NIT", 6, [](const auto& c, auto p) {
    const auto nitrate = nitrate_yield_term(c.temperature, c.air, p[3]);
    return not_negative(geos_chem_arrhenius(c.temperature, p[0], 0, p[1]) * (p[4] - c.temperature * p[5]) *
                        nitrate / (nitrate + p[2]));
  });
  add("GC_ALK", 6, [](const auto& c, auto p) {
    const auto nitrate = nitrate_yield_term(c.temperature, c.air, p[3]);
    return not_negative(geos_chem_arrhenius(c.temperature, p[0], 0, p[1]) * (p[4] - c.temperature * p[5]) *
                        p[2] / (nitrate + p[2]));
  });

  add("GC_PAN_abab", 5, [](const auto& c, auto p) {
    return fall_off(geos_chem_arrhenius(c.temperature, p[0], 0, p[1]) * c.air,
                    geos_chem_arrhenius(c.temperature, p[2], 0, p[3]), p[4], iupac_width(p[4]));
  });
  add("GC_PAN_acac", 5, [](const auto& c, auto p) {
    return fall_off(geos_chem_arrhenius(c.temperature, p[0], -p[1], 0) * c.air,
                    geos_chem_arrhenius(c.temperature, p[2], -p[3], 0), p[4], iupac_width(p[4]));
  });

  add("GC_HO2HO2_acac", 4, [](const auto& c, auto p) {
    const auto k0 = geos_chem_arrhenius(c.temperature, p[0], 0, p[1]),
               k1 = geos_chem_arrhenius(c.temperature, p[2], 0, p[3]);
    return (k0 + k1 * c.air) * (1 + 1.4e-21 * c.water * exp(2200 / c.temperature));
  });
  add("GC_TBRANCH_1_acac", 4, [](const auto& c, auto p) {
    return geos_chem_arrhenius(c.temperature, p[0], 0, p[1]) /
           (1 + geos_chem_arrhenius(c.temperature, p[2], 0, p[3]));
  });
  add("GC_RO2HO2_aca", 3, [](const auto& c, auto p) {
    return geos_chem_arrhenius(c.temperature, p[0], 0, p[1]) * (1 - exp(-0.245 * p[2]));
  });
  add("GC_DMSOH_acac", 4, [](const auto& c, auto p) {
    return geos_chem_arrhenius(c.temperature, p[0], 0, p[1]) * c.air * 0.2095 /
           (1 + geos_chem_arrhenius(c.temperature, p[2], 0, p[3]) * 0.2095);
  });
  add("GC_GLYXNO3_ac", 2, [](const auto& c, auto p) {
    const auto oxygen = c.air * 0.2095;
    return geos_chem_arrhenius(c.temperature, p[0], 0, p[1]) * (oxygen + 3.5e18) / (2 * oxygen + 3.5e18);
  });
  add("GC_OHHNO3_acacac", 6, [](const auto& c, auto p) {
    const auto k2 = c.air * geos_chem_arrhenius(c.temperature, p[4], 0, p[5]);
    return geos_chem_arrhenius(c.temperature, p[0], 0, p[1]) +
           k2 / (1 + k2 / geos_chem_arrhenius(c.temperature, p[2], 0, p[3]));
  });
  // Its argument is not used: JPL 15-10 has two fall-offs.
  add("GC_OHCO_a", 1, [](const auto& c, auto p) {
    using Number = std::decay_t<decltype(p[0])>;
    const Number warm = c.temperature / 300;
    return fall_off(Number(5.9e-33 / warm * c.air), Number(1.1e-12 * pow(warm, Number(1.3))), Number(0.6),
                    1) +
           fall_off(Number(1.5e-13 * c.air), Number(2.1e9 * pow(warm, Number(6.1))), Number(0.6), 1) / c.air;
  });
  add("GC_GLYCOH_A_a", 1,
      [](const auto& c, auto p) { return p[0] * warm_share(c.temperature, 11.0729, 73); });
  add("GC_GLYCOH_B_a", 1,
      [](const auto& c, auto p) { return p[0] * (1 - warm_share(c.temperature, 11.0729, 73)); });
  add("GC_HACOH_A_ac", 2, [](const auto& c, auto p) {
    return geos_chem_arrhenius(c.temperature, p[0], 0, p[1]) * warm_share(c.temperature, 23.7, 60);
  });
  add("GC_HACOH_B_ac", 2, [](const auto& c, auto p) {
    return geos_chem_arrhenius(c.temperature, p[0], 0, p[1]) * (1 - warm_share(c.temperature, 23.7, 60));
  });
  add("GC_RO2NO_A1_ac", 2,
      [](const auto& c, auto p) { return geos_chem_arrhenius(c.temperature, p[0], 0, p[1]) * 3e-4; });
  add("GC_RO2NO_B1_ac", 2,
      [](const auto& c, auto p) { return geos_chem_arrhenius(c.temperature, p[0], 0, p[1]) * (1 - 3e-4); });
  add("GC_RO2NO_A2_aca", 3, [](const auto& c, auto p) {
    return geos_chem_arrhenius(c.temperature, p[0], 0, p[1]) *
           geos_chem_nitrate_share(c.temperature, c.air, p[2]);
  });
  add("GC_RO2NO_B2_aca", 3, [](const auto& c, auto p) {
    return geos_chem_arrhenius(c.temperature, p[0], 0, p[1]) *
           (1 - geos_chem_nitrate_share(c.temperature, c.air, p[2]));
  });
}

}  // namespace chemnne::detail
