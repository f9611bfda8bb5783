#pragma once
#include <array>
#include <cstddef>

#include <chemnne/tensor/rows.hpp>

namespace chemnne {

/// A constant matrix that maps `From` steps to `To` steps, row-major.
template <class T, std::size_t To, std::size_t From>
struct StepMatrix {
  std::array<T, To * From> element{};

  T& operator()(std::size_t to, std::size_t from) { return element[to * From + from]; }
  const T& operator()(std::size_t to, std::size_t from) const { return element[to * From + from]; }
  Rows<const T, From> rows() const { return {element.data(), To}; }

  StepMatrix<T, From, To> transposed() const {
    StepMatrix<T, From, To> result;
    for (std::size_t to = 0; to < To; ++to)
      for (std::size_t from = 0; from < From; ++from) result(from, to) = (*this)(to, from);
    return result;
  }
};

/// y = M x for each cell, columns first .. first + Columns - 1. Shapes: x [From, Width], y [To, Width]. Its
/// pullback is the same with M^T. Cost: To From Columns multiply-adds a cell.
template <class B, std::size_t Columns, class T, std::size_t To, std::size_t From, std::size_t Width>
void along_steps(const StepMatrix<T, To, From>& matrix, Rows<const T, From, Width> x, Rows<T, To, Width> y,
                 std::size_t first = 0) {
  for (std::size_t cell = 0; cell < x.count(); ++cell)
    B::matmul(matrix.rows(), x.steps(cell).template columns<Columns>(first),
              y.steps(cell).template columns<Columns>(first));
}

}  // namespace chemnne
