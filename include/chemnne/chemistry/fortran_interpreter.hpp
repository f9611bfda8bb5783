#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <chemnne/chemistry/fortran_program.hpp>
#include <chemnne/chemistry/rate_compiler.hpp>
#include <chemnne/chemistry/rate_names.hpp>
#include <chemnne/chemistry/source_text.hpp>
#include <chemnne/support/error.hpp>

namespace chemnne::detail {

/// Executes Fortran statements on programs in the place of numbers: what a variable becomes is a program of
/// the environment.
///
/// Where a condition is known when the file is read, one branch is executed. Where it follows the environment
/// both are, and each variable that one of them sets becomes a select; RETURN under such a condition makes
/// selects of all that follows. Bounds of DO must be known. A name that stands for nothing is trouble for the
/// variable that is set by it, and for what uses that; whatever else is not understood is an Error that names
/// the statement. Bounds: 100000 statements, 10000 turns of a loop, 50 conditions in each other.
class FortranInterpreter {
 public:
  using Body = std::span<const FortranStatement>;

  /// Of a mechanism's own statements: variables are its constants, and may be used before they are set.
  FortranInterpreter(RateNames& names, std::function<void(const Error&)> report,
                     std::function<bool(const FortranStatement&, bool)> takes)
      : names_(names), variables_(names.constants), report_(std::move(report)), takes_(std::move(takes)) {}

  /// Of a function, whose arguments are among its variables.
  FortranInterpreter(const RateNames& names, RateConstants& variables, const std::string& function)
      : names_(names), variables_(variables), scope_(&variables), context_(", function " + function) {}

  FortranInterpreter(const FortranInterpreter&) = delete;
  FortranInterpreter& operator=(const FortranInterpreter&) = delete;

  void declare(const std::string& name, RateKind type) { types_[name] = type; }
  void run(Body body) { execute(body); }

 private:
  using Kind = FortranStatement::Kind;
  /// A condition; of constants where it is known.
  using Program = std::vector<RateInstruction>;
  using Changes = std::map<std::string, std::optional<RateConstant>>;
  static constexpr double most_turns = 10000;
  static constexpr std::size_t most_conditions = 50;
  static constexpr std::size_t cost_of_trouble = 30;  ///< in statements: exceptions take their time

  static Program truth(bool is_true) { return {{.number = is_true ? 1.0 : 0.0}}; }
  static std::optional<double> known(const Program& program) {
    if (program.size() != 1 || program[0].operation != RateOperation::constant) return std::nullopt;
    return program[0].number;
  }

  /// Returns under which condition RETURN has been reached.
  Program execute(Body body) {
    for (std::size_t i = 0; i < body.size(); ++i) {
      if (++names_.statements > RateNames::most_statements)
        throw Error(body[i].text.where() + context_,
                    "at most " + std::to_string(RateNames::most_statements) + " statements to execute",
                    "more");
      Program left = execute_or_report(body[i]);
      const auto certain = known(left);
      if (certain && *certain == 0) continue;
      if (certain) return left;
      Changes rest;
      const Program later = aside(rest, body[i], [&] { return execute(body.subspan(i + 1)); });
      merge(left, {}, rest, body[i]);
      return chosen(left, truth(true), later);
    }
    return truth(false);
  }

  Program execute_or_report(const FortranStatement& statement) {
    if (!report_) return execute(statement);
    try {
      return execute(statement);
    } catch (const Error& error) {
      names_.statements += cost_of_trouble;
      report_(error);
      return truth(false);
    }
  }

  Program execute(const FortranStatement& statement) {
    switch (statement.kind) {
      case Kind::assignment:
        assign(statement);
        break;
      case Kind::declaration:
        declare(statement);
        break;
      case Kind::branch:
        return branch(statement, 0);
      case Kind::loop:
        return loop(statement);
      case Kind::leave:
        return truth(true);
      case Kind::other:
        not_understood(statement);
    }
    return truth(false);
  }

  [[noreturn]] void not_understood(const FortranStatement& statement) const {
    static constexpr std::size_t longest = 80;
    std::string text = collapse_blanks(statement.text.text());
    if (text.size() > longest) text = text.substr(0, longest) + "...";
    throw Error(statement.text.where() + context_,
                statement.expected.empty()
                    ? "an assignment, IF, DO, a FUNCTION, or what can influence no rate constant"
                    : statement.expected,
                "'" + text + "'");
  }

  std::string context_of(const std::string& name) const { return scope_ ? context_ : ", constant " + name; }

  /// Unknown names are the trouble of what is made of them.
  RateConstant compile(const SourceSpan& text, const std::string& name) const {
    try {
      return RateCompiler(text, names_, context_of(name), scope_).compile_constant();
    } catch (const UnknownRateName&) {
      names_.statements += cost_of_trouble;
      return {.program = {}, .trouble = std::current_exception()};
    }
  }

