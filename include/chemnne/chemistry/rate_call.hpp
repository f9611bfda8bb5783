#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include <chemnne/chemistry/rate_expression.hpp>
#include <chemnne/chemistry/rate_functions.hpp>

namespace chemnne::detail {

using SharedRateFunction = std::shared_ptr<const RateFunction>;

/// The program of one call with constant arguments.
inline std::vector<RateInstruction> call_with(SharedRateFunction function,
                                              std::span<const double> arguments) {
  std::vector<RateInstruction> program;
  for (const double argument : arguments) program.push_back({.number = argument});
  program.push_back({.operation = RateOperation::call, .function = std::move(function)});
  return program;
}

/// Of a formula as rate_function_of takes it, shared by all rates that call it.
template <class Formula>
SharedRateFunction shared_function(const char* name, std::size_t arity, Formula formula) {
  return std::make_shared<const RateFunction>(rate_function_of(name, arity, formula));
}

/// a exp(-b/T) (T/300)^c without the factors that are 1; KPP's names.
inline std::vector<RateInstruction> arrhenius_program(double a, double b, double c) {
  static const auto both = shared_function("ARR_abc", 3, [](const auto& context, auto p) {
    return arrhenius(context.temperature, p[0], p[1], p[2]);
  });
  static const auto exponential = shared_function(
      "ARR_ab", 2, [](const auto& context, auto p) { return arrhenius(context.temperature, p[0], p[1], 0); });
  static const auto power = shared_function(
      "ARR_ac", 2, [](const auto& context, auto p) { return arrhenius(context.temperature, p[0], 0, p[1]); });
  if (b == 0 && c == 0) return {{.number = a}};
  if (c == 0) return call_with(exponential, std::vector{a, b});
  if (b == 0) return call_with(power, std::vector{a, c});
  return call_with(both, std::vector{a, b, c});
}

}  // namespace chemnne::detail
