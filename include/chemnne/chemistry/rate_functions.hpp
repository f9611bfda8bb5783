#pragma once
#include <cmath>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <chemnne/chemistry/geos_chem_rate_functions.hpp>
#include <chemnne/chemistry/rate_context.hpp>
#include <chemnne/chemistry/rate_formulas.hpp>
#include <chemnne/chemistry/rate_symbol.hpp>
#include <chemnne/chemistry/source_cursor.hpp>
#include <chemnne/chemistry/wrf_rate_functions.hpp>

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

/// The functions that rate expressions may call, by name without regard to case and number of arguments.
///
/// Built in, with T temperature and M number density of air:
///   ARR(a,b,c) = ARR_abc(a,b,c) = a exp(-b/T) (T/300)^c;  ARR_ab(a,b);  ARR_ac(a,c)
///   ARR2(a,b) = a exp(b/T), KPP 2's: the sign is not that of ARR
///   EP2(a0,c0,a2,c2,a3,c3): k0 = a0 exp(-c0/T), k2 = a2 exp(-c2/T), k3 = a3 exp(-c3/T) M,
///     k = k0 + k3/(1+k3/k2)
///   EP3(a1,c1,a2,c2) = a1 exp(-c1/T) + a2 exp(-c2/T) M
///   FALL(a0,b0,c0,a1,b1,c1,Fc): k0 = ARR_abc(a0,b0,c0) M, k1 = ARR_abc(a1,b1,c1), r = k0/k1,
///     k = k0/(1+r) Fc^(1/(1+log10(r)^2))
///   k3rd_jpl(air,k0,n,kinf,m,Fc), k3rd_iupac(...): k0 (300/T)^n air and kinf (300/T)^m in the same form, the
///     latter with log10(r)/N, N = 0.75 - 1.27 log10(Fc);  k_3rd(T,air,...), k_3rd_iupac(T,air,...): KPP 3's
///     spelling
///   iupac_fall_off(k0,kinf,Fc) = k0/(1+r) Fc^(1/(1+(log10(r)/N)^2)), r = k0/kinf, k0 with M in it
///   k_arr(k298,b,T) = k298 exp(b (1/T - 3.3540e-3))
/// those of WRF-Chem, which have T and M as their last arguments (wrf_rate_functions.hpp), and those of
/// GEOS-Chem (geos_chem_rate_functions.hpp).
/// Source: KPP manual, rate law functions; KPP 2's UserRateLaws. KPP takes M = 1e6 CFACTOR in EP2, EP3 and
/// FALL, a constant of the file; here M follows pressure and temperature of the environment.
class RateFunctions {
 public:
  RateFunctions() {
    add_arrhenius();
    add_termolecular();
    const auto add = [this](const char* name, std::size_t arity, auto formula) {
      add_formula(name, arity, formula);
    };
    detail::add_wrf_rate_functions(add);
    detail::add_geos_chem_rate_functions(add);
  }

  /// Adds a function, or replaces the one of that name and number of arguments; one without arguments is
  /// called by its name alone.
  void add(std::string_view name, std::size_t arity,
           std::function<double(const RateContext&, std::span<const double>)> value) {
    functions_[upper_case(name)][arity] =
        std::make_shared<const RateFunction>(RateFunction{std::string(name), arity, std::move(value)});
  }

  /// The function of a name with so many arguments, or an empty pointer.
  std::shared_ptr<const RateFunction> find(std::string_view name, std::size_t arity) const {
    const auto named = functions_.find(upper_case(name));
    if (named == functions_.end()) return nullptr;
    const auto found = named->second.find(arity);
    return found == named->second.end() ? nullptr : found->second;
  }

  /// How many arguments the functions of a name take, ascending; empty where there is none.
  std::vector<std::size_t> arities(std::string_view name) const {
    std::vector<std::size_t> result;
    const auto named = functions_.find(upper_case(name));
    if (named != functions_.end())
      for (const auto& [arity, function] : named->second) result.push_back(arity);
    return result;
  }

 private:
  template <class Formula>
  void add_formula(const char* name, std::size_t arity, Formula formula) {
    functions_[upper_case(name)][arity] =
        std::make_shared<const RateFunction>(rate_function_of(name, arity, formula));
  }

  void add_arrhenius() {
    using detail::arrhenius;
    for (const char* name : {"ARR", "ARR_abc"})
      add_formula(name, 3, [](const auto& c, auto p) { return arrhenius(c.temperature, p[0], p[1], p[2]); });
    add_formula("ARR_ab", 2, [](const auto& c, auto p) { return arrhenius(c.temperature, p[0], p[1], 0); });
    add_formula("ARR2", 2, [](const auto& c, auto p) { return arrhenius(c.temperature, p[0], -p[1], 0); });
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

  /// By name in upper case, then by number of arguments.
  std::map<std::string, std::map<std::size_t, std::shared_ptr<const RateFunction>>> functions_;
};

}  // namespace chemnne
