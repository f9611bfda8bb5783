#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <exception>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <chemnne/chemistry/kpp_document.hpp>
#include <chemnne/chemistry/kpp_fortran.hpp>
#include <chemnne/chemistry/kpp_parser.hpp>
#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/chemistry/mechanism_builder.hpp>
#include <chemnne/chemistry/name_index.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne {

namespace detail {

/// Gives a KppDocument its meaning: names become indices, rates become programs.
class KppAssembler {
 public:
  KppAssembler(const KppDocument& document, const ReadOptions& options, std::string name)
      : document_(document),
        builder_(std::move(name), options),
        mechanism_(builder_.mechanism()),
        fortran_(builder_, options) {}

  Mechanism assemble() {
    if (document_.equations.empty()) fail_without_equations();
    collect_elements();
    collect_species();
    collect_rate_names();
    for (const KppEquation& equation : document_.equations) add_reaction(equation);
    set_initial_values();
    mechanism_.run_settings = document_.run_settings;
    mechanism_.photolysis = document_.photolysis.value_or(PhotolysisVersion{});
    add_remarks();
    return builder_.take();
  }

 private:
  static constexpr int highest_order = 9;

  [[noreturn]] static void fail(const KppName& name, const std::string& expected,
                                const std::string& context = {}) {
    throw Error(name.place.where() + context, expected, "'" + std::string(name.text()) + "'");
  }

  [[noreturn]] void fail_without_equations() const {
    if (document_.missing_models.empty())
      throw Error(document_.sources.front().name(), "a mechanism with #EQUATIONS", "no equation");
    const KppName& model = document_.missing_models.front();
    const std::string text(model.text());
    fail(model,
         "the model's file, such as " + text + ".def, beside this one, in models/ or $KPP_HOME/models");
  }

  /// Those of the declared elements that occur in a species, in the order of declaration.
  void collect_elements() {
    NameIndex declared;
    for (std::size_t i = 0; i < document_.elements.size(); ++i) declared.add(document_.elements[i], i);
    std::vector<bool> used(document_.elements.size(), false);
    for (const KppSpecies& species : document_.species)
      for (const KppAtom& atom : species.atoms)
        if (const auto element = declared.find(atom.element.text())) used[*element] = true;
    for (std::size_t i = 0; i < used.size(); ++i) {
      if (!used[i]) continue;
      elements_.add(document_.elements[i], mechanism_.elements.size());
      mechanism_.elements.push_back(document_.elements[i]);
    }
  }

  void collect_species() {
    const std::size_t count = document_.species.size();
    std::vector<bool> used(count, false);
    fixed_.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
      const KppSpecies& species = document_.species[i];
      if (!declared_.add(species.name.text(), i)) fail(species.name, "every species declared once");
      fixed_[i] = species.fixed;
    }
    for (const KppChange& change : document_.changes) apply(change);
    for (const KppEquation& equation : document_.equations)
      for (const std::vector<KppTerm>* side : {&equation.left, &equation.right})
        for (const KppTerm& term : *side)
          if (const auto species = declared_.find(term.name.text())) used[*species] = true;
    places_.resize(count);
    for (const bool wanted : {false, true}) {
      for (std::size_t i = 0; i < count; ++i) {
        if (!used[i] || fixed_[i] != wanted) continue;
        places_[i] = mechanism_.species.size();
        add_species(document_.species[i], wanted);
      }
      if (!wanted) mechanism_.variable_species = mechanism_.species.size();
    }
  }

  /// The groups are those of the moment: #SETFIX ALL_SPEC; #SETVAR A; leaves A alone variable.
  void apply(const KppChange& change) {
    if (const auto species = declared_.find(change.name.text()))
      fixed_[*species] = change.fixed;
    else if (is_group(change.name, "ALL_SPEC") ||
             is_group(change.name, change.fixed ? "VAR_SPEC" : "FIX_SPEC"))
      fixed_.assign(fixed_.size(), change.fixed);
    else if (!is_group(change.name, "VAR_SPEC") && !is_group(change.name, "FIX_SPEC"))
      fail(change.name, "a declared species, VAR_SPEC, FIX_SPEC or ALL_SPEC");
  }

  static bool is_group(const KppName& name, std::string_view group) {
    return upper_case(name.text()) == group;
  }

  /// The place in the mechanism of a species; none where it is not declared or in no equation.
  std::optional<std::size_t> find(const KppName& name) const {
    const auto species = declared_.find(name.text());
    return species ? places_[*species] : std::nullopt;
  }

