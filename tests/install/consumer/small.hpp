#pragma once
#include <chemnne/model/configuration.hpp>

/// A network that compiles in seconds.
struct Small : chemnne::DefaultConfiguration<2, 2> {
  static constexpr std::size_t frames = 13, nodes = 5, bands = 2, embedding_width = 8, encoder_width = 16,
                               encoder_layers = 2, width = 8, heads = 2, modes = 2, blocks = 1,
                               decoder_width = 16;
};
