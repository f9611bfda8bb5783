#pragma once
#include <algorithm>
#include <bitset>
#include <cstddef>
#include <limits>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "air_cells.hpp"
#include "contender.hpp"

#include <chemnne/solver/lane_rates.hpp>
#include <chemnne/solver/rosenbrock_solver.hpp>
#include <chemnne/tensor/buffer.hpp>

namespace bench {

/// Rate constants of a block of cells, from tables.
template <class T>
class TableRates {
 public:
  explicit TableRates(std::shared_ptr<const LaneChemistry<T>> chemistry)
      : chemistry_(std::move(chemistry)), rates_(chemistry_->rate_program()) {}
  std::bitset<NativeLanes<T>::count> evaluate(const double* inputs, T* k) noexcept {
    return rates_.evaluate(inputs, k);
  }
  const TableKernel<T>& kernel() const { return chemistry_->kernel(); }

 private:
  std::shared_ptr<const LaneChemistry<T>> chemistry_;
  LaneRates<T> rates_;
};

/// The same in straight lines.
template <class Kernel>
struct KernelRates {
  using T = typename Kernel::T;
  std::bitset<NativeLanes<T>::count> evaluate(const double* inputs, T* k) noexcept {
    return Kernel::rate_constants(inputs, k);
  }
};

/// A host's call for an hour: inputs are gathered, rates computed, cells solved, states scattered.
template <class Method, class Kernel, class Rates>
class LaneSolver {
 public:
  using T = typename Kernel::T;
  static constexpr std::size_t lanes = NativeLanes<T>::count;

  /// Both must outlive it.
  LaneSolver(const Kernel& kernel, Rates& rates, const RosenbrockOptions& options)
      : rates_(&rates), solver_(kernel, options) {}

  Solution advance(const AirCells& air, std::span<double> result) noexcept {
    set(air, result);
    const RosenbrockStatistics before = solver_.statistics();
    solver_.integrate(*this);
    const RosenbrockStatistics& after = solver_.statistics();
    return {.failed = failed_,
            .sweeps = static_cast<double>(after.sweeps - before.sweeps),
            .attempts = static_cast<double>(after.attempts - before.attempts)};
  }

  /// Only what stands before the solver: rates, and both gathers.
  void load_all(const AirCells& air, T* c, T* k) noexcept {
    set(air, {});
    for (std::size_t first = 0; first < count(); first += lanes)
      load(first, std::min(lanes, count() - first), c, k);
  }

  std::size_t count() const noexcept { return air_->environment.size(); }
  std::span<const double> times(std::size_t) const noexcept { return {&hour, 1}; }
  void load(std::size_t first, std::size_t cells, T* c, T* k) noexcept {
    const double* const input = air_->input.data() + first * inputs_;
    const double* const state = air_->state.data() + first * species_;
    for (std::size_t i = 0; i < inputs_; ++i)
      for (std::size_t l = 0; l < lanes; ++l)
        input_[i * lanes + l] = input[(l < cells ? l : 0) * inputs_ + i];
    const std::bitset<lanes> well = rates_->evaluate(input_.data(), k);
    for (std::size_t l = 0; l < cells; ++l)
      if (!well[l]) k[l] = std::numeric_limits<T>::quiet_NaN();
    for (std::size_t i = 0; i < species_; ++i)
      for (std::size_t l = 0; l < cells; ++l) c[i * lanes + l] = static_cast<T>(state[l * species_ + i]);
  }
  void store(std::size_t cell, std::size_t, const T* c) noexcept {
    std::copy_n(c, species_, result_.data() + cell * species_);
  }
  void finish(std::size_t, const CellOutcome& outcome) noexcept {
    if (!outcome.solved) ++failed_;
  }

 private:
  void set(const AirCells& air, std::span<double> result) noexcept {
    air_ = &air;
    result_ = result;
    failed_ = 0;
    const std::size_t cells = count();
    species_ = air.state.size() / cells;
    if (inputs_ == air.input.size() / cells) return;
    inputs_ = air.input.size() / cells;
    input_ = Buffer<double>(inputs_ * lanes);
  }

