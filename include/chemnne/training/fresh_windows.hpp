#pragma once
#include <cstddef>
#include <deque>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <chemnne/data/dataset.hpp>
#include <chemnne/data/living_scenarios.hpp>
#include <chemnne/data/standardisation.hpp>
#include <chemnne/support/communicator.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/training/training_set.hpp>
#include <chemnne/training/window_source.hpp>

namespace chemnne {

/// Windows of living scenarios, those of each call in the place of the oldest ones of a training set: with n
/// scenarios alive and N windows in the set, every window is seen in N / n epochs.
template <Communicator Ranks = SingleProcess>
class FreshWindows final : public WindowSource {
 public:
  /// `set` is of `standardisation`, with the budgets of `coefficient` [budgets][species]; `identity` tells
  /// what `living` depends on. `set` and `ranks` must outlive the source.
  FreshWindows(LivingScenarios living, std::string identity, TrainingSet& set,
               const Standardisation& standardisation, std::vector<double> coefficient,
               Ranks& ranks = single_process)
      : living_(std::move(living)),
        identity_(std::move(identity)),
        set_(set),
        standardisation_(standardisation),
        coefficient_(std::move(coefficient)),
        ranks_(ranks) {}

  /// Errors: Error when no scenario at all can be solved.
  void renew() override {
    past_.push_back(here());
    const Dataset fresh = living_.next(ranks_);
    if (fresh.cases() == 0)
      throw Error("fresh windows", "a scenario that can be solved",
                  "none of " + std::to_string(living_.count()));
    set_.replace(windows_ % set_.cases, TrainingSet(fresh, standardisation_, coefficient_));
    windows_ += fresh.cases();
    while (past_.size() > 1 && static_cast<double>(windows_) - past_[1][0] >= static_cast<double>(set_.cases))
      past_.pop_front();
  }

  std::string identity() const override { return identity_; }

  /// The windows themselves would fill disks. What is kept is where the scenarios were before the calls of
  /// `renew` that made them, and how many these were: `resume` simulates them again.
  std::vector<double> state() const override {
    std::vector<double> numbers = past_.empty() ? here() : past_.front();
    numbers.push_back(static_cast<double>(past_.size()));
    return numbers;
  }
  void resume(std::span<const double> state) override {
    past_.clear();
    windows_ = static_cast<std::size_t>(state[0]);
    living_.resume(state.subspan(1));
    for (auto calls = static_cast<std::size_t>(state.back()); calls > 0; --calls) renew();
  }

  const LivingScenarios& living() const { return living_; }
  std::size_t windows() const { return windows_; }  ///< that were put in so far

 private:
  std::vector<double> here() const {
    std::vector<double> numbers = living_.numbers();
    numbers.insert(numbers.begin(), static_cast<double>(windows_));
    return numbers;
  }

  LivingScenarios living_;
  std::string identity_;
  TrainingSet& set_;
  Standardisation standardisation_;
  std::vector<double> coefficient_;
  Ranks& ranks_;
  std::size_t windows_ = 0;
  std::deque<std::vector<double>> past_;  ///< `here` before each call whose windows are in the set
};

}  // namespace chemnne
