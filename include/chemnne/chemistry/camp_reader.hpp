#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <deque>
#include <limits>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/chemistry/mechanism_builder.hpp>
#include <chemnne/chemistry/open_atmos_files.hpp>
#include <chemnne/chemistry/open_atmos_formulas.hpp>
#include <chemnne/chemistry/open_atmos_rates.hpp>
#include <chemnne/chemistry/open_atmos_types.hpp>
#include <chemnne/chemistry/rate_call.hpp>
#include <chemnne/chemistry/reaction_text.hpp>
#include <chemnne/chemistry/yaml_document.hpp>
#include <chemnne/chemistry/yaml_fields.hpp>
#include <chemnne/support/error.hpp>

namespace chemnne::detail {

/// Aerosol is an error that names it, or a remark where what is not understood is collected.
inline void refuse_aerosol(const YamlNode& node, const std::string& what, const ReadOptions& options,
                           Mechanism& mechanism) {
  if (!options.collect_unresolved) node.fail("a gas-phase mechanism (aerosol is not supported)", what);
  mechanism.remarks.push_back(node.where() + ": aerosol is not supported, left out: " + what);
}

/// Reads version 0 of MUSICA's configurations, those of CAMP, into a mechanism.
///
/// A main file with `camp-files`, names of files with `camp-data`, lists of entries by `type`: CHEM_SPEC,
/// which may come twice for more properties, and MECHANISM with its `reactions`; or a file with `camp-data`
/// itself; or a MusicBox configuration whose `model components` name such a main file. Of `tracer type`,
/// THIRD_BODY and CONSTANT are fixed. Rate constants are in molecules cm-3 and s, or in minutes by `time
/// unit`: MIN; what the host gives is called as in version 1, by `MUSICA name` or `rxn id`. Source:
/// NCAR/MechanismConfiguration, version 0; open-atmos/camp.
class CampReader {
 public:
  /// `root`: a map.
  static bool is_camp(const YamlNode& root) {
    return root.find("camp-files") || root.find("camp-data") ||
           (root.find("model components") && !root.find("mechanism"));
  }

  CampReader(const YamlNode& root, const ReadOptions& options, const std::string& file)
      : options_(options), file_(file), builder_(stem_of(file), options) {
    load(root, file);
  }

  Mechanism read() {
    std::vector<const YamlNode*> reactions;
    for (const YamlNode* const entry : entries_) read_entry(*entry, reactions);
    add_species();
    if (reactions.empty()) throw Error(file_, "a mechanism with reactions", "none");
    for (const YamlNode* const reaction : reactions) add_reaction(*reaction);
    return builder_.take();
  }

 private:
  static constexpr int highest_order = 9;
  static constexpr std::size_t most_terms = 1000;

  enum class Kind : unsigned char { of_version_1, branched, surface, linear_in_air, activated };

  struct Type {
    std::string_view name;
    Kind kind;
    OpenAtmosKind same;  ///< in version 1
    std::vector<std::string_view> keys;
  };

  static const std::vector<Type>& types() {
    using Same = OpenAtmosKind;
    static const std::vector<std::string_view> fall_off{"k0_A",   "k0_B",   "k0_C", "kinf_A",
                                                        "kinf_B", "kinf_C", "Fc",   "N"};
    static const std::vector<std::string_view> branches{
        "alkoxy products", "nitrate products", "X", "Y", "a0", "n"};
    static const std::vector<Type> known{
        {"ARRHENIUS", Kind::of_version_1, Same::arrhenius, {"A", "B", "C", "D", "E", "Ea"}},
        {"TROE", Kind::of_version_1, Same::troe, fall_off},
        {"TERNARY_CHEMICAL_ACTIVATION", Kind::of_version_1, Same::ternary, fall_off},
        {"TUNNELING", Kind::of_version_1, Same::tunneling, {"A", "B", "C"}},
        {"WENNBERG_TUNNELING", Kind::of_version_1, Same::tunneling, {"A", "B", "C"}},
        {"BRANCHED", Kind::branched, Same::branched, branches},
        {"WENNBERG_NO_RO2", Kind::branched, Same::branched, branches},
        {"PHOTOLYSIS", Kind::of_version_1, Same::photolysis, {"scaling factor"}},
        {"EMISSION", Kind::of_version_1, Same::emission, {"species", "scaling factor"}},
        {"FIRST_ORDER_LOSS", Kind::of_version_1, Same::first_order_loss, {"species", "scaling factor"}},
        {"USER_DEFINED", Kind::of_version_1, Same::user_defined, {"scaling factor"}},
        {"SURFACE",
         Kind::surface,
         Same::surface,
         {"gas-phase reactant", "gas-phase products", "reaction probability"}},
        {"CMAQ_H2O2", Kind::linear_in_air, Same::arrhenius, {"k1_A", "k1_B", "k1_C", "k2_A", "k2_B", "k2_C"}},
        {"CMAQ_OH_HNO3",
         Kind::activated,
         Same::arrhenius,
         {"k0_A", "k0_B", "k0_C", "k2_A", "k2_B", "k2_C", "k3_A", "k3_B", "k3_C"}}};
    return known;
  }

