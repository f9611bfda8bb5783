#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <chemnne/io/lumped_species.hpp>
#include <chemnne/io/weights_file.hpp>
#include <chemnne/layers/element_projection.hpp>
#include <chemnne/tensor/fixed_list.hpp>

namespace chemnne {

/// How readily outputs give way to a total (ElementProjection): an end product changes by little of itself in a
/// step, so a network is hardly off in it, and what it took wrongly no reaction gives back.
inline std::vector<double> mobilities(std::span<const std::string> outputs,
                                      std::span<const LumpedSpecies> lumps) {
  constexpr double of_ends = 0.1;
  std::vector<double> mobility(outputs.size(), 1.0);
  for (std::size_t i = 0; i < outputs.size(); ++i)
    for (const LumpedSpecies& lump : lumps)
      if (lump.end && lump.name == outputs[i]) mobility[i] = of_ends;
  return mobility;
}

/// Sees nothing of what is done to a state. One that does is StepRecord:
///
///     starts():                a projection is begun, all species take part
///     limited(i, value):       a limit is put in the place of species i
///     capped(i, e, atoms):     what the total of element e can hold of it
///     held(i):                 it takes no part from now on
///     stays(i):                its value before the step, and it takes no part
///     projects(after, total):  the state that is projected on these totals
///     projected(after):        what has become of it
struct Unwatched {
  static constexpr void starts() noexcept {}
  static constexpr void limited(std::size_t, double) noexcept {}
  static constexpr void capped(std::size_t, std::size_t, double) noexcept {}
  static constexpr void held(std::size_t) noexcept {}
  static constexpr void stays(std::size_t) noexcept {}
  template <class T, class Totals>
  static constexpr void projects(const T*, const Totals&) noexcept {}
  template <class T>
  static constexpr void projected(const T*) noexcept {}
};

/// The elements that an emulator's chemistry conserves, and the projection of a step on their totals.
///
/// All carriers of such an element are among both inputs and outputs, in the same places, so that states
/// before and after a step have the same totals: sources and sinks are the host's, who puts them into a
/// species before or after the step. States are number densities of one cell, before [inputs], after
/// [outputs]; a negative number density before counts with its sign. Nothing is allocated or thrown after
/// construction. `most_species`: see ElementProjection.
template <std::size_t most_species>
class BasicElementBudget {
  using Projection = BasicElementProjection<most_species>;

 public:
  using Totals = typename Projection::template Totals<double>;
  static constexpr std::size_t most_elements = Projection::most_elements;

  /// Total of an element that is next to nothing [molecules cm-3], one in 10 000 m3. Transport leaves such
  /// traces, down to numbers that a host's float or a double can hardly hold: none of them is chemistry.
  static constexpr double faint_total = 1e-10;

  /// Atoms of an element in a molecule of a species that has some.
  struct Carrier {
    std::size_t element, species;
    double atoms;
  };

  /// Without conserved elements.
  BasicElementBudget() = default;

  /// Errors: Error when a carrier of an element is no input, or the composition makes no sense.
  explicit BasicElementBudget(const EmulatorDescription& description) {
    std::vector<double> composition;
    for (std::size_t e = 0; e < description.elements.size(); ++e)
      for (std::size_t i = 0; i < description.outputs.size(); ++i) {
        const double atoms = description.composition[e][i];
        if (atoms != 0 && (i >= description.inputs.size() || description.inputs[i] != description.outputs[i]))
          throw Error("conserved element " + description.elements[e],
                      "species that are inputs and outputs, in the same place", description.outputs[i]);
        composition.push_back(atoms);
        if (atoms != 0) carrier_.push_back({e, i, atoms});
      }
    projection_ = Projection(composition, description.elements.size(), description.outputs.size(),
                             mobilities(description.outputs, description.lumped));
  }

  constexpr std::size_t elements() const noexcept { return projection_.elements(); }
  constexpr const Projection& projection() const noexcept { return projection_; }
  constexpr std::span<const Carrier> carriers() const noexcept { return {carrier_.data(), carrier_.size()}; }

  /// Atoms of each element in a state. Shape: total [elements].
  template <class T>
  constexpr void totals(const T* state, double* total) const noexcept {
    projection_.totals(state, total);
  }

