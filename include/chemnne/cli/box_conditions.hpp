#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <chemnne/chemistry/chemical_system.hpp>
#include <chemnne/chemistry/concentration_units.hpp>
#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/cli/box_place.hpp>
#include <chemnne/cli/named_courses.hpp>
#include <chemnne/cli/named_values.hpp>
#include <chemnne/data/changing_system.hpp>
#include <chemnne/data/course.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/number_text.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne {

/// The conditions of a box model by name, each a course in time.
///
/// Names: temperature [K], pressure [Pa], relative_humidity [%], cosine_zenith, photolysis_scaling; where
/// they are known better than these give, air_number_density and water_vapour_number_density [molecules
/// cm-3]; J<n> and J_<name> of the MCM [s-1]; and the mechanism's parameters. What is not named is the
/// default of Environment. MusicBox's ENV.temperature and ENV.pressure are understood. Beside them: fixed
/// species that follow courses of their own.
class BoxConditions {
 public:
  explicit BoxConditions(const Mechanism& mechanism)
      : variable_(mechanism.variable_species), photolysis_(mechanism.photolysis.version) {
    for (const Parameter& parameter : mechanism.parameters) {
      parameters_.push_back(parameter.name);
      if (parameter.units != Parameter{}.units) quantities_.insert(parameter.name);
    }
  }

  /// Sets a condition. A parameter that is a concentration may have a unit: mixing ratios are of the air of
  /// the time. Errors: Error naming `where` for a name that is none, and for a rate or a
  /// concentration below 0.
  void set(const std::string& name, Course course, const std::string& where,
           const ConcentrationUnit& unit = concentration_units[0]) {
    const std::string known = known_name(name, where);
    check_values(known, course, where);
    series_.insert_or_assign(known, Series{std::move(course), unit});
  }

