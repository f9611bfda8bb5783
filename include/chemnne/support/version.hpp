#pragma once
#include <string_view>

namespace chemnne {

/// Version of the library (semantic versioning), stated here alone: CMakeLists.txt reads this line.
inline constexpr std::string_view version = "0.2.0";

}  // namespace chemnne
