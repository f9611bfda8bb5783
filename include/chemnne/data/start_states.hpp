#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/data/dataset.hpp>
#include <chemnne/data/scenario_course.hpp>
#include <chemnne/data/scenario_starts.hpp>
#include <chemnne/support/error.hpp>

namespace chemnne {

/// States of a data set as the starts of new scenarios, so that a data set that cannot be sampled again
/// (field campaigns, another model's output) can be enlarged by air like its own.
///
/// A start lies between two first frames a and b of the data set, log c = (1 - w) log a + w log b + jitter n,
/// w uniform in [0, 1/2], n standard normal for each species by itself: the correlations between species
/// stay, which ranges would lose. Species that the data set lacks start at zero and form during the spin-up.
/// The weather is that of a.
class StartStates : public ScenarioStarts {
 public:
  static constexpr double jitter = 0.15;  ///< decades
  static constexpr double absent = 1;     ///< molecules cm-3: at or below, a species stays out

  /// Errors: Error when the data set is empty, names a species that is not a variable one of `mechanism`, or
  /// lacks a weather column.
  StartStates(const Dataset& data, const Mechanism& mechanism, const std::string& where)
      : species_(data.species()), windows_(data.cases()), hash_(hash_of(data)) {
    if (windows_ == 0) throw Error(where, "windows to start from", "none");
    for (const std::string& name : data.species_name) {
      place_.push_back(mechanism.index_of(name));
      if (place_.back() >= mechanism.variable_species)
        throw Error(where + ": " + name, "a variable species of the mechanism " + mechanism.name,
                    "a fixed one");
    }
    for (std::size_t window = 0; window < windows_; ++window) {
      const auto row = data.row(window, 0);
      concentration_.insert(concentration_.end(), row.begin(), row.end());
      const auto weather = data.environment(window);
      environment_.insert(environment_.end(), weather.begin(), weather.end());
    }
    column_ = data.environment_name;
    for (const char* name : {"temperature", "pressure", "relative_humidity"}) find(name, where);
  }

  const std::string& hash() const override { return hash_; }

  /// What the data set lacks, parameters too, stays as it is.
  void start(ScenarioCourse& course, const std::vector<std::string>& parameters, double) const override {
    Random& random = course.random;
    Conditions& conditions = course.conditions;
    const std::size_t a = random.index(windows_), b = random.index(windows_);
    const double w = 0.5 * random.uniform();
    for (std::size_t s = 0; s < species_; ++s) {
      const auto first = static_cast<double>(concentration_[a * species_ + s]);
      const auto second = static_cast<double>(concentration_[b * species_ + s]);
      const double factor = std::pow(10.0, jitter * random.normal());
      if (first > 0)
        course.state[place_[s]] = first <= absent || second <= absent
                                      ? first * factor
                                      : std::pow(first, 1 - w) * std::pow(second, w) * factor;
    }
    const double* const weather = &environment_[a * column_.size()];
    const auto take = [&](const std::string& name, double& value) {
      const auto found = std::find(column_.begin(), column_.end(), name);
      if (found != column_.end()) value = weather[found - column_.begin()];
    };
    take("temperature", conditions.temperature);
    take("pressure", conditions.pressure);
    take("relative_humidity", conditions.relative_humidity);
    for (std::size_t k = 0; k < parameters.size(); ++k) take(parameters[k], conditions.parameters[k]);
  }

 private:
  static std::string hash_of(const Dataset& data) {
    return hash_hex({reinterpret_cast<const char*>(data.concentration.data()),
                     data.concentration.size() * sizeof(float)});
  }

  void find(const std::string& name, const std::string& where) const {
    if (std::find(column_.begin(), column_.end(), name) == column_.end())
      throw Error(where, "an environment value '" + name + "'", "none of this name");
  }

  std::size_t species_, windows_;
  std::string hash_;
  std::vector<std::size_t> place_;    ///< [species], in the mechanism
  std::vector<float> concentration_;  ///< [window][species], molecules cm-3
  std::vector<double> environment_;   ///< [window][column]
  std::vector<std::string> column_;
};

}  // namespace chemnne
