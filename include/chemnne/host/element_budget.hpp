#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include <chemnne/io/weights_file.hpp>
#include <chemnne/layers/element_projection.hpp>

namespace chemnne {

/// The elements that an emulator's chemistry conserves, and the projection of a step on their totals.
///
/// All carriers of such an element are among both inputs and outputs, in the same places, so that states
/// before and after a step have the same totals: sources and sinks are the host's, who puts them into a
/// species before or after the step. States are number densities of one cell, before [inputs], after
/// [outputs]. Nothing is allocated or thrown after construction.
class ElementBudget {
 public:
  using Totals = ElementProjection::Totals<double>;

  /// Without conserved elements.
  ElementBudget() = default;

  /// Errors: Error when a carrier of an element is no input, or the composition makes no sense.
  explicit ElementBudget(const EmulatorDescription& description) {
    std::vector<double> composition;
    for (std::size_t e = 0; e < description.elements.size(); ++e)
      for (std::size_t i = 0; i < description.outputs.size(); ++i) {
        const double atoms = description.composition[e][i];
        if (atoms != 0 && (i >= description.inputs.size() || description.inputs[i] != description.outputs[i]))
          throw Error("conserved element " + description.elements[e],
                      "species that are inputs and outputs, in the same place", description.outputs[i]);
        composition.push_back(atoms);
      }
    projection_ = ElementProjection(composition, description.elements.size(), description.outputs.size());
  }

  std::size_t elements() const noexcept { return projection_.elements(); }

  /// Atoms of each element in a state. Shape: total [elements].
  template <class T>
  void totals(const T* state, double* total) const noexcept {
    projection_.totals(state, total);
  }

  /// Gives `after` the totals of `before`. Returns false and changes nothing where that cannot be: values
  /// that are negative or not finite, an element that has no carrier left.
  template <class T>
  bool project(const T* before, T* after) const noexcept {
    Totals total;
    totals(before, total.data());
    return projection_.project(after, total.data());
  }

  /// The largest relative change of an element's total; infinite where an element comes out of nothing, NaN
  /// where a value is.
  double largest_gap(const double* before, const double* after) const noexcept {
    Totals first, last;
    totals(before, first.data());
    totals(after, last.data());
    double largest = 0;
    for (std::size_t e = 0; e < elements(); ++e) {
      const double gap = first[e] == last[e] ? 0 : std::abs(last[e] - first[e]) / std::abs(first[e]);
      if (!(gap <= largest)) largest = gap;
      if (std::isnan(gap)) break;
    }
    return largest;
  }

 private:
  ElementProjection projection_;
};

}  // namespace chemnne
