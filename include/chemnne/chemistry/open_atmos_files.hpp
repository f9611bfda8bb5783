#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>

#include <chemnne/chemistry/yaml_document.hpp>
#include <chemnne/chemistry/yaml_fields.hpp>
#include <chemnne/support/text.hpp>

namespace chemnne::detail {

/// The files that a configuration names: at most 1000, of 64 MiB together.
class OpenAtmosFiles {
 public:
  /// Names are relative to the folder of `path`.
  explicit OpenAtmosFiles(const std::string& path) : folder_(path.substr(0, path.rfind('/') + 1)) {}

  std::string path(const std::string& name) const { return name.front() == '/' ? name : folder_ + name; }

  /// A device could go on for ever; files of the system that say they are empty (/proc) are no lists either.
  /// Errors: Error at the node that names the file.
  YamlNode read(const YamlNode& file) {
    const std::string path = this->path(yaml_text(file));
    std::error_code status;
    if (!std::filesystem::is_regular_file(path, status))
      file.fail("a file that is there, no folder or device", path);
    const std::uintmax_t size = std::filesystem::file_size(path, status);
    if (status || size == 0) file.fail("a readable file that is not empty", path);
    if (++files_ > most_files || (size_ += size) > largest_files)
      file.fail("at most 1000 files, of 64 MiB together", "more");
    return parse_yaml(read_text_file(path), path);
  }

 private:
  static constexpr std::size_t most_files = 1000;
  static constexpr std::uintmax_t largest_files = std::uintmax_t{64} << 20;

  std::string folder_;
  std::size_t files_ = 0;
  std::uintmax_t size_ = 0;
};

}  // namespace chemnne::detail
