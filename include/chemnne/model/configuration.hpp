#pragma once
#include <cstddef>

#include <chemnne/backend/fourier_matrix.hpp>
#include <chemnne/layers/functions.hpp>
#include <chemnne/model/blocks.hpp>

namespace chemnne {

/// Every size and constant of a ChemNNE. Derive from it and redefine members to make another model:
///
///     struct Wide : DefaultConfiguration<49, 49> { static constexpr std::size_t width = 128; };
///     struct NoFourier : DefaultConfiguration<49, 49> { using Solver = PointwiseSolver; };
template <std::size_t Inputs, std::size_t Outputs, std::size_t Conditions = 5>
struct DefaultConfiguration {
  // What goes in and out.
  static constexpr std::size_t inputs = Inputs;          ///< species given at t = 0
  static constexpr std::size_t outputs = Outputs;        ///< species predicted; the first min(inputs, outputs) are the inputs
  static constexpr std::size_t conditions = Conditions;  ///< temperature, ...: constant over a step
  static constexpr std::size_t frames = 61;              ///< output times 0 .. horizon of a data set, evenly spaced
  static constexpr double horizon = 3600;                ///< longest step [s]

  // Time.
  static constexpr std::size_t nodes = 10;   ///< latent time nodes (60: one a minute, as in the paper)
  static constexpr double time_scale = 120;  ///< where the stretched time turns logarithmic [s], see TimeGrid
  static constexpr std::size_t bands = 4;    ///< octaves of the sinusoidal time embedding
  static constexpr std::size_t embedding_width = 64;

  // Encoder: paid once a cell, so capacity belongs here.
  static constexpr std::size_t encoder_width = 256;
  static constexpr std::size_t encoder_layers = 3;  ///< sine layers, the first with omega_0
  static constexpr double omega_0 = 1.5;            ///< frequency of the first sine layer (SIREN's 30 is far too rough here)

  // Latent solver: paid once a node.
  static constexpr std::size_t width = 64;  ///< of a token
  static constexpr std::size_t heads = 4;
  static constexpr bool attention = true;          ///< ablation: without time attention
  using Solver = FourierSolver<FourierMatrix>;     ///< or ConvolutionSolver, PointwiseSolver, NoSolver
  static constexpr std::size_t modes = 4;          ///< Fourier modes kept, the mean included
  static constexpr std::size_t blocks = 2;         ///< Fourier blocks
  static constexpr bool residual_integral = true;  ///< z(t) = z0 + integral; without: z(t) = integral
  using Activation = Gelu;

  // Decoder: paid once a node.
  static constexpr std::size_t decoder_width = 128;

  /// x(0) = x0: by construction (the network gives the change from x0), or left to the identity loss as in the paper.
  static constexpr bool exact_identity = true;
};

}  // namespace chemnne
