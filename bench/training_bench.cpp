// Forward and pullback of a training chunk on one core.
#include "bench_tools.hpp"
#include <benchmark/benchmark.h>

#include <chemnne/backend/cpu.hpp>
#include <chemnne/model/chemnne.hpp>
#include <chemnne/model/per_time_mlp.hpp>

namespace {

using namespace chemnne;

using Configuration = DefaultConfiguration<49, 49>;

template <class Network>
void forward_and_pullback(benchmark::State& state) {
  using Input = typename Network::Input;
  using Output = typename Network::Output;
  const auto samples = static_cast<std::size_t>(state.range(0));
  const auto x = bench::random_values(samples * Input::size),
             dy = bench::random_values(samples * Output::size, 0.1);
  Buffer<float> p(Network::parameters), y(dy.size()), dx(x.size()), dp(p.size()),
      memory(Network::memory(samples) + Network::pullback_memory(samples));
  Random random(2);
  Network::initialise(Parameters<float, Network::parameters>(p.data(), Network::parameters), random);
  const RowsOf<const float, Input> input(x.data(), samples);
  const Parameters<const float, Network::parameters> block(p.data(), Network::parameters);
  for (auto _ : state) {
    Arena<float> arena(memory.span());
    const auto residual = Network::template forward<Cpu<>, float>(
        input, block, RowsOf<float, Output>(y.data(), samples), arena);
    Network::template pullback<Cpu<>, float>(
        residual, input, block, RowsOf<const float, Output>(dy.data(), samples),
        RowsOf<float, Input>(dx.data(), samples),
        Parameters<float, Network::parameters>(dp.data(), Network::parameters), arena);
    benchmark::DoNotOptimize(dp.data());
    benchmark::ClobberMemory();
  }
  using benchmark::Counter;
  // A pullback costs twice the products of the forward: those of dx and of dp.
  const double flops = 6.0 * static_cast<double>(bench::multiply_adds<Network>() * samples);
  state.counters["us/sample"] =
      Counter(static_cast<double>(samples) * 1e-6,
              static_cast<Counter::Flags>(Counter::kIsIterationInvariantRate | Counter::kInvert));
  state.counters["GFLOP/s"] = Counter(flops * 1e-9, Counter::kIsIterationInvariantRate);
  state.counters["of_peak"] = Counter(flops / bench::peak_flops(), Counter::kIsIterationInvariantRate);
}

using Model = ChemNNE<Configuration>::Trajectory;
using Mlp = PerTimeMlp<Configuration>::Trajectory;

BENCHMARK_TEMPLATE(forward_and_pullback, Model)
    ->Name("chemnne")
    ->Arg(1)
    ->Arg(32)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_TEMPLATE(forward_and_pullback, Mlp)->Name("mlp")->Arg(1)->Arg(32)->Unit(benchmark::kMicrosecond);

}  // namespace
