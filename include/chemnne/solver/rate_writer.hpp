#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include <chemnne/chemistry/rate_graph.hpp>
#include <chemnne/chemistry/rate_program.hpp>
#include <chemnne/solver/code_parts.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/number_text.hpp>

namespace chemnne::detail {

/// A RateProgram as straight-line C++ over registers E of double precision.
///
/// Exponentials and logarithms whose arguments are known stand together in a loop: one is some thirty
/// instructions, which would make a long text, and a processor works at several at once. So the text goes
/// level by level: that of a value is how many of them must come before it. What another function reads
/// stands in the array v.
class RateWriter {
 public:
  /// Errors: Error where a function of the user has no formula to write down.
  explicit RateWriter(const RateProgram& program)
      : program_(&program),
        level_(program.size(), 0),
        part_(program.size(), 0),
        place_(program.size(), none),
        arguments_(program.size()) {
    if (!program.calls().empty())
      throw Error("code of the rate constants", "functions with a formula that can be written down",
                  std::to_string(program.calls().size()) + " calls of others");
    for (Index i = 0; i < program.size(); ++i) {
      program.for_each_operand(i, [&](Index operand) {
        level_[i] = std::max(level_[i], level_[operand] + (is_batched(operand) ? 1 : 0));
      });
      levels_ = std::max(levels_, level_[i] + 1);
    }
    divide();
    find_places();
  }

  /// Size of v.
  std::size_t places() const { return places_; }
  /// Where in v the rates are, then the slopes.
  std::vector<std::size_t> results() const {
    std::vector<std::size_t> places;
    for (const Index node : result_nodes()) places.push_back(place_[node]);
    return places;
  }
  /// Inputs that rates follow.
  std::vector<std::size_t> inputs() const {
    std::vector<std::size_t> result;
    for (const RateNode& node : program_->nodes())
      if (node.operation == Operation::input) result.push_back(node.a);
    return result;
  }

  /// Functions that fill v from the inputs x.
  CodeParts write() const {
    CodeParts code("rate_constants", "[[maybe_unused]] const double* __restrict x, double* __restrict v",
                   "inputs + p, v");
    std::vector<std::size_t> seen_in(program_->size(), 0);
    for (std::size_t level = 0; level < levels_; ++level) {
      std::size_t part = none;
      for (Index i = 0; i < program_->size(); ++i) {
        if (!is_computed(i) || level_[i] != level) continue;
        if (part_[i] != part) code.end_part();
        part = part_[i];
        compute(code, seen_in, i);
      }
      code.end_part();
      for (const Operation operation : batched) write_loop(code, seen_in, operation, level);
    }
    std::vector<bool> is_there(places_, false);
    for (const Index i : result_nodes())
      if (!is_computed(i) && !is_batched(i) && !is_there[place_[i]]) {
        store(code, value(code, seen_in, i), place_[i]);
        is_there[place_[i]] = true;
      }
    code.end_part();
    return code;
  }

 private:
  using Index = RateProgram::Index;
  using Operation = RateNodeOperation;
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  static constexpr std::size_t part_operations = 200;
  static constexpr std::array batched{Operation::exponential, Operation::logarithm};

  const RateNode& node(Index i) const { return program_->nodes()[i]; }
  bool is_batched(Index i) const {
    return std::find(batched.begin(), batched.end(), node(i).operation) != batched.end();
  }
  /// Numbers and inputs are written where they are used.
  bool is_computed(Index i) const { return operand_count(node(i).operation) > 0 && !is_batched(i); }

  std::vector<Index> result_nodes() const {
    std::vector<Index> nodes;
    for (std::size_t r = 0; r < program_->reactions(); ++r) nodes.push_back(program_->rate(r));
    for (const RateProgram::Slope& slope : program_->slopes()) nodes.push_back(slope.node);
    return nodes;
  }

  /// Into functions.
  void divide() {
    std::size_t part = 0;
    for (std::size_t level = 0; level < levels_; ++level) {
      std::size_t operations = 0;
      for (Index i = 0; i < program_->size(); ++i) {
        if (!is_computed(i) || level_[i] != level) continue;
        part_[i] = part + operations++ / part_operations;
      }
      part += operations / part_operations + 1;
    }
  }

  /// Those of a loop one after the other, so that it works in place on its arguments.
  void find_places() {
    for (std::size_t level = 0; level < levels_; ++level)
      for (const Operation operation : batched)
        for (const Index i : batch(operation, level)) place_[i] = places_++;
    const auto keep = [&](Index i) {
      if (place_[i] == none) place_[i] = places_++;
    };
    for (Index i = 0; i < program_->size(); ++i)
      program_->for_each_operand(i, [&](Index operand) {
        if (is_computed(operand) && !is_batched(i) && part_[i] != part_[operand]) keep(operand);
      });
    for (const Index i : result_nodes()) keep(i);
    for (Index i = 0; i < program_->size(); ++i)
      if (is_batched(i)) arguments_[node(i).a].push_back(place_[i]);
  }

