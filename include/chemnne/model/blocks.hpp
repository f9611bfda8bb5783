#pragma once
#include <cstddef>
#include <utility>

#include <chemnne/backend/fourier_matrix.hpp>
#include <chemnne/layers/affine.hpp>
#include <chemnne/layers/chain.hpp>
#include <chemnne/layers/compose.hpp>
#include <chemnne/layers/exponential_modes.hpp>
#include <chemnne/layers/map.hpp>
#include <chemnne/layers/precise.hpp>
#include <chemnne/layers/spectral_convolution.hpp>
#include <chemnne/layers/step_convolution.hpp>
#include <chemnne/layers/time_attention.hpp>
#include <chemnne/layers/time_embedding.hpp>

/// @file
/// The parts of a ChemNNE as compositions of layers; `C` is its configuration.
namespace chemnne {

namespace detail {
template <class L, class Indices>
struct Repeated;
template <class L, std::size_t... I>
struct Repeated<L, std::index_sequence<I...>> {
  template <std::size_t>
  using Same = L;
  template <class... Before>
  struct After {
    template <class... Last>
    using Then = Chain<Before..., Same<I>..., Last...>;
  };
};
}  // namespace detail

/// Chain of First..., `Count` times L, and Last...
template <std::size_t Count, class L>
using Repeat = detail::Repeated<L, std::make_index_sequence<Count>>;

/// A Fourier layer sigma(K v + W v + b) (Li et al. 2021, equation 2).
template <class Fourier>
struct FourierSolver {
  static constexpr const char* name = "fourier";
  template <class C>
  using Kernel = SpectralConvolution<C::nodes, C::modes, C::width, Fourier>;
};

/// Ablation: a convolution over three neighbouring nodes in the place of the Fourier kernel.
struct ConvolutionSolver {
  static constexpr const char* name = "convolution";
  template <class C>
  using Kernel = StepConvolution<C::nodes, 3, C::width>;
};

/// Ablation: no kernel, a dense layer at each node by itself.
struct DenseSolver {
  static constexpr const char* name = "dense";
};

/// Ablation: no latent solver, the decoder sees the tokens.
struct NoSolver {
  static constexpr const char* name = "none";
};

namespace detail {
template <class C>
using PointwisePath = EachStep<C::nodes, Affine<C::width, C::width>>;

template <class C, class Solver>
struct SolverBlock {
  using type = Chain<Sum<typename Solver::template Kernel<C>, PointwisePath<C>>,
                     Map<typename C::Activation, C::nodes, C::width>>;
};
template <class C>
struct SolverBlock<C, DenseSolver> {
  using type = Chain<PointwisePath<C>, Map<typename C::Activation, C::nodes, C::width>>;
};

template <class C, class Solver>
struct LatentSolver {
  using Last = EachStep<C::nodes, Affine<C::width, C::width, std::ratio<1, 2>>>;
  using Integral =
      typename Repeat<C::blocks,
                      typename SolverBlock<C, Solver>::type>::template After<>::template Then<Last>;
  using type = std::conditional_t<C::residual_integral, Skip<Integral>, Integral>;
};
template <class C>
struct LatentSolver<C, NoSolver> {
  using type = Identity<Shape<C::nodes, C::width>>;
};

}  // namespace detail

/// z(t) = z0 + integral: `blocks` solver blocks and a last affine map that gives the integral its sign.
template <class C>
using LatentSolver = typename detail::LatentSolver<C, typename C::Solver>::type;

/// Tokens that look at each other: x + attention(x), or nothing in the ablation.
template <class C>
using Attention = std::conditional_t<C::attention, Skip<TimeAttention<C::nodes, C::width, C::heads>>,
                                     Identity<Shape<C::nodes, C::width>>>;

namespace detail {
/// sigma(W z + b), or z + sigma(W z + b) that starts small: else codes of many layers grow beyond bounds.
template <class C, bool Skips>
struct HiddenLayer {
  using type =
      Chain<Affine<C::encoder_width, C::encoder_width>, Map<typename C::EncoderActivation, C::encoder_width>>;
};
template <class C>
struct HiddenLayer<C, true> {
  using type = Skip<Chain<Affine<C::encoder_width, C::encoder_width, std::ratio<1, 3>>,
                          Map<typename C::EncoderActivation, C::encoder_width>>>;
};
}  // namespace detail

/// Implicit neural representation of [x0, k]: a sine layer of frequency omega_0, then `encoder_layers` - 1
/// hidden layers, to z0 [encoder_width] (Sitzmann et al. 2020); each hidden layer adds to its input where
/// `encoder_skips` (He et al. 2016, doi 10.1109/CVPR.2016.90). Its first products are never in bf16: rounded
/// levels of the species would make three quarters of the error of a step
/// (docs/studies/2026-11_bf16.md).
template <class C>
using Encoder =
    typename Repeat<C::encoder_layers - 1, typename detail::HiddenLayer<C, C::encoder_skips>::type>::
        template After<Precise<Affine<C::inputs + C::conditions, C::encoder_width, std::ratio<1, 2>>>,
                       Map<ScaledSine<C>, C::encoder_width>>::template Then<>;

/// Tokens: z0 in the rhythm of each node, then down to the width of a token. z0 stays wide up to here: all
/// that a cell's future holds passes through it.
template <class C, class Grid>
using Tokens = Chain<TimeEmbedding<Grid, C::nodes, C::bands, C::embedding_width, C::encoder_width>,
                     EachStep<C::nodes, Affine<C::encoder_width, C::width, std::ratio<7, 10>>>>;

namespace parts {
/// Exponential modes of `Width` latent values between a narrow code and an affine map to the outputs. Its
/// products, few at the end of a step, are never in bf16 (see Decoder).
template <class C, class Times, std::size_t Known, std::size_t Width>
struct Exponentials {
  static constexpr std::size_t known = Known < C::outputs ? 0 : Width;  // levels, unless all are changes
  using type = Chain<Affine<C::encoder_width, Width>,
                     ExponentialModes<Times, C::nodes, Width, Width, known, C::exponentials>,
                     EachStep<C::nodes, Precise<Affine<Width, C::outputs>>>>;
};
/// Exponential modes of every output, straight from z0.
template <class C, class Times, std::size_t Known>
struct Exponentials<C, Times, Known, 0> {
  using type = ExponentialModes<Times, C::nodes, C::encoder_width, C::outputs, Known, C::exponentials>;
};

/// Path + exponential modes.
template <class C, class Path, class Times, std::size_t Known>
struct ExponentialsBeside {
  using Modes = typename Exponentials<C, Times, Known, C::exponential_width>::type;
  using type = Sum<Path, Named<"exponentials", Modes>>;
};
/// Path alone: the configuration has no exponential modes.
template <class C, class Path, class Times, std::size_t Known>
requires(C::exponentials == 0) struct ExponentialsBeside<C, Path, Times, Known> {
  using type = Path;
};
}  // namespace parts

/// The values at the nodes: the decoded solver and, beside it, exponential modes straight from z0.
template <class C, class Path, class Times, std::size_t Known>
using WithExponentials = typename parts::ExponentialsBeside<C, Path, Times, Known>::type;

/// Sine representation of the state at a node, the same at every node. The last map starts small: at first
/// nothing changes. Its products, few at the end of a step, are never in bf16: what they round goes straight
/// into the result.
template <class C>
using Decoder = Precise<Chain<Affine<C::width, C::decoder_width>, Map<Sine, C::decoder_width>,
                              Affine<C::decoder_width, C::outputs, std::ratio<1, 10>>>>;

}  // namespace chemnne
