#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <chemnne/chemistry/cmaq_document.hpp>
#include <chemnne/chemistry/cmaq_parser.hpp>
#include <chemnne/chemistry/host_parameters.hpp>
#include <chemnne/chemistry/mechanism_builder.hpp>
#include <chemnne/chemistry/rate_call.hpp>
#include <chemnne/chemistry/rate_compiler.hpp>
#include <chemnne/chemistry/rate_functions.hpp>
#include <chemnne/chemistry/source_cursor.hpp>
#include <chemnne/support/error.hpp>

namespace chemnne::detail {

/// k0/(1+r) F^(1/(1+(log10(r)/N)^2)), r = k0/kinf, k0 = a0 exp(-c0/T) (T/300)^b0 [M], kinf without [M];
/// arguments a0, c0, b0, a1, c1, b1, F, N. Source: CMAQ, rate type 10.
inline SharedRateFunction cmaq_fall_off() {
  static const auto function = shared_function("cmaq_fall_off", 8, [](const auto& c, auto p) {
    const auto k0 = arrhenius(c.temperature, p[0], p[1], p[2]) * c.air;
    return fall_off(k0, arrhenius(c.temperature, p[3], p[4], p[5]), p[6], p[7]);
  });
  return function;
}

/// k0 + k3 [M]/(1 + k3 [M]/k2), k = a exp(-c/T); arguments a0, c0, a2, c2, a3, c3. Rate type 8.
inline SharedRateFunction cmaq_activated() {
  static const auto function = shared_function("cmaq_activated", 6, [](const auto& c, auto p) {
    const auto k2 = arrhenius(c.temperature, p[2], p[3], 0);
    const auto k3 = arrhenius(c.temperature, p[4], p[5], 0) * c.air;
    return arrhenius(c.temperature, p[0], p[1], 0) + k3 / (1 + k3 / k2);
  });
  return function;
}

/// The rates of a CMAQ document, in molecules cm-3 and s. A rate may be that of another reaction, wherever it
/// stands, times something: each is made once, when it is first asked for.
class CmaqRates {
 public:
  using Program = std::vector<RateInstruction>;

  /// `orders`: of each reaction, with what is constant. Errors: Error for a label that comes twice.
  CmaqRates(const CmaqDocument& document, std::vector<int> orders, MechanismBuilder& builder)
      : document_(document),
        orders_(std::move(orders)),
        builder_(builder),
        parameters_(builder),
        programs_(document.reactions.size()) {
    for (std::size_t i = 0; i < document.reactions.size(); ++i) {
      const CmaqReaction& reaction = document.reactions[i];
      if (!reaction.label.empty() && !places_.emplace(reaction.label, i).second)
        throw Error(reaction.whole.where(), "every label once", "'" + reaction.label + "' again");
    }
  }

  /// The name of an operator of SPECIAL that a reaction's rate follows, and the factor before it; none
  /// otherwise.
  struct OperatorUse {
    SourceSpan name;
    double factor;
  };
  std::optional<OperatorUse> operator_of(std::size_t reaction) const {
    SourceCursor cursor(document_.reactions[reaction].rate);
    if (!cursor.take('#')) return std::nullopt;
    const double factor = take_cmaq_number(cursor).value_or(1);
    if (!cursor.take('?')) return std::nullopt;
    const SourceSpan name = take_cmaq_name(cursor);
    if (name.text().empty() || !cursor.at_end()) cursor.fail("the name of an operator and ';'");
    return OperatorUse{name, factor};
  }

  /// Errors: Error with the place of what is wrong.
  const Program& rate(std::size_t reaction) {
    if (!programs_[reaction].empty()) return programs_[reaction];
    const CmaqReaction& of = document_.reactions[reaction];
    SourceCursor cursor(of.rate);
    cursor.set_context(MechanismBuilder::context(label(reaction)));
    const Reference reference(depth_);
    if (depth_ > deepest_reference)
      cursor.fail("at most 100 rates that lead to one another, and none to itself", "more");
    Program program = converted(parse(cursor, reaction), reaction);
    check(program, cursor);
    return programs_[reaction] = std::move(program);
  }

  /// That of a label. Errors: Error naming a label that no reaction has.
  const Program& rate(const SourceSpan& label) {
    const auto found = places_.find(without_blanks(label.text()));
    if (found == places_.end())
      throw Error(label.where(), "the label of a reaction", "'" + std::string(label.text()) + "'");
    return rate(found->second);
  }

  bool is_photolysis(std::size_t reaction) const {
    return document_.reactions[reaction].rate.text().find('/') != std::string_view::npos &&
           document_.reactions[reaction].rate.text().front() == '#';
  }

