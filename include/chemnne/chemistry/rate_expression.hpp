#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <chemnne/chemistry/photolysis.hpp>
#include <chemnne/chemistry/rate_context.hpp>
#include <chemnne/chemistry/rate_functions.hpp>
#include <chemnne/support/number_text.hpp>

namespace chemnne {

/// What a RateInstruction does with the numbers on the stack.
enum class RateOperation : unsigned char {
  constant,
  variable,
  photolysis,
  parameter,
  fixed,
  negate,
  exponential,
  logarithm,
  logarithm10,
  square_root,
  absolute,
  sine,
  cosine,
  truncate,
  add,
  subtract,
  multiply,
  divide,
  power,
  minimum,
  maximum,
  arctangent,  ///< of the first over the second, as std::atan2
  less,        ///< 1 where it is so, else 0, as the next two
  less_or_equal,
  equal,
  select,  ///< the second where the first is not 0, else the third, whatever the other is
  call
};

/// One step of a stack program; which of the members counts depends on the operation.
struct RateInstruction {
  RateOperation operation = RateOperation::constant;
  double number = 0;                                  ///< constant
  RateVariable variable = nullptr;                    ///< variable
  std::size_t index = 0;                              ///< photolysis: n of J(n); parameter, fixed: its place
  std::shared_ptr<const RateFunction> function = {};  ///< call
};

/// How many numbers an instruction takes from the stack; it always leaves one.
inline std::size_t operand_count(const RateInstruction& instruction) {
  const RateOperation operation = instruction.operation;
  if (operation == RateOperation::call) return instruction.function->arity;
  if (operation <= RateOperation::fixed) return 0;
  if (operation <= RateOperation::truncate) return 1;
  return operation == RateOperation::select ? 3 : 2;
}

/// A rate coefficient k(environment), compiled once to a stack program: no strings at evaluation.
///
/// Units: (cm3 molecule-1)^(order-1) s-1. Cost: one step an instruction, no allocation; constant parts are
/// folded. `compile_rate` makes one from text.
class RateExpression {
 public:
  static constexpr std::size_t stack_size = 32;

  /// The same value in every environment.
  RateExpression(double value = 0) { append({.number = value}); }
  /// A program that leaves one number on a stack of at most `stack_size` (the compiler's duty).
  explicit RateExpression(std::span<const RateInstruction> program) {
    for (const RateInstruction& instruction : program) append(instruction);
  }

  double value(const RateContext& context) const {
    std::array<double, stack_size> stack;
    double* top = stack.data();
    for (const RateInstruction& instruction : program_) {
      const std::size_t operands = operand_count(instruction);
      top -= operands;
      *top = execute(instruction, {top, operands}, context);
      ++top;
    }
    return stack[0];
  }

  std::span<const RateInstruction> program() const { return program_; }
  /// True when no environment changes the value.
  bool is_constant() const {
    return program_.size() == 1 && program_[0].operation == RateOperation::constant;
  }

  /// True when the value follows RO2, the sum of peroxy radicals; then it is linear in it (the compiler's
  /// duty).
  bool uses_peroxy_radicals() const {
    return std::any_of(program_.begin(), program_.end(), [](const RateInstruction& instruction) {
      return instruction.operation == RateOperation::variable &&
             instruction.variable == &RateContext::peroxy_radicals;
    });
  }
  /// True when the value follows the light.
  bool uses_photolysis() const { return uses(RateOperation::photolysis); }
  bool uses(RateOperation operation) const {
    return std::any_of(program_.begin(), program_.end(), [&](const RateInstruction& instruction) {
      return instruction.operation == operation;
    });
  }

  /// The program in reverse Polish notation: the same for any layout of the same formula. Numbers have 12
  /// digits, since the last ones of folded powers depend on the C library.
  std::string canonical_text() const {
    std::string text;
    for (const RateInstruction& instruction : program_) text += word(instruction) + ' ';
    text.pop_back();
    return text;
  }

