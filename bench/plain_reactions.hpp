#pragma once
#include <cmath>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <chemnne/chemistry/chemical_system.hpp>
#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/io/json.hpp>

/// A mechanism as plain numbers, for solvers that are not ours.
namespace bench {

using namespace chemnne;

/// k_r times the fixed species among the reactants (O2, H2O, M), so that only variable species remain in the
/// rate law. In the environment of `system`.
inline std::vector<double> folded_rate_constants(const Mechanism& mechanism, const ChemicalSystem& system,
                                                 std::span<const double> state) {
  std::vector<double> constants = system.rate_constants(state);
  for (std::size_t r = 0; r < constants.size(); ++r)
    for (const Term& term : mechanism.reactions[r].reactants)
      if (term.species >= system.size())
        constants[r] *= std::pow(system.fixed()[term.species - system.size()], term.coefficient);
  return constants;
}

/// [["OH", 1], ...], the variable species alone.
inline Json plain_side(const Mechanism& mechanism, const std::vector<Term>& terms) {
  Json::Array result;
  for (const Term& term : terms)
    if (term.species < mechanism.variable_species)
      result.emplace_back(Json::Array{mechanism.species[term.species].name, term.coefficient});
  return result;
}

/// [{"name", "reactants", "products"}, ...]
inline Json plain_reactions(const Mechanism& mechanism) {
  Json::Array result;
  for (const Reaction& reaction : mechanism.reactions) {
    Json one = Json::object();
    one["name"] = reaction.label;
    one["reactants"] = plain_side(mechanism, reaction.reactants);
    one["products"] = plain_side(mechanism, reaction.products);
    result.push_back(std::move(one));
  }
  return result;
}

}  // namespace bench
