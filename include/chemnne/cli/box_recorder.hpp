#pragma once
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <chemnne/chemistry/chemical_system.hpp>
#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/chemistry/photolysis.hpp>
#include <chemnne/cli/time_series.hpp>
#include <chemnne/data/reaction_budget.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/version.hpp>

namespace chemnne {

/// A box at one of its output times.
struct BoxInstant {
  double time;  ///< s
  double cosine_zenith;
  const ChemicalSystem& system;  ///< set to the conditions of that time
  std::span<const double> state;
  std::span<const double> before;  ///< the state at the output time before; at the first this one
};

/// What is written of a box: quantities, each with how it is taken from a BoxInstant.
class BoxRecorder {
 public:
  /// Appends the values of an instant, one or one an entry of the axis.
  using Take = std::function<void(const BoxInstant&, std::vector<double>&)>;

  /// Time, cosine of the zenith angle and number densities of `species`, places in the mechanism, which must
  /// outlive the recorder.
  BoxRecorder(const Mechanism& mechanism, std::span<const std::size_t> species, const std::string& time_units)
      : mechanism_(&mechanism), recorded_(species.begin(), species.end()) {
    series_.attributes = {{"Conventions", "CF-1.8"},
                          {"title", "box model of the mechanism " + mechanism.name},
                          {"source", "chemnne " + std::string(version)}};
    add({.name = "time", .units = time_units, .long_name = "time", .standard_name = "time"},
        [](const BoxInstant& now, auto& into) { into.push_back(now.time); });
    add({.name = "cosine_zenith", .units = "1", .long_name = "cosine of the solar zenith angle"},
        [](const BoxInstant& now, auto& into) { into.push_back(now.cosine_zenith); });
    first_species_ = series_.quantities.size();
    for (const std::size_t s : species)
      add({.name = mechanism.species[s].name,
           .units = "molecules cm-3",
           .long_name = "number density of " + mechanism.species[s].name},
          [s](const BoxInstant& now, auto& into) {
            into.push_back(s < now.state.size() ? now.state[s] : now.system.fixed()[s - now.state.size()]);
          });
  }

  /// Quantities by the names that `--write` has for them.
  static const std::set<std::string>& kinds() {
    static const std::set<std::string> names{"constants", "rates", "photolysis", "ro2", "jacobian"};
    return names;
  }

  /// Records one of `kinds`; `system`: that of the mechanism. Errors: Error for RO2 or J that the mechanism
  /// does not have.
  void add_kind(const std::string& kind, const ChemicalSystem& system) {
    if (kind == "constants") add_constants();
    if (kind == "rates") add_rates();
    if (kind == "photolysis") add_photolysis();
    if (kind == "ro2") add_peroxy_radical_sum();
    if (kind == "jacobian") add_jacobian(system);
  }

  /// Records the budget of each of its species, from one output time to the next.
  void add_budget(const std::shared_ptr<const ReactionBudget>& budget) {
    for (std::size_t k = 0; k < budget->species().size(); ++k) {
      const std::string& species = mechanism_->species[budget->species()[k]].name;
      const std::string name = "budget_" + species;
      const auto change = [budget, k](const BoxInstant& now) {
        return budget->change(k, now.before, now.state);
      };
      if (!budget->shares(k).empty()) {
        std::vector<std::size_t> reactions;
        for (const ReactionBudget::Share& share : budget->shares(k)) reactions.push_back(share.reaction);
        add_reaction_axis(name + "_reaction", name + "_label", name + "_equation", reactions);
        add({.name = name,
             .units = "molecules cm-3",
             .long_name = "production (above 0) and loss (below) of " + species + " by each reaction",
             .comment = "integral since the time before",
             .axis = name + "_reaction"},
            [change](const BoxInstant& now, auto& into) {
              const std::vector<double> values = change(now).by_share;
              into.insert(into.end(), values.begin(), values.end());
            });
      }
      add({.name = name + "_change",
           .units = "molecules cm-3",
           .long_name = "change of " + species + " since the time before"},
          [change](const BoxInstant& now, auto& into) { into.push_back(change(now).change); });
      add({.name = name + "_closure_error",
           .units = "molecules cm-3",
           .long_name = "change of " + species + " that is by no reaction"},
          [change](const BoxInstant& now, auto& into) { into.push_back(change(now).closure_error()); });
    }
  }

