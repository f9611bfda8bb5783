#pragma once
#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/chemistry/mechanism_edit.hpp>
#include <chemnne/data/range.hpp>
#include <chemnne/support/error.hpp>

namespace chemnne {

/// The species of a data set, as places in the mechanism: the inputs of the emulator first, then what it
/// predicts besides.
struct SpeciesSelection {
  std::vector<std::size_t> species;
  std::vector<int> task;  ///< 1 for inputs, 2 for the others

  std::size_t size() const { return species.size(); }
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
}  // namespace detail

/// The species that `choice` names, all variable species where it names none; outputs alone are inputs too.
/// Errors: Error naming a species that is not variable in the mechanism, or is listed twice.
inline SpeciesSelection select_species(const Mechanism& mechanism, const SpeciesChoice& choice) {
  SpeciesSelection selection;
  if (choice.inputs.empty() && choice.outputs.empty()) {
    for (std::size_t i = 0; i < mechanism.variable_species; ++i) selection.species.push_back(i);
    selection.task.assign(selection.size(), 1);
    return selection;
  }
  std::set<std::string> inputs;
  const auto add = [&](const std::string& name, int task) {
    selection.species.push_back(mechanism.index_of(name));
    selection.task.push_back(task);
    if (selection.species.back() >= mechanism.variable_species)
      throw Error("species of the data set", "variable species", "'" + name + "', which is fixed");
  };
  const std::vector<std::string> predicted = detail::named_outputs(mechanism, choice);
  const std::vector<std::string>& first = choice.inputs.empty() ? predicted : choice.inputs;
  for (const std::string& name : first) {
    if (!inputs.insert(name).second) throw Error("inputs", "each species once", "'" + name + "' twice");
    add(name, 1);
  }
  std::set<std::string> outputs;
  for (const std::string& name : predicted) {
    if (!outputs.insert(name).second) throw Error("outputs", "each species once", "'" + name + "' twice");
    if (!inputs.count(name)) add(name, 2);
  }
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
