#pragma once
#include <cstddef>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/chemistry/prescribed_rates.hpp>
#include <chemnne/cli/box_conditions.hpp>
#include <chemnne/cli/box_forcing.hpp>
#include <chemnne/cli/box_place.hpp>
#include <chemnne/cli/initial_state.hpp>
#include <chemnne/cli/music_box_tables.hpp>
#include <chemnne/cli/named_values.hpp>
#include <chemnne/data/box_run.hpp>

namespace chemnne {

/// A box at its start.
struct BoxState {
  BoxConditions conditions;
  std::vector<double> state;     ///< all species of the mechanism, variable then fixed, molecules cm-3
  std::vector<BoxEvent> events;  ///< concentrations that the files set again
};

/// --initial, --units, --conditions and the place of a command that needs a state of a box.
class BoxStateOptions {
 public:
  explicit BoxStateOptions(CLI::App& command) : place_(command) {
    command
        .add_option(
            "--initial", initial_,
            "CSV of initial concentrations: rows name,value[,units], or a header of names and a line of "
            "values, or a table of MusicBox (time.s, CONC.O3.mol m-3, PHOTO.jno2.s-1, ...; later rows are "
            "steps); "
            "without it the mechanism's own")
        ->check(CLI::ExistingFile);
    command.add_option("--units", units_, "units of concentrations where a file says none")
        ->capture_default_str();
    command.add_option(
        "--conditions", conditions_,
        "NAME=VALUE ..., or CSV files: rows name,value; or a column time [s] and one a condition, "
        "interpolated between its rows; or tables of MusicBox. Names: temperature [K], pressure [Pa], "
        "relative_humidity [%], "
        "cosine_zenith, photolysis_scaling, air_number_density, water_vapour_number_density "
        "[molecules cm-3], J<n> [s-1], parameters of the mechanism; <label>: the rate constant of that "
        "reaction");

    command.add_option(
        "--jfac-from", jfac_from_,
        "J<n> or J_<name> of --conditions, as measured: all other J are scaled by its ratio to "
        "that of the sun, up to 5");
  }

  bool has_initial() const { return !initial_.empty(); }
  const std::string& units() const { return units_; }

  /// Whether rate constants are among the conditions: those need not be known by the mechanism.
  bool prescribes_rates() const { return !rate_names().empty(); }

  /// Units of the time since the start, by the CF conventions.
  std::string time_units(const Mechanism& mechanism) const {
    return place_.is_given() ? "seconds since " + place_.start(mechanism.run_settings.start.value_or(0))
                             : "s";
  }

  /// The forcing is that of the mechanism; its file's TEMP and TSTART count where nothing is given. Fixed
  /// species that are given no longer follow the environment; parameters without a value are 0, and a line on
  /// standard error names them. Errors: Error with the place of what is wrong.
  BoxState read(Mechanism& mechanism, const BoxForcing& forcing = {},
                Between between = Between::interpolated) const {
    if (prescribes_rates()) prescribe_rates(mechanism, rate_names(), "--conditions");
    BoxConditions conditions(mechanism);
    const RunSettings& usual = mechanism.run_settings;
    if (usual.temperature) conditions.set("temperature", *usual.temperature, "TEMP of the mechanism's file");
    InitialState initial(mechanism);
    MusicBoxTables tables;
    const auto is_table = [](const std::string& item) {
      return item.find('=') == std::string::npos && MusicBoxTables::is_one(item);
    };
    if (has_initial() && is_table(initial_))
      tables.add(initial_);
    else if (has_initial())
      initial.add(initial_, units_, conditions);
    for (const std::string& item : conditions_)
      if (is_table(item)) tables.add(item);
    initial.add(tables, conditions);
    initial.hold_given(mechanism);
    for (const std::string& item : conditions_)
      if (!is_table(item)) conditions.add(item, between);
    forcing.apply(mechanism, conditions);
    if (!jfac_from_.empty()) conditions.scale_photolysis_from(jfac_from_, "--jfac-from");
    if (place_.is_given()) conditions.set_place(place_.place(usual.start.value_or(0)));
    conditions.set_clock(3600 * place_.place(usual.start.value_or(0)).hour);
    conditions.check();
    std::string unset;
    for (const std::string& name : conditions.unset_parameters()) unset += (unset.empty() ? "" : ", ") + name;
    if (!unset.empty()) std::fprintf(stderr, "parameters without a value, taken as 0: %s\n", unset.c_str());
    std::vector<double> state = initial.number_densities(conditions.air(0));
    std::vector<BoxEvent> events = initial.events(conditions);
    return {std::move(conditions), std::move(state), std::move(events)};
  }

 private:
  /// "<label>" of NAME=VALUE, and in the first row or column of the files.
  std::vector<std::string> rate_names() const {
    std::vector<std::string> names;
    const auto add = [&](const std::string& name) {
      if (is_rate_name(name)) names.push_back(name);
    };
    for (const std::string& item : conditions_) {
      const std::size_t sign = item.find('=');
      if (sign != std::string::npos) {
        add(item.substr(0, sign));
        continue;
      }
      const std::vector<detail::CsvLine> lines = detail::read_csv_lines(item);
      for (std::size_t i = 0; i < lines.size(); ++i)
        for (std::size_t k = 0; k < (i == 0 ? lines[i].fields.size() : 1); ++k) add(lines[i].fields[k]);
    }
    return names;
  }

  BoxPlaceOptions place_;
  std::string initial_, units_ = "molecules cm-3", jfac_from_;
  std::vector<std::string> conditions_;
};

}  // namespace chemnne
