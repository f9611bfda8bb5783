#pragma once
#include <array>
#include <cmath>
#include <numbers>

#include <chemnne/layers/affine.hpp>
#include <chemnne/layers/chain.hpp>
#include <chemnne/layers/map.hpp>

namespace chemnne {

namespace detail {
template <std::size_t Bands, std::size_t Hidden, std::size_t Width>
using EmbeddingNetwork =
    Chain<Affine<1 + 2 * Bands, Hidden>, Map<Sine, Hidden>, Affine<Hidden, 2 * Width, std::ratio<1, 4>>>;
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
  static Residual<T> forward(Rows<const T, Width> z, Parameters<const T, parameters> p,
                             Rows<T, Nodes, Width> y, Arena<T>& arena) {
    Residual<T> residual;
    residual.modulation = arena.template take<Shape<2 * Width>>(Nodes);
    residual.network = Network::template forward<B, T>(time_features<T>(), p, residual.modulation, arena);
    for (std::size_t node = 0; node < Nodes; ++node)
      B::map_columns([](const auto& x, const auto& a, const auto& b) { return x + x * a + b; }, y.step(node),
                     z, scale<const T>(residual, node), shift<const T>(residual, node));
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
  static void pullback(const Residual<T>& residual, Rows<const T, Width> z, Parameters<const T, parameters> p,
                       Rows<const T, Nodes, Width> dy, Rows<T, Width> dz, Parameters<T, parameters> dp,
                       Arena<T> arena) {
    const Rows<T, 2 * Width> dmodulation = arena.template take<Shape<2 * Width>>(Nodes);
    const Rows<T, Width> product = arena.template take<Shape<Width>>(z.count());
    dmodulation.fill(T(0));
    for (std::size_t node = 0; node < Nodes; ++node) {
      const Rows<const T, Width> dy_node = dy.step(node);
      B::map([](const auto& a, const auto& b) { return a * b; }, product, dy_node, z);
      B::sum_rows_accumulate(Rows<const T, Width>(product), std::span<T, Width>(dmodulation[node], Width));
      B::sum_rows_accumulate(dy_node, std::span<T, Width>(dmodulation[node] + Width, Width));
      const auto a = scale<const T>(residual, node);
      if (node == 0)
        B::map_columns([](const auto& d, const auto& s) { return d + d * s; }, dz, dy_node, a);
      else {
        B::map_columns([](const auto& d, const auto& s) { return d + d * s; }, product, dy_node, a);
        B::map([](const auto& u, const auto& v) { return u + v; }, dz, Rows<const T, Width>(dz),
               Rows<const T, Width>(product));
      }
    }
    const Rows<T, features> unused = arena.template take<Shape<features>>(Nodes);
    Network::template pullback<B, T>(residual.network, time_features<T>(), p, dmodulation, unused, dp, arena);
  }

 private:
  template <class U, class T>
  static std::span<U, Width> scale(const Residual<T>& residual, std::size_t node) {
    return std::span<U, Width>(residual.modulation[node], Width);
  }
  template <class U, class T>
  static std::span<U, Width> shift(const Residual<T>& residual, std::size_t node) {
    return std::span<U, Width>(residual.modulation[node] + Width, Width);
  }

  /// The features of every node: constants, computed at the first call.
  template <class T>
  static Rows<const T, features> time_features() {
    static const std::array<T, Nodes* features> table = [] {
      std::array<T, Nodes * features> value;
      for (std::size_t node = 0; node < Nodes; ++node) {
        T* const row = value.data() + node * features;
        const double tau = Grid::node(node);
        row[0] = T(tau);
        for (std::size_t band = 0; band < Bands; ++band) {
          const double angle = std::numbers::pi * std::exp2(static_cast<double>(band)) * tau;
          row[1 + 2 * band] = T(std::sin(angle));
          row[2 + 2 * band] = T(std::cos(angle));
        }
      }
      return value;
    }();
    return {table.data(), Nodes};
  }
};

}  // namespace chemnne
