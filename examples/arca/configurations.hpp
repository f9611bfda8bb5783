#pragma once
#include <chemnne/model/configuration.hpp>

/// The networks of the tasks on ARCA's Hyde scheme: the first 49 species of the data sets to 49, 100 and 400,
/// and all 400 to 400.
namespace arca {

/// Attached weights of tasks 2 and 3 are of the paper's parts.
template <std::size_t Inputs, std::size_t Outputs>
struct Task : chemnne::PaperConfiguration<Inputs, Outputs> {};
template <>
struct Task<49, 49> : chemnne::DefaultConfiguration<49, 49> {};
/// Where many are predicted, frames are most of the work and of the memory of a training: every sixth is
/// enough (docs/studies/2026-11_production_loss.md).
template <>
struct Task<400, 400> : chemnne::DefaultConfiguration<400, 400> {
  static constexpr bool production_loss = true;
  static constexpr std::size_t training_stride = 6;
};

/// Of 49 species ever more are predicted.
template <std::size_t Outputs>
struct Scaled : chemnne::DefaultConfiguration<49, Outputs> {};

}  // namespace arca
