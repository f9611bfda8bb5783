#pragma once
#include <array>
#include <cstddef>

#include <chemnne/tensor/buffer.hpp>

namespace chemnne {

/// The rate constants of a step of a Rosenbrock method whose cells change in time (ChangingLaneCells): k at
/// the time of each stage, and h dk/dt at the start.
///
/// The tendency is linear in k, so that with h dk/dt in the place of k it is h df/dt. dk/dt is the slope of
/// the polynomial through the k of the stages: of the method's order, and no evaluation more.
template <class Method, class Kernel>
class StageRates {
 public:
  using T = typename Kernel::T;
  using L = typename Kernel::L;

  /// `kernel` must outlive it.
  explicit StageRates(const Kernel& kernel)
      : kernel_(&kernel), memory_((nodes + 1) * kernel.rate_items() * L::count) {}

  /// [Kernel::rate_items()][lanes] of a stage other than the first.
  T* of(std::size_t stage) noexcept { return at(node(stage)); }

  /// Of the cell in a lane, for a step from `time`. False where the cell has none at one of the times.
  template <class Cells>
  bool set(Cells& cells, std::size_t cell, std::size_t lane, double time, double step) noexcept {
    for (std::size_t j = 0; j < nodes; ++j)
      if (!cells.rates(cell, time + Method::time[j + 1] * step, at(j) + lane)) return false;
    return true;
  }

  /// h dk/dt of all lanes, where k is `start` at the start of the step.
  T* slope(const T* start) noexcept {
    T* const slope = at(nodes);
    for (std::size_t r = 0; r < kernel_->rates(); ++r) {
      const L before = L::load(start, r);
      L sum(T(0));
      for (std::size_t j = 0; j < nodes; ++j) sum += L(T(weights[j])) * (L::load(at(j), r) - before);
      sum.store(slope, r);
    }
    return slope;
  }

 private:
  /// At which of the times in a step, other than its start, a stage is; the last stages share one.
  static constexpr auto node = [](std::size_t stage) {
    while (stage > 1 && Method::time[stage] == Method::time[stage - 1]) --stage;
    return stage - 1;
  };
  static constexpr std::size_t nodes = node(Method::stages - 1) + 1;
  /// p'(0) = sum_j weight_j (p(x_j) - p(0)) of the polynomial through 0 and the nodes x_j.
  static constexpr std::array<double, nodes> weights = [] {
    std::array<double, nodes> result{};
    for (std::size_t j = 0; j < nodes; ++j) {
      const double x = Method::time[j + 1];
      result[j] = 1 / x;
      for (std::size_t m = 0; m < nodes; ++m)
        if (m != j) result[j] *= Method::time[m + 1] / (Method::time[m + 1] - x);
    }
    return result;
  }();

  T* at(std::size_t j) noexcept { return memory_.data() + j * kernel_->rate_items() * L::count; }

  const Kernel* kernel_;
  Buffer<T> memory_;
};

}  // namespace chemnne
