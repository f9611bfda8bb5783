#pragma once
#include <optional>

namespace chemnne {

/// How the file of a mechanism would have its box run; none: it does not say.
struct RunSettings {
  std::optional<double> start = {};        ///< TSTART, s of the day
  std::optional<double> end = {};          ///< TEND, s
  std::optional<double> step = {};         ///< DT, s between outputs
  std::optional<double> temperature = {};  ///< TEMP, K
};

}  // namespace chemnne
