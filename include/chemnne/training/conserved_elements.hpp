#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <chemnne/support/error.hpp>
#include <chemnne/support/number_text.hpp>
#include <chemnne/training/training_set.hpp>

namespace chemnne {

/// An element that the chemistry neither makes nor destroys among the species of a network.
struct ConservedElement {
  std::string name;
  std::size_t budget;         ///< its row among the budgets
  std::vector<double> atoms;  ///< [outputs], in a molecule
};

namespace detail {
/// By how much of itself the total of a budget changes in each window, at most.
inline std::vector<double> changes_of_total(const TrainingSet& set, std::size_t budget) {
  std::vector<double> changes;
  for (std::size_t window = 0; window < set.cases; ++window) {
    const float* const total = &set.total[window * set.frames * budgets + budget];
    const auto first = static_cast<double>(total[0]);
    double largest = 0;
    for (std::size_t frame = 1; frame < set.frames; ++frame)
      largest = std::max(largest, std::abs(static_cast<double>(total[frame * budgets]) / first - 1));
    changes.push_back(largest);
  }
  return changes;
}
}  // namespace detail

/// The elements whose totals stay within every window, as the data show it: of `names`, budget 1 on, those
/// with carriers, all of which are among the first `known` species (given and predicted), and a total that
/// changes by less than 1e-5 of itself. The data are in float, which shows as some 1e-7; what reacts with
/// species outside the network changes by far more.
///
/// Of an element in `counted`, whose atoms outside the network a lumped species counts
/// (LumpedSpecies::element), 99 of 100 windows have to keep the total to 1e-3: mechanisms have a few reactions
/// that lose atoms. Errors: Error naming such an element that they do not keep.
///
/// `coefficient` [budgets][set.species], see budget_coefficients.
inline std::vector<ConservedElement> conserved_elements(const TrainingSet& set,
                                                        const std::vector<std::string>& names,
                                                        std::span<const double> coefficient,
                                                        std::size_t known, std::size_t outputs,
                                                        std::span<const std::string> counted = {}) {
  constexpr double closed = 1e-5, nearly_closed = 1e-3;
  std::vector<ConservedElement> conserved;
  for (std::size_t budget = 1; budget <= names.size(); ++budget) {
    const std::string& name = names[budget - 1];
    const auto atoms = coefficient.subspan(budget * set.species, set.species);
    const auto carries = [](double count) { return count > 0; };
    if (std::none_of(atoms.begin(), atoms.end(), carries)) continue;
    const auto unknown = atoms.subspan(known);
    if (std::any_of(unknown.begin(), unknown.end(), carries)) continue;
    std::vector<double> changes = detail::changes_of_total(set, budget);
    if (std::ranges::find(counted, name) != counted.end()) {
      const auto most = changes.begin() + static_cast<std::ptrdiff_t>((changes.size() * 99 + 99) / 100) - 1;
      std::nth_element(changes.begin(), most, changes.end());
      if (!(*most < nearly_closed))
        throw Error("lumped species that count atoms of " + name,
                    "all that the tracers do not have, so that 99 of 100 windows keep the total to 0.1 %",
                    "a total that changes by " + number_text(100 * *most, 3) +
                        " % (is an end product missing, as chemnne_mechanism lump --close " + name +
                        " would find it?)");
    } else if (!std::ranges::all_of(changes, [](double change) { return change < closed; })) {
      continue;
    }
    conserved.push_back({name, budget, {atoms.begin(), atoms.end()}});
    conserved.back().atoms.resize(outputs);
  }
  return conserved;
}

}  // namespace chemnne