  std::vector<Index> batch(Operation operation, std::size_t level) const {
    std::vector<Index> nodes;
    for (Index i = 0; i < program_->size(); ++i)
      if (node(i).operation == operation && level_[i] == level) nodes.push_back(i);
    return nodes;
  }

  static std::string number(double value) {
    if (std::isfinite(value)) {
      // Without a point a literal is an integer, which must not be above 2^64.
      const std::string text = number_text(value);
      return "E(" + text + (text.find_first_of(".e") == std::string::npos ? ".0)" : ")");
    }
    const std::string limits = "std::numeric_limits<double>::";
    return "E(" + std::string(value < 0 ? "-" : "") + limits +
           (std::isnan(value) ? "quiet_NaN())" : "infinity())");
  }

  /// A value as an operand in the part at work.
  std::string value(CodeParts& code, std::vector<std::size_t>& seen_in, Index i) const {
    if (node(i).operation == Operation::constant) return number(node(i).number);
    const std::string name = 'n' + std::to_string(i);
    if (seen_in[i] != code.part())
      code.line("const E " + name + " = E::load(" +
                    (node(i).operation == Operation::input ? "x + L::count * " + std::to_string(node(i).a)
                                                           : "v, " + std::to_string(place_[i])) +
                    ");",
                0);
    seen_in[i] = code.part();
    return name;
  }

  static void store(CodeParts& code, const std::string& value, std::size_t place) {
    code.line(value + ".store(v, " + std::to_string(place) + ");", 0);
  }

  void compute(CodeParts& code, std::vector<std::size_t>& seen_in, Index i) const {
    const std::string a = value(code, seen_in, node(i).a);
    const std::string b = operand_count(node(i).operation) > 1 ? value(code, seen_in, node(i).b) : "";
    const std::string c = operand_count(node(i).operation) > 2 ? value(code, seen_in, node(i).c) : "";
    const std::string name = 'n' + std::to_string(i);
    code.line("const E " + name + " = " + expression(node(i).operation, a, b, c) + ';');
    seen_in[i] = code.part();
    if (place_[i] != none) store(code, name, place_[i]);
    for (const std::size_t place : arguments_[i]) store(code, name, place);
  }

  static std::string expression(Operation operation, const std::string& a, const std::string& b,
                                const std::string& c) {
    const auto truth = [](const std::string& mask) { return "select(" + mask + ", E(1.0), E(0.0))"; };
    switch (operation) {
      case Operation::square_root:
        return "sqrt(" + a + ')';
      case Operation::absolute:
        return "abs(" + a + ')';
      case Operation::sine:
        return "sin(" + a + ')';
      case Operation::cosine:
        return "cos(" + a + ')';
      case Operation::truncate:
        return "trunc(" + a + ')';
      case Operation::add:
        return a + " + " + b;
      case Operation::subtract:
        return a + " - " + b;
      case Operation::multiply:
        return a + " * " + b;
      case Operation::divide:
        return a + " / " + b;
      case Operation::minimum:  // an `a` that is not a number stays so
        return "min(" + b + ", " + a + ')';
      case Operation::maximum:
        return "max(" + b + ", " + a + ')';
      case Operation::arctangent:
        return "atan2(" + a + ", " + b + ')';
      case Operation::less:
        return truth(a + " < " + b);
      case Operation::less_or_equal:
        return truth(a + " <= " + b);
      case Operation::equal:
        return truth('(' + a + " <= " + b + ") & (" + b + " <= " + a + ')');
      case Operation::select:
        return "select(E(0.0) < " + a + ", " + b + ", " + c + ')';
      default:
        return "pow(" + a + ", " + b + ')';
    }
  }

  void write_loop(CodeParts& code, std::vector<std::size_t>& seen_in, Operation operation,
                  std::size_t level) const {
    const std::vector<Index> all = batch(operation, level);
    if (all.empty()) return;
    for (const Index i : all)
      if (!is_computed(node(i).a)) store(code, value(code, seen_in, node(i).a), place_[i]);
    code.end_part();
    code.line("for (std::size_t i = " + std::to_string(place_[all.front()]) + "; i < " +
              std::to_string(place_[all.back()] + 1) + "; ++i) " +
              (operation == Operation::exponential ? "exp" : "log") + "(E::load(v, i)).store(v, i);");
    code.end_part();
  }

  const RateProgram* program_;
  std::vector<std::size_t> level_, part_;
  std::vector<std::size_t> place_;                    ///< in v, or none
  std::vector<std::vector<std::size_t> > arguments_;  ///< places where loops want a value
  std::size_t levels_ = 1, places_ = 0;
};

}  // namespace chemnne::detail