  void assign(const FortranStatement& statement) {
    if (takes_ && takes_(statement, journals_.empty())) return;
    std::string key = statement.name;
    if (statement.indices) {
      const SourceSpan inside{statement.indices->source, statement.indices->begin,
                              statement.indices->end + 1};
      key = RateCompiler(inside, names_, context_of(key), scope_).compile_element(key);
    }
    try {
      set_as_declared(statement, key, compile(*statement.value, statement.name));
    } catch (const Error& error) {
      set(key, {.program = {}, .trouble = std::make_exception_ptr(UnknownRateName(statement.name, error))});
      throw;
    }
  }

  void declare(const FortranStatement& statement) {
    types_[statement.name] = statement.type;
    if (statement.indices) arrays_.insert(statement.name);
    const std::string key = statement.name + (statement.indices ? "(" : "");
    if (statement.value) {
      RateConstant value;
      try {
        value = compile(*statement.value, statement.name);
      } catch (const Error& error) {  // of no account where it is not used
        value.trouble = std::make_exception_ptr(UnknownRateName(statement.name, error));
      }
      set_as_declared(statement, key, std::move(value));
    } else if (const auto argument = variables_.find(statement.name); argument != variables_.end()) {
      argument->second.kind = statement.type;
    }
    if (statement.indices && !statement.value && scope_)
      set(key, {.program = {}, .trouble = without_value(statement, statement.name + "(...)")});
  }

  /// A whole number is cut off as its variable is declared; a whole array has one value.
  void set_as_declared(const FortranStatement& statement, std::string key, RateConstant value) {
    const auto type = types_.find(statement.name);
    if (type == types_.end() ? value.kind == RateKind::integer : type->second == RateKind::real)
      value.kind = RateKind::real;
    if (type != types_.end() && type->second == RateKind::integer && value.kind == RateKind::real &&
        !value.trouble) {
      value.program.push_back({.operation = RateOperation::truncate});
      const RateExpression folded(value.program);
      value = {.program = {folded.program().begin(), folded.program().end()}, .kind = RateKind::integer};
    }
    if (key == statement.name && arrays_.count(key) > 0) {
      for (auto element = variables_.lower_bound(key + '(');
           element != variables_.end() && element->first.rfind(key + '(', 0) == 0; ++element)
        set(element->first, value);
      key += '(';
    }
    set(key, std::move(value));
  }

  void set(const std::string& key, RateConstant value) {
    const auto found = variables_.find(key);
    if (!journals_.empty())
      journals_.back().try_emplace(key,
                                   found == variables_.end() ? std::nullopt : std::optional(found->second));
    if (found == variables_.end())
      variables_.emplace(key, std::move(value));
    else
      found->second = std::move(value);
  }

  static std::exception_ptr without_value(const FortranStatement& statement, const std::string& name) {
    return std::make_exception_ptr(UnknownRateName(
        name, Error(statement.text.where(), "a value of " + name + " whatever the conditions are", "none")));
  }

  Program branch(const FortranStatement& statement, std::size_t number) {
    if (number == statement.arms.size()) return truth(false);
    const FortranArm& arm = statement.arms[number];
    if (!arm.condition) return execute(arm.body);
    const RateConstant condition = compile(*arm.condition, "IF");
    if (condition.trouble) return spoil(statement, number, condition.trouble);
    if (condition.kind != RateKind::logical)
      throw Error(arm.condition->where() + context_, "a condition", "a number");
    if (const auto is_true = known(condition.program))
      return *is_true != 0 ? execute(arm.body) : branch(statement, number + 1);
    Changes yes, no;
    const Program left = aside(yes, statement, [&] { return execute(arm.body); });
    const Program left_else = aside(no, statement, [&] { return branch(statement, number + 1); });
    merge(condition.program, yes, no, statement);
    return chosen(condition.program, left, left_else);
  }

  /// Of whatever a branch may set nothing is known.
  Program spoil(const FortranStatement& statement, std::size_t number, const std::exception_ptr& trouble) {
    for (; number < statement.arms.size(); ++number) {
      Changes changes;
      const Program left = aside(changes, statement, [&] { return execute(statement.arms[number].body); });
      for (const auto& [key, value] : changes) set(key, {.program = {}, .trouble = trouble});
      if (const auto leaves = known(left); !leaves || *leaves != 0) std::rethrow_exception(trouble);
    }
    return truth(false);
  }

  /// What `run` changes, after which all is as it was before.
  template <class Run>
  Program aside(Changes& changes, const FortranStatement& statement, const Run& run) {
    if (journals_.size() >= most_conditions)
      throw Error(statement.text.where() + context_,
                  "at most " + std::to_string(most_conditions) + " conditions in each other", "more");
    journals_.emplace_back();
    const auto undo = [&] {
      for (auto& [key, before] : journals_.back()) {
        const auto now = variables_.find(key);
        changes[key] = now->second;
        if (before)
          now->second = std::move(*before);
        else
          variables_.erase(now);
      }
      journals_.pop_back();
    };
    try {
      Program left = run();
      undo();
      return left;
    } catch (...) {
      undo();
      throw;
    }
  }

