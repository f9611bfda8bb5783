#pragma once
#include <cmath>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <chemnne/chemistry/rate_expression.hpp>
#include <chemnne/chemistry/source_cursor.hpp>
#include <chemnne/chemistry/source_text.hpp>

namespace chemnne {

/// Named constants of a mechanism: upper-case name -> the text that stands for it. A function without
/// arguments that is registered under such a name goes before it.
using RateConstants = std::map<std::string, SourceSpan>;

namespace detail {

/// Recursive descent from text to a stack program; both depths and the length are bounded.
///
///   expression = term {("+"|"-") term};  term = factor {("*"|"/") factor}
///   factor = ("+"|"-") factor | primary [("**"|"^") factor]      so that -a**b = -(a**b), and a**-b stands
///   primary = number | "(" expression ")" | name | name "(" arguments ")"
class RateCompiler {
 public:
  RateCompiler(SourceSpan text, const RateFunctions& functions, const RateConstants& constants,
               std::string context)
      : cursor_(text), functions_(functions), constants_(constants), context_(std::move(context)) {
    cursor_.set_context(context_);
  }

  RateExpression compile() {
    whole_expression();
    RateExpression result(program_);
    if (result.is_constant() && !std::isfinite(result.program()[0].number))
      cursor_.fail("a finite rate", "a constant expression that is not");
    return result;
  }

 private:
  static constexpr std::size_t longest_program = 4096;
  static constexpr std::size_t deepest_nesting = 100;

  /// Counts the nesting, so that no text can exhaust the machine's own stack.
  class Nesting {
   public:
    explicit Nesting(RateCompiler& compiler) : depth_(compiler.nesting_) {
      if (++depth_ > deepest_nesting)
        compiler.cursor_.fail("at most 100 nested levels (does a constant use itself?)", "more");
    }
    ~Nesting() { --depth_; }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;

   private:
    std::size_t& depth_;
  };

  void whole_expression() {
    expression();
    if (!cursor_.at_end()) cursor_.fail("an operator or the end of the rate");
  }

  void expression() {
    const Nesting nesting(*this);
    term();
    for (;;) {
      if (cursor_.take('+'))
        binary(RateOperation::add, &RateCompiler::term);
      else if (cursor_.take('-'))
        binary(RateOperation::subtract, &RateCompiler::term);
      else
        return;
    }
  }

  void term() {
    factor();
    for (;;) {
      if (cursor_.take('*'))
        binary(RateOperation::multiply, &RateCompiler::factor);
      else if (cursor_.take('/'))
        binary(RateOperation::divide, &RateCompiler::factor);
      else
        return;
    }
  }

  void factor() {
    const Nesting nesting(*this);
    if (cursor_.take('+')) return factor();
    if (cursor_.take('-')) {
      factor();
      return emit({.operation = RateOperation::negate});
    }
    primary();
    if (take_power()) binary(RateOperation::power, &RateCompiler::factor);
  }

  bool take_power() { return cursor_.take('^') || cursor_.take_text("**"); }

  void binary(RateOperation operation, void (RateCompiler::*right_side)()) {
    (this->*right_side)();
    emit({.operation = operation});
  }

  void primary() {
    if (const auto number = cursor_.take_number()) return emit({.number = *number});
    if (cursor_.take('(')) {
      expression();
      return cursor_.require(')', "after the expression in parentheses");
    }
    const std::size_t begin = cursor_.offset();
    const std::string_view name = cursor_.take_name();
    if (name.empty()) cursor_.fail("a number, a name or '('");
    if (cursor_.take('('))
      function(name, begin);
    else
      variable(name, begin);
  }

  void variable(std::string_view name, std::size_t begin) {
    const std::string upper = upper_case(name);
    for (const NamedRateVariable& row : rate_variables)
      if (row.name == upper) return emit({.operation = RateOperation::variable, .variable = row.variable});
    auto registered = functions_.find(upper);
    if (registered && registered->arity == 0)
      return emit({.operation = RateOperation::call, .function = std::move(registered)});
    const auto constant = constants_.find(upper);
    if (constant == constants_.end()) unknown_name(name, begin);
    inlined(*constant);
  }

  [[noreturn]] void unknown_name(std::string_view name, std::size_t begin) {
    cursor_.move_to(begin);
    std::string known;
    for (const NamedRateVariable& row : rate_variables) known += std::string(row.name) + ", ";
    cursor_.fail(
        "one of " + known + "a constant set in an #INLINE F90_RCONST block or registered in RateFunctions",
        "the unknown name '" + std::string(name) + "'");
  }

  /// The text of a named constant, compiled in place.
  void inlined(const RateConstants::value_type& constant) {
    const Nesting nesting(*this);
    SourceCursor outer = std::exchange(cursor_, SourceCursor(constant.second));
    cursor_.set_context(", constant " + constant.first + context_);
    whole_expression();
    cursor_ = std::move(outer);
  }

