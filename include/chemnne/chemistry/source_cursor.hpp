#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <chemnne/chemistry/source_text.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/number_text.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne {

/// 0 to 9. Characters are those of ASCII whatever the locale, here and in the next three: mechanism files
/// mean these.
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
/// A letter or an underscore.
constexpr bool is_name_start(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'; }
/// A letter, an underscore or a digit.
constexpr bool is_name_part(char c) { return is_name_start(c) || is_digit(c); }
/// A blank, a tabulator or an end of line.
constexpr bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// The words of a text with one blank between them.
inline std::string collapse_blanks(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (!is_blank(c))
      result += c;
    else if (!result.empty() && result.back() != ' ')
      result += ' ';
  }
  if (!result.empty() && result.back() == ' ') result.pop_back();
  return result;
}

/// Reads names, numbers and signs from a span, blanks between them skipped; every failure says where.
class SourceCursor {
 public:
  explicit SourceCursor(SourceSpan span) : source_(span.source), offset_(span.begin), end_(span.end) {}
  explicit SourceCursor(const SourceText& source)
      : SourceCursor(SourceSpan{&source, 0, source.text().size()}) {}

  /// The next character that is not blank, '\0' at the end (no file's text: see `at_end`).
  char peek() {
    while (offset_ < end_ && is_blank(at(offset_))) ++offset_;
    return offset_ < end_ ? at(offset_) : '\0';
  }
  bool at_end() { return peek() == '\0' && offset_ == end_; }
  const SourceText& source() const { return *source_; }
  std::size_t offset() const { return offset_; }
  void move_to(std::size_t offset) { offset_ = offset; }
  SourceSpan span_from(std::size_t begin) const { return {source_, begin, offset_}; }

  bool take(char c) {
    if (at_end() || peek() != c) return false;
    ++offset_;
    return true;
  }
  bool take_text(std::string_view text) {
    if (at_end() || source_->text().substr(offset_, end_ - offset_).substr(0, text.size()) != text)
      return false;
    offset_ += text.size();
    return true;
  }
  void require(char c, const std::string& purpose) {
    if (!take(c)) fail(std::string("'") + c + "' " + purpose);
  }

  /// [A-Za-z_][A-Za-z_0-9]*, empty when something else stands here.
  std::string_view take_name() {
    if (!is_name_start(peek())) return {};
    const std::size_t begin = offset_;
    while (offset_ < end_ && is_name_part(at(offset_))) ++offset_;
    return span_from(begin).text();
  }

  /// Everything to the next blank.
  std::string_view take_word() {
    peek();
    const std::size_t begin = offset_;
    while (offset_ < end_ && !is_blank(at(offset_))) ++offset_;
    return span_from(begin).text();
  }

  /// An unsigned real with '.', an exponent after e, E, d or D, and an optional Fortran kind (`1.0_dp`).
  std::optional<double> take_number() {
    const char first = peek();
    if (!is_digit(first) && !(first == '.' && is_digit(at(offset_ + 1)))) return std::nullopt;
    const std::size_t begin = offset_;
    std::string digits = take_mantissa();
    digits += take_exponent();
    const std::optional<double> value = parse_number(digits);
    if (!value) {
      offset_ = begin;
      fail("a number within the range of double precision", digits);
    }
    if (at(offset_) == '_')
      while (offset_ < end_ && is_name_part(at(offset_))) ++offset_;
    return value;
  }

  /// The span up to a character, which is taken too. Errors: Error when the character does not come.
  SourceSpan take_until(char c, const std::string& purpose) {
    const std::size_t begin = offset_;
    const std::size_t found = source_->text().substr(0, end_).find(c, begin);
    if (found == std::string_view::npos) fail(std::string("'") + c + "' " + purpose, "the end of the text");
    offset_ = found + 1;
    return {source_, begin, found};
  }

  std::string where() { return peek(), source_->where(offset_); }

  [[noreturn]] void fail(const std::string& expected) { fail(expected, found()); }
  [[noreturn]] void fail(const std::string& expected, const std::string& found) {
    throw Error(where() + context_, expected, found);
  }

  /// Added to the place in every message from now on, such as ", reaction <7>".
  void set_context(std::string context) { context_ = std::move(context); }

  /// What stands here, for a message: a name, a number or one character.
  std::string found() {
    if (at_end()) return "the end of the text";
    std::size_t last = offset_;
    while (last < end_ && last < offset_ + 40 && (is_name_part(at(last)) || at(last) == '.')) ++last;
    if (last > offset_) return "'" + std::string(source_->text().substr(offset_, last - offset_)) + "'";
    const char c = at(offset_);
    if (c > ' ' && c < '\x7f') return std::string("'") + c + "'";
    return "byte " + std::to_string(static_cast<unsigned char>(c));
  }

 private:
  char at(std::size_t offset) const { return offset < end_ ? source_->text()[offset] : '\0'; }

  std::string take_mantissa() {
    std::string digits;
    while (is_digit(at(offset_))) digits += at(offset_++);
    if (at(offset_) == '.') digits += at(offset_++);
    while (is_digit(at(offset_))) digits += at(offset_++);
    return digits;
  }

  /// Only with digits: the E of `2EOH` begins the name of a species.
  std::string take_exponent() {
    const char letter = upper_case(at(offset_));
    if (letter != 'E' && letter != 'D') return {};
    const char sign = at(offset_ + 1);
    const std::size_t first_digit = offset_ + (sign == '+' || sign == '-' ? 2 : 1);
    if (!is_digit(at(first_digit))) return {};
    std::string exponent = sign == '-' ? "e-" : "e";
    for (offset_ = first_digit; is_digit(at(offset_)); ++offset_) exponent += at(offset_);
    return exponent;
  }

  const SourceText* source_;
  std::size_t offset_;
  std::size_t end_;
  std::string context_;
};

}  // namespace chemnne