  std::string label(std::size_t reaction) const {
    const std::string& given = document_.reactions[reaction].label;
    return given.empty() ? std::to_string(reaction + 1) : given;
  }

  /// Errors: Error for a program that no rate expression can hold.
  void check(const Program& program, SourceCursor& cursor) const {
    std::size_t depth = 0, deepest = 0;
    for (const RateInstruction& instruction : program) {
      depth = depth + 1 - operand_count(instruction);
      deepest = std::max(deepest, depth);
      if (instruction.operation == RateOperation::constant && !std::isfinite(instruction.number))
        cursor.fail("a rate within the range of double precision", "another");
    }
    if (deepest > RateExpression::stack_size || program.size() > longest_program)
      cursor.fail("a rate of at most 4096 operations with at most 32 pending values", "more");
    if ((builder_.names.operations += program.size()) > RateNames::most_operations)
      cursor.fail("rates of at most " + std::to_string(RateNames::most_operations) + " operations together",
                  "more");
  }

 private:
  static constexpr std::size_t deepest_reference = 100;
  static constexpr std::size_t longest_program = 4096;
  static constexpr double pascals_per_atmosphere = 101325;

  /// Counts rates that wait for another one.
  class Reference {
   public:
    explicit Reference(std::size_t& depth) : depth_(depth) { ++depth_; }
    ~Reference() { --depth_; }
    Reference(const Reference&) = delete;
    Reference& operator=(const Reference&) = delete;

   private:
    std::size_t& depth_;
  };

  /// A^B@C: A exp(-C/T) (T/300)^B.
  struct Arrhenius {
    double a = 1, b = 0, c = 0;
    Program program() const { return arrhenius_program(a, c, b); }
  };

  static double number(SourceCursor& cursor) {
    const auto value = take_cmaq_number(cursor);
    if (!value) cursor.fail("a number");
    return *value;
  }

  static Arrhenius take_arrhenius(SourceCursor& cursor) {
    Arrhenius result{.a = number(cursor)};
    if (cursor.take('^')) result.b = number(cursor);
    if (cursor.take('@')) result.c = number(cursor);
    return result;
  }

  Program parse(SourceCursor& cursor, std::size_t reaction) {
    const char kind = cursor.take('%') ? upper_case(cursor.peek()) : '0';
    if (kind != '0') cursor.move_to(cursor.offset() + 1);
    cursor.require('#', "before the numbers of a rate");
    Program program = kind == '0' ? plain(cursor, reaction) : special(kind, cursor, reaction);
    if (!cursor.at_end()) cursor.fail("';' after the rate");
    return program;
  }

  Program plain(SourceCursor& cursor, std::size_t reaction) {
    const bool has_number = std::string_view("/~*").find(cursor.peek()) == std::string_view::npos;
    const Arrhenius first = has_number ? take_arrhenius(cursor) : Arrhenius{};
    if (cursor.take('&')) return fall_off_program(first, cursor);
    if (cursor.peek() == '*') return relative(first, cursor);
    if (cursor.at_end()) return first.program();
    if (first.b != 0 || first.c != 0) cursor.fail("'&', '*' or ';' after A^B@C");
    if (cursor.take('/'))
      return cursor.take('*') ? times(first.a, referred(cursor)) : host(first.a, cursor, "s-1");
    if (cursor.take('~')) return host(first.a, cursor, rate_constant_units(orders_[reaction]));
    cursor.fail("'^', '@', '&', '/<J>', '~<label>', '*K<label>', '*E<label>' or ';' after the first number");
  }

  /// A*K<R>: A k_R; A@C*E<R>: k_R exp(C/T)/A, the reverse of an equilibrium.
  Program relative(const Arrhenius& first, SourceCursor& cursor) {
    cursor.require('*', "before K or E");
    const bool reverse = cursor.take('E');
    if ((!reverse && !cursor.take('K')) || first.b != 0 || (!reverse && first.c != 0))
      cursor.fail("A*K<label> or A@C*E<label>");
    if (!reverse) return times(first.a, referred(cursor));
    if (!(first.a > 0)) cursor.fail("a number above 0 before '@'");
    Program program = referred(cursor);
    for (const RateInstruction& one : arrhenius_program(1 / first.a, -first.c, 0)) program.push_back(one);
    program.push_back({.operation = RateOperation::multiply});
    return program;
  }

  Program referred(SourceCursor& cursor) {
    cursor.require('<', "before the label of a reaction");
    return rate(take_cmaq_label(cursor));
  }

  static Program times(double factor, Program program) {
    if (factor != 1) {
      program.push_back({.number = factor});
      program.push_back({.operation = RateOperation::multiply});
    }
    return program;
  }

