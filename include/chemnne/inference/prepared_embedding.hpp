#pragma once
#include <span>

#include <chemnne/inference/prepared_chain.hpp>
#include <chemnne/layers/time_embedding.hpp>

namespace chemnne {

namespace detail {
struct OnePlus {
  template <class V>
  constexpr V operator()(const V& a) const {
    return constant<V>(1) + a;
  }
};
}  // namespace detail

/// What depends on time alone is a constant: y_n = z s_n + b_n with s_n = 1 + a_n and b_n [Nodes][2 Width].
template <class Grid, std::size_t Nodes, std::size_t Bands, std::size_t Hidden, std::size_t Width>
struct Prepared<TimeEmbedding<Grid, Nodes, Bands, Hidden, Width>> {
  using L = TimeEmbedding<Grid, Nodes, Bands, Hidden, Width>;
  using Input = Shape<Width>;
  using Output = Shape<Nodes, Width>;
  static constexpr bool fusible = false;
  template <class B, class T>
  static constexpr std::size_t constants = padded(Nodes * 2 * Width);
  static constexpr std::size_t memory(std::size_t) { return 0; }

  template <class B, class T>
  static void prepare(Parameters<const T, L::parameters> p, T* to) {
    const Rows<T, 2 * Width> modulation(to, Nodes);
    L::template modulation<B, T>(p, modulation);
    const Rows<T, Width> scale = modulation.template columns<Width>(0);
    B::map(detail::OnePlus{}, scale, scale);
  }

  template <class B, class T>
  static constexpr void evaluate(Rows<const T, Width> z, const T* from, Rows<T, Nodes, Width> y, Arena<T>) {
    const auto constants_of = [from](std::size_t node, std::size_t which) {
      return std::span<const T, Width>(from + (2 * node + which) * Width, Width);
    };
    for (std::size_t node = 0; node < Nodes; ++node)
      B::map(MultiplyAdd{}, y.step(node), z, constants_of(node, 0), constants_of(node, 1));
  }
};

}  // namespace chemnne
