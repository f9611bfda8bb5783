#pragma once
#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/data/scenario_windows.hpp>
#include <chemnne/data/species_selection.hpp>

namespace chemnne {

/// What a data set keeps of the states of a window: the selected species in each frame, and the sums of atoms
/// over all species at the start and at the end.
class WindowRows {
 public:
  /// Both must outlive it.
  WindowRows(const Mechanism& mechanism, const SpeciesSelection& selection)
      : mechanism_(&mechanism), selection_(&selection) {}

  /// Variable species of the mechanism.
  std::size_t species() const noexcept { return mechanism_->variable_species; }

  /// Of a window that starts in `start` [species] and goes on in `later` [frame][species], molecules cm-3, the
  /// mechanism's variable species in order.
  void append(std::span<const double> start, std::span<const double> later, ScenarioWindows& windows) const {
    append_element_totals(start, windows.element_total);
    append_frame(start, windows.concentration);
    const std::size_t species = start.size();
    for (std::size_t at = 0; at < later.size(); at += species)
      append_frame(later.subspan(at, species), windows.concentration);
    append_element_totals(later.last(species), windows.element_total);
  }

 private:
  void append_frame(std::span<const double> state, std::vector<float>& concentration) const {
    const std::vector<float> frame = selection_->values(state);
    concentration.insert(concentration.end(), frame.begin(), frame.end());
  }

  void append_element_totals(std::span<const double> state, std::vector<double>& totals) const {
    const std::size_t offset = totals.size();
    totals.resize(offset + std::max<std::size_t>(mechanism_->elements.size(), 1), 0.0);
    for (std::size_t i = 0; i < state.size(); ++i)
      for (const AtomCount& atom : mechanism_->species[i].atoms)
        totals[offset + atom.element] += atom.count * state[i];
  }

  const Mechanism* mechanism_;
  const SpeciesSelection* selection_;
};

}  // namespace chemnne
