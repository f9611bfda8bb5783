#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "channel.hpp"

namespace example {

/// Sums of the difference between the two runs over cells and hours, of one species.
struct SpeciesErrors {
  double squared_decades = 0, error = 0, squared = 0, solved = 0, count = 0;

  /// Mole fractions, which for decades are not below `floor`.
  void add(double emulated, double truth, double floor) {
    const double decades = std::log10(std::max(emulated, floor) / std::max(truth, floor));
    squared_decades += decades * decades;
    error += emulated - truth;
    squared += (emulated - truth) * (emulated - truth);
    solved += truth;
    ++count;
  }
  double decades() const { return std::sqrt(squared_decades / count); }
  double mean() const { return solved / count; }  ///< mol/mol, solved
  double bias() const { return error / count; }   ///< mol/mol
  double rmse() const { return std::sqrt(squared / count); }
};

/// What is kept of both runs, on rank 0: errors of each day over its hours, and means of each hour over all
/// boxes. Fields are [box][species], mole fractions.
class TransportRecord {
 public:
  /// `floor` [mol/mol] of each species.
  TransportRecord(std::vector<std::string> names, std::vector<double> floor)
      : species(std::move(names)), floor_(std::move(floor)) {}

  std::vector<std::string> species;
  std::vector<std::vector<SpeciesErrors>> days;                   ///< [day][species]
  std::vector<std::vector<double>> emulated_means, solved_means;  ///< [hour][species]
  std::vector<double> emulated, solved;                           ///< the fields of the last hour

  void add(std::vector<double> emulated_now, std::vector<double> solved_now) {
    emulated = std::move(emulated_now);
    solved = std::move(solved_now);
    const std::size_t width = species.size();
    if (emulated_means.size() % 24 == 0) days.emplace_back(width);
    emulated_means.emplace_back(width);
    solved_means.emplace_back(width);
    for (std::size_t at = 0; at < solved.size(); ++at) {
      const std::size_t i = at % width;
      days.back()[i].add(emulated[at], solved[at], floor_[i]);
      emulated_means.back()[i] += emulated[at] / boxes;
      solved_means.back()[i] += solved[at] / boxes;
    }
  }

  std::size_t place(const std::string& name) const {
    return static_cast<std::size_t>(std::find(species.begin(), species.end(), name) - species.begin());
  }
  bool has(const std::string& name) const { return place(name) < species.size(); }

  /// Root mean square over all species of a day [decades].
  double decades(std::size_t day) const {
    double sum = 0, count = 0;
    for (const SpeciesErrors& one : days[day]) {
      sum += one.squared_decades;
      count += one.count;
    }
    return std::sqrt(sum / count);
  }

 private:
  std::vector<double> floor_;
};

}  // namespace example
