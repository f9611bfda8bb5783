#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <chemnne/support/number_text.hpp>

namespace chemnne {

/// `text` with the characters that mean something in HTML escaped.
inline std::string html_text(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '&')
      escaped += "&amp;";
    else if (c == '<')
      escaped += "&lt;";
    else if (c == '>')
      escaped += "&gt;";
    else if (c == '"')
      escaped += "&quot;";
    else
      escaped += c;
  }
  return escaped;
}

/// Base64 of `bytes` (RFC 4648, section 4).
inline std::string base64(std::string_view bytes) {
  static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    for (std::size_t k = 0; k < 4; ++k)
      text += i + k <= bytes.size() ? digits[group >> (18 - 6 * k) & 63u] : '=';
  }
  return text;
}

/// `value` with `digits` significant digits; a dash for NaN.
inline std::string format_number(double value, int digits = 3) {
  if (value != value) return "–";
  return number_text(value, digits);
}

/// `share` as a percentage; a dash for NaN.
inline std::string format_percent(double share, int digits = 3) {
  if (share != share) return "–";
  return format_number(100 * share, digits) + " %";
}

/// A table; the first row is its head, the first column names the rows. Cells are plain text.
inline std::string html_table(const std::vector<std::vector<std::string>>& rows) {
  std::string html = "<table>\n";
  for (std::size_t r = 0; r < rows.size(); ++r) {
    html += "<tr>";
    for (std::size_t c = 0; c < rows[r].size(); ++c) {
      const char* const tag = r == 0 || c == 0 ? "th" : "td";
      ((((html += '<') += tag) += '>') += html_text(rows[r][c]) + "</") += tag;
      html += '>';
    }
    html += "</tr>\n";
  }
  return html + "</table>\n";
}

}  // namespace chemnne
