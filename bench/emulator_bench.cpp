// The whole emulator of 49 compounds, from number densities to number densities, on one core.
#include <cmath>

#include "bench_tools.hpp"
#include <benchmark/benchmark.h>

#include <chemnne/backend/cpu.hpp>
#include <chemnne/inference/block_runner.hpp>
#include <chemnne/model/chemnne.hpp>
#include <chemnne/model/per_time_mlp.hpp>

namespace {

using namespace chemnne;

using Configuration = DefaultConfiguration<49, 49>;

/// Random weights, normalisation of number densities that spread over some decades about 1e6 cm-3, random
/// cells.
template <class Network>
void step(benchmark::State& state) {
  const auto cells = static_cast<std::size_t>(state.range(0));
  constexpr std::size_t species = Configuration::inputs, width = Network::Input::size;
  Buffer<float> p(Network::parameters), x = bench::random_values(cells * width),
                                        y(cells * Network::Output::size);
  Random random(2);
  Network::initialise(Parameters<float, Network::parameters>(p.data(), Network::parameters), random);
  std::fill_n(p.data() + 1, species, 6.0f);  // mean of log10
  std::fill_n(p.data() + Network::parameters - 2 * species, species, 6.0f);
  for (std::size_t i = 0; i < x.size(); ++i)
    if (i % width < species) x[i] = std::pow(10.0f, 6 + x[i]);

  BlockRunner<Network, Cpu<>, float> runner;
  for (auto _ : state) {
    runner.run({x.data(), cells}, Parameters<const float, Network::parameters>(p.data(), Network::parameters),
               {y.data(), cells});
    benchmark::DoNotOptimize(y.data());
    benchmark::ClobberMemory();
  }
  using benchmark::Counter;
  const auto multiply_adds = static_cast<double>(bench::multiply_adds<Network>());
  const auto count = static_cast<double>(cells);
  state.counters["us/cell"] = Counter(
      count * 1e-6, static_cast<Counter::Flags>(Counter::kIsIterationInvariantRate | Counter::kInvert));
  state.counters["multiply_adds/cell"] = multiply_adds;
  state.counters["GFLOP/s"] = Counter(2e-9 * multiply_adds * count, Counter::kIsIterationInvariantRate);
  state.counters["of_peak"] =
      Counter(2 * multiply_adds * count / bench::peak_flops(), Counter::kIsIterationInvariantRate);
}

using Model = ChemNNE<Configuration>;
using Mlp = PerTimeMlp<Configuration>;
using EndOfStep = Deployed<Configuration, Model::EndOfStep>;
using Trajectory = Deployed<Configuration, Model::Trajectory>;
using MlpEndOfStep = Deployed<Configuration, Mlp::EndOfStep>;

BENCHMARK_TEMPLATE(step, EndOfStep)
    ->Name("end_of_step")
    ->Arg(1)
    ->Arg(64)
    ->Arg(1024)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_TEMPLATE(step, Trajectory)
    ->Name("trajectory")
    ->Arg(1)
    ->Arg(64)
    ->Arg(1024)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_TEMPLATE(step, MlpEndOfStep)
    ->Name("mlp_end_of_step")
    ->Arg(1)
    ->Arg(64)
    ->Arg(1024)
    ->Unit(benchmark::kMicrosecond);

}  // namespace
