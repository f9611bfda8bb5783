#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <memory>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <chemnne/chemistry/chemical_system.hpp>
#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/cli/box_figure.hpp>
#include <chemnne/cli/box_recorder.hpp>
#include <chemnne/data/reaction_budget.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/number_text.hpp>

namespace chemnne {

/// --output and what is written there: species, rates, budgets; and a figure of it.
class BoxOutput {
 public:
  explicit BoxOutput(CLI::App& command) {
    command
        .add_option("--output", output_,
                    "time series to write: .csv, or .nc by the CF conventions; molecules cm-3, s")
        ->required();
    command.add_option("--species", species_, "write only these, with commas between")->delimiter(',');
    command
        .add_option(
            "--write", kinds_,
            "what else, with commas between: constants and rates of all reactions, photolysis (J that "
            "rates name), ro2, jacobian (between the species that are written)")
        ->delimiter(',')
        ->check(CLI::IsMember(BoxRecorder::kinds()));
    command
        .add_option("--budget", budget_species_,
                    "species of which production and loss by each reaction is integrated with the solution, "
                    "with commas between: written from row to row, and printed of the whole run")
        ->delimiter(',');
    command.add_option("--figure", figure_,
                       "figure of the species that are written, the first 12: .svg or .png, by gnuplot");
  }

  /// Before a system is made of them: adds what counts for the budget to the mechanism and the state at its
  /// start, [species], variable then fixed. Written are the species that were asked for, or all that vary and
  /// those that are `constrained`. Errors: Error for a species that is none, or fixed and has no budget.
  void prepare(Mechanism& mechanism, std::vector<double>& all, const std::vector<std::string>& constrained) {
    std::vector<std::string> names = species_;
    if (names.empty()) {
      for (std::size_t i = 0; i < mechanism.variable_species; ++i) names.push_back(mechanism.species[i].name);
      names.insert(names.end(), constrained.begin(), constrained.end());
    }
    if (!budget_species_.empty()) {
      budget_ = std::make_shared<const ReactionBudget>(mechanism, budget_species_);
      budget_->extend(all);
    }
    for (const std::string& name : names) written_.push_back(mechanism.index_of(name));
  }

  /// Once the system of the mechanism is there. Errors: as BoxRecorder::add_kind.
  void begin(const Mechanism& mechanism, const ChemicalSystem& system, const std::string& time_units) {
    mechanism_ = &mechanism;
    recorder_.emplace(mechanism, written_, time_units);
    for (const std::string& kind : kinds_) recorder_->add_kind(kind, system);
    if (budget_) recorder_->add_budget(budget_);
  }

  /// Of a run from here on; what was recorded before is forgotten.
  void begin_run() {
    recorder_->clear();
    start_.clear();
  }

  /// `system` must be set to the conditions of the time.
  void record(double time, double cosine_zenith, const ChemicalSystem& system,
              std::span<const double> state) {
    recorder_->record(time, cosine_zenith, system, state);
    if (start_.empty()) start_.assign(state.begin(), state.end());
    end_.assign(state.begin(), state.end());
  }

  /// Number densities of the species that are written.
  std::span<const TimeSeries::Quantity> species() const { return recorder_->species(); }

  /// Writes and draws, and says so. Errors: Error naming the file.
  void write() const {
    const TimeSeries& series = recorder_->series();
    series.write(output_);
    std::printf("%s: %zu species at %zu times, mechanism %s\n", output_.c_str(), written_.size(),
                series.times(), mechanism_->name.c_str());
    for (std::size_t k = 0; budget_ && k < budget_->species().size(); ++k) print_budget(k);
    if (figure_.empty()) return;
    draw_box_figure(figure_, series.quantities.front().value, species());
    std::printf("%s: figure\n", figure_.c_str());
  }

 private:
  /// The largest shares of the run.
  void print_budget(std::size_t k) const {
    constexpr std::size_t most = 10;
    const ReactionBudget::Change change = budget_->change(k, start_, end_);
    double production = 0;
    for (const double share : change.by_share) production += std::max(share, 0.0);
    const double loss = change.turnover() - production;
    std::printf("budget of %s [molecules cm-3]: production %s, loss %s, change %s, closure error %s\n",
                mechanism_->species[budget_->species()[k]].name.c_str(), text(production).c_str(),
                text(loss).c_str(), text(change.change).c_str(), text(change.closure_error()).c_str());
    std::vector<std::size_t> order(change.by_share.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return std::abs(change.by_share[a]) > std::abs(change.by_share[b]);
    });
    for (std::size_t i = 0; i < std::min(most, order.size()); ++i) {
      const double share = change.by_share[order[i]];
      if (share == 0) break;
      const Reaction& reaction = mechanism_->reactions[budget_->shares(k)[order[i]].reaction];
      std::printf("  %-12s %5s %% of the %-10s  <%s> %s\n", text(share).c_str(),
                  fixed_text(100 * std::abs(share) / (share > 0 ? production : loss), 1).c_str(),
                  share > 0 ? "production" : "loss", reaction.label.c_str(), reaction.text.c_str());
    }
    if (order.size() > most) std::printf("  and %zu smaller\n", order.size() - most);
  }

  static std::string text(double value) { return number_text(value, 4); }

  std::string output_, figure_;
  std::vector<std::string> species_, kinds_, budget_species_;
  const Mechanism* mechanism_ = nullptr;
  std::vector<std::size_t> written_;
  std::shared_ptr<const ReactionBudget> budget_;
  std::optional<BoxRecorder> recorder_;
  std::vector<double> start_, end_;
};

}  // namespace chemnne
