// A host's step: Emulator::advance of the network of 49 compounds, from number densities to number densities,
// with random weights (the time does not depend on them).
#include <vector>

#include "bench_emulator.hpp"
#include <benchmark/benchmark.h>

namespace {

using namespace chemnne;
using C = bench::Compounds;
using bench::Model;

/// Arguments: cells, threads. Cells fastest, as in CAM.
template <class Backend>
void advance(benchmark::State& state, Backend, double seconds) {
  const auto cells = static_cast<std::size_t>(state.range(0)),
             threads = static_cast<std::size_t>(state.range(1));
  Emulator<Model, Backend> emulator(bench::weights_file(), {.threads = threads});
  const std::vector<double> before = bench::number_densities(cells);
  std::vector<double> conditions(cells * C::conditions), after(cells * C::outputs);
  bench::fill_with_weather(Columns<double>::item_major(conditions.data(), cells));
  StepStatus status;
  for (auto _ : state) {
    status = emulator.advance(Columns<const double>::item_major(before.data(), cells),
                              Columns<const double>::item_major(conditions.data(), cells), seconds,
                              Columns<double>::item_major(after.data(), cells));
    benchmark::DoNotOptimize(after.data());
    benchmark::ClobberMemory();
  }
  if (!status.clean()) state.SkipWithError("a step that is not clean");
  const double multiply_adds = seconds == C::horizon
                                   ? bench::multiply_adds<Model::EndOfStep>()
                                   : bench::multiply_adds<Model::Trajectory::NodalNetwork>();
  bench::report(state, cells, multiply_adds * static_cast<double>(cells), threads, bench::peak_of<Backend>());
}

/// One thread by its own time, two by the clock on the wall.
void one_thread(benchmark::internal::Benchmark* b) {
  b->ArgsProduct({{1, 16, 64, 240, 1024, 8192, 65536}, {1}})
      ->ArgNames({"cells", "threads"})
      ->Unit(benchmark::kMicrosecond);
}
void two_threads(benchmark::internal::Benchmark* b) {
  b->ArgsProduct({{64, 240, 1024, 8192, 65536}, {2}})
      ->ArgNames({"cells", "threads"})
      ->UseRealTime()
      ->Unit(benchmark::kMicrosecond);
}
BENCHMARK_CAPTURE(advance, hour, DefaultBackend{}, 3600.0)->Name("advance/hour@chemnne")->Apply(one_thread);
BENCHMARK_CAPTURE(advance, hour, DefaultBackend{}, 3600.0)->Name("advance/hour@chemnne")->Apply(two_threads);
BENCHMARK_CAPTURE(advance, hour_in_bf16, Bf16Backend{}, 3600.0)
    ->Name("advance/hour_in_bf16@chemnne")
    ->Apply(one_thread);
BENCHMARK_CAPTURE(advance, hour_in_bf16, Bf16Backend{}, 3600.0)
    ->Name("advance/hour_in_bf16@chemnne")
    ->Apply(two_threads);
BENCHMARK_CAPTURE(advance, half_hour, DefaultBackend{}, 1800.0)
    ->Name("advance/half_hour@chemnne")
    ->Args({1024, 1})
    ->ArgNames({"cells", "threads"})
    ->Unit(benchmark::kMicrosecond);

}  // namespace
