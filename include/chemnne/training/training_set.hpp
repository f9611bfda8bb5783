#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <chemnne/data/dataset.hpp>
#include <chemnne/data/standardisation.hpp>
#include <chemnne/loss/target.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/parallel.hpp>

namespace chemnne {

/// Coefficients of the budgets of a data set: row 0 is mass (molar masses), then one row an element, then
/// zeros. Shape: [budgets][species]. Errors: Error when the data set has more elements than there is room
/// for.
inline std::vector<double> budget_coefficients(const Dataset& data, std::size_t species) {
  if (1 + data.elements() > budgets)
    throw Error("data set", std::to_string(budgets - 1) + " elements or fewer",
                std::to_string(data.elements()));
  std::vector<double> rows(data.molar_mass.begin(),
                           data.molar_mass.begin() + static_cast<std::ptrdiff_t>(species));
  for (std::size_t e = 0; e < data.elements(); ++e)
    for (std::size_t s = 0; s < species; ++s) rows.push_back(data.atom_count[s * data.elements() + e]);
  rows.resize(budgets * species);
  return rows;
}

/// A data set as the network sees it: standardised states and conditions of all windows, and the totals of
/// the budgets.
///
/// The first `species` of the data set are used: inputs and outputs are both prefixes of them.
class TrainingSet {
 public:
  /// Errors: Error when a species or condition of `standardisation` is missing or stands elsewhere in the
  /// data set.
  TrainingSet(const Dataset& data, const Standardisation& standardisation)
      : TrainingSet(data, standardisation,
                    budget_coefficients(data, std::min(data.species(), standardisation.species.size()))) {}

  /// With the budgets of another data set: files may list their elements in different orders. `coefficient`
  /// [budgets][species]. Of each window the first frame and every `stride`-th after it.
  /// Errors: also when `stride` leaves out the last frame.
  TrainingSet(const Dataset& data, const Standardisation& standardisation,
              const std::vector<double>& coefficient, std::size_t stride = 1)
      : frames((data.frames() - 1) / stride + 1),
        species(standardisation.species.size()),
        conditions(standardisation.condition_name.size()),
        cases(data.cases()),
        deviation(standardisation.deviation.begin(), standardisation.deviation.end()) {
    for (std::size_t s = 0; s < species; ++s)
      if (s >= data.species() || data.species_name[s] != standardisation.species[s])
        throw Error("data set, species " + std::to_string(s), standardisation.species[s],
                    s < data.species() ? data.species_name[s] : "the end of the list");
    if ((data.frames() - 1) % stride != 0)
      throw Error("data set, frames behind the first",
                  "a multiple of " + std::to_string(stride) + ", of which one is used",
                  std::to_string(data.frames() - 1));
    const auto place =
        indices_by_name(standardisation.condition_name, data.environment_name, "environment of the data set");
    state.resize(cases * frames * species);
    condition.resize(cases * conditions);
    total.resize(cases * frames * budgets);
    parallel_for_each(cases, [&](std::size_t window) {
      for (std::size_t k = 0; k < conditions; ++k)
        condition[window * conditions + k] =
            static_cast<float>((data.environment(window)[place[k]] - standardisation.condition_mean[k]) /
                               standardisation.condition_deviation[k]);
      for (std::size_t frame = 0; frame < frames; ++frame) {
        const std::size_t at = window * frames + frame;
        const auto row = data.row(window, frame * stride);
        for (std::size_t s = 0; s < species; ++s)
          state[at * species + s] = static_cast<float>(
              (std::log10(std::max(static_cast<double>(row[s]), standardisation.floor[s])) -
               standardisation.mean[s]) /
              standardisation.deviation[s]);
        for (std::size_t b = 0; b < budgets; ++b) {
          double sum = 0;
          for (std::size_t s = 0; s < species; ++s)
            sum += coefficient[b * species + s] * static_cast<double>(row[s]);
          total[at * budgets + b] = static_cast<float>(sum);
        }
      }
    });
  }

  /// Room for so many windows, so that sets of many gigabytes do not move when they grow.
  void reserve(std::size_t windows) {
    state.reserve(windows * frames * species);
    condition.reserve(windows * conditions);
    total.reserve(windows * frames * budgets);
  }

