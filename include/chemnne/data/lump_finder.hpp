#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <chemnne/chemistry/environment.hpp>
#include <chemnne/chemistry/mechanism.hpp>
#include <chemnne/data/dataset.hpp>
#include <chemnne/data/environment_model.hpp>
#include <chemnne/data/line_clusters.hpp>
#include <chemnne/data/percentile.hpp>
#include <chemnne/data/share_work.hpp>
#include <chemnne/data/standardisation.hpp>
#include <chemnne/io/lumped_species.hpp>
#include <chemnne/solver/lane_chemistry.hpp>
#include <chemnne/solver/rosenbrock_solver.hpp>
#include <chemnne/support/error.hpp>
#include <chemnne/support/parallel.hpp>
#include <chemnne/support/progress.hpp>

namespace chemnne {

/// How lumped species are looked for.
struct LumpOptions {
  std::size_t count = 10;
  std::size_t windows = 48;  ///< of the data set, evenly spread, in which species are moved
  /// Members that make up less of a lump are left out.
  double least_share = 2e-3;
  int threads = 0;  ///< 0: all that OpenMP gives; the result does not depend on it
  /// Of the solutions that are compared: a species is moved by half, and what follows counts from a
  /// hundredth of a per cent on.
  RosenbrockOptions solver = {
      .relative_tolerance = 1e-5, .absolute_tolerance = 1e-2, .maximum_attempts = 100000};
};

/// Lumped species, and what they do not carry.
struct FoundLumps {
  std::vector<LumpedSpecies> lumps;
  std::size_t windows = 0;     ///< in which species were moved
  std::size_t candidates = 0;  ///< species that lumps were made of
  double left_open = 0;        ///< share of the squares of what the candidates do to the tracers
  /// What other numbers of lumps leave open, by number.
  std::map<std::size_t, double> of_others;
};

namespace detail {

/// What moving a species does to the tracers of a window: Rodas4 over lanes, a moved species a cell (LaneCells).
class LumpResponses {
 public:
  /// A species is raised by half of what there is.
  static constexpr double step = 0.5;
  /// molecules cm-3, below which a species counts as absent.
  static constexpr double present = 3e5;

  /// molecules cm-3, below which a tracer counts as this.
  static constexpr double least_tracer = 1e4;

  LumpResponses(const LaneChemistry<double>& chemistry, const RosenbrockOptions& options,
                std::span<const std::size_t> tracers)
      : rates_(chemistry), solver_(chemistry.kernel(), options), tracers_(tracers) {}

  struct Window {
    std::vector<std::size_t> moved;  ///< those of the candidates that are present
    /// [moved][step, six steps][tracer], change of the logarithm of a tracer by the relative one of the species.
    std::vector<double> response;
    std::vector<double> left;  ///< [moved], share of the rise after a step
    bool solved = true;
  };
  /// A step of `length` s. Shape: start [variable species].
  Window solve(std::vector<double> start, const Environment& environment,
               std::span<const std::size_t> candidates, double length) {
    start_ = std::move(start);
    environment_ = &environment;
    times_ = {length, 6 * length};
    window_ = {};
    for (const std::size_t i : candidates)
      if (start_[i] > present) window_.moved.push_back(i);
    const std::size_t cells = window_.moved.size() + 1;
    ends_.assign(cells * width(), 0);
    window_.left.assign(window_.moved.size(), 0);
    solver_.integrate(*this);
    window_.response.reserve(window_.moved.size() * width());
    for (std::size_t k = 0; k < window_.moved.size(); ++k) {
      for (std::size_t i = 0; i < width(); ++i)
        window_.response.push_back(std::log(ends_[(k + 1) * width() + i] / ends_[i]) / step);
      window_.left[k] = (window_.left[k] - still_[window_.moved[k]]) / (step * start_[window_.moved[k]]);
    }
    return std::move(window_);
  }

  std::size_t count() const noexcept { return window_.moved.size() + 1; }
  std::span<const double> times(std::size_t) const noexcept { return times_; }
  void load(std::size_t first, std::size_t count, double* c, double* k) noexcept {
    for (std::size_t l = 0; l < count; ++l) {
      for (std::size_t i = 0; i < start_.size(); ++i) c[i * lanes + l] = start_[i];
      if (first + l > 0) c[window_.moved[first + l - 1] * lanes + l] *= 1 + step;
      rates_.set(l, *environment_);
    }
    rates_.evaluate(count, k);
  }
  void store(std::size_t cell, std::size_t frame, const double* c) noexcept {
    for (std::size_t i = 0; i < tracers_.size(); ++i)
      ends_[cell * width() + frame * tracers_.size() + i] = std::max(c[tracers_[i]], least_tracer);
    if (frame > 0) return;
    if (cell == 0)
      still_.assign(c, c + start_.size());
    else
      window_.left[cell - 1] = c[window_.moved[cell - 1]];
  }
  void finish(std::size_t, const CellOutcome& outcome) noexcept {
    window_.solved = window_.solved && outcome.solved;
  }

