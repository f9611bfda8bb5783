#pragma once
#include <chemnne/model/configuration.hpp>

/// The networks of the tasks on ARCA's Hyde scheme: the first 49 species of the data sets to 49, 100 and 400,
/// and all 400 to 400.
namespace arca {

/// Where many are predicted, frames are most of the work and of the memory of a training: every sixth is
/// enough (docs/studies/2026-11_production_loss.md).
template <std::size_t Inputs, std::size_t Outputs>
struct Task : chemnne::DefaultConfiguration<Inputs, Outputs> {
  static constexpr std::size_t training_stride = Outputs > 49 ? 6 : 1;
};

/// Of 49 species ever more are predicted.
template <std::size_t Outputs>
struct Scaled : chemnne::DefaultConfiguration<49, Outputs> {};

/// Task 1 with so many lumped species (lumped.toml), for a host, which takes the end of a step.
template <std::size_t Lumps>
struct WithLumps : chemnne::DefaultConfiguration<49 + Lumps, 49 + Lumps> {
  static constexpr std::size_t frames = 3;
};

}  // namespace arca
