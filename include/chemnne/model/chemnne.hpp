#pragma once
#include <chemnne/model/blocks.hpp>
#include <chemnne/model/configuration.hpp>
#include <chemnne/model/nodal_model.hpp>

namespace chemnne {

namespace parts {
/// The parts of a ChemNNE between its input and the values at the nodes.
template <class C>
struct ChemNNEParts {
  using Times = NodalTimes<C>;
  /// The way to the latent solution.
  using Latent = Chain<Named<"encoder", Encoder<C>>, Named<"embedding", Tokens<C, typename Times::Grid>>,
                       Named<"attention", Attention<C>>, Named<"solver", LatentSolver<C>>>;
  using Decoded = Chain<Named<"embedding", Tokens<C, typename Times::Grid>>, Named<"attention", Attention<C>>,
                        Named<"solver", LatentSolver<C>>, Named<"decoder", EachStep<C::nodes, Decoder<C>>>>;
  using Nodal = Chain<Named<"encoder", Encoder<C>>,
                      WithExponentials<C, Decoded, typename Times::NodeTimes, Times::known>>;
};
}  // namespace parts

/// ChemNNE (Liu, Clusius, Boy 2024, arXiv 2408.01829) of one configuration, on normalised values:
/// [x0, k] -> encoder -> tokens (time embedding) -> time attention -> Fourier solver -> decoder, beside it
/// exponential modes straight from the encoder -> interpolation in time.
///
/// We depart from the paper in the latent time grid (few stretched nodes, not one a minute), the scale in the
/// time embedding, the exponential modes and the exact identity; `configuration.hpp` has the switches.
template <class C>
struct ChemNNE : NodalModel<C, typename parts::ChemNNEParts<C>::Nodal> {
  static constexpr const char* architecture = "chemnne";
  /// The first layer: [x0, k] to the code from which all of a window follows.
  using Code = Encoder<C>;
  /// The way to the latent solution; its parameters are the first of the network's.
  using Latent = typename parts::ChemNNEParts<C>::Latent;
};

}  // namespace chemnne
