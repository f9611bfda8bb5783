#pragma once
#include <algorithm>
#include <cstddef>

#include <chemnne/layers/gated_recurrence.hpp>
#include <chemnne/layers/modal_basis.hpp>
#include <chemnne/model/blocks.hpp>
#include <chemnne/model/nodal_model.hpp>

/// @file
/// What ChemNNE is compared with, each a composition of the library's layers and each with the time nodes,
/// the exact identity and the sizes of the configuration: they differ in how a code of the cell becomes
/// values at the nodes. (`PerTimeMlp` has a header of its own.)
namespace chemnne {

namespace parts {

/// A plain perceptron of [x0, k] with GELU, `encoder_layers` deep: the code of the models without tokens.
template <class C>
using CodeNetwork =
    typename Repeat<C::encoder_layers - 1,
                    Chain<Affine<C::encoder_width, C::encoder_width>, Map<Gelu, C::encoder_width>>>::
        template After<Affine<C::inputs + C::conditions, C::encoder_width>,
                       Map<Gelu, C::encoder_width>>::template Then<>;

/// Exponential modes of a perceptron's code: LinearOde.
template <class C>
using ExponentialsOfCode =
    Chain<Named<"code", CodeNetwork<C>>,
          Named<"exponentials",
                ExponentialModes<typename NodalTimes<C>::NodeTimes, C::nodes, C::encoder_width, C::outputs,
                                 NodalTimes<C>::known, (C::exponentials > 0 ? C::exponentials : 12)>>>;

/// A code of the cell times a code of each time, then an affine map to the species: DeepOnet.
template <class C>
using BranchAndTrunk =
    Chain<Named<"branch", CodeNetwork<C>>,
          Named<"trunk", TimeEmbedding<typename NodalTimes<C>::Grid, C::nodes, C::bands, C::embedding_width,
                                       C::encoder_width>>,
          Named<"product", EachStep<C::nodes, Affine<C::encoder_width, C::outputs, std::ratio<1, 10>>>>>;

/// At most five modes along the nodes, coefficients by an affine map.
template <class C>
using PodModes = ModalBasis<C::nodes, std::min<std::size_t>(C::nodes, 5), C::encoder_width, C::outputs,
                            NodalTimes<C>::known>;
/// Modes of a perceptron's code: Pod.
template <class C>
using ModesOfCode = Chain<Named<"code", CodeNetwork<C>>, Named<"modes", PodModes<C>>>;

/// A recurrence along the nodes from a perceptron's code: Gru.
template <class C>
using RecurrentCode =
    Chain<Named<"code", CodeNetwork<C>>, Named<"start", Affine<C::encoder_width, 2 * C::width>>,
          Named<"recurrence", GatedRecurrence<C::nodes, 2 * C::width>>,
          Named<"decoder", EachStep<C::nodes, Affine<2 * C::width, C::outputs, std::ratio<1, 10>>>>>;

/// Attention, then a perceptron at each step, both residual (Vaswani et al. 2017).
template <class C>
using TransformerBlock =
    Chain<Skip<TimeAttention<C::nodes, C::width, C::heads>>,
          Skip<EachStep<C::nodes, Chain<Affine<C::width, 4 * C::width>, Map<Gelu, 4 * C::width>,
                                        Affine<4 * C::width, C::width, std::ratio<1, 2>>>>>>;
/// ChemNNE's encoder and tokens: what Transformer and Fno begin with.
template <class C>
using TokensAlone =
    Chain<Named<"encoder", Encoder<C>>, Named<"embedding", Tokens<C, typename NodalTimes<C>::Grid>>>;
/// Two blocks over the tokens and the decoder: Transformer.
template <class C>
using TransformerOfTokens =
    Chain<TokensAlone<C>, Named<"transformer", Chain<TransformerBlock<C>, TransformerBlock<C>>>,
          Named<"decoder", EachStep<C::nodes, Decoder<C>>>>;
/// The latent solver over the tokens and the decoder: Fno.
template <class C>
using FourierOfTokens =
    Chain<TokensAlone<C>, Named<"solver", LatentSolver<C>>, Named<"decoder", EachStep<C::nodes, Decoder<C>>>>;

}  // namespace parts

/// Latent linear ODE: coefficients and rates of decaying exponentials from a perceptron.
template <class C>
struct LinearOde : NodalModel<C, parts::ExponentialsOfCode<C>> {
  static constexpr const char* architecture = "linear-ode";
};

/// DeepONet (Lu et al. 2021, doi 10.1038/s42256-021-00302-5): branch network of the cell times trunk network
/// of time, then a linear map to the species.
template <class C>
struct DeepOnet : NodalModel<C, parts::BranchAndTrunk<C>> {
  static constexpr const char* architecture = "deeponet";
};

/// Proper orthogonal decomposition in time: coefficients of the leading modes of the training trajectories
/// (POD-DeepONet, Lu et al. 2022, doi 10.1016/j.cma.2022.114778).
template <class C>
struct Pod : NodalModel<C, parts::ModesOfCode<C>> {
  static constexpr const char* architecture = "pod";
};

/// Gated recurrent unit from node to node.
template <class C>
struct Gru : NodalModel<C, parts::RecurrentCode<C>> {
  static constexpr const char* architecture = "gru";
};

/// Two transformer blocks over the tokens, no Fourier layers.
template <class C>
struct Transformer : NodalModel<C, parts::TransformerOfTokens<C>> {
  static constexpr const char* architecture = "transformer";
};

/// Fourier neural operator over the tokens, no attention (Li et al. 2021, arXiv 2010.08895).
template <class C>
struct Fno : NodalModel<C, parts::FourierOfTokens<C>> {
  static constexpr const char* architecture = "fno";
};

}  // namespace chemnne
