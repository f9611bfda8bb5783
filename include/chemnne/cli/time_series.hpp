#pragma once
#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <netcdf.h>

#include <chemnne/cli/cell_table.hpp>
#include <chemnne/data/netcdf_file.hpp>

namespace chemnne {

/// What is recorded over time: quantities that are one number at a time, or one for each entry of an axis
/// (reactions, photolysis rates, ...). Written as CSV or as NetCDF by the CF conventions 1.8.
class TimeSeries {
 public:
  /// Texts along an axis: a variable of NetCDF.
  struct Labels {
    std::string name, long_name;
    std::vector<std::string> text;  ///< [entry]
  };
  /// `labels`: the first name the entries in CSV.
  struct Axis {
    std::string name;
    std::vector<Labels> labels;
    std::size_t size() const { return labels.front().text.size(); }
  };
  /// Its attributes; an empty one is left out.
  struct Quantity {
    std::string name, units, long_name, standard_name = {}, comment = {};
    std::string axis = {};           ///< none: one number a time
    std::vector<double> value = {};  ///< [time][entry]
  };

  /// Text attributes of the whole file.
  std::vector<std::pair<std::string, std::string>> attributes;
  std::vector<Axis> axes;
  /// The first is the time.
  std::vector<Quantity> quantities;

  std::size_t times() const { return quantities.front().value.size(); }

  /// By the ending of the path: NetCDF, or CSV with a column for each entry, "quantity(entry)".
  /// Errors: Error naming the file.
  void write(const std::string& path) const {
    if (detail::is_netcdf(path))
      NetcdfFile::make(path, [this](NetcdfFile& file) { fill(file); });
    else
      write_cells(path, columns(), {});
  }

 private:
  const Axis* axis_of(const Quantity& quantity) const {
    const auto found =
        std::find_if(axes.begin(), axes.end(), [&](const Axis& axis) { return axis.name == quantity.axis; });
    return found == axes.end() ? nullptr : &*found;
  }

  CellTable columns() const {
    CellTable table;
    for (const Quantity& quantity : quantities) {
      const Axis* const axis = axis_of(quantity);
      const std::size_t entries = axis ? axis->size() : 1;
      for (std::size_t i = 0; i < entries; ++i) {
        table.name.push_back(axis ? quantity.name + '(' + axis->labels.front().text[i] + ')' : quantity.name);
        table.column.emplace_back();
        for (std::size_t k = 0; k < times(); ++k)
          table.column.back().push_back(quantity.value[k * entries + i]);
      }
    }
    return table;
  }

  void fill(NetcdfFile& file) const {
    for (const auto& [name, text] : attributes) file.write_attribute(NC_GLOBAL, name, text);
    file.define_dimension("time", times());
    for (const Axis& axis : axes) {
      file.define_dimension(axis.name, axis.size());
      for (const Labels& labels : axis.labels)
        describe(file, file.define_variable(labels.name, NC_STRING, {axis.name.c_str()}),
                 {{"long_name", labels.long_name}});
    }
    for (const Quantity& quantity : quantities) {
      const Axis* const axis = axis_of(quantity);
      const int variable = axis ? file.define_variable(quantity.name, NC_DOUBLE, {"time", axis->name.c_str()})
                                : file.define_variable(quantity.name, NC_DOUBLE, {"time"});
      describe(file, variable,
               {{"units", quantity.units},
                {"standard_name", quantity.standard_name},
                {"long_name", quantity.long_name},
                {"comment", quantity.comment}});
    }
    for (const Axis& axis : axes)
      for (const Labels& labels : axis.labels) file.write<std::string>(labels.name, labels.text);
    for (const Quantity& quantity : quantities) file.write<double>(quantity.name, quantity.value);
  }

  static void describe(NetcdfFile& file, int variable,
                       const std::vector<std::pair<std::string, std::string>>& attributes) {
    for (const auto& [name, text] : attributes)
      if (!text.empty()) file.write_attribute(variable, name, text);
  }
};

}  // namespace chemnne
