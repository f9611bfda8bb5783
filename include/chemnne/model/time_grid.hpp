#pragma once
#include <array>
#include <cstddef>
#include <numbers>

#include <chemnne/support/constant_math.hpp>

namespace chemnne {

/// The latent time nodes of a model and the way from them to any output time.
///
/// An hour of chemistry spans about ten directions in time, most of them near its start, where radicals
/// relax. So time is stretched, s(t) = log(1 + t / time_scale) / log(1 + horizon / time_scale) in [0, 1], and
/// the nodes are the Chebyshev points (1 - cos(pi j / N)) / 2 of s: polynomial interpolation in s is then
/// well conditioned (Trefethen, Approximation Theory and Approximation Practice, 2013, chapter 15; sum of
/// |weights| below 3 for changes from a known x(0), below 6 for other values). On the ARCA data 6 nodes at
/// 120 s leave 2.5e-3 of a standard deviation, 10 nodes 8e-4, where persistence leaves 0.15
/// (docs/studies/2026-11_defaults.md).
///
/// `Anchored`: x(0) is known, so t = 0 is no node: it takes part in the interpolation with the value 0 of a
/// change from x(0), and the nodes are j = 1..N. Otherwise t = 0 is the first of the N nodes.
template <std::size_t Nodes, bool Anchored>
struct TimeGrid {
  static_assert(Nodes >= 2, "a time grid needs two nodes or more");
  double horizon;     ///< the longest step [s]
  double time_scale;  ///< below this times are resolved linearly, above logarithmically [s]

  /// s(t) in [0, 1].
  constexpr double stretched(double time) const {
    return constant_math::log1p(time / time_scale) / constant_math::log1p(horizon / time_scale);
  }

  /// Node j [s].
  constexpr double time(std::size_t j) const {
    return time_scale * constant_math::expm1(node(j) * constant_math::log1p(horizon / time_scale));
  }

  /// Stretched coordinate of node j.
  static constexpr double node(std::size_t j) {
    constexpr std::size_t intervals = Anchored ? Nodes : Nodes - 1;
    return (1 -
            constant_math::cos(std::numbers::pi * static_cast<double>(Anchored ? j + 1 : j) / intervals)) /
           2;
  }

  /// Weights w of the nodes with v(time) = sum_j w_j v(node j) for values that vanish at t = 0 (`vanishing`,
  /// anchored grids only) or for any values. Exactly a unit vector at a node, exactly zero at t = 0 when
  /// vanishing.
  constexpr std::array<double, Nodes> weights(double time, bool vanishing) const {
    const double s = stretched(time);
    std::array<double, Nodes> weight{};
    for (std::size_t j = 0; j < Nodes; ++j) {
      weight[j] = vanishing ? s / node(j) : 1;
      for (std::size_t m = 0; m < Nodes; ++m)
        if (m != j) weight[j] *= (s - node(m)) / (node(j) - node(m));
    }
    return weight;
  }
};

}  // namespace chemnne