  /// Of every reaction; the last ones are people's notes.
  static constexpr std::array<std::string_view, 12> common_keys{
      "type",        "reactants", "products",    "MUSICA name", "rxn id",   "time unit",
      "orig params", "Fast-J id", "description", "notes",       "comments", "reference"};

  /// A species with the properties that all its entries give.
  struct Properties {
    std::string tracer;
    const YamlNode* place = nullptr;
    double molecular_weight = 0;  ///< kg mol-1
    double diffusion = std::numeric_limits<double>::quiet_NaN();
    double mixing_ratio = std::numeric_limits<double>::quiet_NaN();  ///< that MusicBox holds it at
  };

  static const YamlNode& list(const YamlNode& node, const char* what) {
    if (node.kind != YamlNode::Kind::sequence) node.fail(what);
    return node;
  }

  const YamlNode& keep(YamlNode root) { return roots_.emplace_back(std::move(root)); }

  void load(const YamlNode& root, const std::string& file) {
    OpenAtmosFiles files(file);
    if (const YamlNode* const components = root.find("model components"))
      for (const YamlNode& component : list(*components, "a list of model components").items)
        load_component(component, files);
    if (const YamlNode* const names = root.find("camp-files"))
      for (const YamlNode& name : list(*names, "a list of files").items) {
        YamlNode data = files.read(name);
        if (data.kind != YamlNode::Kind::map || !data.find("camp-data")) data.fail("a map with 'camp-data'");
        load(keep(std::move(data)), file);
      }
    if (const YamlNode* const data = root.find("camp-data"))
      for (const YamlNode& entry : list(*data, "a list of entries").items) entries_.push_back(&entry);
  }

  /// {type: CAMP, configuration file: ..., override species: {M: {mixing ratio mol mol-1: 1}}}
  void load_component(const YamlNode& component, OpenAtmosFiles& files) {
    const YamlNode* const type = component.find("type");
    const YamlNode* const main = component.find("configuration file");
    if (!type || !main || yaml_text(*type) != "CAMP")
      component.fail("a model component of type CAMP with its file");
    if (++components_ > 1) component.fail("one model component", "another");
    const YamlNode& configuration = keep(files.read(*main));
    if (configuration.find("model components")) configuration.fail("a configuration of CAMP");
    load(configuration, files.path(main->text));
    const YamlNode* const fixed = component.find("override species");
    for (std::size_t i = 0; fixed && i < fixed->keys.size(); ++i) {
      const YamlNode* const ratio = fixed->items[i].find("mixing ratio mol mol-1");
      if (!ratio) fixed->items[i].fail("'mixing ratio mol mol-1'");
      species_[fixed->keys[i].text].mixing_ratio = yaml_number(*ratio);
    }
  }

  void read_entry(const YamlNode& entry, std::vector<const YamlNode*>& reactions) {
    const YamlNode* const type = entry.find("type");
    if (!type) entry.fail("an entry, a map with 'type'");
    if (yaml_text(*type) == "CHEM_SPEC") {
      read_species(entry);
    } else if (type->text == "MECHANISM") {
      const YamlNode* const members = entry.find("reactions");
      if (!members) entry.fail("'reactions' in a mechanism");
      if (const YamlNode* const name = entry.find("name")) builder_.mechanism().name = yaml_text(*name);
      for (const YamlNode& one : list(*members, "a list of reactions").items) reactions.push_back(&one);
    } else if (type->text != "RELATIVE_TOLERANCE") {
      refuse_aerosol(*type, type->found(), options_, builder_.mechanism());
    }
  }

