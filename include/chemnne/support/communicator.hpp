#pragma once
#include <concepts>
#include <cstddef>
#include <cstdio>
#include <span>

#include <chemnne/support/halves.hpp>

namespace chemnne {

/// What a computation asks of the processes (ranks) that share it. All ranks must make the same calls in the
/// same order, each from one thread.
///
/// `share(n)`: the part of n items that is this rank's (halved_share; none for ranks beyond a power of two).
/// `sum(values)`: the elementwise sum over ranks, on all of them, by halves: neighbours first. One order
/// for any number of ranks, so that sums of shares are bitwise those of one process (add_by_halves), but for
/// the sign of a zero. `broadcast(values)`: those of rank 0 on all ranks. `barrier()`: returns when all ranks
/// have called it.
template <class R>
concept Communicator = requires(R& ranks, std::span<float> few, std::span<double> numbers,
                                std::span<char> bytes) {
  { ranks.rank() } -> std::same_as<std::size_t>;
  { ranks.size() } -> std::same_as<std::size_t>;
  { ranks.share(std::size_t{}) } -> std::same_as<Share>;
  ranks.sum(few);
  ranks.sum(numbers);
  ranks.broadcast(few);
  ranks.broadcast(numbers);
  ranks.broadcast(bytes);
  ranks.barrier();
};

/// The only process: nothing to tell anyone.
class SingleProcess {
 public:
  static constexpr std::size_t rank() { return 0; }
  static constexpr std::size_t size() { return 1; }
  static constexpr Share share(std::size_t count) { return {0, count}; }
  template <class T>
  static void sum(std::span<T>) {}
  template <class T>
  static void broadcast(std::span<T>) {}
  static void barrier() {}

  /// Says why the program ends; the caller then returns `status`.
  static void give_up(const char* message, int /*status*/) { std::fprintf(stderr, "%s\n", message); }
};

static_assert(Communicator<SingleProcess>);

/// For functions that take a communicator, where there is but one process.
inline SingleProcess single_process;

}  // namespace chemnne
