#pragma once
#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace chemnne::detail {

/// What a section of a KPP file lists.
enum class KppSection {
  none,
  skipped,
  atoms,
  variable,
  fixed,
  set_variable,
  set_fixed,
  equations,
  initial_values
};

/// Sections by the upper-case word behind '#'; `none`: a command without an argument. KPP 1 and 2 had a kind
/// of variable species more, the radicals.
inline constexpr std::array<std::pair<std::string_view, KppSection>, 25> kpp_sections{{
    {"ATOMS", KppSection::atoms},
    {"DEFVAR", KppSection::variable},
    {"DEFRAD", KppSection::variable},
    {"DEFFIX", KppSection::fixed},
    {"SETVAR", KppSection::set_variable},
    {"SETRAD", KppSection::set_variable},
    {"SETFIX", KppSection::set_fixed},
    {"EQUATIONS", KppSection::equations},
    {"INITVALUES", KppSection::initial_values},
    {"CHECK", KppSection::skipped},
    {"FAMILIES", KppSection::skipped},
    {"LOOKAT", KppSection::skipped},
    {"LUMP", KppSection::skipped},
    {"MONITOR", KppSection::skipped},
    {"TRANSPORT", KppSection::skipped},
    {"USES", KppSection::skipped},
    {"CHECKALL", KppSection::none},
    {"ENDINLINE", KppSection::none},
    {"LOOKATALL", KppSection::none},
    {"TRANSPORTALL", KppSection::none},
    {"WRFCONFORM", KppSection::none},
    {"WRITE_ATM", KppSection::none},
    {"WRITE_MAT", KppSection::none},
    {"WRITE_OPT", KppSection::none},
    {"WRITE_SPC", KppSection::none},
}};

/// Commands with one argument, which steer what KPP writes.
inline constexpr std::array<std::string_view, 27> kpp_commands{
    "AUTOREDUCE", "DECLARE",      "DOUBLE",     "DRIVER",     "DUMMYINDEX", "EQNTAGS",    "FLUX",
    "FUNCTION",   "GRAPH",        "HESSIAN",    "INITIALIZE", "INTEGRATOR", "INTFILE",    "JACOBIAN",
    "LANGUAGE",   "MEX",          "MINVERSION", "REORDER",    "RUN",        "SPARSEDATA", "STOCHASTIC",
    "STOICMAT",   "UPPERCASEF90", "USE",        "XGRID",      "YGRID",      "ZGRID"};

inline std::optional<KppSection> find_kpp_section(std::string_view upper_case_word) {
  for (const auto& [word, section] : kpp_sections)
    if (word == upper_case_word) return section;
  return std::nullopt;
}

inline bool is_kpp_command(std::string_view upper_case_word) {
  for (const std::string_view word : kpp_commands)
    if (word == upper_case_word) return true;
  return false;
}

}  // namespace chemnne::detail