 private:
  static constexpr std::size_t lanes = BlockRates<double>::cells;
  std::size_t width() const { return 2 * tracers_.size(); }

  BlockRates<double> rates_;
  RosenbrockSolver<Rodas4, TableKernel<double>> solver_;
  std::span<const std::size_t> tracers_;
  std::vector<double> start_, ends_, still_;
  const Environment* environment_ = nullptr;
  std::array<double, 2> times_{};
  Window window_;
};

}  // namespace detail

/// Finds sums of the species that a host does not carry which tell most of what these do to its tracers.
///
/// In windows of a data set of all variable species, each species h that is no tracer is raised, and the
/// chemistry is solved for a step and for six. That gives the change of the logarithm of tracer i after the
/// time t in window w by that of c_h; times s_h / c_h(w) it is g(h; i, t, w), what the usual level s_h does to the
/// tracer: the root mean square of c_h over the data, at most its 95th percentile. A factor of e counts as
/// much as any larger one. Each tracer counts alike: sum_(h, t, w) g^2 = 1. Species that do the same to the
/// tracers are one lump, in which h counts w_h / s_h (line_clusters), the species of the largest contribution 1;
/// so a species is in one lump at most. Species of which less than 2 % is left after a step are in balance with
/// others, and are no candidates.
class LumpFinder {
 public:
  /// All arguments must outlive it. Errors: Error when `data` has no window or lacks a variable species, or a
  /// tracer is not one.
  LumpFinder(const Mechanism& mechanism, const EnvironmentModel& model, const Dataset& data,
             const std::vector<std::string>& tracers, const LumpOptions& options = {})
      : model_(&model), data_(&data), options_(options) {
    for (std::size_t i = 0; i < mechanism.variable_species; ++i) names_.push_back(mechanism.species[i].name);
    column_ = indices_by_name(names_, data.species_name, "data set of all species");
    tracers_ = indices_by_name(tracers, names_, "tracers, variable species");
    for (std::size_t h = 0; h < names_.size(); ++h)
      if (std::ranges::find(tracers_, h) == tracers_.end()) candidates_.push_back(h);
    if (data.cases() == 0) throw Error("data set of all species", "a window or more", "none");
    solve(mechanism);
    choose_candidates();
  }

  /// Errors: Error when the candidates do fewer different things to the tracers than there are to be lumps.
  FoundLumps find() const {
    const std::vector<double> products = scalar_products();
    const auto clusters = [&](std::size_t count) {
      return line_clusters(products, candidates_.size(), count);
    };
    const LineClusters best = clusters(options_.count);
    if (best.count < options_.count)
      throw Error("lumped species",
                  "at most " + std::to_string(best.count) +
                      " (so many different things do other species to the tracers)",
                  std::to_string(options_.count));
    FoundLumps found{.lumps = {},
                     .windows = windows_.size(),
                     .candidates = candidates_.size(),
                     .left_open = best.left_open,
                     .of_others = {}};
    for (const std::size_t count : {1u, 2u, 5u, 10u, 20u, 40u})
      if (const LineClusters other = clusters(count); other.count == count)
        found.of_others[count] = other.left_open;
    std::vector<double> contribution(best.count);
    for (std::size_t k = 0; k < candidates_.size(); ++k)
      contribution[best.group[k]] += best.weight[k] * best.weight[k];
    std::vector<std::size_t> order(best.count);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, std::greater(), [&](std::size_t l) { return contribution[l]; });
    for (const std::size_t l : order)
      found.lumps.push_back(
          {.name = "LUMP" + std::to_string(found.lumps.size() + 1), .members = members(best, l)});
    return found;
  }

 private:
  using Window = detail::LumpResponses::Window;
  /// Of the data set, the `w`-th in which species are moved.
  std::size_t place(std::size_t w) const { return w * data_->cases() / windows_.size(); }
  /// molecules cm-3, of a species at a window's start or end.
  double density(std::size_t window, std::size_t frame, std::size_t species) const {
    return static_cast<double>(data_->row(window, frame)[column_[species]]);
  }
  Environment environment(std::size_t window) const {
    return model_->at(model_->conditions_of(*data_, window), 0, data_->time.back() / 3600);
  }

