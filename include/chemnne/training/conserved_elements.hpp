#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <chemnne/training/training_set.hpp>

namespace chemnne {

/// An element that the chemistry neither makes nor destroys among the species of a network.
struct ConservedElement {
  std::string name;
  std::size_t budget;         ///< its row among the budgets
  std::vector<double> atoms;  ///< [outputs], in a molecule
};

/// The elements whose totals stay within every window, as the data show it: of `names`, budget 1 on, those
/// with carriers, all of which are among the first `known` species (given and predicted), and a total that
/// changes by less than 1e-5 of itself. The data are in float, which shows as some 1e-7; what reacts with
/// species outside the network changes by far more.
///
/// `coefficient` [budgets][set.species], see budget_coefficients.
inline std::vector<ConservedElement> conserved_elements(const TrainingSet& set,
                                                        const std::vector<std::string>& names,
                                                        std::span<const double> coefficient,
                                                        std::size_t known, std::size_t outputs) {
  constexpr double closed = 1e-5;
  std::vector<ConservedElement> conserved;
  for (std::size_t budget = 1; budget <= names.size(); ++budget) {
    const auto atoms = coefficient.subspan(budget * set.species, set.species);
    const auto carries = [](double count) { return count > 0; };
    if (std::none_of(atoms.begin(), atoms.end(), carries)) continue;
    const auto unknown = atoms.subspan(known);
    if (std::any_of(unknown.begin(), unknown.end(), carries)) continue;
    double largest = 0;
    for (std::size_t window = 0; window < set.cases; ++window) {
      const float* const total = &set.total[window * set.frames * budgets + budget];
      const auto first = static_cast<double>(total[0]);
      for (std::size_t frame = 1; frame < set.frames; ++frame)
        largest = std::max(largest, std::abs(static_cast<double>(total[frame * budgets]) / first - 1));
    }
    if (!(largest < closed)) continue;
    conserved.push_back({names[budget - 1], budget, {atoms.begin(), atoms.end()}});
    conserved.back().atoms.resize(outputs);
  }
  return conserved;
}

}  // namespace chemnne
