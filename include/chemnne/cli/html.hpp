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

/// The start of a page up to its title, with the style of our pages; "</body>\n</html>\n" ends it.
inline std::string html_head(const std::string& title) {
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
         html_text(title) +
         "</title>\n<style>\n"
         "body{font:16px/1.5 system-ui,'DejaVu Sans',sans-serif;color:#222;max-width:1040px;margin:2em "
         "auto;padding:0 1em}\n"
         "h1{font-size:1.7em;margin-bottom:.2em}h2{font-size:1.25em;margin-top:2.2em;border-bottom:1px solid "
         "#ddd}\n"
         "table{border-collapse:collapse;margin:1em 0;font-size:.93em}\n"
         "th,td{padding:.25em .9em .25em 0;border-bottom:1px solid "
         "#eee;text-align:right;font-variant-numeric:tabular-nums}\n"
         "th:first-child{text-align:left}th{font-weight:600}tr:first-child th{border-bottom:1px solid #999}\n"
         "img{max-width:100%;height:auto}figure{margin:1em 0}figcaption,.note{color:#555;font-size:.93em}\n"
         ".warning{background:#fff4e0;border-left:4px solid #e69f00;padding:.6em 1em}\n"
         ".provenance td{text-align:left;word-break:break-word}code{font-size:.93em}\n"
         "</style>\n</head>\n<body>\n<h1>" +
         html_text(title) + "</h1>\n";
}

}  // namespace chemnne
