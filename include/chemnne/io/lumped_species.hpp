#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <chemnne/io/json.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/number_text.hpp>

namespace chemnne {

/// A tracer that is a sum over species that are no tracers themselves: z = sum_h w_h c_h, w_h > 0, c_h in
/// molecules cm-3. Sums stay sums when air is carried, mixed and diluted. What a host emits of a member enters
/// with the member's coefficient.
struct LumpedSpecies {
  std::string name;
  std::vector<std::pair<std::string, double>> members;  ///< and their coefficients
  /// Where it is one: the coefficients are the members' atoms of this element, so z counts atoms of it.
  std::string element = {};
  bool end = false;  ///< no reaction consumes its members: it tells nothing of what is to come
};

/// For people: "48 species: C10PAN2, PHAN, ...", "N in 48 species: ...".
inline std::string summary(const LumpedSpecies& lump) {
  constexpr std::size_t shown = 6;
  std::string text = lump.element.empty() ? "" : lump.element + " in ";
  text += std::to_string(lump.members.size()) + " species:";
  for (std::size_t i = 0; i < std::min(shown, lump.members.size()); ++i)
    text += (i > 0 ? ", " : " ") + lump.members[i].first;
  return text + (lump.members.size() > shown ? ", ..." : "");
}

/// {"LUMP1": {"C10PAN2": 1, "PHAN": 0.6}, "END_N": {"element": "N", "end": true, "NA": 1}}
inline Json lumps_to_json(const std::vector<LumpedSpecies>& lumps) {
  Json json = Json::object();
  for (const LumpedSpecies& lump : lumps) {
    Json members = Json::object();
    if (!lump.element.empty()) members["element"] = lump.element;
    if (lump.end) members["end"] = true;
    for (const auto& [name, coefficient] : lump.members) members[name] = coefficient;
    json[lump.name] = std::move(members);
  }
  return json;
}

/// Errors: Error naming lump and member where it is not such an object, of coefficients above 0. A species may
/// be named "element" or "end": its coefficient is a number.
inline std::vector<LumpedSpecies> lumps_from_json(const Json& json) {
  std::vector<LumpedSpecies> lumps;
  for (const auto& [name, members] : json.object_members()) {
    LumpedSpecies lump{.name = name, .members = {}};
    for (const auto& [member, coefficient] : members.object_members()) {
      if (member == "element" && coefficient.is_string()) {
        lump.element = coefficient.string();
        continue;
      }
      if (member == "end" && coefficient.is_boolean()) {
        lump.end = coefficient.boolean();
        continue;
      }
      const double value = coefficient.number();
      if (!(value > 0) || !std::isfinite(value))
        throw Error(name + ", " + member, "a coefficient above 0", number_text(value));
      lump.members.emplace_back(member, value);
    }
    lumps.push_back(std::move(lump));
  }
  return lumps;
}

}  // namespace chemnne
