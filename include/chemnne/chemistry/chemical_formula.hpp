#pragma once
#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <chemnne/chemistry/elements.hpp>

namespace chemnne {

/// The atoms by element of a formula such as CH3COCH2ONO2 or NaCl: symbols of elements, each with a count
/// behind it or without; none for a text that is something else. A small letter belongs to the symbol before
/// it: CO is carbon monoxide, Co cobalt.
inline std::optional<std::map<std::string, int>> atoms_of_formula(std::string_view formula) {
  constexpr int most_atoms = 9999;
  const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  const auto is_small = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  std::map<std::string, int> atoms;
  for (std::size_t at = 0; at < formula.size();) {
    const std::size_t begin = at;
    if (!is_capital(formula[at++])) return std::nullopt;
    while (at < formula.size() && is_small(formula[at])) ++at;
    const std::string symbol(formula.substr(begin, at - begin));
    if (symbol.size() > 2 ||
        std::find(element_symbols.begin(), element_symbols.end(), symbol) == element_symbols.end())
      return std::nullopt;
    int count = 0;
    const std::size_t digits = at;
    for (; at < formula.size() && is_digit(formula[at]); ++at)
      if ((count = 10 * count + (formula[at] - '0')) > most_atoms) return std::nullopt;
    atoms[symbol] += at == digits ? 1 : count;
  }
  if (atoms.empty()) return std::nullopt;
  return atoms;
}

}  // namespace chemnne
