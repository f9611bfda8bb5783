#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/chemistry/photolysis_table.hpp>
#include <chemnne/chemistry/rate_graph.hpp>
#include <chemnne/chemistry/rate_symbol.hpp>
#include <chemnne/chemistry/stoichiometry.hpp>
#include <chemnne/chemistry/symbolic_rates.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/number_text.hpp>

namespace chemnne {

/// All rate constants of a mechanism as one straight-line program: elementary operations on the environment,
/// each computed once however many rates need it, and none that no rate needs.
///
/// The values are those of ChemicalSystem. Of each reaction the effective rate constant k_r prod_j
/// f_j^order_jr with the densities f of its fixed species; where the rate is k_r + b_r S, S the sum of the
/// peroxy radicals, also the effective slope b_r prod_j f_j^order_jr. They agree to 1e-12 of themselves in
/// any environment that `check_environment` accepts. A program checks nothing: where a rate cannot be, it is
/// not finite. Units: of rate constants in molecules, cm3 and s; fixed species in molecules cm-3. Shape:
/// `inputs()` numbers, first the environment (RateInput), then the mechanism's parameters, then those fixed
/// species that do not follow the environment (Species::abundance). A node reads nodes before it.
class RateProgram {
 public:
  using Index = RateGraph::Index;

  /// The node that gives b_r of a reaction whose rate is k_r + b_r times the sum of peroxy radicals.
  struct Slope {
    std::size_t reaction;
    Index node;
  };
  /// What RateContext tells the functions that are called, beside the parameters; empty where none is.
  struct Context {
    std::vector<std::pair<RateVariable, Index>> variables;
    std::vector<std::pair<std::size_t, Index>> photolysis;  ///< by n of J(n), those that are not always 0
  };

  /// J from the table, or without one the clear-sky J of the mechanism's MCM (Environment::photolysis).
  /// Errors: Error naming a reaction whose rate constant is finite in no environment (as an unresolved one),
  /// or is not linear in RO2, or whose order is not a whole number of 1 or more.
  explicit RateProgram(const Mechanism& mechanism,
                       const std::shared_ptr<const PhotolysisTable>& photolysis = {})
      : parameters_(mechanism.parameters.size()) {
    name_inputs(mechanism);
    detail::SymbolicRates rates(photolysis.get(), mechanism.photolysis.version);
    add_rates(mechanism, rates);
    calls_ = std::move(rates.calls());
    if (!calls_.empty()) add_context(rates);
    keep_what_counts(rates.graph().nodes());
  }

  std::size_t size() const { return nodes_.size(); }
  std::span<const RateNode> nodes() const { return nodes_; }

  std::size_t reactions() const { return rates_.size(); }
  /// The node of a reaction's effective rate constant.
  Index rate(std::size_t reaction) const { return rates_[reaction]; }
  /// Of all reactions whose rate follows RO2, ascending.
  std::span<const Slope> slopes() const { return slopes_; }

  std::size_t inputs() const { return names_.size(); }
  /// As the members of Environment, the parameters and the fixed species are called.
  std::span<const std::string> input_names() const { return names_; }
  std::size_t parameters() const { return parameters_; }
  /// The fixed species among the inputs, by their places in Mechanism::species.
  std::span<const std::size_t> fixed_species() const { return fixed_species_; }

  /// Functions without a formula to write down, by `a` of nodes `call`.
  std::span<const RateCall> calls() const { return calls_; }
  const Context& context() const { return context_; }

  /// visit(node) for each node that node i reads.
  template <class Visitor>
  void for_each_operand(Index i, const Visitor& visit) const {
    for_each_operand(nodes_[i], visit);
  }

 private:
  void name_inputs(const Mechanism& mechanism) {
    names_ = {"temperature", "pressure", "relative_humidity", "cosine_zenith", "photolysis_scaling"};
    for (const Parameter& parameter : mechanism.parameters) names_.push_back(parameter.name);
    for (std::size_t i = mechanism.variable_species; i < mechanism.species.size(); ++i) {
      if (mechanism.species[i].abundance) continue;
      fixed_species_.push_back(i);
      names_.push_back(mechanism.species[i].name);
    }
  }