  /// Any properties: most serve aerosols, cloud water or a solver.
  void read_species(const YamlNode& entry) {
    const YamlNode* const name = entry.find("name");
    if (!name) entry.fail("the key 'name' in a species", "none");
    Properties& species = species_[yaml_text(*name)];
    if (!species.place) order_.push_back(name->text);
    species.place = name;
    for (const char* const key : {"tracer type", "phase"})
      if (const YamlNode* const kind = entry.find(key)) species.tracer = yaml_text(*kind);
    if (const YamlNode* const weight = entry.find("molecular weight [kg mol-1]"))
      species.molecular_weight = yaml_number(*weight);
    if (const YamlNode* const diffusion = entry.find("diffusion coefficient [m2 s-1]"))
      species.diffusion = yaml_number(*diffusion);
  }

  void add_species() {
    for (const bool fixed : {false, true}) {
      for (const std::string& name : order_) {
        const Properties& read = species_[name];
        const bool constant =
            read.tracer == "THIRD_BODY" || read.tracer == "CONSTANT" || !std::isnan(read.mixing_ratio);
        if (read.tracer == "AEROSOL" || constant != fixed) continue;
        Species species{.name = name};
        if (read.molecular_weight > 0) species.molar_mass = 1e3 * read.molecular_weight;
        if (fixed) species.abundance = abundance_of(name);
        if (read.tracer == "THIRD_BODY") species.abundance = Abundance{&RateContext::air};
        if (!std::isnan(read.mixing_ratio))
          species.abundance = Abundance{&RateContext::air, read.mixing_ratio};
        builder_.add_species(std::move(species));
      }
      if (!fixed) builder_.mechanism().variable_species = builder_.mechanism().species.size();
    }
  }

  void add_reaction(const YamlNode& entry) {
    const YamlNode* const name = entry.find("type");
    if (!name) entry.fail("a reaction, a map with 'type'");
    const auto type = std::find_if(types().begin(), types().end(),
                                   [&](const Type& one) { return one.name == yaml_text(*name); });
    if (type == types().end()) return refuse_aerosol(*name, name->found(), options_, builder_.mechanism());
    std::vector<std::string_view> keys(common_keys.begin(), common_keys.end());
    keys.insert(keys.end(), type->keys.begin(), type->keys.end());
    const YamlFields fields(entry, keys, "a reaction of type " + std::string(type->name));
    Reaction reaction;
    reaction.line = entry.line;
    reaction.photolysis = type->same == OpenAtmosKind::photolysis;
    const char* const name_key =
        fields.find("MUSICA name") || !fields.find("rxn id") ? "MUSICA name" : "rxn id";
    if (fields.find(name_key)) reaction.label = fields.text(name_key);
    OpenAtmosRates& rates = name_key == std::string_view("MUSICA name") ? rates_ : rates_by_id_;
    if (type->kind == Kind::branched) return add_branches(fields, std::move(reaction), rates);
    read_sides(*type, fields, reaction);
    reaction.rate = rate(*type, fields, reaction, rates);
    finish(std::move(reaction), fields, std::string(type->name));
  }

  void read_sides(const Type& type, const YamlFields& fields, Reaction& reaction) const {
    if (type.same == OpenAtmosKind::emission)
      reaction.products = {{index(fields.require("species")), 1}};
    else if (type.same == OpenAtmosKind::first_order_loss)
      reaction.reactants = {{index(fields.require("species")), 1}};
    else if (type.kind == Kind::surface)
      reaction.reactants = {{index(fields.require("gas-phase reactant")), 1}};
    else
      reaction.reactants = reactants(fields.require("reactants"));
    if (type.kind == Kind::surface)
      reaction.products = products(fields.require("gas-phase products"));
    else if (type.same != OpenAtmosKind::emission && type.same != OpenAtmosKind::first_order_loss)
      reaction.products = products(fields.require("products"));
    if (reaction.photolysis && order(reaction) != 1)
      fields.require("reactants").fail("one reactant", "order " + std::to_string(order(reaction)));
  }