  /// A number that the host gives, times A.
  Program host(double factor, SourceCursor& cursor, const std::string& units) {
    cursor.require('<', "before a label");
    const SourceSpan label = take_cmaq_label(cursor);
    if (label.text().empty()) throw Error(label.where(), "a label", "none");
    return times(factor, {parameters_.take(without_blanks(label.text()), units)});
  }

  static Program fall_off_program(const Arrhenius& low, SourceCursor& cursor) {
    const Arrhenius high = take_arrhenius(cursor);
    const double broadening = cursor.take('&') ? number(cursor) : 0.6;
    const double width = cursor.take('&') ? number(cursor) : 1;
    if (!(broadening > 0) || !(width > 0) || !(high.a > 0)) cursor.fail("numbers above 0 behind '&'");
    return call_with(cmaq_fall_off(),
                     std::vector{low.a, low.c, low.b, high.a, high.c, high.b, broadening, width});
  }

  /// %1 to %5 and %H.
  Program special(char kind, SourceCursor& cursor, std::size_t reaction) {
    switch (kind) {
      case '1':
        return {{.operation = RateOperation::variable, .variable = &RateContext::pressure},
                {.number = 0.6 / pascals_per_atmosphere},
                {.operation = RateOperation::multiply},
                {.number = 1},
                {.operation = RateOperation::add},
                {.number = number(cursor)},
                {.operation = RateOperation::multiply}};
      case '2':
        return activated(cursor);
      case '3':
        return with_air(cursor);
      case '4':
      case '5': {
        const SourceSpan text{&cursor.source(), cursor.offset(), document_.reactions[reaction].rate.end};
        cursor.move_to(text.end);
        const RateExpression expression =
            compile_rate(text, builder_.names, MechanismBuilder::context(label(reaction)));
        return {expression.program().begin(), expression.program().end()};
      }
      case 'H':
        cursor.move_to(document_.reactions[reaction].rate.end);
        return {parameters_.take(label(reaction), "s-1")};
      default:
        cursor.fail("%1, %2, %3, %4, %5 or %H before '#'", "another");
    }
  }

  /// %2 #A0@C0&A2@C2&A3@C3.
  static Program activated(SourceCursor& cursor) {
    std::vector<double> constants;
    for (std::size_t i = 0; i < 3; ++i) {
      if (i > 0) cursor.require('&', "between the three constants of %2");
      const Arrhenius one = take_arrhenius(cursor);
      if (one.b != 0) cursor.fail("A@C, without '^', in %2");
      constants.insert(constants.end(), {one.a, one.c});
    }
    return call_with(cmaq_activated(), constants);
  }

  /// %3 #A0^B0@C0&A1^B1@C1&A2^B2@C2: k0 + k1 [M] + k2, the last one or not.
  static Program with_air(SourceCursor& cursor) {
    Program program = take_arrhenius(cursor).program();
    cursor.require('&', "between the constants of %3");
    for (const RateInstruction& one : take_arrhenius(cursor).program()) program.push_back(one);
    program.push_back({.operation = RateOperation::variable, .variable = &RateContext::air});
    program.push_back({.operation = RateOperation::multiply});
    program.push_back({.operation = RateOperation::add});
    if (!cursor.take('&')) return program;
    for (const RateInstruction& one : take_arrhenius(cursor).program()) program.push_back(one);
    program.push_back({.operation = RateOperation::add});
    return program;
  }

  /// From ppm and minutes, k / (60 (1e-6 [M])^(n-1)), where the file's numbers are in these. Fall-offs are
  /// always in molecules, others' rates are converted, and what the host gives is as its units say.
  Program converted(Program program, std::size_t reaction) const {
    const std::string_view text = document_.reactions[reaction].rate.text();
    const bool in_file_units = text.find_first_of("&/~<") == std::string_view::npos && text[0] != '%';
    if (!document_.in_ppm_minutes || !(in_file_units || text.starts_with("%1"))) return program;
    const int power = orders_[reaction] - 1;
    program.push_back({.number = std::pow(1e6, power) / 60});
    program.push_back({.operation = RateOperation::multiply});
    if (power == 0) return program;
    program.push_back({.operation = RateOperation::variable, .variable = &RateContext::air});
    program.push_back({.number = static_cast<double>(-power)});
    program.push_back({.operation = RateOperation::power});
    program.push_back({.operation = RateOperation::multiply});
    return program;
  }

  const CmaqDocument& document_;
  std::vector<int> orders_;
  MechanismBuilder& builder_;
  HostParameters parameters_;
  std::vector<Program> programs_;  ///< empty: not asked for yet
  std::map<std::string, std::size_t> places_;
  std::size_t depth_ = 0;
};

}  // namespace chemnne::detail
