#pragma once
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>

namespace chemnne {

/// Philox 4x32-10: a keyed bijection of a 128-bit counter; equal (key, counter) give equal words on any
/// machine. Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
inline std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter,
                                           std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t first = std::uint64_t{0xD2511F53u} * counter[0];
    const std::uint64_t second = std::uint64_t{0xCD9E8D57u} * counter[2];
    counter = {
        static_cast<std::uint32_t>(second >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(second),
        static_cast<std::uint32_t>(first >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(first)};
    key[0] += 0x9E3779B9u;
    key[1] += 0xBB67AE85u;
  }
  return counter;
}

/// A stream of random numbers that depends on (seed, stream) alone: one stream a scenario, sample or tensor
/// makes results independent of the number of threads and of the order of work.
class Random {
 public:
  /// The stream from its beginning.
  explicit Random(std::uint64_t seed, std::uint64_t stream = 0) : seed_(seed), stream_(stream) {}

  /// 64 random bits.
  std::uint64_t bits() {
    if (used_ == 2) {
      const auto half = [](std::uint64_t word, int shift) {
        return static_cast<std::uint32_t>(word >> shift);
      };
      block_ = philox({half(counter_, 0), half(counter_, 32), half(stream_, 0), half(stream_, 32)},
                      {half(seed_, 0), half(seed_, 32)});
      ++counter_;
      used_ = 0;
    }
    const auto low = block_[2 * used_];
    const auto high = block_[2 * used_ + 1];
    ++used_;
    return (std::uint64_t{high} << 32) | low;
  }

  /// Uniform in [0, 1), 53 bits.
  double uniform() { return static_cast<double>(bits() >> 11) * 0x1p-53; }

  /// Uniform in [low, high).
  double uniform(double low, double high) { return low + (high - low) * uniform(); }

  /// Standard normal (Box and Muller 1958).
  double normal() {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    return radius * std::cos(2.0 * std::numbers::pi * uniform());
  }

  /// Words of `bits` that were drawn. A stream that is moved to the same place goes on in the same way.
  std::uint64_t position() const { return 2 * counter_ + used_ - 2; }
  void move_to(std::uint64_t position) {
    counter_ = position / 2;
    used_ = 2;
    if (position % 2 == 1) bits();
  }

  /// Uniform in 0 .. count-1; count > 0. The bias is below count / 2^53.
  std::size_t index(std::size_t count) {
    return static_cast<std::size_t>(uniform() * static_cast<double>(count));
  }

 private:
  std::uint64_t seed_;
  std::uint64_t stream_;
  std::uint64_t counter_ = 0;
  std::array<std::uint32_t, 4> block_{};
  std::size_t used_ = 2;
};

}  // namespace chemnne
