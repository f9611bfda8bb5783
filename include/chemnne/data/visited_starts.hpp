#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <map>
#include <numbers>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <chemnne/chemistry/environment.hpp>
#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/chemistry/solar_position.hpp>
#include <chemnne/data/environment_model.hpp>
#include <chemnne/data/range.hpp>
#include <chemnne/data/scenario_starts.hpp>
#include <chemnne/data/start_states.hpp>
#include <chemnne/io/air_sample.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/ideal_gas.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne {

/// Air that a host has visited (VisitedAir) as the starts of scenarios: scenario i begins its first window
/// with the state of the i-th largest key and its conditions, as they are.
///
/// Nothing is mixed or jittered: radicals are in balance with the conditions of their own cell, and what an
/// emulator meets in a host is what it is to learn. With more scenarios than states they begin again, then
/// jittered as StartStates are, so that no window comes twice. Species that the states lack form in a
/// spin-up of 10 minutes, after which the others are put back; states that lack none have no spin-up.
///
/// The weather is that of the conditions, by the names that data sets have for them. Water vapour may be a
/// number density, pressure follows from that of air. What is not there is as the ranges have drawn it. The
/// sun of the window's middle has the height that is given, at the latitude and day that are given or drawn,
/// or under the sun where it never stands so; before or after noon by local_hour, or by lot. Of a cosine of 0
/// or less it is any hour of the night.
class VisitedStarts : public ScenarioStarts {
 public:
  static constexpr double spin_up = 600;  ///< s, where species are missing

  /// `first` is the number of the first scenario. Rows that are no air (a value that is not finite, a
  /// number density below 0, conditions that check_environment refuses) are left out. Errors: Error when
  /// none remains, nothing of the mechanism is among the species, or the sample is of another mechanism.
  VisitedStarts(std::vector<AirSample> samples, const Mechanism& mechanism, const ScenarioRanges& ranges,
                std::size_t first, const std::string& where)
      : samples_(std::move(samples)),
        first_(first),
        species_(mechanism.variable_species),
        light_(ranges.photolysis.table ? ranges.photolysis.column : std::string()) {
    std::string bytes;
    for (std::size_t i = 0; i < samples_.size(); ++i) {
      find_species(samples_[i], mechanism, where);
      for (const auto* names : {&samples_[i].species, &samples_[i].conditions})
        for (const std::string& name : *names) bytes += name + ' ';
      for (const auto* values : {&samples_[i].number_density, &samples_[i].condition_value, &samples_[i].key})
        bytes.append(reinterpret_cast<const char*>(values->data()), values->size() * sizeof(double));
      for (std::size_t row = 0; row < samples_[i].rows(); ++row) {
        const Visit visit{samples_[i].key[row], i, row};
        if (is_air(visit))
          visits_.push_back(visit);
        else
          ++left_out_;
      }
    }
    if (visits_.empty()) throw Error(where, "states of air to start from", "none");
    std::stable_sort(visits_.begin(), visits_.end(),
                     [](const Visit& a, const Visit& b) { return a.key > b.key; });
    hash_ = hash_hex(bytes);
  }

  const std::string& hash() const override { return hash_; }
  std::size_t states() const noexcept { return visits_.size(); }

  std::string summary() const override {
    std::string said = std::to_string(states()) + " visited states";
    if (left_out_ > 0) said += ", " + std::to_string(left_out_) + " left out that are no air";
    if (!unknown_.empty())
      said += ", " + std::to_string(unknown_.size()) +
              " species that are no variable ones of the mechanism (" + *unknown_.begin() +
              (unknown_.size() > 1 ? ", ...)" : ")");
    return said;
  }

  void start(ScenarioCourse& course, const std::vector<std::string>& parameters,
             double hours) const override {
    const std::size_t number = course.scenario - first_;
    const Visit& visit = visits_[number % visits_.size()];
    set_state(visit, number >= visits_.size(), course);
    set_weather(visit, course.conditions);
    for (std::size_t k = 0; k < parameters.size(); ++k)
      if (const auto given = value(visit, parameters[k])) course.conditions.parameters[k] = *given;
    const double middle = course.gap / 3600 + hours / 2;
    if (const auto hour = value(visit, "local_hour"))
      course.conditions.local_hour = *hour - course.gap / 3600;
    if (const auto cosine = value(visit, "cosine_zenith"))
      set_sun(visit, *cosine, middle, course.conditions, course.random);
    if (!light_.empty()) set_light(visit, middle, course.conditions);
  }

 private:
  struct Visit {
    double key;
    std::size_t sample, row;
  };

  void find_species(const AirSample& sample, const Mechanism& mechanism, const std::string& where) {
    const std::string own = mechanism.fingerprint();
    if (sample.fingerprint != "unknown" && sample.fingerprint != own)
      throw Error(where + ", mechanism fingerprint", "'" + own + "' (" + mechanism.name + ")",
                  "'" + sample.fingerprint + "' (" + sample.mechanism + ")");
    std::map<std::string, std::size_t> variable;
    for (std::size_t i = 0; i < species_; ++i) variable[mechanism.species[i].name] = i;
    std::vector<std::size_t> places;
    for (const std::string& name : sample.species) {
      const auto found = variable.find(name);
      places.push_back(found == variable.end() ? species_ : found->second);
      if (found == variable.end()) unknown_.insert(name);
    }
    if (std::all_of(places.begin(), places.end(), [&](std::size_t place) { return place == species_; }))
      throw Error(where, "variable species of the mechanism " + mechanism.name, "none");
    place_.push_back(std::move(places));
  }

