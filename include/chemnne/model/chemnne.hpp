#pragma once
#include <type_traits>

#include <chemnne/layers/production_loss.hpp>
#include <chemnne/model/blocks.hpp>
#include <chemnne/model/configuration.hpp>
#include <chemnne/model/nodal_model.hpp>

namespace chemnne {

namespace parts {
/// The network whose terms are production and loss.
template <class Network, class C, std::size_t Known>
struct Combined {
  using type = ProductionLoss<Network, C::nodes, C::outputs, Known>;
};
/// The network that gives the changes.
template <class Network>
struct AsItIs {
  using type = Network;
};

/// The parts of a ChemNNE between its input and the values at the nodes.
template <class C>
struct ChemNNEParts {
  using Times = NodalTimes<C>;
  static constexpr std::size_t known = Times::known;
  static_assert(
      !C::production_loss || known > 0,
      "ChemNNE: production_loss is of known species: with exact_identity, and outputs that are inputs");
  static_assert(!C::production_loss || C::exponentials == 0 || C::exponential_width > 0,
                "ChemNNE: production_loss needs exponential_width, or no exponentials");
  /// What is decoded: the outputs, and behind them what is left of known species.
  struct Terms : C {
    static constexpr std::size_t outputs = C::outputs + (C::production_loss ? known : 0);
    static constexpr std::size_t changes = known < C::outputs ? known : outputs;  ///< values without a level
  };
  /// The way to the latent solution.
  using Latent = Chain<Named<"encoder", Encoder<C>>, Named<"embedding", Tokens<C, typename Times::Grid>>,
                       Named<"attention", Attention<C>>, Named<"solver", LatentSolver<C>>>;
  using Decoded =
      Chain<Named<"embedding", Tokens<C, typename Times::Grid>>, Named<"attention", Attention<C>>,
            Named<"solver", LatentSolver<C>>, Named<"decoder", EachStep<C::nodes, Decoder<Terms>>>>;
  using Network = Chain<Named<"encoder", Encoder<C>>,
                        WithExponentials<Terms, Decoded, typename Times::NodeTimes, Terms::changes>>;
  using Nodal =
      typename std::conditional_t<C::production_loss, Combined<Network, C, known>, AsItIs<Network>>::type;
};
}  // namespace parts

/// ChemNNE (Liu, Clusius, Boy 2024, arXiv 2408.01829) of one configuration, on normalised values:
/// [x0, k] -> encoder -> tokens (time embedding) -> time attention -> Fourier solver -> decoder, beside it
/// exponential modes straight from the encoder -> production and loss -> interpolation in time.
///
/// We depart from the paper in the latent time grid (few stretched nodes, not one a minute), the scale in the
/// time embedding, the exponential modes, production and loss, and the exact identity; `configuration.hpp` has
/// the switches.
template <class C>
struct ChemNNE : NodalModel<C, typename parts::ChemNNEParts<C>::Nodal> {
  static constexpr const char* architecture = "chemnne";
  /// The first layer: [x0, k] to the code from which all of a window follows.
  using Code = Encoder<C>;
  /// The way to the latent solution; its parameters are the first of the network's.
  using Latent = typename parts::ChemNNEParts<C>::Latent;
};

}  // namespace chemnne