  RateExpression rate(const Type& type, const YamlFields& fields, const Reaction& reaction,
                      OpenAtmosRates& rates) {
    if (type.kind == Kind::surface) {
      const Properties& gas = species_[builder_.mechanism().species[reaction.reactants[0].species].name];
      return rates.surface(fields, fields.require("gas-phase reactant"),
                           {gas.molecular_weight, gas.diffusion});
    }
    if (type.kind == Kind::of_version_1) return rates.rate(type.same, fields, order(reaction));
    std::vector<double> constants;
    for (std::size_t i = 0; i < type.keys.size(); i += 3)
      for (const auto& [key, otherwise] : {std::pair{i, 1}, {i + 1, 0}, {i + 2, 0}})
        constants.push_back(fields.number(type.keys[key], otherwise));
    return RateExpression(
        call_with(type.kind == Kind::activated ? camp_activated() : camp_linear_in_air(), constants));
  }

  void add_branches(const YamlFields& fields, const Reaction& common, OpenAtmosRates& rates) {
    for (const auto& [name, function] :
         {std::pair{"alkoxy", open_atmos_alkoxy()}, std::pair{"nitrate", open_atmos_nitrate()}}) {
      Reaction reaction = common;
      if (!reaction.label.empty()) reaction.label += std::string(" ") + name;
      reaction.reactants = reactants(fields.require("reactants"));
      reaction.products = products(fields.require(std::string(name) + " products"));
      reaction.rate = rates.branch(fields, function, order(reaction));
      finish(std::move(reaction), fields, std::string("BRANCHED ") + name);
    }
  }

  void finish(Reaction reaction, const YamlFields& fields, const std::string& type) {
    if (const YamlNode* const unit = fields.find("time unit"); unit && yaml_text(*unit) != "s") {
      if (unit->text != "MIN") unit->fail("the time unit s or MIN");
      std::vector<RateInstruction> program(reaction.rate.program().begin(), reaction.rate.program().end());
      program.push_back({.number = 1.0 / 60});
      program.push_back({.operation = RateOperation::multiply});
      reaction.rate = RateExpression(program);
    }
    if (reaction.label.empty()) reaction.label = builder_.next_label();
    reaction.text = reaction_text(builder_.mechanism(), reaction, type);
    builder_.add_reaction(std::move(reaction), fields.node().where());
  }

  std::size_t index(const YamlNode& name) const {
    const auto found = builder_.find(yaml_text(name));
    if (!found) name.fail("a gas-phase species that a CHEM_SPEC declares");
    return *found;
  }

  /// {A: {}, B: {qty: 2}} or {A: {}, B: {yield: 0.5}}.
  std::vector<Term> side(const YamlNode& map, std::string_view number_key) const {
    if (map.kind != YamlNode::Kind::map) map.fail("species with their numbers, a map");
    if (map.keys.size() > most_terms) map.fail("at most 1000 species on a side of a reaction", "more");
    std::vector<Term> terms;
    for (std::size_t i = 0; i < map.keys.size(); ++i) {
      const std::array keys{number_key};
      const YamlFields fields(map.items[i], keys, "a reactant or product");
      terms.push_back({index(map.keys[i]), fields.number(number_key, 1)});
    }
    return terms;
  }

  std::vector<Term> reactants(const YamlNode& map) const {
    std::vector<Term> terms = side(map, "qty");
    double total = 0;
    for (const Term& term : terms) {
      if (!(term.coefficient >= 1 && term.coefficient == std::floor(term.coefficient)))
        map.fail("a whole number 'qty' of each reactant", "another");
      total += term.coefficient;
    }
    if (total > highest_order) map.fail("at most order 9 in all", "more");
    return terms;
  }

  std::vector<Term> products(const YamlNode& map) const { return side(map, "yield"); }

  static int order(const Reaction& reaction) {
    double order = 0;
    for (const Term& term : reaction.reactants) order += term.coefficient;
    return static_cast<int>(order);
  }

  const ReadOptions& options_;
  std::string file_;
  MechanismBuilder builder_;
  OpenAtmosRates rates_{builder_, OpenAtmosUnits::molecules, "MUSICA name"};
  OpenAtmosRates rates_by_id_{builder_, OpenAtmosUnits::molecules, "rxn id"};
  std::deque<YamlNode> roots_;
  std::vector<const YamlNode*> entries_;
  std::map<std::string, Properties> species_;
  std::vector<std::string> order_;  ///< of the species, as they come up
  std::size_t components_ = 0;
};

}  // namespace chemnne::detail
