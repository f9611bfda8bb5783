#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <chemnne/chemistry/chemical_system.hpp>
#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/chemistry/solar_position.hpp>
#include <chemnne/cli/cell_table.hpp>
#include <chemnne/cli/named_values.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/number_text.hpp>

namespace chemnne {

/// Where and when a box stands, for the course of the sun.
struct BoxPlace {
  double latitude = 0;  ///< degrees north
  double day_of_year = 80;
  double local_hour = 12;  ///< local solar time at the start, h
};

/// The conditions of a box model by name, constant or interpolated linearly in time.
///
/// Names: temperature [K], pressure [Pa], relative_humidity [%], cosine_zenith, photolysis_scaling; where
/// they are known better than these give, air_number_density and water_vapour_number_density [molecules
/// cm-3]; J<n> and J_<name> of the MCM [s-1]; and the mechanism's parameters. What is not named is the
/// default of Environment. MusicBox's ENV.temperature and ENV.pressure are understood.
class BoxConditions {
 public:
  explicit BoxConditions(const Mechanism& mechanism) {
    for (const Parameter& parameter : mechanism.parameters) parameters_.push_back(parameter.name);
  }

  /// Sets a condition for all times. Errors: Error naming `where` for a name that is none.
  void set(const std::string& name, double value, const std::string& where) {
    series_[known_name(name, where)] = {value};
  }

  /// "NAME=VALUE", or a CSV file of NAME, VALUE rows or with a column `time` [s] and one column a condition.
  /// Errors: Error with the place.
  void add(const std::string& text) {
    const std::size_t sign = text.find('=');
    if (sign != std::string::npos) {
      const std::string where = "--conditions " + text;
      return set(text.substr(0, sign), parse_number(text.substr(sign + 1), where), where);
    }
    const std::vector<detail::CsvLine> lines = detail::read_csv_lines(text);
    const bool has_times =
        !lines.empty() && std::count(lines[0].fields.begin(), lines[0].fields.end(), "time");
    if (has_times) return add_series(text);
    for (const NamedValue& value : read_named_values(text)) set(value);
  }

  void set(const NamedValue& value) {
    static constexpr std::array<std::string_view, 2> of_surface{".effective radius",
                                                                ".particle number concentration"};
    const bool is_surface = value.name.starts_with("SURF.") && value.values.size() == 2;
    if (is_surface)
      for (std::size_t i = 0; i < 2; ++i)
        set(value.name + std::string(of_surface[i]), value.values[i], value.where);
    else
      set(value.name, value.values.at(0), value.where);
  }

  /// The sun moves from now on; a given cosine_zenith is no longer asked.
  void set_place(const BoxPlace& place) { place_ = place; }

  bool is_parameter(const std::string& name) const {
    return std::find(parameters_.begin(), parameters_.end(), name) != parameters_.end();
  }

  /// Parameters of the mechanism that have no value; `apply` takes 0 for them, as MUSICA does.
  std::vector<std::string> unset_parameters() const {
    std::vector<std::string> unset;
    for (const std::string& name : parameters_)
      if (!series_.count(name)) unset.push_back(name);
    return unset;
  }

  /// True when nothing changes in time.
  bool is_constant() const { return !place_ && times_.empty(); }

  /// Seconds at which given conditions have a kink, ascending.
  const std::vector<double>& times() const { return times_; }

  double air(double time) const {
    return value("air_number_density", time, air_number_density(environment(time)));
  }

  double cosine_zenith(double time) const { return environment(time).cosine_zenith; }

