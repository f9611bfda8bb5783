#pragma once
#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/support/error.hpp>

namespace chemnne {

/// Whether a name is that of a rate constant: "<label>", the label of its reaction.
inline bool is_rate_name(std::string_view name) {
  return name.size() > 2 && name.front() == '<' && name.back() == '>';
}

/// Makes the rate constants of reactions parameters of the mechanism, each named "<label>": what the file
/// says of them no longer counts, and need not be known.
///
/// `names`: "<label>" each; `where` they stand. A name that is given twice counts once.
/// Errors: Error for a label that no reaction has, or more than one; Error for a rate that nobody knows or
/// gives (Mechanism::unresolved).
inline void prescribe_rates(Mechanism& mechanism, std::span<const std::string> names,
                            const std::string& where) {
  std::multimap<std::string, std::size_t> labelled;
  for (std::size_t r = 0; r < mechanism.reactions.size(); ++r)
    labelled.emplace('<' + mechanism.reactions[r].label + '>', r);
  std::vector<bool> given(mechanism.reactions.size(), false);
  for (const std::string& name : names) {
    const std::size_t reactions = labelled.count(name);
    if (reactions != 1)
      throw Error(where, "the label of one reaction of the mechanism " + mechanism.name,
                  "'" + name + "', which " + (reactions == 0 ? "none" : std::to_string(reactions)) + " have");
    const std::size_t r = labelled.find(name)->second;
    if (given[r]) continue;
    given[r] = true;
    const RateInstruction rate{.operation = RateOperation::parameter, .index = mechanism.parameters.size()};
    mechanism.reactions[r].rate = RateExpression(std::span(&rate, 1));
    mechanism.parameters.push_back({.name = name, .units = "(cm3 molecule-1)^(order-1) s-1"});
  }
  std::erase_if(mechanism.unresolved, [&](const UnresolvedRate& one) { return given[one.reaction]; });
  if (mechanism.unresolved.empty()) return;
  const UnresolvedRate& first = mechanism.unresolved.front();
  const Reaction& reaction = mechanism.reactions[first.reaction];
  throw Error("mechanism " + mechanism.name + ", line " + std::to_string(reaction.line),
              "a rate constant that is known, or given as <" + reaction.label + "> in " + where,
              "'" + first.name + "', the first of " + std::to_string(mechanism.unresolved.size()) +
                  " that are neither");
}

}  // namespace chemnne
