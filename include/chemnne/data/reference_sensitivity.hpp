#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <chemnne/chemistry/environment.hpp>
#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/data/share_work.hpp>
#include <chemnne/solver/lane_chemistry.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/progress.hpp>

namespace chemnne {

/// How the sensitivities of the reference solution are computed.
struct ReferenceSensitivityOptions {
  double duration = 3600;  ///< s
  /// molecules cm-3: at or below it a species counts as absent and has no sensitivity. [variable species];
  /// empty: 0
  std::vector<double> floor = {};
  /// Decades that a species is moved up and down: the square of it times a sixth of the third derivative is
  /// an error of some 1e-5 of S.
  double step = 0.005;
  /// Of both solutions. Beside CVODE at 1e-8, in ten held-out windows of the embedded mechanism: 6e-7 RMS
  /// over all pairs, 1.3e-5 at most.
  RosenbrockOptions solver = {
      .relative_tolerance = 1e-7, .absolute_tolerance = 1e-5, .maximum_attempts = 100000};
  /// 0: all that OpenMP gives. The result does not depend on it.
  int threads = 0;
};

/// Sensitivities of the reference solution of some cells.
struct ReferenceSensitivity {
  std::vector<double> value;         ///< [cell][species i][species j]; NaN where a species is absent
  std::vector<std::string> failure;  ///< [cell], empty on success; all NaN otherwise
};

namespace detail {

/// Rodas4 over lanes for the moved starts of one cell at a time: one a thread. It is the cells of its solver
/// (LaneCells), two for each species that is present.
class MovedStarts {
 public:
  MovedStarts(const LaneChemistry<double>& chemistry, const ReferenceSensitivityOptions& options)
      : options_(&options), rates_(chemistry), solver_(chemistry.kernel(), options.solver) {}

  /// Ends [moved][up, down][species] of the starts in which one of the species `moved` is moved; whether all
  /// could be solved.
  bool solve(std::span<const float> start, const Environment& environment, std::span<const std::size_t> moved,
             std::vector<double>& ends) {
    start_ = start;
    environment_ = &environment;
    moved_ = moved;
    ends.resize(2 * moved.size() * start.size());
    ends_ = ends;
    solved_ = true;
    solver_.integrate(*this);
    return solved_;
  }

  std::size_t count() const noexcept { return 2 * moved_.size(); }
  std::span<const double> times(std::size_t) const noexcept { return {&options_->duration, 1}; }
  void load(std::size_t first, std::size_t count, double* c, double* k) noexcept {
    for (std::size_t l = 0; l < count; ++l) {
      for (std::size_t i = 0; i < start_.size(); ++i) c[i * lanes + l] = static_cast<double>(start_[i]);
      const std::size_t at = first + l;
      c[moved_[at / 2] * lanes + l] *= std::pow(10, at % 2 == 0 ? options_->step : -options_->step);
      rates_.set(l, *environment_);
    }
    rates_.evaluate(count, k);
  }
  void store(std::size_t cell, std::size_t, const double* c) noexcept {
    std::copy_n(c, start_.size(), &ends_[cell * start_.size()]);
  }
  void finish(std::size_t, const CellOutcome& outcome) noexcept { solved_ = solved_ && outcome.solved; }

 private:
  static constexpr std::size_t lanes = BlockRates<double>::cells;

  const ReferenceSensitivityOptions* options_;
  BlockRates<double> rates_;
  RosenbrockSolver<Rodas4, TableKernel<double>> solver_;
  std::span<const float> start_;
  const Environment* environment_ = nullptr;
  std::span<const std::size_t> moved_;
  std::span<double> ends_;
  bool solved_ = true;
};

}  // namespace detail

/// S_ij = d log10 c_i(duration) / d log10 c_j(0) of a mechanism under constant environments, by central
/// differences of solutions: (log10 c_i+ - log10 c_i-) / (2 step), c_j(0) moved by the factors 10^(+-step).
/// NaN where c_j(0) or c_i(duration) is at or below its floor.
///
/// Shapes: start [cell][variable species] in molecules cm-3, environment [cell], all of one table of J or of
/// none. Cost: two solutions a present species. Errors: Error when the lengths do not fit, or an environment
/// is not physical; a cell whose integration fails is reported.
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
  for (const Environment& one : environment) check_environment(one);
  const auto above_floor = [&](std::size_t i, double value) {
    return value > (options.floor.empty() ? 0 : options.floor[i]);
  };
  const double absent = std::numeric_limits<double>::quiet_NaN();
  ReferenceSensitivity result{.value = std::vector<double>(cells * species * species, absent),
                              .failure = std::vector<std::string>(cells)};
  if (cells == 0) return result;
  const LaneChemistry<double> chemistry(mechanism, environment[0].photolysis);
  Progress progress("sensitivity of the reference", static_cast<double>(cells));
  const auto make_worker = [&] { return std::make_unique<detail::MovedStarts>(chemistry, options); };
  share_work(cells, options.threads, make_worker, [&](detail::MovedStarts& worker, std::size_t cell) {
    const std::span<const float> before = start.subspan(cell * species, species);
    std::vector<std::size_t> moved;
    for (std::size_t j = 0; j < species; ++j)
      if (above_floor(j, static_cast<double>(before[j]))) moved.push_back(j);
    std::vector<double> ends;
    if (!worker.solve(before, environment[cell], moved, ends))
      result.failure[cell] = "no step is short enough, or a number is not finite";
    else
      for (std::size_t k = 0; k < moved.size(); ++k)
        for (std::size_t i = 0; i < species; ++i) {
          const double up = ends[2 * k * species + i], down = ends[(2 * k + 1) * species + i];
          if (above_floor(i, std::min(up, down)))
            result.value[(cell * species + i) * species + moved[k]] =
                std::log10(up / down) / (2 * options.step);
        }
    progress.advance(1);
  });
  return result;
}

}  // namespace chemnne
