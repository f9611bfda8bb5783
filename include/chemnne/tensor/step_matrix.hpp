#pragma once
#include <array>
#include <cstddef>

namespace chemnne {

/// A matrix M [To][From] that takes the steps of a cell to others.
template <class T, std::size_t To, std::size_t From>
struct StepMatrix {
  std::array<T, To * From> element{};

  constexpr T& operator()(std::size_t to, std::size_t from) { return element[to * From + from]; }
  constexpr const T& operator()(std::size_t to, std::size_t from) const { return element[to * From + from]; }

  constexpr StepMatrix<T, From, To> transposed() const {
    StepMatrix<T, From, To> result;
    for (std::size_t to = 0; to < To; ++to)
      for (std::size_t from = 0; from < From; ++from) result(from, to) = (*this)(to, from);
    return result;
  }
};

/// M^T of a constant matrix. A constant matrix is a type with `template <class T> value`, a StepMatrix: so a
/// backend decides where its numbers lie, and nothing is computed while a program runs.
template <class M>
struct Transposed {
  template <class T>
  static constexpr auto value = M::template value<T>.transposed();
};

}  // namespace chemnne
