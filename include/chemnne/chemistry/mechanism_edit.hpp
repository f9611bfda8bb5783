#pragma once
#include <algorithm>
#include <cstddef>
#include <iterator>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/support/error.hpp>

namespace chemnne {

namespace detail {

/// Rates that follow fixed species find them where `place` puts them.
inline void follow_fixed_species(Mechanism& mechanism, std::span<const std::size_t> place,
                                 std::size_t variable) {
  for (Reaction& reaction : mechanism.reactions) {
    if (!reaction.rate.uses(RateOperation::fixed)) continue;
    std::vector<RateInstruction> program(reaction.rate.program().begin(), reaction.rate.program().end());
    for (RateInstruction& instruction : program) {
      if (instruction.operation != RateOperation::fixed) continue;
      const std::size_t species = mechanism.variable_species + instruction.index;
      if (place[species] < variable)
        throw Error("reaction <" + reaction.label + ">",
                    "a fixed species where its rate constant follows one",
                    "'" + mechanism.species[species].name + "', which is to vary");
      instruction.index = place[species] - variable;
    }
    reaction.rate = RateExpression(program);
  }
}

}  // namespace detail

/// Puts the species into another order: place k of the new order is taken by species `order[k]`; the first
/// `variable` of them have tendencies. Errors: Error where a rate constant follows a species that was fixed
/// and is to vary.
inline void reorder_species(Mechanism& mechanism, std::span<const std::size_t> order, std::size_t variable) {
  std::vector<std::size_t> place(order.size());
  for (std::size_t k = 0; k < order.size(); ++k) place[order[k]] = k;
  detail::follow_fixed_species(mechanism, place, variable);
  std::vector<Species> species;
  for (const std::size_t i : order) species.push_back(std::move(mechanism.species[i]));
  mechanism.species = std::move(species);
  mechanism.variable_species = variable;
  for (Reaction& reaction : mechanism.reactions)
    for (std::vector<Term>* const side : {&reaction.reactants, &reaction.products})
      for (Term& term : *side) term.species = place[term.species];
  for (std::size_t& index : mechanism.peroxy_radicals) index = place[index];
  std::sort(mechanism.peroxy_radicals.begin(), mechanism.peroxy_radicals.end());
}

/// Gives fixed species a tendency, as box models do with what a host model would prescribe; they follow the
/// variable ones, in the order of the file. Those that are variable already stay.
/// Errors: Error naming a species that the mechanism does not have.
inline void make_variable(Mechanism& mechanism, std::span<const std::string> names) {
  std::vector<bool> wanted(mechanism.species.size(), false);
  for (const std::string& name : names) wanted[mechanism.index_of(name)] = true;
  std::vector<std::size_t> order(mechanism.species.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const auto end = std::stable_partition(
      order.begin(), order.end(), [&](std::size_t i) { return i < mechanism.variable_species || wanted[i]; });
  for (auto i = order.begin(); i != end; ++i) mechanism.species[*i].abundance.reset();
  reorder_species(mechanism, order, static_cast<std::size_t>(end - order.begin()));
}

/// Every fixed species.
inline void make_all_variable(Mechanism& mechanism) {
  std::vector<std::string> names;
  for (std::size_t i = mechanism.variable_species; i < mechanism.species.size(); ++i)
    names.push_back(mechanism.species[i].name);
  make_variable(mechanism, names);
}

/// Holds variable species fixed, so that their number densities are the host's; the inverse of make_variable.
/// Errors: Error naming a species that the mechanism does not have, or that is in the sum RO2, which is one
/// over variable species.
inline void make_fixed(Mechanism& mechanism, std::span<const std::string> names) {
  std::vector<bool> wanted(mechanism.species.size(), false);
  for (const std::string& name : names) wanted[mechanism.index_of(name)] = true;
  for (const std::size_t index : mechanism.peroxy_radicals)
    if (wanted[index])
      throw Error("species to be held fixed", "none of the sum RO2",
                  "'" + mechanism.species[index].name + "'");
  std::vector<std::size_t> order(mechanism.species.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const auto end = std::stable_partition(order.begin(), order.end(), [&](std::size_t i) {
    return i < mechanism.variable_species && !wanted[i];
  });
  for (auto i = end; i != order.end(); ++i)
    if (wanted[*i]) mechanism.species[*i].abundance = abundance_of(mechanism.species[*i].name);
  reorder_species(mechanism, order, static_cast<std::size_t>(end - order.begin()));
}

/// Gives variable species the tendency 0: reactions make up what they take of them. They stay where they are
/// in the state, in rates and in the sum RO2.
inline void hold_species(Mechanism& mechanism, std::span<const std::size_t> held) {
  const auto is_held = [&](const Term& term) {
    return std::find(held.begin(), held.end(), term.species) != held.end();
  };
  for (Reaction& reaction : mechanism.reactions) {
    std::erase_if(reaction.products, is_held);
    std::copy_if(reaction.reactants.begin(), reaction.reactants.end(), std::back_inserter(reaction.products),
                 is_held);
  }
}

/// A parameter of its own for the mechanism; its place. Errors: Error when there is one of this name.
inline std::size_t add_parameter(Mechanism& mechanism, const Parameter& parameter) {
  for (const Parameter& one : mechanism.parameters)
    if (one.name == parameter.name)
      throw Error("mechanism " + mechanism.name, "no parameter '" + parameter.name + "' of its own", "one");
  mechanism.parameters.push_back(parameter);
  return mechanism.parameters.size() - 1;
}

namespace detail {

/// A reaction whose rate constant is the product of parameters.
inline void add_reaction(Mechanism& mechanism, const std::string& label, std::vector<Term> reactants,
                         std::vector<Term> products, std::span<const std::size_t> parameters) {
  std::vector<RateInstruction> rate;
  for (const std::size_t parameter : parameters) {
    rate.push_back({.operation = RateOperation::parameter, .index = parameter});
    if (rate.size() > 1) rate.push_back({.operation = RateOperation::multiply});
  }
  mechanism.reactions.push_back({.label = label,
                                 .reactants = std::move(reactants),
                                 .products = std::move(products),
                                 .rate = RateExpression(rate),
                                 .text = {}});
}

}  // namespace detail

/// Dilutes variable species with air that has none of them: dc/dt = ... - d c, with d [s-1] a parameter of
/// its own, "dilution", the last; its place.
inline std::size_t add_dilution(Mechanism& mechanism, std::span<const std::size_t> diluted) {
  const std::size_t rate = add_parameter(mechanism, {.name = "dilution", .units = "s-1"});
  for (const std::size_t species : diluted)
    detail::add_reaction(mechanism, "dilution of " + mechanism.species[species].name, {{species, 1}}, {},
                         {{rate}});
  return rate;
}

/// The air that dilutes has so much of a species: dc/dt = ... + d b, with b [molecules cm-3] a parameter of
/// its own, "background of <species>", and d that at place `dilution`.
inline void add_background(Mechanism& mechanism, std::size_t species, std::size_t dilution) {
  const std::string name = "background of " + mechanism.species[species].name;
  const std::size_t background = add_parameter(mechanism, {.name = name, .units = "molecules cm-3"});
  detail::add_reaction(mechanism, name, {}, {{species, 1}}, {{dilution, background}});
}

/// dc/dt = ... + e, with e [molecules cm-3 s-1] a parameter of its own, "emission of <species>".
inline void add_emission(Mechanism& mechanism, std::size_t species) {
  const std::string name = "emission of " + mechanism.species[species].name;
  const std::size_t rate = add_parameter(mechanism, {.name = name, .units = "molecules cm-3 s-1"});
  detail::add_reaction(mechanism, name, {}, {{species, 1}}, {{rate}});
}

/// dc/dt = ... - v c, with v [s-1] a parameter of its own, "deposition of <species>".
inline void add_deposition(Mechanism& mechanism, std::size_t species) {
  const std::string name = "deposition of " + mechanism.species[species].name;
  const std::size_t rate = add_parameter(mechanism, {.name = name, .units = "s-1"});
  detail::add_reaction(mechanism, name, {{species, 1}}, {}, {{rate}});
}

}  // namespace chemnne
