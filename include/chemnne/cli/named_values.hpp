#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <chemnne/cli/cell_table.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/number_text.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne {

/// A number with a name, and the unit that the file says it is in (empty: none said).
struct NamedValue {
  std::string name;
  std::string units;
  std::vector<double> values;  ///< one; a radius and a number concentration for MusicBox's SURF entries
  std::string where;           ///< file and line
};

namespace detail {

struct CsvLine {
  std::vector<std::string> fields;
  std::string where;
};

inline std::vector<CsvLine> read_csv_lines(const std::string& path) {
  const std::string text = read_text_file(path);
  std::vector<CsvLine> lines;
  std::size_t number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = trimmed(std::string_view(text).substr(begin, end - begin));
    begin = end + 1;
    ++number;
    if (line.empty() || line.front() == '#') continue;
    CsvLine one{.fields = {}, .where = path + ":" + std::to_string(number)};
    for_each_field(line, [&](std::size_t, std::string_view field) { one.fields.emplace_back(field); });
    lines.push_back(std::move(one));
  }
  return lines;
}

/// "O3 [ppb]" -> O3, ppb.
inline NamedValue name_with_units(const std::string& text, const std::string& where) {
  const std::size_t bracket = text.find('[');
  if (bracket == std::string::npos || text.back() != ']') return {text, {}, {}, where};
  return {std::string(trimmed(text.substr(0, bracket))),
          text.substr(bracket + 1, text.size() - bracket - 2),
          {},
          where};
}

/// A row NAME, VALUE [, UNITS] or NAME, VALUE, VALUE.
inline NamedValue value_of_row(const CsvLine& line) {
  if (line.fields.size() < 2) throw Error(line.where, "a name, a value and perhaps units", "one field");
  NamedValue value = name_with_units(line.fields[0], line.where);
  value.values.push_back(parse_number(line.fields[1], line.where + ", " + value.name));
  for (std::size_t i = 2; i < line.fields.size(); ++i) {
    if (const std::optional<double> number = parse_number(line.fields[i]))
      value.values.push_back(*number);
    else if (!line.fields[i].empty())
      value.units = line.fields[i];
  }
  return value;
}

}  // namespace detail

/// Values from a CSV file, in one of three layouts: rows `name, value[, units]`, with a header line or
/// without (MusicBox's `CONC.O3, 1e-9` is one), or a header of names `O3 [ppb], NO [ppb]` and one line of
/// values. Lines that begin with '#' are comments. Errors: Error with file and line.
inline std::vector<NamedValue> read_named_values(const std::string& path) {
  const std::vector<detail::CsvLine> lines = detail::read_csv_lines(path);
  const auto is_row = [&](std::size_t i) {
    const auto& fields = lines[i].fields;
    return fields.size() >= 2 && !parse_number(fields[0]) && parse_number(fields[1]);
  };
  if (lines.empty()) throw Error(path, "names and values", "nothing");
  const bool has_rows = is_row(0) || (lines.size() > 1 && is_row(1));
  std::vector<NamedValue> values;
  if (has_rows) {
    for (std::size_t i = is_row(0) ? 0 : 1; i < lines.size(); ++i)
      values.push_back(detail::value_of_row(lines[i]));
    return values;
  }
  if (lines.size() != 2)
    throw Error(path, "rows of a name and a value, or a header and one line of values",
                std::to_string(lines.size()) + " lines");
  if (lines[0].fields.size() != lines[1].fields.size())
    throw Error(lines[1].where, std::to_string(lines[0].fields.size()) + " fields (as in the header)",
                std::to_string(lines[1].fields.size()));
  for (std::size_t i = 0; i < lines[0].fields.size(); ++i) {
    values.push_back(detail::name_with_units(lines[0].fields[i], lines[1].where));
    values.back().values.push_back(
        parse_number(lines[1].fields[i], lines[1].where + ", column " + values.back().name));
  }
  return values;
}

}  // namespace chemnne
