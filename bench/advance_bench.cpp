// A host's step: Emulator::advance of the network of 49 compounds, from number densities to number densities,
// with random weights (the time does not depend on them).
#include <cmath>
#include <filesystem>
#include <vector>

#include "bench_tools.hpp"
#include "model_cases.hpp"
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <chemnne/emulator.hpp>

namespace {

using namespace chemnne;
using C = DefaultConfiguration<49, 49>;
using Model = ChemNNE<C>;

/// A weights file that is gone when the program ends.
const std::string& weights_file() {
  struct File {
    std::string path =
        (std::filesystem::temp_directory_path() / ("chemnne_bench_" + std::to_string(::getpid()))).string();
    File() {
      using Network = Deployed<C, Model::Trajectory>;
      Buffer<float> p = bench::initial_parameters<Network>();
      EmulatorDescription d;
      d.architecture = Model::architecture;
      d.configuration = configuration_text<C>();
      for (std::size_t i = 0; i < C::inputs; ++i) {
        d.inputs.push_back("X" + std::to_string(i));
        p[1 + i] = p[Network::parameters - 2 * C::outputs + i] = 8;  // mean of log10
      }
      d.outputs = d.inputs;
      d.input_range = d.output_range = std::vector<ValueRange>(C::inputs, {0, 16});
      for (std::size_t k = 0; k < C::conditions; ++k) {
        d.conditions.push_back("k" + std::to_string(k));
        d.condition_units.push_back("1");
      }
      d.condition_range = std::vector<ValueRange>(C::conditions, {-10, 10});
      write_weights<Network>(path, std::span<const float, Network::parameters>(p.data(), Network::parameters),
                             d);
    }
    ~File() { std::filesystem::remove(path); }
  };
  static const File file;
  return file.path;
}

/// Arguments: cells, threads. Cells fastest, as in CAM.
void advance(benchmark::State& state, double seconds) {
  const auto cells = static_cast<std::size_t>(state.range(0)),
             threads = static_cast<std::size_t>(state.range(1));
  Emulator<Model, DefaultBackend> emulator(weights_file(), {.threads = threads});
  const Buffer<float> exponent = bench::random_values(cells * C::inputs, 1, 8),
                      weather = bench::random_values(cells * C::conditions);
  std::vector<double> before, conditions(weather.span().begin(), weather.span().end()),
      after(cells * C::outputs);
  for (const float e : exponent.span()) before.push_back(std::pow(10.0, static_cast<double>(e)));
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
  bench::report(state, cells, multiply_adds * static_cast<double>(cells), threads);
}

void sizes(benchmark::internal::Benchmark* b) {
  b->ArgNames({"cells", "threads"})->UseRealTime()->Unit(benchmark::kMicrosecond);
  for (const int threads : {1, 2})
    for (const int cells : {1, 16, 64, 240, 1024, 8192, 65536})
      if (threads == 1 || cells >= 64) b->Args({cells, threads});
}
BENCHMARK_CAPTURE(advance, hour, 3600.0)->Name("advance/hour@chemnne")->Apply(sizes);
BENCHMARK_CAPTURE(advance, half_hour, 1800.0)
    ->Name("advance/half_hour@chemnne")
    ->Args({1024, 1})
    ->ArgNames({"cells", "threads"})
    ->UseRealTime()
    ->Unit(benchmark::kMicrosecond);

}  // namespace
