#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <chemnne/chemistry/rate_compiler.hpp>
#include <chemnne/chemistry/rate_context.hpp>
#include <chemnne/chemistry/rate_expression.hpp>
#include <chemnne/chemistry/rate_names.hpp>
#include <chemnne/chemistry/source_cursor.hpp>
#include <chemnne/chemistry/source_text.hpp>
#include <chemnne/chemistry/yaml_document.hpp>
#include <chemnne/chemistry/yaml_fields.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne::detail {

/// Reads the `lambda function` of OpenAtmos, text in C++ that its own tools compile, where it is one formula:
/// `[](double T, double P) { return 1.2e-5 * exp(-500.0 / T); }` of T [K] and, or not, P [Pa] and
/// the density of air [mol m-3], the third that MUSICA's bindings to JavaScript pass.
class LambdaReader {
 public:
  LambdaReader(const SourceText& source) : cursor_(source) {}

  /// Errors: Error for what is more than one formula, or means something else in C++.
  std::vector<RateInstruction> read() {
    cursor_.set_context(", a lambda '[](double T, double P) { return formula; }' of one formula");
    require("[");
    require("]");
    require("(");
    read_parameters();
    if (cursor_.take_text("->")) require("double");
    require("{");
    require("return");
    const SourceSpan formula = cursor_.take_until(';', "after the formula");
    require("}");
    if (!cursor_.at_end()) cursor_.fail("the end of the lambda");
    refuse_other_meanings(formula);
    const RateExpression compiled = compile_rate(formula, names_);
    return {compiled.program().begin(), compiled.program().end()};
  }

 private:
  void require(std::string_view text) {
    if (!cursor_.take_text(text)) cursor_.fail("'" + std::string(text) + "'");
  }

  void read_parameters() {
    for (const char* const variable : {"TEMP", "PRESS", "M/6.02214076E17"}) {
      if (cursor_.take(')')) return;
      cursor_.take_text("const ");
      require("double");
      const std::string_view name = cursor_.take_name();
      if (name.empty()) cursor_.fail("the name of a parameter");
      const SourceText text("lambda function", variable);
      define_constant(names_, name, {&text, 0, text.text().size()});
      cursor_.take(',');
    }
    require(")");
  }

  /// `^` is no power in C++, and 1/2 is 0.
  static void refuse_other_meanings(const SourceSpan& formula) {
    const std::string_view text = formula.text();
    const auto fail = [&](std::size_t at, const char* found) {
      throw Error(formula.source->where(formula.begin + at), "a formula in which each operator is arithmetic",
                  found);
    };
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (text[at] == '^' || text[at] == '@' || text.substr(at, 2) == "**") fail(at, "'^', '@' or '**'");
      if (text[at] == '/' && ends_with_integer(text.substr(0, at)) &&
          begins_with_integer(text.substr(at + 1)))
        fail(at, "a division of integers");
    }
  }

  static bool is_number_part(char c) { return is_name_part(c) || c == '.'; }

  static bool is_integer(std::string_view token) {
    return !token.empty() && std::all_of(token.begin(), token.end(), [](char c) { return is_digit(c); });
  }

  static bool ends_with_integer(std::string_view text) {
    text = trimmed(text);
    std::size_t begin = text.size();
    while (begin > 0 && is_number_part(text[begin - 1])) --begin;
    return is_integer(text.substr(begin));
  }

  static bool begins_with_integer(std::string_view text) {
    text = trimmed(text);
    std::size_t end = 0;
    while (end < text.size() && is_number_part(text[end])) ++end;
    return is_integer(text.substr(0, end));
  }

  static RateNames names_with_power() {
    RateNames names;
    names.functions.add("pow", 2,
                        [](const RateContext&, std::span<const double> p) { return std::pow(p[0], p[1]); });
    return names;
  }

  SourceCursor cursor_;
  RateNames names_ = names_with_power();
};

/// The program of the lambda that a node holds. Errors: as LambdaReader, at the node's place.
inline std::vector<RateInstruction> lambda_program(const YamlNode& node) {
  std::string text = yaml_text(node);
  for (std::size_t at = text.find("std::"); at != std::string::npos; at = text.find("std::", at))
    text.replace(at, 5, 5, ' ');
  const SourceText source(*node.file, std::move(text), node.line, node.column + (node.quoted ? 1 : 0));
  return LambdaReader(source).read();
}

}  // namespace chemnne::detail
