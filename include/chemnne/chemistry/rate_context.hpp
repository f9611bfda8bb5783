#pragma once
#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include <chemnne/chemistry/environment.hpp>
#include <chemnne/chemistry/photolysis.hpp>

namespace chemnne {

/// The numbers that a rate expression may name; number densities in molecules cm-3.
struct RateContext {
  double temperature;            ///< TEMP [K]
  double air;                    ///< M
  double oxygen;                 ///< O2
  double nitrogen;               ///< N2
  double water;                  ///< H2O
  double pressure;               ///< PRESS [Pa]
  double relative_humidity;      ///< RH [%]
  double cosine_zenith;          ///< COSX, negative at night
  double sun;                    ///< SUN = max(COSX, 0); KPP's drivers put the day's course of light here
  double photolysis_scaling;     ///< JFAC; J(n) contains it already
  PhotolysisRates photolysis{};  ///< J(n) [s-1] by n
  double peroxy_radicals = 0;    ///< RO2, the sum over Mechanism::peroxy_radicals
  std::span<const double> parameters = {};  ///< values of Mechanism::parameters
  std::span<const double> fixed = {};       ///< number densities of the fixed species
};

/// With J from the environment's table, or the clear-sky J of a version of the MCM
/// (Mechanism::photolysis) times the scaling. Errors: as `check_environment`.
inline RateContext make_rate_context(const Environment& environment, McmVersion mcm = McmVersion::v3_3_1) {
  check_environment(environment);
  RateContext context{.temperature = environment.temperature,
                      .air = air_number_density(environment),
                      .oxygen = oxygen_number_density(environment),
                      .nitrogen = nitrogen_number_density(environment),
                      .water = water_number_density(environment),
                      .pressure = environment.pressure,
                      .relative_humidity = environment.relative_humidity,
                      .cosine_zenith = environment.cosine_zenith,
                      .sun = std::max(environment.cosine_zenith, 0.0),
                      .photolysis_scaling = environment.photolysis_scaling};
  if (environment.photolysis) {
    context.photolysis =
        environment.photolysis->rates(environment.temperature, environment.photolysis_scaling);
  } else {
    context.photolysis = mcm_photolysis_rates(environment.cosine_zenith, mcm);
    for (double& rate : context.photolysis) rate *= environment.photolysis_scaling;
  }
  return context;
}

/// One of the quantities of RateContext, as a pointer to its member.
using RateVariable = double RateContext::*;

/// A quantity of RateContext under the name that rate expressions have for it.
struct NamedRateVariable {
  std::string_view name;  ///< upper case
  RateVariable variable;
};

/// The quantities of RateContext that rate expressions may name.
inline constexpr std::array<NamedRateVariable, 11> rate_variables{{
    {"TEMP", &RateContext::temperature},
    {"M", &RateContext::air},
    {"O2", &RateContext::oxygen},
    {"N2", &RateContext::nitrogen},
    {"H2O", &RateContext::water},
    {"PRESS", &RateContext::pressure},
    {"RH", &RateContext::relative_humidity},
    {"COSX", &RateContext::cosine_zenith},
    {"SUN", &RateContext::sun},
    {"JFAC", &RateContext::photolysis_scaling},
    {"RO2", &RateContext::peroxy_radicals},
}};

}  // namespace chemnne
