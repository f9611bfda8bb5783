#pragma once
#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <chemnne/chemistry/chemical_system.hpp>
#include <chemnne/chemistry/prescribed_rates.hpp>
#include <chemnne/chemistry/rate_context.hpp>
#include <chemnne/data/netcdf_file.hpp>
#include <chemnne/support/error.hpp>

namespace chemnne {

/// Single states of a mechanism with everything that another program computed for them: the layout of ARCA's
/// arca_hyde_check.nc, and where species are held in each state, `fixed_name` [fixed] and
/// `fixed_concentration` [case][fixed] beside it. All arrays are flat, row-major; units molecules cm-3, s, K.
struct CheckStates {
  std::vector<std::string> species_name;
  /// Places of environment values, of parameters of the mechanism and of "<label>", rate constants, by name.
  std::map<std::string, std::size_t> environment_place;
  std::vector<double> environment_value;    ///< [case][environment]
  std::vector<double> photolysis_rate;      ///< [case][photolysis], J(1), J(2), ... [s-1]
  std::vector<double> peroxy_radical_sum;   ///< [case]
  std::vector<double> rate_constant;        ///< [case][reaction], in the order of the mechanism's file
  std::vector<double> tendency;             ///< [case][species]
  std::vector<double> time;                 ///< [frame], s
  std::vector<double> concentration;        ///< [case][frame][species]
  std::vector<std::string> fixed_name;      ///< species that do not vary; none where the file has none
  std::vector<double> fixed_concentration;  ///< [case][fixed]
  std::size_t reactions = 0;

  std::size_t cases() const { return peroxy_radical_sum.size(); }
  std::size_t species() const { return species_name.size(); }
  std::size_t frames() const { return time.size(); }
  std::size_t photolysis() const { return photolysis_rate.size() / cases(); }

  std::span<const double> state(std::size_t of_case, std::size_t frame) const {
    return std::span(concentration).subspan((of_case * frames() + frame) * species(), species());
  }

  std::span<const double> fixed(std::size_t of_case) const {
    return std::span(fixed_concentration).subspan(of_case * fixed_name.size(), fixed_name.size());
  }

  /// Environment values that are the rate constants of reactions.
  std::vector<std::string> rate_names() const {
    std::vector<std::string> names;
    for (const auto& [name, place] : environment_place)
      if (is_rate_name(name)) names.push_back(name);
    return names;
  }

  /// None where the file has no such environment value.
  std::optional<double> find_environment(std::size_t of_case, const std::string& name) const {
    const auto found = environment_place.find(name);
    if (found == environment_place.end()) return std::nullopt;
    return environment_value[of_case * environment_place.size() + found->second];
  }
  /// Errors: Error when the file has no such environment value.
  double environment(std::size_t of_case, const std::string& name) const {
    const std::optional<double> value = find_environment(of_case, name);
    if (!value) throw Error("states", "an environment value '" + name + "'", "none");
    return *value;
  }
};

/// Errors: Error naming file and variable when something of the layout is missing or has another shape.
inline CheckStates read_check_states(const std::string& path) {
  const NetcdfFile file = NetcdfFile::open(path);
  CheckStates states;
  states.species_name = file.read<std::string>("species_name", {"species"});
  for (const std::string& name : file.read<std::string>("environment_name", {"environment"}))
    if (!states.environment_place.emplace(name, states.environment_place.size()).second)
      throw Error(path + ": variable environment_name", "each name once", "'" + name + "' twice");
  states.environment_value = file.read<double>("environment_value", {"case", "environment"});
  states.photolysis_rate = file.read<double>("photolysis_rate", {"case", "photolysis"});
  states.peroxy_radical_sum = file.read<double>("peroxy_radical_sum", {"case"});
  states.rate_constant = file.read<double>("rate_constant", {"case", "reaction"});
  states.tendency = file.read<double>("tendency", {"case", "species"});
  states.time = file.read<double>("time", {"frame"});
  states.concentration = file.read<double>("concentration", {"case", "frame", "species"});
  if (file.has("fixed_name")) {
    states.fixed_name = file.read<std::string>("fixed_name", {"fixed"});
    states.fixed_concentration = file.read<double>("fixed_concentration", {"case", "fixed"});
  }
  states.reactions = file.dimension("reaction");
  if (states.cases() == 0 || states.frames() == 0) throw Error(path, "at least one state", "none");
  if (states.photolysis() >= PhotolysisRates().size())
    throw Error(path + ": variable photolysis_rate", "at most 71 rates", std::to_string(states.photolysis()));
  return states;
}

/// What the rates feel in a state: number densities of air and water and all J as given; O2 = 0.20946 and N2
/// = 0.78084 of air, and M in rates = O2 + N2, the convention of ARCA's chemistry that the layout states.
inline RateContext rate_context_of(const CheckStates& states, std::size_t of_case) {
  const auto value = [&](const char* name, double otherwise) {
    return states.find_environment(of_case, name).value_or(otherwise);
  };
  const double air = states.environment(of_case, "air_number_density");
  const double cosine = value("cos_solar_zenith_angle", 0);
  RateContext context{.temperature = states.environment(of_case, "temperature"),
                      .air = (0.20946 + 0.78084) * air,
                      .oxygen = 0.20946 * air,
                      .nitrogen = 0.78084 * air,
                      .water = states.environment(of_case, "water_vapour_number_density"),
                      .pressure = value("pressure", 0),
                      .relative_humidity = value("relative_humidity", 0),
                      .cosine_zenith = cosine,
                      .sun = std::max(cosine, 0.0),
                      .photolysis_scaling = 1};
  for (std::size_t n = 0; n < states.photolysis(); ++n)
    context.photolysis[n + 1] = states.photolysis_rate[of_case * states.photolysis() + n];
  return context;
}

/// Parameters of a mechanism by the names that environment values have in files, where they differ: ARCA's
/// RES1 is the condensation sink of sulphuric acid.
inline std::string environment_name_of_parameter(const std::string& parameter) {
  return parameter == "RES1" ? "h2so4_condensation_sink" : parameter;
}

/// Sets environment and parameters of a system to those of a state; a parameter that the file does not give
/// stays unset, which is an error only where a rate uses it.
inline void set_environment(ChemicalSystem& system, const Mechanism& mechanism, const CheckStates& states,
                            std::size_t of_case) {
  for (const Parameter& parameter : mechanism.parameters)
    if (const auto value = states.find_environment(of_case, environment_name_of_parameter(parameter.name)))
      system.set_parameter(parameter.name, *value);
  system.set_rate_context(rate_context_of(states, of_case));
}

}  // namespace chemnne