  /// Forgets the instants, not what to record.
  void clear() {
    for (TimeSeries::Quantity& quantity : series_.quantities) quantity.value.clear();
    before_.clear();
  }

  /// `system` must be set to the conditions of the time.
  void record(double time, double cosine_zenith, const ChemicalSystem& system,
              std::span<const double> state) {
    const BoxInstant now{time, cosine_zenith, system, state, before_.empty() ? state : before_};
    for (std::size_t q = 0; q < take_.size(); ++q) take_[q](now, series_.quantities[q].value);
    before_.assign(state.begin(), state.end());
  }

  const TimeSeries& series() const { return series_; }
  /// The number densities among what is recorded.
  std::span<const TimeSeries::Quantity> species() const {
    return std::span(series_.quantities).subspan(first_species_, recorded_.size());
  }

 private:
  void add(TimeSeries::Quantity quantity, Take take) {
    series_.quantities.push_back(std::move(quantity));
    take_.push_back(std::move(take));
  }

  /// Reactions by label and equation.
  TimeSeries::Axis& add_reaction_axis(const std::string& axis, const std::string& label,
                                      const std::string& equation, std::span<const std::size_t> reactions) {
    TimeSeries::Labels labels{label, "labels of the reactions", {}}, equations{equation, "reactions", {}};
    for (const std::size_t r : reactions) {
      labels.text.push_back(mechanism_->reactions[r].label);
      equations.text.push_back(mechanism_->reactions[r].text);
    }
    series_.axes.push_back({axis, {std::move(labels), std::move(equations)}});
    return series_.axes.back();
  }

  void add_all_reactions() {
    for (const TimeSeries::Axis& axis : series_.axes)
      if (axis.name == "reaction") return;
    std::vector<std::size_t> all;
    TimeSeries::Labels units{"rate_constant_units", "units of the rate constants", {}};
    for (std::size_t r = 0; r < mechanism_->reactions.size(); ++r) {
      all.push_back(r);
      units.text.push_back(units_of_rate_constant(mechanism_->reactions[r]));
    }
    add_reaction_axis("reaction", "reaction_label", "reaction_equation", all)
        .labels.push_back(std::move(units));
  }

  static std::string units_of_rate_constant(const Reaction& reaction) {
    double order = 0;
    for (const Term& term : reaction.reactants) order += term.coefficient;
    const int others = static_cast<int>(order) - 1;
    if (others == 0) return "s-1";
    if (others < 0) return "molecules cm-3 s-1";
    const std::string power = others == 1 ? "" : std::to_string(-others);
    return "cm" + std::to_string(3 * others) + " molecules-" + std::to_string(others) + " s-1";
  }

  void add_constants() {
    add_all_reactions();
    add({.name = "rate_constant",
         .units = {},
         .long_name = "rate constant, without fixed species",
         .comment = "units: variable rate_constant_units",
         .axis = "reaction"},
        [](const BoxInstant& now, auto& into) {
          const std::vector<double> constants = now.system.rate_constants(now.state);
          into.insert(into.end(), constants.begin(), constants.end());
        });
  }

  void add_rates() {
    add_all_reactions();
    add({.name = "reaction_rate",
         .units = "molecules cm-3 s-1",
         .long_name = "turns of each reaction",
         .axis = "reaction"},
        [](const BoxInstant& now, auto& into) {
          const std::vector<double> rates = now.system.reaction_rates(now.state);
          into.insert(into.end(), rates.begin(), rates.end());
        });
  }

  /// J(n) that the rates name.
  void add_photolysis() {
    std::set<std::size_t> numbers;
    for (const Reaction& reaction : mechanism_->reactions)
      for (const RateInstruction& instruction : reaction.rate.program())
        if (instruction.operation == RateOperation::photolysis) numbers.insert(instruction.index);
    if (numbers.empty())
      throw Error("--write photolysis", "a mechanism whose rates name J(n)",
                  "none (what photolyses is among the constants)");
    TimeSeries::Labels labels{"photolysis_label", "photolysis rates, numbers of the MCM", {}};
    for (const std::size_t n : numbers) labels.text.push_back("J" + std::to_string(n));
    series_.axes.push_back({"photolysis", {std::move(labels)}});
    add({.name = "photolysis_rate", .units = "s-1", .long_name = "photolysis rate J", .axis = "photolysis"},
        [numbers](const BoxInstant& now, auto& into) {
          for (const std::size_t n : numbers) into.push_back(now.system.rate_context().photolysis[n]);
        });
  }

