#pragma once
#include <array>
#include <cstddef>

#include <chemnne/layers/affine.hpp>
#include <chemnne/layers/chain.hpp>
#include <chemnne/layers/compose.hpp>
#include <chemnne/layers/exponential_modes.hpp>
#include <chemnne/layers/modal_basis.hpp>
#include <chemnne/layers/precise.hpp>
#include <chemnne/layers/production_loss.hpp>
#include <chemnne/model/readout.hpp>
#include <chemnne/support/error.hpp>

namespace chemnne {

/// An affine map x W + b at an end of a network: where it lies among the network's parameters and which of
/// its axes runs over species.
///
/// W [rows, columns] begins at `offset`, b [columns] follows. Of a map that reads, the rows are the inputs,
/// the conditions, then rows of neither. Of a map that writes, the columns are `copies` times all outputs,
/// with `levels` one column for each output that is no change from a known start, then `losses` columns for
/// the first outputs once more, then columns of no output.
struct EndMap {
  std::size_t offset, rows, columns;
  std::size_t copies = 1;
  bool levels = false;  ///< an output's constant is its level; without, it is its bias
  std::size_t losses = 0;
};

/// The maps by which a network of layers reads its input and writes its output, found along its composition:
/// `reading(offset, visit)` and `writing(offset, visit)` call visit(EndMap) for each; outputs are the sum of
/// what the maps write.
///
/// Layers without parameters before the first map must keep the input's coordinates the first of theirs.
/// Specialise it for a layer of your own that stands at an end. Errors: Error for a layer that is not known.
template <class L>
struct NetworkEnds {
  template <class Visit>
  static void reading(std::size_t, const Visit&) {
    throw Error("initial weights for other species or another standardisation",
                "a model whose first layer is an affine map", "another layer without NetworkEnds of its own");
  }
  template <class Visit>
  static void writing(std::size_t, const Visit&) {
    throw Error("initial weights for other species or another standardisation",
                "a model whose last layer is an affine map or modes in time",
                "another layer without NetworkEnds of its own");
  }
};

/// An affine map is both ends.
template <std::size_t In, std::size_t Out, class Gain>
struct NetworkEnds<Affine<In, Out, Gain>> {
  template <class Visit>
  static void reading(std::size_t offset, const Visit& visit) {
    visit(EndMap{offset, In, Out});
  }
  template <class Visit>
  static void writing(std::size_t offset, const Visit& visit) {
    visit(EndMap{offset, In, Out});
  }
};

namespace detail {
/// A layer that reads coefficients of modes in time off its input, by an affine map at its front.
template <class Head, std::size_t Copies>
struct ModeEnds {
  template <class Visit>
  static void reading(std::size_t offset, const Visit& visit) {
    NetworkEnds<Head>::reading(offset, visit);
  }
  template <class Visit>
  static void writing(std::size_t offset, const Visit& visit) {
    visit(EndMap{offset, Head::Input::size, Head::Output::size, Copies, true});
  }
};
}  // namespace detail

template <class Times, std::size_t Nodes, std::size_t Width, std::size_t Outputs, std::size_t Known,
          std::size_t Modes>
struct NetworkEnds<ExponentialModes<Times, Nodes, Width, Outputs, Known, Modes>>
    : detail::ModeEnds<typename ExponentialModes<Times, Nodes, Width, Outputs, Known, Modes>::Head,
                       Modes + 1> {};
template <std::size_t Nodes, std::size_t Modes, std::size_t Width, std::size_t Outputs, std::size_t Known>
struct NetworkEnds<ModalBasis<Nodes, Modes, Width, Outputs, Known>>
    : detail::ModeEnds<typename ModalBasis<Nodes, Modes, Width, Outputs, Known>::Head, Modes> {};

template <std::size_t Steps, class L>
struct NetworkEnds<EachStep<Steps, L>> : NetworkEnds<L> {};
template <class Label, class L>
struct NetworkEnds<Labelled<Label, L>> : NetworkEnds<L> {};
template <class L>
struct NetworkEnds<Precise<L>> : NetworkEnds<L> {};
template <class Network, class Times, std::size_t Steps, std::size_t Known>
struct NetworkEnds<Readout<Network, Times, Steps, Known>> : NetworkEnds<Network> {};
/// The maps of the network inside, whose last columns are the losses of the known outputs.
template <class Network, std::size_t Steps, std::size_t Outputs, std::size_t Known>
struct NetworkEnds<ProductionLoss<Network, Steps, Outputs, Known>> : NetworkEnds<Network> {
  template <class Visit>
  static void writing(std::size_t offset, const Visit& visit) {
    NetworkEnds<Network>::writing(offset, [&](EndMap map) {
      map.losses = Known;
      visit(map);
    });
  }
};

/// What a network holds of each known species beside its maps: nothing.
template <class L>
struct ProductionConstants {
  static constexpr std::size_t count = 0, level = 0, deviation = 0;
};
template <class Network, class Times, std::size_t Steps, std::size_t Known>
struct ProductionConstants<Readout<Network, Times, Steps, Known>> : ProductionConstants<Network> {};
/// Levels and standard deviations, each [count], among the network's parameters.
template <class Network, std::size_t Steps, std::size_t Outputs, std::size_t Known>
struct ProductionConstants<ProductionLoss<Network, Steps, Outputs, Known>> {
  static constexpr std::size_t count = Known;
  static constexpr std::size_t level = ProductionLoss<Network, Steps, Outputs, Known>::level;
  static constexpr std::size_t deviation = ProductionLoss<Network, Steps, Outputs, Known>::deviation;
};

/// Both paths read, both write.
template <class F, class G>
struct NetworkEnds<Sum<F, G>> {
  template <class Visit>
  static void reading(std::size_t offset, const Visit& visit) {
    NetworkEnds<F>::reading(offset, visit);
    NetworkEnds<G>::reading(offset + F::parameters, visit);
  }
  template <class Visit>
  static void writing(std::size_t offset, const Visit& visit) {
    NetworkEnds<F>::writing(offset, visit);
    NetworkEnds<G>::writing(offset + F::parameters, visit);
  }
};

/// The first layer with parameters reads, the last writes.
template <class... Layers>
struct NetworkEnds<Chain<Layers...>> {
  using All = Chain<Layers...>;
  template <class Visit>
  static void reading(std::size_t offset, const Visit& visit) {
    constexpr std::size_t first = [] {
      std::size_t i = 0;
      while (i + 1 < All::length && All::offsets[i + 1] == 0) ++i;
      return i;
    }();
    NetworkEnds<typename All::template At<first>>::reading(offset, visit);
  }
  template <class Visit>
  static void writing(std::size_t offset, const Visit& visit) {
    constexpr std::size_t last = All::length - 1;
    NetworkEnds<typename All::template At<last>>::writing(offset + All::offsets[last], visit);
  }
};

}  // namespace chemnne
