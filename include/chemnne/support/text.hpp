#pragma once
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include <chemnne/support/error.hpp>

namespace chemnne {

/// The whole content of a file. Errors: Error naming the path when it cannot be opened or read.
inline std::string read_bytes(const std::string& path) {
  const auto close = [](std::FILE* file) { std::fclose(file); };
  const std::unique_ptr<std::FILE, decltype(close)> file(std::fopen(path.c_str(), "rb"), close);
  if (!file) throw Error(path, "a readable file", "none");
  std::string text;
  char block[1 << 16];
  while (const std::size_t count = std::fread(block, 1, sizeof block, file.get())) text.append(block, count);
  if (std::ferror(file.get())) throw Error(path, "a readable file", "a read error");
  return text;
}

/// The whole content of a text file in UTF-8 or ASCII, without the byte order mark that editors of Windows
/// put before it. Errors: as `read_bytes`; Error for UTF-16.
inline std::string read_text_file(const std::string& path) {
  std::string text = read_bytes(path);
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff"))
    throw Error(path, "a text file in UTF-8 or ASCII", "UTF-16");
  if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);
  return text;
}

/// A letter of ASCII in upper case whatever the locale, any other character as it is.
constexpr char upper_case(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }
/// A letter of ASCII in lower case whatever the locale, any other character as it is.
constexpr char lower_case(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Each character by `upper_case`.
inline std::string upper_case(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = upper_case(c);
  return result;
}

/// Whether a text is a name in C, C++ and Fortran: a letter, then letters, digits and underscores.
inline bool is_identifier(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return !text.empty() && letter(text[0]) && std::all_of(text.begin(), text.end(), [letter](char c) {
    return letter(c) || (c >= '0' && c <= '9') || c == '_';
  });
}

/// Without the blanks, tabs and carriage returns at its ends.
inline std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
    text.remove_suffix(1);
  return text;
}

/// Whether a file can be opened for reading.
inline bool file_exists(const std::string& path) {
  std::FILE* const file = std::fopen(path.c_str(), "rb");
  if (file) std::fclose(file);
  return file != nullptr;
}

/// 64-bit FNV-1a hash as 16 hexadecimal digits: a fingerprint against mix-ups, not against forgery.
/// Source: Fowler, Noll, Vo (draft-eastlake-fnv).
inline std::string hash_hex(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  std::string digits(16, '0');
  for (std::size_t i = 0; i < 16; ++i) digits[15 - i] = "0123456789abcdef"[(hash >> (4 * i)) & 15u];
  return digits;
}

}  // namespace chemnne
