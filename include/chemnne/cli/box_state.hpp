#pragma once
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/cli/box_conditions.hpp>
#include <chemnne/cli/box_forcing.hpp>
#include <chemnne/cli/box_place.hpp>
#include <chemnne/cli/initial_state.hpp>

namespace chemnne {

/// A box at its start.
struct BoxState {
  BoxConditions conditions;
  std::vector<double> state;  ///< all species of the mechanism, variable then fixed, molecules cm-3
};

/// --initial, --units, --conditions and the place of a command that needs a state of a box.
class BoxStateOptions {
 public:
  explicit BoxStateOptions(CLI::App& command) : place_(command) {
    command
        .add_option(
            "--initial", initial_,
            "CSV of initial concentrations: rows name,value[,units], or a header of names and a line of "
            "values; without it the mechanism's own")
        ->check(CLI::ExistingFile);
    command.add_option("--units", units_, "units of the initial concentrations where the file says none")
        ->capture_default_str();
    command.add_option(
        "--conditions", conditions_,
        "NAME=VALUE ..., or CSV files: rows name,value; or a column time [s] and one a condition, "
        "interpolated between its rows. Names: temperature [K], pressure [Pa], relative_humidity [%], "
        "cosine_zenith, photolysis_scaling, air_number_density, water_vapour_number_density "
        "[molecules cm-3], J<n> [s-1], parameters of the mechanism");

    command.add_option(
        "--jfac-from", jfac_from_,
        "J<n> or J_<name> of --conditions, as measured: all other J are scaled by its ratio to "
        "that of the sun, up to 5");
  }

  bool has_initial() const { return !initial_.empty(); }
  const std::string& units() const { return units_; }

  /// The forcing is that of the mechanism; its file's TEMP and TSTART count where nothing is given. Fixed
  /// species that are given no longer follow the environment; parameters without a value are 0, and a line on
  /// standard error names them. Errors: Error with the place of what is wrong.
  BoxState read(Mechanism& mechanism, const BoxForcing& forcing = {},
                Between between = Between::interpolated) const {
    BoxConditions conditions(mechanism);
    const RunSettings& usual = mechanism.run_settings;
    if (usual.temperature) conditions.set("temperature", *usual.temperature, "TEMP of the mechanism's file");
    InitialState initial(mechanism);
    if (has_initial()) initial.add(initial_, units_, conditions);
    initial.hold_given(mechanism);
    for (const std::string& item : conditions_) conditions.add(item, between);
    forcing.apply(mechanism, conditions);
    if (!jfac_from_.empty()) conditions.scale_photolysis_from(jfac_from_, "--jfac-from");
    if (place_.is_given()) conditions.set_place(place_.place(usual.start.value_or(0)));
    std::string unset;
    for (const std::string& name : conditions.unset_parameters()) unset += (unset.empty() ? "" : ", ") + name;
    if (!unset.empty()) std::fprintf(stderr, "parameters without a value, taken as 0: %s\n", unset.c_str());
    std::vector<double> state = initial.number_densities(conditions.air(0));
    return {std::move(conditions), std::move(state)};
  }

 private:
  BoxPlaceOptions place_;
  std::string initial_, units_ = "molecules cm-3", jfac_from_;
  std::vector<std::string> conditions_;
};

}  // namespace chemnne
