#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <chemnne/support/error.hpp>
#include <chemnne/support/number_text.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne::detail {

/// The fields of a line of a CSV file, without the blanks around them, and "file:line".
struct CsvLine {
  std::vector<std::string> fields;
  std::string where;
};

/// Splits a text into lines of fields.
class CsvReader {
 public:
  CsvReader(const std::string& path, std::string_view text) : path_(path), text_(text) {}

  std::vector<CsvLine> read() {
    std::vector<CsvLine> lines;
    for (; skip_blanks(), at_ < text_.size(); ++at_) {
      if (next() == '#') at_ = std::min(text_.find('\n', at_), text_.size());
      if (at_ < text_.size() && next() != '\n') add(lines, line());
      ++line_number_;
    }
    return lines;
  }

 private:
  /// The character that is not read yet, '\0' at the end.
  char next() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip_blanks() {
    while (next() == ' ' || next() == '\t' || next() == '\r') ++at_;
  }

  /// An empty row of a spreadsheet is a line of commas.
  static void add(std::vector<CsvLine>& lines, CsvLine one) {
    const auto is_empty = [](const std::string& field) { return field.empty(); };
    if (!std::all_of(one.fields.begin(), one.fields.end(), is_empty)) lines.push_back(std::move(one));
  }

  /// Up to the end of the line, which stays.
  CsvLine line() {
    CsvLine result{.fields = {}, .where = path_ + ":" + std::to_string(line_number_)};
    for (;; ++at_) {
      const std::string where = result.where + ", field " + std::to_string(result.fields.size() + 1);
      skip_blanks();
      result.fields.push_back(next() == '"' ? quoted_field(where) : field(where));
      if (next() != ',') return result;
    }
  }

  std::string field(const std::string& where) {
    const std::size_t begin = at_;
    at_ = std::min(text_.find_first_of(",\n", at_), text_.size());
    const std::string found(trimmed(text_.substr(begin, at_ - begin)));
    if (found.find_first_of(";\t") != std::string::npos)
      throw Error(where, "commas between fields, and points in numbers", "'" + found + "'");
    return found;
  }

  std::string quoted_field(const std::string& where) {
    std::string content;
    for (++at_; next() != '"' || text_.substr(at_, 2) == "\"\""; ++at_) {
      if (at_ >= text_.size()) throw Error(where, "'\"' at its end", "the end of the file");
      if (next() == '"') ++at_;
      if (next() == '\n') ++line_number_;
      content += next();
    }
    ++at_;
    skip_blanks();
    if (at_ < text_.size() && next() != ',' && next() != '\n')
      throw Error(where, "',' or the end of the line behind '\"'", std::string("'") + next() + "'");
    return std::string(trimmed(content));
  }

  const std::string& path_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_number_ = 1;
};

/// The lines of a CSV file (RFC 4180) but empty ones (or of commas alone) and comments, which begin with '#':
/// fields with commas between, in quotation marks where they hold a comma, a line's end or, doubled, such a
/// mark. Errors: Error with file, line and field.
inline std::vector<CsvLine> read_csv_lines(const std::string& path) {
  const std::string text = read_text_file(path);
  return CsvReader(path, text).read();
}

/// The number that a field is. Errors: Error naming `where` for another text, infinity and NaN.
inline double csv_number(const std::string& field, const std::string& where) {
  const double number = parse_number(field, where);
  if (!std::isfinite(number)) throw Error(where, "a finite number", "'" + field + "'");
  return number;
}

}  // namespace chemnne::detail
