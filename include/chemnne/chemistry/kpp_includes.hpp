#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

#include <chemnne/support/error.hpp>

namespace chemnne::detail {

/// The file that KPP means by a name in `parent`, which belongs to the mechanism in `main`: beside one of
/// them, in `models` there or up to two folders above (where KPP's examples have it), or in $KPP_HOME/models.
/// The first that exists, else the one beside `parent`.
inline std::string kpp_file(const std::string& name, const std::string& parent, const std::string& main) {
  if (name.starts_with('/')) return name;
  const std::string here = parent.substr(0, parent.rfind('/') + 1);
  const std::string start = main.substr(0, main.rfind('/') + 1);
  const char* const home = std::getenv("KPP_HOME");
  std::error_code ignored;
  for (const std::string& folder : {here, start, here + "models/", start + "models/", start + "../models/",
                                    start + "../../models/", home ? home + std::string("/models/") : here})
    if (std::filesystem::exists(folder + name, ignored)) return folder + name;
  return here + name;
}

/// Sees to it that the files which a KPP file includes come to an end.
///
/// A device could go on for ever, and a file that includes another twice, which does so again, nearly. Files
/// of the system that say they are empty (/proc) are no mechanisms either.
class KppIncludes {
 public:
  /// Before a file is read. Errors: Error at `where`, the place of the #INCLUDE.
  void enter(const std::string& path, const std::string& where) {
    if (++depth_ > deepest)
      throw Error(where, "at most 16 nested #INCLUDE (does a file include itself?)", path);
    std::error_code status;
    if (!std::filesystem::exists(path, status)) throw Error(where, "a readable file to include", path);
    if (!std::filesystem::is_regular_file(path, status))
      throw Error(where, "a regular file to include (no folder or device)", path);
    const std::uintmax_t size = std::filesystem::file_size(path, status);
    if (status || size == 0) throw Error(where, "a readable file to include that is not empty", path);
    size_ += size;
    if (++files_ > most_files || size_ > largest_size)
      throw Error(where, "at most 1000 #INCLUDE, of 256 MiB together", "more");
  }
  /// After it.
  void leave() { --depth_; }

 private:
  static constexpr int deepest = 16;
  static constexpr std::size_t most_files = 1000;
  static constexpr std::uintmax_t largest_size = std::uintmax_t{1} << 28;

  int depth_ = 0;
  std::size_t files_ = 0;
  std::uintmax_t size_ = 0;
};

}  // namespace chemnne::detail
