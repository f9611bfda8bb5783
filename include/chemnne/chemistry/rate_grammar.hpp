#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <chemnne/chemistry/rate_emitter.hpp>
#include <chemnne/chemistry/rate_expression.hpp>
#include <chemnne/chemistry/rate_names.hpp>
#include <chemnne/chemistry/source_cursor.hpp>
#include <chemnne/support/number_text.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne::detail {

/// Recursive descent from text to a stack program, of bounded depth: operators and numbers. What names
/// stand for is left to others.
///
///   expression = disjunction {(".EQV."|".NEQV.") disjunction}
///   disjunction = conjunction {".OR." conjunction};  conjunction = negation {".AND." negation}
///   negation = ".NOT." negation | sum [comparison sum]
///   sum = term {("+"|"-") term};  term = factor {("*"|"/") factor}
///   factor = ("+"|"-") factor | primary [("**"|"^"|"@") factor]      so that -a**b = -(a**b), and a**-b
///   stands primary = number | ".TRUE." | ".FALSE." | "(" expression ")" | name | name "(" arguments ")"
///
/// Truth is 1, and 0 its opposite.
class RateGrammar : public RateEmitter {
 protected:
  using RateEmitter::RateEmitter;
  ~RateGrammar() = default;

  /// The value of a name that begins at `begin` and has been taken.
  virtual RateKind named(std::string_view name, std::size_t begin) = 0;

  static constexpr std::size_t deepest_nesting = 100;

  /// Counts the nesting, so that no text can exhaust the machine's own stack.
  class Nesting {
   public:
    explicit Nesting(RateGrammar& compiler) : depth_(compiler.nesting_) {
      if (++depth_ > deepest_nesting) compiler.cursor_.fail("at most 100 nested levels", "more");
    }
    ~Nesting() { --depth_; }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;

   private:
    std::size_t& depth_;
  };

  RateKind whole_expression() {
    const RateKind kind = expression();
    if (!cursor_.at_end()) cursor_.fail("an operator or the end of the rate");
    return kind;
  }

  RateKind expression() {
    const Nesting nesting(*this);
    RateKind kind = disjunction();
    for (;;) {
      const bool same = take_word(".EQV."), other = !same && take_word(".NEQV.");
      if (!same && !other) return kind;
      require_logical(kind);
      require_logical(disjunction());
      emit({.operation = RateOperation::equal});
      if (other) emit_not();
    }
  }

  RateKind disjunction() {
    RateKind kind = conjunction();
    while (take_word(".OR.")) {
      require_logical(kind);
      require_logical(kind = conjunction());
      emit({.operation = RateOperation::maximum});
    }
    return kind;
  }

  RateKind conjunction() {
    RateKind kind = negation();
    while (take_word(".AND.")) {
      require_logical(kind);
      require_logical(kind = negation());
      emit({.operation = RateOperation::minimum});
    }
    return kind;
  }

  RateKind negation() {
    if (!take_word(".NOT.")) return comparison();
    const Nesting nesting(*this);
    require_logical(negation());
    emit_not();
    return RateKind::logical;
  }

  /// a > b as -a < -b, so that a number that is none compares with none.
  RateKind comparison() {
    const RateKind left = sum();
    for (const auto& [sign, word, operation, mirrored, negated] : comparisons) {
      if (!cursor_.take_text(sign) && !take_word(word)) continue;
      require_number(left);
      if (mirrored) emit({.operation = RateOperation::negate});
      require_number(sum());
      if (mirrored) emit({.operation = RateOperation::negate});
      emit({.operation = operation});
      if (negated) emit_not();
      return RateKind::logical;
    }
    return left;
  }

  void emit_not() {
    emit({.operation = RateOperation::negate});
    emit({.number = 1});
    emit({.operation = RateOperation::add});
  }

  RateKind sum() {
    RateKind kind = term();
    for (;;) {
      if (cursor_.take('+'))
        kind = binary(kind, RateOperation::add, &RateGrammar::term);
      else if (cursor_.take('-'))
        kind = binary(kind, RateOperation::subtract, &RateGrammar::term);
      else
        return kind;
    }
  }

  RateKind term() {
    RateKind kind = factor();
    for (;;) {
      if (cursor_.take('*'))
        kind = binary(kind, RateOperation::multiply, &RateGrammar::factor);
      else if (next_text().substr(0, 2) != "/=" && cursor_.take('/'))
        kind = binary(kind, RateOperation::divide, &RateGrammar::factor);
      else
        return kind;
    }
  }

  RateKind factor() {
    const Nesting nesting(*this);
    if (cursor_.take('+')) return require_number(factor());
    if (cursor_.take('-')) {
      const RateKind kind = require_number(factor());
      emit({.operation = RateOperation::negate});
      return kind;
    }
    const RateKind base = primary();
    if (cursor_.take_text("**")) return binary(base, RateOperation::power, &RateGrammar::factor);
    if (!cursor_.take('^') && !cursor_.take('@')) return base;
    return binary(RateKind::real, RateOperation::power, &RateGrammar::factor);
  }

