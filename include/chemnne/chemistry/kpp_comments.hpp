#pragma once
#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include <chemnne/chemistry/kpp_keywords.hpp>
#include <chemnne/chemistry/source_cursor.hpp>
#include <chemnne/chemistry/source_text.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne::detail {

/// Blanks instead of the characters, line ends kept: places of what remains stay true.
inline void blank_out(std::string& text, std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end; ++i)
    if (text[i] != '\n') text[i] = ' ';
}

/// The word behind the '#' at `begin`, in upper case.
inline std::string kpp_word(std::string_view text, std::size_t begin) {
  std::size_t end = begin + 1;
  while (end < text.size() && is_name_part(text[end])) ++end;
  return upper_case(text.substr(begin + 1, end - begin - 1));
}

/// Whether a '#' begins what should have been #ENDINLINE: a misspelt one, or KPP's next section. Lines of the
/// C preprocessor, which such blocks may have, are none.
inline bool misses_end_of_inline(std::string_view text, std::size_t begin) {
  const std::size_t line = text.substr(0, begin).find_last_not_of(" \t\r");
  if (line != std::string_view::npos && text[line] != '\n') return false;
  const std::string word = kpp_word(text, begin);
  if (word.starts_with("END")) return word != "ENDIF";
  return word == "INLINE" || word == "MODEL" || find_kpp_section(word) || is_kpp_command(word);
}

/// Where the #ENDINLINE of the #INLINE at `begin` stands. Errors: Error at the line that should be it.
inline std::size_t end_of_inline(const std::string& name, std::string_view text, std::size_t begin) {
  for (std::size_t i = text.find('#', begin + 1); i != std::string_view::npos; i = text.find('#', i + 1)) {
    if (kpp_word(text, i) == "ENDINLINE") return i;
    if (!misses_end_of_inline(text, i)) continue;
    const SourceText source(name, std::string(text));
    throw Error(source.where(i),
                "#ENDINLINE, the end of the #INLINE in line " + std::to_string(source.line(begin)),
                "'#" + kpp_word(text, i) + "'");
  }
  throw Error(SourceText(name, std::string(text)).where(begin),
              "#ENDINLINE after the #INLINE that begins here", "the end of the file");
}

/// A KPP file without its comments, `{...}` and `//...`; `#INLINE` blocks, in other languages, stay as they
/// are. Errors: Error when a '{' or an #INLINE is not closed.
inline SourceText without_kpp_comments(const std::string& name, std::string text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::size_t end = i;
    if (text[i] == '{') {
      end = text.find('}', i);
      if (end == std::string::npos)
        throw Error(SourceText(name, text).where(i), "'}' after the comment that begins here",
                    "the end of the file");
      blank_out(text, i, end + 1);
    } else if (text[i] == '/' && i + 1 < text.size() && text[i + 1] == '/') {
      end = std::min(text.find('\n', i), text.size());
      blank_out(text, i, end);
    } else if (text[i] == '#' && kpp_word(text, i) == "INLINE") {
      end = end_of_inline(name, text, i);
    }
    i = end;
  }
  return SourceText(name, std::move(text));
}

}  // namespace chemnne::detail
