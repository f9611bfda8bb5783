#pragma once
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne {

/// Atoms of an element that a reaction creates (positive) or loses, per turnover.
struct Imbalance {
  std::size_t reaction;
  std::size_t element;
  double atoms;
};

/// Which reactions do not conserve which element.
struct Balance {
  std::vector<std::size_t> elements = {};         ///< that were looked at, indices of Mechanism::elements
  std::vector<Imbalance> imbalances = {};         ///< of reactions whose species all have a known composition
  std::vector<std::size_t> unknown_species = {};  ///< composition unknown (IGNORE)
  std::vector<std::size_t> unknown_reactions = {};  ///< contain such a species: cannot be judged
  std::size_t balanced_reactions = 0;               ///< judged, and no element lost or created
};

/// Atoms of each element in each species, flat [species][elements].
inline std::vector<double> composition_matrix(const Mechanism& mechanism) {
  std::vector<double> matrix(mechanism.species.size() * mechanism.elements.size(), 0.0);
  for (std::size_t i = 0; i < mechanism.species.size(); ++i)
    for (const AtomCount& atom : mechanism.species[i].atoms)
      matrix[i * mechanism.elements.size() + atom.element] += atom.count;
  return matrix;
}

/// All but H and O, which published mechanisms rarely close (H2O and O2 are left out of the equations), and
/// charge.
inline std::vector<std::size_t> conserved_elements(const Mechanism& mechanism) {
  std::vector<std::size_t> indices;
  for (std::size_t i = 0; i < mechanism.elements.size(); ++i) {
    const std::string element = upper_case(mechanism.elements[i]);
    if (element != "H" && element != "O" && element != "PLS" && element != "MIN") indices.push_back(i);
  }
  return indices;
}

/// sum_i nu_i atoms_ie: atoms of an element that a reaction creates, fixed species included.
inline double atoms_created(const Mechanism& mechanism, const Reaction& reaction, std::size_t element) {
  double atoms = 0;
  const auto add = [&](const Term& term, double sign) {
    for (const AtomCount& atom : mechanism.species[term.species].atoms)
      if (atom.element == element) atoms += sign * term.coefficient * atom.count;
  };
  for (const Term& term : reaction.reactants) add(term, -1);
  for (const Term& term : reaction.products) add(term, 1);
  return atoms;
}

/// True when every species of the reaction has a known composition.
inline bool is_composition_known(const Mechanism& mechanism, const Reaction& reaction) {
  for (const std::vector<Term>* side : {&reaction.reactants, &reaction.products})
    for (const Term& term : *side)
      if (!mechanism.species[term.species].composition_known) return false;
  return true;
}

/// Checks every reaction in the given elements. Coefficients of mechanisms have few digits: below 1e-6 atoms
/// is balanced.
inline Balance check_balance(const Mechanism& mechanism, std::vector<std::size_t> elements) {
  constexpr double tolerance = 1e-6;
  Balance balance{.elements = std::move(elements)};
  for (std::size_t i = 0; i < mechanism.species.size(); ++i)
    if (!mechanism.species[i].composition_known) balance.unknown_species.push_back(i);
  for (std::size_t r = 0; r < mechanism.reactions.size(); ++r) {
    const Reaction& reaction = mechanism.reactions[r];
    if (!is_composition_known(mechanism, reaction)) {
      balance.unknown_reactions.push_back(r);
      continue;
    }
    const std::size_t before = balance.imbalances.size();
    for (const std::size_t element : balance.elements) {
      const double atoms = atoms_created(mechanism, reaction, element);
      if (std::abs(atoms) > tolerance) balance.imbalances.push_back({r, element, atoms});
    }
    if (balance.imbalances.size() == before) ++balance.balanced_reactions;
  }
  return balance;
}

/// The same in `conserved_elements`: carbon, nitrogen, sulphur, halogens, ...
inline Balance check_balance(const Mechanism& mechanism) {
  return check_balance(mechanism, conserved_elements(mechanism));
}

}  // namespace chemnne
