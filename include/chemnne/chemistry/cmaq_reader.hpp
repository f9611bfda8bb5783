#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <chemnne/chemistry/cmaq_document.hpp>
#include <chemnne/chemistry/cmaq_parser.hpp>
#include <chemnne/chemistry/cmaq_rates.hpp>
#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/chemistry/mechanism_builder.hpp>
#include <chemnne/chemistry/rate_compiler.hpp>
#include <chemnne/chemistry/source_cursor.hpp>
#include <chemnne/chemistry/source_text.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/number_text.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne {

namespace detail {

/// Gives a CmaqDocument its meaning: names become indices, rates become programs.
class CmaqAssembler {
 public:
  CmaqAssembler(const CmaqDocument& document, const ReadOptions& options, const std::string& file)
      : document_(document),
        options_(options),
        file_(file),
        builder_(document.name.empty() ? stem_of(file) : document.name, options) {}

  Mechanism assemble() {
    if (document_.reactions.empty()) throw Error(file_, "a mechanism with REACTIONS", "no reaction");
    collect_species();
    define_names();
    std::vector<int> orders;
    for (const CmaqReaction& reaction : document_.reactions) orders.push_back(order(reaction));
    CmaqRates rates(document_, std::move(orders), builder_);
    for (std::size_t i = 0; i < document_.reactions.size(); ++i) add_reaction(i, rates);
    return builder_.take();
  }

 private:
  static constexpr std::size_t highest_order = 9;
  static constexpr std::size_t most_terms = 1000;
  static constexpr std::size_t deepest_operator = 20;

  /// Names that stand for what is constant, with the entry of CONSTANTS; H2O is the host's.
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> constant_species{
      {{"M", "ATM_AIR"},
       {"O2", "ATM_O2"},
       {"N2", "ATM_N2"},
       {"H2O", ""},
       {"CH4", "ATM_CH4"},
       {"H2", "ATM_H2"}}};

  /// All in capitals or all in small letters, as CMAQ takes them.
  static std::string_view constant_name(std::string_view name) {
    const std::string upper = upper_case(name);
    const bool is_small = std::none_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    for (const auto& [known, entry] : constant_species)
      if (known == (is_small ? std::string_view(upper) : name)) return known;
    return {};
  }

  Abundance abundance(std::string_view name, std::string_view entry) const {
    if (name == "H2O") return {&RateContext::water};
    return {&RateContext::air, 1e-6 * document_.constants.find(entry)->second};
  }

  void collect_species() {
    std::vector<std::string_view> constants;
    for (const CmaqReaction& reaction : document_.reactions)
      for (const std::vector<CmaqTerm>* const side : {&reaction.left, &reaction.right})
        for (const CmaqTerm& term : *side) {
          const std::string_view name = term.name.text(), constant = constant_name(name);
          if (!constant.empty())
            constants.push_back(constant);
          else if (!document_.eliminated.count(name) && !builder_.find(name))
            builder_.add_species({.name = std::string(name)});
        }
    builder_.mechanism().variable_species = builder_.mechanism().species.size();
    for (const auto& [name, entry] : constant_species)
      if (std::count(constants.begin(), constants.end(), name)) {
        Species species{.name = std::string(name)};
        species.abundance = abundance(name, entry);
        builder_.add_species(std::move(species));
      }
  }

  /// What formulas may name: pressure is in atmospheres there.
  void define_names() {
    const auto define = [&](std::string_view name, const std::string& text) {
      const SourceText source("CMAQ's " + std::string(name), text);
      define_constant(builder_.names, name, {&source, 0, source.text().size()});
    };
    for (const auto& [name, entry] : constant_species)
      if (!entry.empty() && name != "M")
        define(name, number_text(1e-6 * document_.constants.find(entry)->second, 17) + "*M");
    define("PRES", "PRESS/101325");
    define("PRESS", "PRES");
    for (const CmaqFunction& function : document_.functions)
      define_constant(builder_.names, function.name.text(), function.text);
  }

