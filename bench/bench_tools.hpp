#pragma once
#include <algorithm>
#include <cstddef>
#include <string>

#include "processor_time.hpp"
#include "random_values.hpp"
#include <benchmark/benchmark.h>

#include <chemnne/backend/multiply_add.hpp>
#include <chemnne/backend/reference.hpp>
#include <chemnne/backend/simd.hpp>
#include <chemnne/inference/prepared_network.hpp>
#include <chemnne/support/random.hpp>
#include <chemnne/tensor/buffer.hpp>

/// What benchmarks share.
///
/// A benchmark is called <name>@<who>/<arguments>, with `who` chemnne or a peer, and `report` gives it the
/// counters from which bench/report.py makes its table.
namespace bench {

using namespace chemnne;

/// The initial parameters of a network.
template <class Network>
Buffer<float> initial_parameters() {
  Buffer<float> p(Network::parameters);
  Random random(2);
  Network::initialise(Parameters<float, Network::parameters>(p.data(), Network::parameters), random);
  return p;
}

/// The floating-point operations a second that one core reaches in fused multiply-adds of the widest
/// registers, measured here and now: the best of several runs of independent chains that do not leave the
/// registers.
inline double peak_flops() {
  using Batch = xsimd::batch<float>;
  static const double peak = [] {
    constexpr std::size_t chains = 12, turns = 2'000'000;
    double best = 0;
    for (int run = 0; run < 7; ++run) {
      const Batch a(0.999f), b(0.001f);
      Batch sum[chains];
      for (std::size_t c = 0; c < chains; ++c) sum[c] = Batch(0.1f * static_cast<float>(c + 1));
      const double start = processor_seconds();
      for (std::size_t i = 0; i < turns; ++i)
        for (std::size_t c = 0; c < chains; ++c) sum[c] = detail::multiply_add(sum[c], a, b);
      const double seconds = processor_seconds() - start;
      for (std::size_t c = 1; c < chains; ++c) sum[0] += sum[c];
      [[maybe_unused]] volatile float kept = sum[0].get(0);
      best = std::max(best, 2.0 * chains * turns * Batch::size / seconds);
    }
    return best;
  }();
  return peak;
}

/// The counters of a benchmark whose iteration does so many cells (rows, samples) with so many multiply-adds.
inline void report(benchmark::State& state, std::size_t cells, double multiply_adds,
                   std::size_t threads = 1) {
  using benchmark::Counter;
  const auto count = static_cast<double>(cells), cores = static_cast<double>(threads);
  state.counters["cells"] = count;
  state.counters["threads"] = cores;
  state.counters["seconds_per_cell"] =
      Counter(count, static_cast<Counter::Flags>(Counter::kIsIterationInvariantRate | Counter::kInvert));
  state.counters["cells/s"] = Counter(count, Counter::kIsIterationInvariantRate);
  if (multiply_adds == 0) return;
  state.counters["GFLOP/s"] = Counter(2e-9 * multiply_adds, Counter::kIsIterationInvariantRate);
  state.counters["fraction_of_peak"] =
      Counter(2 * multiply_adds / peak_flops() / cores, Counter::kIsIterationInvariantRate);
}

/// A backend that counts the multiply-adds of matrix products and leaves their results alone.
struct Counting : Reference {
  static inline std::size_t count = 0;
  template <class T, std::size_t K, std::size_t N>
  static void affine(Rows<const T, K> a, Rows<const T, N>, std::span<const T, N>, Rows<T, N>) {
    count += a.count() * K * N;
  }
  template <class F, class T, std::size_t K, std::size_t N, class... More>
  static void affine_map(F, Rows<const T, K> a, Packed<const T, K, N>, Rows<T, N>, More...) {
    count += a.count() * K * N;
  }
  template <class T, std::size_t K, std::size_t N>
  static void matmul(Rows<const T, K> a, Rows<const T, N>, Rows<T, N>) {
    count += a.count() * K * N;
  }
  template <class T, std::size_t K, std::size_t N>
  static void matmul_accumulate(Rows<const T, K> a, Rows<const T, N>, Rows<T, N>) {
    count += a.count() * K * N;
  }
  template <class T, std::size_t K, std::size_t N>
  static void matmul_transposed(Rows<const T, K> a, Rows<const T, K>, Rows<T, N>) {
    count += a.count() * K * N;
  }
  template <class T, std::size_t M, std::size_t N>
  static void outer_accumulate(Rows<const T, M> a, Rows<const T, N>, Rows<T, N>) {
    count += a.count() * M * N;
  }
  template <class T, std::size_t D, std::size_t S>
  static void attend(Rows<const T, D>, Rows<const T, D>, Rows<const T, D>, T, Rows<T, S>, Rows<T, D>) {
    count += 2 * S * S * D;
  }
  template <class T, std::size_t D, std::size_t S>
  static void attend_pullback(Rows<const T, D>, Rows<const T, D>, Rows<const T, D>, T, Rows<const T, S>,
                              Rows<const T, D>, Rows<T, D>, Rows<T, D>, Rows<T, D>, Rows<T, S>) {
    count += 4 * S * S * D;
  }
};

/// Multiply-adds of all matrix products that a prepared network does for one cell. Elementwise functions do
/// not count.
template <class Network>
double multiply_adds() {
  using P = Prepared<Network>;
  const Buffer<float> x = random_values(Network::Input::size), p = initial_parameters<Network>();
  Buffer<float> y(Network::Output::size), constants(P::template constants<Counting, float>),
      memory(P::memory(1));
  P::template prepare<Counting, float>(
      std::span<const float, Network::parameters>(p.data(), Network::parameters), constants.data());
  Counting::count = 0;
  P::template evaluate<Counting, float>({x.data(), 1}, constants.data(), {y.data(), 1},
                                        Arena<float>(memory.span()));
  return static_cast<double>(Counting::count);
}

/// Multiply-adds of forward and pullback for so many samples.
template <class Network>
double training_multiply_adds(std::size_t samples) {
  using Input = typename Network::Input;
  using Output = typename Network::Output;
  const Buffer<float> x = random_values(samples * Input::size), dy = random_values(samples * Output::size),
                      p = initial_parameters<Network>();
  Buffer<float> y(dy.size()), dx(x.size()), dp(p.size()),
      memory(Network::memory(samples) + Network::pullback_memory(samples));
  Arena<float> arena(memory.span());
  const RowsOf<const float, Input> input(x.data(), samples);
  const Parameters<const float, Network::parameters> block(p.data(), Network::parameters);
  Counting::count = 0;
  const auto residual = Network::template forward<Counting, float>(
      input, block, RowsOf<float, Output>(y.data(), samples), arena);
  Network::template pullback<Counting, float>(
      residual, input, block, RowsOf<const float, Output>(dy.data(), samples),
      RowsOf<float, Input>(dx.data(), samples),
      Parameters<float, Network::parameters>(dp.data(), Network::parameters), arena);
  return static_cast<double>(Counting::count);
}

}  // namespace bench
