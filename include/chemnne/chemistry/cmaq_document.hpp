#pragma once
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <chemnne/chemistry/source_text.hpp>

namespace chemnne::detail {

struct CmaqTerm {
  SourceSpan name;
  double coefficient = 1;
};

struct CmaqReaction {
  std::string label;  ///< without blanks; empty without one
  std::vector<CmaqTerm> left;
  std::vector<CmaqTerm> right;
  SourceSpan rate;   ///< from '#' or '%' to before ';'
  SourceSpan whole;  ///< from the first term to the end of the rate
};

/// coefficient prod_i K<rates_i> prod_j C<species_j> prod_l operator_l, a term of an operator in SPECIAL.
struct CmaqOperatorTerm {
  double coefficient = 1;
  std::vector<SourceSpan> rates;  ///< labels of reactions
  std::vector<SourceSpan> species;
  std::vector<SourceSpan> operators;  ///< by name
};

struct CmaqFunction {
  SourceSpan name;
  SourceSpan text;
};

/// What a mechanism file of CMAQ says, before any name is looked up; spans point into a text that outlives
/// it.
struct CmaqDocument {
  std::string name;             ///< empty: the file gives none
  bool in_ppm_minutes = false;  ///< REACTIONS[PP]; else molecules cm-3 and s
  std::vector<CmaqReaction> reactions;
  std::map<std::string, std::vector<CmaqOperatorTerm>, std::less<>> operators;
  std::set<std::string, std::less<>> eliminated;  ///< products that count for nothing
  std::vector<CmaqFunction> functions;            ///< in the order of the file
  /// Mixing ratios of what is constant [ppm]: the block CONSTANTS, or what CMAQ's files agree on.
  std::map<std::string, double, std::less<>> constants{
      {"ATM_AIR", 1e6}, {"ATM_H2", 0.56}, {"ATM_N2", 0.7808e6}, {"ATM_O2", 0.2095e6}, {"ATM_CH4", 1.85}};
};

/// A label without the blanks that may stand in it: `< C1>` is C1.
inline std::string without_blanks(std::string_view text) {
  std::string result;
  for (const char c : text)
    if (c > ' ') result += c;
  return result;
}

}  // namespace chemnne::detail