  static int order(const CmaqReaction& reaction) {
    if (reaction.left.size() > highest_order)
      throw Error(reaction.whole.where(), "at most 9 reactants", std::to_string(reaction.left.size()));
    return static_cast<int>(reaction.left.size());
  }

  std::size_t known_species(const SourceSpan& name, const std::string& context) const {
    const std::string_view constant = constant_name(name.text());
    if (const auto found = builder_.find(constant.empty() ? name.text() : constant)) return *found;
    throw Error(name.where() + context, "a species that a reaction has and ELIMINATE does not list",
                "'" + std::string(name.text()) + "'");
  }

  void add_reaction(std::size_t index, CmaqRates& rates) {
    const CmaqReaction& read = document_.reactions[index];
    Reaction reaction;
    reaction.label = rates.label(index);
    reaction.text = collapse_blanks(read.whole.text());
    reaction.line = read.whole.source->line(read.whole.begin);
    const std::string context = MechanismBuilder::context(reaction.label);
    for (const CmaqTerm& term : read.left)
      MechanismBuilder::merge(reaction.reactants, {known_species(term.name, context), 1});
    for (const CmaqTerm& term : read.right)
      if (!document_.eliminated.count(term.name.text()))
        MechanismBuilder::merge(reaction.products, {known_species(term.name, context), term.coefficient});
    if (const auto use = rates.operator_of(index)) return add_terms(reaction, *use, read, rates);
    reaction.photolysis = rates.is_photolysis(index);
    try {
      reaction.rate = RateExpression(rates.rate(index));
    } catch (const UnknownRateName& error) {
      if (!options_.collect_unresolved) throw;
      builder_.mechanism().unresolved.push_back({builder_.mechanism().reactions.size(), error.name()});
      reaction.rate = RateExpression(std::numeric_limits<double>::quiet_NaN());
    }
    builder_.add_reaction(std::move(reaction), read.whole.where());
  }

  /// A rate that is a sum of k_R c_X: a reaction each, in which X takes part and is given back.
  void add_terms(const Reaction& common, const CmaqRates::OperatorUse& use, const CmaqReaction& read,
                 CmaqRates& rates) {
    std::vector<CmaqOperatorTerm> terms = expanded(use.name, 0);
    const std::string context = MechanismBuilder::context(common.label);
    for (std::size_t i = 0; i < terms.size(); ++i) {
      Reaction reaction = common;
      if (terms.size() > 1) reaction.label += "." + std::to_string(i + 1);
      for (const SourceSpan& name : terms[i].species)
        for (std::vector<Term>* const side : {&reaction.reactants, &reaction.products})
          MechanismBuilder::merge(*side, {known_species(name, context), 1});
      if (read.left.size() + terms[i].species.size() > highest_order)
        throw Error(use.name.where() + context, "at most order 9 in all", "more");
      std::vector<RateInstruction> program{{.number = use.factor * terms[i].coefficient}};
      for (const SourceSpan& label : terms[i].rates) {
        const auto& factor = rates.rate(label);
        program.insert(program.end(), factor.begin(), factor.end());
        program.push_back({.operation = RateOperation::multiply});
      }
      SourceCursor cursor(read.rate);
      cursor.set_context(context);
      rates.check(program, cursor);
      reaction.rate = RateExpression(program);
      builder_.add_reaction(std::move(reaction), read.whole.where());
    }
  }

