#pragma once
#include <cstddef>
#include <span>
#include <string>

#include <chemnne/support/error.hpp>
#include <chemnne/support/random.hpp>

namespace test {

/// How many of the texts that random editing makes of one are read, and how many refused with an Error.
struct DamagedTexts {
  std::size_t read = 0, refused = 0;

  /// Each of `count` lacks up to 19 characters somewhere, or has one of the pieces more.
  template <class Read>
  DamagedTexts(const std::string& text, std::span<const char* const> pieces, std::size_t count,
               const Read& reader) {
    chemnne::Random random{1, 0};
    for (std::size_t i = 0; i < count; ++i) {
      std::string damaged = text;
      const std::size_t at = random.index(damaged.size());
      if (random.index(2) == 0)
        damaged.erase(at, random.index(20));
      else
        damaged.insert(at, pieces[random.index(pieces.size())]);
      try {
        reader(damaged);
        ++read;
      } catch (const chemnne::Error&) {
        ++refused;
      }
    }
  }
};

}  // namespace test
