// A step of training: forward, pullback of the squared error and AdamW, in chunks of 32 samples as the
// trainer does it.
#include "bench_tools.hpp"
#include "model_cases.hpp"
#include <benchmark/benchmark.h>

#include <chemnne/backend/cpu.hpp>
#include <chemnne/support/parallel.hpp>
#include <chemnne/training/optimiser.hpp>

namespace {

using namespace chemnne;

template <class C>
void training(benchmark::State& state) {
  using Network = typename ChemNNE<C>::Trajectory;
  using Input = typename Network::Input;
  using Output = typename Network::Output;
  constexpr std::size_t chunk = 32;
  const auto samples = static_cast<std::size_t>(state.range(0));
  const auto x = bench::random_values(samples * Input::size),
             truth = bench::random_values(samples * Output::size);
  Buffer<float> p = bench::initial_parameters<Network>(), y(chunk * Output::size), dy(y.size()),
                dx(chunk * Input::size), dp(p.size()),
                memory(Network::memory(chunk) + Network::pullback_memory(chunk));
  OptimiserState<float> optimiser(p.span());
#if defined(_OPENMP)
  omp_set_num_threads(1);  // of AdamW
#endif
  const auto scale = 2 / static_cast<float>(samples * Output::size);
  for (auto _ : state) {
    std::fill_n(dp.data(), dp.size(), 0.0f);
    for (std::size_t first = 0; first < samples; first += chunk) {
      const RowsOf<const float, Input> input(x.data() + first * Input::size, chunk);
      const RowsOf<const float, Output> wanted(truth.data() + first * Output::size, chunk);
      const RowsOf<float, Output> result(y.data(), chunk), slope(dy.data(), chunk);
      const Parameters<const float, Network::parameters> block(p.data(), Network::parameters);
      Arena<float> arena(memory.span());
      const auto residual = Network::template forward<Cpu<>, float>(input, block, result, arena);
      Cpu<>::map([scale](const auto& a, const auto& b) { return (a - b) * std::decay_t<decltype(a)>(scale); },
                 slope, RowsOf<const float, Output>(result), wanted);
      Network::template pullback<Cpu<>, float>(
          residual, input, block, slope, RowsOf<float, Input>(dx.data(), chunk),
          Parameters<float, Network::parameters>(dp.data(), Network::parameters), arena);
    }
    optimiser_step<Cpu<>, float>(p.span(), dp.span(), 1, 1e-4, {}, optimiser);
    benchmark::DoNotOptimize(p.data());
    benchmark::ClobberMemory();
  }
  bench::report(state, samples,
                bench::training_multiply_adds<Network>(chunk) * static_cast<double>(samples / chunk));
}

BENCHMARK_TEMPLATE(training, bench::Default)
    ->Name("training/default@chemnne")
    ->Arg(32)
    ->Arg(128)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_TEMPLATE(training, bench::Paper)
    ->Name("training/paper@chemnne")
    ->Arg(32)
    ->Arg(128)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_TEMPLATE(training, bench::Minutely)
    ->Name("training/minutely@chemnne")
    ->Arg(32)
    ->Arg(128)
    ->Unit(benchmark::kMicrosecond);

}  // namespace