  void function(std::string_view name, std::size_t begin) {
    const std::string upper = upper_case(name);
    if (upper == "J") return photolysis();
    if (upper == "C") concentration(begin);
    for (const auto& [known, operation] : unary_functions)
      if (known == upper) return call(name, 1, {.operation = operation});
    if (upper == "MIN") return extremum(RateOperation::minimum);
    if (upper == "MAX") return extremum(RateOperation::maximum);
    auto found = functions_.find(upper);
    if (!found) {
      cursor_.move_to(begin);
      cursor_.fail("a rate function that is built in or registered in RateFunctions",
                   "the unknown function '" + std::string(name) + "'");
    }
    const std::size_t arity = found->arity;
    call(name, arity, {.operation = RateOperation::call, .function = std::move(found)});
  }

  [[noreturn]] void concentration(std::size_t begin) {
    cursor_.move_to(begin);
    cursor_.fail("a rate of temperature, pressure, humidity and light alone",
                 "C(...), a concentration (sums of peroxy radicals, RO2, are not supported)");
  }

  void call(std::string_view name, std::size_t arity, const RateInstruction& instruction) {
    const std::string purpose = std::string(name) + ", which takes " + std::to_string(arity) +
                                (arity == 1 ? " argument" : " arguments");
    for (std::size_t i = 0; i < arity; ++i) {
      if (i > 0) cursor_.require(',', "between the arguments of " + purpose);
      expression();
    }
    cursor_.require(')', "after the arguments of " + purpose);
    emit(instruction);
  }

  void extremum(RateOperation operation) {
    expression();
    cursor_.require(',', "between the arguments of MIN or MAX");
    do {
      expression();
      emit({.operation = operation});
    } while (cursor_.take(','));
    cursor_.require(')', "after the arguments of MIN or MAX");
  }

  /// J(4) or J(J_NO2).
  void photolysis() {
    const std::size_t begin = (cursor_.peek(), cursor_.offset());
    const std::string name = upper_case(cursor_.take_name());
    const double number = name.empty() ? cursor_.take_number().value_or(0) : 0;
    const McmPhotolysis* row = find_mcm_photolysis(name);
    if (number >= 1 && number <= 99 && number == std::floor(number))
      row = find_mcm_photolysis(static_cast<int>(number));
    if (!row) {
      cursor_.move_to(begin);
      cursor_.fail("a number or name of the MCM v3.3.1 photolysis table, such as J(4) or J(J_NO2)");
    }
    cursor_.require(')', "after the photolysis number");
    emit({.operation = RateOperation::photolysis, .photolysis = row});
  }

  void emit(const RateInstruction& instruction) {
    depth_ = depth_ + 1 - operand_count(instruction);
    if (depth_ > RateExpression::stack_size)
      cursor_.fail("a rate with at most " + std::to_string(RateExpression::stack_size) + " pending values",
                   "more");
    if (program_.size() >= longest_program)
      cursor_.fail("a rate of at most " + std::to_string(longest_program) + " operations", "more");
    program_.push_back(instruction);
  }

  static constexpr std::pair<std::string_view, RateOperation> unary_functions[] = {
      {"EXP", RateOperation::exponential},
      {"LOG", RateOperation::logarithm},
      {"LOG10", RateOperation::logarithm10},
      {"SQRT", RateOperation::square_root},
      {"ABS", RateOperation::absolute}};

  SourceCursor cursor_;
  const RateFunctions& functions_;
  const RateConstants& constants_;
  std::string context_;
  std::vector<RateInstruction> program_;
  std::size_t depth_ = 0;
  std::size_t nesting_ = 0;
};

}  // namespace detail

/// The rate expression of a text, names without regard to case.
///
/// Grammar: + - * / ** ^ and parentheses as in Fortran; EXP, LOG (natural), LOG10, SQRT, ABS, MIN, MAX; the
/// names of `rate_variables`; the functions of `RateFunctions`; J(n) and J(J_NAME) of `mcm_photolysis_table`;
/// `constants`. `context`, such as ", reaction <7>", follows the place in messages. Errors: Error with file,
/// line, column, what was expected and found.
inline RateExpression compile_rate(SourceSpan text, const RateFunctions& functions,
                                   const RateConstants& constants = {}, std::string context = {}) {
  return detail::RateCompiler(text, functions, constants, std::move(context)).compile();
}

/// The same of a text on its own; messages call it "rate".
inline RateExpression compile_rate(std::string_view text, const RateFunctions& functions = RateFunctions()) {
  const SourceText source("rate", std::string(text));
  return compile_rate(SourceSpan{&source, 0, source.text().size()}, functions);
}

}  // namespace chemnne
