#pragma once
#include <algorithm>
#include <cstddef>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/chemistry/mechanism_edit.hpp>
#include <chemnne/data/range.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/number_text.hpp>

namespace chemnne {

/// A lumped species, its members as places in the mechanism.
struct LumpedPlaces {
  std::string name;
  std::vector<std::pair<std::size_t, double>> members;  ///< and coefficients
  std::optional<std::size_t> element = {};              ///< of the mechanism, whose atoms it counts
};

/// The columns of a data set: the inputs of the emulator first, species and then lumped ones, and then what it
/// predicts besides.
struct SpeciesSelection {
  std::vector<std::size_t> species;  ///< places in the mechanism
  std::vector<int> task;             ///< of these, 1 for inputs, 2 for the others
  std::vector<LumpedPlaces> lumped = {};

  std::size_t size() const { return species.size() + lumped.size(); }
  /// How many of the species are inputs.
  std::size_t inputs() const { return static_cast<std::size_t>(std::ranges::count(task, 1)); }

  /// Names of the columns.
  std::vector<std::string> names(const Mechanism& mechanism) const {
    return columns<std::string>([&](std::size_t i) { return mechanism.species[i].name; },
                                [](const LumpedPlaces& lump) { return lump.name; });
  }
  /// Number densities of the columns, where those of the mechanism's variable species are `state`.
  std::vector<float> values(std::span<const double> state) const {
    return columns<float>([&](std::size_t i) { return static_cast<float>(state[i]); },
                          [&](const LumpedPlaces& lump) {
                            double sum = 0;
                            for (const auto& [i, coefficient] : lump.members) sum += coefficient * state[i];
                            return static_cast<float>(sum);
                          });
  }
  /// of_species(place) and of_lump(lump), in the order of the columns.
  template <class Value, class OfSpecies, class OfLump>
  std::vector<Value> columns(const OfSpecies& of_species, const OfLump& of_lump) const {
    std::vector<Value> all;
    all.reserve(size());
    const std::size_t first = inputs();
    for (std::size_t i = 0; i < first; ++i) all.push_back(of_species(species[i]));
    for (const LumpedPlaces& lump : lumped) all.push_back(of_lump(lump));
    for (std::size_t i = first; i < species.size(); ++i) all.push_back(of_species(species[i]));
    return all;
  }
};

namespace detail {
/// The outputs that `choice` names; "all" is every variable species that is not named before it.
inline std::vector<std::string> named_outputs(const Mechanism& mechanism, const SpeciesChoice& choice) {
  std::vector<std::string> outputs;
  for (const std::string& name : choice.outputs) {
    if (name != "all") {
      outputs.push_back(name);
      continue;
    }
    std::set<std::string> named(choice.inputs.begin(), choice.inputs.end());
    named.insert(outputs.begin(), outputs.end());
    for (std::size_t i = 0; i < mechanism.variable_species; ++i)
      if (!named.count(mechanism.species[i].name)) outputs.push_back(mechanism.species[i].name);
  }
  return outputs;
}

/// The place of the element whose atoms `lump` counts. Errors: Error naming an element that the mechanism lacks,
/// or a member of known composition that has other atoms of it than its coefficient says.
inline std::size_t counted_element(const Mechanism& mechanism, const LumpedSpecies& lump) {
  const std::string where = "lumped species " + lump.name;
  const auto found = std::ranges::find(mechanism.elements, lump.element);
  if (found == mechanism.elements.end())
    throw Error(where, "an element of the mechanism", "'" + lump.element + "'");
  const auto element = static_cast<std::size_t>(found - mechanism.elements.begin());
  for (const auto& [name, coefficient] : lump.members) {
    const Species& species = mechanism.species[mechanism.index_of(name)];
    double atoms = 0;
    for (const AtomCount& atom : species.atoms)
      if (atom.element == element) atoms += atom.count;
    if (species.composition_known && coefficient != atoms)
      throw Error(where + ", " + name, "as many as its atoms of " + lump.element + ", " + number_text(atoms),
                  number_text(coefficient));
  }
  return element;
}

/// Errors: Error naming a lump whose name is that of a species or of another, or a member that is not variable,
/// or an input itself; see counted_element.
inline std::vector<LumpedPlaces> select_lumps(const Mechanism& mechanism, const SpeciesSelection& selection,
                                              const std::vector<LumpedSpecies>& lumps) {
  std::vector<LumpedPlaces> all;
  std::set<std::string> names;
  for (const Species& species : mechanism.species) names.insert(species.name);
  const auto input = [&](std::size_t place) {
    for (std::size_t i = 0; i < selection.species.size(); ++i)
      if (selection.species[i] == place) return selection.task[i] == 1;
    return false;
  };
  for (const LumpedSpecies& lump : lumps) {
    if (!names.insert(lump.name).second)
      throw Error("lumped species", "names of their own", "'" + lump.name + "', which is there already");
    LumpedPlaces places{.name = lump.name, .members = {}};
    for (const auto& [name, coefficient] : lump.members) {
      const std::size_t place = mechanism.index_of(name);
      if (place >= mechanism.variable_species)
        throw Error("lumped species " + lump.name, "variable species", "'" + name + "', which is fixed");
      if (input(place))
        throw Error("lumped species " + lump.name, "species that are no tracers themselves",
                    "'" + name + "'");
      places.members.emplace_back(place, coefficient);
    }
    if (!lump.element.empty()) places.element = counted_element(mechanism, lump);
    all.push_back(std::move(places));
  }
  return all;
}
}  // namespace detail

/// The species that `choice` names, all variable species where it names none; outputs alone are inputs too.
/// Errors: Error naming a species that is not variable in the mechanism, or is listed twice; a lumped one that
/// has the name of another, or a member that is fixed or an input.
inline SpeciesSelection select_species(const Mechanism& mechanism, const SpeciesChoice& choice) {
  SpeciesSelection selection;
  if (choice.inputs.empty() && choice.outputs.empty()) {
    for (std::size_t i = 0; i < mechanism.variable_species; ++i) selection.species.push_back(i);
    selection.task.assign(selection.species.size(), 1);
    selection.lumped = detail::select_lumps(mechanism, selection, choice.lumped);
    return selection;
  }
  std::set<std::string> inputs, lumps;
  for (const LumpedSpecies& lump : choice.lumped) lumps.insert(lump.name);
  const auto add = [&](const std::string& name, int task) {
    selection.species.push_back(mechanism.index_of(name));
    selection.task.push_back(task);
    if (selection.species.back() >= mechanism.variable_species)
      throw Error("species of the data set", "variable species", "'" + name + "', which is fixed");
  };
  const std::vector<std::string> predicted = detail::named_outputs(mechanism, choice);
  const std::vector<std::string>& first = choice.inputs.empty() ? predicted : choice.inputs;
  for (const std::string& name : first) {
    if (lumps.count(name)) continue;
    if (!inputs.insert(name).second) throw Error("inputs", "each species once", "'" + name + "' twice");
    add(name, 1);
  }
  std::set<std::string> outputs;
  for (const std::string& name : predicted) {
    if (lumps.count(name)) continue;
    if (!outputs.insert(name).second) throw Error("outputs", "each species once", "'" + name + "' twice");
    if (!inputs.count(name)) add(name, 2);
  }
  selection.lumped = detail::select_lumps(mechanism, selection, choice.lumped);
  return selection;
}

/// Makes species variable or fixed as `choice` asks.
/// Errors: Error naming a species that the mechanism does not have.
inline void apply_choice(Mechanism& mechanism, const SpeciesChoice& choice) {
  if (choice.variable == std::vector<std::string>{"all"})
    make_all_variable(mechanism);
  else
    make_variable(mechanism, choice.variable);
  make_fixed(mechanism, choice.fixed);
}

/// The mechanism, whose species must be variable and fixed as `choice` asks. Errors: Error naming a species
/// that is not, or that the mechanism does not have.
inline const Mechanism& require_choice(const Mechanism& mechanism, const SpeciesChoice& choice) {
  Mechanism asked = mechanism;
  apply_choice(asked, choice);
  for (std::size_t i = 0; i < mechanism.species.size(); ++i) {
    const std::string& name = mechanism.species[i].name;
    const bool is = i < mechanism.variable_species, wanted = asked.index_of(name) < asked.variable_species;
    if (is != wanted)
      throw Error("mechanism, species " + name,
                  wanted ? "variable (the ranges' choice)" : "fixed (the ranges' choice)",
                  is ? "variable" : "fixed");
  }
  return mechanism;
}

}  // namespace chemnne
