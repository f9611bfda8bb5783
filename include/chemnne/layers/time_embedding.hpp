#pragma once
#include <cstddef>
#include <numbers>
#include <span>

#include <chemnne/backend/arithmetic.hpp>
#include <chemnne/layers/affine.hpp>
#include <chemnne/layers/chain.hpp>
#include <chemnne/layers/map.hpp>
#include <chemnne/support/constant_math.hpp>
#include <chemnne/tensor/step_matrix.hpp>

namespace chemnne {

namespace detail {
template <std::size_t Bands, std::size_t Hidden, std::size_t Width>
using EmbeddingNetwork =
    Chain<Affine<1 + 2 * Bands, Hidden>, Map<Sine, Hidden>, Affine<Hidden, 2 * Width, std::ratio<1, 4>>>;

/// x (1 + a) + b.
struct Modulate {
  template <class V>
  constexpr V operator()(const V& x, const V& a, const V& b) const {
    return x + x * a + b;
  }
};
/// d (1 + a).
struct TimesOnePlus {
  template <class V>
  constexpr V operator()(const V& d, const V& a) const {
    return d + d * a;
  }
};
}  // namespace detail

/// One token a time node: y_n = z (1 + a_n) + b_n, where (a_n, b_n) = network(features of the node's time
/// tau_n).
///
/// Features: (tau, sin(2^j pi tau), cos(2^j pi tau)), j < Bands, tau the stretched time in [0, 1] of
/// `Grid::node`. The scale a_n lets each latent channel follow a course of its own in time (branch times
/// trunk, as in DeepONet, Lu et al. 2021, doi 10.1038/s42256-021-00302-5); the paper adds b_n alone. Shapes:
/// z [Width], y [Nodes, Width]. Cost: Width a row and node; the network runs once a call whatever the rows.
/// Pullback: exact.
template <class Grid, std::size_t Nodes, std::size_t Bands, std::size_t Hidden, std::size_t Width>
struct TimeEmbedding : ParametersOf<detail::EmbeddingNetwork<Bands, Hidden, Width>> {
  using Network = detail::EmbeddingNetwork<Bands, Hidden, Width>;
  static constexpr std::size_t features = Network::Input::size;
  using Input = Shape<Width>;
  using Output = Shape<Nodes, Width>;
  static constexpr std::size_t parameters = Network::parameters;

  /// What `pullback` reads of the forward, as views into the arena: see Layer.
  template <class T>
  struct Residual {
    typename Network::template Residual<T> network;
    Rows<T, 2 * Width> modulation;
  };
  static constexpr std::size_t memory(std::size_t) {
    return padded(Nodes * 2 * Width) + Network::memory(Nodes);
  }
  static constexpr std::size_t pullback_memory(std::size_t rows) {
    return padded(Nodes * 2 * Width) + padded(Nodes * features) + padded(rows * Width) +
           Network::pullback_memory(Nodes);
  }

  template <class B, class T>
  static constexpr Residual<T> forward(Rows<const T, Width> z, Parameters<const T, parameters> p,
                                       Rows<T, Nodes, Width> y, Arena<T>& arena) {
    Residual<T> residual;
    residual.modulation = arena.template take<Shape<2 * Width>>(Nodes);
    residual.network = Network::template forward<B, T>(time_features<T>(), p, residual.modulation, arena);
    for (std::size_t node = 0; node < Nodes; ++node)
      B::map(detail::Modulate{}, y.step(node), z, scale<const T>(residual, node),
             shift<const T>(residual, node));
    return residual;
  }

  /// (a_n, b_n) of every node. Allocates: for set-up.
  template <class B, class T>
  static void modulation(Parameters<const T, parameters> p, Rows<T, 2 * Width> to) {
    Buffer<T> memory(Network::memory(Nodes));
    Arena<T> arena(memory.span());
    Network::template forward<B, T>(time_features<T>(), p, to, arena);
  }

  template <class B, class T>
  static constexpr void pullback(const Residual<T>& residual, Rows<const T, Width> z,
                                 Parameters<const T, parameters> p, Rows<const T, Nodes, Width> dy,
                                 Rows<T, Width> dz, Parameters<T, parameters> dp, Arena<T> arena) {
    const Rows<T, 2 * Width> dmodulation = arena.template take<Shape<2 * Width>>(Nodes);
    const Rows<T, Width> product = arena.template take<Shape<Width>>(z.count());
    B::fill(dmodulation, T(0));
    for (std::size_t node = 0; node < Nodes; ++node) {
      const Rows<const T, Width> dy_node = dy.step(node);
      B::map(Multiply{}, product, dy_node, z);
      B::sum_rows_accumulate(Rows<const T, Width>(product), std::span<T, Width>(dmodulation[node], Width));
      B::sum_rows_accumulate(dy_node, std::span<T, Width>(dmodulation[node] + Width, Width));
      const auto a = scale<const T>(residual, node);
      if (node == 0)
        B::map(detail::TimesOnePlus{}, dz, dy_node, a);
      else {
        B::map(detail::TimesOnePlus{}, product, dy_node, a);
        B::map(Add{}, dz, dz, product);
      }
    }
    const Rows<T, features> unused = arena.template take<Shape<features>>(Nodes);
    Network::template pullback<B, T>(residual.network, time_features<T>(), p, dmodulation, unused, dp, arena);
  }

 private:
  template <class U, class T>
  static constexpr std::span<U, Width> scale(const Residual<T>& residual, std::size_t node) {
    return std::span<U, Width>(residual.modulation[node], Width);
  }
  template <class U, class T>
  static constexpr std::span<U, Width> shift(const Residual<T>& residual, std::size_t node) {
    return std::span<U, Width>(residual.modulation[node] + Width, Width);
  }

  /// The features of every node.
  struct Features {
    template <class T>
    static constexpr auto value = [] {
      StepMatrix<T, Nodes, features> table;
      for (std::size_t node = 0; node < Nodes; ++node) {
        const double tau = Grid::node(node);
        table(node, 0) = T(tau);
        for (std::size_t band = 0; band < Bands; ++band) {
          const double angle = std::numbers::pi * static_cast<double>(std::size_t{1} << band) * tau;
          table(node, 1 + 2 * band) = T(constant_math::sin(angle));
          table(node, 2 + 2 * band) = T(constant_math::cos(angle));
        }
      }
      return table;
    }();
  };
  template <class T>
  static constexpr Rows<const T, features> time_features() {
    return {Features::template value<T>.element.data(), Nodes};
  }
};

}  // namespace chemnne
