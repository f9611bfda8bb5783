#pragma once
#include <algorithm>
#include <cstddef>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/chemistry/rate_compiler.hpp>
#include <chemnne/chemistry/source_text.hpp>
#include <chemnne/chemistry/stated_photolysis.hpp>
#include <chemnne/support/error.hpp>

namespace chemnne {

/// How a mechanism is read, whatever its format.
struct ReadOptions {
  /// Rate functions beside the built-in ones, such as a model's own.
  RateFunctions functions = {};
  /// Rates that name unknown functions or constants, and statements that are not understood: false: an error;
  /// true: they are listed in Mechanism::unresolved and Mechanism::not_understood, and the mechanism can be
  /// counted and balanced, but not integrated.
  bool collect_unresolved = false;
};

namespace detail {

/// What readers of all formats do: species by name, rates by text, reactions one after another.
class MechanismBuilder {
 public:
  MechanismBuilder(std::string name, const ReadOptions& options) : options_(options) {
    mechanism_.name = std::move(name);
    names.functions = options.functions;
  }

  /// What rates may name; readers add to it before the rates that use it.
  RateNames names;

  Mechanism& mechanism() { return mechanism_; }

  std::optional<std::size_t> find(std::string_view species) const {
    const auto found = index_.find(species);
    if (found == index_.end()) return std::nullopt;
    return found->second;
  }

  void add_species(Species species) {
    index_.emplace(species.name, mechanism_.species.size());
    mechanism_.species.push_back(std::move(species));
  }

  void add_parameter(const std::string& name, const std::string& units) {
    names.parameters.emplace(upper_case(name), mechanism_.parameters.size());
    mechanism_.parameters.push_back({name, units});
  }

  /// Leaves only parameters that a rate uses, for formats that reserve some names.
  void drop_unused_parameters() {
    std::map<std::size_t, std::size_t> places;
    for (const Reaction& reaction : mechanism_.reactions)
      for (const RateInstruction& instruction : reaction.rate.program())
        if (instruction.operation == RateOperation::parameter) places.emplace(instruction.index, 0);
    std::vector<Parameter> kept;
    for (auto& [index, place] : places) {
      place = kept.size();
      kept.push_back(mechanism_.parameters[index]);
    }
    mechanism_.parameters = std::move(kept);
    for (Reaction& reaction : mechanism_.reactions) {
      std::vector<RateInstruction> program(reaction.rate.program().begin(), reaction.rate.program().end());
      for (RateInstruction& instruction : program)
        if (instruction.operation == RateOperation::parameter)
          instruction.index = places.at(instruction.index);
      reaction.rate = RateExpression(program);
    }
  }

  /// RO2 is the sum of these; a second sum adds to the first.
  void add_peroxy_radical(std::size_t species) {
    mechanism_.peroxy_radicals.push_back(species);
    has_sum_ = true;
  }
  void declare_peroxy_radical_sum() { has_sum_ = true; }

  /// The label of the next reaction when the file gives none: its number.
  std::string next_label() const { return std::to_string(mechanism_.reactions.size() + 1); }

  /// Compiles the rate and adds the reaction. Errors: as compile_rate; Error for RO2 in a mechanism without
  /// such a sum (only in `take`, since the sum may come later).
  void add_reaction(Reaction reaction, SourceSpan rate) {
    names.statements -= std::min(names.statements, RateNames::statements_a_reaction);
    try {
      reaction.rate = compile_rate(rate, names, context(reaction.label));
    } catch (const UnknownRateName& error) {
      if (!options_.collect_unresolved) throw;
      mechanism_.unresolved.push_back({mechanism_.reactions.size(), error.name()});
      reaction.rate = RateExpression(std::numeric_limits<double>::quiet_NaN());
    }
    add_reaction(std::move(reaction), rate.where());
  }

  /// Adds a reaction whose rate is finished; `where` is its place in the file. Errors: as above.
  void add_reaction(Reaction reaction, const std::string& where) {
    reaction.photolysis = reaction.photolysis || reaction.rate.uses_photolysis();
    if (reaction.rate.uses_peroxy_radicals() && first_use_of_sum_.empty())
      first_use_of_sum_ = where + context(reaction.label);
    mechanism_.reactions.push_back(std::move(reaction));
  }

  static std::string context(const std::string& label) { return ", reaction <" + label + ">"; }

  /// Adds a term, to one of the same species if there is one.
  static void merge(std::vector<Term>& terms, const Term& term) {
    for (Term& other : terms)
      if (other.species == term.species) {
        other.coefficient += term.coefficient;
        return;
      }
    terms.push_back(term);
  }

  /// The finished mechanism.
  Mechanism take() {
    if (!first_use_of_sum_.empty() && !has_sum_) leave_sum_unresolved();
    auto& sum = mechanism_.peroxy_radicals;
    std::sort(sum.begin(), sum.end());
    sum.erase(std::unique(sum.begin(), sum.end()), sum.end());
    if (mechanism_.photolysis.reason.empty()) mechanism_.photolysis = photolysis_by_numbers(mechanism_);
    return std::move(mechanism_);
  }

 private:
  void leave_sum_unresolved() {
    if (!options_.collect_unresolved)
      throw Error(first_use_of_sum_, "a mechanism that says which species RO2 is the sum of", "none");
    for (std::size_t r = 0; r < mechanism_.reactions.size(); ++r) {
      if (!mechanism_.reactions[r].rate.uses_peroxy_radicals()) continue;
      mechanism_.unresolved.push_back({r, "RO2"});
      mechanism_.reactions[r].rate = RateExpression(std::numeric_limits<double>::quiet_NaN());
    }
  }

  const ReadOptions& options_;
  Mechanism mechanism_;
  std::map<std::string, std::size_t, std::less<>> index_;
  bool has_sum_ = false;
  std::string first_use_of_sum_;
};

/// "dir/small_strato.def" -> "small_strato".
inline std::string stem_of(const std::string& path) {
  const std::string file = path.substr(path.rfind('/') + 1);
  return file.substr(0, file.rfind('.'));
}

}  // namespace detail
}  // namespace chemnne
