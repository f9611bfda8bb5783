#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <optional>
#include <span>
#include <vector>

#include <chemnne/chemistry/environment.hpp>
#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/data/range.hpp>
#include <chemnne/data/scenario.hpp>
#include <chemnne/data/window_start.hpp>
#include <chemnne/support/random.hpp>

namespace chemnne {

/// What a scenario has drawn of HostRanges, and the weather of its present day.
struct HostParcel {
  double mixing = 0;                    ///< s-1
  double swing = 0;                     ///< K
  double change = 0;                    ///< K, of the day
  double light = 1;                     ///< photolysis scaling of the day
  std::vector<double> background = {};  ///< of each species of HostRanges::background, in its units
  std::vector<double> emission = {};    ///< of each species of HostRanges::emission, in its units
};

/// Air as a host model carries it: the weather of each hour, and what transport does between two steps.
///
/// Weather at local hour h of a day: T + change + swing sin(2 pi (h - 9) / 24), warmest at 15 h, at constant
/// vapour pressure up to saturation; `change` and the light of the day are drawn every midnight. Before each
/// step but the first, with f = exp(-mixing dt) over the step dt,
///
///     c <- f c + (1 - f) background + emission dt.
class HostAir {
 public:
  /// `ranges` must outlive it. Errors: Error naming a species that is not variable in the mechanism.
  HostAir(const Mechanism& mechanism, const ScenarioRanges& ranges)
      : ranges_(&ranges), background_index_(variable_species(mechanism, ranges.host->background)) {
    for (const EmissionRange& one : host().emission)
      emission_index_.push_back(variable_species(mechanism, one.range.name));
  }

  /// What a scenario is going to meet: the draws of HostRanges. Closed air has no mixing and no emission.
  HostParcel draw(const Conditions& conditions, Random& random) const {
    HostParcel parcel = without_numbers();
    const bool closed = random.uniform() < host().closed_share;
    parcel.swing = host().daily_swing ? host().daily_swing->at(random.uniform()) : 0;
    parcel.light = conditions.photolysis_scaling;
    if (closed) return parcel;
    if (host().mixing) parcel.mixing = host().mixing->at(random.uniform());
    for (std::size_t i = 0; i < parcel.background.size(); ++i)
      parcel.background[i] = host().background[i].at(random.uniform());
    for (std::size_t i = 0; i < parcel.emission.size(); ++i)
      parcel.emission[i] = host().emission[i].range.at(random.uniform());
    return parcel;
  }

  /// One of as many numbers as each has.
  HostParcel without_numbers() const {
    return {.background = std::vector<double>(background_index_.size()),
            .emission = std::vector<double>(emission_index_.size())};
  }

  /// Draws the weather of a day.
  void begin_day(HostParcel& parcel, Random& random) const {
    if (host().daily_change) parcel.change = host().daily_change->at(random.uniform());
    parcel.light = light().at(random.uniform());
  }

  /// The weather of a step that starts `hours` after the scenario and lasts `length` hours.
  Conditions weather(Conditions conditions, const HostParcel& parcel, double hours, double length) const {
    const double mean = conditions.temperature;
    conditions.temperature += parcel.change + parcel.swing * swing_at(conditions, hours, length);
    conditions.relative_humidity =
        std::min(100.0, conditions.relative_humidity * saturation_vapour_pressure(mean) /
                            saturation_vapour_pressure(conditions.temperature));
    conditions.photolysis_scaling = parcel.light;
    return conditions;
  }

  /// The conditions of a scenario whose `weather` in such a step of its first day is `conditions`.
  static Conditions mean_of(Conditions conditions, const HostParcel& parcel, double hours, double length) {
    const double temperature = conditions.temperature;
    conditions.temperature -= parcel.swing * swing_at(conditions, hours, length);
    conditions.relative_humidity *=
        saturation_vapour_pressure(temperature) / saturation_vapour_pressure(conditions.temperature);
    return conditions;
  }

  /// The share f of the air that stays in a step of `length` hours.
  static double kept(const HostParcel& parcel, double length) {
    return std::exp(-parcel.mixing * 3600 * length);
  }

  /// What transport does before a step of `length` hours in `environment`, to a state [molecules cm-3].
  void exchange(const HostParcel& parcel, const Environment& environment, double hour, double length,
                std::span<double> state) const {
    const double air = air_number_density(environment), share = kept(parcel, length);
    for (double& density : state) density *= share;
    for (std::size_t i = 0; i < background_index_.size(); ++i)
      state[background_index_[i]] += (1 - share) * host().background[i].density(parcel.background[i], air);
    for (std::size_t i = 0; i < emission_index_.size(); ++i)
      state[emission_index_[i]] +=
          air * parcel.emission[i] * 3600 * length * course(host().emission[i].course, environment, hour);
  }

  /// Local solar time at the middle of a step, h of its day.
  static double local_hour(const Conditions& conditions, double hours, double length) {
    return std::fmod(conditions.local_hour + hours + length / 2, 24);
  }

  /// The emission of an hour over its largest, or with `light` and `heat` over that at 297 K and, for light,
  /// the sun in the zenith: 0.09 K-1 after Guenther et al., J. Geophys. Res. 100, 8873 (1995), equation 5.
  static double course(EmissionCourse course, const Environment& environment, double hour) {
    const double heat = std::exp(0.09 * (environment.temperature - 297));
    switch (course) {
      case EmissionCourse::traffic:
        return 0.3 + 0.7 * std::max(0.0, std::sin(std::numbers::pi * (hour - 5) / 15));
      case EmissionCourse::light:
        return environment.cosine_zenith * heat;
      case EmissionCourse::heat:
        return heat;
      case EmissionCourse::even:
        break;
    }
    return 1;
  }

 private:
  static double swing_at(const Conditions& conditions, double hours, double length) {
    return std::sin(2 * std::numbers::pi * (local_hour(conditions, hours, length) - 9) / 24);
  }

  const HostRanges& host() const { return *ranges_->host; }

  const Range& light() const {
    return *std::ranges::find_if(ranges_->environment,
                                 [](const Range& one) { return one.name == "photolysis_scaling"; });
  }

  const ScenarioRanges* ranges_;
  std::vector<std::size_t> background_index_, emission_index_;
};

}  // namespace chemnne