 private:
  /// In postfix order the operands of an instruction are the last ones: constants fold with them.
  void append(const RateInstruction& instruction) {
    const std::size_t operands = operand_count(instruction);
    const auto first = program_.end() - static_cast<std::ptrdiff_t>(std::min(operands, program_.size()));
    const bool foldable = operands > 0 && instruction.operation != RateOperation::call &&
                          std::all_of(first, program_.end(), [](const RateInstruction& operand) {
                            return operand.operation == RateOperation::constant;
                          });
    if (!foldable) return program_.push_back(instruction);
    std::array<double, 3> numbers{};
    std::transform(first, program_.end(), numbers.begin(), [](const RateInstruction& i) { return i.number; });
    program_.erase(first, program_.end());
    program_.push_back({.number = execute(instruction, {numbers.data(), operands}, RateContext{})});
  }

  static double execute(const RateInstruction& instruction, std::span<const double> operands,
                        const RateContext& context) {
    switch (instruction.operation) {
      case RateOperation::constant:
        return instruction.number;
      case RateOperation::variable:
        return context.*instruction.variable;
      case RateOperation::photolysis:
        return context.photolysis[instruction.index];
      case RateOperation::parameter:
        return context.parameters[instruction.index];
      case RateOperation::fixed:
        return context.fixed[instruction.index];
      case RateOperation::negate:
        return -operands[0];
      case RateOperation::exponential:
        return std::exp(operands[0]);
      case RateOperation::logarithm:
        return std::log(operands[0]);
      case RateOperation::logarithm10:
        return std::log10(operands[0]);
      case RateOperation::square_root:
        return std::sqrt(operands[0]);
      case RateOperation::absolute:
        return std::abs(operands[0]);
      case RateOperation::sine:
        return std::sin(operands[0]);
      case RateOperation::cosine:
        return std::cos(operands[0]);
      case RateOperation::truncate:
        return std::trunc(operands[0]);
      case RateOperation::add:
        return operands[0] + operands[1];
      case RateOperation::subtract:
        return operands[0] - operands[1];
      case RateOperation::multiply:
        return operands[0] * operands[1];
      case RateOperation::divide:
        return operands[0] / operands[1];
      case RateOperation::power:
        return std::pow(operands[0], operands[1]);
      case RateOperation::minimum:
        return std::min(operands[0], operands[1]);
      case RateOperation::maximum:
        return std::max(operands[0], operands[1]);
      case RateOperation::arctangent:
        return std::atan2(operands[0], operands[1]);
      case RateOperation::less:
        return operands[0] < operands[1] ? 1 : 0;
      case RateOperation::less_or_equal:
        return operands[0] <= operands[1] ? 1 : 0;
      case RateOperation::equal:
        return operands[0] == operands[1] ? 1 : 0;
      case RateOperation::select:
        return operands[0] != 0 ? operands[1] : operands[2];
      case RateOperation::call:
        return instruction.function->value(context, operands);
    }
    return 0;
  }

  static std::string word(const RateInstruction& instruction) {
    static constexpr std::array names{"",     "",    "",    "",      "",    "neg", "exp", "log",   "log10",
                                      "sqrt", "abs", "sin", "cos",   "int", "+",   "-",   "*",     "/",
                                      "**",   "min", "max", "atan2", "<",   "<=",  "==",  "select"};
    if (instruction.operation == RateOperation::call) return instruction.function->name;
    if (instruction.operation == RateOperation::photolysis) return "J" + std::to_string(instruction.index);
    if (instruction.operation == RateOperation::parameter) return "P" + std::to_string(instruction.index);
    if (instruction.operation == RateOperation::fixed) return "F" + std::to_string(instruction.index);
    if (instruction.operation == RateOperation::variable) return variable_name(instruction.variable);
    if (instruction.operation != RateOperation::constant)
      return names[static_cast<std::size_t>(instruction.operation)];
    return number_text(instruction.number, 12);
  }

  static std::string variable_name(RateVariable variable) {
    for (const NamedRateVariable& row : rate_variables)
      if (row.variable == variable) return std::string(row.name);
    return "?";
  }

  std::vector<RateInstruction> program_;
};

}  // namespace chemnne