  /// The terms of an operator with those of the operators in it.
  std::vector<CmaqOperatorTerm> expanded(const SourceSpan& name, std::size_t depth) const {
    const auto found = document_.operators.find(name.text());
    if (found == document_.operators.end() || depth > deepest_operator)
      throw Error(name.where(), "an operator that SPECIAL defines, not by itself",
                  "'" + std::string(name.text()) + "'");
    std::vector<CmaqOperatorTerm> result;
    for (const CmaqOperatorTerm& term : found->second) {
      std::vector<CmaqOperatorTerm> products{{term.coefficient, term.rates, term.species, {}}};
      for (const SourceSpan& other : term.operators)
        products = multiplied(products, expanded(other, depth + 1), other);
      result.insert(result.end(), products.begin(), products.end());
      if (result.size() > most_terms) throw Error(name.where(), "an operator of at most 1000 terms", "more");
    }
    return result;
  }

  static std::vector<CmaqOperatorTerm> multiplied(const std::vector<CmaqOperatorTerm>& left,
                                                  const std::vector<CmaqOperatorTerm>& right,
                                                  const SourceSpan& place) {
    if (left.size() * right.size() > most_terms)
      throw Error(place.where(), "an operator of at most 1000 terms", "more");
    std::vector<CmaqOperatorTerm> result;
    for (const CmaqOperatorTerm& one : left)
      for (const CmaqOperatorTerm& other : right) {
        result.push_back(one);
        result.back().coefficient *= other.coefficient;
        result.back().rates.insert(result.back().rates.end(), other.rates.begin(), other.rates.end());
        result.back().species.insert(result.back().species.end(), other.species.begin(), other.species.end());
      }
    return result;
  }

  const CmaqDocument& document_;
  const ReadOptions& options_;
  std::string file_;
  MechanismBuilder builder_;
};

}  // namespace detail

/// A mechanism from text in CMAQ's form (`mech_*.def`, for CHEMMECH); `name` stands in messages.
///
/// Read: the name, SPECIAL, ELIMINATE, REACTIONS[CM] or [PP], CONSTANTS, FUNCTIONS, each closed by END and a
/// word; comments from '!', in {} and in (). `<label> A + B = 0.5*C - D # rate ;`: species are those of the
/// reactions, as they are spelt, of unknown composition; M, O2, N2, CH4 and H2 are fixed shares of the air by
/// CONSTANTS, H2O follows the environment. Rates: `A^B@C` is A (T/300)^B exp(-C/T) with what is there; two of
/// them with '&' a fall-off (see cmaq_fall_off; F and N behind them, 0.6 and 1 without); `A*K<R>` is A k_R,
/// `A@C*E<R>` is k_R exp(C/T)/A; `%1 #A` is A (1 + 0.6 P/atm), `%2` k0 + k3 [M]/(1 + k3 [M]/k2), `%3` k0 + k1
/// [M] (+ k2), `%4` and `%5` a formula of TEMP, PRES (atm), M, O2, N2, H2O, CH4, H2 and FUNCTIONS. What the
/// host gives is a parameter of the mechanism: `A/<J>` by the label J [s-1], `A~<H>` by the label H, `%H`
/// (loss of ozone over the sea) by the reaction's label. `A?OPERATOR`, whose rate is a sum of k_R c_X,
/// becomes one reaction a term, in which X takes part and is given back. Units: molecules cm-3, s, K;
/// REACTIONS[PP] is converted from ppm and minutes. Bounds: 1000 terms a side, order 9, 100 rates that lead
/// to one another. Errors: Error with file, line, column, reaction, what was expected and found. Source:
/// USEPA/CMAQ, UTIL/chemmech/README.md and the mechanisms in CCTM/src/MECHS.
inline Mechanism parse_cmaq(std::string text, const std::string& name, const ReadOptions& options = {}) {
  const SourceText source(name, detail::without_cmaq_comments(std::move(text), name));
  const detail::CmaqDocument document = detail::CmaqParser(source).parse();
  return detail::CmaqAssembler(document, options, name).assemble();
}

/// The same from a file. Errors: also Error when the file cannot be read.
inline Mechanism read_cmaq(const std::string& path, const ReadOptions& options = {}) {
  return parse_cmaq(read_text_file(path), path, options);
}

}  // namespace chemnne
