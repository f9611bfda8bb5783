#pragma once
#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <chemnne/chemistry/kpp_comments.hpp>
#include <chemnne/chemistry/kpp_document.hpp>
#include <chemnne/chemistry/source_cursor.hpp>
#include <chemnne/chemistry/source_text.hpp>

namespace chemnne::detail {

/// Blanks in the place of `! ...`.
inline void blank_fortran_comments(std::string& code) {
  for (std::size_t i = code.find('!'); i != std::string::npos; i = code.find('!', i))
    blank_out(code, i, std::min(code.find('\n', i), code.size()));
}

/// End of the statement that begins at `begin`: the first line end that no '&' precedes.
inline std::size_t fortran_statement_end(std::string_view code, std::size_t begin) {
  bool continued = false;
  for (std::size_t i = begin; i < code.size(); ++i) {
    if (code[i] == '\n' && !continued) return i;
    if (!is_blank(code[i])) continued = code[i] == '&';
  }
  return code.size();
}

/// A Fortran block as statements: comments blanked, continuation signs too, so that lines and columns stay
/// true. The text is kept in `document`.
inline std::vector<SourceSpan> fortran_statements(const SourceSpan& block, KppDocument& document) {
  std::string code(block.text());
  blank_fortran_comments(code);
  std::vector<std::pair<std::size_t, std::size_t>> limits;
  for (std::size_t begin = 0; begin < code.size(); begin = limits.back().second + 1)
    limits.emplace_back(begin, fortran_statement_end(code, begin));
  std::replace(code.begin(), code.end(), '&', ' ');
  const SourceText& source =
      document.sources.emplace_back(block.source->name(), std::move(code), block.source->line(block.begin),
                                    block.source->column(block.begin));
  std::vector<SourceSpan> statements;
  for (const auto& [begin, end] : limits) statements.push_back({&source, begin, end});
  return statements;
}

/// C(ind_A) + C(ind_B) + ...; empty when the text is something else.
inline std::vector<KppName> concentration_sum(SourceSpan text) {
  SourceCursor cursor(text);
  std::vector<KppName> species;
  do {
    if (upper_case(cursor.take_name()) != "C" || !cursor.take('(')) return {};
    cursor.peek();
    const std::size_t begin = cursor.offset();
    const std::string_view name = cursor.take_name();
    if (upper_case(name.substr(0, 4)) != "IND_" || name.size() == 4) return {};
    species.push_back({SourceSpan{text.source, begin + 4, cursor.offset()}});
    if (!cursor.take(')')) return {};
  } while (cursor.take('+'));
  if (!cursor.at_end()) return {};
  return species;
}

/// Takes `C(ind_A) + ...` as the sum of peroxy radicals, in the place of an earlier one; `RO2 + C(ind_A) +
/// ...` goes on with it. False when the text is something else.
inline bool take_peroxy_radical_sum(SourceSpan text, KppDocument& document) {
  SourceCursor cursor(text);
  const bool adds = upper_case(cursor.take_name()) == "RO2" && cursor.take('+');
  if (adds) text.begin = cursor.offset();
  const std::vector<KppName> sum = concentration_sum(text);
  const auto is_constant = [](const KppConstant& one) { return one.name == "RO2"; };
  const bool follows_constant =
      std::any_of(document.constants.begin(), document.constants.end(), is_constant);
  if (sum.empty() || (adds && follows_constant)) return false;
  if (!adds) {
    document.peroxy_radicals.clear();
    std::erase_if(document.constants, is_constant);
  }
  document.peroxy_radicals.insert(document.peroxy_radicals.end(), sum.begin(), sum.end());
  document.has_peroxy_radical_sum = true;
  return true;
}

/// Takes the assignments `NAME = expression` of a Fortran block as constants of rates, and `RO2 = C(ind_A) +
/// ...` as the sum of peroxy radicals.
///
/// Calls, declarations and assignments to array elements are passed over: a rate that needs one is an error
/// then.
inline void read_fortran_constants(const SourceSpan& block, KppDocument& document) {
  for (const SourceSpan& statement : fortran_statements(block, document)) {
    SourceCursor cursor(statement);
    const std::string name = upper_case(cursor.take_name());
    if (name.empty() || !cursor.take('=') || cursor.at_end()) continue;
    const SourceSpan text{statement.source, cursor.offset(), statement.end};
    if (name != "RO2" || !take_peroxy_radical_sum(text, document)) document.constants.push_back({name, text});
  }
}

/// Takes the real scalars that a Fortran block declares, `REAL(dp) :: A, B`, as parameters that the host
/// sets.
///
/// Arrays, PARAMETERs and scalars with an initial value are passed over.
inline void read_fortran_parameters(const SourceSpan& block, KppDocument& document) {
  for (const SourceSpan& statement : fortran_statements(block, document)) {
    const std::string text = upper_case(statement.text());
    const std::size_t colons = text.find("::");
    if (colons == std::string::npos || text.find("REAL") > colons || text.find("PARAMETER") < colons)
      continue;
    SourceCursor cursor(SourceSpan{statement.source, statement.begin + colons + 2, statement.end});
    do {
      const std::string name(cursor.take_name());
      if (name.empty()) break;
      const bool is_scalar = cursor.at_end() || cursor.peek() == ',';
      if (is_scalar) document.parameters.push_back(name);
      while (!cursor.at_end() && cursor.peek() != ',') cursor.move_to(cursor.offset() + 1);
    } while (cursor.take(','));
  }
}

}  // namespace chemnne::detail
