#pragma once
#include <algorithm>
#include <cstddef>
#include <span>

#include <chemnne/host/step_status.hpp>

namespace chemnne {

/// Which share of some cells the guard of a host's step has something to say about.
struct GuardShares {
  std::size_t cells = 0;
  double outside_training = 0;  ///< CellFlag::outside_training, and so on
  double uncertain = 0;
  double limited = 0;
  double suspicious = 0;  ///< any of them
};

/// Of the flags of cells; all shares are 0 when there are none.
inline GuardShares guard_shares(std::span<const CellFlags> flags) {
  const auto share = [&](CellFlags wanted) {
    const auto count =
        std::count_if(flags.begin(), flags.end(), [&](CellFlags one) { return (one & wanted) != 0; });
    return flags.empty() ? 0 : static_cast<double>(count) / static_cast<double>(flags.size());
  };
  return {.cells = flags.size(),
          .outside_training = share(flag(CellFlag::outside_training)),
          .uncertain = share(flag(CellFlag::uncertain)),
          .limited = share(flag(CellFlag::limited)),
          .suspicious = share(suspicious)};
}

}  // namespace chemnne
