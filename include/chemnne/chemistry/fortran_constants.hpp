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

inline void blank_fortran_comments(std::string& code, std::size_t begin, std::size_t end) {
  for (std::size_t i = code.find('!', begin); i < end; i = code.find('!', i)) {
    const std::size_t line_end = std::min(code.find('\n', i), end);
    blank_out(code, i, line_end);
  }
}

/// End of the statement that begins at `begin`: the first line end that no '&' precedes.
inline std::size_t fortran_statement_end(std::string_view code, std::size_t begin, std::size_t end) {
  bool continued = false;
  for (std::size_t i = begin; i < end; ++i) {
    if (code[i] == '\n' && !continued) return i;
    if (!is_blank(code[i])) continued = code[i] == '&';
  }
  return end;
}

/// Takes the assignments `NAME = expression` of a Fortran block as constants of rates; a later one replaces
/// an earlier.
///
/// Calls, declarations and assignments to array elements are passed over: a rate that needs one is an error
/// then.
inline void read_fortran_constants(const SourceSpan& block, KppDocument& document) {
  std::string code(block.source->text());  // a copy of the whole file, so that lines and columns stay true
  blank_fortran_comments(code, block.begin, block.end);
  std::vector<std::pair<std::size_t, std::size_t>> statements;
  for (std::size_t begin = block.begin; begin < block.end; begin = statements.back().second + 1)
    statements.emplace_back(begin, fortran_statement_end(code, begin, block.end));
  std::replace(code.begin() + static_cast<std::ptrdiff_t>(block.begin),
               code.begin() + static_cast<std::ptrdiff_t>(block.end), '&', ' ');
  const SourceText& source = document.sources.emplace_back(block.source->name(), std::move(code));
  for (const auto& [begin, end] : statements) {
    SourceCursor cursor(SourceSpan{&source, begin, end});
    const std::string_view name = cursor.take_name();
    if (name.empty() || !cursor.take('=') || cursor.at_end()) continue;
    document.constants.insert_or_assign(upper_case(name), SourceSpan{&source, cursor.offset(), end});
  }
}

}  // namespace chemnne::detail
