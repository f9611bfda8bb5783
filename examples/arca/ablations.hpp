#pragma once
#include "configurations.hpp"

#include <chemnne/model/chemnne.hpp>

/// The paper's network of task 1 with one thing changed: what each part is worth. (Terms of the loss are
/// options of `train`.)
namespace arca {

/// A changed configuration as a model under the name of the change.
template <class Change>
struct Changed : chemnne::ChemNNE<Change> {
  static constexpr const char* architecture = Change::name;
};

using Base = chemnne::PaperConfiguration<49, 49>;

struct AllParts : Base {
  static constexpr const char* name = "paper";
};
struct Convolution : Base {
  static constexpr const char* name = "solver-convolution";
  using Solver = chemnne::ConvolutionSolver;
};
struct Dense : Base {
  static constexpr const char* name = "solver-dense";
  using Solver = chemnne::DenseSolver;
};
struct NoLatentSolver : Base {
  static constexpr const char* name = "solver-none";
  using Solver = chemnne::NoSolver;
};
struct NoAttention : Base {
  static constexpr const char* name = "no-attention";
  static constexpr bool attention = false;
};
struct NoExponentials : Base {
  static constexpr const char* name = "no-exponentials";
  static constexpr std::size_t exponentials = 0;
};
struct IdentityByLoss : Base {
  static constexpr const char* name = "identity-by-loss";
  static constexpr bool exact_identity = false;
};
struct NoResidual : Base {
  static constexpr const char* name = "no-residual-integral";
  static constexpr bool residual_integral = false;
};
template <std::size_t Bands>
struct WithBands : Base {
  static constexpr const char* name = Bands == 0 ? "bands-0" : "bands-8";
  static constexpr std::size_t bands = Bands;
};
template <std::size_t Nodes>
struct WithNodes : Base {
  static constexpr const char* name = Nodes == 4 ? "nodes-4" : "nodes-10";
  static constexpr std::size_t nodes = Nodes;
  static constexpr std::size_t modes = Nodes == 4 ? 3 : 4;
};
template <std::size_t Modes>
struct WithModes : Base {
  static constexpr const char* name = Modes == 1 ? "modes-1" : "modes-2";
  static constexpr std::size_t modes = Modes;
};
template <std::size_t Blocks>
struct WithBlocks : Base {
  static constexpr const char* name = Blocks == 1 ? "blocks-1" : "blocks-4";
  static constexpr std::size_t blocks = Blocks;
};
template <std::size_t Width>
struct WithWidth : Base {
  static constexpr const char* name = Width == 32 ? "width-32" : "width-128";
  static constexpr std::size_t width = Width;
};
template <std::size_t Width>
struct WithEncoder : Base {
  static constexpr const char* name = Width == 128 ? "encoder-128" : "encoder-512";
  static constexpr std::size_t encoder_width = Width;
};
struct SlowSine : Base {
  static constexpr const char* name = "omega-0.5";
  static constexpr double omega_0 = 0.5;
};
struct FastSine : Base {
  static constexpr const char* name = "omega-5";
  static constexpr double omega_0 = 5;
};
struct SirenSine : Base {
  static constexpr const char* name = "omega-30";
  static constexpr double omega_0 = 30;
};
struct SineEncoder : Base {
  static constexpr const char* name = "sine-encoder";
  using EncoderActivation = chemnne::Sine;
};

}  // namespace arca
