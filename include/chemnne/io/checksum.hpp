#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <chemnne/io/crc32.hpp>
#include <chemnne/support/error.hpp>

/// @file
/// The checksum of a safetensors file: an entry of its metadata,
///
///     "chemnne_checksum":"crc32 of this file with these digits as 0: 89abcdef",
///
/// over all bytes of the file, header and data, its own eight digits taken as 0.
namespace chemnne::detail {

inline constexpr std::string_view checksum_name = "chemnne_checksum",
                                  checksum_text = "crc32 of this file with these digits as 0: ",
                                  checksum_blank = "00000000";

/// Where the digits stand in the text of a header, if it has a checksum.
///
/// Errors: Error when it has a part of the entry, name or text: no flipped bit makes a file with a checksum
/// one without, since it leaves one of the two. (Neither can be a part of another string, where quotation
/// marks have a \ in front.)
inline std::optional<std::size_t> checksum_place(std::string_view header, const std::string& source) {
  const std::string name = '"' + std::string(checksum_name) + '"', text = '"' + std::string(checksum_text);
  const std::string entry = name + ':' + text;
  if (const std::size_t place = header.find(entry); place != header.npos) {
    const std::size_t digits = place + entry.size(), end = digits + checksum_blank.size();
    if (end < header.size() && header[end] == '"') return digits;
  } else if (header.find(name) == header.npos && header.find(text) == header.npos) {
    return std::nullopt;
  }
  throw Error(source + ", metadata", entry + "8 digits\"", "a part of it: the file is damaged");
}

/// The digits for `bytes`, a file whose digits stand at `place`.
inline std::string checksum_digits(std::string_view bytes, std::size_t place) {
  std::uint32_t sum = crc32(bytes.substr(0, place));
  sum = crc32(checksum_blank, sum);
  sum = crc32(bytes.substr(place + checksum_blank.size()), sum);
  std::string digits(checksum_blank);
  for (std::size_t i = digits.size(); i-- > 0; sum >>= 4) digits[i] = "0123456789abcdef"[sum & 15u];
  return digits;
}

/// Errors: Error when the digits at `place` are not those of `bytes`.
inline void check_checksum(std::string_view bytes, std::size_t place, const std::string& source) {
  const std::string_view stated = bytes.substr(place, checksum_blank.size());
  const std::string found = checksum_digits(bytes, place);
  if (stated != found)
    throw Error(source, "bytes of the checksum " + std::string(stated) + " in its header",
                found + ": the file is damaged, or was changed by another program that left the checksum");
}

}  // namespace chemnne::detail
