#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <chemnne/chemistry/mcm_rate_constants.hpp>
#include <chemnne/chemistry/peroxy_radical_degree.hpp>
#include <chemnne/chemistry/rate_expression.hpp>
#include <chemnne/chemistry/rate_names.hpp>
#include <chemnne/chemistry/source_cursor.hpp>
#include <chemnne/chemistry/source_text.hpp>

namespace chemnne {

/// A rate names a function or constant that nobody has given.
class UnknownRateName : public Error {
 public:
  UnknownRateName(const std::string& name, const Error& error) : Error(error), name_(name) {}
  const std::string& name() const noexcept { return name_; }

 private:
  std::string name_;
};

namespace detail {

/// Recursive descent from text to a stack program; both depths and the length are bounded.
///
///   expression = term {("+"|"-") term};  term = factor {("*"|"/") factor}
///   factor = ("+"|"-") factor | primary [("**"|"^"|"@") factor]      so that -a**b = -(a**b), and a**-b
///   stands primary = number | "(" expression ")" | name | name "(" arguments ")"
class RateCompiler {
 public:
  RateCompiler(SourceSpan text, const RateNames& names, std::string context) : cursor_(text), names_(names) {
    cursor_.set_context(std::move(context));
  }

  RateExpression compile() {
    whole_expression();
    RateExpression result(program_);
    if (result.is_constant() && !std::isfinite(result.program()[0].number))
      cursor_.fail("a finite rate", "a constant expression that is not");
    if (result.uses_peroxy_radicals() && peroxy_radical_degree(program_) > 1)
      cursor_.fail("a rate that is linear in RO2", "another function of it");
    return result;
  }

  /// The program alone, to be put in the place of a name.
  std::vector<RateInstruction> compile_constant() {
    whole_expression();
    return std::move(program_);
  }

 private:
  static constexpr std::size_t longest_program = 4096;
  static constexpr std::size_t deepest_nesting = 100;

  /// Counts the nesting, so that no text can exhaust the machine's own stack.
  class Nesting {
   public:
    explicit Nesting(RateCompiler& compiler) : depth_(compiler.nesting_) {
      if (++depth_ > deepest_nesting) compiler.cursor_.fail("at most 100 nested levels", "more");
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

  bool take_power() { return cursor_.take('^') || cursor_.take('@') || cursor_.take_text("**"); }

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
    else if (upper_case(name) == "J" && cursor_.take('<'))
      photolysis('>');
    else
      variable(name, begin);
  }

  void variable(std::string_view name, std::size_t begin) {
    const std::string upper = upper_case(name);
    auto registered = names_.functions.find(upper);
    if (registered && registered->arity == 0)
      return emit({.operation = RateOperation::call, .function = std::move(registered)});
    const auto constant = names_.constants.find(upper);
    if (constant != names_.constants.end() && !constant->second.trouble)
      return inlined(constant->second.program);
    // A sum that is not understood must not fall back to another one.
    if (constant != names_.constants.end() && upper == "RO2")
      std::rethrow_exception(constant->second.trouble);
    for (const NamedRateVariable& row : rate_variables)
      if (row.name == upper) return emit({.operation = RateOperation::variable, .variable = row.variable});
    const auto parameter = names_.parameters.find(upper);
    if (parameter != names_.parameters.end())
      return emit({.operation = RateOperation::parameter, .index = parameter->second});
    if (constant != names_.constants.end()) std::rethrow_exception(constant->second.trouble);
    const auto of_mcm = mcm_programs().find(upper);
    if (of_mcm == mcm_programs().end()) unknown_name(name, begin);
    inlined(of_mcm->second);
  }

  /// The programs of MCM's own constants, compiled once.
  static const std::map<std::string_view, std::vector<RateInstruction>>& mcm_programs() {
    static const auto programs = [] {
      std::map<std::string_view, std::vector<RateInstruction>> result;
      const RateNames names;
      for (const McmRateConstant& row : mcm_rate_constants) {
        const SourceText source("MCM's " + std::string(row.name), std::string(row.text));
        result.emplace(row.name,
                       RateCompiler({&source, 0, source.text().size()}, names, {}).compile_constant());
      }
      return result;
    }();
    return programs;
  }

  [[noreturn]] void unknown_name(std::string_view name, std::size_t begin) {
    cursor_.move_to(begin);
    std::string known;
    for (const NamedRateVariable& row : rate_variables) known += std::string(row.name) + ", ";
    unknown(name,
            "one of " + known +
                "a constant of the mechanism or of the MCM, or a name registered in RateFunctions",
            "the unknown name '" + std::string(name) + "'");
  }

