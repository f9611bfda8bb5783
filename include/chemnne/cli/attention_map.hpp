#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <tuple>
#include <vector>

#include <chemnne/cli/training_figures.hpp>
#include <chemnne/data/dataset.hpp>
#include <chemnne/training/cell_source.hpp>
#include <chemnne/training/trained_network.hpp>

namespace chemnne {

/// Attention weights of a trained network, averaged over up to 64 windows; none for a model without
/// attention.
template <class Model, class Backend>
std::optional<AttentionMap> attention_map(const TrainedNetwork<Model, Backend>& network,
                                          const Dataset& data) {
  using C = typename Model::Configuration;
  if constexpr (!requires { typename Model::Latent; } || !C::attention) {
    return std::nullopt;
  } else {
    using Latent = typename Model::Latent;
    using Prepare = Normalise<C::inputs, C::conditions>;
    std::vector<std::size_t> windows(std::min<std::size_t>(64, data.cases()));
    for (std::size_t i = 0; i < windows.size(); ++i) windows[i] = i * data.cases() / windows.size();
    const CellBatch cells = CellSource(data, network.task()).cells(windows);
    const std::size_t count = windows.size();
    constexpr std::size_t in = C::inputs + C::conditions;
    Buffer<float> memory(2 * padded(count * in) + padded(count * Latent::Output::size) +
                         Latent::memory(count));
    Arena<float> arena(memory.span());
    const auto physical = arena.template take<Shape<in>>(count);
    const auto x = arena.template take<Shape<in>>(count);
    const auto z = arena.template take<typename Latent::Output>(count);
    for (std::size_t i = 0; i < count; ++i) {
      std::copy_n(cells.initial.data() + i * C::inputs, C::inputs, physical[i]);
      std::copy_n(cells.conditions.data() + i * C::conditions, C::conditions, physical[i] + C::inputs);
    }
    Prepare::template forward<Backend, float>(
        physical, network.parameters().template first<Prepare::parameters>(), x, arena);
    const auto residual = Latent::template forward<Backend, float>(
        x, network.weights().template first<Latent::parameters>(), z, arena);
    const auto weights = std::get<2>(residual.layer).weights;  // encoder, embedding, attention, solver

    AttentionMap map{C::heads, C::nodes, std::vector<double>(C::heads * C::nodes * C::nodes), {}};
    for (std::size_t cell = 0; cell < count; ++cell)
      for (std::size_t head = 0; head < C::heads; ++head) {
        const Rows<float, C::nodes> of_key = weights_of_head<C::nodes>(weights.steps(cell), head);
        for (std::size_t query = 0; query < C::nodes; ++query)
          for (std::size_t key = 0; key < C::nodes; ++key)
            map.weight[(head * C::nodes + query) * C::nodes + key] +=
                static_cast<double>(of_key[key][query]) / static_cast<double>(count);
      }
    for (std::size_t node = 0; node < C::nodes; ++node) map.time.push_back(Model::grid.time(node));
    return map;
  }
}

}  // namespace chemnne
