#pragma once
#include <array>
#include <string_view>

namespace chemnne {

/// Another name of a number that rates may use, as a rate expression.
struct RateAlias {
  std::string_view name;  ///< upper case
  std::string_view text;
};

/// Names that models give to the environment, where a file does not set them itself: number densities of air
/// (WRF-Chem's C_M, MECCA's cair, GEOS-Chem's NUMDEN), water, oxygen and nitrogen, and what GEOS-Chem
/// computes once a cell.
inline constexpr std::array<RateAlias, 12> rate_aliases{{
    {"C_M", "M"},
    {"CAIR", "M"},
    {"NUMDEN", "M"},
    {"C_H2O", "H2O"},
    {"C_O2", "O2"},
    {"C_N2", "N2"},
    {"INV_TEMP", "1.0/TEMP"},
    {"SR_TEMP", "SQRT(TEMP)"},
    {"TEMP_OVER_K300", "TEMP/300.0"},
    {"K300_OVER_TEMP", "300.0/TEMP"},
    {"RELHUM", "RH"},
    {"SUNCOS", "COSX"},
}};

/// Globals of a KPP program that have no value here before a host gives one; in s.
inline constexpr std::array<std::string_view, 4> kpp_times{"TIME", "TSTART", "TEND", "DT"};

}  // namespace chemnne
