#pragma once
#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <chemnne/cli/cell_table.hpp>
#include <chemnne/cli/named_values.hpp>
#include <chemnne/data/course.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/number_text.hpp>

namespace chemnne {

/// A course in time with a name, and the unit that the file says it is in (empty: none said).
struct NamedCourse {
  std::string name;
  std::string units;
  Course course;
  std::string where;  ///< file, or the option
};

/// Whether the header of a CSV file has a column `time`.
inline bool has_times(const std::string& path) {
  const std::vector<detail::CsvLine> lines = detail::read_csv_lines(path);
  return !lines.empty() && std::count(lines[0].fields.begin(), lines[0].fields.end(), "time") > 0;
}

/// A CSV file with a column `time` [s], ascending. Errors: Error with file and line or row.
inline CellTable read_time_table(const std::string& path) {
  CellTable table = read_cells_csv(path);
  const std::vector<double>& times = table.at("time", path);
  for (std::size_t i = 1; i < times.size(); ++i)
    if (!(times[i] > times[i - 1]))
      throw Error(path + ", column time, row " + std::to_string(i + 1), "ascending times",
                  number_text(times[i]) + " after " + number_text(times[i - 1]));
  return table;
}

/// The columns of such a file, "O3" or "O3 [ppb]". Errors: as read_time_table.
inline std::vector<NamedCourse> read_time_courses(const std::string& path, Between between) {
  const CellTable table = read_time_table(path);
  const std::vector<double>& times = table.at("time", path);
  std::vector<NamedCourse> courses;
  for (std::size_t i = 0; i < table.name.size(); ++i) {
    if (table.name[i] == "time") continue;
    NamedValue named = detail::name_with_units(table.name[i], path);
    courses.push_back(
        {std::move(named.name), std::move(named.units), Course(times, table.column[i], between), path});
  }
  return courses;
}

/// What an item of an option says: NAME=VALUE, or a CSV file, with a column `time` or of constant values
/// (read_named_values). Errors: Error with the place.
inline std::vector<NamedCourse> read_courses(const std::string& option, const std::string& item,
                                             Between between) {
  const std::size_t sign = item.find('=');
  if (sign != std::string::npos) {
    const std::string where = option + " " + item;
    return {{item.substr(0, sign), {}, parse_number(item.substr(sign + 1), where), where}};
  }
  if (has_times(item)) return read_time_courses(item, between);
  std::vector<NamedCourse> courses;
  for (NamedValue& value : read_named_values(item))
    courses.push_back({std::move(value.name), std::move(value.units), value.values.at(0), value.where});
  return courses;
}

}  // namespace chemnne
