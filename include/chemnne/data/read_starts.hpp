#pragma once
#include <cstddef>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/data/air_sample_file.hpp>
#include <chemnne/data/dataset_file.hpp>
#include <chemnne/data/kpp_standalone_file.hpp>
#include <chemnne/data/netcdf_file.hpp>
#include <chemnne/data/range.hpp>
#include <chemnne/data/start_states.hpp>
#include <chemnne/data/visited_starts.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne {

namespace detail {
/// Whether a file is NetCDF, in HDF5 or a classic format. Errors: Error when it cannot be read.
inline bool begins_as_netcdf(const std::string& path) {
  std::FILE* const file = std::fopen(path.c_str(), "rb");
  if (!file) throw Error(path, "a readable file", "none");
  char begin[4] = {};
  const std::size_t count = std::fread(begin, 1, sizeof begin, file);
  std::fclose(file);
  const std::string_view text(begin, count);
  return text == "\x89HDF" || text.starts_with("CDF");
}
}  // namespace detail

/// The air in files, each of a kind that its content tells: visited air, or a text of GEOS-Chem for
/// KPP-Standalone. Errors: those of the readers.
inline std::vector<AirSample> read_air_samples(const std::vector<std::string>& files) {
  std::vector<AirSample> samples;
  for (const std::string& file : files)
    samples.push_back(detail::begins_as_netcdf(file) ? read_air_sample(file)
                                                     : parse_kpp_standalone(read_text_file(file), file));
  return samples;
}

/// The starts that files hold: one data set, or any number of files of visited air (see `read_air_samples`);
/// `first` is the number of the first scenario. Errors: those of the readers, StartStates and VisitedStarts.
inline std::unique_ptr<ScenarioStarts> read_starts(const std::vector<std::string>& files,
                                                   const Mechanism& mechanism, const ScenarioRanges& ranges,
                                                   std::size_t first) {
  if (files.size() == 1 && detail::begins_as_netcdf(files[0]) && !is_air_sample(NetcdfFile::open(files[0])))
    return std::make_unique<StartStates>(read_dataset(files[0]), mechanism, files[0]);
  const std::string where = files[0] + (files.size() > 1 ? ", ..." : "");
  return std::make_unique<VisitedStarts>(read_air_samples(files), mechanism, ranges, first, where);
}

}  // namespace chemnne
