#pragma once
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/data/range.hpp>
#include <chemnne/data/window_options.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/random.hpp>

namespace chemnne {

/// The place of a species of the ranges in the state. Errors: Error naming one that is not variable.
inline std::size_t variable_species(const Mechanism& mechanism, const std::string& name) {
  const std::size_t found = mechanism.index_of(name);
  if (found >= mechanism.variable_species)
    throw Error("scenario ranges: " + name, "a variable species", "a fixed one");
  return found;
}

/// The places of the species of some ranges.
inline std::vector<std::size_t> variable_species(const Mechanism& mechanism,
                                                 const std::vector<Range>& ranges) {
  std::vector<std::size_t> found;
  for (const Range& range : ranges) found.push_back(variable_species(mechanism, range.name));
  return found;
}

/// What happens to the air of a scenario at the start of a window: another air mass (every species that has a
/// range is drawn anew), a plume, and species off their balance. The window's solution starts from there.
class WindowStart {
 public:
  /// `ranges` must outlive it. Errors: see variable_species.
  WindowStart(const Mechanism& mechanism, const ScenarioRanges& ranges)
      : ranges_(&ranges),
        species_(variable_species(mechanism, ranges.species)),
        plume_(variable_species(mechanism, ranges.plume)) {
    for (const Scatter& one : ranges.scatter) scatter_.push_back(variable_species(mechanism, one.name));
  }

  /// Changes a state [molecules cm-3] where the air has `air` molecules cm-3. Returns the window's kind: 1
  /// drawn anew, 2 plume, 3 both, 0 neither. The shares of `options` must be given.
  int apply(const WindowOptions& options, double air, Random& random, std::vector<double>& state) const {
    const bool imposed = *options.imposed_share > 0 && random.uniform() < *options.imposed_share;
    if (imposed)
      for (std::size_t i = 0; i < species_.size(); ++i)
        state[species_[i]] = drawn(ranges_->species[i], air, random);
    const bool plume = random.uniform() < *options.plume_share;
    if (plume)
      for (std::size_t i = 0; i < plume_.size(); ++i)
        state[plume_[i]] += drawn(ranges_->plume[i], air, random);
    if (!scatter_.empty() && random.uniform() < ranges_->windows.scatter_share)
      for (std::size_t i = 0; i < scatter_.size(); ++i)
        state[scatter_[i]] *= std::pow(10, ranges_->scatter[i].decades * random.normal());
    return (imposed ? 1 : 0) + (plume ? 2 : 0);
  }

 private:
  static double drawn(const Range& range, double air, Random& random) {
    return range.density(range.at(random.uniform()), air);
  }

  const ScenarioRanges* ranges_;
  std::vector<std::size_t> species_, plume_, scatter_;
};

}  // namespace chemnne
