#pragma once
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <chemnne/support/text.hpp>

namespace chemnne::detail {

/// Finds names as KPP and Fortran do, without regard to case; of names that differ in nothing else, each as
/// it is written.
class NameIndex {
 public:
  /// False, and nothing is done, where this very name is there.
  bool add(std::string_view name, std::size_t index) {
    if (!exact_.emplace(name, index).second) return false;
    const auto [known, is_new] = any_case_.emplace(upper_case(name), index);
    if (!is_new) known->second.reset();
    return true;
  }

  std::optional<std::size_t> find(std::string_view name) const {
    if (const auto found = exact_.find(name); found != exact_.end()) return found->second;
    const auto found = any_case_.find(upper_case(name));
    return found == any_case_.end() ? std::nullopt : found->second;
  }

 private:
  std::map<std::string, std::size_t, std::less<>> exact_;
  std::map<std::string, std::optional<std::size_t>> any_case_;  ///< by upper case; nothing: several
};

}  // namespace chemnne::detail
