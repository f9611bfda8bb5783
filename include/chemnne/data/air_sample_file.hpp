#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <chemnne/data/netcdf_file.hpp>
#include <chemnne/io/air_sample.hpp>
#include <chemnne/support/error.hpp>

namespace chemnne {

/// Whether an open file holds visited air.
inline bool is_air_sample(const NetcdfFile& file) { return file.has("number_density"); }

/// Reads a file of visited air. Errors: Error naming file and variable when it cannot be read or is none.
inline AirSample read_air_sample(const std::string& path) {
  const NetcdfFile file = NetcdfFile::open(path);
  AirSample sample;
  sample.species = file.read<std::string>("species_name", {"species"});
  sample.conditions = file.read<std::string>("condition_name", {"condition"});
  sample.condition_units = file.read<std::string>("condition_units", {"condition"});
  sample.number_density = file.read<double>("number_density", {"cell", "species"});
  sample.condition_value = file.read<double>("condition_value", {"cell", "condition"});
  sample.key = file.read<double>("key", {"cell"});
  sample.score = file.read<double>("score", {"cell"});
  const auto attributes = file.attributes();
  const auto take = [&](const char* name, std::string& text) {
    if (const auto found = attributes.find(name); found != attributes.end()) text = found->second;
  };
  take("mechanism", sample.mechanism);
  take("mechanism_fingerprint", sample.fingerprint);
  return sample;
}

/// Writes visited air: NetCDF-4 with the dimensions cell, species and condition.
///
/// The file appears under its name when it is complete. Errors: Error naming file and variable when the
/// sample is empty or the disk fails.
inline void write_air_sample(const std::string& path, const AirSample& sample) {
  NetcdfFile::make(path, [&](NetcdfFile& file) {
    file.define_dimension("cell", sample.rows());
    file.define_dimension("species", sample.species.size());
    file.define_dimension("condition", sample.conditions.size());
    file.write_attribute(NC_GLOBAL, "title", "Air that a host model visited");
    file.write_attribute(NC_GLOBAL, "mechanism", sample.mechanism);
    file.write_attribute(NC_GLOBAL, "mechanism_fingerprint", sample.fingerprint);
    const auto define = [&](const char* name, nc_type type, const std::vector<const char*>& dimensions,
                            const char* units, const char* long_name) {
      const int variable = file.define_variable(name, type, dimensions);
      if (*units) file.write_attribute(variable, "units", units);
      file.write_attribute(variable, "long_name", long_name);
    };
    define("species_name", NC_STRING, {"species"}, "", "names of species");
    define("condition_name", NC_STRING, {"condition"}, "", "names of conditions");
    define("condition_units", NC_STRING, {"condition"}, "", "units of conditions");
    define("number_density", NC_DOUBLE, {"cell", "species"}, "molecules cm-3", "state before a step");
    define("condition_value", NC_DOUBLE, {"cell", "condition"}, "", "conditions of the step");
    define("key", NC_DOUBLE, {"cell"}, "1", "log(u) / weight: the largest of several files are a sample");
    define("score", NC_DOUBLE, {"cell"}, "1", "over the threshold of an uncertain cell; infinite: not known");
    file.write("species_name", std::span(sample.species));
    file.write("condition_name", std::span(sample.conditions));
    file.write("condition_units", std::span(sample.condition_units));
    file.write("number_density", std::span(sample.number_density));
    file.write("condition_value", std::span(sample.condition_value));
    file.write("key", std::span(sample.key));
    file.write("score", std::span(sample.score));
  });
}

}  // namespace chemnne
