#pragma once
#include <concepts>
#include <cstddef>
#include <cstdint>

namespace chemnne {

/// Threads that call the same functions in the same order with the same arguments, and share their work:
///
///     each(n, f)         f(i) for every i < n, each by one of the threads. When it returns to any of them
///     all
///                        are done, and each sees what the others have written: it ends in a barrier.
///     add(sum, value)    sum += value, whoever else adds to it at once; returns what it was before
///
/// Within one `each`, f(i) must not read what another f(j) writes: the order of the i is not defined.
template <class Group>
concept ThreadGroup = requires(std::uint64_t& sum, void (*f)(std::uint32_t)) {
  Group::each(std::size_t{1}, f);
  { Group::add(sum, std::uint64_t{1}) } -> std::same_as<std::uint64_t>;
};

/// A thread block of CUDA: work is dealt by the rank of a thread, neighbours get neighbours. In the code of a
/// host it is a block of one thread.
struct ThreadBlock {
  template <class F>
  static constexpr void each(std::size_t n, const F& f) {
    const auto end = static_cast<std::uint32_t>(n);
#ifdef __CUDA_ARCH__
    for (std::uint32_t i = threadIdx.x; i < end; i += blockDim.x) f(i);
    __syncthreads();
#else
    for (std::uint32_t i = 0; i < end; ++i) f(i);
#endif
  }

  template <class T>
  static constexpr T add(T& sum, T value) {
#ifdef __CUDA_ARCH__
    static_assert(sizeof(T) == sizeof(unsigned long long));
    return atomicAdd(reinterpret_cast<unsigned long long*>(&sum), static_cast<unsigned long long>(value));
#else
    const T before = sum;
    sum += value;
    return before;
#endif
  }
};

static_assert(ThreadGroup<ThreadBlock>);

}  // namespace chemnne
