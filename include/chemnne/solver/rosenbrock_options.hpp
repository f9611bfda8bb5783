#pragma once
#include <cmath>
#include <cstddef>
#include <string>

#include <chemnne/support/error.hpp>
#include <chemnne/support/number_text.hpp>

namespace chemnne {

/// How exactly cells are solved.
struct RosenbrockOptions {
  /// Local error of a step relative to each value. Of 1024 hours of the embedded mechanism, plumes included,
  /// and values above 1e6 molecules cm-3, Rodas3 takes none further than 0.04 decades off with 1e-3; with
  /// 1e-2, which costs two thirds, single titrated traces are off by a decade.
  double relative_tolerance = 1e-3;
  /// Local error allowed whatever the value [molecules cm-3].
  double absolute_tolerance = 1e3;
  /// s; a step that is too long is taken again, so this need not be small.
  double first_step = 1;
  /// Steps tried for a cell, those that were too long included, before it is begun again with a hundredth of
  /// the relative tolerance, and again before it counts as not solved.
  std::size_t maximum_attempts = 500;

  /// Themselves. Errors: Error where a number makes no sense, naming it.
  const RosenbrockOptions& checked() const {
    const auto above_zero = [](const char* name, double value) {
      if (!(value > 0 && std::isfinite(value)))
        throw Error(std::string("Rosenbrock options, ") + name, "a number above 0", number_text(value));
    };
    above_zero("relative_tolerance", relative_tolerance);
    above_zero("absolute_tolerance", absolute_tolerance);
    above_zero("first_step", first_step);
    if (maximum_attempts == 0) throw Error("Rosenbrock options, maximum_attempts", "1 or more", "0");
    return *this;
  }
};

/// Work of a solver since it was made.
struct RosenbrockStatistics {
  long sweeps = 0;    ///< over all lanes
  long attempts = 0;  ///< steps tried, lane by lane: sweeps times lanes where all lanes are busy
  long steps = 0;     ///< of which were accepted
  long retries = 0;   ///< cells begun again with a tighter tolerance
  long failures = 0;  ///< cells not solved
};

}  // namespace chemnne