  void merge(const Program& condition, const Changes& yes, const Changes& no,
             const FortranStatement& statement) {
    std::set<std::string> keys;
    for (const Changes* const changes : {&yes, &no})
      for (const auto& [key, value] : *changes) keys.insert(key);
    for (const std::string& key : keys) {
      const RateConstant* const a = after(yes, key);
      const RateConstant* const b = after(no, key);
      if (a && b)
        set(key, selected(condition, *a, *b, statement));
      else if (scope_)
        set(key, RateConstant(a ? *a : *b));  // where it has none, Fortran may take any value
      else
        set(key, {.program = {}, .trouble = without_value(statement, key)});
    }
  }

  const RateConstant* after(const Changes& changes, const std::string& key) const {
    if (const auto changed = changes.find(key); changed != changes.end()) return &*changed->second;
    const auto before = variables_.find(key);
    return before == variables_.end() ? nullptr : &before->second;
  }

  RateConstant selected(const Program& condition, const RateConstant& a, const RateConstant& b,
                        const FortranStatement& statement) const {
    if (a.trouble || b.trouble) return {.program = {}, .trouble = a.trouble ? a.trouble : b.trouble};
    RateConstant result{.program = condition, .kind = a.kind == b.kind ? a.kind : RateKind::real};
    for (const RateConstant* const one : {&a, &b})
      result.program.insert(result.program.end(), one->program.begin(), one->program.end());
    result.program.push_back({.operation = RateOperation::select});
    names_.operations += result.program.size();
    if (result.program.size() > RateCompiler::longest_program ||
        names_.operations > RateNames::most_operations)
      throw Error(statement.text.where() + context_,
                  "values of at most " + std::to_string(RateCompiler::longest_program) + " operations",
                  "more");
    return result;
  }

  static Program chosen(const Program& condition, const Program& yes, const Program& no) {
    const auto a = known(yes), b = known(no);
    if (a && b && *a == *b) return yes;
    if (a && b && *a != 0) return condition;
    Program result = condition;
    result.insert(result.end(), yes.begin(), yes.end());
    result.insert(result.end(), no.begin(), no.end());
    result.push_back({.operation = RateOperation::select});
    return result;
  }

  Program loop(const FortranStatement& statement) {
    std::vector<double> bounds;
    for (const SourceSpan& text : statement.bounds) {
      const RateConstant bound = compile(text, "DO");
      if (bound.trouble) std::rethrow_exception(bound.trouble);
      const auto number = known(bound.program);
      if (!number || bound.kind == RateKind::logical)
        throw Error(text.where() + context_, "a bound of DO that is known when the file is read", "another");
      bounds.push_back(std::trunc(*number));
    }
    const double step = bounds.size() > 2 ? bounds[2] : 1;
    const double turns = std::max(0.0, std::floor((bounds[1] - bounds[0]) / step) + 1);
    if (!(turns <= most_turns))
      throw Error(statement.text.where() + context_,
                  "at most " + number_text(most_turns) + " turns of a loop", number_text(turns));
    for (double turn = 0; turn <= turns; ++turn) {
      set(statement.name, {.program = {{.number = bounds[0] + turn * step}}, .kind = RateKind::integer});
      if (turn == turns) break;
      Program left = execute(statement.arms[0].body);
      const auto leaves = known(left);
      if (!leaves)
        throw Error(statement.text.where() + context_,
                    "a loop that is left at a turn known when the file is read",
                    "RETURN under another condition");
      if (*leaves != 0) return left;
    }
    return truth(false);
  }

  const RateNames& names_;
  RateConstants& variables_;
  const RateConstants* scope_ = nullptr;
  std::string context_;
  std::function<void(const Error&)> report_ = {};
  std::function<bool(const FortranStatement&, bool)> takes_ = {};
  std::map<std::string, RateKind> types_;
  std::set<std::string> arrays_;
  /// For each condition that is not known, what the variables were that have been set under it.
  std::vector<Changes> journals_;
};

/// A function of Fortran for rates to call: its statements are executed with the arguments of each call.
inline RateProcedure procedure_of(FortranFunction function) {
  return [shared = std::make_shared<const FortranFunction>(std::move(function))](
             std::span<const RateConstant> arguments, const RateNames& names) {
    const FortranFunction& f = *shared;
    if (names.depth >= RateNames::greatest_depth)
      throw Error("function " + f.name, "functions that call each other at most 20 deep", "more");
    struct Depth {
      explicit Depth(const RateNames& of) : depth(of.depth) { ++depth; }
      ~Depth() { --depth; }
      Depth(const Depth&) = delete;
      Depth& operator=(const Depth&) = delete;
      std::size_t& depth;
    } const depth(names);
    RateConstants variables;
    for (std::size_t i = 0; i < arguments.size(); ++i) variables.emplace(f.arguments[i], arguments[i]);
    FortranInterpreter interpreter(names, variables, f.name);
    interpreter.declare(f.result, f.type);
    interpreter.run(f.body);
    const auto result = variables.find(f.result);
    if (result == variables.end()) throw Error("function " + f.name, "a value of " + f.result, "none");
    return result->second;
  };
}

}  // namespace chemnne::detail
