#pragma once
#include <string>

#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/data/scenario_ranges.hpp>

namespace test {

/// Five variable species: ozone's photochemical balance with NO and NO2, a loss of HNO3 to particles, and X,
/// which nothing else touches. Parameters: SINK, which a rate uses, and IDLE, which none does.
inline chemnne::Mechanism small_mechanism() {
  return chemnne::parse_kpp(R"(#INCLUDE atoms
#DEFVAR
  NO = N + O; NO2 = N + 2O; O3 = 3O; HNO3 = H + N + 3O; X = IGNORE;
#DEFFIX
  OH = O + H; M = IGNORE;
#INLINE F90_GLOBAL
  REAL(dp) :: SINK, IDLE
#ENDINLINE
#EQUATIONS
<1> NO2 + hv = NO + O3 : J(4) ;
<2> NO + O3 = NO2 : 1.4E-12*EXP(-1310./TEMP) ;
<3> NO2 + OH = HNO3 : 1.1E-11 ;
<sink> HNO3 = NO2 : SINK ;
<5> X = X : 1E-9 ;
#INITVALUES
  OH = 1e6 ;
)",
                            "small.kpp");
}

/// Weather of any air.
inline const std::string environment_ranges_text =
    "[environment]\n"
    "temperature = { minimum = 270, maximum = 300, units = \"K\", scale = \"linear\" }\n"
    "pressure = { minimum = 9e4, maximum = 1e5, units = \"Pa\", scale = \"linear\" }\n"
    "relative_humidity = { minimum = 20, maximum = 80, units = \"%\", scale = \"linear\" }\n"
    "photolysis_scaling = { minimum = 0.5, maximum = 1.2, units = \"1\", scale = \"linear\" }\n"
    "latitude = { minimum = -60, maximum = 60, units = \"degree\", scale = \"linear\" }\n"
    "day_of_year = { minimum = 1, maximum = 366, units = \"day\", scale = \"linear\" }\n";

/// Ranges for it, with more tables behind: SINK is drawn unless `sink` says otherwise.
inline std::string small_ranges_text(const std::string& more = {},
                                     const std::string& sink =
                                         "SINK = { minimum = 1e-4, maximum = 1e-2, units = \"s-1\", scale = "
                                         "\"log\", column = \"uptake\" }\n") {
  return environment_ranges_text +
         "[species]\n"
         "O3 = { minimum = 10, maximum = 60, units = \"ppb\", scale = \"log\" }\n"
         "NO2 = { minimum = 0.1, maximum = 10, units = \"ppb\", scale = \"log\" }\n"
         "[plume]\n"
         "NO = { minimum = 1, maximum = 20, units = \"ppb\", scale = \"log\" }\n"
         "[parameters]\n" +
         sink + more;
}

inline chemnne::ScenarioRanges small_ranges(const std::string& more = {}) {
  return chemnne::parse_scenario_ranges(small_ranges_text(more), "small.toml");
}

inline chemnne::ScenarioRanges small_ranges_with_sink(const std::string& sink) {
  return chemnne::parse_scenario_ranges(small_ranges_text({}, sink), "small.toml");
}

}  // namespace test
