#pragma once
#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include <chemnne/chemistry/source_cursor.hpp>
#include <chemnne/chemistry/source_text.hpp>
#include <chemnne/support/error.hpp>

namespace chemnne::detail {

/// Position of a word in a text without regard to case, npos when it is not there.
inline std::size_t find_word(std::string_view text, std::string_view upper_case_word, std::size_t begin) {
  const auto found = std::search(text.begin() + static_cast<std::ptrdiff_t>(std::min(begin, text.size())),
                                 text.end(), upper_case_word.begin(), upper_case_word.end(),
                                 [](char a, char b) { return upper_case(a) == b; });
  return found == text.end() ? std::string_view::npos : static_cast<std::size_t>(found - text.begin());
}

/// Blanks instead of the characters, line ends kept: places of what remains stay true.
inline void blank_out(std::string& text, std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end; ++i)
    if (text[i] != '\n') text[i] = ' ';
}

/// A KPP file without its comments, `{...}` and `//...`; `#INLINE` blocks, in other languages, stay as they
/// are. Errors: Error when a '{' or an #INLINE is not closed.
inline SourceText without_kpp_comments(const std::string& name, std::string text) {
  static constexpr std::string_view inline_begin = "#INLINE", inline_end = "#ENDINLINE";
  const auto unclosed = [&](std::size_t begin, const char* expected) {
    throw Error(SourceText(name, text).where(begin), expected, "the end of the file");
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::size_t end = i;
    if (text[i] == '{') {
      end = text.find('}', i);
      if (end == std::string::npos) unclosed(i, "'}' after the comment that begins here");
      blank_out(text, i, end + 1);
    } else if (text[i] == '/' && i + 1 < text.size() && text[i + 1] == '/') {
      end = std::min(text.find('\n', i), text.size());
      blank_out(text, i, end);
    } else if (text[i] == '#' && find_word(text.substr(i, inline_begin.size()), inline_begin, 0) == 0) {
      end = find_word(text, inline_end, i);
      if (end == std::string::npos) unclosed(i, "#ENDINLINE after the #INLINE that begins here");
      end += inline_end.size() - 1;
    }
    i = end;
  }
  return SourceText(name, std::move(text));
}

}  // namespace chemnne::detail
