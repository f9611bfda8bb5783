#pragma once
#include <algorithm>
#include <cassert>
#include <cstddef>
#include <type_traits>

#include <chemnne/support/contract.hpp>

namespace chemnne {

/// The static shape of one row (a cell's values): `Shape<128>` a vector, `Shape<12, 64>` 12 steps of
/// width 64.
template <std::size_t... Extents>
struct Shape {
  static_assert(sizeof...(Extents) >= 1 && ((Extents > 0) && ...),
                "a shape has at least one extent, all positive");
  static constexpr std::size_t size = (Extents * ...);
};

/// Non-owning view of `count` rows, each of a static shape, row-major; consecutive rows begin `stride`
/// scalars apart.
///
/// The count is known at run time (cells of a host, samples of a batch), everything else at compile time.
/// What lies between strided rows is someone else's.
template <class T, std::size_t First, std::size_t... Rest>
class Rows {
 public:
  using value_type = std::remove_const_t<T>;
  static constexpr std::size_t size = (First * ... * Rest);  ///< scalars a row
  static constexpr std::size_t first_extent = First;

  constexpr Rows() = default;
  constexpr Rows(T* data, std::size_t count, std::size_t stride = size)
      : data_(data), count_(count), stride_(stride) {}

  /// A view to read from a view to write.
  template <class U>
  requires(!std::is_const_v<U> && std::is_same_v<const U, T>)  //
      constexpr Rows(const Rows<U, First, Rest...>& view)
      : Rows(view.data(), view.count(), view.stride()) {}

  constexpr T* data() const { return data_; }
  constexpr std::size_t count() const { return count_; }
  constexpr std::size_t stride() const { return stride_; }
  constexpr bool contiguous() const { return stride_ == size; }
  constexpr T* operator[](std::size_t row) const { return data_ + row * stride_; }

  /// Sets every scalar of every row, and nothing between the rows.
  constexpr void fill(const value_type& value) const requires(!std::is_const_v<T>) {
    for (std::size_t row = 0; row < count_; ++row) std::fill_n((*this)[row], size, value);
  }

  /// Rows first .. first + count - 1.
  constexpr Rows slice(std::size_t first, std::size_t count) const {
    assert(first + count <= count_);
    return {data_ + first * stride_, count, stride_};
  }

  /// [count][First, Rest...] seen as [count * First][Rest...]. Needs contiguous rows.
  constexpr auto merge() const requires(sizeof...(Rest) > 0) {
    require_contiguous();
    return Rows<T, Rest...>(data_, count_ * First);
  }

  /// Row `row` of shape [First, Rest...] seen as First rows of [Rest...].
  constexpr auto steps(std::size_t row) const requires(sizeof...(Rest) > 0) {
    return Rows<T, Rest...>((*this)[row], First);
  }

  /// [count][First, Rest...] seen as [count][First * Rest...].
  constexpr Rows<T, size> flat() const { return {data_, count_, stride_}; }

  /// Step `step` of every row: a strided view [count][Rest...].
  constexpr auto step(std::size_t step) const requires(sizeof...(Rest) > 0) {
    assert(step < First);
    return Rows<T, Rest...>(data_ + step * Rows<T, Rest...>::size, count_, stride_);
  }

  /// Columns offset .. offset + Width - 1 of every row: a strided view.
  template <std::size_t Width>
  constexpr Rows<T, Width> columns(std::size_t offset) const requires(sizeof...(Rest) == 0) {
    static_assert(Width <= First, "a view of columns is not wider than the row");
    assert(offset + Width <= First);
    return {data_ + offset, count_, stride_};
  }

 private:
  constexpr void require_contiguous() const {
    if (!contiguous()) [[unlikely]]
      contract_is_broken("rows that are seen in another shape must lie one behind the other");
  }

  T* data_ = nullptr;
  std::size_t count_ = 0;
  std::size_t stride_ = size;
};

namespace detail {
template <class T, class S>
struct RowsOf;
template <class T, std::size_t... Extents>
struct RowsOf<T, Shape<Extents...>> {
  using type = Rows<T, Extents...>;
};
}  // namespace detail

namespace detail {
/// The extents of a shape of two.
template <class S>
struct TwoExtents;
template <std::size_t A, std::size_t B>
struct TwoExtents<Shape<A, B>> {
  static constexpr std::size_t first = A, second = B;
};
}  // namespace detail

/// The view type for rows of a `Shape`.
template <class T, class S>
using RowsOf = typename detail::RowsOf<T, S>::type;

}  // namespace chemnne
