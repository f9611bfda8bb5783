#pragma once
#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <chemnne/chemistry/atoms_by_balance.hpp>
#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/io/lumped_species.hpp>
#include <chemnne/support/error.hpp>

namespace chemnne {

/// The lumped species that close the budget of an element beside `tracers`: REST_N counts the atoms of N in
/// all variable species that are no tracers, but for those that no reaction consumes, which END_N counts. What
/// will come back stays apart from what will not. One that has no members is left out.
///
/// Atoms are those of atoms_by_balance. Errors: Error when no species of the mechanism has the element.
inline std::vector<LumpedSpecies> closing_lumps(const Mechanism& mechanism,
                                                std::span<const std::string> tracers,
                                                const std::string& element) {
  const auto place = std::ranges::find(mechanism.elements, element);
  if (place == mechanism.elements.end())
    throw Error("element whose budget is to be closed", "one of the mechanism's species",
                "'" + element + "'");
  const std::vector<double> atoms =
      atoms_by_balance(mechanism, static_cast<std::size_t>(place - mechanism.elements.begin()));
  std::vector<char> consumed(mechanism.species.size(), 0);
  for (const Reaction& reaction : mechanism.reactions)
    for (const Term& term : reaction.reactants) consumed[term.species] = 1;
  LumpedSpecies rest{.name = "REST_" + element, .members = {}, .element = element},
      end{.name = "END_" + element, .members = {}, .element = element, .end = true};
  for (std::size_t i = 0; i < mechanism.variable_species; ++i) {
    const std::string& name = mechanism.species[i].name;
    if (atoms[i] > 0 && std::ranges::find(tracers, name) == tracers.end())
      (consumed[i] != 0 ? rest : end).members.emplace_back(name, atoms[i]);
  }
  std::vector<LumpedSpecies> lumps;
  for (LumpedSpecies* const lump : {&rest, &end})
    if (!lump->members.empty()) lumps.push_back(std::move(*lump));
  return lumps;
}

}  // namespace chemnne
