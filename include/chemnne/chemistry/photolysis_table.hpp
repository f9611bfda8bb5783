#pragma once
#include <array>
#include <cmath>
#include <cstddef>

namespace chemnne {

/// Photolysis rates that follow light and temperature alone, as box models fit them to their own spectra:
/// J_n = s value_n exp(coefficient_n (T - reference_temperature)) [s-1].
///
/// s is the scaling of the environment in whatever unit `value` counts per (ARCA: W m-2 of actinic light);
/// the zenith angle does not enter, and it is night where s is 0.
struct PhotolysisTable {
  double reference_temperature = 285;    ///< K
  std::array<double, 72> value{};        ///< by n of J(n), s-1 per unit of s
  std::array<double, 72> coefficient{};  ///< by n, K-1

  /// All J_n [s-1].
  std::array<double, 72> rates(double temperature, double scaling) const {
    return rates_of<double>(temperature, scaling);
  }

  /// The same of symbols.
  template <class Number>
  std::array<Number, 72> rates_of(const Number& temperature, const Number& scaling) const {
    using std::exp;
    std::array<Number, 72> result{};
    for (std::size_t n = 0; n < result.size(); ++n)
      if (value[n] != 0)
        result[n] = scaling * value[n] * exp(coefficient[n] * (temperature - reference_temperature));
    return result;
  }
};

}  // namespace chemnne
