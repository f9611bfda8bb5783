#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/chemistry/mechanism_edit.hpp>
#include <chemnne/support/error.hpp>

namespace chemnne {

/// What each reaction makes and takes of chosen species, integrated along the solution by the solver itself.
///
/// A reaction that changes a chosen species gets a species of its own, of which each turn makes one: its
/// concentration n_r is the integral of the rate. Then c_i - sum_r nu_ir n_r is a linear invariant of what is
/// solved, which both solvers keep to rounding at any tolerance, so that the table closes; each share is as
/// accurate as the solution. Nothing reacts with what is counted: the solver's matrices fill no further.
class ReactionBudget {
 public:
  /// A reaction's share in the budget of a species.
  struct Share {
    std::size_t reaction;
    double coefficient;   ///< nu: above 0 production, below loss
    std::size_t counter;  ///< where n is in the state
  };

  /// What came of a species from one state to another [molecules cm-3].
  struct Change {
    std::vector<double> by_share;  ///< nu_r (n_r' - n_r), in the order of `shares`
    double change = 0;             ///< c' - c

    double sum() const { return std::accumulate(by_share.begin(), by_share.end(), 0.0); }
    /// What the reactions leave open: what is not a reaction (a concentration that was set), and rounding.
    double closure_error() const { return change - sum(); }
    /// Production and loss together.
    double turnover() const {
      return std::accumulate(by_share.begin(), by_share.end(), 0.0,
                             [](double all, double one) { return all + std::abs(one); });
    }
  };

  /// Counts in `mechanism` from now on, behind its variable species.
  /// Errors: Error naming a species that is not there, or fixed.
  ReactionBudget(Mechanism& mechanism, std::span<const std::string> species)
      : first_(mechanism.variable_species) {
    for (const std::string& name : species) {
      species_.push_back(mechanism.index_of(name));
      if (species_.back() >= first_)
        throw Error("budget", "variable species", "'" + name + "', which is fixed");
    }
    shares_.resize(species_.size());
    for (std::size_t r = 0; r < mechanism.reactions.size(); ++r) add(mechanism.reactions[r], r);
    count(mechanism);
  }

  /// How many species count.
  std::size_t counters() const { return counted_.size(); }
  /// The chosen species, as places in the mechanism.
  std::span<const std::size_t> species() const { return species_; }
  /// Of the chosen species k, in the order of the reactions.
  std::span<const Share> shares(std::size_t k) const { return shares_[k]; }

  /// A state of the mechanism as it was, variable then fixed species, as one that counts from zero.
  void extend(std::vector<double>& all) const {
    all.insert(all.begin() + static_cast<std::ptrdiff_t>(first_), counters(), 0.0);
  }

  /// Of the chosen species k between two states of one solution.
  Change change(std::size_t k, std::span<const double> before, std::span<const double> after) const {
    Change result;
    for (const Share& share : shares_[k])
      result.by_share.push_back(share.coefficient * (after[share.counter] - before[share.counter]) +
                                0.0);  // no -0
    result.change = after[species_[k]] - before[species_[k]];
    return result;
  }

 private:
  void add(const Reaction& reaction, std::size_t r) {
    bool is_counted = false;
    for (std::size_t k = 0; k < species_.size(); ++k) {
      const double net =
          coefficient(reaction.products, species_[k]) - coefficient(reaction.reactants, species_[k]);
      if (net == 0) continue;
      shares_[k].push_back({r, net, first_ + counted_.size()});
      is_counted = true;
    }
    if (is_counted) counted_.push_back(r);
  }

  static double coefficient(const std::vector<Term>& side, std::size_t species) {
    double sum = 0;
    for (const Term& term : side)
      if (term.species == species) sum += term.coefficient;
    return sum;
  }

  void count(Mechanism& mechanism) const {
    const std::size_t before = mechanism.species.size();
    for (std::size_t i = 0; i < counted_.size(); ++i) {
      Reaction& reaction = mechanism.reactions[counted_[i]];
      reaction.products.push_back({before + i, 1});
      mechanism.species.push_back({.name = "turns of reaction <" + reaction.label + ">"});
    }
    std::vector<std::size_t> order(mechanism.species.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto fixed = order.begin() + static_cast<std::ptrdiff_t>(first_);
    std::rotate(fixed, order.begin() + static_cast<std::ptrdiff_t>(before), order.end());
    reorder_species(mechanism, order, first_ + counted_.size());
  }

  std::size_t first_;  ///< place of the first counter
  std::vector<std::size_t> species_;
  std::vector<std::vector<Share>> shares_;
  std::vector<std::size_t> counted_;  ///< reactions
};

}  // namespace chemnne
