#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <exception>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <chemnne/chemistry/kpp_document.hpp>
#include <chemnne/chemistry/kpp_parser.hpp>
#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/chemistry/mechanism_builder.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne {

namespace detail {

/// Gives a KppDocument its meaning: names become indices, rates become programs.
class KppAssembler {
 public:
  KppAssembler(const KppDocument& document, const ReadOptions& options, std::string name)
      : document_(document), builder_(std::move(name), options), mechanism_(builder_.mechanism()) {}

  Mechanism assemble() {
    if (document_.equations.empty())
      throw Error(document_.sources.front().name(), "a mechanism with #EQUATIONS", "no equation");
    collect_elements();
    collect_species();
    collect_rate_names();
    for (const KppEquation& equation : document_.equations) add_reaction(equation);
    set_initial_values();
    mechanism_.run_settings = document_.run_settings;
    return builder_.take();
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
      if (used.erase(element) > 0) {
        element_index_.emplace(element, mechanism_.elements.size());
        mechanism_.elements.push_back(element);
      }
  }

  void collect_species() {
    std::map<std::string_view, bool> fixed;
    for (const KppSpecies& species : document_.species)
      if (!fixed.emplace(species.name.text(), species.fixed).second)
        fail(species.name, "every species declared once");
    change_kind(document_.set_variable, false, fixed);
    change_kind(document_.set_fixed, true, fixed);
    std::set<std::string_view> used;
    for (const KppEquation& equation : document_.equations)
      for (const std::vector<KppTerm>* side : {&equation.left, &equation.right})
        for (const KppTerm& term : *side) used.insert(term.name.text());
    for (const auto& [name, kind] : fixed)
      if (!used.count(name)) unused_.insert(name);
    for (const bool wanted : {false, true}) {
      for (const KppSpecies& species : document_.species)
        if (fixed.at(species.name.text()) == wanted && !unused_.count(species.name.text()))
          add_species(species, wanted);
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

  void add_species(const KppSpecies& declared, bool declared_fixed) {
    Species species{.name = std::string(declared.name.text()), .composition_known = !declared.ignore};
    std::map<std::size_t, int> atoms;
    for (const KppAtom& atom : declared.atoms) atoms[element_index(atom.element)] += atom.count;
    for (const auto& [element, count] : atoms) species.atoms.push_back({element, count});
    if (declared_fixed) species.abundance = abundance_of(species.name);
    builder_.add_species(std::move(species));
  }

  void collect_rate_names() {
    std::set<std::string> declared;
    for (const std::string& name : document_.parameters) {
      if (!declared.insert(upper_case(name)).second) continue;
      const auto is_name = [upper = upper_case(name)](const auto& row) { return row.name == upper; };
      if (std::none_of(rate_variables.begin(), rate_variables.end(), is_name))
        builder_.add_parameter(name, "as in the rate expression");
    }
    for (const KppConstant& constant : document_.constants)
      define_constant(builder_.names, constant.name, constant.text);
    if (document_.has_peroxy_radical_sum) builder_.declare_peroxy_radical_sum();
    std::set<std::string_view> summed;
    for (const KppName& name : document_.peroxy_radicals) {
      if (!summed.insert(name.text()).second) fail(name, "every species once in the sum RO2");
      if (unused_.count(name.text())) continue;
      const auto species = builder_.find(name.text());
      if (!species || *species >= mechanism_.variable_species)
        fail(name, "a species that #DEFVAR declares", ", the sum RO2");
      builder_.add_peroxy_radical(*species);
    }
  }

  std::size_t element_index(const KppName& element) const {
    const auto found = element_index_.find(element.text());
    if (found == element_index_.end())
      fail(element, "an element that #ATOMS (or #INCLUDE atoms) declares, or IGNORE");
    return found->second;
  }

  void add_reaction(const KppEquation& equation) {
    Reaction reaction;
    reaction.label = equation.tag.empty() ? builder_.next_label() : equation.tag;
    reaction.text = collapse_blanks(equation.whole.text());
    reaction.line = equation.whole.source->line(equation.whole.begin);
    const std::string context = MechanismBuilder::context(reaction.label);
    for (const KppTerm& term : equation.left) {
      if (is_light(term.name) && !builder_.find(term.name.text())) reaction.photolysis = true;
      check_order(term, coefficient(term, context), context);
    }
    reaction.reactants = resolve(equation.left, context);
    reaction.products = resolve(equation.right, context);
    builder_.add_reaction(std::move(reaction), equation.rate);
  }

  static bool is_light(const KppName& name) { return upper_case(name.text()) == "HV"; }
  /// `hv` and `PROD` stand for no species, unless they are declared.
  static bool is_dummy(const KppName& name) { return is_light(name) || upper_case(name.text()) == "PROD"; }

  /// That of `name*Species` must be a number that the file states, whatever the environment.
  double coefficient(const KppTerm& term, const std::string& context) const {
    if (!term.factor) return term.coefficient;
    const char* const expected = "a coefficient that #INLINE F90_RCONST sets, the same in every environment";
    const auto found = builder_.names.constants.find(upper_case(term.factor->text()));
    if (found == builder_.names.constants.end()) fail(*term.factor, expected, context);
    if (found->second.trouble) std::rethrow_exception(found->second.trouble);
    const RateExpression value(found->second.program);
    if (!value.is_constant() || !std::isfinite(value.program()[0].number))
      fail(*term.factor, expected, context);
    return term.coefficient * value.program()[0].number;
  }

  static void check_order(const KppTerm& term, double order, const std::string& context) {
    if (order >= 1 && order <= highest_order && order == std::floor(order)) return;
    fail(term.name, "an order from 1 to 9, a whole number, before each reactant", context);
  }

  std::vector<Term> resolve(const std::vector<KppTerm>& terms, const std::string& context) const {
    std::vector<Term> result;
    for (const KppTerm& term : terms) {
      if (const auto found = builder_.find(term.name.text()))
        MechanismBuilder::merge(result, {*found, coefficient(term, context)});
      else if (!is_dummy(term.name))
        fail(term.name, "a species that #DEFVAR or #DEFFIX declares", context);
    }
    return result;
  }

  /// CFACTOR multiplies all values, wherever it stands; a group such as ALL_SPEC is overridden by what
  /// follows it. Backwards, so that each value is set once.
  void set_initial_values() {
    double factor = 1;
    for (const auto& [name, value] : document_.initial_values)
      if (name.text() == "CFACTOR")
        factor = value;
      else if (!is_group(name.text()) && !unused_.count(name.text()) && !builder_.find(name.text()))
        fail(name, "a declared species, CFACTOR, VAR_SPEC, FIX_SPEC or ALL_SPEC");
    bool variable_done = false, fixed_done = false;
    for (auto entry = document_.initial_values.rbegin(); entry != document_.initial_values.rend(); ++entry) {
      const std::string_view name = entry->name.text();
      const double value = factor * entry->value;
      if ((name == "ALL_SPEC" || name == "VAR_SPEC") && !std::exchange(variable_done, true))
        set_group(0, mechanism_.variable_species, value);
      if ((name == "ALL_SPEC" || name == "FIX_SPEC") && !std::exchange(fixed_done, true))
        set_group(mechanism_.variable_species, mechanism_.species.size(), value);
      if (const auto species = builder_.find(name)) {
        mechanism_.initial_values.emplace(name, value);
        mechanism_.species[*species].abundance.reset();
      }
    }
  }

  static bool is_group(std::string_view name) {
    return name == "ALL_SPEC" || name == "VAR_SPEC" || name == "FIX_SPEC";
  }

  void set_group(std::size_t begin, std::size_t end, double value) {
    for (std::size_t i = begin; i < end; ++i)
      mechanism_.initial_values.emplace(mechanism_.species[i].name, value);
  }

  const KppDocument& document_;
  MechanismBuilder builder_;
  Mechanism& mechanism_;
  std::map<std::string_view, std::size_t> element_index_;
  std::set<std::string_view> unused_;  ///< declared, but in no equation
};

}  // namespace detail

/// A mechanism from text in the KPP language; `name` stands in messages, and its folder is where #INCLUDE
/// looks.
///
/// Read: #ATOMS #DEFVAR #DEFFIX #SETVAR #SETFIX #EQUATIONS #INITVALUES, #INCLUDE (`atoms` is built in),
/// comments, tags, `hv` and `PROD`; initial values are multiplied by CFACTOR. Fixed species named M, O2, N2
/// or H2O follow the environment unless #INITVALUES names them. Other sections and commands, which steer
/// KPP's output, are passed over. Declared species that occur in no equation are left out, as KPP does.
/// Repeated equations stay separate reactions: their rates add. Named constants of rates are the Fortran
/// assignments in `#INLINE F90_RCONST` blocks, as KPP itself would compile them: `NAME = expression`, in
/// terms of what a rate may use and of constants set before; those of the MCM, such as KRO2NO, are built in.
/// `RO2 = C(ind_A) + ...` there is the sum of peroxy radicals. A constant that is a number may also stand
/// before a species, `share*NO2`. Real scalars that an `#INLINE F90_GLOBAL` block declares are parameters of
/// the mechanism, such as ARCA's RES1. TSTART, TEND, DT and TEMP of `#INLINE F90_INIT` are its run settings.
/// Units: molecules cm-3, s, K. Bounds: 16 nested and 1000 files that are included, 1000 terms a side of an
/// equation. Errors: Error with file, line, column, reaction, what was expected and found. Source: KPP 3
/// manual (Lin et al., Geosci. Model Dev. 2023; Sandu and Sander, Atmos. Chem. Phys. 6, 187, 2006).
inline Mechanism parse_kpp(std::string text, const std::string& name, const ReadOptions& options = {}) {
  const detail::KppDocument document = detail::KppParser().parse(std::move(text), name);
  return detail::KppAssembler(document, options, detail::stem_of(name)).assemble();
}

/// The same from a file (.kpp, .def, .eqn). Errors: also Error when the file cannot be read.
inline Mechanism read_kpp(const std::string& path, const ReadOptions& options = {}) {
  return parse_kpp(read_text_file(path), path, options);
}

}  // namespace chemnne
