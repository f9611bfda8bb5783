#pragma once
#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <chemnne/cli/csv_lines.hpp>
#include <chemnne/data/netcdf_file.hpp>
#include <chemnne/io/atomic_file.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/number_text.hpp>

namespace chemnne {

/// States of cells as named columns: a CSV file with a header, or a NetCDF file with one variable a name over
/// the dimension `cell`.
struct CellTable {
  std::vector<std::string> name;
  std::vector<std::vector<double>> column;  ///< [name][cell]

  std::size_t cells() const { return column.empty() ? 0 : column.front().size(); }

  /// The column of a name. Errors: Error naming `where` when there is none.
  const std::vector<double>& at(const std::string& wanted, const std::string& where) const {
    const auto place = std::find(name.begin(), name.end(), wanted);
    if (place == name.end()) throw Error(where, "a column '" + wanted + "'", "none");
    return column[static_cast<std::size_t>(place - name.begin())];
  }

  /// Puts values in the place of a column, or behind the others when there is none of this name.
  void set(const std::string& wanted, std::vector<double> values) {
    const auto place = std::find(name.begin(), name.end(), wanted);
    if (place != name.end()) {
      column[static_cast<std::size_t>(place - name.begin())] = std::move(values);
      return;
    }
    name.push_back(wanted);
    column.push_back(std::move(values));
  }
};

namespace detail {

inline bool is_netcdf(const std::string& path) { return path.ends_with(".nc") || path.ends_with(".nc4"); }

}  // namespace detail

/// What is done with numbers of a file that are infinite or none.
enum class NotFinite { refused, kept };

/// Reads a CSV file: a header of names, then a line a cell. Errors: Error with file, line and column.
inline CellTable read_cells_csv(const std::string& path, NotFinite not_finite = NotFinite::refused) {
  CellTable table;
  for (const detail::CsvLine& line : detail::read_csv_lines(path)) {
    if (table.name.empty()) {
      table.name = line.fields;
      table.column.resize(table.name.size());
      for (auto name = table.name.begin(); name != table.name.end(); ++name)
        if (std::find(table.name.begin(), name, *name) != name)
          throw Error(line.where, "a name once", "'" + *name + "' twice");
      continue;
    }
    if (line.fields.size() != table.name.size())
      throw Error(line.where, std::to_string(table.name.size()) + " fields (as in the header)",
                  std::to_string(line.fields.size()));
    for (std::size_t i = 0; i < table.name.size(); ++i) {
      const std::string where = line.where + ", column " + table.name[i];
      table.column[i].push_back(not_finite == NotFinite::kept ? parse_number(line.fields[i], where)
                                                              : detail::csv_number(line.fields[i], where));
    }
  }
  if (table.cells() == 0) throw Error(path, "a header and a line a cell", "no cell");
  return table;
}

/// Reads the variables `names` over the dimension `cell`. Errors: Error naming file and variable.
inline CellTable read_cells_netcdf(const std::string& path, std::span<const std::string> names) {
  const NetcdfFile file = NetcdfFile::open(path);
  CellTable table;
  for (const std::string& name : names) {
    table.name.push_back(name);
    table.column.push_back(file.read<double>(name, {"cell"}));
  }
  if (table.cells() == 0) throw Error(path, "cells", "none");
  return table;
}

/// Writes all columns: CSV with 9 digits, or NetCDF over one dimension, by the path's ending; `units` [name]
/// are attributes in NetCDF.
inline void write_cells(const std::string& path, const CellTable& table, std::span<const std::string> units,
                        const std::string& dimension = "cell") {
  if (detail::is_netcdf(path)) {
    NetcdfFile::make(path, [&](NetcdfFile& file) {
      file.define_dimension(dimension, table.cells());
      for (std::size_t i = 0; i < table.name.size(); ++i)
        file.write_attribute(file.define_variable(table.name[i], NC_DOUBLE, {dimension.c_str()}), "units",
                             units[i]);
      for (std::size_t i = 0; i < table.name.size(); ++i) file.write<double>(table.name[i], table.column[i]);
    });
    return;
  }
  std::string text;
  for (std::size_t i = 0; i < table.name.size(); ++i) text += (i > 0 ? "," : "") + table.name[i];
  for (std::size_t cell = 0; cell < table.cells(); ++cell)
    for (std::size_t i = 0; i < table.name.size(); ++i)
      text += (i > 0 ? ',' : '\n') + number_text(table.column[i][cell], 9);
  write_file_atomically(path, text + "\n");
}

}  // namespace chemnne
