#pragma once
#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <chemnne/chemistry/cmaq_document.hpp>
#include <chemnne/chemistry/source_cursor.hpp>
#include <chemnne/chemistry/source_text.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/number_text.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne::detail {

/// A number of CMAQ with its sign. As in Fortran, 7.7-31 is 7.7e-31.
inline std::optional<double> take_cmaq_number(SourceCursor& cursor) {
  const bool negative = cursor.take('-');
  if (!negative) cursor.take('+');
  cursor.peek();
  const std::size_t begin = cursor.offset();
  std::optional<double> value = cursor.take_number();
  if (!value) return std::nullopt;
  const std::string_view text = cursor.source().text();
  const std::size_t end = cursor.offset();
  const std::string_view digits = text.substr(begin, end - begin);
  const auto at = [&](std::size_t offset) { return offset < text.size() ? text[offset] : '\0'; };
  if ((at(end) == '-' || at(end) == '+') && is_digit(at(end + 1)) &&
      digits.find_first_of("eEdD") == std::string_view::npos) {
    std::size_t last = end + 1;
    while (is_digit(at(last))) ++last;
    const std::string sign = at(end) == '-' ? "e-" : "e";
    value = parse_number(std::string(digits) + sign + std::string(text.substr(end + 1, last - end - 1)));
    if (!value) cursor.fail("a number within the range of double precision");
    cursor.move_to(last);
  }
  return negative ? -*value : *value;
}

/// [A-Za-z][A-Za-z0-9_:]*: the name of a species or operator; empty when something else stands here.
inline SourceSpan take_cmaq_name(SourceCursor& cursor) {
  const char first = cursor.peek();
  const std::size_t begin = cursor.offset();
  const std::string_view text = cursor.source().text();
  if (is_name_start(first)) {
    std::size_t end = begin;
    while (end < text.size() && (is_name_part(text[end]) || text[end] == ':')) ++end;
    cursor.move_to(end);
  }
  return cursor.span_from(begin);
}

/// What stands between '<' and '>', the first of which is taken already.
inline SourceSpan take_cmaq_label(SourceCursor& cursor) { return cursor.take_until('>', "after a label"); }

/// From the text of a CMAQ mechanism to its document, block by block.
class CmaqParser {
 public:
  /// `text`: without comments (`without_cmaq_comments`); must outlive the document.
  explicit CmaqParser(const SourceText& text) : cursor_(text) {}

  CmaqDocument parse() {
    bool is_first = true;
    while (!cursor_.at_end()) {
      const SourceSpan word = take_cmaq_name(cursor_);
      const std::string name = upper_case(word.text());
      if (name.starts_with("SPEC"))
        read_operators();
      else if (name.starts_with("ELIM"))
        read_eliminated();
      else if (name.starts_with("REAC"))
        read_reactions();
      else if (name.starts_with("CONST"))
        read_constants();
      else if (name.starts_with("FUNC"))
        read_functions();
      else if (is_first && !name.empty())
        document_.name = word.text();
      else
        cursor_.move_to(word.begin), cursor_.fail("SPECIAL, ELIMINATE, REACTIONS, CONSTANTS or FUNCTIONS");
      is_first = false;
    }
    return std::move(document_);
  }

 private:
  static constexpr std::size_t most_terms = 1000;

  /// `END ...` closes a block, with the rest of its line; a species may be called so, before '+' or '='.
  bool take_end(const char* what) {
    if (cursor_.at_end()) cursor_.fail(std::string("'END' after ") + what);
    const std::size_t begin = cursor_.offset();
    const SourceSpan word = take_cmaq_name(cursor_);
    if (upper_case(word.text()).starts_with("END") && cursor_.peek() != '+' && cursor_.peek() != '=') {
      const std::string_view text = cursor_.source().text();
      cursor_.move_to(std::min(text.find('\n', word.end), text.size()));
      return true;
    }
    cursor_.move_to(begin);
    return false;
  }

  SourceSpan required_name(const char* expected) {
    const SourceSpan name = take_cmaq_name(cursor_);
    if (name.text().empty()) cursor_.fail(expected);
    return name;
  }

  void read_operators() {
    cursor_.require('=', "after SPECIAL");
    while (!take_end("the operators")) {
      const SourceSpan name = required_name("the name of an operator");
      cursor_.require('=', "after the name of an operator");
      std::vector<CmaqOperatorTerm> terms;
      for (bool negative = cursor_.take('-');; negative = cursor_.take('-')) {
        terms.push_back(operator_term());
        if (negative) terms.back().coefficient *= -1;
        if (terms.size() > most_terms) cursor_.fail("at most 1000 terms of an operator", "more");
        if (!cursor_.take('+') && cursor_.peek() != '-') break;
      }
      cursor_.require(';', "after an operator");
      if (!document_.operators.emplace(name.text(), std::move(terms)).second)
        throw Error(name.where(), "every operator once", "'" + std::string(name.text()) + "'");
    }
  }

  /// 0.3*K<R1>*C<X>, in any order, and names of other operators.
  CmaqOperatorTerm operator_term() {
    CmaqOperatorTerm term;
    do {
      if (const auto number = cursor_.take_number()) {
        term.coefficient *= *number;
        continue;
      }
      const SourceSpan name = required_name("a number, K<label>, C<species> or an operator");
      if (!cursor_.take('<'))
        term.operators.push_back(name);
      else if (upper_case(name.text()) == "K")
        term.rates.push_back(take_cmaq_label(cursor_));
      else if (upper_case(name.text()) == "C")
        term.species.push_back(take_cmaq_label(cursor_));
      else
        throw Error(name.where(), "K<label> or C<species>", "'" + std::string(name.text()) + "<'");
    } while (cursor_.take('*'));
    return term;
  }

