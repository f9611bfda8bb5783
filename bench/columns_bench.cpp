// What a host's own arrays cost: Emulator::advance on mole fractions of more tracers than the emulator knows,
// in another order and in the host's layout and precision, beside the same cells as number densities in the
// emulator's own order. Both are done in turn, and `over_own_order` is the ratio of their quickest calls.
#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "bench_emulator.hpp"
#include <benchmark/benchmark.h>

#include <chemnne/support/ideal_gas.hpp>

namespace {

using namespace chemnne;
using C = bench::Compounds;
using Tested = Emulator<bench::Model, DefaultBackend>;
using Clock = std::chrono::steady_clock;
constexpr std::size_t tracers = 60;

/// Where a host has species i.
constexpr std::size_t place(std::size_t i) { return i * 7 % tracers; }

template <class T>
Columns<T> columns(T* data, std::size_t cells, std::size_t items, bool cell_major) {
  return cell_major ? Columns<T>::cell_major(data, cells, items) : Columns<T>::item_major(data, cells);
}

/// Argument: cells.
template <class T, bool CellMajor>
void bound(benchmark::State& state) {
  const auto cells = static_cast<std::size_t>(state.range(0));
  const Tested emulator(bench::weights_file());
  Tested::Workspace workspace;
  std::vector<std::string> names(tracers, "another");
  for (std::size_t i = 0; i < C::inputs; ++i) names[place(i)] = emulator.description().inputs[i];
  const HostBinding binding = emulator.bind({.species = names, .unit = Unit::mole_fraction});

  const std::vector<double> start = bench::number_densities(cells);
  std::vector<double> weather(cells * C::conditions);
  bench::fill_with_weather(Columns<double>::cell_major(weather.data(), cells, C::conditions));
  std::vector<T> host_start(cells * tracers, T(1e-9)), host_weather(weather.size());
  for (std::size_t cell = 0; cell < cells; ++cell) {
    const double* const k = &weather[cell * C::conditions];
    const double air = number_density_of_pressure(k[1], k[0]);
    for (std::size_t i = 0; i < C::inputs; ++i)
      columns(host_start.data(), cells, tracers, CellMajor)(cell, place(i)) =
          static_cast<T>(start[cell * C::inputs + i] / air);
    for (std::size_t i = 0; i < C::conditions; ++i)
      columns(host_weather.data(), cells, C::conditions, CellMajor)(cell, i) = static_cast<T>(k[i]);
  }
  std::vector<double> own(start);
  std::vector<T> host(host_start);
  const auto own_columns = Columns<double>::cell_major(own.data(), cells, C::inputs);
  const auto own_conditions = Columns<const double>::cell_major(weather.data(), cells, C::conditions);
  using Seconds = std::chrono::duration<double>;
  Seconds least_own = Seconds::max(), least_host = Seconds::max();
  StepStatus status;
  for (auto _ : state) {
    own = start;  // in place, as a host does it: every step is that of the same cells
    host = host_start;
    const Clock::time_point first = Clock::now();
    status += emulator.advance(own_columns, own_conditions, C::horizon, own_columns, workspace);
    benchmark::ClobberMemory();
    const Clock::time_point second = Clock::now();
    status += emulator.advance(binding, columns(host.data(), cells, tracers, CellMajor),
                               columns<const T>(host_weather.data(), cells, C::conditions, CellMajor),
                               C::horizon, workspace);
    benchmark::ClobberMemory();
    const Seconds of_host = Clock::now() - second;
    least_own = std::min<Seconds>(least_own, second - first);
    least_host = std::min(least_host, of_host);
    state.SetIterationTime(of_host.count());
  }
  if (!status.clean() || own == start || host == host_start) state.SkipWithError("a step that is not clean");
  bench::report(state, cells, 0);
  state.counters["over_own_order"] = least_host / least_own;
}

void sizes(benchmark::internal::Benchmark* b) {
  b->ArgNames({"cells"})->UseManualTime()->Unit(benchmark::kMicrosecond);
  for (const int cells : {16, 240, 1024, 65536}) b->Arg(cells);
}
BENCHMARK(bound<float, true>)->Name("columns/cell_major_float@chemnne")->Apply(sizes);
BENCHMARK(bound<double, true>)->Name("columns/cell_major_double@chemnne")->Apply(sizes);
BENCHMARK(bound<float, false>)->Name("columns/item_major_float@chemnne")->Apply(sizes);
BENCHMARK(bound<double, false>)->Name("columns/item_major_double@chemnne")->Apply(sizes);

}  // namespace
