#pragma once
#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include <chemnne/chemistry/concentration_units.hpp>
#include <chemnne/chemistry/source_cursor.hpp>
#include <chemnne/cli/csv_lines.hpp>
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

/// "O3 [ppb]" -> O3, ppb.
inline NamedValue name_with_units(const std::string& text, const std::string& where) {
  const std::size_t bracket = text.find('[');
  if (bracket == std::string::npos || text.back() != ']') return {text, {}, {}, where};
  return {std::string(trimmed(text.substr(0, bracket))),
          text.substr(bracket + 1, text.size() - bracket - 2),
          {},
          where};
}

/// A row NAME, VALUE [, UNITS], or NAME, VALUE, VALUE of a SURF entry. A decimal comma makes a field more.
inline NamedValue value_of_row(const CsvLine& line) {
  const std::vector<std::string>& fields = line.fields;
  NamedValue value = name_with_units(fields[0], line.where);
  const std::string where = line.where + ", " + value.name;
  if (fields.size() < 2) throw Error(line.where, "a name, a value and perhaps units", "one field");
  value.values.push_back(csv_number(fields[1], where));
  const bool may_have_two = value.name.starts_with("SURF.");
  for (std::size_t i = 2; i < fields.size(); ++i) {
    if (fields[i].empty()) continue;
    if (i > 2) throw Error(where, "a name, a value and perhaps units", "'" + fields[i] + "' behind them");
    if (may_have_two)
      value.values.push_back(csv_number(fields[i], where));
    else if (parse_number(fields[i]))
      throw Error(where, "one value (with a point, no comma) and perhaps units",
                  "'" + fields[1] + "' and '" + fields[i] + "'");
    else
      value.units = fields[i];
  }
  return value;
}

/// Whether a line is NAME, NUMBER ...
inline bool is_row(const CsvLine& line) {
  return line.fields.size() >= 2 && !parse_number(line.fields[0]) && parse_number(line.fields[1]);
}

/// Whether a line before rows names their columns: two words at least, of which none is the unit of a value
/// that is broken.
inline bool is_header(const CsvLine& line) {
  const auto is_word = [](const std::string& field) {
    return !field.empty() && is_name_start(field[0]) && !parse_number(field);
  };
  const auto is_unit = [](const std::string& field) {
    return std::any_of(concentration_units.begin(), concentration_units.end(),
                       [&](const ConcentrationUnit& unit) { return unit.name == field; });
  };
  return line.fields.size() >= 2 && is_word(line.fields[0]) && is_word(line.fields[1]) &&
         std::none_of(line.fields.begin(), line.fields.end(), is_unit);
}

inline void require_once(const std::vector<NamedValue>& values) {
  std::set<std::string> names;
  for (const NamedValue& value : values)
    if (!names.insert(value.name).second)
      throw Error(value.where, "every name once", "'" + value.name + "' twice");
}

/// `O3 [ppb], NO [ppb]` and a line of values.
inline std::vector<NamedValue> values_under_names(const std::string& path,
                                                  const std::vector<CsvLine>& lines) {
  if (lines.size() != 2) {
    value_of_row(
        lines[is_header(lines[0]) && lines.size() > 1 ? 1 : 0]);  // what it may have been meant to be
    throw Error(path, "rows of a name and a value, or a header and one line of values",
                std::to_string(lines.size()) + " lines");
  }
  if (lines[0].fields.size() != lines[1].fields.size())
    throw Error(lines[1].where, std::to_string(lines[0].fields.size()) + " fields (as in the header)",
                std::to_string(lines[1].fields.size()));
  std::vector<NamedValue> values;
  for (std::size_t i = 0; i < lines[0].fields.size(); ++i) {
    values.push_back(name_with_units(lines[0].fields[i], lines[1].where));
    values.back().values.push_back(
        csv_number(lines[1].fields[i], lines[1].where + ", column " + values.back().name));
  }
  return values;
}

}  // namespace detail

/// Values from a CSV file, in one of three layouts: rows `name, value[, units]`, with a header line or
/// without (MusicBox's `CONC.O3, 1e-9` is one), or a header of names `O3 [ppb], NO [ppb]` and one line of
/// values. Lines that begin with '#' are comments. Errors: Error with file, line and name.
inline std::vector<NamedValue> read_named_values(const std::string& path) {
  const std::vector<detail::CsvLine> lines = detail::read_csv_lines(path);
  if (lines.empty()) throw Error(path, "names and values", "nothing");
  const bool has_rows = detail::is_row(lines[0]) || (lines.size() > 1 && detail::is_row(lines[1]));
  std::vector<NamedValue> values;
  if (has_rows)
    for (std::size_t i = detail::is_header(lines[0]) ? 1 : 0; i < lines.size(); ++i)
      values.push_back(detail::value_of_row(lines[i]));
  else
    values = detail::values_under_names(path, lines);
  detail::require_once(values);
  return values;
}

}  // namespace chemnne
