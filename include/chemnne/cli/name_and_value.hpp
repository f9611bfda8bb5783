#pragma once
#include <cstddef>
#include <string>
#include <utility>

#include <chemnne/support/error.hpp>

namespace chemnne {

/// The two sides of the first '=' in an item of an option. `form` says what is expected, "NAME=VALUE".
/// Errors: Error when there is none.
inline std::pair<std::string, std::string> name_and_value(const std::string& option, const std::string& form,
                                                          const std::string& item) {
  const std::size_t sign = item.find('=');
  if (sign == std::string::npos) throw Error(option, form, "'" + item + "'");
  return {item.substr(0, sign), item.substr(sign + 1)};
}

}  // namespace chemnne