  /// "NAME=VALUE", or a CSV file of NAME, VALUE rows or with a column `time` [s] and one column a condition.
  /// Errors: Error with the place.
  void add(const std::string& text, Between between = Between::interpolated) {
    if (text.find('=') == std::string::npos && !has_times(text)) {
      for (const NamedValue& value : read_named_values(text)) set(value);
      return;
    }
    for (const NamedCourse& one : read_courses("--conditions", text, between)) {
      if (!one.units.empty())
        throw Error(one.where + ", " + one.name, "a name alone: the units are fixed", "[" + one.units + "]");
      set(one.name, one.course, one.where);
    }
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

  /// A fixed species, by its place in the mechanism, follows a course.
  void constrain(std::size_t species, Course course, const ConcentrationUnit& unit) {
    constrained_.insert_or_assign(species - variable_, Series{std::move(course), unit});
  }

  /// The sun moves from now on; a given cosine_zenith is no longer asked.
  void set_place(const BoxPlace& place) { place_ = place; }

  /// KPP's TSTART and TIME [s], where rates name them and nobody gives them: `start`, and what has gone on
  /// since.
  void set_clock(double start) {
    constexpr double long_after = 1e10;
    for (const std::string& name : unset_parameters()) {
      if (upper_case(name) == "TSTART") set(name, start, name);
      if (upper_case(name) != "TIME") continue;
      set(name, Course({0, long_after}, {start, start + long_after}, Between::interpolated), name);
      has_clock_ = true;
    }
  }

  /// All photolysis rates that are not given are scaled by the ratio of a given one, J<n>, to that of the
  /// table; by no more than 5: with the sun at the horizon the table falls far below what is measured.
  /// Errors: Error naming `where` when J<n> is not given, or the scaling is given, too.
  void scale_photolysis_from(const std::string& name, const std::string& where) {
    const std::string known = known_name(name, where);
    if (std::find(names.begin(), names.end(), known) != names.end() || is_parameter(known))
      throw Error(where, "a photolysis rate J<n> or J_<name>", "'" + name + "'");
    if (!series_.count(known)) throw Error(where, known + " among the conditions", "none");
    if (series_.count("photolysis_scaling")) throw Error(where, "no photolysis_scaling beside it", "one");
    scaled_from_ = known;
  }

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
  bool is_constant() const { return !place_ && kinks().empty() && jumps().empty(); }

  /// Seconds at which something has a kink or jumps, ascending. A moving sun has none.
  std::vector<double> kinks() const { return collected(&Course::kinks); }
  std::vector<double> jumps() const { return collected(&Course::jumps); }

  /// Errors: Error with the time where the courses of files are no weather (check_environment).
  void check() const {
    for (const auto& times : {kinks(), jumps()})
      for (const double time : times) try {
          check_environment(environment(time));
        } catch (const Error& error) {
          throw Error("conditions at " + number_text(time) + " s: " + error.where(), error.expected(),
                      error.found());
        }
  }

  double air(double time) const {
    return value("air_number_density", time, air_number_density(environment(time)));
  }

  double cosine_zenith(double time) const { return environment(time).cosine_zenith; }

  /// Sets a system to the conditions of a time [s]. Errors: as ChemicalSystem::set_environment.
  void apply(ChemicalSystem& system, double time) const {
    RateContext context = make_rate_context(environment(time), photolysis_);
    const double air_before = context.air;
    context.air = value("air_number_density", time, context.air);
    context.oxygen *= context.air / air_before;
    context.nitrogen *= context.air / air_before;
    context.water = value("water_vapour_number_density", time, context.water);
    scale_photolysis(context, time);
    for (const McmPhotolysis& row : mcm_photolysis_table) {
      double& rate = context.photolysis[static_cast<std::size_t>(row.number)];
      rate = value(photolysis_names()[static_cast<std::size_t>(row.number)], time, rate);
    }
    for (const std::string& name : parameters_) {
      const auto found = series_.find(name);
      system.set_parameter(name, found == series_.end() ? 0 : found->second.at(time, context.air));
    }
    system.set_rate_context(context);
    if (constrained_.empty()) return;
    std::vector<double> fixed(system.fixed().begin(), system.fixed().end());
    for (const auto& [place, series] : constrained_) fixed[place] = series.at(time, context.air);
    system.set_fixed(fixed);
  }

  /// How a system follows them, which must outlive it; none where nothing changes. Under a moving sun, or
  /// where rates follow TIME, no step is longer than half an hour: at night nothing else would tell a solver
  /// that there is a day.
  RateCourse course() const {
    if (is_constant()) return {};
    const auto next_kink = [kinks = kinks(), moves = place_ || has_clock_](double time) {
      constexpr double longest = 1800;
      const auto next = std::upper_bound(kinks.begin(), kinks.end(), time);
      const double kink = next == kinks.end() ? std::numeric_limits<double>::infinity() : *next;
      return moves ? std::min(kink, longest * (std::floor(time / longest) + 1)) : kink;
    };
    return {.apply = [this](ChemicalSystem& system, double time) { apply(system, time); },
            .next_kink = next_kink};
  }

 private:
  /// A course, and the unit of what is a concentration.
  struct Series {
    Course course;
    ConcentrationUnit unit;
    double at(double time, double air) const { return number_density(course.at(time), unit, air); }
  };

  static constexpr std::array<std::string_view, 7> names{
      "temperature",        "pressure",           "relative_humidity",          "cosine_zenith",
      "photolysis_scaling", "air_number_density", "water_vapour_number_density"};

  /// "J<n>" by n.
  static const std::vector<std::string>& photolysis_names() {
    static const std::vector<std::string> all = [] {
      std::vector<std::string> result;
      for (std::size_t n = 0; n < PhotolysisRates{}.size(); ++n) result.push_back("J" + std::to_string(n));
      return result;
    }();
    return all;
  }

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

  /// Weather is checked as a whole; a parameter of an expression may be any number.
  void check_values(const std::string& name, const Course& course, const std::string& where) const {
    const bool is_quantity = is_parameter(name) ? quantities_.count(name) > 0 : name.starts_with('J');
    for (std::size_t i = 0; i < course.values().size(); ++i)
      if (const double value = course.values()[i]; !std::isfinite(value) || (is_quantity && value < 0))
        throw Error(where + ", " + name + (course.is_constant() ? "" : ", row " + std::to_string(i + 1)),
                    is_quantity ? "a number of 0 or more" : "a finite number", number_text(value));
  }

  std::string listed_parameters() const {
    constexpr std::size_t most = 8;
    std::string list = parameters_.empty() ? " (it has none)" : " (";
    for (std::size_t i = 0; i < std::min(most, parameters_.size()); ++i)
      list += (i > 0 ? ", " : "") + parameters_[i];
    if (parameters_.size() > most) list += ", ... " + std::to_string(parameters_.size()) + " in all";
    return parameters_.empty() ? list : list + ")";
  }

  std::vector<double> collected(std::span<const double> (Course::*times)() const) const {
    std::set<double> all;
    for (const auto& [name, series] : series_)
      for (const double time : (series.course.*times)()) all.insert(time);
    for (const auto& [place, series] : constrained_)
      for (const double time : (series.course.*times)()) all.insert(time);
    return {all.begin(), all.end()};
  }

  double value(const std::string& name, double time, double otherwise) const {
    const auto found = series_.find(name);
    return found == series_.end() ? otherwise : found->second.course.at(time);
  }

  Environment environment(double time) const {
    const Environment usual;
    return {.temperature = value("temperature", time, usual.temperature),
            .pressure = value("pressure", time, usual.pressure),
            .relative_humidity = value("relative_humidity", time, usual.relative_humidity),
            .cosine_zenith =
                place_ ? place_->cosine_zenith(time) : value("cosine_zenith", time, usual.cosine_zenith),
            .photolysis_scaling = value("photolysis_scaling", time, usual.photolysis_scaling)};
  }

  void scale_photolysis(RateContext& context, double time) const {
    if (scaled_from_.empty()) return;
    constexpr double most = 5;
    const auto number = static_cast<std::size_t>(
        std::find(photolysis_names().begin(), photolysis_names().end(), scaled_from_) -
        photolysis_names().begin());
    const double of_table = context.photolysis[number], given = value(scaled_from_, time, 0);
    const double ratio = of_table > 0 ? std::min(most, given / of_table) : 0;
    for (double& rate : context.photolysis) rate *= ratio;
    context.photolysis_scaling = ratio;
  }

  std::size_t variable_;
  McmVersion photolysis_;
  std::vector<std::string> parameters_;
  std::set<std::string> quantities_;  ///< parameters that are rates or concentrations
  std::map<std::string, Series> series_;
  std::map<std::size_t, Series> constrained_;  ///< by their place among the fixed species
  std::optional<BoxPlace> place_;
  bool has_clock_ = false;
  std::string scaled_from_;  ///< J<n>; empty: none
};

}  // namespace chemnne
