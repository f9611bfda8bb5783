#pragma once
#include <cstddef>

#include <chemnne/layers/unrolled.hpp>
#include <chemnne/model/nodal_model.hpp>

namespace chemnne {

/// `Windows` windows of a model's configuration in a row.
template <class C, std::size_t Windows>
struct UnrolledConfiguration : C {
  static constexpr std::size_t frames = Windows * (C::frames - 1) + 1;
  static constexpr std::size_t conditions = Windows * C::conditions;
  static constexpr double horizon = static_cast<double>(Windows) * C::horizon;
};

/// A model trained over `Windows` windows, each fed back into the next; what is trained and deployed is
/// `Model`.
template <class Model, std::size_t Windows>
struct UnrolledModel {
  static_assert(Windows >= 2 && Windows <= 9, "UnrolledModel: two to nine windows");
  using Configuration = UnrolledConfiguration<typename Model::Configuration, Windows>;
  using Trained = Unrolled<typename Model::Trained, Windows, Model::Configuration::inputs>;
  static constexpr char architecture[] = {'u', 'n', 'r', 'o', 'l', 'l', 'e', 'd', '-', '0' + Windows, '\0'};
};

/// The model whose weights are kept, that of one window, and the windows that training unrolls.
template <class Model>
struct SingleWindow {
  using type = Model;
  static constexpr std::size_t windows = 1;
};
/// Of an unrolled model: the model that it unrolls.
template <class Model, std::size_t Windows>
struct SingleWindow<UnrolledModel<Model, Windows>> {
  using type = Model;
  static constexpr std::size_t windows = Windows;
};

}  // namespace chemnne
