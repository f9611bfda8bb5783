#pragma once
#include <cstddef>
#include <string>
#include <vector>

namespace chemnne {

/// The windows of one scenario, rows as in Dataset; `failure` says why there are none, empty on success.
struct ScenarioWindows {
  std::size_t scenario = 0;
  std::string failure;
  std::vector<int> kind;                  ///< [window]
  std::vector<double> spin_up_length;     ///< [window]
  std::vector<double> environment_value;  ///< [window][environment]
  std::vector<double> element_total;      ///< [window][first, last][element]
  std::vector<float> concentration;       ///< [window][frame][selected species]
};

}  // namespace chemnne
