#pragma once
#include <algorithm>
#include <bit>
#include <cstddef>
#include <string>
#include <type_traits>

#include "processor_time.hpp"
#include "random_values.hpp"
#include <benchmark/benchmark.h>

#include <chemnne/backend/bf16.hpp>
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

/// The same in products of bf16 (vdpbf16ps); that of floats where the unit has no such instruction.
inline double peak_bf16_flops() {
#ifdef __AVX512BF16__
  static const double peak = [] {
    constexpr std::size_t chains = 12, turns = 2'000'000;
    double best = 0;
    for (int run = 0; run < 7; ++run) {
      const auto one = std::bit_cast<__m512bh>(_mm512_set1_epi16(0x3f80));
      __m512 sum[chains];
      for (std::size_t c = 0; c < chains; ++c) sum[c] = _mm512_set1_ps(0.1f * static_cast<float>(c + 1));
      const double start = processor_seconds();
      for (std::size_t i = 0; i < turns; ++i)
        for (std::size_t c = 0; c < chains; ++c) sum[c] = _mm512_dpbf16_ps(sum[c], one, one);
      const double seconds = processor_seconds() - start;
      for (std::size_t c = 1; c < chains; ++c) sum[0] = _mm512_add_ps(sum[0], sum[c]);
      [[maybe_unused]] volatile float kept = _mm512_cvtss_f32(sum[0]);
      best = std::max(best, 4.0 * chains * turns * 16 / seconds);
    }
    return best;
  }();
  return peak;
#else
  return peak_flops();
#endif
}

/// The peak of a backend's affine maps.
template <class Backend>
double peak_of() {
  return std::is_same_v<PreciseBackend<Backend>, Backend> ? peak_flops() : peak_bf16_flops();
}

/// The counters of a benchmark whose iteration does so many cells (rows, samples) with so many multiply-adds.
inline void report(benchmark::State& state, std::size_t cells, double multiply_adds, std::size_t threads = 1,
                   double peak = peak_flops()) {
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
      Counter(2 * multiply_adds / peak / cores, Counter::kIsIterationInvariantRate);
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
  template <class M, std::size_t Columns, class T, std::size_t From, std::size_t To, std::size_t Width>
  static void along_steps(Rows<const T, From, Width> x, Rows<T, To, Width>, std::size_t = 0) {
    count += x.count() * To * From * Columns;
  }
  template <class M, std::size_t Columns, class T, std::size_t From, std::size_t To, std::size_t Width>
  static void along_steps_from(Rows<const T, Columns>, Rows<const T, From, Width> x, Rows<T, To, Width>) {
    count += x.count() * To * From * Columns;
  }
  template <std::size_t Outputs, std::size_t Known, class T, std::size_t Nodes, std::size_t Terms,
            std::size_t Head, std::size_t Width>
  static void mode_product(Rows<const T, Nodes, Terms>, Rows<const T, Head>, Rows<T, Nodes, Width> y,
                           std::size_t = 0) {
    count += y.count() * Nodes * Terms * Outputs;
  }
  template <std::size_t Known, class T, std::size_t Nodes, std::size_t Terms, std::size_t Head,
            std::size_t Outputs>
  static void mode_product_pullback(Rows<const T, Nodes, Terms>, Rows<const T, Head>,
                                    Rows<const T, Nodes, Outputs> dy, Rows<T, Head>, Rows<T, Nodes, Terms>) {
    count += 2 * dy.count() * Nodes * Terms * Outputs;
  }
  template <std::size_t Heads, class T, std::size_t Steps, std::size_t QKV, std::size_t Width>
  static void attend(Rows<const T, Steps, QKV> qkv, AttentionWeights<T, Heads, Steps>,
                     Rows<T, Steps, Width>) {
    count += 2 * qkv.count() * Steps * Steps * Width;
  }
  template <std::size_t Heads, class T, std::size_t Steps, std::size_t QKV, std::size_t Width>
  static void attend(Rows<const T, Steps, QKV> qkv, Rows<T, Steps, Width>) {
    count += 2 * qkv.count() * Steps * Steps * Width;
  }
  template <std::size_t Heads, class T, std::size_t Steps, std::size_t QKV, std::size_t Width>
  static void attend_pullback(Rows<const T, Steps, QKV> qkv, AttentionWeights<const T, Heads, Steps>,
                              Rows<const T, Steps, Width>, Rows<T, Steps, QKV>) {
    count += 4 * qkv.count() * Steps * Steps * Width;
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