  bool is_air(const Visit& visit) const {
    const auto finite = [](double one) { return std::isfinite(one); };
    const auto state = samples_[visit.sample].state(visit.row);
    const auto conditions = samples_[visit.sample].condition(visit.row);
    if (!std::all_of(conditions.begin(), conditions.end(), finite) ||
        !std::all_of(state.begin(), state.end(), [&](double one) { return finite(one) && one >= 0; }))
      return false;
    Conditions weather;
    set_weather(visit, weather);
    const auto cosine = value(visit, "cosine_zenith");
    if (cosine && !(*cosine >= -1 && *cosine <= 1)) return false;
    try {
      check_environment(environment_at(weather, 0));
      return true;
    } catch (const Error&) {
      return false;
    }
  }

  std::optional<double> value(const Visit& visit, const std::string& name) const {
    const AirSample& sample = samples_[visit.sample];
    const auto found = std::find(sample.conditions.begin(), sample.conditions.end(), name);
    if (found == sample.conditions.end()) return std::nullopt;
    return sample.condition(visit.row)[static_cast<std::size_t>(found - sample.conditions.begin())];
  }

  void set_state(const Visit& visit, bool again, ScenarioCourse& course) const {
    const auto state = samples_[visit.sample].state(visit.row);
    course.given.assign(species_, std::numeric_limits<double>::quiet_NaN());
    for (std::size_t s = 0; s < state.size(); ++s)
      if (const std::size_t place = place_[visit.sample][s]; place < species_)
        course.given[place] =
            state[s] * (again ? std::pow(10.0, StartStates::jitter * course.random.normal()) : 1);
    course.state = course.given;
    const bool lacks = std::any_of(course.given.begin(), course.given.end(),
                                   [](double density) { return std::isnan(density); });
    course.gap = lacks ? spin_up : 0;
  }

  /// Weather without sun.
  void set_weather(const Visit& visit, Conditions& conditions) const {
    const auto take = [&](const char* name, double& target) {
      const auto given = value(visit, name);
      if (given) target = *given;
      return given.has_value();
    };
    const double unit = 1e6 * boltzmann_constant;  // Pa of a molecule cm-3 at 1 K
    take("temperature", conditions.temperature);
    if (double air = 0; !take("pressure", conditions.pressure) && take("air_number_density", air))
      conditions.pressure = air * unit * conditions.temperature;
    if (double water = 0; !take("relative_humidity", conditions.relative_humidity) &&
                          take("water_vapour_number_density", water))
      conditions.relative_humidity =
          100 * water * unit * conditions.temperature / saturation_vapour_pressure(conditions.temperature);
    // As emulators take what is below 0.
    conditions.relative_humidity = std::max(0.0, conditions.relative_humidity);
    if (light_.empty()) take("photolysis_scaling", conditions.photolysis_scaling);
    conditions.photolysis_scaling = std::max(0.0, conditions.photolysis_scaling);
    take("latitude", conditions.latitude);
    take("day_of_year", conditions.day_of_year);
  }

  /// Hour, and where it must be latitude, of a sun of this height `middle` hours after the start.
  void set_sun(const Visit& visit, double cosine, double middle, Conditions& conditions,
               Random& random) const {
    constexpr double degree = std::numbers::pi / 180;
    const double declination = solar_declination(std::floor(conditions.day_of_year));
    const auto cosine_of_hour = [&] {
      const double latitude = conditions.latitude * degree;
      return (std::max(cosine, 0.0) - std::sin(latitude) * std::sin(declination)) /
             (std::cos(latitude) * std::cos(declination));
    };
    // Under the sun it stands in the zenith at noon and below the horizon at midnight.
    if (!(std::abs(cosine_of_hour()) <= 1)) conditions.latitude = declination / degree;
    double angle = std::acos(std::clamp(cosine_of_hour(), -1.0, 1.0));
    if (cosine <= 0) angle += (std::numbers::pi - angle) * random.uniform();
    const bool morning = value(visit, "local_hour") ? std::fmod(conditions.local_hour + middle + 24, 24) < 12
                                                    : random.uniform() < 0.5;
    conditions.local_hour = 12 + (morning ? -12 : 12) * angle / std::numbers::pi - middle;
    conditions.day_of_year = std::floor(conditions.day_of_year);
    while (conditions.local_hour < 0) {
      conditions.local_hour += 24;
      conditions.day_of_year += conditions.day_of_year > 1 ? -1 : 364;
    }
  }

  /// The factor on clear-sky light, where there is enough of it to tell.
  void set_light(const Visit& visit, double middle, Conditions& conditions) const {
    if (const auto factor = value(visit, "light_factor")) conditions.photolysis_scaling = *factor;
    const auto light = value(visit, light_);
    const double clear = clear_sky_radiation(environment_at(conditions, middle, 0).cosine_zenith);
    if (light && clear > 1) conditions.photolysis_scaling = std::max(0.0, *light) / clear;
  }

  std::vector<AirSample> samples_;
  std::size_t first_, species_;
  std::string light_;                            ///< name of the light where J is by table
  std::vector<std::vector<std::size_t>> place_;  ///< [sample][species], in the mechanism; none: species_
  std::vector<Visit> visits_;                    ///< the largest key first
  std::set<std::string> unknown_;
  std::size_t left_out_ = 0;
  std::string hash_;
};

}  // namespace chemnne
