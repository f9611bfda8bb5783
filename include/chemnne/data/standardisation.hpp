#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include <chemnne/data/dataset.hpp>
#include <chemnne/support/error.hpp>

namespace chemnne {

/// How physical values become the network's: species as (log10(max(c, floor)) - mean) / deviation, with a
/// floor of its own for each, conditions as (k - mean) / deviation. Minimum and maximum are the ranges seen
/// in training.
///
/// Shapes: species vectors [species], condition vectors [conditions]. Concentrations in molecules cm-3,
/// mean, deviation, minimum, maximum of species in log10 of them; conditions in `condition_units`.
struct Standardisation {
  std::vector<std::string> species;
  std::vector<double> floor;  ///< molecules cm-3: what is below counts as absent
  std::vector<double> mean, deviation, minimum, maximum;
  std::vector<std::string> condition_name, condition_units;
  std::vector<double> condition_mean, condition_deviation, condition_minimum, condition_maximum;
};

/// What no species is told apart from nothing below [molecules cm-3]: 4e-17 mol/mol.
inline constexpr double smallest_floor = 1e3;

/// Least standard deviation of a species, in decades: one that hardly ever rises above the floor (CH3O, SO3
/// of the embedded mechanism: 0.01) would otherwise be magnified until its rare moments outweigh everything
/// else.
inline constexpr double smallest_deviation = 0.1;

namespace detail {

/// Mean, standard deviation and range of numbers that come one by one.
///
/// Sums are taken about the first number, so that a narrow distribution far from zero loses no digits.
class Moments {
 public:
  void add(double value) {
    if (count_ == 0) origin_ = value;
    const double offset = value - origin_;
    sum_ += offset;
    sum_of_squares_ += offset * offset;
    minimum_ = std::min(minimum_, value);
    maximum_ = std::max(maximum_, value);
    ++count_;
  }
  double mean() const { return origin_ + sum_ / static_cast<double>(count_); }
  /// Of the population; 1 when all numbers are equal, so that dividing by it is safe.
  double deviation() const {
    if (minimum_ == maximum_) return 1;
    const double offset = sum_ / static_cast<double>(count_);
    return std::sqrt(std::max(0.0, sum_of_squares_ / static_cast<double>(count_) - offset * offset));
  }
  double minimum() const { return minimum_; }
  double maximum() const { return maximum_; }

 private:
  std::size_t count_ = 0;
  double origin_ = 0;
  double sum_ = 0;
  double sum_of_squares_ = 0;
  double minimum_ = std::numeric_limits<double>::infinity();
  double maximum_ = -std::numeric_limits<double>::infinity();
};

inline void append_moments(const Moments& moments, std::vector<double>& mean, std::vector<double>& deviation,
                           std::vector<double>& minimum, std::vector<double>& maximum) {
  mean.push_back(moments.mean());
  deviation.push_back(moments.deviation());
  minimum.push_back(moments.minimum());
  maximum.push_back(moments.maximum());
}

}  // namespace detail

/// The places of `wanted` among `names`: things are matched by name, never by position.
/// Errors: Error naming `where` and the first name that is missing.
inline std::vector<std::size_t> indices_by_name(std::span<const std::string> wanted,
                                                std::span<const std::string> names,
                                                const std::string& where) {
  std::vector<std::size_t> indices;
  for (const std::string& name : wanted) {
    const auto place = std::find(names.begin(), names.end(), name);
    if (place == names.end()) throw Error(where, "'" + name + "'", "none of this name");
    indices.push_back(static_cast<std::size_t>(place - names.begin()));
  }
  return indices;
}

/// The standardisation of `train`: species over all its cases and frames, `conditions` (names among the
/// environment values) over its cases. A deviation of 0 becomes 1, one
/// of a species below `smallest_deviation` becomes that.
///
/// `floor` [species]. Errors: Error when the data set is empty or lacks a condition, or floors are too few.
inline Standardisation fit_standardisation(const Dataset& train, std::span<const std::string> conditions,
                                           const std::vector<double>& floor) {
  if (train.cases() == 0 || train.frames() == 0) throw Error("training data", "at least one case", "none");
  if (floor.size() != train.species())
    throw Error("floors", std::to_string(train.species()) + " (a species each)",
                std::to_string(floor.size()));
  Standardisation result;
  result.floor = floor;
  result.species = train.species_name;
  std::vector<detail::Moments> species(train.species());
  for (std::size_t item = 0; item < train.concentration.size(); item += train.species())
    for (std::size_t s = 0; s < train.species(); ++s)
      species[s].add(std::log10(std::max(static_cast<double>(train.concentration[item + s]), floor[s])));
  for (const detail::Moments& moments : species)
    detail::append_moments(moments, result.mean, result.deviation, result.minimum, result.maximum);
  for (double& deviation : result.deviation) deviation = std::max(deviation, smallest_deviation);
  for (const std::size_t index :
       indices_by_name(conditions, train.environment_name, "environment of the training data")) {
    detail::Moments moments;
    for (std::size_t i = index; i < train.environment_value.size(); i += train.environment_name.size())
      moments.add(train.environment_value[i]);
    result.condition_name.push_back(train.environment_name[index]);
    result.condition_units.push_back(train.environment_units[index]);
    detail::append_moments(moments, result.condition_mean, result.condition_deviation,
                           result.condition_minimum, result.condition_maximum);
  }
  return result;
}

/// The same with one floor for all species.
inline Standardisation fit_standardisation(const Dataset& train, std::span<const std::string> conditions,
                                           double floor = smallest_floor) {
  return fit_standardisation(train, conditions, std::vector<double>(train.species(), floor));
}

/// The standardisation of the species `names` alone, in that order; conditions stay.
/// Errors: Error naming the first species that it lacks.
inline Standardisation select_species(const Standardisation& all, std::span<const std::string> names) {
  Standardisation part = all;
  const auto indices = indices_by_name(names, all.species, "standardisation");
  const auto select = [&](auto& values, const auto& from) {
    values.clear();
    for (const std::size_t index : indices) values.push_back(from[index]);
  };
  select(part.species, all.species);
  select(part.floor, all.floor);
  select(part.mean, all.mean);
  select(part.deviation, all.deviation);
  select(part.minimum, all.minimum);
  select(part.maximum, all.maximum);
  return part;
}

}  // namespace chemnne
