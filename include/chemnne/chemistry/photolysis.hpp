#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string_view>

namespace chemnne {

/// One row of the MCM photolysis table: J = l cos(x)^m exp(-n / cos(x)) [s-1], x the solar zenith angle.
struct McmPhotolysis {
  int number;             ///< MCM's index of the reaction
  std::string_view name;  ///< its name in KPP exports of the MCM, there written J_<name>
  double l;               ///< s-1
  double m;
  double n;
};

/// Versions of the MCM that differ in their photolysis; v3.1 has that of v3.2.
enum class McmVersion { v3_2, v3_3_1 };

/// MCM v3.3.1 clear-sky rates (July, 45 N, 500 m, 350 DU), and J57, which it no longer has, of v3.2.
///
/// Source: Saunders et al., Atmos. Chem. Phys. 3, 161 (2003), section 4.8 and Table 2; values of v3.3.1 as in
/// the MCM web site's own KPP export (subroutine define_constants_mcm), which also gives the names; J61,
/// which has none there, as in the site's list of parameters.
inline constexpr std::array<McmPhotolysis, 36> mcm_photolysis_table{{
    {1, "O3_O1D", 6.073e-5, 1.743, 0.474},
    {2, "O3_O3P", 4.775e-4, 0.298, 0.080},
    {3, "H2O2", 1.041e-5, 0.723, 0.279},
    {4, "NO2", 1.165e-2, 0.244, 0.267},
    {5, "NO3_NO", 2.485e-2, 0.168, 0.108},
    {6, "NO3_NO2", 1.747e-1, 0.155, 0.125},
    {7, "HONO", 2.644e-3, 0.261, 0.288},
    {8, "HNO3", 9.312e-7, 1.230, 0.307},
    {11, "HCHO_H", 4.642e-5, 0.762, 0.353},
    {12, "HCHO_H2", 6.853e-5, 0.477, 0.323},
    {13, "CH3CHO", 7.344e-6, 1.202, 0.417},
    {14, "C2H5CHO", 2.879e-5, 1.067, 0.358},
    {15, "C3H7CHO_HCO", 2.792e-5, 0.805, 0.338},
    {16, "C3H7CHO_C2H4", 1.675e-5, 0.805, 0.338},
    {17, "IPRCHO", 7.914e-5, 0.764, 0.364},
    {18, "MACR_HCO", 1.482e-6, 0.396, 0.298},
    {19, "MACR_H", 1.482e-6, 0.396, 0.298},
    {20, "C5HPALD1", 7.600e-4, 0.396, 0.298},
    {21, "CH3COCH3", 7.992e-7, 1.578, 0.271},
    {22, "MEK", 5.804e-6, 1.092, 0.377},
    {23, "MVK_CO", 2.4246e-6, 0.395, 0.296},
    {24, "MVK_C2H3", 2.424e-6, 0.395, 0.296},
    {31, "GLYOX_H2", 6.845e-5, 0.130, 0.201},
    {32, "GLYOX_HCHO", 1.032e-5, 0.130, 0.201},
    {33, "GLYOX_HCO", 3.802e-5, 0.644, 0.312},
    {34, "MGLYOX", 1.537e-4, 0.170, 0.208},
    {35, "BIACET", 3.326e-4, 0.148, 0.215},
    {41, "CH3OOH", 7.649e-6, 0.682, 0.279},
    {51, "CH3NO3", 1.588e-6, 1.154, 0.318},
    {52, "C2H5NO3", 1.907e-6, 1.244, 0.335},
    {53, "NC3H7NO3", 2.485e-6, 1.196, 0.328},
    {54, "IC3H7NO3", 4.095e-6, 1.111, 0.316},
    {55, "TC4H9NO3", 1.135e-5, 0.974, 0.309},
    {56, "NOA", 4.365e-5, 1.089, 0.323},
    {57, "", 3.363e-6, 1.296, 0.322},
    {61, "", 7.537e-4, 0.499, 0.266},
}};

/// MCM v3.2 clear-sky rates: methacrolein (18, 19), methyl vinyl ketone (23, 24) and nitrooxyacetone (56)
/// differ from v3.3.1; J20, which it did not have, is that of v3.3.1.
///
/// Source: Saunders et al. (2003), Table 2; the same for v3.1 and v3.2 in the lists that AtChem2 keeps
/// (Sommariva et al., Geosci. Model Dev. 13, 169, 2020).
inline constexpr std::array<McmPhotolysis, 36> mcm_v3_2_photolysis_table = [] {
  std::array<McmPhotolysis, 36> table = mcm_photolysis_table;
  for (McmPhotolysis& row : table) {
    if (row.number == 18 || row.number == 19) row.l = 1.140e-5;
    if (row.number == 23 || row.number == 24) row.l = 1.836e-5;
    if (row.number == 56) row = {56, row.name, 7.549e-6, 1.015, 0.324};
  }
  return table;
}();

/// The table of a version.
constexpr const std::array<McmPhotolysis, 36>& mcm_photolysis(McmVersion mcm) {
  return mcm == McmVersion::v3_2 ? mcm_v3_2_photolysis_table : mcm_photolysis_table;
}

/// The row of a number, or nullptr.
constexpr const McmPhotolysis* find_mcm_photolysis(int number) {
  for (const McmPhotolysis& row : mcm_photolysis_table)
    if (row.number == number) return &row;
  return nullptr;
}

/// The row of a name as KPP exports spell it, "J_NO2", or nullptr.
constexpr const McmPhotolysis* find_mcm_photolysis(std::string_view name) {
  if (name.substr(0, 2) != "J_" || name.size() == 2) return nullptr;
  for (const McmPhotolysis& row : mcm_photolysis_table)
    if (row.name == name.substr(2)) return &row;
  return nullptr;
}

namespace detail {

/// J of a row with the sun above the horizon.
template <class Number>
Number photolysis_by_day(const McmPhotolysis& row, const Number& cosine_zenith) {
  using std::exp, std::pow;
  return row.l * pow(cosine_zenith, row.m) * exp(-row.n / cosine_zenith);
}

}  // namespace detail

/// J [s-1] of a row; 0 when the sun is at or below the horizon.
inline double photolysis_rate(const McmPhotolysis& row, double cosine_zenith) {
  if (cosine_zenith <= 0) return 0;
  return detail::photolysis_by_day(row, cosine_zenith);
}

/// J<number> [s-1]; 0 for a number that the table does not have.
inline double mcm_photolysis_rate(int number, double cosine_zenith, McmVersion mcm = McmVersion::v3_3_1) {
  for (const McmPhotolysis& row : mcm_photolysis(mcm))
    if (row.number == number) return photolysis_rate(row, cosine_zenith);
  return 0;
}

/// J [s-1] by MCM number; 71 is the last one that box models give (ARCA).
using PhotolysisRates = std::array<double, 72>;

/// All rates of the MCM's table; 0 where it has no such number.
inline PhotolysisRates mcm_photolysis_rates(double cosine_zenith, McmVersion mcm = McmVersion::v3_3_1) {
  PhotolysisRates rates{};
  for (const McmPhotolysis& row : mcm_photolysis(mcm))
    rates[static_cast<std::size_t>(row.number)] = photolysis_rate(row, cosine_zenith);
  return rates;
}

}  // namespace chemnne