  /// Integers stay integers: quotients and powers of them are cut off.
  RateKind binary(RateKind left, RateOperation operation, RateKind (RateGrammar::*right_side)()) {
    require_number(left);
    const RateKind right = require_number((this->*right_side)());
    emit({.operation = operation});
    if (left != RateKind::integer || right != RateKind::integer) return RateKind::real;
    if (operation == RateOperation::divide || operation == RateOperation::power)
      emit({.operation = RateOperation::truncate});
    return RateKind::integer;
  }

  void require_logical(RateKind kind) {
    if (kind != RateKind::logical) cursor_.fail("a condition", "a number");
  }
  RateKind require_number(RateKind kind) {
    if (kind == RateKind::logical) cursor_.fail("a number", "a condition");
    return kind;
  }

  RateKind primary() {
    if (const auto kind = take_number()) return *kind;
    for (const bool truth : {true, false})
      if (take_word(truth ? ".TRUE." : ".FALSE.")) {
        emit({.number = truth ? 1.0 : 0.0});
        return RateKind::logical;
      }
    if (cursor_.take('(')) {
      const RateKind kind = expression();
      cursor_.require(')', "after the expression in parentheses");
      return kind;
    }
    const std::size_t begin = cursor_.offset();
    const std::string_view name = cursor_.take_name();
    if (name.empty()) cursor_.fail("a number, a name or '('");
    return named(name, begin);
  }

  /// The text from the next character that is not blank on.
  std::string_view next_text() {
    cursor_.peek();
    return cursor_.source().text().substr(cursor_.offset());
  }

  /// An operator such as .AND., without regard to case.
  bool take_word(std::string_view word) {
    if (cursor_.peek() != '.' || upper_case(next_text().substr(0, word.size())) != word) return false;
    const std::size_t begin = cursor_.offset();
    if (cursor_.take_text(next_text().substr(0, word.size()))) return true;
    cursor_.move_to(begin);
    return false;
  }

  /// In `250.AND.` the point is the operator's.
  std::optional<RateKind> take_number() {
    const std::string_view text = next_text();
    const std::size_t begin = cursor_.offset();
    std::size_t digits = 0;
    while (digits < text.size() && is_digit(text[digits])) ++digits;
    std::size_t letters = digits + 1;
    while (letters < text.size() && is_name_start(text[letters])) ++letters;
    const bool before_operator = digits > 0 && letters > digits + 1 && letters < text.size() &&
                                 text[digits] == '.' && text[letters] == '.';
    std::optional<double> number;
    if (before_operator) {
      number = parse_number(std::string(text.substr(0, digits)));
      cursor_.move_to(begin + digits);
    } else {
      number = cursor_.take_number();
    }
    if (!number) return std::nullopt;
    emit({.number = *number});
    const bool whole = cursor_.offset() == begin + digits || text[digits] == '_';
    return names_.fortran && whole ? RateKind::integer : RateKind::real;
  }

  /// (..., ...) after '(' has been taken.
  Arguments take_arguments() {
    Arguments arguments;
    if (cursor_.take(')')) return arguments;
    do {
      const std::size_t begin = program_.size();
      arguments.emplace_back(begin, expression());
    } while (cursor_.take(','));
    cursor_.require(')', "or ',' after an argument");
    return arguments;
  }
  Arguments take_arguments(std::string_view name, std::size_t count) {
    Arguments arguments = take_arguments();
    if (arguments.size() != count) wrong_count(name, {count}, arguments.size());
    return arguments;
  }

  [[noreturn]] void wrong_count(std::string_view name, const std::vector<std::size_t>& arities,
                                std::size_t found) {
    std::string counts;
    for (const std::size_t arity : arities) counts += (counts.empty() ? "" : " or ") + std::to_string(arity);
    cursor_.fail(std::string(name) + ", which takes " + counts + (counts == "1" ? " argument" : " arguments"),
                 std::to_string(found));
  }

 private:
  struct Comparison {
    std::string_view sign, word;
    RateOperation operation;
    bool mirrored, negated;
  };
  static constexpr Comparison comparisons[] = {{"<=", ".LE.", RateOperation::less_or_equal, false, false},
                                               {">=", ".GE.", RateOperation::less_or_equal, true, false},
                                               {"==", ".EQ.", RateOperation::equal, false, false},
                                               {"/=", ".NE.", RateOperation::equal, false, true},
                                               {"<", ".LT.", RateOperation::less, false, false},
                                               {">", ".GT.", RateOperation::less, true, false}};

  std::size_t nesting_ = 0;
};

}  // namespace chemnne::detail
