#pragma once
#include <algorithm>
#include <cstddef>

#include <chemnne/layers/at_step.hpp>
#include <chemnne/layers/compose.hpp>
#include <chemnne/layers/normalisation.hpp>
#include <chemnne/model/configuration.hpp>
#include <chemnne/model/readout.hpp>
#include <chemnne/model/time_grid.hpp>

namespace chemnne {

/// What a configuration says about time: the latent nodes, and how the state at output times follows from
/// them.
template <class C>
struct NodalTimes {
  using Grid = TimeGrid<C::nodes, C::exact_identity>;
  static constexpr Grid grid{C::horizon, C::time_scale};
  static constexpr std::size_t known = C::exact_identity ? std::min(C::inputs, C::outputs) : 0;

  /// Times of the nodes.
  struct NodeTimes {
    static constexpr double horizon = C::horizon;
    static constexpr double time(std::size_t node) { return grid.time(node); }
  };

  /// `Count` frames 0 .. horizon of a window, evenly spaced.
  template <std::size_t Count>
  struct Frames {
    /// Weights of the nodes at each frame, [frames, nodes]; `Vanishing` of values that are 0 at t = 0.
    template <bool Vanishing>
    struct Matrix {
      template <class T>
      static constexpr auto value = [] {
        StepMatrix<T, Count, C::nodes> matrix;
        for (std::size_t frame = 0; frame < Count; ++frame) {
          const auto weight = grid.weights(C::horizon * static_cast<double>(frame) / (Count - 1), Vanishing);
          for (std::size_t node = 0; node < C::nodes; ++node) matrix(frame, node) = T(weight[node]);
        }
        return matrix;
      }();
    };
  };

  /// The horizon is the last node: its value as it is.
  struct Last {
    /// The weight 1 of the last node.
    template <bool>
    struct Matrix {
      template <class T>
      static constexpr StepMatrix<T, 1, 1> value{{T(1)}};
    };
  };
};

/// A model of configuration C from a network that maps [x0, k] to values at the latent nodes, [nodes,
/// outputs]: ChemNNE and all that it is compared with. `Trajectory` (all frames of a window), `Trained` (those
/// that training reads) and `EndOfStep` (the state at the horizon alone, for which AtStep leaves out what
/// other nodes need) are readings of the same parameters.
template <class C, class NodalNetwork>
struct NodalModel : NodalTimes<C> {
  using Configuration = C;
  using Nodal = NodalNetwork;
  /// The state at `Count` frames.
  template <std::size_t Count>
  using At = Readout<Nodal, typename NodalTimes<C>::template Frames<Count>, Count, NodalTimes<C>::known>;
  using Trajectory = At<C::frames>;
  using Trained = At<training_frames<C>()>;
  using EndOfStep = Readout<DescribedAs<Nodal, AtStep<Nodal, C::nodes - 1>>, typename NodalTimes<C>::Last, 1,
                            NodalTimes<C>::known>;
  static_assert(Trajectory::parameters == EndOfStep::parameters);
};

/// The deployed network: number densities and conditions in, number densities out. One parameter block holds
/// the normalisation constants and the weights.
template <class C, class Network>
using Deployed =
    Chain<Named<"input", Normalise<C::inputs, C::conditions>>, Network,
          Named<"output", Denormalise<detail::TwoExtents<typename Network::Output>::first, C::outputs>>>;

}  // namespace chemnne
