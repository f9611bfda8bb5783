#pragma once
#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include <chemnne/data/dataset_file.hpp>
#include <chemnne/data/netcdf_file.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/number_text.hpp>

namespace chemnne {

/// Long box-model runs in hourly states, as in a host model: between two hours the air is diluted and fed by
/// sources, within an hour it is a closed box under a constant environment,
///
///     start(h) = concentration(h) dilution(h) + source(h),   concentration(h + 1) = chemistry of 3600 s.
///
/// The layout of ARCA's long file: dimensions case, hour_state (hours + 1), hour, species, environment; or a
/// data set whose windows follow each other without a gap. All arrays are flat, row-major.
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

/// The scenarios of a data set as long runs: what its `dilution_factor` does not explain of the start of a
/// window after the end of the one before is a source. `path` names the file in errors.
///
/// Errors: Error when windows do not follow each other hour by hour, or scenarios are not of one length.
inline LongRuns long_runs_of(const Dataset& data, const std::string& path) {
  LongRuns runs;
  runs.species_name = data.species_name;
  runs.molar_mass = data.molar_mass;
  runs.environment_name = data.environment_name;
  runs.environment_value = data.environment_value;
  runs.cases = static_cast<std::size_t>(std::ranges::count(data.window_in_scenario, 0));
  if (runs.cases == 0) throw Error(path, "scenarios from their first window on", "none");
  if (data.time.back() != 3600)
    throw Error(path + ": time", "windows of 3600 s", number_text(data.time.back()) + " s");
  runs.hours = data.cases() / runs.cases;
  const auto column = static_cast<std::size_t>(std::ranges::find(data.environment_name, "dilution_factor") -
                                               data.environment_name.begin());
  for (std::size_t window = 0; window < data.cases(); ++window) {
    const std::size_t hour = window % runs.hours;
    const std::string place = path + ": window " + std::to_string(window);
    if (data.window_in_scenario[window] != static_cast<int>(hour))
      throw Error(place, "window " + std::to_string(hour) + " of its scenario: all of one length",
                  std::to_string(data.window_in_scenario[window]));
    if (hour > 0 && data.spin_up_length[window] > 0)
      throw Error(place, "a window without a gap before it", "one");
    const double kept = column < data.environments() && hour > 0 ? data.environment(window)[column] : 1;
    const auto start = data.row(window, 0), end = data.row(window, data.frames() - 1);
    if (hour == 0) runs.concentration.insert(runs.concentration.end(), start.begin(), start.end());
    runs.dilution.push_back(kept);
    for (std::size_t s = 0; s < data.species(); ++s)
      runs.source.push_back(
          hour == 0 ? 0 : start[s] - static_cast<float>(kept) * data.row(window - 1, data.frames() - 1)[s]);
    runs.concentration.insert(runs.concentration.end(), end.begin(), end.end());
  }
  return runs;
}

/// Reads either layout. Errors: Error naming file and variable when the file is of none; see long_runs_of.
inline LongRuns read_long_runs(const std::string& path) {
  const NetcdfFile file = NetcdfFile::open(path);
  if (file.has("window_in_scenario")) return long_runs_of(read_dataset(path), path);
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
