#pragma once
#include <algorithm>
#include <cstddef>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <chemnne/chemistry/photolysis.hpp>
#include <chemnne/chemistry/rate_expression.hpp>
#include <chemnne/chemistry/run_settings.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/number_text.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne {

/// So many atoms of an element; `element` indexes `Mechanism::elements`.
struct AtomCount {
  std::size_t element;
  int count;
};

/// How the number density of a fixed species follows the environment: factor * variable.
struct Abundance {
  RateVariable variable;
  double factor = 1;
};

/// That of a fixed species named M, O2, N2 or H2O; none for other names.
inline std::optional<Abundance> abundance_of(std::string_view species_name) {
  if (species_name == "M") return Abundance{&RateContext::air};
  if (species_name == "O2") return Abundance{&RateContext::oxygen};
  if (species_name == "N2") return Abundance{&RateContext::nitrogen};
  if (species_name == "H2O") return Abundance{&RateContext::water};
  return std::nullopt;
}

/// A species of a mechanism: its name, and what the file says of its atoms, mass and density.
struct Species {
  std::string name;
  std::vector<AtomCount> atoms = {};
  bool composition_known = false;  ///< false for KPP's IGNORE, also when some atoms are given beside it
  double molar_mass = std::numeric_limits<double>::quiet_NaN();  ///< g mol-1, where the file gives it
  std::optional<Abundance> abundance = {};  ///< of a fixed species; without: what the file or the host sets
};

/// A number that the host must give before rates can be evaluated: KPP's RES1, MUSICA's PHOTO.jno2, ...
struct Parameter {
  std::string name;
  std::string units = "as in the rate expression";
};

/// A reaction whose rate needs something that nobody has given; its rate constant is not a number.
struct UnresolvedRate {
  std::size_t reaction;
  std::string name;
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

/// Of which version of the MCM the J(n) of a mechanism are, and why.
struct PhotolysisVersion {
  McmVersion version = McmVersion::v3_3_1;
  std::string reason = {};  ///< "MCM v3.2 is stated in line 7"
};

/// Species and reactions, with everything resolved to indices.
struct Mechanism {
  std::string name;
  std::string format = {};            ///< in words, where `parse_mechanism` found it out
  std::vector<std::string> elements;  ///< those that occur in the composition of a species
  std::vector<Species> species;       ///< variable first, then fixed
  std::size_t variable_species = 0;   ///< how many of `species` have a tendency
  std::vector<Reaction> reactions;
  std::map<std::string, double> initial_values;  ///< molecules cm-3, of species that the file names
  std::vector<Parameter> parameters;             ///< in the order of RateContext::parameters
  PhotolysisVersion photolysis = {};
  std::vector<std::size_t> peroxy_radicals;  ///< variable species whose sum is RO2, ascending
  RunSettings run_settings = {};
  std::vector<UnresolvedRate> unresolved;        ///< only with ReadOptions::collect_unresolved
  std::vector<std::string> not_understood = {};  ///< the same of statements: what an Error would have said
  std::vector<std::string> remarks = {};         ///< what the reader passed over or chose, a line each

  /// Errors: Error naming a species that the mechanism does not have.
  std::size_t index_of(std::string_view species_name) const {
    for (std::size_t i = 0; i < species.size(); ++i)
      if (species[i].name == species_name) return i;
    throw Error("mechanism " + name, "one of its " + std::to_string(species.size()) + " species",
                "'" + std::string(species_name) + "'");
  }

  bool uses_photolysis() const {
    return std::any_of(reactions.begin(), reactions.end(),
                       [](const Reaction& one) { return one.rate.uses_photolysis(); });
  }

  /// A hash of species, compositions, stoichiometry, rates and RO2 in order: layout, comments, labels and the
  /// notation of the rates do not matter, initial values neither.
  std::string fingerprint() const {
    std::string text = std::to_string(variable_species) + '\n';
    for (const Species& one : species) text += canonical_text(one) + '\n';
    for (const Reaction& one : reactions)
      text += side(one.reactants) + "= " + side(one.products) + ": " + one.rate.canonical_text() + '\n';
    for (const Parameter& one : parameters) text += one.name + '\n';
    if (photolysis.version != McmVersion::v3_3_1 && uses_photolysis()) text += "photolysis of MCM v3.2\n";
    for (const std::size_t index : peroxy_radicals) text += species[index].name + '\n';
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
    for (const auto& [species_name, coefficient] : sorted)
      text += number_text(coefficient, 17) + ' ' + species_name + ' ';
    return text;
  }
};

}  // namespace chemnne
