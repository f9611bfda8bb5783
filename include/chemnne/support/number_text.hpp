#pragma once
#include <charconv>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include <chemnne/support/error.hpp>

namespace chemnne {

// Numbers as text and back, the same in every locale: printf, strtod, std::to_string and streams follow the
// locale of the process, which a host may set, and write 1.5 as 1,5. Nothing else here turns numbers that are
// not whole into text, or text into numbers.

namespace detail {

/// As printf has it with this format and precision in the locale "C".
inline std::string printf_text(double value, std::chars_format format, int precision) {
  constexpr int longest = 330;  // of the largest double without its decimals: 309 digits, sign and point
  std::string text(static_cast<std::size_t>(longest + precision), '\0');
  text.resize(static_cast<std::size_t>(
      std::to_chars(text.data(), text.data() + text.size(), value, format, precision).ptr - text.data()));
  return text;
}

/// Whether the whole of a text is a number, which goes to `value`: std::errc() or what is wrong.
inline std::errc from_text(std::string_view text, double& value) {
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  return status == std::errc() && end != text.data() + text.size() ? std::errc::invalid_argument : status;
}

}  // namespace detail

/// The shortest text that reads back as the same number; of a float, as the same float.
template <std::floating_point Number>
std::string number_text(Number value) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

/// With so many significant digits, without zeros at the end: printf's `%.<digits>g`.
inline std::string number_text(double value, int digits) {
  return detail::printf_text(value, std::chars_format::general, digits);
}

/// With so many decimals: printf's `%.<decimals>f`.
inline std::string fixed_text(double value, int decimals) {
  return detail::printf_text(value, std::chars_format::fixed, decimals);
}

/// With so many decimals and an exponent: printf's `%.<decimals>e`.
inline std::string scientific_text(double value, int decimals) {
  return detail::printf_text(value, std::chars_format::scientific, decimals);
}

/// The number that the whole of a text is: 1, +1, -2.5e-3, inf, nan. None where the text is empty, has other
/// characters (blanks too) or is outside the range of double.
inline std::optional<double> parse_number(std::string_view text) {
  double value = 0;
  return detail::from_text(text, value) == std::errc() ? std::optional(value) : std::nullopt;
}

/// The same. Errors: Error naming `where`, and what is wrong, when there is none.
inline double parse_number(std::string_view text, const std::string& where) {
  double value = 0;
  const std::errc status = detail::from_text(text, value);
  if (status == std::errc()) return value;
  throw Error(where,
              status == std::errc::result_out_of_range ? "a number in the range of double" : "a number",
              "'" + std::string(text) + "'");
}

}  // namespace chemnne