  /// Sets a system to the conditions of a time [s]. Errors: as ChemicalSystem::set_environment.
  void apply(ChemicalSystem& system, double time) const {
    for (const std::string& name : parameters_) system.set_parameter(name, value(name, time, 0));
    RateContext context = make_rate_context(environment(time));
    const double air_before = context.air;
    context.air = value("air_number_density", time, context.air);
    context.oxygen *= context.air / air_before;
    context.nitrogen *= context.air / air_before;
    context.water = value("water_vapour_number_density", time, context.water);
    for (const McmPhotolysis& row : mcm_photolysis_table) {
      double& rate = context.photolysis[static_cast<std::size_t>(row.number)];
      rate = value("J" + std::to_string(row.number), time, rate);
    }
    system.set_rate_context(context);
  }

 private:
  static constexpr std::array<std::string_view, 7> names{
      "temperature",        "pressure",           "relative_humidity",          "cosine_zenith",
      "photolysis_scaling", "air_number_density", "water_vapour_number_density"};

  std::string known_name(const std::string& given, const std::string& where) const {
    if (given == "ENV.temperature") return "temperature";
    if (given == "ENV.pressure") return "pressure";
    if (std::find(names.begin(), names.end(), given) != names.end()) return given;
    if (is_parameter(given)) return given;
    if (const McmPhotolysis* const row = find_mcm_photolysis(given)) return "J" + std::to_string(row->number);
    for (const McmPhotolysis& row : mcm_photolysis_table)
      if (given == "J" + std::to_string(row.number)) return given;
    std::string known;
    for (const std::string_view name : names) known += std::string(name) + ", ";
    throw Error(where,
                "one of " + known + "J<n>, J_<name> or a parameter of the mechanism" + listed_parameters(),
                "'" + given + "'");
  }

  std::string listed_parameters() const {
    constexpr std::size_t most = 8;
    std::string list = parameters_.empty() ? " (it has none)" : " (";
    for (std::size_t i = 0; i < std::min(most, parameters_.size()); ++i)
      list += (i > 0 ? ", " : "") + parameters_[i];
    if (parameters_.size() > most) list += ", ... " + std::to_string(parameters_.size()) + " in all";
    return parameters_.empty() ? list : list + ")";
  }

  void add_series(const std::string& path) {
    const CellTable table = read_cells_csv(path);
    if (!times_.empty()) throw Error(path, "one file with a column 'time'", "a second");
    times_ = table.at("time", path);
    for (std::size_t i = 1; i < times_.size(); ++i)
      if (!(times_[i] > times_[i - 1])) throw Error(path + ", column time", "ascending times", "others");
    for (std::size_t i = 0; i < table.name.size(); ++i)
      if (table.name[i] != "time") series_[known_name(table.name[i], path)] = table.column[i];
  }

  double value(const std::string& name, double time, double otherwise) const {
    const auto found = series_.find(name);
    if (found == series_.end()) return otherwise;
    const std::vector<double>& series = found->second;
    if (series.size() == 1 || time <= times_.front()) return series.front();
    if (time >= times_.back()) return series.back();
    const auto next =
        static_cast<std::size_t>(std::upper_bound(times_.begin(), times_.end(), time) - times_.begin());
    const double part = (time - times_[next - 1]) / (times_[next] - times_[next - 1]);
    return series[next - 1] + part * (series[next] - series[next - 1]);
  }

  Environment environment(double time) const {
    const Environment usual;
    Environment now{.temperature = value("temperature", time, usual.temperature),
                    .pressure = value("pressure", time, usual.pressure),
                    .relative_humidity = value("relative_humidity", time, usual.relative_humidity),
                    .cosine_zenith = value("cosine_zenith", time, usual.cosine_zenith),
                    .photolysis_scaling = value("photolysis_scaling", time, usual.photolysis_scaling)};
    if (place_) {
      const double hour = place_->local_hour + time / 3600;
      now.cosine_zenith =
          cosine_solar_zenith(place_->latitude, place_->day_of_year + std::floor(hour / 24), hour);
    }
    return now;
  }

  std::vector<std::string> parameters_;
  std::vector<double> times_;
  std::map<std::string, std::vector<double>> series_;
  std::optional<BoxPlace> place_;
};

}  // namespace chemnne
