#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include <chemnne/data/netcdf_file.hpp>
#include <chemnne/support/error.hpp>

namespace chemnne {

/// Long box-model runs in hourly states, as in a host model: between two hours the air is diluted and fed by
/// sources, within an hour it is a closed box under a constant environment,
///
///     start(h) = concentration(h) dilution(h) + source(h),   concentration(h + 1) = chemistry of 3600 s.
///
/// The layout of ARCA's long file: dimensions case, hour_state (hours + 1), hour, species, environment. All
/// arrays are flat, row-major.
struct LongRuns {
  std::size_t cases = 0, hours = 0;
  std::vector<std::string> species_name;
  std::vector<double> molar_mass;  ///< [species], g mol-1
  std::vector<std::string> environment_name;
  std::vector<float> concentration;       ///< [case][hour + 1][species], molecules cm-3
  std::vector<double> environment_value;  ///< [case][hour][environment]
  std::vector<double> dilution;           ///< [case][hour]
  std::vector<float> source;              ///< [case][hour][species], molecules cm-3
};

/// Errors: Error naming file and variable when the file is not of this layout.
inline LongRuns read_long_runs(const std::string& path) {
  const NetcdfFile file = NetcdfFile::open(path);
  LongRuns runs;
  runs.cases = file.dimension("case");
  runs.hours = file.dimension("hour");
  if (file.dimension("hour_state") != runs.hours + 1)
    throw Error(path + ": dimension hour_state", std::to_string(runs.hours + 1) + ", one more than hours",
                std::to_string(file.dimension("hour_state")));
  runs.species_name = file.read<std::string>("species_name", {"species"});
  runs.molar_mass = file.read<double>("molar_mass", {"species"});
  runs.environment_name = file.read<std::string>("environment_name", {"environment"});
  runs.concentration = file.read<float>("concentration", {"case", "hour_state", "species"});
  runs.environment_value = file.read<double>("environment_value", {"case", "hour", "environment"});
  runs.dilution = file.read<double>("dilution_factor", {"case", "hour"});
  runs.source = file.read<float>("source", {"case", "hour", "species"});
  return runs;
}

}  // namespace chemnne
