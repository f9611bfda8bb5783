#pragma once
#include <string>
#include <vector>

#include <chemnne/data/scenario_course.hpp>

namespace chemnne {

/// Where scenarios start in the place of the ranges of species and weather.
class ScenarioStarts {
 public:
  virtual ~ScenarioStarts() = default;

  /// Identifies the states for provenance.
  virtual const std::string& hash() const = 0;

  /// What there is, in a line; empty: nothing that a user does not know.
  virtual std::string summary() const { return {}; }

  /// Sets state and conditions of a course, those that are known. `parameters` are the names of
  /// Conditions::parameters, `hours` is the length of a window. Where the first window is to start with the
  /// state itself, `given` and the gap before it are set, too.
  virtual void start(ScenarioCourse& course, const std::vector<std::string>& parameters,
                     double hours) const = 0;
};

}  // namespace chemnne
