#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <chemnne/data/dataset.hpp>
#include <chemnne/data/netcdf_file.hpp>
#include <chemnne/support/error.hpp>

namespace chemnne {

namespace detail {

/// Calls visit(name, NetCDF type, dimensions, member, attributes) for each variable of the layout except the
/// concentration: the one list that reading, checking and writing share.
template <class Data, class Visit>
void for_each_variable(Data& data, Visit&& visit) {
  using Dimensions = std::vector<const char*>;
  using Attributes = std::vector<std::pair<const char*, const char*>>;
  const auto variable = [&](const char* name, nc_type type, Dimensions dimensions, auto& member,
                            Attributes attributes = {}) {
    visit(name, type, dimensions, member, attributes);
  };
  variable("time", NC_DOUBLE, {"time"}, data.time,
           {{"units", "s"}, {"long_name", "time since start of window"}});
  variable("species_name", NC_STRING, {"species"}, data.species_name);
  variable("molar_mass", NC_FLOAT, {"species"}, data.molar_mass, {{"units", "g mol-1"}});
  variable("element_name", NC_STRING, {"element"}, data.element_name);
  variable("atom_count", NC_SHORT, {"species", "element"}, data.atom_count,
           {{"long_name", "atoms per molecule"}});
  variable("task", NC_BYTE, {"species"}, data.task,
           {{"long_name", "smallest task that contains the species"}});
  variable("environment_name", NC_STRING, {"environment"}, data.environment_name);
  variable("environment_units", NC_STRING, {"environment"}, data.environment_units);
  variable("environment_long_name", NC_STRING, {"environment"}, data.environment_long_name);
  variable("environment_value", NC_DOUBLE, {"case", "environment"}, data.environment_value,
           {{"long_name", "environment of a window, see environment_name and environment_units"}});
  variable("scenario", NC_INT, {"case"}, data.scenario,
           {{"long_name", "scenario index; windows of one scenario share a trajectory"}});
  variable("window_in_scenario", NC_SHORT, {"case"}, data.window_in_scenario);
  variable(
      "kind", NC_BYTE, {"case"}, data.kind,
      {{"long_name",
        "0 free-running before, 1 precursors imposed at the start, 2 plume added at the start, 3 both"}});
  variable("spin_up_length", NC_FLOAT, {"case"}, data.spin_up_length,
           {{"units", "s"},
            {"long_name", "simulated time since the scenario's start or since the previous window"}});
  variable("element_total", NC_DOUBLE, {"case", "boundary", "element"}, data.element_total,
           {{"units", "atoms cm-3"},
            {"long_name", "atoms summed over all species of the mechanism at the first and last frame"}});
}

/// Everything of a data set, into a new file.
inline void fill_dataset(NetcdfFile& file, const Dataset& data) {
  file.define_dimension("case", data.cases());
  file.define_dimension("time", data.frames());
  file.define_dimension("species", data.species());
  file.define_dimension("environment", data.environments());
  file.define_dimension("element", data.elements());
  file.define_dimension("boundary", 2);
  for (const auto& [name, text] : data.attributes) file.write_attribute(NC_GLOBAL, name, text);
  for_each_variable(
      data, [&](const char* name, nc_type type, const auto& dimensions, const auto&, const auto& attributes) {
        const int variable = file.define_variable(name, type, dimensions);
        for (const auto& [attribute, text] : attributes) file.write_attribute(variable, attribute, text);
      });
  const std::array<std::size_t, 3> chunk{std::min<std::size_t>(data.cases(), 128), data.frames(), 1};
  const int concentration =
      file.define_variable("concentration", NC_FLOAT, {{"case", "time", "species"}}, chunk);
  file.write_attribute(concentration, "units", "molecules cm-3");
  file.write_attribute(concentration, "long_name", "number concentration");
  for_each_variable(data, [&](const char* name, nc_type, const auto&, const auto& member, const auto&) {
    file.write(name, std::span(member));
  });
  file.write("concentration", std::span(data.concentration));
}

}  // namespace detail

/// How many windows a data set has. Errors: Error when it cannot be opened or is no data set.
inline std::size_t count_windows(const std::string& path) { return NetcdfFile::open(path).dimension("case"); }

/// Reads a data set whole.
///
/// Errors: Error naming file and variable when the file is missing, truncated or not NetCDF, a variable of
/// the layout is absent, or its dimensions are others than the layout's.
inline Dataset read_dataset(const std::string& path) {
  const NetcdfFile file = NetcdfFile::open(path);
  if (file.dimension("boundary") != 2)
    throw Error(path + ": dimension boundary", "2", std::to_string(file.dimension("boundary")));
  Dataset data;
  detail::for_each_variable(
      data, [&](const char* name, nc_type, const auto& dimensions, auto& member, const auto&) {
        using Value = typename std::remove_reference_t<decltype(member)>::value_type;
        member = file.read<Value>(name, dimensions);
      });
  data.concentration = file.read<float>("concentration", {"case", "time", "species"});
  data.attributes = file.attributes();
  return data;
}

/// Writes a data set: NetCDF-4, concentrations compressed in chunks of up to 128 windows x all frames x one
/// species.
///
/// The file appears under its name only when it is complete and on the disk; equal data sets give equal
/// bytes. Errors: Error naming file and variable when an array's length does not fit the others or the disk
/// fails; then nothing is left.
inline void write_dataset(const std::string& path, const Dataset& data) {
  NetcdfFile::make(path, [&](NetcdfFile& file) { detail::fill_dataset(file, data); });
}

}  // namespace chemnne
