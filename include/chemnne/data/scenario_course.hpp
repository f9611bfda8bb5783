#pragma once
#include <cstddef>
#include <vector>

#include <chemnne/data/host_air.hpp>
#include <chemnne/data/range.hpp>
#include <chemnne/data/scenario.hpp>
#include <chemnne/support/random.hpp>

namespace chemnne {

/// The air around a scenario's parcel between its windows.
struct Surroundings {
  double dilution = 0;                   ///< s-1
  std::vector<std::size_t> held = {};    ///< places in the state
  std::vector<const Range*> range = {};  ///< of each that is held
  std::vector<double> level = {};        ///< molecules cm-3
};

/// A scenario on its way: all that what comes of it depends on.
struct ScenarioCourse {
  std::size_t scenario;  ///< its number
  Conditions conditions;
  Random random;
  std::vector<double> state = {};  ///< molecules cm-3, the mechanism's variable species in order
  Surroundings around = {};
  HostParcel host = {};
  double time = 0;          ///< s, since the start
  double gap = 0;           ///< s, before the next window: the first one's is the spin-up
  std::size_t windows = 0;  ///< that lie behind it
  /// What the first window starts with exactly [molecules cm-3], not a number where anything will do; empty:
  /// with what comes.
  std::vector<double> given = {};
};

}  // namespace chemnne