  void add_species(const KppSpecies& declared, bool fixed) {
    Species species{.name = std::string(declared.name.text()), .composition_known = !declared.ignore};
    std::map<std::size_t, int> atoms;
    for (const KppAtom& atom : declared.atoms) atoms[element_index(atom.element)] += atom.count;
    for (const auto& [element, count] : atoms) species.atoms.push_back({element, count});
    if (fixed) species.abundance = abundance_of(species.name);
    builder_.add_species(std::move(species));
  }

  void collect_rate_names() {
    RateNames& names = builder_.names;
    names.fortran = true;
    names.species = [this](std::string_view name) { return rate_species(name); };
    names.add_parameter = [this](const std::string& name, const std::string& units) {
      if (builder_.names.parameters.count(upper_case(name)) == 0) builder_.add_parameter(name, units);
    };
    names.constants["CFACTOR"] = {.program = {{.number = concentration_factor()}}};
    fortran_.read(document_.inline_blocks);
    std::set<std::size_t> summed;
    for (const KppName& name : fortran_.peroxy_radicals()) {
      const auto known = declared_.find(name.text());
      if (known && !summed.insert(*known).second) fail(name, "every species once in the sum RO2");
      const auto species = find(name);
      if (known && !species) continue;
      if (!species || *species >= mechanism_.variable_species)
        fail(name, "a species that #DEFVAR declares", ", the sum RO2");
      builder_.add_peroxy_radical(*species);
    }
  }

  /// What C(ind_X) and ind_X stand for. KPP has no number for species that no equation has; those that are
  /// fixed keep their values.
  std::optional<RateSpecies> rate_species(std::string_view name) const {
    const auto declared = declared_.find(name);
    if (!declared) return std::nullopt;
    const KppSpecies& species = document_.species[*declared];
    const auto place = places_[*declared];
    if (!place)
      return RateSpecies{.number = 0, .density = fixed_[*declared] ? density_of(species) : std::nullopt};
    RateSpecies result{.number = *place + 1, .density = {}};
    if (*place >= mechanism_.variable_species)
      result.density = {.operation = RateOperation::fixed, .index = *place - mechanism_.variable_species};
    return result;
  }

  /// Of a fixed species that no equation has.
  std::optional<RateInstruction> density_of(const KppSpecies& species) const {
    std::optional<double> value;
    for (const KppInitialValue& entry : document_.initial_values)
      if (declared_.find(entry.name.text()) == declared_.find(species.name.text()))
        value = entry.value * concentration_factor();
    if (const auto abundance = abundance_of(species.name.text()); abundance && !value)
      return RateInstruction{.operation = RateOperation::variable, .variable = abundance->variable};
    return RateInstruction{.number = value.value_or(0)};
  }

  /// CFACTOR, which multiplies all initial values, wherever it stands.
  double concentration_factor() const {
    double factor = 1;
    for (const auto& [name, value] : document_.initial_values)
      if (!declared_.find(name.text()) && is_group(name, "CFACTOR")) factor = value;
    return factor;
  }

  std::size_t element_index(const KppName& element) const {
    if (const auto found = elements_.find(element.text())) return *found;
    fail(element, "an element that #ATOMS (or #INCLUDE atoms) declares, or IGNORE");
  }

  void add_reaction(const KppEquation& equation) {
    Reaction reaction;
    reaction.label = equation.tag.empty() ? builder_.next_label() : equation.tag;
    reaction.text = collapse_blanks(equation.whole.text());
    reaction.line = equation.whole.source->line(equation.whole.begin);
    const std::string context = MechanismBuilder::context(reaction.label);
    for (const KppTerm& term : equation.left) {
      if (is_light(term.name) && !find(term.name)) reaction.photolysis = true;
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
      if (const auto found = find(term.name))
        MechanismBuilder::merge(result, {*found, coefficient(term, context)});
      else if (!is_dummy(term.name))
        fail(term.name, "a species that #DEFVAR or #DEFFIX declares", context);
    }
    return result;
  }

