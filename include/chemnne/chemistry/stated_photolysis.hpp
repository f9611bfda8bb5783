#pragma once
#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/chemistry/source_cursor.hpp>
#include <chemnne/chemistry/source_text.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne::detail {

/// A version as it stands behind a name, " v3.3.1", "_3.2", ", version 2.2": major and minor number, each of
/// one digit.
struct StatedVersion {
  int major = 0;
  int minor = 0;
  std::size_t length = 0;  ///< of the text, 0: there is none

  explicit StatedVersion(std::string_view text) {
    std::size_t at = std::min(text.find_first_not_of(" \t_-,("), text.size());
    const std::size_t marked = at;
    at += upper_case(text.substr(at, 7)) == "VERSION" ? 7u : upper_case(text.substr(at, 1)) == "V" ? 1u : 0u;
    const bool has_mark = at > marked;
    at = std::min(text.find_first_not_of(' ', at), text.size());
    const auto digit = [&](std::size_t place) {
      return place < text.size() && is_digit(text[place]) &&
                     (place + 1 == text.size() || !is_digit(text[place + 1]))
                 ? text[place] - '0'
                 : -1;
    };
    if (digit(at) < 0) return;
    const bool has_minor = at + 1 < text.size() && text[at + 1] == '.' && digit(at + 2) >= 0;
    if (!has_mark && !has_minor) return;
    major = digit(at);
    minor = has_minor ? digit(at + 2) : 0;
    length = at + (has_minor ? 3 : 1);
    if (text.substr(length, 1) == "." && digit(length + 1) >= 0) length += 2;
  }
};

/// The photolysis of that version of the MCM, or of the CRI mechanism made from it, which a text is the first
/// to name, as exports do in their header: "Master Chemical Mechanism, MCM v3.2".
///
/// CRI v2.2 follows MCM v3.3.1 (Jenkin et al., Atmos. Environ. 212, 172, 2019); those before it follow v3.1.
inline std::optional<PhotolysisVersion> stated_photolysis(const SourceText& source) {
  const std::string_view text = source.text();
  for (std::size_t i = text.find_first_of("MC"); i < text.size(); i = text.find_first_of("MC", i + 1)) {
    const std::string_view name = text.substr(i, 3);
    if ((name != "MCM" && name != "CRI") || (i > 0 && is_name_part(text[i - 1]))) continue;
    const StatedVersion stated(text.substr(i + 3, 20));
    if (stated.length == 0) continue;
    const std::pair first_with_new_rates = name == "MCM" ? std::pair(3, 3) : std::pair(2, 2);
    const bool is_old = std::pair(stated.major, stated.minor) < first_with_new_rates;
    return PhotolysisVersion{is_old ? McmVersion::v3_2 : McmVersion::v3_3_1,
                             source.name() + " states " + collapse_blanks(text.substr(i, 3 + stated.length)) +
                                 " in line " + std::to_string(source.line(i))};
  }
  return std::nullopt;
}

/// From the numbers that a mechanism uses, where its file states no version: J57 is of v3.2 and before, J20
/// of v3.3.1 alone.
inline PhotolysisVersion photolysis_by_numbers(const Mechanism& mechanism) {
  const auto uses = [&](std::size_t number) {
    return std::any_of(mechanism.reactions.begin(), mechanism.reactions.end(), [&](const Reaction& reaction) {
      const auto& program = reaction.rate.program();
      return std::any_of(program.begin(), program.end(), [&](const RateInstruction& one) {
        return one.operation == RateOperation::photolysis && one.index == number;
      });
    });
  };
  if (uses(20)) return {McmVersion::v3_3_1, "a rate uses J20"};
  if (uses(57)) return {McmVersion::v3_2, "a rate uses J57"};
  return {McmVersion::v3_3_1, "the newest, for no version is stated"};
}

}  // namespace chemnne::detail
