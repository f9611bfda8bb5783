#pragma once
#include <cmath>
#include <cstddef>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include <chemnne/io/weights_file.hpp>

namespace chemnne {

namespace detail {

struct ConditionLaw {
  double lowest = -std::numeric_limits<double>::max(), highest = std::numeric_limits<double>::max();
  bool negative_is_zero = false;

  /// Makes of a value what the network is given. Returns whether it is legal.
  constexpr bool apply(double& value) const noexcept {
    const bool legal = std::isfinite(value) && value >= lowest && value <= highest;
    if (negative_is_zero && value < 0) value = 0;
    return legal;
  }
};

inline constexpr double above_zero = std::numeric_limits<double>::min();
inline constexpr double cosine_rounding = 1e-6;  ///< of a host that computes it in float
inline constexpr std::pair<std::string_view, ConditionLaw> condition_laws[] = {
    {"temperature", {.lowest = above_zero}},
    {"pressure", {.lowest = above_zero}},
    {"air_number_density", {.lowest = above_zero}},
    {"cosine_zenith",
     {.lowest = -1 - cosine_rounding, .highest = 1 + cosine_rounding, .negative_is_zero = true}},
    {"relative_humidity", {.negative_is_zero = true}},
    {"photolysis_scaling", {.negative_is_zero = true}}};

}  // namespace detail

/// Which values of a condition an emulator takes, and what it makes of others.
///
/// | condition                                              | legal               | negative values |
/// |--------------------------------------------------------|---------------------|-----------------|
/// | temperature [K], pressure [Pa], air_number_density     | above 0             | not legal       |
/// | cosine_zenith                                          | -1 to 1             | count as 0      |
/// | relative_humidity [%], photolysis_scaling              | all                 | count as 0      |
/// | any other                                              | all                 | as they are     |
///
/// No condition is legal that is not finite. A negative value counts as 0 as it does in training: the sun
/// below the horizon is night, what advection leaves of no water is none. Where training data hold negative
/// values of such a condition they are taken as they are.
class LegalConditions {
 public:
  LegalConditions() = default;
  explicit LegalConditions(const EmulatorDescription& emulator) {
    for (std::size_t k = 0; k < emulator.conditions.size(); ++k) {
      detail::ConditionLaw law;
      for (const auto& [name, known] : detail::condition_laws)
        if (emulator.conditions[k] == name) law = known;
      if (emulator.condition_range[k].minimum < 0) law.negative_is_zero = false;
      law_.push_back(law);
    }
  }

  /// Makes of one cell's conditions what the network is given. Returns false where one is not legal.
  bool apply(double* conditions) const noexcept {
    bool legal = true;
    for (std::size_t k = 0; k < law_.size(); ++k) legal = law_[k].apply(conditions[k]) && legal;
    return legal;
  }

  const detail::ConditionLaw& law(std::size_t condition) const { return law_[condition]; }

 private:
  std::vector<detail::ConditionLaw> law_;
};

}  // namespace chemnne
