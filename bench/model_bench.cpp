// The networks of model_cases.hpp on normalised values, prepared for inference.
#include "bench_tools.hpp"
#include "model_cases.hpp"
#include <benchmark/benchmark.h>

#include <chemnne/backend/cpu.hpp>
#include <chemnne/inference/block_runner.hpp>

namespace {

using namespace chemnne;

/// Arguments: cells, threads.
template <class Network>
void model(benchmark::State& state) {
  const auto cells = static_cast<std::size_t>(state.range(0)),
             threads = static_cast<std::size_t>(state.range(1));
  const auto x = bench::random_values(cells * Network::Input::size), p = bench::initial_parameters<Network>();
  Buffer<float> y(cells * Network::Output::size);
  BlockRunner<Network, Cpu<>, float> runner(threads);
  runner.prepare(Parameters<const float, Network::parameters>(p.data(), Network::parameters));
  for (auto _ : state) {
    runner.run({x.data(), cells}, {y.data(), cells});
    benchmark::DoNotOptimize(y.data());
    benchmark::ClobberMemory();
  }
  bench::report(state, cells, bench::multiply_adds<Network>() * static_cast<double>(cells), threads);
  state.counters["multiply_adds"] = bench::multiply_adds<Network>();
}

template <class C>
void networks() {
  const std::string name = std::string("model/") + C::name;
  const auto add = [](const std::string& of, void (*f)(benchmark::State&)) {
    const auto timed = [&] {
      return benchmark::RegisterBenchmark((of + "@chemnne").c_str(), f)
          ->ArgNames({"cells", "threads"})
          ->Unit(benchmark::kMicrosecond);
    };
    timed()->ArgsProduct({{1, 16, 64, 1024}, {1}});  // by processor time, as the peers
    timed()->ArgsProduct({{64, 1024}, {2}})->UseRealTime();
  };
  add(name + "/trajectory", model<typename ChemNNE<C>::Trajectory>);
  add(name + "/end_of_step", model<typename ChemNNE<C>::EndOfStep>);
}

[[maybe_unused]] const bool registered =
    (networks<bench::Default>(), networks<bench::Minutely>(), networks<bench::ManyOutputs>(), true);

}  // namespace
