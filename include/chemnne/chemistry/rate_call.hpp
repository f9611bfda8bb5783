#pragma once
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

/// a exp(-b/T) (T/300)^c without the factors that are 1.
inline std::vector<RateInstruction> arrhenius_program(double a, double b, double c) {
  static const RateFunctions built_in;
  if (b == 0 && c == 0) return {{.number = a}};
  if (c == 0) return call_with(built_in.find("ARR_ab"), std::vector{a, b});
  if (b == 0) return call_with(built_in.find("ARR_ac"), std::vector{a, c});
  return call_with(built_in.find("ARR_abc"), std::vector{a, b, c});
}

}  // namespace chemnne::detail