  void add_rates(const Mechanism& mechanism, detail::SymbolicRates& rates) {
    std::vector<RateSymbol> fixed;
    for (std::size_t i = mechanism.variable_species; i < mechanism.species.size(); ++i)
      fixed.push_back(density_of(mechanism, i - mechanism.variable_species, rates));
    rates.set_fixed(fixed);
    std::vector<RateSymbol> densities(mechanism.reactions.size(), 1);
    const Stoichiometry stoichiometry(mechanism);
    for (const Stoichiometry::FixedFactor& factor : stoichiometry.fixed_factors())
      densities[factor.reaction] = densities[factor.reaction] * pow(fixed[factor.fixed], factor.order);
    for (std::size_t r = 0; r < mechanism.reactions.size(); ++r) {
      const Reaction& reaction = mechanism.reactions[r];
      const auto node = [&](const std::optional<RateSymbol>& symbol) {
        const RateSymbol one = symbol.value_or(0);
        const Index before = one.node_in(rates.graph());  // first: it may make a node
        require_finite(reaction, rates.graph().nodes()[before]);
        return (one * densities[r]).node_in(rates.graph());
      };
      const detail::LinearRate rate = rate_of(reaction, rates);
      rates_.push_back(node(rate.value));
      if (reaction.rate.uses_peroxy_radicals()) slopes_.push_back({r, node(rate.slope)});
    }
  }

  static detail::LinearRate rate_of(const Reaction& reaction, detail::SymbolicRates& rates) {
    try {
      return rates.rate(reaction.rate);
    } catch (const Error& error) {
      throw Error("reaction <" + reaction.label + ">", error.expected(), error.found());
    }
  }

  /// Only constants can be judged here.
  static void require_finite(const Reaction& reaction, const RateNode& node) {
    if (node.operation == RateNodeOperation::constant && !std::isfinite(node.number))
      throw Error("reaction <" + reaction.label + ">", "a finite rate constant", number_text(node.number));
  }

  RateSymbol density_of(const Mechanism& mechanism, std::size_t fixed, detail::SymbolicRates& rates) const {
    const std::size_t species = mechanism.variable_species + fixed;
    if (const auto& abundance = mechanism.species[species].abundance)
      return abundance->factor * rates.variable(abundance->variable);
    const auto found = std::find(fixed_species_.begin(), fixed_species_.end(), species);
    return rates.input(environment_inputs + parameters_ +
                       static_cast<std::size_t>(found - fixed_species_.begin()));
  }

  void add_context(detail::SymbolicRates& rates) {
    RateGraph& graph = rates.graph();
    for (const auto& [variable, symbol] : rates.variables())
      context_.variables.emplace_back(variable, symbol.node_in(graph));
    const auto& photolysis = rates.symbols().photolysis;
    const Index never = graph.constant(0);
    for (std::size_t n = 0; n < photolysis.size(); ++n)
      if (photolysis[n].node_in(graph) != never)
        context_.photolysis.emplace_back(n, photolysis[n].node_in(graph));
  }

  template <class Visitor>
  void for_each_operand(const RateNode& node, const Visitor& visit) const {
    if (operand_count(node.operation) > 0) visit(node.a);
    if (operand_count(node.operation) > 1) visit(node.b);
    if (operand_count(node.operation) > 2) visit(node.c);
    if (node.operation != RateNodeOperation::call) return;
    for (const Index argument : calls_[node.a].arguments) visit(argument);
    for (const auto& [variable, value] : context_.variables) visit(value);
    for (const auto& [number, value] : context_.photolysis) visit(value);
  }

  void keep_what_counts(std::span<const RateNode> all) {
    std::vector<bool> counts(all.size(), false);
    for (const Index rate : rates_) counts[rate] = true;
    for (const Slope& slope : slopes_) counts[slope.node] = true;
    for (std::size_t i = all.size(); i-- > 0;)
      if (counts[i]) for_each_operand(all[i], [&](Index operand) { counts[operand] = true; });
    std::vector<Index> place(all.size(), 0);
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (!counts[i]) continue;
      place[i] = static_cast<Index>(nodes_.size());
      nodes_.push_back(all[i]);
      const std::size_t operands = operand_count(all[i].operation);
      if (operands > 0) nodes_.back().a = place[all[i].a];
      if (operands > 1) nodes_.back().b = place[all[i].b];
      if (operands > 2) nodes_.back().c = place[all[i].c];
    }
    for (Index& rate : rates_) rate = place[rate];
    for (Slope& slope : slopes_) slope.node = place[slope.node];
    for (RateCall& call : calls_)
      for (Index& argument : call.arguments) argument = place[argument];
    for (auto& [variable, value] : context_.variables) value = place[value];
    for (auto& [number, value] : context_.photolysis) value = place[value];
  }

  std::size_t parameters_;
  std::vector<std::string> names_;
  std::vector<std::size_t> fixed_species_;
  std::vector<RateNode> nodes_;
  std::vector<Index> rates_;
  std::vector<Slope> slopes_;
  std::vector<RateCall> calls_;
  Context context_;
};

}  // namespace chemnne