  [[noreturn]] void unknown(std::string_view name, const std::string& expected, const std::string& found) {
    try {
      cursor_.fail(expected, found);
    } catch (const Error& error) {
      throw UnknownRateName(std::string(name), error);
    }
  }

  /// The program of a named constant in the place of its name.
  void inlined(const std::vector<RateInstruction>& program) {
    for (const RateInstruction& instruction : program) emit(instruction);
  }

  void function(std::string_view name, std::size_t begin) {
    const std::string upper = upper_case(name);
    if (upper == "J") return photolysis(')');
    if (upper == "C") concentration(begin);
    for (const auto& [known, operation] : unary_functions)
      if (known == upper) return call(name, 1, {.operation = operation});
    if (upper == "MIN") return extremum(RateOperation::minimum);
    if (upper == "MAX") return extremum(RateOperation::maximum);
    auto found = names_.functions.find(upper);
    if (!found) {
      cursor_.move_to(begin);
      unknown(name, "a rate function that is built in or registered in RateFunctions",
              "the unknown function '" + std::string(name) + "'");
    }
    const std::size_t arity = found->arity;
    call(name, arity, {.operation = RateOperation::call, .function = std::move(found)});
  }

  [[noreturn]] void concentration(std::size_t begin) {
    cursor_.move_to(begin);
    cursor_.fail("a rate of temperature, pressure, humidity and light alone",
                 "C(...), a concentration (only RO2, the sum of peroxy radicals, may be one)");
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

  /// J(4) or J(J_NO2); J<4> in FACSIMILE.
  void photolysis(char closing) {
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
    cursor_.require(closing, "after the photolysis number");
    emit({.operation = RateOperation::photolysis, .index = static_cast<std::size_t>(row->number)});
  }

  void emit(const RateInstruction& instruction) {
    depth_ = depth_ + 1 - operand_count(instruction);
    if (depth_ > RateExpression::stack_size)
      cursor_.fail("a rate with at most " + std::to_string(RateExpression::stack_size) + " pending values",
                   "more");
    if (program_.size() >= longest_program)
      cursor_.fail("a rate of at most " + std::to_string(longest_program) + " operations", "more");
    if (++names_.operations > RateNames::most_operations)
      cursor_.fail("rates of at most " + std::to_string(RateNames::most_operations) + " operations together",
                   "more");
    program_.push_back(instruction);
  }

  static constexpr std::pair<std::string_view, RateOperation> unary_functions[] = {
      {"EXP", RateOperation::exponential},
      {"LOG", RateOperation::logarithm},
      {"LOG10", RateOperation::logarithm10},
      {"SQRT", RateOperation::square_root},
      {"ABS", RateOperation::absolute}};

  SourceCursor cursor_;
  const RateNames& names_;
  std::vector<RateInstruction> program_;
  std::size_t depth_ = 0;
  std::size_t nesting_ = 0;
};

}  // namespace detail

/// The rate expression of a text, names without regard to case.
///
/// Grammar: + - * / ** ^ @ (the last three are powers) and parentheses as in Fortran; EXP, LOG (natural),
/// LOG10, SQRT, ABS, MIN, MAX; J(n), J(J_NAME) and J<n> of `mcm_photolysis_table`; `names`. `context`, such
/// as
/// ", reaction <7>", follows the place in messages. Errors: Error with file, line, column, what was expected
/// and found; UnknownRateName for a name that stands for nothing.
inline RateExpression compile_rate(SourceSpan text, const RateNames& names, std::string context = {}) {
  return detail::RateCompiler(text, names, std::move(context)).compile();
}

/// The same of a text on its own; messages call it "rate".
inline RateExpression compile_rate(std::string_view text, const RateNames& names = {}) {
  const SourceText source("rate", std::string(text));
  return compile_rate(SourceSpan{&source, 0, source.text().size()}, names);
}

/// Gives a text a name that later constants and rates may use; a second text replaces the first for those
/// after it. A text that cannot be compiled is an error where its name is used.
inline void define_constant(RateNames& names, std::string_view name, SourceSpan text) {
  const std::string upper = upper_case(name);
  RateConstant constant;
  try {
    constant.program = detail::RateCompiler(text, names, ", constant " + upper).compile_constant();
  } catch (const Error&) {
    constant.trouble = std::current_exception();
  }
  names.constants.insert_or_assign(upper, std::move(constant));
}

}  // namespace chemnne
