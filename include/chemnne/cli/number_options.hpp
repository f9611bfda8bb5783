#pragma once
#include <concepts>
#include <limits>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include <chemnne/support/number_text.hpp>

namespace chemnne {

/// An option that is a number; its default is shown where it is captured. CLI11 by itself reads numbers that
/// are not whole, and shows all, as the locale of the process has them.
template <class Number>
CLI::Option* add_number(CLI::App& command, const std::string& name, Number& value,
                        const std::string& description) {
  const auto read = [&value](const CLI::results_t& given) {
    if constexpr (std::integral<Number>) {
      return CLI::detail::lexical_cast(given.front(), value);
    } else {
      const std::optional<double> number = parse_number(given.front());
      if (number) value = *number;
      return number.has_value();
    }
  };
  const auto show = [&value] {
    if constexpr (std::integral<Number>)
      return std::to_string(value);
    else
      return number_text(value, 6);
  };
  return command.add_option(name, read, description, false, show)
      ->type_name(CLI::detail::type_name<Number>());
}

namespace detail {
template <class Accept>
CLI::Validator number_check(const std::string& what, const Accept& accept) {
  return CLI::Validator(
      [what, accept](std::string& text) {
        const std::optional<double> value = parse_number(text);
        return value && accept(*value) ? std::string() : "expected a number " + what + ", found " + text;
      },
      "");
}
}  // namespace detail

/// Accepts numbers above zero, up to `most`.
inline CLI::Validator above_zero(double most = std::numeric_limits<double>::infinity()) {
  const bool has_limit = most < std::numeric_limits<double>::infinity();
  return detail::number_check("above 0" + (has_limit ? " and up to " + number_text(most, 6) : ""),
                              [most](double value) { return value > 0 && value <= most; });
}

/// Accepts zero and numbers above.
inline CLI::Validator zero_or_more() {
  return detail::number_check("of 0 or more", [](double value) { return value >= 0; });
}

/// Accepts the two ends and what is between them.
inline CLI::Validator from_to(double least, double most) {
  const std::string from = number_text(least, 6), to = number_text(most, 6);
  return detail::number_check("from " + from + " to " + to,
                              [=](double value) { return value >= least && value <= most; })
      .description("FLOAT in [" + from + " - " + to + "]");
}

}  // namespace chemnne