  Rates* rates_;
  RosenbrockSolver<Method, Kernel> solver_;
  const AirCells* air_ = nullptr;
  std::span<double> result_;
  std::size_t species_ = 0, inputs_ = 0, failed_ = 0;
  Buffer<double> input_{0};
};

/// A kernel with its rates: Kernel is read-only, Rates has memory.
template <class Kernel, class Rates>
struct Arithmetic {
  const Kernel* kernel;
  Rates rates;
};

/// Seconds of each part of the arithmetic, a block of cells, with the state and the rates of the first cells.
template <class Kernel, class Rates>
Parts measure_parts(const Arithmetic<Kernel, Rates>& arithmetic, const AirCells& air) {
  using T = typename Kernel::T;
  using L = typename Kernel::L;
  const Kernel& kernel = *arithmetic.kernel;
  Rates rates = arithmetic.rates;
  LaneSolver<Rodas3, Kernel, Rates> caller(kernel, rates, {});
  const std::size_t block = kernel.size() * L::count;
  Buffer<T> given(block), k(kernel.rate_items() * L::count), c(block), f(block), b(block),
      m(kernel.matrix_items() * L::count);
  std::fill_n(k.data(), kernel.rate_items() * L::count, T(0));
  const double load = best_seconds([&] { caller.load_all(air, given.data(), k.data()); });
  // The last block may be of fewer cells: all lanes take the first of it.
  for (std::size_t p = 0; p < kernel.size(); ++p)
    for (std::size_t l = 0; l < L::count; ++l)
      c[p * L::count + l] = given[kernel.species()[p] * L::count] * T(1 + 0.01 * static_cast<double>(l));
  const L s(T(1));
  Parts parts{.lanes = L::count};
  parts.load = load / static_cast<double>(air.environment.size());
  parts.factor = best_seconds([&] { kernel.factor(c.data(), k.data(), s, m.data()); });
  parts.tendency = best_seconds([&] { kernel.tendency(c.data(), k.data(), f.data()); });
  parts.solve = best_seconds([&] {
    std::copy_n(f.data(), block, b.data());
    kernel.solve(m.data(), b.data());
  });
  return parts;
}

template <class Method, class Kernel, class Rates>
Contender lane_contender(const std::string& solver, const Arithmetic<Kernel, Rates>& arithmetic,
                         const RosenbrockOptions& options) {
  struct Held {
    Rates rates;
    LaneSolver<Method, Kernel, Rates> solver;
    Held(const Arithmetic<Kernel, Rates>& given, const RosenbrockOptions& with)
        : rates(given.rates), solver(*given.kernel, rates, with) {}
  };
  const auto held = std::make_shared<Held>(arithmetic, options);
  return {.solver = solver,
          .number = sizeof(typename Kernel::T) == 4 ? "float" : "double",
          .tolerance = options.relative_tolerance,
          .advance = [held](const AirCells& air, std::span<double> result) {
            return held->solver.advance(air, result);
          }};
}

/// Of one kind of arithmetic ("tables", "generated"): Rodas3 and Rodas4 in both numbers, and the
/// parts.
template <class FloatKernel, class FloatRates, class DoubleKernel, class DoubleRates>
Group lane_group(const std::string& kind, const Arithmetic<FloatKernel, FloatRates>& floats,
                 const Arithmetic<DoubleKernel, DoubleRates>& doubles) {
  Group group;
  for (const double tolerance : {0.1, 1e-2, 1e-3, 1e-4})
    group.contenders.push_back(
        lane_contender<Rodas3>("Rodas3, " + kind, floats, {.relative_tolerance = tolerance}));
  for (const double tolerance : {1e-2, 1e-3, 1e-4})
    group.contenders.push_back(
        lane_contender<Rodas4>("Rodas4, " + kind, floats, {.relative_tolerance = tolerance}));
  for (const double tolerance : {0.1, 1e-2, 1e-3})
    group.contenders.push_back(
        lane_contender<Rodas3>("Rodas3, " + kind, doubles, {.relative_tolerance = tolerance}));
  for (const double tolerance : {1e-3, 1e-4, 1e-5})
    group.contenders.push_back(lane_contender<Rodas4>(
        "Rodas4, " + kind, doubles, {.relative_tolerance = tolerance, .absolute_tolerance = 1}));
  group.parts = [kind, floats, doubles](const AirCells& air) {
    return std::vector<NamedParts>{{kind, "float", measure_parts(floats, air)},
                                   {kind, "double", measure_parts(doubles, air)}};
  };
  return group;
}

/// With the kernel that chemnne_add_solver wrote: a template over the number.
template <template <class> class Kernel>
Group generated_group() {
  static const Kernel<float> floats{};
  static const Kernel<double> doubles{};
  return lane_group("generated", Arithmetic<Kernel<float>, KernelRates<Kernel<float>>>{&floats, {}},
                    Arithmetic<Kernel<double>, KernelRates<Kernel<double>>>{&doubles, {}});
}

}  // namespace bench
