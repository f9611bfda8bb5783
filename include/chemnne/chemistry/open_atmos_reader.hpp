#pragma once
#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <chemnne/chemistry/camp_reader.hpp>
#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/chemistry/mechanism_builder.hpp>
#include <chemnne/chemistry/open_atmos_document.hpp>
#include <chemnne/chemistry/open_atmos_formulas.hpp>
#include <chemnne/chemistry/open_atmos_rates.hpp>
#include <chemnne/chemistry/open_atmos_species.hpp>
#include <chemnne/chemistry/open_atmos_types.hpp>
#include <chemnne/chemistry/reaction_text.hpp>
#include <chemnne/chemistry/yaml_document.hpp>
#include <chemnne/chemistry/yaml_fields.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne {

namespace detail {

/// Gives an OpenAtmosDocument its meaning: names become indices, entries become reactions.
class OpenAtmosAssembler {
 public:
  OpenAtmosAssembler(const OpenAtmosDocument& document, const ReadOptions& options, const std::string& file)
      : document_(document),
        builder_(document.name.empty() ? stem_of(file) : document.name, options),
        species_(document, builder_),
        rates_(builder_, OpenAtmosUnits::moles, "name") {
    if (document.reactions.empty()) throw Error(file, "a mechanism with reactions", "none");
    for (const YamlNode* const section : document.aerosol)
      refuse_aerosol(*section, "a section about it", options, builder_.mechanism());
  }

  Mechanism assemble() {
    for (const YamlNode* const entry : document_.reactions) add_reaction(*entry);
    return builder_.take();
  }

 private:
  static constexpr int highest_order = 9;
  static constexpr std::size_t most_terms = 1000;
  static constexpr std::array<std::string_view, 3> component_keys{"species name", "name", "coefficient"};

  void add_reaction(const YamlNode& entry) {
    const OpenAtmosType& type = open_atmos_type(entry);
    const YamlFields fields(entry, type.keys, "a reaction of type " + std::string(type.name));
    const GasPhase& phase = species_.phase(fields.require("gas phase"));
    Reaction reaction;
    if (fields.find("name")) reaction.label = fields.text("name");
    reaction.line = entry.line;
    reaction.photolysis = type.kind == OpenAtmosKind::photolysis;
    if (type.kind == OpenAtmosKind::branched) return add_branches(fields, phase, reaction);
    const bool surface = type.kind == OpenAtmosKind::surface;
    if (type.kind != OpenAtmosKind::emission)
      reaction.reactants = reactants(fields.require(surface ? "gas-phase species" : "reactants"), phase);
    if (type.kind != OpenAtmosKind::first_order_loss || fields.find("products"))
      reaction.products = products(fields.require(surface ? "gas-phase products" : "products"));
    const int order = total_order(reaction.reactants);
    if (takes_one_molecule(type.kind) && order != 1)
      fields.require(surface ? "gas-phase species" : "reactants")
          .fail("one reactant with coefficient 1", "order " + std::to_string(order));
    reaction.rate = surface ? rates_.surface(fields, fields.require("gas-phase species"),
                                             species_.properties(reaction.reactants[0].species, phase))
                            : rates_.rate(type.kind, fields, order);
    finish(std::move(reaction), entry, std::string(type.name));
  }

  static bool takes_one_molecule(OpenAtmosKind kind) {
    return kind == OpenAtmosKind::photolysis || kind == OpenAtmosKind::first_order_loss ||
           kind == OpenAtmosKind::surface;
  }

  /// RO2 + NO gives an alkoxy radical or a nitrate: two reactions.
  void add_branches(const YamlFields& fields, const GasPhase& phase, const Reaction& common) {
    const auto branch = [&](const char* name, SharedRateFunction function) {
      Reaction reaction = common;
      if (!reaction.label.empty()) reaction.label += std::string(" ") + name;
      reaction.reactants = reactants(fields.require("reactants"), phase);
      reaction.products = products(fields.require(std::string(name) + " products"));
      reaction.rate = rates_.branch(fields, std::move(function), total_order(reaction.reactants));
      finish(std::move(reaction), fields.node(), std::string("BRANCHED_NO_RO2 ") + name);
    };
    branch("alkoxy", open_atmos_alkoxy());
    branch("nitrate", open_atmos_nitrate());
  }

  void finish(Reaction reaction, const YamlNode& entry, const std::string& type) {
    if (reaction.label.empty()) reaction.label = builder_.next_label();
    reaction.text = reaction_text(builder_.mechanism(), reaction, type);
    builder_.add_reaction(std::move(reaction), entry.where());
  }

