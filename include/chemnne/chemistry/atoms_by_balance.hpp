#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <map>
#include <optional>
#include <vector>

#include <chemnne/chemistry/mechanism.hpp>

namespace chemnne {

namespace detail {
/// The unknown one of the species of a reaction and how many atoms balance it; none where there is not just
/// one. Unknown is what is not a number in `atoms`.
inline std::optional<Term> missing_atoms(const Reaction& reaction, const std::vector<double>& atoms) {
  std::map<std::size_t, double> net;
  for (const Term& term : reaction.reactants) net[term.species] -= term.coefficient;
  for (const Term& term : reaction.products) net[term.species] += term.coefficient;
  std::optional<Term> missing;
  double created = 0;
  for (const auto& [species, coefficient] : net) {
    if (!std::isnan(atoms[species])) {
      created += coefficient * atoms[species];
    } else {
      if (missing || coefficient == 0) return {};
      missing = Term{species, coefficient};
    }
  }
  if (missing) missing->coefficient = -created / missing->coefficient;
  return missing;
}
}  // namespace detail

/// Atoms of an element in each species: of a known composition what it says, else what balances the reactions.
///
/// A reaction with one unknown species tells its atoms, a whole number that is not negative, or nothing. Most
/// of the reactions of a species decide, between equals the smaller number; what is found helps with the next
/// unknown ones. Species that no reaction tells have none. Shape: [mechanism.species].
inline std::vector<double> atoms_by_balance(const Mechanism& mechanism, std::size_t element) {
  constexpr double unknown = std::numeric_limits<double>::quiet_NaN(), tolerance = 1e-6;
  std::vector<double> atoms;
  for (const Species& species : mechanism.species) {
    atoms.push_back(species.composition_known ? 0 : unknown);
    if (species.composition_known)
      for (const AtomCount& atom : species.atoms)
        if (atom.element == element) atoms.back() += atom.count;
  }
  for (bool more = true; more;) {
    std::map<std::size_t, std::map<long, std::size_t>> votes;
    for (const Reaction& reaction : mechanism.reactions)
      if (const auto found = detail::missing_atoms(reaction, atoms)) {
        const double whole = std::round(found->coefficient);
        if (whole >= 0 && std::abs(found->coefficient - whole) < tolerance)
          ++votes[found->species][static_cast<long>(whole)];
      }
    for (const auto& [species, counts] : votes)
      atoms[species] = static_cast<double>(
          std::ranges::max_element(counts, {}, [](const auto& one) { return one.second; })->first);
    more = !votes.empty();
  }
  for (double& count : atoms)
    if (std::isnan(count)) count = 0;
  return atoms;
}

}  // namespace chemnne