  /// CFACTOR multiplies all values, and what is said of a group holds for those of its species of which
  /// nothing is said, wherever these stand. Of two values for the same the later one counts.
  void set_initial_values() {
    const double factor = concentration_factor();
    std::optional<double> of_variable, of_fixed;
    std::map<std::size_t, double> values;
    for (const auto& [name, value] : document_.initial_values) {
      if (const auto declared = declared_.find(name.text())) {
        if (const auto species = places_[*declared]) values[*species] = value;
      } else if (is_group(name, "ALL_SPEC")) {
        of_variable = of_fixed = value;
      } else if (is_group(name, "VAR_SPEC")) {
        of_variable = value;
      } else if (is_group(name, "FIX_SPEC")) {
        of_fixed = value;
      } else if (!is_group(name, "CFACTOR")) {
        fail(name, "a declared species, CFACTOR, VAR_SPEC, FIX_SPEC or ALL_SPEC");
      }
    }
    for (const auto& [species, value] : values) mechanism_.species[species].abundance.reset();
    for (std::size_t i = 0; i < mechanism_.species.size(); ++i) {
      const std::optional<double>& of_group = i < mechanism_.variable_species ? of_variable : of_fixed;
      const auto own = values.find(i);
      if (own != values.end() || of_group)
        mechanism_.initial_values[mechanism_.species[i].name] =
            factor * (own != values.end() ? own->second : *of_group);
    }
  }

  void add_remarks() {
    mechanism_.remarks = document_.remarks;
    for (const KppName& model : document_.missing_models)
      mechanism_.remarks.push_back(model.place.where() + ": there is no file of the model " +
                                   std::string(model.text()) + ", and #MODEL is passed over");
  }

  const KppDocument& document_;
  MechanismBuilder builder_;
  Mechanism& mechanism_;
  NameIndex elements_;                              ///< places in Mechanism::elements
  NameIndex declared_;                              ///< places in KppDocument::species
  std::vector<bool> fixed_;                         ///< of these
  std::vector<std::optional<std::size_t>> places_;  ///< of these in the mechanism; none: in no equation
  KppFortran fortran_;                              ///< the names of rates refer to it
};

}  // namespace detail

/// A mechanism from text in the KPP language; `name` stands in messages, and its folder is where `#INCLUDE`
/// and `#MODEL` look, as `kpp_file` tells.
///
/// Read: `#ATOMS` `#DEFVAR` `#DEFFIX` `#SETVAR` `#SETFIX` `#EQUATIONS` `#INITVALUES`, `#INCLUDE` (`atoms` is
/// built in), `#MODEL`, comments, tags, `hv` and `PROD`, all names without regard to case (NameIndex);
/// initial values are multiplied by CFACTOR, and single ones come before those of groups such as ALL_SPEC.
/// Fixed species named M, O2, N2 or H2O follow the environment unless `#INITVALUES` names them. Other
/// sections and commands, which steer KPP's output, are passed over; so are, with a remark in
/// Mechanism::remarks, signs between items that KPP's scanner drops, text behind `#ENDINLINE` and
/// ` = IGNORE ;` of a species without a name. J(n) are those of the MCM's version that a comment states
/// (`stated_photolysis`). Declared species that occur in no equation are left out, as KPP does. Repeated
/// equations stay separate reactions: their rates add.
///
/// Named constants of rates are what the Fortran of `#INLINE F90_RCONST` blocks sets: assignments, IF and DO,
/// executed in the order of the file, in terms of what a rate may use and of constants set before
/// (FortranInterpreter; what is passed over: FortranParser); those of the MCM, such as KRO2NO, are built in.
/// `RO2 = C(ind_A) + ...` there is the sum of peroxy radicals. Rates may call FUNCTIONs of F90_RATES and
/// F90_UTIL blocks. A constant that is a number may also stand before a species, `share*NO2`. Real scalars
/// that an F90_GLOBAL block declares and nothing sets are parameters of the mechanism, such as ARCA's RES1;
/// so are `name(index)` that nobody defines, such as PHOTOL(3) or j(Pj_no2), and TIME. Numbers are Fortran's:
/// 1/2 is 0. C(ind_X) of a fixed species is its density. TSTART, TEND, DT and TEMP of `#INLINE F90_INIT` are
/// the run settings. Units: molecules cm-3, s, K. Bounds: 16 nested and 1000 files that are included, 1000
/// terms a side of an equation. Errors: Error with file, line, column, reaction, what was expected and found.
/// Source: KPP 3 manual (Lin et al., Geosci. Model Dev. 2023; Sandu and Sander, Atmos. Chem. Phys. 6, 187,
/// 2006).
inline Mechanism parse_kpp(std::string text, const std::string& name, const ReadOptions& options = {}) {
  const detail::KppDocument document = detail::KppParser().parse(std::move(text), name);
  return detail::KppAssembler(document, options, detail::stem_of(name)).assemble();
}

/// The same from a file (.kpp, .def, .eqn). Errors: also Error when the file cannot be read.
inline Mechanism read_kpp(const std::string& path, const ReadOptions& options = {}) {
  return parse_kpp(read_text_file(path), path, options);
}

}  // namespace chemnne
