#pragma once
#include <cmath>
#include <cstddef>
#include <tuple>
#include <vector>

#include <chemnne/layers/affine.hpp>
#include <chemnne/layers/chain.hpp>
#include <chemnne/layers/compose.hpp>
#include <chemnne/layers/exponential_modes.hpp>
#include <chemnne/layers/gated_recurrence.hpp>
#include <chemnne/layers/map.hpp>
#include <chemnne/layers/modal_basis.hpp>
#include <chemnne/layers/normalisation.hpp>
#include <chemnne/layers/production_loss.hpp>
#include <chemnne/layers/select_step.hpp>
#include <chemnne/layers/spectral_convolution.hpp>
#include <chemnne/layers/step_convolution.hpp>
#include <chemnne/layers/time_attention.hpp>
#include <chemnne/layers/time_embedding.hpp>
#include <chemnne/layers/unrolled.hpp>
#include <chemnne/model/baselines.hpp>
#include <chemnne/model/chemnne.hpp>
#include <chemnne/model/per_time_mlp.hpp>

/// The layers that every property of tests/properties/ is checked for. Widths are odd where they can be, so
/// that SIMD remainders take part.
namespace properties {

using namespace chemnne;

/// A ChemNNE with every part, small enough to be compiled often.
template <std::size_t Inputs, std::size_t Outputs>
struct Small : PaperConfiguration<Inputs, Outputs, 2> {
  static constexpr std::size_t frames = 7;
  static constexpr std::size_t nodes = 6;
  static constexpr std::size_t bands = 2;
  static constexpr std::size_t embedding_width = 5;
  static constexpr std::size_t encoder_width = 17;
  static constexpr std::size_t encoder_layers = 2;
  static constexpr std::size_t width = 10;
  static constexpr std::size_t heads = 2;
  static constexpr std::size_t blocks = 1;
  static constexpr std::size_t decoder_width = 11;
  static constexpr std::size_t exponentials = 3;
};
struct Tiny : Small<4, 4> {};
struct MoreOutputs : Small<3, 5> {};
struct FewerOutputs : Small<5, 3> {};
struct LearnedIdentity : Small<4, 4> {
  static constexpr bool exact_identity = false;
};
struct WithoutAttention : Small<4, 4> {
  static constexpr bool attention = false;
};
struct WithoutExponentials : Small<4, 4> {
  static constexpr std::size_t exponentials = 0;
};
template <std::size_t Inputs, std::size_t Outputs>
struct NarrowExponentials : Small<Inputs, Outputs> {
  static constexpr std::size_t exponential_width = 6;
};
struct WithProductionLoss : NarrowExponentials<4, 4> {
  static constexpr bool production_loss = true;
};
struct WithoutIntegral : Small<4, 4> {
  static constexpr bool residual_integral = false;
};
struct WithoutBands : Small<4, 4> {
  static constexpr std::size_t bands = 0;
};
struct WithConvolution : Small<4, 4> {
  using Solver = ConvolutionSolver;
};
struct WithDense : Small<4, 4> {
  using Solver = DenseSolver;
};
struct WithoutSolver : Small<4, 4> {
  using Solver = NoSolver;
};

using Grid = ChemNNE<Tiny>::Grid;
using Dense = Chain<Affine<7, 9>, Map<Gelu, 9>, Affine<9, 5>>;

/// Times of a `Readout` by itself.
struct HalfTimes {
  template <bool Vanishing>
  struct Matrix {
    template <class T>
    static constexpr StepMatrix<T, 3, 2> value{
        {T(Vanishing ? 0 : 0.75), T(Vanishing ? 0 : 0.25), T(0.5), T(0.5), T(0.25), T(0.75)}};
  };
};
template <std::size_t Known>
using HalfReadout = Readout<Chain<Affine<5, 3>, AppendTime<Grid, 2, 3>>, HalfTimes, 3, Known>;

/// Production and loss at three times; the first `Known` of five outputs are known.
template <std::size_t Known>
using Produced = ProductionLoss<Chain<Affine<7, 4 + Known>, AppendTime<Grid, 3, 4 + Known>>, 3, 5, Known>;

/// Modes at three times; `Known` of five outputs are changes.
template <std::size_t Known>
using Modes = ExponentialModes<ChemNNE<Tiny>::NodeTimes, 3, 7, 5, Known, 4>;

using PlainLayers =
    std::tuple<Affine<5, 7>, Affine<40, 33>, Affine<300, 3>, Map<Sine, 37>, Map<ScaledSine<Tiny>, 37>,
               Map<Tanh, 37>, Map<Gelu, 37>, Map<Silu, 3, 7>, Dense, Chain<Affine<3, 4>>, EachStep<3, Dense>,
               Sum<Affine<6, 5>, Chain<Affine<6, 3>, Map<Sine, 3>, Affine<3, 5>>>, Skip<Affine<9, 9>>,
               Identity<Shape<3, 5>>, Named<"name", Affine<4, 6>>, Normalise<19, 3>, Denormalise<3, 7>,
               SelectStep<4, 2, 5>, AppendTime<Grid, 4, 3>>;

using StepLayers =
    std::tuple<TimeEmbedding<Grid, 5, 3, 7, 9>, TimeAttention<5, 12, 3>, TimeAttention<7, 3, 1>,
               SpectralConvolution<8, 5, 3>, SpectralConvolution<8, 3, 7>, SpectralConvolution<7, 4, 5>,
               SpectralConvolution<7, 1, 5>, SpectralConvolution<1, 1, 2>, SpectralConvolution<2, 2, 18>,
               StepConvolution<6, 3, 7>, StepConvolution<2, 5, 3>, StepConvolution<5, 1, 4>, HalfReadout<0>,
               HalfReadout<2>, HalfReadout<3>, Modes<0>, Modes<2>, Modes<5>, Produced<2>, Produced<5>,
               GatedRecurrence<3, 5>, ModalBasis<4, 3, 7, 5, 0>, ModalBasis<4, 2, 7, 5, 2>,
               ModalBasis<4, 4, 7, 5, 5>>;

using Models =
    std::tuple<ChemNNE<Tiny>::Trajectory, ChemNNE<Tiny>::EndOfStep, ChemNNE<MoreOutputs>::Trajectory,
               ChemNNE<MoreOutputs>::EndOfStep, PerTimeMlp<Tiny>::Trajectory, PerTimeMlp<Tiny>::EndOfStep,
               Deployed<Tiny, ChemNNE<Tiny>::EndOfStep>>;

/// What is to be compiled a few times only: some that have each part of a ChemNNE, and each way to be without
/// it.
struct ByConvolution : Small<5, 3> {
  using Solver = ConvolutionSolver;
  static constexpr bool exact_identity = false;
  static constexpr bool attention = false;
};
struct ByDense : Small<4, 4> {
  using Solver = DenseSolver;
  static constexpr std::size_t bands = 0;
  static constexpr bool residual_integral = false;
};
struct Bare : Small<4, 4> {
  using Solver = NoSolver;
  static constexpr std::size_t exponentials = 0;
};
/// The parts of the default.
struct Lean : NarrowExponentials<3, 5> {
  static constexpr bool production_loss = true;
  static constexpr bool encoder_skips = true;
  static constexpr bool attention = false;
  using Solver = NoSolver;
};
using Compositions = std::tuple<ChemNNE<MoreOutputs>::Trajectory, ChemNNE<ByConvolution>::Trajectory,
                                ChemNNE<ByDense>::EndOfStep, ChemNNE<Bare>::Trajectory,
                                ChemNNE<Lean>::EndOfStep, Deployed<Tiny, ChemNNE<Tiny>::EndOfStep>>;

/// Ablations of ChemNNE and the models that it is compared with.
using Variants =
    std::tuple<LinearOde<MoreOutputs>::Trajectory, DeepOnet<Tiny>::Trajectory, Pod<MoreOutputs>::Trajectory,
               Gru<Tiny>::Trajectory, Transformer<Tiny>::Trajectory, Fno<Tiny>::Trajectory,
               ChemNNE<FewerOutputs>::Trajectory, ChemNNE<LearnedIdentity>::Trajectory,
               ChemNNE<WithoutAttention>::Trajectory, ChemNNE<WithoutIntegral>::Trajectory,
               ChemNNE<WithoutExponentials>::Trajectory, ChemNNE<NarrowExponentials<4, 4>>::Trajectory,
               ChemNNE<WithProductionLoss>::Trajectory, ChemNNE<WithoutBands>::Trajectory,
               ChemNNE<WithConvolution>::Trajectory, ChemNNE<WithDense>::Trajectory,
               ChemNNE<WithoutSolver>::Trajectory>;

/// Layers whose first columns are number densities: their inputs are positive.
template <class L>
struct TakesDensities : std::false_type {};
template <std::size_t Species, std::size_t Conditions>
struct TakesDensities<Normalise<Species, Conditions>> : std::true_type {};
template <class Label, class First, class... Rest>
struct TakesDensities<Chain<Labelled<Label, First>, Rest...>> : TakesDensities<First> {};

/// A point at which a property is checked.
struct Point {
  std::vector<double> x, p;
};

/// Inputs are standard normal, or their exponentials (which lie on both sides of the floor 1). Parameters are
/// the initial ones with noise, so that biases, shifts and constants do not stay at 0 or 1. All are floats,
/// the same point for every scalar.
template <class L>
Point point(std::size_t rows, Random& random) {
  std::vector<float> start(L::parameters + 1);
  L::initialise(Parameters<float, L::parameters>(start.data(), L::parameters), random);
  const auto rounded = [](double value) { return static_cast<double>(static_cast<float>(value)); };
  Point at{std::vector<double>(rows * L::Input::size), std::vector<double>(L::parameters)};
  for (double& x : at.x) x = rounded(TakesDensities<L>::value ? std::exp(random.normal()) : random.normal());
  for (std::size_t i = 0; i < at.p.size(); ++i)
    at.p[i] = rounded(static_cast<double>(start[i]) * (1 + 0.1 * random.normal()) + 0.05 * random.normal());
  return at;
}

}  // namespace properties
