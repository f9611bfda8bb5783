#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <chemnne/chemistry/kpp_document.hpp>
#include <chemnne/chemistry/kpp_parser.hpp>
#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/chemistry/rate_compiler.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne {

namespace detail {

/// Gives a KppDocument its meaning: names become indices, rates become programs.
class KppAssembler {
 public:
  KppAssembler(const KppDocument& document, const RateFunctions& functions, std::string name)
      : document_(document), functions_(functions) {
    mechanism_.name = std::move(name);
  }

  Mechanism assemble() {
    if (document_.equations.empty())
      throw Error(document_.sources.front().name(), "a mechanism with #EQUATIONS", "no equation");
    collect_elements();
    collect_species();
    for (const KppEquation& equation : document_.equations) add_reaction(equation);
    set_initial_values();
    return std::move(mechanism_);
  }

 private:
  static constexpr int highest_order = 9;

  [[noreturn]] static void fail(const KppName& name, const std::string& expected,
                                const std::string& context = {}) {
    throw Error(name.place.where() + context, expected, "'" + std::string(name.text()) + "'");
  }

  /// Those of the declared elements that occur in a species, in the order of declaration.
  void collect_elements() {
    std::set<std::string_view> used;
    for (const KppSpecies& species : document_.species)
      for (const KppAtom& atom : species.atoms) used.insert(atom.element.text());
    for (const std::string& element : document_.elements)
      if (used.erase(element) > 0) mechanism_.elements.push_back(element);
  }

  void collect_species() {
    std::map<std::string_view, bool> fixed;
    for (const KppSpecies& species : document_.species)
      if (!fixed.emplace(species.name.text(), species.fixed).second)
        fail(species.name, "every species declared once");
    change_kind(document_.set_variable, false, fixed);
    change_kind(document_.set_fixed, true, fixed);
    for (const bool wanted : {false, true}) {
      for (const KppSpecies& species : document_.species)
        if (fixed.at(species.name.text()) == wanted) add_species(species);
      if (!wanted) mechanism_.variable_species = mechanism_.species.size();
    }
  }

  static void change_kind(const std::vector<KppName>& names, bool is_fixed,
                          std::map<std::string_view, bool>& fixed) {
    for (const KppName& name : names) {
      const auto found = fixed.find(name.text());
      if (found == fixed.end()) fail(name, "a declared species");
      found->second = is_fixed;
    }
  }

  void add_species(const KppSpecies& declared) {
    Species species{.name = std::string(declared.name.text()), .composition_known = !declared.ignore};
    std::map<std::size_t, int> atoms;
    for (const KppAtom& atom : declared.atoms) atoms[element_index(atom.element)] += atom.count;
    for (const auto& [element, count] : atoms) species.atoms.push_back({element, count});
    species_index_.emplace(declared.name.text(), mechanism_.species.size());
    mechanism_.species.push_back(std::move(species));
  }

  std::size_t element_index(const KppName& element) const {
    const auto& elements = mechanism_.elements;
    const auto found = std::find(elements.begin(), elements.end(), element.text());
    if (found == elements.end())
      fail(element, "an element that #ATOMS (or #INCLUDE atoms) declares, or IGNORE");
    return static_cast<std::size_t>(found - elements.begin());
  }

  void add_reaction(const KppEquation& equation) {
    Reaction reaction;
    reaction.label = equation.tag.empty() ? std::to_string(mechanism_.reactions.size() + 1) : equation.tag;
    reaction.text = collapse_blanks(equation.whole.text());
    reaction.line = equation.whole.source->line(equation.whole.begin);
    const std::string context = ", reaction <" + reaction.label + ">";
    for (const KppTerm& term : equation.left) {
      if (is_light(term.name) && !species_index_.count(term.name.text())) reaction.photolysis = true;
      check_order(term, context);
    }
    reaction.reactants = resolve(equation.left, context);
    reaction.products = resolve(equation.right, context);
    reaction.rate = compile_rate(equation.rate, functions_, document_.constants, context);
    mechanism_.reactions.push_back(std::move(reaction));
  }

  static bool is_light(const KppName& name) { return upper_case(name.text()) == "HV"; }
  /// `hv` and `PROD` stand for no species, unless they are declared.
  static bool is_dummy(const KppName& name) { return is_light(name) || upper_case(name.text()) == "PROD"; }