  /// Gives `after` the totals of `before`: its projection (ElementProjection), once no species has more than
  /// a total can hold. Of an element with less than `faint_total` the carriers stay as they were. Returns
  /// false where that cannot be: values that are negative or not finite, totals that are, an element that has
  /// no carrier left. `watch`: see Unwatched.
  template <class T, class Watch = Unwatched>
  constexpr bool project(const T* before, T* after, Watch&& watch = {}) const noexcept {
    watch.starts();
    for (std::size_t i = 0; i < projection_.species(); ++i)
      if (!(after[i] >= 0) || !std::isfinite(after[i])) return false;
    Totals total;
    totals(before, total.data());
    for (std::size_t e = 0; e < elements(); ++e)
      if (!(total[e] >= 0) || !std::isfinite(total[e])) return false;
    for (const Carrier& one : carrier_)
      if (static_cast<double>(after[one.species]) * one.atoms > total[one.element]) {
        after[one.species] = static_cast<T>(total[one.element] / one.atoms);
        watch.capped(one.species, one.element, one.atoms);
      }
    std::array<bool, most_elements> faint{};
    for (std::size_t e = 0; e < elements(); ++e) faint[e] = total[e] > 0 && total[e] < faint_total;
    if (std::find(faint.begin(), faint.end(), true) == faint.end()) return project_on(total, after, watch);
    return project_others(faint, before, after, total, watch);
  }

  /// The same of a state that has the totals already, within limits: what is beyond is put to where
  /// limited(i, value) says and takes no further part, until nothing is. `before` is within the limits, which
  /// makes such states exist. Returns false where none is found in a few rounds: `after` is then between.
  /// Shape: fixed [outputs], scratch.
  template <class Limited, class Watch = Unwatched>
  constexpr bool project_within(const double* before, double* after, const Limited& limited, double* fixed,
                                Watch&& watch = {}) const noexcept {
    constexpr double is_free = -1;
    constexpr int most_rounds = 8;
    const std::size_t species = projection_.species();
    std::fill_n(fixed, species, is_free);
    watch.starts();
    Totals total;
    totals(before, total.data());
    for (int round = 0; round < most_rounds; ++round) {
      bool more = false;
      for (std::size_t i = 0; i < species; ++i) {
        if (fixed[i] != is_free) continue;
        const double allowed = limited(i, after[i]);
        if (allowed == after[i]) continue;
        fixed[i] = allowed;
        watch.limited(i, allowed);
        watch.held(i);
        more = true;
      }
      if (!more) return true;
      Totals rest = total;
      for (const Carrier& one : carrier_)
        if (fixed[one.species] != is_free) rest[one.element] -= one.atoms * fixed[one.species];
      const auto put = [&](const auto& value) {
        for (std::size_t i = 0; i < species; ++i)
          if (fixed[i] != is_free) after[i] = value(i);
      };
      put([](std::size_t) { return 0.0; });  // what is not there takes no part
      const bool done = project_on(rest, after, watch);
      put([&](std::size_t i) { return fixed[i]; });
      if (!done) return false;
    }
    return false;
  }

  /// The largest relative change of an element's total; infinite where an element comes out of nothing, NaN
  /// where a value is.
  constexpr double largest_change(const double* before, const double* after) const noexcept {
    Totals first, last;
    totals(before, first.data());
    totals(after, last.data());
    double largest = 0;
    for (std::size_t e = 0; e < elements(); ++e) {
      const double change = first[e] == last[e] ? 0 : std::abs(last[e] - first[e]) / std::abs(first[e]);
      if (!(change <= largest)) largest = change;
      if (std::isnan(change)) break;
    }
    return largest;
  }

 private:
  template <class T, class Watch>
  constexpr bool project_on(const Totals& total, T* after, Watch& watch) const noexcept {
    watch.projects(after, total);
    const bool done = projection_.project(after, total.data());
    if (done) watch.projected(after);
    return done;
  }

  /// The projection where some elements are faint: their carriers and what these hold of other elements are
  /// left out of it.
  template <class T, class Watch>
  constexpr bool project_others(const std::array<bool, most_elements>& faint, const T* before, T* after,
                                Totals total, Watch& watch) const noexcept {
    const auto stays = [&](std::size_t species) {
      return std::any_of(carrier_.begin(), carrier_.end(),
                         [&](const Carrier& one) { return one.species == species && faint[one.element]; });
    };
    for (const Carrier& one : carrier_)
      if (stays(one.species)) {
        watch.stays(one.species);
        if (before[one.species] < 0) return false;
        total[one.element] -= one.atoms * static_cast<double>(before[one.species]);
      }
    for (std::size_t e = 0; e < elements(); ++e)
      if (faint[e]) total[e] = 0;  // takes its carriers out of the projection
    if (!project_on(total, after, watch)) return false;
    for (const Carrier& one : carrier_)
      if (faint[one.element]) after[one.species] = before[one.species];
    return true;
  }

  Projection projection_;
  List<Carrier, most_species == std::dynamic_extent ? most_species : most_species * most_elements> carrier_;
};

/// Of any number of species.
using ElementBudget = BasicElementBudget<std::dynamic_extent>;

}  // namespace chemnne
