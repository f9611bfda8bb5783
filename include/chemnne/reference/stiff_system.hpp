#pragma once
#include <concepts>
#include <cstddef>
#include <span>

namespace chemnne {

/// An autonomous system dc/dt = f(c) with an analytic sparse Jacobian J = df/dc.
///
/// Shapes: c and dcdt [size()]; the pattern of J in compressed columns: column_pointers() [size() + 1],
/// row_indices() [entries], rows ascending in each column, the whole diagonal present; `jacobian` fills
/// values [entries] in that order. chemnne::ChemicalSystem is one; a test problem is another.
template <class System>
concept StiffSystem = requires(const System& system, std::span<const double> c, std::span<double> dcdt,
                               std::span<double> values) {
  { system.size() } -> std::convertible_to<std::size_t>;
  { system.column_pointers() } -> std::convertible_to<std::span<const int>>;
  { system.row_indices() } -> std::convertible_to<std::span<const int>>;
  system.tendency(c, dcdt);
  system.jacobian(c, values);
};

}  // namespace chemnne
