#pragma once
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/chemistry/mechanism_builder.hpp>
#include <chemnne/chemistry/open_atmos_document.hpp>
#include <chemnne/chemistry/open_atmos_formulas.hpp>
#include <chemnne/chemistry/open_atmos_rates.hpp>
#include <chemnne/chemistry/rate_context.hpp>
#include <chemnne/chemistry/yaml_document.hpp>
#include <chemnne/chemistry/yaml_fields.hpp>

namespace chemnne::detail {

/// The species of a phase with their diffusion coefficients [m2 s-1], not a number where the file gives none.
using GasPhase = std::map<std::string, double, std::less<>>;

/// The sections `species` and `phases` of an OpenAtmos document.
class OpenAtmosSpecies {
 public:
  /// Adds the species to the mechanism, variable ones first, each kind in the order of the file.
  /// Errors: Error with the place of what is wrong.
  OpenAtmosSpecies(const OpenAtmosDocument& document, MechanismBuilder& builder) : builder_(builder) {
    std::vector<Species> fixed;
    for (const YamlNode* const entry : document.species) add_species(*entry, fixed);
    builder_.mechanism().variable_species = builder_.mechanism().species.size();
    for (Species& one : fixed) builder_.add_species(std::move(one));
    for (const YamlNode* const entry : document.phases) add_phase(*entry);
  }

  /// Errors: Error when `phases` declares no such one.
  const GasPhase& phase(const YamlNode& name) const {
    const auto found = phases_.find(yaml_text(name));
    if (found == phases_.end()) name.fail("a phase that 'phases' declares");
    return found->second;
  }

  /// The index of a species. Errors: Error when it is not declared, or not in the phase.
  std::size_t in_phase(const YamlNode& name, const GasPhase& phase) const {
    const std::size_t index = declared(name);
    if (phase.find(name.text) == phase.end()) name.fail("a species of the reaction's gas phase");
    return index;
  }

  /// The index of a species of any phase. Errors: Error when it is not declared.
  std::size_t declared(const YamlNode& name) const {
    const auto found = builder_.find(yaml_text(name));
    if (!found) name.fail("a species that 'species' declares");
    return *found;
  }

  GasProperties properties(std::size_t species, const GasPhase& phase) const {
    const Species& one = builder_.mechanism().species[species];
    return {1e-3 * one.molar_mass, phase.find(one.name)->second};
  }

 private:
  /// Some serve a solver, aerosols or clouds alone.
  static constexpr std::array<std::string_view, 12> species_keys{"name",
                                                                 "molecular weight [kg mol-1]",
                                                                 "constant concentration [mol m-3]",
                                                                 "constant mixing ratio [mol mol-1]",
                                                                 "is third body",
                                                                 "tracer type",
                                                                 "absolute tolerance",
                                                                 "diffusion coefficient [m2 s-1]",
                                                                 "density [kg m-3]",
                                                                 "HLC(298K) [mol m-3 Pa-1]",
                                                                 "HLC exponential factor [K]",
                                                                 "N star"};
  static constexpr std::array<std::string_view, 2> phase_keys{"name", "species"};
  static constexpr std::array<std::string_view, 3> member_keys{"name", "diffusion coefficient [m2 s-1]",
                                                               "density [kg m-3]"};
  static constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

  void add_species(const YamlNode& entry, std::vector<Species>& fixed) {
    const YamlFields fields(entry, species_keys, "a species");
    Species species{.name = fields.text("name")};
    if (!names_.insert(species.name).second) fields.require("name").fail("every species declared once");
    const double weight = fields.not_negative("molecular weight [kg mol-1]", 0);
    if (weight > 0) species.molar_mass = 1e3 * weight;
    diffusion_[species.name] = fields.not_negative("diffusion coefficient [m2 s-1]", unknown);
    const bool third_body = is_third_body(fields);
    const YamlNode* const concentration = fields.find("constant concentration [mol m-3]");
    const YamlNode* const mixing_ratio = fields.find("constant mixing ratio [mol mol-1]");
    const int constraints = (third_body ? 1 : 0) + (concentration ? 1 : 0) + (mixing_ratio ? 1 : 0);
    if (constraints == 0) return builder_.add_species(std::move(species));
    if (constraints > 1)
      entry.fail("a constant concentration, a constant mixing ratio or a third body",
                 "more than one of them");
    if (third_body) species.abundance = Abundance{&RateContext::air, 1};
    if (mixing_ratio)
      species.abundance =
          Abundance{&RateContext::air, fields.not_negative("constant mixing ratio [mol mol-1]", 0)};
    if (concentration)
      builder_.mechanism().initial_values[species.name] =
          fields.not_negative("constant concentration [mol m-3]", 0) / mol_per_cubic_metre;
    fixed.push_back(std::move(species));
  }

  /// `tracer type: THIRD_BODY` is how the first files of version 1 said it.
  static bool is_third_body(const YamlFields& fields) {
    const YamlNode* const flag = fields.find("is third body");
    const YamlNode* const type = fields.find("tracer type");
    if (type && yaml_text(*type) != "THIRD_BODY") type->fail("'THIRD_BODY'");
    if (flag && type && !yaml_boolean(*flag)) flag->fail("true, as 'tracer type' says");
    return type || (flag && yaml_boolean(*flag));
  }

  void add_phase(const YamlNode& entry) {
    const YamlFields fields(entry, phase_keys, "a phase");
    const auto [phase, is_new] = phases_.emplace(fields.text("name"), GasPhase{});
    if (!is_new) fields.require("name").fail("every phase declared once");
    const YamlNode& list = fields.require("species");
    if (list.kind != YamlNode::Kind::sequence) list.fail("a list of species");
    for (const YamlNode& member : list.items) add_member(member, phase->second);
  }

  /// `{name: O3, ...}`, or the bare name.
  void add_member(const YamlNode& member, GasPhase& phase) const {
    if (member.kind == YamlNode::Kind::scalar) return add_member(member, unknown, phase);
    const YamlFields fields(member, member_keys, "a species of a phase");
    add_member(fields.require("name"), fields.not_negative("diffusion coefficient [m2 s-1]", unknown), phase);
  }

  /// A coefficient that the phase does not give may stand with the species.
  void add_member(const YamlNode& name, double diffusion, GasPhase& phase) const {
    declared(name);
    if (std::isnan(diffusion)) diffusion = diffusion_.find(name.text)->second;
    if (!phase.emplace(name.text, diffusion).second) name.fail("every species once in a phase");
  }

  MechanismBuilder& builder_;
  std::set<std::string> names_;
  std::map<std::string, double> diffusion_;
  std::map<std::string, GasPhase> phases_;
};

}  // namespace chemnne::detail
