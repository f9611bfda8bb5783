#pragma once
#include <cerrno>
#include <cstdio>
#include <cstring>

#include <chemnne/support/error.hpp>

namespace chemnne {

/// Brings what was printed to where it goes, which the end of a program would do in silence. Errors: Error
/// when it did not arrive (a full disk).
inline void finish_standard_output() {
  if (std::fflush(stdout) != 0 || std::ferror(stdout))
    throw Error("standard output", "a place for all that is printed", std::strerror(errno));
}

}  // namespace chemnne
