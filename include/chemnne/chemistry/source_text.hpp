#pragma once
#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chemnne {

/// A text with a name, that can say in which line and column a character stands.
///
/// Parsers keep `std::string_view`s into `text()`: keep the object alive and in its place while they do.
class SourceText {
 public:
  /// `line` and `column` of the text's first character, where the text is a part of a file.
  SourceText(std::string name, std::string text, std::size_t line = 1, std::size_t column = 1)
      : name_(std::move(name)), text_(std::move(text)), first_line_(line), first_column_(column) {
    for (std::size_t i = 0; i < text_.size(); ++i)
      if (text_[i] == '\n') line_starts_.push_back(i + 1);
  }

  const std::string& name() const { return name_; }
  std::string_view text() const { return text_; }

  /// Line of a character, from 1 in the file.
  std::size_t line(std::size_t offset) const { return row(offset) + first_line_; }

  /// Column of a character, from 1.
  std::size_t column(std::size_t offset) const {
    const std::size_t number = row(offset);
    return offset - line_starts_[number] + (number == 0 ? first_column_ : 1);
  }

  /// "name, line 3, column 14" of a character.
  std::string where(std::size_t offset) const {
    return name_ + ", line " + std::to_string(line(offset)) + ", column " + std::to_string(column(offset));
  }

 private:
  std::size_t row(std::size_t offset) const {
    const auto next = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
    return static_cast<std::size_t>(next - line_starts_.begin()) - 1;
  }

  std::string name_;
  std::string text_;
  std::size_t first_line_;
  std::size_t first_column_;
  std::vector<std::size_t> line_starts_{0};
};

/// A stretch of a source text that remembers where it came from.
struct SourceSpan {
  const SourceText* source;
  std::size_t begin;
  std::size_t end;

  std::string_view text() const { return source->text().substr(begin, end - begin); }
  std::string where() const { return source->where(begin); }
};

}  // namespace chemnne
