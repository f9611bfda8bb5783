#pragma once
#include <algorithm>
#include <cstddef>

#include <chemnne/layers/at_step.hpp>
#include <chemnne/layers/compose.hpp>
#include <chemnne/layers/normalisation.hpp>
#include <chemnne/layers/time_embedding.hpp>
#include <chemnne/model/blocks.hpp>
#include <chemnne/model/configuration.hpp>
#include <chemnne/model/readout.hpp>
#include <chemnne/model/time_grid.hpp>

namespace chemnne {

/// ChemNNE (Liu, Clusius, Boy 2024, arXiv 2408.01829) of one configuration, on normalised values:
/// [x0, k] -> encoder -> tokens (time embedding) -> time attention -> Fourier solver -> decoder ->
/// interpolation in time.
///
/// `Trajectory` and `EndOfStep` are two readings of the same parameters: all frames of a window, or the state
/// at the horizon alone, for which the last solver block and the decoder work on the last node only. We
/// depart from the paper in the latent time grid (few stretched nodes, not one a minute), the scale in the
/// time embedding and the exact identity; `configuration.hpp` has the switches.
template <class C>
struct ChemNNE {
  static constexpr const char* architecture = "chemnne";
  using Configuration = C;
  using Grid = TimeGrid<C::nodes, C::exact_identity>;
  static constexpr Grid grid{C::horizon, C::time_scale};
  static constexpr std::size_t known = C::exact_identity ? std::min(C::inputs, C::outputs) : 0;

  /// The first layer, whose parameters are the first: [x0, k] to the code from which all of a window follows.
  using Code = Encoder<C>;

  /// Times of the nodes.
  struct NodeTimes {
    static constexpr double horizon = C::horizon;
    static double time(std::size_t node) { return grid.time(node); }
  };

  /// The way to the latent solution, whose parameters are the first.
  using Latent = Chain<Named<"encoder", Encoder<C>>, Named<"embedding", Tokens<C, Grid>>,
                       Named<"attention", Attention<C>>, Named<"solver", LatentSolver<C>>>;
  using Decoded = Chain<Named<"embedding", Tokens<C, Grid>>, Named<"attention", Attention<C>>,
                        Named<"solver", LatentSolver<C>>, Named<"decoder", EachStep<C::nodes, Decoder<C>>>>;
  using Nodal = Chain<Named<"encoder", Encoder<C>>, WithExponentials<C, Decoded, NodeTimes, known>>;

  /// The frames 0 .. horizon of a window, evenly spaced.
  struct Frames {
    template <class T>
    static auto matrix(bool vanishing) {
      StepMatrix<T, C::frames, C::nodes> matrix;
      for (std::size_t frame = 0; frame < C::frames; ++frame) {
        const auto weight =
            grid.weights(C::horizon * static_cast<double>(frame) / (C::frames - 1), vanishing);
        for (std::size_t node = 0; node < C::nodes; ++node) matrix(frame, node) = T(weight[node]);
      }
      return matrix;
    }
  };

  /// The horizon is the last node: its value as it is.
  struct Last {
    template <class T>
    static auto matrix(bool) {
      return StepMatrix<T, 1, 1>{{T(1)}};
    }
  };

  using Trajectory = Readout<Nodal, Frames, C::frames, known>;
  using EndOfStep = Readout<DescribedAs<Nodal, AtStep<Nodal, C::nodes - 1>>, Last, 1, known>;
  static_assert(Trajectory::parameters == EndOfStep::parameters);
};

/// The deployed network: number densities and conditions in, number densities out. One parameter block holds
/// the normalisation constants and the weights.
template <class C, class Network>
using Deployed =
    Chain<Named<"input", Normalise<C::inputs, C::conditions>>, Network,
          Named<"output", Denormalise<detail::TwoExtents<typename Network::Output>::first, C::outputs>>>;

}  // namespace chemnne
