#pragma once
#include <cmath>
#include <memory>
#include <span>

#include <chemnne/chemistry/concentration_units.hpp>
#include <chemnne/chemistry/environment.hpp>
#include <chemnne/chemistry/rate_call.hpp>
#include <chemnne/chemistry/rate_context.hpp>
#include <chemnne/chemistry/rate_expression.hpp>
#include <chemnne/chemistry/rate_formulas.hpp>
#include <chemnne/chemistry/rate_functions.hpp>

/// @file
/// The rate formulas of MUSICA/OpenAtmos. Source: NCAR/MechanismConfiguration, documentation of the reactions
/// of version 1, and the forms that MICM evaluates. T temperature [K], P pressure [Pa], [M] number density of
/// air.
namespace chemnne::detail {

/// f: mol m-3 of one molecule cm-3.
inline constexpr double mol_per_cubic_metre = 1e6 / avogadro_constant;

/// R [J K-1 mol-1], exact in the SI since 2019.
inline constexpr double gas_constant = avogadro_constant * boltzmann_constant;

/// f^(n-1): a rate constant of order n in (mol m-3)^(1-n) s-1 times this is one in (molecules cm-3)^(1-n)
/// s-1.
inline double order_factor(int order) { return std::pow(mol_per_cubic_metre, order - 1); }

/// k = A exp(C/T) (T/D)^B (1 + E P); arguments A, B, C, D, E.
inline SharedRateFunction open_atmos_arrhenius() {
  static const auto function = std::make_shared<const RateFunction>(
      rate_function_of("open_atmos_arrhenius", 5, [](const auto& c, auto p) {
        using std::exp, std::pow;
        return p[0] * exp(p[2] / c.temperature) * pow(c.temperature / p[3], p[1]) * (1 + p[4] * c.pressure);
      }));
  return function;
}

/// k0/(1+r) Fc^(N/(N+log10(r)^2)), r = k0 [M]/kinf, k0 and kinf Arrhenius forms with D = 300 K and E = 0, [M]
/// in mol m-3; p = (A, B, C of k0, A, B, C of kinf, Fc, N).
template <class Context, class Number>
Number open_atmos_fall_off(const Context& c, std::span<const Number> p) {
  using std::log10, std::pow;
  const Number k0 = arrhenius(c.temperature, p[0], -p[2], p[1]);
  const Number kinf = arrhenius(c.temperature, p[3], -p[5], p[4]);
  const Number ratio = k0 * c.air * mol_per_cubic_metre / kinf, logarithm = log10(ratio);
  return k0 / (1 + ratio) * pow(p[6], p[7] / (p[7] + logarithm * logarithm));
}

/// k = k0 [M]/(1+r) Fc^(...): an association that a third body completes.
inline SharedRateFunction open_atmos_troe() {
  static const auto function =
      std::make_shared<const RateFunction>(rate_function_of("open_atmos_troe", 8, [](const auto& c, auto p) {
        return open_atmos_fall_off(c, p) * c.air * mol_per_cubic_metre;
      }));
  return function;
}

/// The same without [M] before the fraction: what leaves an activated complex before a third body takes it.
inline SharedRateFunction open_atmos_ternary() {
  static const auto function = std::make_shared<const RateFunction>(rate_function_of(
      "open_atmos_ternary", 8, [](const auto& c, auto p) { return open_atmos_fall_off(c, p); }));
  return function;
}

/// k = A exp(-B/T + C/T^3); arguments A, B, C.
inline SharedRateFunction open_atmos_tunneling() {
  static const auto function = std::make_shared<const RateFunction>(
      rate_function_of("open_atmos_tunneling", 3, [](const auto& c, auto p) {
        using std::exp;
        const auto t = c.temperature;
        return p[0] * exp(-p[1] / t + p[2] / (t * t * t));
      }));
  return function;
}

/// Z: the term that makes the nitrate's share a0 at 293 K and [M] = 2.45e19 molecules cm-3.
inline double nitrate_yield_complement(double share, double atoms) {
  return nitrate_yield_term(293.0, 2.45e19, atoms) * (1 - share) / share;
}

/// k = X exp(-Y/T) Z/(Z + A); arguments X, Y, n, Z.
inline SharedRateFunction open_atmos_alkoxy() {
  static const auto function = std::make_shared<const RateFunction>(
      rate_function_of("open_atmos_alkoxy", 4, [](const auto& c, auto p) {
        using std::exp;
        const auto term = nitrate_yield_term(c.temperature, c.air, p[2]);
        return p[0] * exp(-p[1] / c.temperature) * (p[3] / (p[3] + term));
      }));
  return function;
}

/// k = X exp(-Y/T) A/(Z + A); arguments X, Y, n, Z.
inline SharedRateFunction open_atmos_nitrate() {
  static const auto function = std::make_shared<const RateFunction>(
      rate_function_of("open_atmos_nitrate", 4, [](const auto& c, auto p) {
        using std::exp;
        const auto term = nitrate_yield_term(c.temperature, c.air, p[2]);
        return p[0] * exp(-p[1] / c.temperature) * (term / (p[3] + term));
      }));
  return function;
}

/// k = 4 pi N r^2 / (r/D + 4/(v gamma)) [s-1], v = sqrt(8 R T/(pi MW)); arguments r [m], N [m-3], D [m2 s-1],
/// MW [kg mol-1], gamma.
inline SharedRateFunction open_atmos_surface() {
  static constexpr double pi = 3.14159265358979323846;
  static const auto function = std::make_shared<const RateFunction>(
      rate_function_of("open_atmos_surface", 5, [](const auto& c, auto p) {
        using std::sqrt;
        const auto speed = sqrt(8 * gas_constant * c.temperature / (pi * p[3]));
        return 4 * pi * p[1] * p[0] * p[0] / (p[0] / p[2] + 4 / (speed * p[4]));
      }));
  return function;
}

/// k = k1 + k2 [M], Arrhenius forms of A, B, C each; CAMP's CMAQ_H2O2, [M] in molecules cm-3.
inline SharedRateFunction camp_linear_in_air() {
  static const auto function = shared_function("camp_linear_in_air", 6, [](const auto& c, auto p) {
    return arrhenius(c.temperature, p[0], -p[2], p[1]) + arrhenius(c.temperature, p[3], -p[5], p[4]) * c.air;
  });
  return function;
}

/// k = k0 + k3 [M]/(1 + k3 [M]/k2), arguments A, B, C of k0, k2, k3; CAMP's CMAQ_OH_HNO3, as above.
inline SharedRateFunction camp_activated() {
  static const auto function = shared_function("camp_activated", 9, [](const auto& c, auto p) {
    const auto k2 = arrhenius(c.temperature, p[3], -p[5], p[4]);
    const auto k3 = arrhenius(c.temperature, p[6], -p[8], p[7]) * c.air;
    return arrhenius(c.temperature, p[0], -p[2], p[1]) + k3 / (1 + k3 / k2);
  });
  return function;
}

}  // namespace chemnne::detail