  /// A list of components, or one alone; `index` finds the species of each.
  template <class Index>
  static std::vector<Term> terms(const YamlNode& list, const Index& index) {
    std::vector<Term> result;
    if (list.kind != YamlNode::Kind::sequence) return {component(list, index)};
    if (list.items.size() > most_terms)
      list.fail("at most " + std::to_string(most_terms) + " species on a side of a reaction", "more");
    for (const YamlNode& one : list.items) MechanismBuilder::merge(result, component(one, index));
    return result;
  }

  /// Of any phase.
  std::vector<Term> products(const YamlNode& list) const {
    return terms(list, [&](const YamlNode& name) { return species_.declared(name); });
  }

  /// Every coefficient, and their sum, must be an order that a rate law can have.
  std::vector<Term> reactants(const YamlNode& list, const GasPhase& phase) const {
    std::vector<Term> result =
        terms(list, [&](const YamlNode& name) { return species_.in_phase(name, phase); });
    if (list.kind == YamlNode::Kind::sequence)
      for (const YamlNode& one : list.items) check_order(one);
    else
      check_order(list);
    double order = 0;
    for (const Term& term : result) order += term.coefficient;
    if (order > highest_order) list.fail("at most order 9 in all", "more");
    return result;
  }

  static void check_order(const YamlNode& component) {
    const YamlNode* const coefficient = component.find("coefficient");
    if (!coefficient) return;
    const double order = yaml_number(*coefficient);
    if (!(order >= 1 && order <= highest_order && order == std::floor(order)))
      coefficient->fail("an order from 1 to 9, a whole number, for each reactant");
  }

  static int total_order(const std::vector<Term>& reactants) {
    int order = 0;
    for (const Term& term : reactants) order += static_cast<int>(term.coefficient);
    return order;
  }

  /// `{species name: O3, coefficient: 2}`; newer files say `name`; a bare name stands for one molecule.
  template <class Index>
  static Term component(const YamlNode& node, const Index& index) {
    if (node.kind == YamlNode::Kind::scalar) return {index(node), 1};
    const YamlFields fields(node, component_keys, "a reactant or product");
    const YamlNode* const newer = fields.find("name");
    if (newer && fields.find("species name")) newer->fail("either 'species name' or 'name'", "both");
    return {index(newer ? *newer : fields.require("species name")), fields.number("coefficient", 1)};
  }

  const OpenAtmosDocument& document_;
  MechanismBuilder builder_;
  OpenAtmosSpecies species_;
  OpenAtmosRates rates_;
};

}  // namespace detail

/// A mechanism from a MUSICA/OpenAtmos configuration of version 1 or 0 (CAMP, see CampReader), JSON or YAML,
/// or from the MusicBox configuration around one; `name` stands in messages, and its folder is where files
/// are looked for.
///
/// Reaction types: ARRHENIUS, TROE, TERNARY_CHEMICAL_ACTIVATION, BRANCHED_NO_RO2 (two reactions), TUNNELING,
/// TAYLOR_SERIES, SURFACE, LAMBDA_RATE_CONSTANT (of one formula), PHOTOLYSIS, EMISSION, FIRST_ORDER_LOSS,
/// USER_DEFINED. The last four, and SURFACE for its particles, take parameters of the mechanism:
/// "PHOTO.<name>", "EMIS.<name>", "LOSS.<name>", "USER.<name>", "SURF.<name>.effective radius" [m] and
/// "SURF.<name>.particle number concentration" [m-3], in the file's units. Units: the file's (mol m-3, s, K,
/// Pa) become molecules cm-3 and s, k = k_file f^(n-1), f = 1e6/N_A and n the order with the third body, if
/// it is listed. Products may be of any phase. Third bodies and species of constant concentration or mixing
/// ratio are fixed; the composition of none is known. Keys that begin with
/// `__` and the section `emissions` are passed over, other unknown keys and aerosol are errors. Errors: Error
/// with file, line, column, what was expected and found. Source: NCAR/MechanismConfiguration, documentation
/// of version 1.
inline Mechanism parse_open_atmos(std::string text, const std::string& name,
                                  const ReadOptions& options = {}) {
  YamlNode root = parse_yaml(text, name);
  if (root.kind != YamlNode::Kind::map) root.fail("a mechanism, a map");
  if (detail::CampReader::is_camp(root)) return detail::CampReader(root, options, name).read();
  const detail::OpenAtmosDocument document = detail::OpenAtmosLoader(name).load(std::move(root));
  return detail::OpenAtmosAssembler(document, options, name).assemble();
}

/// The same from a file (.json, .yaml, .yml). Errors: also Error when the file cannot be read.
inline Mechanism read_open_atmos(const std::string& path, const ReadOptions& options = {}) {
  return parse_open_atmos(read_text_file(path), path, options);
}

}  // namespace chemnne
