#pragma once
#include <cstddef>
#include <cstdio>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <chemnne/chemistry/rate_expression.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne {

/// So many atoms of an element; `element` indexes `Mechanism::elements`.
struct AtomCount {
  std::size_t element;
  int count;
};

struct Species {
  std::string name;
  std::vector<AtomCount> atoms = {};
  bool composition_known = false;  ///< false for KPP's IGNORE, also when some atoms are given beside it
};

/// A species in a reaction; `species` indexes `Mechanism::species`.
struct Term {
  std::size_t species;
  double coefficient;
};

/// reactants -> products with rate k(environment) prod c_i^order_i [molecules cm-3 s-1].
///
/// The net change of species i is (its product coefficients) - (its order). A coefficient of a product may be
/// negative: that species is consumed but is not in the rate law. Every species occurs at most once on each
/// side.
struct Reaction {
  std::string label;            ///< tag in the file, or the reaction's number from 1
  std::vector<Term> reactants;  ///< coefficient = order in the rate law
  std::vector<Term> products;
  RateExpression rate;
  std::string text;         ///< as in the file, blanks collapsed
  std::size_t line = 0;     ///< in the file it was read from
  bool photolysis = false;  ///< `hv` stands among the reactants
};

/// Species and reactions, with everything resolved to indices.
struct Mechanism {
  std::string name;
  std::vector<std::string> elements;  ///< those that occur in the composition of a species
  std::vector<Species> species;       ///< variable first, then fixed
  std::size_t variable_species = 0;   ///< how many of `species` have a tendency
  std::vector<Reaction> reactions;
  std::map<std::string, double> initial_values;  ///< molecules cm-3, of species that the file names

  /// Errors: Error naming a species that the mechanism does not have.
  std::size_t index_of(std::string_view species_name) const {
    for (std::size_t i = 0; i < species.size(); ++i)
      if (species[i].name == species_name) return i;
    throw Error("mechanism " + name, "one of its " + std::to_string(species.size()) + " species",
                "'" + std::string(species_name) + "'");
  }

  /// A hash of species, compositions, stoichiometry and rates in order: layout, comments, labels and the
  /// notation of the rates do not matter, initial values neither.
  std::string fingerprint() const {
    std::string text = std::to_string(variable_species) + '\n';
    for (const Species& one : species) text += canonical_text(one) + '\n';
    for (const Reaction& one : reactions)
      text += side(one.reactants) + "= " + side(one.products) + ": " + one.rate.canonical_text() + '\n';
    return hash_hex(text);
  }

 private:
  std::string canonical_text(const Species& one) const {
    std::map<std::string, int> atoms;
    for (const AtomCount& atom : one.atoms) atoms[elements[atom.element]] += atom.count;
    std::string text = one.name + (one.composition_known ? " =" : " ~");
    for (const auto& [element, count] : atoms) text += " " + std::to_string(count) + " " + element;
    return text;
  }

  std::string side(const std::vector<Term>& terms) const {
    std::map<std::string, double> sorted;
    for (const Term& term : terms) sorted[species[term.species].name] += term.coefficient;
    std::string text;
    for (const auto& [species_name, coefficient] : sorted) {
      char digits[32];
      std::snprintf(digits, sizeof digits, "%.17g ", coefficient);
      text += digits + species_name + ' ';
    }
    return text;
  }
};

}  // namespace chemnne
