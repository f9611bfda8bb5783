#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <chemnne/cli/time_series.hpp>

namespace chemnne {

/// A run, such as a day, that is repeated from where it ended until it repeats itself.
///
/// The change from one run to the next is the largest of |c - c'| / (max c' + floor) over species and output
/// times, the maximum being that of the run before: what a species is at night counts by the height of its
/// day. `floor` [molecules cm-3]: below it the solver has no digits.
class RepeatedRun {
 public:
  /// Until the change is at most `tolerance`, or `most` runs are done.
  RepeatedRun(double tolerance, std::size_t most, double floor)
      : tolerance_(tolerance), most_(most), floor_(floor) {}

  /// Takes the run that was done, the same species and times as before.
  void add(std::span<const TimeSeries::Quantity> species) {
    ++runs_;
    if (runs_ > 1) compare(species);
    before_.assign(species.begin(), species.end());
  }

  bool is_steady() const { return runs_ > 1 && change_ <= tolerance_; }
  bool is_done() const { return is_steady() || runs_ >= most_; }
  std::size_t most() const { return most_; }
  std::size_t runs() const { return runs_; }
  /// Of the last run, and the species that has it.
  double change() const { return change_; }
  const std::string& species() const { return species_; }

 private:
  void compare(std::span<const TimeSeries::Quantity> species) {
    change_ = 0;
    for (std::size_t s = 0; s < before_.size(); ++s) {
      const std::vector<double>&now = species[s].value, &then = before_[s].value;
      const double height = *std::max_element(then.begin(), then.end()) + floor_;
      for (std::size_t i = 0; i < then.size(); ++i) {
        const double change = std::abs(now[i] - then[i]) / height;
        if (change <= change_) continue;
        change_ = change;
        species_ = species[s].name;
      }
    }
  }

  double tolerance_;
  std::size_t most_;
  double floor_;
  std::size_t runs_ = 0;
  double change_ = 0;
  std::string species_;
  std::vector<TimeSeries::Quantity> before_;
};

}  // namespace chemnne
