#pragma once
#include <iosfwd>

// Included before a header that is compiled as a test: std::to_string of a number that is not whole follows
// the locale, and is an error there.
#if defined(_GLIBCXX_USE_CXX11_ABI) && _GLIBCXX_USE_CXX11_ABI
namespace std {
inline namespace __cxx11 {
[[deprecated("it follows the locale: chemnne::number_text")]] string to_string(float);
[[deprecated("it follows the locale: chemnne::number_text")]] string to_string(double);
[[deprecated("it follows the locale: chemnne::number_text")]] string to_string(long double);
}  // namespace __cxx11
}  // namespace std
#endif
