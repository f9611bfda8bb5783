#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <chemnne/chemistry/chemical_system.hpp>
#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/data/share_work.hpp>
#include <chemnne/reference/reference_solver.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/progress.hpp>

namespace chemnne {

struct ReferenceSensitivityOptions {
  double duration = 3600;  ///< s
  /// molecules cm-3: at or below it a species counts as absent and has no sensitivity. [variable species];
  /// empty: 0
  std::vector<double> floor = {};
  /// Decades that a species is moved up and down. The error is the larger of the solver's over the step
  /// (1e-8 / 0.005) and the square of the step times a sixth of the third derivative: some 1e-5 of S.
  double step = 0.005;
  ReferenceOptions reference = {};
  /// 0: all that OpenMP gives. The result does not depend on it.
  int threads = 0;
};

/// Sensitivities of the reference solution of some cells.
struct ReferenceSensitivity {
  std::vector<double> value;         ///< [cell][species i][species j]; NaN where a species is absent
  std::vector<std::string> failure;  ///< [cell], empty on success; all NaN otherwise
};

/// S_ij = d log10 c_i(duration) / d log10 c_j(0) of a mechanism under constant environments, by central
/// differences of solutions: (log10 c_i+ - log10 c_i-) / (2 step), c_j(0) moved by the factors 10^(+-step).
/// NaN where c_j(0) or c_i(duration) is at or below its floor.
///
/// Shapes: start [cell][variable species] in molecules cm-3, environment [cell]. Cost: two solutions a
/// present species. Errors: Error when the lengths do not fit; a cell whose integration fails is reported.
inline ReferenceSensitivity reference_sensitivity(const Mechanism& mechanism, std::span<const float> start,
                                                  std::span<const Environment> environment,
                                                  const ReferenceSensitivityOptions& options = {}) {
  const std::size_t species = mechanism.variable_species, cells = environment.size();
  if (start.size() != cells * species)
    throw Error("reference_sensitivity",
                "start [" + std::to_string(cells) + " cells][" + std::to_string(species) + "]",
                std::to_string(start.size()) + " values");
  if (!options.floor.empty() && options.floor.size() != species)
    throw Error("reference_sensitivity", std::to_string(species) + " floors or none",
                std::to_string(options.floor.size()));
  const auto above_floor = [&](std::size_t i, double value) {
    return value > (options.floor.empty() ? 0 : options.floor[i]);
  };
  const double absent = std::numeric_limits<double>::quiet_NaN();
  ReferenceSensitivity result{.value = std::vector<double>(cells * species * species, absent),
                              .failure = std::vector<std::string>(cells)};
  struct Worker {
    Worker(const Mechanism& mechanism, const ReferenceOptions& options)
        : system(mechanism), solver(system, options) {}
    ChemicalSystem system;
    ReferenceSolver<ChemicalSystem> solver;
  };
  Progress progress("sensitivity of the reference", static_cast<double>(cells * species));
  const auto make_worker = [&] { return std::make_unique<Worker>(mechanism, options.reference); };
  share_work(cells, options.threads, make_worker, [&](Worker& worker, std::size_t cell) {
    const std::span<const float> before = start.subspan(cell * species, species);
    double* const matrix = &result.value[cell * species * species];
    worker.system.set_environment(environment[cell]);
    const auto end_of = [&](std::size_t moved, double decades) {
      std::vector<double> state(before.begin(), before.end());
      state[moved] *= std::pow(10, decades);
      const SolverStatus status = worker.solver.integrate(state, options.duration);
      if (!status) result.failure[cell] = status.reason;
      return state;
    };
    for (std::size_t j = 0; j < species && result.failure[cell].empty(); ++j, progress.advance(1)) {
      if (!above_floor(j, static_cast<double>(before[j]))) continue;
      const std::vector<double> up = end_of(j, options.step), down = end_of(j, -options.step);
      for (std::size_t i = 0; i < species; ++i)
        if (above_floor(i, std::min(up[i], down[i])))
          matrix[i * species + j] = std::log10(up[i] / down[i]) / (2 * options.step);
    }
    if (!result.failure[cell].empty()) std::fill_n(matrix, species * species, absent);
  });
  return result;
}

}  // namespace chemnne
