#pragma once
#include <cstdio>
#include <cstdlib>

namespace chemnne {

/// Ends the program, saying why: a type breaks its contract, and going on would write over other memory or
/// compute with wrong numbers. In every build, and for mistakes in code alone: bad data are an Error.
[[noreturn, gnu::cold, gnu::noinline]] inline void contract_is_broken(const char* how) noexcept {
  std::fprintf(stderr, "chemnne: %s\n", how);
  std::abort();
}

}  // namespace chemnne
