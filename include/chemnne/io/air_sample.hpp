#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace chemnne {

/// Air that was met: states and their conditions, a row a cell.
struct AirSample {
  std::vector<std::string> species = {};          ///< names
  std::vector<std::string> conditions = {};       ///< names, as data sets have them
  std::vector<std::string> condition_units = {};  ///< of each condition
  std::vector<double> number_density = {};        ///< [row][species], molecules cm-3
  std::vector<double> condition_value = {};       ///< [row][condition]
  std::vector<double> key = {};                   ///< [row], by which the sample was drawn: the largest stay
  std::vector<double> score = {};                 ///< [row], see StepReport; infinite: not known
  std::string mechanism = "unknown";              ///< name
  std::string fingerprint = "unknown";            ///< of the mechanism

  std::size_t rows() const { return key.size(); }
  std::span<const double> state(std::size_t row) const {
    return std::span(number_density).subspan(row * species.size(), species.size());
  }
  std::span<const double> condition(std::size_t row) const {
    return std::span(condition_value).subspan(row * conditions.size(), conditions.size());
  }
};

}  // namespace chemnne
