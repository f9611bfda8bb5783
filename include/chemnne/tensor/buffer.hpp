#pragma once
#include <cstddef>
#include <memory>
#include <new>
#include <span>
#include <type_traits>

#include <chemnne/support/contract.hpp>
#include <chemnne/tensor/rows.hpp>

namespace chemnne {

/// Every buffer and every view taken from an arena begins on a cache line, which is also the widest SIMD
/// register.
inline constexpr std::size_t alignment_bytes = 64;

/// Scalars in `count` rounded up so that what follows is aligned again, for scalars of four bytes and more.
constexpr std::size_t padded(std::size_t count) {
  constexpr std::size_t unit = alignment_bytes / 4;
  return (count + unit - 1) / unit * unit;
}

/// Owning, aligned, zero-initialised array of fixed size.
template <class T>
class Buffer {
 public:
  Buffer() = default;
  explicit Buffer(std::size_t size)
      : data_(static_cast<T*>(::operator new (padded(size) * sizeof(T), std::align_val_t{alignment_bytes}))),
        size_(size) {
    std::uninitialized_value_construct_n(data_.get(), size);
  }

  T* data() { return data_.get(); }
  const T* data() const { return data_.get(); }
  std::size_t size() const { return size_; }
  T& operator[](std::size_t i) { return data_[i]; }
  const T& operator[](std::size_t i) const { return data_[i]; }
  std::span<T> span() { return {data(), size_}; }
  std::span<const T> span() const { return {data(), size_}; }

 private:
  static_assert(std::is_trivially_destructible_v<T>, "buffers hold scalars");
  struct Free {
    void operator()(T* data) const { ::operator delete (data, std::align_val_t{alignment_bytes}); }
  };
  std::unique_ptr<T[], Free> data_;
  std::size_t size_ = 0;
};

/// Bump allocator over memory that the caller owns: `take` never allocates and never fails within the size
/// that a layer declares. A layer that takes more than it declares ends the program, in every build.
///
/// Passed by reference, what a layer takes stays (its residual); passed by value, it is free again on return
/// (scratch).
template <class T>
class Arena {
 public:
  constexpr explicit Arena(std::span<T> memory) : next_(memory.data()), end_(memory.data() + memory.size()) {}

  /// `count` aligned rows of a shape, contents unspecified.
  template <class S>
  constexpr RowsOf<T, S> take(std::size_t count) {
    const std::size_t scalars = padded(count * S::size);
    if (scalars > static_cast<std::size_t>(end_ - next_)) [[unlikely]]
      contract_is_broken(
          "the arena is smaller than what is taken: a layer takes more memory than it declares");
    T* const data = next_;
    next_ += scalars;
    return {data, count};
  }

 private:
  T* next_;
  T* end_;
};

}  // namespace chemnne