  void add_peroxy_radical_sum() {
    if (mechanism_->peroxy_radicals.empty())
      throw Error("--write ro2", "a mechanism with a sum RO2", "none in " + mechanism_->name);
    add({.name = "peroxy_radical_sum", .units = "molecules cm-3", .long_name = "RO2, sum of peroxy radicals"},
        [](const BoxInstant& now, auto& into) { into.push_back(now.system.peroxy_radical_sum(now.state)); });
  }

  /// An entry of df/dc = J + u v^T (ChemicalSystem).
  struct JacobianEntry {
    std::size_t row, column;
    std::size_t place;  ///< among the values of J, or `nowhere`
    bool follows_sum;   ///< u_row v_column counts
  };
  static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

  /// Those between recorded species that vary, by columns; the others are 0.
  std::vector<JacobianEntry> jacobian_entries(const ChemicalSystem& system) const {
    std::vector<char> wanted(system.size(), 0), sloped(system.size(), 0), peroxy(system.size(), 0);
    for (const std::size_t s : recorded_)
      if (s < wanted.size()) wanted[s] = 1;
    for (const std::size_t s : system.peroxy_radicals()) peroxy[s] = 1;
    for (const Reaction& reaction : mechanism_->reactions)
      if (reaction.rate.uses_peroxy_radicals())
        for (const std::vector<Term>* const side : {&reaction.reactants, &reaction.products})
          for (const Term& term : *side)
            if (term.species < system.size()) sloped[term.species] = 1;
    std::vector<JacobianEntry> entries;
    for (std::size_t column = 0; column < system.size(); ++column) {
      if (wanted[column] == 0) continue;
      std::map<std::size_t, std::size_t> place;
      for (int at = system.column_pointers()[column]; at < system.column_pointers()[column + 1]; ++at) {
        const auto entry = static_cast<std::size_t>(at);
        place[static_cast<std::size_t>(system.row_indices()[entry])] = entry;
      }
      for (std::size_t row = 0; row < system.size(); ++row) {
        const auto found = place.find(row);
        const bool follows_sum = sloped[row] != 0 && peroxy[column] != 0;
        if (wanted[row] != 0 && (found != place.end() || follows_sum))
          entries.push_back({row, column, found == place.end() ? nowhere : found->second, follows_sum});
      }
    }
    return entries;
  }

  void add_jacobian(const ChemicalSystem& system) {
    const std::vector<JacobianEntry> entries = jacobian_entries(system);
    if (entries.empty()) throw Error("--write jacobian", "species that vary among those written", "none");
    TimeSeries::Labels labels{"jacobian_label", "changing species/by species", {}},
        rows{"jacobian_row", "species that changes", {}}, columns{"jacobian_column", "by this species", {}};
    for (const JacobianEntry& entry : entries) {
      rows.text.push_back(mechanism_->species[entry.row].name);
      columns.text.push_back(mechanism_->species[entry.column].name);
      labels.text.push_back(rows.text.back() + '/' + columns.text.back());
    }
    series_.axes.push_back({"jacobian_entry", {std::move(labels), std::move(rows), std::move(columns)}});
    add({.name = "jacobian",
         .units = "s-1",
         .long_name = "derivative of the tendency of jacobian_row by jacobian_column",
         .comment = "entries that are not listed are 0",
         .axis = "jacobian_entry"},
        [entries](const BoxInstant& now, auto& into) {
          std::vector<double> values(now.system.row_indices().size()), u(now.system.size());
          now.system.jacobian(now.state, values);
          now.system.rank_one_factor(now.state, u);
          for (const JacobianEntry& entry : entries)
            into.push_back((entry.place == nowhere ? 0 : values[entry.place]) +
                           (entry.follows_sum ? u[entry.row] : 0));
        });
  }

  const Mechanism* mechanism_;
  TimeSeries series_;
  std::vector<Take> take_;             ///< [quantity]
  std::vector<std::size_t> recorded_;  ///< species
  std::size_t first_species_ = 0;      ///< among the quantities
  std::vector<double> before_;
};

}  // namespace chemnne
