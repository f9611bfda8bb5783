#pragma once
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

#include <chemnne/chemistry/cam_reader.hpp>
#include <chemnne/chemistry/cmaq_reader.hpp>
#include <chemnne/chemistry/facsimile_reader.hpp>
#include <chemnne/chemistry/kpp_reader.hpp>
#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/chemistry/mechanism_builder.hpp>
#include <chemnne/chemistry/mechanism_format.hpp>
#include <chemnne/chemistry/open_atmos_reader.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne {

namespace detail {

inline Mechanism parse_as(MechanismFormat format, std::string text, const std::string& name,
                          const ReadOptions& options) {
  switch (format) {
    case MechanismFormat::kpp:
      return parse_kpp(std::move(text), name, options);
    case MechanismFormat::facsimile:
      return parse_facsimile(std::move(text), name, options);
    case MechanismFormat::cam:
      return parse_cam(std::move(text), name, options);
    case MechanismFormat::cmaq:
      return parse_cmaq(std::move(text), name, options);
    default:
      return parse_open_atmos(std::move(text), name, options);
  }
}

/// CAMP calls a folder by its name and means config.json or config.yaml in it.
inline std::string mechanism_file(const std::string& path) {
  std::error_code status;
  if (!std::filesystem::is_directory(path, status)) return path;
  const std::string yaml = path + "/config.yaml";
  return file_exists(yaml) ? yaml : path + "/config.json";
}

}  // namespace detail

/// A mechanism from text in the format that `mechanism_format` finds, which Mechanism::format names. Errors:
/// as that and the readers.
inline Mechanism parse_mechanism(std::string text, const std::string& name, const ReadOptions& options = {}) {
  const MechanismFormat format = mechanism_format(text, name);
  Mechanism mechanism = detail::parse_as(format, std::move(text), name, options);
  mechanism.format = format_name(format);
  return mechanism;
}

/// The same from a file, or from a folder with a `config.json` or `config.yaml` of MUSICA. Errors: also Error
/// when the file cannot be read.
inline Mechanism read_mechanism(const std::string& path, const ReadOptions& options = {}) {
  const std::string file = detail::mechanism_file(path);
  return parse_mechanism(read_text_file(file), file, options);
}

}  // namespace chemnne
