#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <chemnne/chemistry/source_cursor.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne {

/// The forms of mechanism files that are read.
enum class MechanismFormat : unsigned char { kpp, facsimile, open_atmos, cam, cmaq };

/// What people call it.
constexpr std::string_view format_name(MechanismFormat format) {
  constexpr std::array<std::string_view, 5> names{"KPP", "MCM FACSIMILE", "MUSICA/OpenAtmos", "CAM-chem",
                                                  "CMAQ"};
  return names[static_cast<std::size_t>(format)];
}

namespace detail {

/// That which a line can but be of.
inline std::optional<MechanismFormat> format_of_line(std::string_view line) {
  constexpr std::array<std::string_view, 18> kpp_words{
      "ATOMS",  "CHECK",      "DEFFIX",     "DEFRAD",   "DEFVAR", "DRIVER", "EQNTAGS", "EQUATIONS", "INCLUDE",
      "INLINE", "INITVALUES", "INTEGRATOR", "LANGUAGE", "LOOKAT", "MODEL",  "MONITOR", "SETFIX",    "SETVAR"};
  constexpr std::array<std::string_view, 6> keys{
      "version:", "species:", "reactions:", "mechanism:", "camp-files:", "camp-data:"};
  constexpr std::size_t longest = 200;
  const std::string text = upper_case(line.substr(0, longest));
  const auto begins_with_word = [&](std::size_t at, std::string_view word) {
    return text.compare(at, word.size(), word) == 0 &&
           (text.size() == at + word.size() || !is_name_part(text[at + word.size()]));
  };
  const auto contains = [&](char c) { return text.find(c) != std::string::npos; };
  if (text.starts_with('#') && std::any_of(kpp_words.begin(), kpp_words.end(),
                                           [&](std::string_view word) { return begins_with_word(1, word); }))
    return MechanismFormat::kpp;
  if (text == "SPECIES" || text == "CHEMISTRY") return MechanismFormat::cam;
  if (text.starts_with("REAC") && contains('[')) return MechanismFormat::cmaq;
  if (begins_with_word(0, "VARIABLE") || (text.starts_with('%') && contains(':')))
    return MechanismFormat::facsimile;
  if (std::any_of(keys.begin(), keys.end(), [&](std::string_view key) { return line.starts_with(key); }))
    return MechanismFormat::open_atmos;
  return std::nullopt;
}

/// `{ "key" :`; what else begins with a brace is a comment of KPP.
inline bool begins_as_json(std::string_view text) {
  const auto skip_blanks = [&] {
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  };
  skip_blanks();
  if (!text.starts_with('{')) return false;
  text.remove_prefix(1);
  skip_blanks();
  if (!text.starts_with('"')) return false;
  const std::size_t end = text.find('"', 1);
  if (end == std::string_view::npos) return false;
  text.remove_prefix(end + 1);
  skip_blanks();
  return text.starts_with(':');
}

/// By the first line that tells, outside of the comments {...} of KPP and CMAQ.
inline std::optional<MechanismFormat> format_of_text(std::string_view text) {
  if (begins_as_json(text)) return MechanismFormat::open_atmos;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::size_t end = std::min(text.find_first_of("{\n", at), text.size());
    if (const auto format = format_of_line(trimmed(text.substr(at, end - at)))) return format;
    at = end < text.size() && text[end] == '{' ? std::min(text.find('}', end), text.size()) : end;
  }
  return std::nullopt;
}

inline std::optional<MechanismFormat> format_of_ending(std::string_view ending) {
  constexpr std::array<std::pair<std::string_view, MechanismFormat>, 8> endings{
      {{"KPP", MechanismFormat::kpp},
       {"DEF", MechanismFormat::kpp},
       {"EQN", MechanismFormat::kpp},
       {"SPC", MechanismFormat::kpp},
       {"FAC", MechanismFormat::facsimile},
       {"JSON", MechanismFormat::open_atmos},
       {"YAML", MechanismFormat::open_atmos},
       {"YML", MechanismFormat::open_atmos}}};
  for (const auto& [known, format] : endings)
    if (known == upper_case(ending)) return format;
  return std::nullopt;
}

}  // namespace detail

/// The format of a mechanism's text: that which one of its lines can but be of, whatever the file is called,
/// such as `#EQUATIONS` of KPP or `REACTIONS[CM] =` of CMAQ, which both end in .def; where none tells, that
/// of the ending of `name`: .kpp, .def, .eqn, .spc: KPP; .fac: MCM FACSIMILE; .json, .yaml, .yml:
/// MUSICA/OpenAtmos. Errors: Error when neither tells.
inline MechanismFormat mechanism_format(std::string_view text, const std::string& name) {
  if (const auto format = detail::format_of_text(text)) return *format;
  const std::string file = name.substr(name.rfind('/') + 1);
  const std::size_t dot = file.rfind('.');
  const std::string ending = dot == std::string::npos ? std::string() : file.substr(dot + 1);
  if (const auto format = detail::format_of_ending(ending)) return *format;
  throw Error(name,
              "a mechanism of KPP, MCM FACSIMILE, MUSICA/OpenAtmos, CAM-chem or CMAQ, by its text or its "
              "ending (.kpp, "
              ".def, .eqn, .fac, .json, .yaml)",
              ending.empty() ? "a text of none of them, and a name without such an ending"
                             : "a text of none of them, and the ending '." + ending + "'");
}

}  // namespace chemnne
