#pragma once
#include <cmath>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <chemnne/chemistry/rate_context.hpp>
#include <chemnne/chemistry/rate_symbol.hpp>
#include <chemnne/chemistry/source_cursor.hpp>

namespace chemnne {

/// A function of a rate expression: `value` gets exactly `arity` arguments.
struct RateFunction {
  std::string name;
  std::size_t arity;
  /// Follows its arguments and the environment alone; RO2 is none of it.
  std::function<double(const RateContext&, std::span<const double>)> value;
  /// The same formula written down; none: it can but be called.
  RateSymbol (*symbolic)(const RateSymbols&, std::span<const RateSymbol>) = nullptr;
};

/// Of a formula that is written once, for numbers and for symbols: a stateless generic
/// formula(context, arguments).
template <class Formula>
RateFunction rate_function_of(std::string name, std::size_t arity, Formula formula) {
  return {std::move(name), arity, formula,
          [](const RateSymbols& context, std::span<const RateSymbol> arguments) {
            return Formula()(context, arguments);
          }};
}

namespace detail {

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

}  // namespace detail

/// The functions that rate expressions may call, by name without regard to case.
///
/// Built in, with T temperature and M number density of air:
///   ARR(a,b,c) = ARR_abc(a,b,c) = a exp(-b/T) (T/300)^c;  ARR_ab(a,b);  ARR_ac(a,c)
///   EP2(a0,c0,a2,c2,a3,c3): k0 = a0 exp(-c0/T), k2 = a2 exp(-c2/T), k3 = a3 exp(-c3/T) M, k = k0 +
///   k3/(1+k3/k2) EP3(a1,c1,a2,c2) = a1 exp(-c1/T) + a2 exp(-c2/T) M FALL(a0,b0,c0,a1,b1,c1,Fc): k0 =
///   ARR_abc(a0,b0,c0) M, k1 = ARR_abc(a1,b1,c1), r = k0/k1,
///     k = k0/(1+r) Fc^(1/(1+log10(r)^2))
///   k3rd_jpl(air,k0,n,kinf,m,Fc), k3rd_iupac(...): k0 (300/T)^n air and kinf (300/T)^m in the same form, the
///     latter with log10(r)/N, N = 0.75 - 1.27 log10(Fc);  k_3rd(T,air,...), k_3rd_iupac(T,air,...): KPP 3's
///     spelling
///   iupac_fall_off(k0,kinf,Fc) = k0/(1+r) Fc^(1/(1+(log10(r)/N)^2)), r = k0/kinf, k0 with M in it
///   k_arr(k298,b,T) = k298 exp(b (1/T - 3.3540e-3))
/// Source: KPP manual, rate law functions. KPP takes M = 1e6 CFACTOR in EP2, EP3 and FALL, a constant of the
/// file; here M follows pressure and temperature of the environment.
class RateFunctions {
 public:
  RateFunctions() {
    add_arrhenius();
    add_termolecular();
  }

  /// Adds a function, or replaces the one of that name; one without arguments is called by its name alone.
  void add(std::string_view name, std::size_t arity,
           std::function<double(const RateContext&, std::span<const double>)> value) {
    functions_[upper_case(name)] =
        std::make_shared<const RateFunction>(RateFunction{std::string(name), arity, std::move(value)});
  }

  /// The function of a name, or an empty pointer.
  std::shared_ptr<const RateFunction> find(std::string_view name) const {
    const auto found = functions_.find(upper_case(name));
    return found == functions_.end() ? nullptr : found->second;
  }

 private:
  template <class Formula>
  void add_formula(const char* name, std::size_t arity, Formula formula) {
    functions_[upper_case(name)] =
        std::make_shared<const RateFunction>(rate_function_of(name, arity, formula));
  }

  void add_arrhenius() {
    using detail::arrhenius;
    for (const char* name : {"ARR", "ARR_abc"})
      add_formula(name, 3, [](const auto& c, auto p) { return arrhenius(c.temperature, p[0], p[1], p[2]); });
    add_formula("ARR_ab", 2, [](const auto& c, auto p) { return arrhenius(c.temperature, p[0], p[1], 0); });
    add_formula("ARR_ac", 2, [](const auto& c, auto p) { return arrhenius(c.temperature, p[0], 0, p[1]); });
    add_formula("k_arr", 3, [](const auto&, auto p) {
      using std::exp;
      return p[0] * exp(p[1] * (1 / p[2] - 3.3540e-3));
    });
    add_formula("EP2", 6, [](const auto& c, auto p) {
      const auto k0 = arrhenius(c.temperature, p[0], p[1], 0);
      const auto k2 = arrhenius(c.temperature, p[2], p[3], 0);
      const auto k3 = arrhenius(c.temperature, p[4], p[5], 0) * c.air;
      return k0 + k3 / (1 + k3 / k2);
    });
    add_formula("EP3", 4, [](const auto& c, auto p) {
      return arrhenius(c.temperature, p[0], p[1], 0) + arrhenius(c.temperature, p[2], p[3], 0) * c.air;
    });
  }

  void add_termolecular() {
    using detail::arrhenius;
    using detail::fall_off;
    using detail::iupac_width;
    using detail::termolecular;
    add_formula("FALL", 7, [](const auto& c, auto p) {
      const auto k0 = arrhenius(c.temperature, p[0], p[1], p[2]) * c.air;
      return fall_off(k0, arrhenius(c.temperature, p[3], p[4], p[5]), p[6], 1);
    });
    add_formula("k3rd_jpl", 6, [](const auto& c, auto p) { return termolecular(c.temperature, p, 1); });
    add_formula("k3rd_iupac", 6,
                [](const auto& c, auto p) { return termolecular(c.temperature, p, iupac_width(p[5])); });
    add_formula("iupac_fall_off", 3,
                [](const auto&, auto p) { return fall_off(p[0], p[1], p[2], iupac_width(p[2])); });
    add_formula("k_3rd", 7, [](const auto&, auto p) { return termolecular(p[0], p.subspan(1), 1); });
    add_formula("k_3rd_iupac", 7,
                [](const auto&, auto p) { return termolecular(p[0], p.subspan(1), iupac_width(p[6])); });
  }

  std::map<std::string, std::shared_ptr<const RateFunction>> functions_;
};

}  // namespace chemnne
