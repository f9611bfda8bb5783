#pragma once
#include <cstdio>
#include <limits>
#include <string>

#include <CLI/CLI.hpp>

namespace chemnne {

namespace detail {
template <class Accept>
CLI::Validator number_check(const std::string& what, const Accept& accept) {
  return CLI::Validator(
      [what, accept](std::string& text) {
        double value = 0;
        const bool good = CLI::detail::lexical_cast(text, value) && accept(value);
        return good ? std::string() : "expected a number " + what + ", found " + text;
      },
      "");
}
}  // namespace detail

/// Accepts numbers above zero, up to `most`.
inline CLI::Validator above_zero(double most = std::numeric_limits<double>::infinity()) {
  char limit[48] = "";
  if (most < std::numeric_limits<double>::infinity())
    std::snprintf(limit, sizeof limit, " and up to %g", most);
  return detail::number_check(std::string("above 0") + limit,
                              [most](double value) { return value > 0 && value <= most; });
}

/// Accepts zero and numbers above.
inline CLI::Validator zero_or_more() {
  return detail::number_check("of 0 or more", [](double value) { return value >= 0; });
}

}  // namespace chemnne
