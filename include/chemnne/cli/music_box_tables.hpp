#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <chemnne/chemistry/yaml_document.hpp>
#include <chemnne/chemistry/yaml_fields.hpp>
#include <chemnne/cli/named_values.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/number_text.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne {

/// The conditions of a box as MusicBox 3 writes them: CSV files with a column `time.s` and columns
/// PREFIX.name.unit, PREFIX one of ENV, CONC, EMIS, PHOTO, LOSS, USER, SURF; a row gives new values from its
/// time on, and what it leaves empty stays as it is. Several files are one table. Source: NCAR/music-box,
/// ConditionsManager.
class MusicBoxTables {
 public:
  /// A column, with its values by time [s].
  struct Column {
    std::map<double, double> values;
    std::string where;  ///< the file it came from last
  };

  /// Whether a file is such a table, a CSV file whose header has a column `time.s`, or a configuration in
  /// JSON or YAML, whose `conditions` hold and name tables.
  static bool is_one(const std::string& path) {
    if (is_configuration(path)) return true;
    const std::vector<detail::CsvLine> lines = detail::read_csv_lines(path);
    return !lines.empty() && std::count(lines[0].fields.begin(), lines[0].fields.end(), "time.s") > 0;
  }

  /// A later table counts where two give one value; those inside a configuration come after the files that it
  /// names. Errors: Error with file, line and column.
  void add(const std::string& path) {
    if (!is_configuration(path)) return add(detail::read_csv_lines(path), path);
    const YamlNode root = parse_yaml(read_text_file(path), path);
    const YamlNode* const conditions = root.find("conditions");
    if (!conditions) root.fail("a configuration of MusicBox 3, with 'conditions'");
    if (const YamlNode* const files = conditions->find("filepaths"))
      for (const YamlNode& file : files->items) {
        const std::string table = path.substr(0, path.rfind('/') + 1) + yaml_text(file);
        if (is_configuration(table) || !file_exists(table)) file.fail("a CSV file that is there");
        add(table);
      }
    if (const YamlNode* const tables = conditions->find("data"))
      for (const YamlNode& table : tables->items) add_inside(table);
  }

  /// By title, without those that have no value in any row.
  const std::map<std::string, Column>& columns() const { return columns_; }

  /// A title without its unit, and the unit; none where `is_known` takes the title as it is.
  template <class IsKnown>
  static std::pair<std::string, std::string> name_and_unit(const std::string& title,
                                                           const IsKnown& is_known) {
    const std::size_t dot = title.rfind('.');
    if (is_known(title) || dot == std::string::npos) return {title, {}};
    return {title.substr(0, dot), title.substr(dot + 1)};
  }

 private:
  static constexpr std::array<std::string_view, 7> prefixes{"ENV.",  "CONC.", "EMIS.", "PHOTO.",
                                                            "LOSS.", "USER.", "SURF."};

  static bool is_configuration(const std::string& path) {
    return path.ends_with(".json") || path.ends_with(".yaml") || path.ends_with(".yml");
  }

  /// {headers: [...], rows: [[...], ...]}
  void add_inside(const YamlNode& table) {
    const YamlNode* const header = table.find("headers");
    const YamlNode* const rows = table.find("rows");
    if (!header || !rows) table.fail("a table with 'headers' and 'rows'");
    std::vector<detail::CsvLine> lines{line(*header)};
    for (const YamlNode& row : rows->items) lines.push_back(line(row));
    add(lines, table.where());
  }

  static detail::CsvLine line(const YamlNode& list) {
    detail::CsvLine result{.fields = {}, .where = list.where()};
    for (const YamlNode& one : list.items) result.fields.push_back(one.text);
    return result;
  }

  void add(const std::vector<detail::CsvLine>& lines, const std::string& where) {
    if (lines.size() < 2) throw Error(where, "a header and rows of values", "no row");
    const std::vector<std::string>& header = lines[0].fields;
    check_header(header, lines[0].where);
    const auto time_column =
        static_cast<std::size_t>(std::find(header.begin(), header.end(), "time.s") - header.begin());
    if (time_column == header.size()) throw Error(lines[0].where, "a column time.s", "none");
    for (std::size_t row = 1; row < lines.size(); ++row) {
      const detail::CsvLine& line = lines[row];
      if (line.fields.size() != header.size())
        throw Error(line.where, std::to_string(header.size()) + " fields (as in the header)",
                    std::to_string(line.fields.size()));
      const double time = parse_number(line.fields[time_column], line.where + ", column time.s");
      if (!(time >= 0 && std::isfinite(time)))
        throw Error(line.where + ", column time.s", "a time of 0 or more", line.fields[time_column]);
      for (std::size_t i = 0; i < header.size(); ++i)
        if (i != time_column && !is_empty(line.fields[i])) set(header[i], time, line.fields[i], line.where);
    }
  }

  static void check_header(const std::vector<std::string>& header, const std::string& where) {
    for (std::size_t i = 0; i < header.size(); ++i) {
      const std::string& title = header[i];
      if (std::find(header.begin(), header.begin() + static_cast<std::ptrdiff_t>(i), title) !=
          header.begin() + static_cast<std::ptrdiff_t>(i))
        throw Error(where, "every column once", "'" + title + "' twice");
      if (title != "time.s" && std::none_of(prefixes.begin(), prefixes.end(), [&](std::string_view prefix) {
            return title.starts_with(prefix) && title.size() > prefix.size();
          }))
        throw Error(where, "time.s or PREFIX.name.unit with ENV, CONC, EMIS, PHOTO, LOSS, USER or SURF",
                    "'" + title + "'");
    }
  }

  /// As MusicBox's own reader takes them.
  static bool is_empty(const std::string& field) {
    constexpr std::array<std::string_view, 6> empty{"", "None", "null", "nan", "NaN", "NA"};
    return std::find(empty.begin(), empty.end(), field) != empty.end();
  }

  void set(const std::string& title, double time, const std::string& field, const std::string& where) {
    const double value = parse_number(field, where + ", column " + title);
    if (!(value >= 0 && std::isfinite(value)))
      throw Error(where + ", column " + title, "a number of 0 or more", field);
    Column& column = columns_[title];
    column.values[time] = value;
    column.where = where + ", column " + title;
  }

  std::map<std::string, Column> columns_;
};

}  // namespace chemnne
