#pragma once
#include <concepts>
#include <cstddef>
#include <span>

namespace chemnne {

/// A system dc/dt = f(c) with an analytic sparse Jacobian J = df/dc.
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

/// A StiffSystem whose derivative is J + u v^T, with v = 1 for its `peroxy_radicals`, else 0: rates that
/// depend on their sum would fill J otherwise. `rank_one_factor` fills u [size()].
template <class System>
concept RankOneStiffSystem = StiffSystem<System> &&
    requires(const System& system, std::span<const double> c, std::span<double> u) {
  { system.peroxy_radicals() } -> std::convertible_to<std::span<const std::size_t>>;
  system.rank_one_factor(c, u);
};

/// A StiffSystem that changes in time, dc/dt = f(t, c): `set_time` comes before what is asked of time t [s
/// from the start of an integration]. No step goes across `next_stop(t)`, the first time after t at which f
/// has a kink, infinity where none follows: what lies between two kinks cannot be stepped over unseen.
template <class System>
concept ChangingStiffSystem = StiffSystem<System> && requires(System& system, double time) {
  system.set_time(time);
  { system.next_stop(time) } -> std::convertible_to<double>;
};

/// The places of v = 1; none for a system without a part of rank one.
template <StiffSystem System>
std::span<const std::size_t> rank_one_columns(const System& system) {
  if constexpr (RankOneStiffSystem<System>)
    return system.peroxy_radicals();
  else
    return {};
}

}  // namespace chemnne
