#pragma once
#include <stdexcept>
#include <string>

namespace chemnne {

/// A set-up error (file, option, data): says where, what was expected and what was found.
///
/// The hot path never throws; a host's language boundary turns this into a status and a message.
class Error : public std::runtime_error {
 public:
  /// What is printed: "where: expected this, found that".
  Error(const std::string& where, const std::string& expected, const std::string& found)
      : std::runtime_error(where + ": expected " + expected + ", found " + found),
        where_(where),
        expected_(expected),
        found_(found) {}

  /// File with line and column, tensor, option or scenario that the error speaks of.
  const std::string& where() const noexcept { return where_; }
  const std::string& expected() const noexcept { return expected_; }
  const std::string& found() const noexcept { return found_; }

 private:
  std::string where_;
  std::string expected_;
  std::string found_;
};

}  // namespace chemnne
