#pragma once
#include <cstddef>

namespace chemnne {

/// Items `first`, `first` + 1, ... of a list, `count` of them.
struct Share {
  std::size_t first = 0;
  std::size_t count = 0;

  bool operator==(const Share&) const = default;
};

/// The lower half of a share, the larger one of an odd number.
constexpr Share lower_half(const Share& whole) { return {whole.first, (whole.count + 1) / 2}; }
/// What `lower_half` leaves of a share.
constexpr Share upper_half(const Share& whole) {
  const std::size_t lower = lower_half(whole).count;
  return {whole.first + lower, whole.count - lower};
}

/// What worker `worker` of `workers`, a power of two, gets of `count` items that are halved until there is a
/// share for everyone. Shares differ by one item at most and are in the order of the workers.
constexpr Share halved_share(std::size_t count, std::size_t worker, std::size_t workers) {
  Share share{0, count};
  for (std::size_t half = workers / 2; half > 0; half /= 2)
    share = (worker & half) != 0 ? upper_half(share) : lower_half(share);
  return share;
}

/// Sums the items of `share` into its first by halves: add(a, b) is to add item b to item a.
///
/// The tree of additions for halved_share(n, w, W) is a branch of that for {0, n}. So the sum of all items is
/// bitwise the same when W workers sum their shares and the W results are summed in pairs of neighbours, then
/// in pairs of pairs.
template <class Add>
void add_by_halves(const Share& share, const Add& add) {
  if (share.count < 2) return;
  add_by_halves(lower_half(share), add);
  add_by_halves(upper_half(share), add);
  add(share.first, upper_half(share).first);
}

}  // namespace chemnne
