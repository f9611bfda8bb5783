#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chemnne {

/// Where a drift of hourly steps comes from: the bias of single steps by kind of air. Night and day, thirds of
/// the steps by NOx and thirds by temperature make eighteen kinds.
struct RegimeBias {
  /// The steps of one kind of air.
  struct Regime {
    bool day = false;
    std::size_t nox = 0, temperature = 0;  ///< third of the steps, 0 the lowest
    std::size_t steps = 0;
    std::vector<double> bias;  ///< [species], sum p / sum c - 1
  };
  std::vector<std::string> species;
  std::array<double, 2> nox_limit{}, temperature_limit{};  ///< between thirds; molecules cm-3 and K
  std::vector<Regime> regime;                              ///< those that some step is of
};

namespace detail {

/// The values below which a third and two thirds lie.
inline std::array<double, 2> thirds(std::vector<double> values) {
  std::ranges::sort(values);
  return {values[values.size() / 3], values[2 * values.size() / 3]};
}
inline std::size_t third(double value, const std::array<double, 2>& limit) {
  return std::size_t{value >= limit[0]} + std::size_t{value >= limit[1]};
}

/// The place of one of `names` in `all`.
inline std::optional<std::size_t> place_of(const std::vector<std::string>& all,
                                           std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names)
    if (const auto found = std::ranges::find(all, name); found != all.end())
      return static_cast<std::size_t>(found - all.begin());
  return std::nullopt;
}

}  // namespace detail

/// What is known of a step's air and its end. Shapes: before, truth and prediction [step][species], molecules
/// cm-3; conditions [step][condition].
struct SingleSteps {
  std::span<const float> before, conditions, truth, prediction;
};

/// Bias of `steps` by kind of air. NOx is NO + NO2 before the step; it is day where the condition
/// `cosine_zenith` or `actinic_scaling` is above 0. No value where species or conditions do not tell the kind.
inline std::optional<RegimeBias> regime_bias(const std::vector<std::string>& species,
                                             const std::vector<std::string>& conditions,
                                             const SingleSteps& steps) {
  const auto no = detail::place_of(species, {"NO"}), no2 = detail::place_of(species, {"NO2"});
  const auto temperature = detail::place_of(conditions, {"temperature"}),
             sun = detail::place_of(conditions, {"cosine_zenith", "actinic_scaling"});
  if (!no || !no2 || !temperature || !sun || steps.before.empty()) return std::nullopt;

  const std::size_t count = steps.before.size() / species.size();
  std::vector<double> nox(count), kelvin(count);
  for (std::size_t k = 0; k < count; ++k) {
    const auto of_species = steps.before.subspan(k * species.size(), species.size());
    nox[k] = static_cast<double>(of_species[*no]) + static_cast<double>(of_species[*no2]);
    kelvin[k] = static_cast<double>(steps.conditions[k * conditions.size() + *temperature]);
  }
  RegimeBias result{species, detail::thirds(nox), detail::thirds(kelvin), {}};

  constexpr std::size_t kinds = 18;
  std::vector<double> predicted(kinds * species.size()), truth(predicted.size());
  std::array<std::size_t, kinds> members{};
  for (std::size_t k = 0; k < count; ++k) {
    const bool day = steps.conditions[k * conditions.size() + *sun] > 0;
    const std::size_t kind = (std::size_t{day} * 3 + detail::third(nox[k], result.nox_limit)) * 3 +
                             detail::third(kelvin[k], result.temperature_limit);
    ++members[kind];
    for (std::size_t s = 0; s < species.size(); ++s) {
      predicted[kind * species.size() + s] += static_cast<double>(steps.prediction[k * species.size() + s]);
      truth[kind * species.size() + s] += static_cast<double>(steps.truth[k * species.size() + s]);
    }
  }
  for (std::size_t kind = 0; kind < kinds; ++kind) {
    if (members[kind] == 0) continue;
    result.regime.push_back({kind >= 9, kind / 3 % 3, kind % 3, members[kind], {}});
    for (std::size_t s = 0; s < species.size(); ++s)
      result.regime.back().bias.push_back(
          predicted[kind * species.size() + s] / truth[kind * species.size() + s] - 1);
  }
  return result;
}

}  // namespace chemnne
