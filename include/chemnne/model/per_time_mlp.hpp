#pragma once
#include <chemnne/layers/affine.hpp>
#include <chemnne/layers/chain.hpp>
#include <chemnne/layers/functions.hpp>
#include <chemnne/layers/map.hpp>
#include <chemnne/model/nodal_model.hpp>

namespace chemnne {

/// y_n = [x, tau_n]: the row before every node with the node's stretched time behind it. Shapes: x [In], y
/// [Nodes, In + 1].
template <class Grid, std::size_t Nodes, std::size_t In>
struct AppendTime : ParameterFree, MemoryFree {
  using Input = Shape<In>;
  using Output = Shape<Nodes, In + 1>;

  template <class B, class T>
  static constexpr NoResidual forward(Rows<const T, In> x, Parameters<const T, 0>, Rows<T, Nodes, In + 1> y,
                                      Arena<T>&) {
    for (std::size_t node = 0; node < Nodes; ++node) {
      B::map(Unchanged{}, y.step(node).template columns<In>(0), x);
      B::fill(y.step(node).template columns<1>(In), T(Grid::node(node)));
    }
    return {};
  }

  template <class B, class T>
  static constexpr void pullback(NoResidual, Rows<const T, In>, Parameters<const T, 0>,
                                 Rows<const T, Nodes, In + 1> dy, Rows<T, In> dx, Parameters<T, 0>,
                                 Arena<T>) {
    B::map(Unchanged{}, dx, dy.step(0).template columns<In>(0));
    for (std::size_t node = 1; node < Nodes; ++node)
      B::map(Add{}, dx, dx, dy.step(node).template columns<In>(0));
  }
};

namespace parts {
/// A perceptron of four affine maps from [x0, k, t] to the species, at each node.
template <class C>
struct PerTimeMlpParts {
  using Grid = typename NodalTimes<C>::Grid;
  static constexpr std::size_t in = C::inputs + C::conditions;
  using Mlp = Chain<Affine<in + 1, C::encoder_width>, Map<Gelu, C::encoder_width>,
                    Affine<C::encoder_width, C::encoder_width>, Map<Gelu, C::encoder_width>,
                    Affine<C::encoder_width, C::encoder_width>, Map<Gelu, C::encoder_width>,
                    Affine<C::encoder_width, C::outputs, std::ratio<1, 10>>>;
  using Nodal = Chain<AppendTime<Grid, C::nodes, in>, Named<"mlp", EachStep<C::nodes, Mlp>>>;
};
}  // namespace parts

/// The baseline: a multilayer perceptron of [x0, k, t] asked once a time, as most emulators in the literature
/// are (e.g. Kelp et al. 2020, doi 10.1029/2020JD032759). It gets the time nodes, the interpolation and the
/// exact identity of ChemNNE, so that what it lacks is the encoder paid once, attention and the Fourier
/// solver.
template <class C>
struct PerTimeMlp : NodalModel<C, typename parts::PerTimeMlpParts<C>::Nodal> {
  static constexpr const char* architecture = "mlp";
};

}  // namespace chemnne
