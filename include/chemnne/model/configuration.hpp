#pragma once
#include <cstddef>
#include <string>

#include <chemnne/backend/fourier_matrix.hpp>
#include <chemnne/layers/functions.hpp>
#include <chemnne/model/blocks.hpp>
#include <chemnne/support/number_text.hpp>

namespace chemnne {

/// Every size and constant of a ChemNNE with all parts of the paper. Derive from it and redefine members to
/// make another model:
///
///     struct Wide : PaperConfiguration<49, 49> { static constexpr std::size_t width = 128; };
///     struct NoFourier : PaperConfiguration<49, 49> { using Solver = DenseSolver; };
template <std::size_t Inputs, std::size_t Outputs, std::size_t Conditions = 5>
struct PaperConfiguration {
  // What goes in and out.
  static constexpr std::size_t inputs = Inputs;  ///< species given at t = 0
  static constexpr std::size_t outputs =
      Outputs;  ///< species predicted; the first min(inputs, outputs) are the inputs
  static constexpr std::size_t conditions = Conditions;  ///< temperature, ...: constant over a step
  static constexpr std::size_t frames = 61;  ///< output times 0 .. horizon of a data set, evenly spaced
  static constexpr double horizon = 3600;    ///< longest step [s]
  /// Training reads the first frame of a window and every so many after it, up to the last: a divisor of
  /// frames - 1.
  static constexpr std::size_t training_stride = 1;

  // Time.
  static constexpr std::size_t nodes = 6;    ///< latent time nodes (60: one a minute, as in the paper)
  static constexpr double time_scale = 120;  ///< where the stretched time turns logarithmic [s], see TimeGrid
  static constexpr std::size_t bands = 4;    ///< octaves of the sinusoidal time embedding
  static constexpr std::size_t embedding_width = 64;

  // Encoder: paid once a cell, so capacity belongs here.
  static constexpr std::size_t encoder_width = 256;
  static constexpr std::size_t encoder_layers = 3;  ///< the first a sine layer with omega_0
  static constexpr bool encoder_skips = false;      ///< hidden layers add to their input
  static constexpr double omega_0 = 1.5;  ///< frequency of the sine layer (SIREN's 30 is far too rough here)
  using EncoderActivation =
      Gelu;  ///< of the hidden layers; Sine as in the paper trained worse (docs/studies/2026-11_ablations.md)

  // Latent solver: paid once a node.
  static constexpr std::size_t width = 64;  ///< of a token
  static constexpr std::size_t heads = 4;
  static constexpr bool attention = true;          ///< ablation: without time attention
  using Solver = FourierSolver<FourierMatrix>;     ///< or ConvolutionSolver, DenseSolver, NoSolver
  static constexpr std::size_t modes = 4;          ///< Fourier modes kept, the mean included
  static constexpr std::size_t blocks = 2;         ///< Fourier blocks
  static constexpr bool residual_integral = true;  ///< z(t) = z0 + integral; without: z(t) = integral
  using Activation = Gelu;

  /// Exponential modes beside the latent solver: x gains sum_m c_m (1 - exp(-lambda_m t)) with rates and
  /// coefficients of the cell, read off the wide code of the encoder; 0: none.
  static constexpr std::size_t exponentials = 12;
  /// Latent values that have these modes, between a code of as many numbers and a map to the outputs; 0: each
  /// output has modes of its own, 13 coefficients that are read off the whole code.
  static constexpr std::size_t exponential_width = 0;

  // Decoder: paid once a node.
  static constexpr std::size_t decoder_width = 128;
  /// Known species change by what is left of their start and what is made (layers/production_loss.hpp);
  /// without: by what the decoder says.
  static constexpr bool production_loss = false;

  /// x(0) = x0: by construction (the network gives the change from x0), or left to the identity loss as in
  /// the paper.
  static constexpr bool exact_identity = true;
};

/// What a network has unless its user says otherwise: a deep encoder of residual layers and narrow exponential
/// modes in the place of time attention and latent solver (docs/studies/2026-11_sizes.md), and production and
/// loss of what is known (docs/studies/2026-11_production_loss.md).
template <std::size_t Inputs, std::size_t Outputs, std::size_t Conditions = 5>
struct DefaultConfiguration : PaperConfiguration<Inputs, Outputs, Conditions> {
  static constexpr std::size_t encoder_layers = 12;
  static constexpr bool encoder_skips = true;
  static constexpr bool attention = false;
  using Solver = NoSolver;
  static constexpr std::size_t exponential_width = 48;
  static constexpr bool production_loss = true;
};

/// Frames of a window that training reads.
template <class C>
constexpr std::size_t training_frames() {
  static_assert(
      (C::frames - 1) % C::training_stride == 0,
      "Configuration: training_stride must divide frames - 1, so that training reads the last frame");
  return (C::frames - 1) / C::training_stride + 1;
}

/// The configuration as text, "inputs=49 outputs=49 ...": part of a weights file, compared before weights are
/// taken from it.
template <class C>
std::string configuration_text() {
  std::string text;
  const auto add = [&text](const char* name, const std::string& value) {
    text += (text.empty() ? "" : " ") + std::string(name) + '=' + value;
  };
  const auto number = [](double value) { return number_text(value, 9); };
  add("inputs", std::to_string(C::inputs));
  add("outputs", std::to_string(C::outputs));
  add("conditions", std::to_string(C::conditions));
  add("frames", std::to_string(C::frames));
  add("horizon", number(C::horizon));
  add("nodes", std::to_string(C::nodes));
  add("time_scale", number(C::time_scale));
  add("bands", std::to_string(C::bands));
  add("embedding_width", std::to_string(C::embedding_width));
  add("encoder_width", std::to_string(C::encoder_width));
  add("encoder_layers", std::to_string(C::encoder_layers));
  if (C::encoder_skips) add("encoder_skips", "yes");
  add("omega_0", number(C::omega_0));
  add("encoder_activation", C::EncoderActivation::name);
  add("width", std::to_string(C::width));
  add("heads", std::to_string(C::attention ? C::heads : 0));
  add("solver", C::Solver::name);
  add("modes", std::to_string(C::modes));
  add("blocks", std::to_string(C::blocks));
  add("residual_integral", C::residual_integral ? "yes" : "no");
  add("activation", C::Activation::name);
  add("exponentials", std::to_string(C::exponentials));
  if (C::exponential_width > 0) add("exponential_width", std::to_string(C::exponential_width));
  add("decoder_width", std::to_string(C::decoder_width));
  if (C::production_loss) add("production_loss", "yes");
  add("identity", C::exact_identity ? "exact" : "loss");
  return text;
}

}  // namespace chemnne