  void solve(const Mechanism& mechanism) {
    const LaneChemistry<double> chemistry(mechanism, environment(0).photolysis);
    windows_.resize(std::min(options_.windows, data_->cases()));
    Progress progress("what species do to tracers", static_cast<double>(windows_.size()));
    const auto make_worker = [&] {
      return std::make_unique<detail::LumpResponses>(chemistry, options_.solver, tracers_);
    };
    const auto work = [&](detail::LumpResponses& worker, std::size_t w) {
      std::vector<double> start(names_.size());
      for (std::size_t i = 0; i < start.size(); ++i) start[i] = density(place(w), 0, i);
      windows_[w] = worker.solve(std::move(start), environment(place(w)), candidates_, data_->time.back());
      if (!windows_[w].solved)
        throw Error("window " + std::to_string(place(w)) + " with a species moved", "a solution", "none");
      progress.advance(1);
    };
    share_work(windows_.size(), options_.threads, make_worker, work);
  }

  void choose_candidates() {
    constexpr double least_left = 0.02;
    std::vector<double> left(names_.size()), times(names_.size());
    for (const Window& window : windows_)
      for (std::size_t k = 0; k < window.moved.size(); ++k) {
        left[window.moved[k]] += window.left[k];
        ++times[window.moved[k]];
      }
    level_.resize(names_.size());
    for (const std::size_t h : candidates_)
      if (left[h] > least_left * times[h]) level_[h] = typical_level(h);
    std::erase_if(candidates_, [&](std::size_t h) { return !(level_[h] > 0); });
  }

  double typical_level(std::size_t h) const {
    double sum = 0;
    for (std::size_t window = 0; window < data_->cases(); ++window) sum += std::pow(density(window, 0, h), 2);
    return std::min(std::sqrt(sum / static_cast<double>(data_->cases())),
                    percentiles(*data_, column_[h], std::array{0.95})[0]);
  }

  /// Of the rows g [candidate][window][time][tracer], [candidate, candidate].
  std::vector<double> scalar_products() const {
    constexpr std::size_t absent = std::numeric_limits<std::size_t>::max();
    std::vector<std::size_t> row(names_.size(), absent);
    for (std::size_t k = 0; k < candidates_.size(); ++k) row[candidates_[k]] = k;
    const std::size_t width = 2 * tracers_.size(), columns = windows_.size() * width;
    std::vector<double> g(candidates_.size() * columns), square(tracers_.size());
    for (std::size_t w = 0; w < windows_.size(); ++w)
      for (std::size_t k = 0; k < windows_[w].moved.size(); ++k) {
        const std::size_t h = windows_[w].moved[k];
        if (row[h] == absent) continue;
        const double scale = level_[h] / density(place(w), 0, h);
        for (std::size_t i = 0; i < width; ++i) {
          const double response = std::clamp(scale * windows_[w].response[k * width + i], -1.0, 1.0);
          g[row[h] * columns + w * width + i] = response;
          square[i % tracers_.size()] += response * response;
        }
      }
    for (std::size_t i = 0; i < g.size(); ++i)
      if (const double of_tracer = square[i % tracers_.size()]; of_tracer > 0) g[i] /= std::sqrt(of_tracer);
    std::vector<double> products(candidates_.size() * candidates_.size());
    parallel_for_each(candidates_.size(), [&](std::size_t i) {
      const double* const of_i = g.data() + i * columns;
      for (std::size_t j = 0; j < candidates_.size(); ++j)
        products[i * candidates_.size() + j] =
            std::inner_product(of_i, of_i + columns, g.data() + j * columns, 0.0);
    });
    return products;
  }

  /// Largest contribution first.
  std::vector<std::pair<std::string, double>> members(const LineClusters& clusters, std::size_t group) const {
    std::vector<std::size_t> order;
    double sum = 0;
    for (std::size_t k = 0; k < candidates_.size(); ++k)
      if (clusters.group[k] == group) {
        order.push_back(k);
        sum += clusters.weight[k];
      }
    std::erase_if(order, [&](std::size_t k) { return clusters.weight[k] < options_.least_share * sum; });
    std::ranges::sort(order, std::greater(), [&](std::size_t k) { return clusters.weight[k]; });
    const auto coefficient = [&](std::size_t k) { return clusters.weight[k] / level_[candidates_[k]]; };
    std::vector<std::pair<std::string, double>> members;
    for (const std::size_t k : order)
      members.emplace_back(names_[candidates_[k]], coefficient(k) / coefficient(order[0]));
    return members;
  }

  const EnvironmentModel* model_;
  const Dataset* data_;
  LumpOptions options_;
  std::vector<std::string> names_;    ///< of the variable species, in the mechanism's order
  std::vector<std::size_t> column_;   ///< of these in the data set
  std::vector<std::size_t> tracers_;  ///< places in the mechanism
  std::vector<std::size_t> candidates_;
  std::vector<Window> windows_;
  std::vector<double> level_;  ///< of the candidates [species], molecules cm-3
};

}  // namespace chemnne
