#pragma once
#include <cstddef>

#include <chemnne/model/configuration.hpp>

/// The networks of the systems in this folder.
namespace systems {

/// For a handful of species: a quarter of the default network's width.
template <std::size_t Species, std::size_t Conditions>
struct Small : chemnne::PaperConfiguration<Species, Species, Conditions> {
  static constexpr std::size_t embedding_width = 32, encoder_width = 64, width = 32, decoder_width = 64;
};

/// Oscillates through the whole hour: more nodes, spread over it, and no modes that only decay.
struct LotkaVolterra : Small<2, 2> {
  static constexpr std::size_t nodes = 12, modes = 6, exponentials = 0;
  static constexpr double time_scale = 3600;
};

struct Robertson : Small<3, 1> {};

struct Pollu : chemnne::PaperConfiguration<19, 19, 1> {
  static constexpr std::size_t encoder_width = 128;
};

/// The same with sharper peaks: interpolation between 10 nodes leaves 0.03 standard deviations for B up to 3,
/// between 16 nodes 0.011.
struct Brusselator : chemnne::PaperConfiguration<32, 32, 1> {
  static constexpr std::size_t nodes = 16, encoder_width = 128, modes = 8, exponentials = 0;
  static constexpr double time_scale = 3600;
};

}  // namespace systems
