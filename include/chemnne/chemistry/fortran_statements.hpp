#pragma once
#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <chemnne/chemistry/source_cursor.hpp>
#include <chemnne/chemistry/source_text.hpp>

namespace chemnne::detail {

/// Fortran in which each character keeps its place, and where its statements end.
struct FortranCode {
  std::string text;
  std::vector<std::size_t> ends;
};

/// Blanks in the place of comments, of what stands in quotes and of the '&' by which lines are continued.
/// Statements end at ';' and at line ends that no '&' precedes.
inline FortranCode fortran_code(std::string_view text) {
  FortranCode code{std::string(text), {}};
  constexpr std::size_t none = std::string::npos;
  char quote = '\0';
  bool continued = false, line_is_empty = true;
  std::size_t sign = none;  // of an '&' that nothing has followed yet
  for (std::size_t i = 0; i < text.size(); ++i) {
    char& c = code.text[i];
    if (c == '\n') {
      continued = sign != none || (continued && line_is_empty);
      if (sign != none) code.text[sign] = ' ';
      if (!continued) code.ends.push_back(i);
      quote = '\0';
      sign = none;
      line_is_empty = true;
    } else if (quote != '\0') {
      if (c == quote)
        quote = '\0';
      else
        c = ' ';
    } else if (c == '!') {
      for (; i < text.size() && text[i] != '\n'; ++i) code.text[i] = ' ';
      --i;
    } else if (c == '&' && continued && line_is_empty) {
      c = ' ';
    } else if (!is_blank(c)) {
      sign = c == '&' ? i : none;
      if (c == '\'' || c == '"') quote = c;
      if (c == ';') code.ends.push_back(i);
      line_is_empty = false;
    }
  }
  code.ends.push_back(text.size());
  return code;
}

/// A block of free-form Fortran as statements, without blanks around them. Lines and columns are those of the
/// file. The texts are kept in `sources`.
inline std::vector<SourceSpan> fortran_statements(const SourceSpan& block, std::list<SourceText>& sources) {
  FortranCode code = fortran_code(block.text());
  const SourceText& file = *block.source;
  const SourceText& source = sources.emplace_back(file.name(), std::move(code.text), file.line(block.begin),
                                                  file.column(block.begin));
  std::vector<SourceSpan> statements;
  std::size_t begin = 0;
  for (const std::size_t separator : code.ends) {
    std::size_t end = separator;
    while (begin < end && is_blank(source.text()[begin])) ++begin;
    while (end > begin && is_blank(source.text()[end - 1])) --end;
    if (begin < end) statements.push_back({&source, begin, end});
    begin = separator + 1;
  }
  return statements;
}

}  // namespace chemnne::detail
