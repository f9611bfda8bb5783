#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <chemnne/io/json_value.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/number_text.hpp>

namespace chemnne {

namespace detail {

/// Recursive descent over the grammar of RFC 8259; the depth limit bounds the stack.
class JsonParser {
 public:
  JsonParser(std::string_view text, const std::string& source, std::size_t depth_limit)
      : text_(text), source_(source), depth_limit_(depth_limit) {}

  Json document() {
    Json result = value(0);
    skip_blanks();
    if (place_ != text_.size()) fail("the end of the text");
    return result;
  }

 private:
  [[noreturn]] void fail(const std::string& expected) const { fail(expected, found()); }
  [[noreturn]] void fail(const std::string& expected, const std::string& found) const {
    const std::string_view before = text_.substr(0, place_);
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const auto column = place_ - (before.rfind('\n') + 1) + 1;  // npos + 1 is 0: the first line
    throw Error(source_ + ", line " + std::to_string(line) + ", column " + std::to_string(column) +
                    " (byte " + std::to_string(place_) + ")",
                expected, found);
  }
  std::string found() const {
    if (place_ >= text_.size()) return "the end of the text";
    const char c = text_[place_];
    if (c > ' ' && c < '\x7f') return std::string("'") + c + "'";
    return "byte " + std::to_string(static_cast<unsigned char>(c));
  }

  char peek() const { return place_ < text_.size() ? text_[place_] : '\0'; }
  bool take(char c) {
    const bool match = place_ < text_.size() && text_[place_] == c;
    if (match) ++place_;
    return match;
  }
  void skip_blanks() {
    while (take(' ') || take('\t') || take('\n') || take('\r')) {
    }
  }

  Json value(std::size_t depth) {
    if (depth > depth_limit_) fail("at most " + std::to_string(depth_limit_) + " nested levels", "more");
    skip_blanks();
    if (take('{')) return object(depth);
    if (take('[')) return array(depth);
    if (take('"')) return string();
    if (take_word("true")) return true;
    if (take_word("false")) return false;
    if (take_word("null")) return Json();
    return number();
  }

  bool take_word(std::string_view word) {
    const bool match = text_.substr(place_, word.size()) == word;
    if (match) place_ += word.size();
    return match;
  }

  Json array(std::size_t depth) {
    Json::Array elements;
    skip_blanks();
    if (take(']')) return elements;
    do {
      elements.push_back(value(depth + 1));
      skip_blanks();
    } while (take(','));
    if (!take(']')) fail("',' or ']'");
    return elements;
  }

  Json object(std::size_t depth) {
    Json::Object members;
    skip_blanks();
    if (take('}')) return members;
    do {
      skip_blanks();
      if (!take('"')) fail("a name in quotation marks");
      std::string name = string();
      skip_blanks();
      if (!take(':')) fail("':'");
      members.push_back({std::move(name), value(depth + 1)});
      skip_blanks();
    } while (take(','));
    if (!take('}')) fail("',' or '}'");
    refuse_duplicates(members);
    return members;
  }

  /// RFC 8259 leaves the meaning of repeated names open; two values for one name are no sound file here.
  void refuse_duplicates(const Json::Object& members) const {
    std::vector<std::string_view> names;
    for (const Json::Member& member : members) names.push_back(member.name);
    std::sort(names.begin(), names.end());
    const auto twin = std::adjacent_find(names.begin(), names.end());
    if (twin != names.end()) fail("names that differ", "\"" + std::string(*twin) + "\" twice");
  }

  std::string string() {
    std::string result;
    while (!take('"')) {
      if (place_ >= text_.size() || static_cast<unsigned char>(peek()) < 0x20) fail("a character or '\"'");
      if (take('\\'))
        escape(result);
      else
        result += text_[place_++];
    }
    return result;
  }

  void escape(std::string& result) {
    static constexpr std::string_view letter = "\"\\/bfnrt", meaning = "\"\\/\b\f\n\r\t";
    if (take('u')) return append_utf8(result, code_point());
    const auto index = place_ < text_.size() ? letter.find(text_[place_]) : letter.npos;
    if (index == letter.npos) fail("one of \" \\ / b f n r t u after '\\'");
    ++place_;
    result += meaning[index];
  }

  /// The code point of \uXXXX, or of a high surrogate and the low surrogate that must follow it.
  std::uint32_t code_point() {
    const std::uint32_t high = four_digits();
    if (high < 0xD800 || high > 0xDFFF) return high;
    if (high > 0xDBFF || !take('\\') || !take('u')) fail("a pair of surrogates", "half of one");
    const std::uint32_t low = four_digits();
    if (low < 0xDC00 || low > 0xDFFF) fail("a pair of surrogates", "half of one");
    return 0x10000u + ((high - 0xD800u) << 10) + (low - 0xDC00u);
  }

  std::uint32_t four_digits() {
    std::uint32_t code = 0;
    for (int i = 0; i < 4; ++i, ++place_) {
      static constexpr std::string_view digits = "0123456789abcdef0123456789ABCDEF";
      const auto digit = place_ < text_.size() ? digits.find(text_[place_]) : digits.npos;
      if (digit == digits.npos) fail("four hexadecimal digits");
      code = 16 * code + static_cast<std::uint32_t>(digit % 16);
    }
    return code;
  }

  static void append_utf8(std::string& text, std::uint32_t code) {
    const int continuation = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    static constexpr std::uint32_t lead[] = {0x00, 0xC0, 0xE0, 0xF0};
    text += static_cast<char>(lead[continuation] | (code >> (6 * continuation)));
    for (int i = continuation - 1; i >= 0; --i)
      text += static_cast<char>(0x80u | ((code >> (6 * i)) & 0x3Fu));
  }

  Json number() {
    const std::size_t start = place_;
    take('-');
    if (!take('0')) digits("a value");
    if (take('.')) digits("a digit");
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      digits("a digit");
    }
    const std::string_view digits_read = text_.substr(start, place_ - start);
    const std::optional<double> result = parse_number(digits_read);
    if (!result) {
      place_ = start;
      fail("a number in the range of double", std::string(digits_read));
    }
    return *result;
  }

  void digits(const char* expected) {
    const auto is_digit = [this] { return peek() >= '0' && peek() <= '9'; };
    if (!is_digit()) fail(expected);
    while (is_digit()) ++place_;
  }

  std::string_view text_;
  const std::string& source_;
  std::size_t depth_limit_;
  std::size_t place_ = 0;
};

}  // namespace detail

/// Reads the JSON text `text`; `source` names it in errors.
///
/// Errors: Error with line, column and byte when the text is not RFC 8259 JSON, repeats a name in an object,
/// nests deeper than `depth_limit`, or has a number outside the range of double.
inline Json parse_json(std::string_view text, const std::string& source = "JSON",
                       std::size_t depth_limit = 64) {
  return detail::JsonParser(text, source, depth_limit).document();
}

}  // namespace chemnne