  /// Adds the windows of another set of the same standardisation.
  void append(const TrainingSet& other) {
    require_same_rows(other);
    cases += other.cases;
    state.insert(state.end(), other.state.begin(), other.state.end());
    condition.insert(condition.end(), other.condition.begin(), other.condition.end());
    total.insert(total.end(), other.total.begin(), other.total.end());
  }

  /// Puts the windows of another set of the same standardisation in the place of as many, from the `first`-th
  /// on and from the beginning again behind the last.
  void replace(std::size_t first, const TrainingSet& other) {
    require_same_rows(other);
    const auto put = [&](std::vector<float>& to, const std::vector<float>& from, std::size_t window) {
      const std::size_t width = to.size() / cases;
      std::copy_n(&from[window * width], width, &to[(first + window) % cases * width]);
    };
    for (std::size_t window = 0; window < other.cases; ++window) {
      put(state, other.state, window);
      put(condition, other.condition, window);
      put(total, other.total, window);
    }
  }

  /// Chains of `length` windows, each of which starts in the state in which the one before it in the file
  /// ended; every window begins at most one chain. [case][frame][..] becomes [chain][length (frames - 1) +
  /// 1][..], the conditions of the windows stand behind each other.
  TrainingSet chained(std::size_t length) const {
    TrainingSet chains = *this;
    chains.frames = length * (frames - 1) + 1;
    chains.conditions = length * conditions;
    chains.cases = 0;
    chains.state.clear();
    chains.condition.clear();
    chains.total.clear();
    std::size_t start_of_chain = 0;
    const auto add = [&](std::vector<float>& to, const std::vector<float>& from, std::size_t window,
                         std::size_t width) {
      const std::size_t first = window == start_of_chain ? 0 : 1;
      const auto begin = from.begin() + static_cast<std::ptrdiff_t>((window * frames + first) * width);
      to.insert(to.end(), begin, begin + static_cast<std::ptrdiff_t>((frames - first) * width));
    };
    for (start_of_chain = 0; start_of_chain + length <= cases; ++start_of_chain) {
      bool whole = true;
      for (std::size_t k = 1; k < length && whole; ++k) whole = follows(start_of_chain + k);
      if (!whole) continue;
      ++chains.cases;
      for (std::size_t k = 0; k < length; ++k) {
        add(chains.state, state, start_of_chain + k, species);
        add(chains.total, total, start_of_chain + k, budgets);
        const auto begin = condition.begin() + static_cast<std::ptrdiff_t>((start_of_chain + k) * conditions);
        chains.condition.insert(chains.condition.end(), begin,
                                begin + static_cast<std::ptrdiff_t>(conditions));
      }
    }
    return chains;
  }

  /// Errors: Error naming `what` and both sides when the set is empty or not of the sizes of a network.
  void require(const char* what, std::size_t its_frames, std::size_t its_species,
               std::size_t its_conditions) const {
    const auto equal = [what](std::size_t expected, std::size_t found, const char* of) {
      if (expected != found)
        throw Error(what, std::to_string(expected) + of + " (the configuration's)", std::to_string(found));
    };
    equal(its_frames, frames, " frames");
    equal(its_species, species, " species");
    equal(its_conditions, conditions, " conditions");
    if (cases == 0) throw Error(what, "at least one window", "none");
  }

  /// Whether a window starts where the one before it ended.
  bool follows(std::size_t window) const {
    const float* const start = &state[window * frames * species];
    return window > 0 && std::equal(start - species, start, start);
  }

  std::size_t frames;
  std::size_t species;
  std::size_t conditions;
  std::size_t cases;
  std::vector<float> state;      ///< [case][frame][species]
  std::vector<float> condition;  ///< [case][condition]
  std::vector<float> total;      ///< [case][frame][budget]
  std::vector<float> deviation;  ///< [species], decades in which states are given

 private:
  void require_same_rows(const TrainingSet& other) const {
    if (other.frames != frames || other.species != species || other.conditions != conditions)
      throw Error("training data", "sets of the same frames, species and conditions", "others");
  }
};

}  // namespace chemnne