  void read_eliminated() {
    cursor_.require('=', "after ELIMINATE");
    while (!take_end("the list")) {
      document_.eliminated.emplace(required_name("the name of a species").text());
      cursor_.require(';', "after the name of a species");
    }
  }

  void read_reactions() {
    cursor_.require('[', "and the units, CM or PP, after REACTIONS");
    const SourceSpan units = cursor_.take_until(']', "after the units");
    const std::string unit = upper_case(without_blanks(units.text()));
    if (!unit.starts_with("CM") && !unit.starts_with("PP"))
      throw Error(units.where(), "the units CM (molecules cm-3, s) or PP (ppm, min)", "'" + unit + "'");
    document_.in_ppm_minutes = unit.starts_with("PP");
    cursor_.take('=');
    while (!take_end("the reactions")) read_reaction();
  }

  void read_reaction() {
    CmaqReaction reaction;
    if (cursor_.take('<')) reaction.label = without_blanks(take_cmaq_label(cursor_).text());
    cursor_.peek();
    const std::size_t begin = cursor_.offset();
    if (cursor_.peek() != '=') do {
        reaction.left.push_back({required_name("a reactant (without a coefficient), or '='")});
        if (reaction.left.size() > most_terms) cursor_.fail("at most 1000 reactants", "more");
      } while (cursor_.take('+'));
    cursor_.require('=', "or '+' after the reactants");
    read_products(reaction);
    cursor_.peek();
    reaction.rate = cursor_.take_until(';', "after the rate of a reaction");
    reaction.whole = {reaction.rate.source, begin, reaction.rate.end};
    document_.reactions.push_back(std::move(reaction));
  }

  /// Up to '#' or '%', which begin the rate; there may be none.
  void read_products(CmaqReaction& reaction) {
    const auto at_rate = [&] { return cursor_.peek() == '#' || cursor_.peek() == '%'; };
    while (!at_rate()) {
      const bool negative = cursor_.take('-');
      if (!negative && !cursor_.take('+') && !reaction.right.empty())
        cursor_.fail("'+' or '-' between the products, or '#' before the rate");
      CmaqTerm term{.name = {}};
      if (const auto coefficient = cursor_.take_number()) {
        term.coefficient = *coefficient;
        cursor_.require('*', "after a coefficient");
      }
      if (negative) term.coefficient *= -1;
      term.name = required_name("a product, or '#' before the rate");
      reaction.right.push_back(term);
      if (reaction.right.size() > most_terms) cursor_.fail("at most 1000 products", "more");
    }
  }

  void read_constants() {
    while (!take_end("the constants")) {
      if (cursor_.take('<')) take_cmaq_label(cursor_);
      const SourceSpan name = required_name("the name of a constant, such as ATM_O2");
      const auto known = document_.constants.find(upper_case(name.text()));
      if (known == document_.constants.end())
        throw Error(name.where(), "ATM_AIR, ATM_O2, ATM_N2, ATM_H2 or ATM_CH4",
                    "'" + std::string(name.text()) + "'");
      cursor_.require('=', "after the name of a constant");
      const auto value = take_cmaq_number(cursor_);
      if (!value || *value < 0) cursor_.fail("a mixing ratio in ppm, not below 0");
      known->second = *value;
      cursor_.take(';');
    }
  }

  void read_functions() {
    while (!take_end("the functions")) {
      const SourceSpan name = required_name("the name of a function");
      cursor_.require('=', "after the name of a function");
      document_.functions.push_back({name, cursor_.take_until(';', "after a function")});
    }
  }

  SourceCursor cursor_;
  CmaqDocument document_;
};

/// Blanks in the place of comments: from '!' to the end of a line, text in {} and, outside of formulas (%4,
/// %5 and FUNCTIONS), in (). Errors: Error for one that does not end.
inline std::string without_cmaq_comments(std::string text, const std::string& name) {
  bool in_functions = false, in_formula = false;
  const auto next_word = [&](std::size_t at) {
    const std::size_t begin = std::min(text.find_first_not_of(" \t", at), text.size());
    return std::string_view(text).substr(begin, 4);
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == ';') in_formula = in_functions;
    if (c == '\n' && upper_case(next_word(at + 1)) == "FUNC") in_formula = in_functions = true;
    if (c == '%') in_formula = next_word(at + 1).starts_with('4') || next_word(at + 1).starts_with('5');
    const char closing = c == '!' ? '\n' : c == '{' ? '}' : c == '(' && !in_formula ? ')' : '\0';
    if (closing == '\0') continue;
    const std::size_t end = text.find(closing, at);
    if (end == std::string::npos && closing != '\n')
      throw Error(SourceText(name, text).where(at), std::string("'") + closing + "' that closes the comment",
                  "the end of the file");
    const std::size_t last = closing == '\n' ? std::min(end, text.size()) : end + 1;
    for (std::size_t i = at; i < last; ++i)
      if (text[i] != '\n') text[i] = ' ';
    at = last - 1;
  }
  return text;
}

}  // namespace chemnne::detail
