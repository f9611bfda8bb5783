#pragma once
#include <chemnne/host/block_step.hpp>
#include <chemnne/model/chemnne.hpp>

/// A network with every part, and its step by a thread block of CUDA.
struct DeviceConfiguration : chemnne::PaperConfiguration<3, 4, 2> {
  static constexpr std::size_t nodes = 5, bands = 2, embedding_width = 8, encoder_width = 16,
                               encoder_layers = 2, width = 8, heads = 2, modes = 2, blocks = 1,
                               exponential_width = 8, decoder_width = 16;
  static constexpr bool production_loss = true;
};
using DeviceModel = chemnne::ChemNNE<DeviceConfiguration>;

template <bool Whole>
using DeviceBlock = chemnne::BlockStep<DeviceModel, chemnne::ThreadBlock, 163 * 1024, Whole>;
