#pragma once
#include <string>
#include <utility>

#include <chemnne/chemistry/facsimile_reader.hpp>
#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/chemistry/mechanism_builder.hpp>
#include <chemnne/chemistry/open_atmos_reader.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne {

/// A mechanism from text, in the format that the ending of `name` tells: .kpp, .def, .eqn, .spc: KPP; .fac:
/// MCM FACSIMILE; .json, .yaml, .yml: MUSICA/OpenAtmos. Errors: as the readers; Error for another ending.
inline Mechanism parse_mechanism(std::string text, const std::string& name, const ReadOptions& options = {}) {
  const std::string file = name.substr(name.rfind('/') + 1);
  const std::size_t dot = file.rfind('.');
  const std::string ending = dot == std::string::npos ? std::string() : upper_case(file.substr(dot + 1));
  if (ending == "KPP" || ending == "DEF" || ending == "EQN" || ending == "SPC")
    return parse_kpp(std::move(text), name, options);
  if (ending == "FAC") return parse_facsimile(std::move(text), name, options);
  if (ending == "JSON" || ending == "YAML" || ending == "YML")
    return parse_open_atmos(std::move(text), name, options);
  throw Error(name, "a mechanism: .kpp, .def, .eqn (KPP), .fac (FACSIMILE), .json or .yaml (OpenAtmos)",
              ending.empty() ? "a name without such an ending" : "'." + file.substr(dot + 1) + "'");
}

/// The same from a file. Errors: also Error when the file cannot be read.
inline Mechanism read_mechanism(const std::string& path, const ReadOptions& options = {}) {
  return parse_mechanism(read_text_file(path), path, options);
}

}  // namespace chemnne
