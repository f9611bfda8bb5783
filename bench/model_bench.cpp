// The networks of model_cases.hpp on normalised values, prepared for inference.
#include "bench_tools.hpp"
#include "model_cases.hpp"
#include <benchmark/benchmark.h>

#include <chemnne/backend/cpu_bf16.hpp>
#include <chemnne/inference/block_runner.hpp>

namespace {

using namespace chemnne;

using InBf16 = Cpu<xsimd::default_arch, Bf16>;

/// Arguments: cells, threads.
template <class Network, class Backend>
void model(benchmark::State& state) {
  const auto cells = static_cast<std::size_t>(state.range(0)),
             threads = static_cast<std::size_t>(state.range(1));
  const auto x = bench::random_values(cells * Network::Input::size), p = bench::initial_parameters<Network>();
  Buffer<float> y(cells * Network::Output::size);
  BlockRunner<Network, Backend, float> runner(threads);
  runner.prepare(Parameters<const float, Network::parameters>(p.data(), Network::parameters));
  for (auto _ : state) {
    runner.run({x.data(), cells}, {y.data(), cells});
    benchmark::DoNotOptimize(y.data());
    benchmark::ClobberMemory();
  }
  bench::report(state, cells, bench::multiply_adds<Network>() * static_cast<double>(cells), threads,
                bench::peak_of<Backend>());
  state.counters["multiply_adds"] = bench::multiply_adds<Network>();
}

template <class C>
void end_of_step(const auto& add) {
  const std::string name = std::string("model/") + C::name + "/end_of_step";
  add(name, model<typename ChemNNE<C>::EndOfStep, Cpu<>>);
  add(name + "_in_bf16", model<typename ChemNNE<C>::EndOfStep, InBf16>);
}

void networks() {
  const auto add = [](const std::string& of, void (*f)(benchmark::State&)) {
    const auto timed = [&] {
      return benchmark::RegisterBenchmark((of + "@chemnne").c_str(), f)
          ->ArgNames({"cells", "threads"})
          ->Unit(benchmark::kMicrosecond);
    };
    timed()->ArgsProduct({{1, 16, 64, 1024}, {1}});  // by processor time, as the peers
    timed()->ArgsProduct({{64, 1024}, {2}})->UseRealTime();
  };
  const auto trajectory = [&]<class C>(C) {
    add(std::string("model/") + C::name + "/trajectory", model<typename ChemNNE<C>::Trajectory, Cpu<>>);
  };
  trajectory(bench::Default{});
  trajectory(bench::Paper{});
  trajectory(bench::Minutely{});
  trajectory(bench::ManyOutputs{});
  end_of_step<bench::Default>(add);
  end_of_step<bench::Paper>(add);
  end_of_step<bench::Minutely>(add);
  end_of_step<bench::ManyOutputs>(add);
  end_of_step<bench::AllOutputs>(add);
}

[[maybe_unused]] const bool registered = (networks(), true);

}  // namespace
