#pragma once
#include <string>
#include <vector>

#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/support/number_text.hpp>

namespace chemnne::detail {

inline std::string side_text(const Mechanism& mechanism, const std::vector<Term>& terms) {
  std::string text;
  for (const Term& term : terms) {
    const std::string factor = term.coefficient != 1 ? number_text(term.coefficient, 6) + ' ' : "";
    text += (text.empty() ? "" : " + ") + factor + mechanism.species[term.species].name;
  }
  return text;
}

/// "A + 2 B = C : TYPE", of a reaction that its file does not write out.
inline std::string reaction_text(const Mechanism& mechanism, const Reaction& reaction,
                                 const std::string& type) {
  const std::string left = side_text(mechanism, reaction.reactants),
                    right = side_text(mechanism, reaction.products);
  return left + (left.empty() ? "= " : " = ") + right + (right.empty() ? ": " : " : ") + type;
}

}  // namespace chemnne::detail
