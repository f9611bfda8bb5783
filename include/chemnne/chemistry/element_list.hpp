#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <chemnne/chemistry/elements.hpp>
#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/chemistry/source_cursor.hpp>
#include <chemnne/chemistry/source_text.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne {

/// What an element list says of a species.
struct ListedSpecies {
  double molar_mass = 0;     ///< g mol-1, 0: unknown
  std::vector<int> atoms{};  ///< of each element of the list; all 0: unknown
  bool is_radical = false;   ///< peroxy radical
  std::size_t line = 0;      ///< in the file
};

/// Compositions of species by name, as ARCA's Elements.txt gives them for mechanisms whose species are
/// IGNORE.
struct ElementList {
  std::vector<std::string> elements;  ///< in the order of the columns
  std::map<std::string, ListedSpecies, std::less<>> species;
};

namespace detail {

/// Reads lines of `name mass C H O N ... is_Radical`.
class ElementListReader {
 public:
  explicit ElementListReader(const SourceText& source) : source_(source) {}

  ElementList read() {
    const std::string_view text = source_.text();
    bool columns_known = false;
    SourceSpan comment{&source_, 0, 0};
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = std::min(text.find('\n', begin), text.size());
      SourceCursor cursor(SourceSpan{&source_, begin, end});
      if (cursor.take('#')) {
        comment = {&source_, cursor.offset(), end};
      } else if (!cursor.at_end()) {
        if (!std::exchange(columns_known, true)) set_columns(comment);
        add(cursor);
      }
      begin = end + 1;
    }
    if (list_.species.empty()) throw Error(source_.name(), "a list of species and their atoms", "none");
    return std::move(list_);
  }

 private:
  static constexpr double most_atoms = 10000;

  /// From the last comment before the data, `name mass C H O N S Cl Br I is_Radical`; that order without one.
  void set_columns(const SourceSpan& comment) {
    SourceCursor cursor(comment);
    if (upper_case(cursor.take_word()) != "NAME" || upper_case(cursor.take_word()) != "MASS") {
      list_.elements = {"C", "H", "O", "N", "S", "Cl", "Br", "I"};
      return;
    }
    for (; !cursor.at_end();) {
      const std::string where = cursor.where();
      const std::string word(cursor.take_word());
      if (upper_case(word) == "IS_RADICAL" && cursor.at_end()) return;
      if (std::find(element_symbols.begin(), element_symbols.end(), word) == element_symbols.end())
        throw Error(where, "the symbol of an element, and is_Radical at the end of the columns",
                    "'" + word + "'");
      if (std::find(list_.elements.begin(), list_.elements.end(), word) != list_.elements.end())
        throw Error(where, "every element in one column", "'" + word + "'");
      list_.elements.push_back(word);
    }
    cursor.fail("is_Radical as the last column");
  }

  void add(SourceCursor& cursor) {
    cursor.peek();
    ListedSpecies species{.line = source_.line(cursor.offset())};
    const std::string where = cursor.where();
    const std::string name(cursor.take_word());
    cursor.set_context(", species " + name);
    species.molar_mass = take_number(cursor, "its molar mass in g mol-1");
    for (const std::string& element : list_.elements) {
      cursor.peek();
      const std::size_t begin = cursor.offset();
      const double count = take_number(cursor, "its number of " + element + " atoms");
      if (count > most_atoms || count != std::floor(count)) {
        cursor.move_to(begin);
        cursor.fail("a whole number of " + element + " atoms up to 10000");
      }
      species.atoms.push_back(static_cast<int>(count));
    }
    species.is_radical = take_number(cursor, "1 for a radical or 0") != 0;
    if (!cursor.at_end()) cursor.fail("the end of the line after is_Radical");
    const auto [known, is_new] = list_.species.emplace(name, species);
    if (!is_new && !is_same(known->second, species))
      throw Error(where, "the same as for " + name + " in line " + std::to_string(known->second.line),
                  "other numbers");
  }

  static double take_number(SourceCursor& cursor, const std::string& what) {
    const auto number = cursor.take_number();
    if (!number) cursor.fail(what);
    return *number;
  }

  static bool is_same(const ListedSpecies& a, const ListedSpecies& b) {
    return a.atoms == b.atoms && a.molar_mass == b.molar_mass && a.is_radical == b.is_radical;
  }

  const SourceText& source_;
  ElementList list_;
};

}  // namespace detail

/// An element list from text; `name` stands in messages.
///
/// Lines: name, molar mass (g mol-1), atoms of each element, 1 for peroxy radicals; '#' begins a comment, and
/// the last one before the data names the columns. A species may stand twice with the same numbers. Errors:
/// Error with line, column, species, what was expected and found. Source: files of ARCA box (Clusius et al.,
/// Geosci. Model Dev. 15, 7257, 2022).
inline ElementList parse_element_list(std::string text, const std::string& name) {
  const SourceText source(name, std::move(text));
  return detail::ElementListReader(source).read();
}

/// The same from a file. Errors: also Error when the file cannot be read.
inline ElementList read_element_list(const std::string& path) {
  return parse_element_list(read_text_file(path), path);
}

/// What an element list did for a mechanism.
struct AppliedElements {
  std::size_t found = 0;    ///< species of the mechanism that the list names
  std::size_t unknown = 0;  ///< species whose composition is still unknown
};

/// Gives species of unknown composition the atoms of the list, and the molar mass where the mechanism has
/// none; elements that are new to the mechanism are added to its list. A known composition stays.
inline AppliedElements apply_elements(Mechanism& mechanism, const ElementList& list) {
  AppliedElements applied;
  const auto element = [&](const std::string& symbol) {
    const auto found = std::find(mechanism.elements.begin(), mechanism.elements.end(), symbol);
    if (found == mechanism.elements.end())
      return mechanism.elements.push_back(symbol), mechanism.elements.size() - 1;
    return static_cast<std::size_t>(found - mechanism.elements.begin());
  };
  for (Species& species : mechanism.species) {
    const auto found = list.species.find(species.name);
    applied.found += found != list.species.end();
    if (found != list.species.end() && !species.composition_known) {
      const ListedSpecies& listed = found->second;
      if (std::isnan(species.molar_mass) && listed.molar_mass > 0) species.molar_mass = listed.molar_mass;
      species.composition_known =
          std::any_of(listed.atoms.begin(), listed.atoms.end(), [](int n) { return n > 0; });
      if (species.composition_known) species.atoms.clear();
      for (std::size_t e = 0; e < listed.atoms.size(); ++e)
        if (listed.atoms[e] > 0) species.atoms.push_back({element(list.elements[e]), listed.atoms[e]});
    }
    applied.unknown += !species.composition_known;
  }
  return applied;
}

}  // namespace chemnne
