#pragma once
#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include <chemnne/chemistry/rate_expression.hpp>

namespace chemnne::detail {

/// The degree in RO2 of what an instruction makes of operands of known degrees.
inline int peroxy_radical_degree(const RateInstruction& instruction, std::span<const int> of) {
  switch (instruction.operation) {
    case RateOperation::variable:
      return instruction.variable == &RateContext::peroxy_radicals ? 1 : 0;
    case RateOperation::negate:
      return of[0];
    case RateOperation::add:
    case RateOperation::subtract:
      return std::max(of[0], of[1]);
    case RateOperation::multiply:
      return std::min(of[0] + of[1], 2);
    case RateOperation::select:
      return of[0] == 0 ? std::max(of[1], of[2]) : 2;
    case RateOperation::divide:
      return of[1] == 0 ? of[0] : 2;
    default:
      return std::all_of(of.begin(), of.end(), [](int one) { return one == 0; }) ? 0 : 2;
  }
}

/// The degree of a stack program in RO2: 0, 1, or 2 for whatever is not linear.
inline int peroxy_radical_degree(std::span<const RateInstruction> program) {
  std::vector<int> degrees;
  for (const RateInstruction& instruction : program) {
    const std::size_t operands = operand_count(instruction);
    const int degree = peroxy_radical_degree(instruction, std::span(degrees).last(operands));
    degrees.resize(degrees.size() - operands);
    degrees.push_back(degree);
  }
  return degrees.back();
}

}  // namespace chemnne::detail
