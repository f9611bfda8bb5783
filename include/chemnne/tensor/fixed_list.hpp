#pragma once
#include <array>
#include <cstddef>
#include <span>
#include <type_traits>
#include <vector>

#include <chemnne/support/contract.hpp>

namespace chemnne {

/// A list of at most `capacity` items that lie in the object itself, to be copied as it is.
template <class T, std::size_t capacity>
class FixedList {
 public:
  constexpr std::size_t size() const { return size_; }
  constexpr bool empty() const { return size_ == 0; }
  constexpr T* data() { return item_.data(); }
  constexpr const T* data() const { return item_.data(); }
  constexpr T* begin() { return data(); }
  constexpr const T* begin() const { return data(); }
  constexpr T* end() { return data() + size_; }
  constexpr const T* end() const { return data() + size_; }
  constexpr const T& operator[](std::size_t i) const { return item_[i]; }

  /// Ends the program where there is no room.
  constexpr void push_back(const T& item) {
    if (size_ == capacity) contract_is_broken("a list has more items than it has room for");
    item_[size_++] = item;
  }

 private:
  std::size_t size_ = 0;
  std::array<T, capacity> item_{};
};

/// A list of any length where the capacity is std::dynamic_extent, else of that.
template <class T, std::size_t capacity>
using List = std::conditional_t<capacity == std::dynamic_extent, std::vector<T>, FixedList<T, capacity>>;

}  // namespace chemnne