  static void check_order(const KppTerm& term, const std::string& context) {
    const double order = term.coefficient;
    if (order >= 1 && order <= highest_order && order == std::floor(order)) return;
    fail(term.name, "an order from 1 to 9, a whole number, before each reactant", context);
  }

  std::vector<Term> resolve(const std::vector<KppTerm>& terms, const std::string& context) const {
    std::vector<Term> result;
    for (const KppTerm& term : terms) {
      const auto found = species_index_.find(term.name.text());
      if (found != species_index_.end())
        merge(result, {found->second, term.coefficient});
      else if (!is_dummy(term.name))
        fail(term.name, "a species that #DEFVAR or #DEFFIX declares", context);
    }
    return result;
  }

  static void merge(std::vector<Term>& terms, const Term& term) {
    for (Term& other : terms)
      if (other.species == term.species) {
        other.coefficient += term.coefficient;
        return;
      }
    terms.push_back(term);
  }

  /// CFACTOR multiplies all values, wherever it stands; a group such as ALL_SPEC is overridden by what
  /// follows it.
  void set_initial_values() {
    double factor = 1;
    for (const auto& [name, value] : document_.initial_values) {
      if (name.text() == "CFACTOR")
        factor = value;
      else if (!set_group(name.text(), value))
        mechanism_.initial_values[initial_species(name)] = value;
    }
    for (auto& [name, value] : mechanism_.initial_values) value *= factor;
  }

  bool set_group(std::string_view group, double value) {
    const std::size_t variable = mechanism_.variable_species, all = mechanism_.species.size();
    if (group != "ALL_SPEC" && group != "VAR_SPEC" && group != "FIX_SPEC") return false;
    for (std::size_t i = group == "FIX_SPEC" ? variable : 0; i < (group == "VAR_SPEC" ? variable : all); ++i)
      mechanism_.initial_values[mechanism_.species[i].name] = value;
    return true;
  }

  std::string initial_species(const KppName& name) const {
    if (!species_index_.count(name.text()))
      fail(name, "a declared species, CFACTOR, VAR_SPEC, FIX_SPEC or ALL_SPEC");
    return std::string(name.text());
  }

  const KppDocument& document_;
  const RateFunctions& functions_;
  Mechanism mechanism_;
  std::map<std::string_view, std::size_t> species_index_;
};

/// "dir/small_strato.def" -> "small_strato".
inline std::string stem_of(const std::string& path) {
  const std::string file = path.substr(path.rfind('/') + 1);
  return file.substr(0, file.rfind('.'));
}

}  // namespace detail

/// A mechanism from text in the KPP language; `name` stands in messages, and its folder is where #INCLUDE
/// looks.
///
/// Read: #ATOMS #DEFVAR #DEFFIX #SETVAR #SETFIX #EQUATIONS #INITVALUES, #INCLUDE (`atoms` is built in),
/// comments, tags, `hv` and `PROD`; initial values are multiplied by CFACTOR. Other sections and commands,
/// which steer KPP's output, are passed over. Repeated equations stay separate reactions: their rates add.
/// Named constants of rates, such as MCM's KRO2NO, are the Fortran assignments in `#INLINE F90_RCONST`
/// blocks, as KPP itself would compile them: `NAME = expression`, in terms of what a rate may use and of
/// other constants. Units: molecules cm-3, s, K. Errors: Error with file, line, column, reaction, what was
/// expected and found. Source: KPP 3 manual (Lin et al., Geosci. Model Dev. 2023; Sandu and Sander, Atmos.
/// Chem. Phys. 6, 187, 2006).
inline Mechanism parse_kpp(std::string text, const std::string& name,
                           const RateFunctions& functions = RateFunctions()) {
  const detail::KppDocument document = detail::KppParser().parse(std::move(text), name);
  return detail::KppAssembler(document, functions, detail::stem_of(name)).assemble();
}

/// The same from a file (.kpp, .def, .eqn). Errors: also Error when the file cannot be read.
inline Mechanism read_kpp(const std::string& path, const RateFunctions& functions = RateFunctions()) {
  return parse_kpp(read_text_file(path), path, functions);
}

}  // namespace chemnne
